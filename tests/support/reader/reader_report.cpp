#include "reader/reader_report.hpp"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace nn {
namespace {

constexpr std::string_view kRoot = NN_SOURCE_DIR "/";
constexpr unsigned kPatience = 60;  // seconds for one property

// "SumOfOthers" -> "sum_of_others": the suites are named after the functions.
std::string function_name(std::string_view suite) {
  std::string name;
  for (const char c : suite.substr(0, suite.find('/'))) {
    if (std::isupper(static_cast<unsigned char>(c)) && !name.empty()) name += '_';
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name;
}

std::string property(const testing::TestInfo& test) {
  std::string words = test.name();
  for (char& c : words) c = c == '_' ? ' ' : c;
  std::string text = function_name(test.test_suite_name()) + ": " + words;
  if (test.type_param()) text += fmt::format(" ({})", test.type_param());
  return text;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The text between two marks, or nothing.
std::string between(const std::string& text, std::string_view before, std::string_view after) {
  const std::size_t start = text.find(before);
  if (start == text.npos) return "";
  const std::size_t from = start + before.size(), to = text.find(after, from);
  return to == text.npos ? "" : text.substr(from, to - from);
}

// "file:12: text" -> "text", line by line.
std::string without_places(const std::string& lines) {
  std::istringstream in(lines);
  std::string line, result;
  while (std::getline(in, line)) {
    const std::size_t end = line.find(": ");
    result += (end == line.npos ? line : line.substr(end + 2)) + "\n";
  }
  return result;
}

// The first line that begins at `at`, and at is moved behind it.
std::string take_line(const std::string& text, std::size_t& at) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  std::string line = text.substr(at, end - at);
  at = std::min(end + 1, text.size());
  return line;
}

// EXPECT_EQ(yours, expected): the two values, and nothing of the expressions. `message` becomes what follows.
std::string two_values(std::string& message) {
  std::size_t at = 0;
  take_line(message, at);
  std::string values[2];
  for (std::string& value : values) {
    value = take_line(message, at).substr(2);
    constexpr std::string_view kWhich = "    Which is: ";
    if (message.compare(at, kWhich.size(), kWhich) == 0) value = take_line(message, at).substr(kWhich.size());
  }
  message = message.substr(at);
  return fmt::format("yours:     {}\nexpected:  {}\n", values[0], values[1]);
}

// EXPECT_LT(yours, bound) and its like.
std::string compared_values(std::string& message) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {{") <= (", "at most "},
                                                                      {") >= (", "at least "},
                                                                      {") < (", "less than "},
                                                                      {") > (", "more than "},
                                                                      {") != (", "anything other than "}};
  std::size_t at = 0;
  const std::string line = take_line(message, at);
  const std::size_t actual = line.rfind(", actual: "), versus = line.rfind(" vs ");
  message = message.substr(at);
  for (const auto& [mark, words] : kWords) {
    if (line.find(mark) >= actual) continue;
    return fmt::format("yours:     {}\nexpected:  {}{}\n", line.substr(actual + 10, versus - actual - 10),
                       words, line.substr(versus + 4));
  }
  return line + "\n";
}

// EXPECT_NEAR(yours, expected, tolerance)
std::string near_values(std::string& message) {
  std::size_t at = 0;
  take_line(message, at);
  std::string values[3];
  for (std::string& value : values) {
    const std::string line = take_line(message, at);
    const std::size_t from = line.rfind(" evaluates to ") + 14;
    value = line.substr(from, line.find_last_not_of(".,adn ") + 1 - from);
  }
  message = message.substr(at);
  return fmt::format("yours:     {}\nexpected:  {}, to within {}\n", values[0], values[1], values[2]);
}

// EXPECT_THROW(statement, type)
std::string thrown_values(std::string& message) {
  std::size_t at = 0;
  const std::string wanted = take_line(message, at), got = take_line(message, at);
  message = message.substr(at);
  const std::string type = between(wanted, " throws an exception of type ", ".");
  return fmt::format("expected:  an error of the type {}\nyours:     {}\n", type,
                     got.substr(got.find(": ") + 2));
}

// EXPECT_TRUE(close_to(...)): what the comparison said; EXPECT_TRUE(condition): nothing, the words that follow say it.
std::string reason_of(std::string& message) {
  const std::string reason = between(message, "\n  Actual: false (", ")\nExpected: true");
  std::size_t at = message.find("\nExpected: ") + 1;
  take_line(message, at);
  message = message.substr(at);
  return reason.empty() ? "" : reason + "\n";
}

struct Said {
  std::string text;
  bool complete = false;  // says for which input: then nobody has to read the test
};

// GoogleTest's message in plain words: what is yours and what was expected, never an expression of the test. What the
// test says of the input and of the mistake follows.
Said tidy(std::string message) {
  std::string trace;
  if (message.starts_with("Failed\n")) message.erase(0, 7);
  if (const std::size_t at = message.find("Google Test trace:\n"); at != message.npos) {
    trace = without_places(message.substr(message.find('\n', at) + 1));
    message = message.substr(0, at);
  }
  std::string text;
  bool complete = false;
  const std::string thrown = between(message, "C++ exception with description \"", "\" thrown in ");
  if (!thrown.empty()) {
    text = "your code ended with the error:\n" + thrown + "\n";
    message = "";
    complete = thrown.find('\n') != thrown.npos;  // words of the test behind those of the exception
  } else if (message.starts_with("Expected equality of these values:")) {
    text = two_values(message);
  } else if (message.starts_with("Expected: (")) {
    text = compared_values(message);
  } else if (message.starts_with("The difference between ")) {
    text = near_values(message);
  } else if (message.starts_with("Expected: ") &&
             message.find(" throws an exception of type ") != message.npos) {
    text = thrown_values(message);
  } else if (message.starts_with("Value of: ")) {
    text = reason_of(message);
  }
  while (message.starts_with('\n')) message.erase(0, 1);
  complete = complete || !message.empty();
  text += message;
  if (!text.empty() && text.back() != '\n') text += '\n';
  text += trace;
  replace_all(text, "): got ", "): yours ");  // of allclose
  replace_all(text, "shape: got ", "shape: yours ");
  replace_all(text, "-nan", "nan");
  replace_all(text, kRoot, "");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return {text, complete};
}

// "tests/03_softmax_test.cpp", however the compiler was told the path.
std::string from_the_root(const std::string& file) {
  const std::size_t tests = file.rfind("tests/");
  return tests == file.npos ? file : file.substr(tests);
}

// The lines of the test, to the one that failed if that is in it, to its end otherwise: there the input
// stands.
std::string source_of(const testing::TestInfo& test, const std::string& file, int failed_line) {
  constexpr int kMost = 24;
  const bool inside = file == test.file() && failed_line > test.line();
  std::ifstream in(std::string(kRoot) + from_the_root(test.file()));
  std::string line, text;
  for (int number = 1; std::getline(in, line) && number < test.line() + kMost; ++number) {
    if (number < test.line()) continue;
    // The list of known mistakes is left out: the one that it is was named above.
    const std::size_t mistakes = inside && number >= failed_line ? line.find("<< mistake_in") : line.npos;
    if (mistakes == line.npos || line.find_first_not_of(' ') < mistakes)
      text += "\n  " + line.substr(0, mistakes);
    if (mistakes != line.npos) break;
    const bool end_of_statement = line.ends_with(';') || line.ends_with('{') || line.ends_with('}');
    if (line == "}" || (inside && number >= failed_line && end_of_statement)) break;
  }
  return text;
}

// Where in a file the hole of an exercise stands: ":12", or nothing if it is not found.
std::string line_of_hole(const std::string& file, const std::string& exercise) {
  std::ifstream in(std::string(kRoot) + file);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.find("not_written(\"" + exercise + "\"") != line.npos) return fmt::format(":{}", number);
  }
  return "";
}

// What not_written() threw, however GoogleTest wraps it; nothing if it was something else.
std::string not_written_line(const std::string& message) {
  constexpr std::string_view kMiddle = " is not written yet: it is yours to write in ";
  const std::size_t middle = message.find(kMiddle);
  if (middle == message.npos) return "";
  const std::size_t start = message.rfind('"', middle) + 1;  // npos + 1 == 0
  const std::string exercise = message.substr(start, middle - start);
  const std::string file = between(message, kMiddle, " (a hint: ");
  return fmt::format("not written yet: {} in {}{}, next: write it; hint: {}", exercise, file,
                     line_of_hole(file, exercise), between(message, " (a hint: ", ")"));
}

// For the signals that end a program: nothing but write may be called there, so the text is made beforehand.
std::string crash_text, endless_text;

void on_signal(int signal) {
  const std::string& text = signal == SIGALRM ? endless_text : crash_text;
  const ssize_t ignored = ::write(STDOUT_FILENO, text.data(), text.size());
  static_cast<void>(ignored);
  ::_exit(1);
}

class ReaderReport : public testing::EmptyTestEventListener {
  void OnTestStart(const testing::TestInfo& test) override {
    if (stopped_) return;
    test_ = &test;
    crash_text = fmt::format(
        "  no   {}\n\n       the program crashed here: is an index out of range, is a whole number divided "
        "by 0, or "
        "does a function call itself?\n\n",
        property(test));
    endless_text = fmt::format("  no   {}\n\n       not done after {} s: does a loop never end?\n\n",
                               property(test), kPatience);
    ::alarm(kPatience);
  }

  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed() || stopped_ || !message_.empty()) return;
    message_ = result.message();
    file_ = result.file_name() ? result.file_name() : "";
    line_ = result.line_number();
    if (test_)
      crash_text = explanation(*test_);  // should it crash further on: what was found first says more
  }

  void OnTestEnd(const testing::TestInfo& test) override {
    ::alarm(0);
    if (stopped_) return;
    if (test.result()->Skipped()) {
      fmt::print("  --   {} (not possible here)\n", property(test));
    } else if (test.result()->Passed()) {
      fmt::print("  ok   {}\n", property(test));
    } else {
      stopped_ = true;
      fmt::print("{}", explanation(test));
    }
    std::fflush(stdout);
  }

  std::string explanation(const testing::TestInfo& test) {
    if (const std::string line = not_written_line(message_); !line.empty())
      return fmt::format("  ..   {}\n\n{}\n", property(test), line);
    if (file_.empty()) {  // an exception has no place: the test as a whole
      file_ = test.file();
      line_ = test.line();
    }
    const Said said = tidy(message_);
    std::string text = fmt::format("\n{}\n\nthe check: {}:{}{}", said.text, from_the_root(file_), line_,
                                   said.complete ? "" : source_of(test, file_, line_));
    replace_all(text, kRoot, "");
    replace_all(text, "\n", "\n       ");
    replace_all(text, "       \n", "\n");
    return fmt::format("  no   {}\n{}\n\n", property(test), text);
  }

  std::string message_, file_;  // of the first failure
  int line_ = 0;
  const testing::TestInfo* test_ = nullptr;  // that runs
  bool stopped_ = false;  // the rest is passed over by GoogleTest, which reports it as skipped
};

}  // namespace

void install_reader_report() {
  const char* wanted = std::getenv("NN_READER");
  if (!wanted || std::string_view(wanted) != "1") return;
  testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  listeners.Append(new ReaderReport);  // GoogleTest owns and deletes it
  testing::GTEST_FLAG(fail_fast) = true;
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM}) std::signal(signal, on_signal);
}

}  // namespace nn
