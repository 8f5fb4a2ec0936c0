// What ./learn asks about exercises. It needs nothing but the standard library, because ./learn start compiles it before
// anything else of the course is built.
//   exercises ROOT start|hint|progress|whose|overlay|before_check|after_check|errors ...
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "exercises/check.hpp"
#include "exercises/compile_errors.hpp"
#include "exercises/next_hint.hpp"
#include "exercises/progress.hpp"
#include "exercises/start.hpp"

namespace nn {
namespace {

std::string standard_input() { return {std::istreambuf_iterator<char>(std::cin), {}}; }

// words: the command, for most of them a chapter (NN_name), and for some one word more.
int run(const std::string& root, const std::vector<std::string>& words) {
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : ""; };
  const std::string command = word(0);
  const Chapter chapter(root, word(1));
  if (command == "start") {
    start(chapter, std::cout);
  } else if (command == "hint") {
    show_hint(chapter, word(2), std::cout);
  } else if (command == "progress") {
    show_progress(root, std::cout);
  } else if (command == "whose") {
    show_whose(root, std::cout);
  } else if (command == "overlay") {
    std::cout << overlay(root, word(1)) << '\n';
  } else if (command == "before_check") {
    before_check(chapter, std::cout);
  } else if (command == "after_check") {  // word 2: the exit code of the check, whose output is our input
    return after_check(chapter, word(2) == "0", standard_input(), root, std::cout) ? 0 : 1;
  } else if (command == "errors") {
    std::cerr << compile_errors(standard_input(), root + '/');
  } else {
    throw Failure("exercises: there is no '" + command + "'", 2);
  }
  return 0;
}

}  // namespace
}  // namespace nn

int main(int count, char** words) {
  try {
    if (count < 3) throw nn::Failure("exercises: ROOT and a command are needed", 2);
    return nn::run(words[1], {words + 2, words + count});
  } catch (const nn::Failure& failure) {
    std::cerr << "learn: " << failure.what() << '\n';
    return failure.exit_code();
  } catch (const std::exception& error) {
    std::cerr << "learn: " << error.what() << '\n';
    return 1;
  }
}
