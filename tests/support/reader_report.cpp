#include "reader_report.hpp"

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

// GoogleTest's message in plainer words; what it says of the place and the input stays.
std::string tidy(std::string message) {
  // EXPECT_TRUE(close_to(...)): what the comparison said first, then what was compared.
  const std::string reason = between(message, "\n  Actual: false (", ")\nExpected: true");
  if (!reason.empty()) {
    const std::string what = between(message, "Value of: ", "\n  Actual: false (");
    replace_all(message, fmt::format("Value of: {}\n  Actual: false ({})\nExpected: true", what, reason),
                fmt::format("{}\nin {}", reason, what));
  }
  const std::string thrown = between(message, "C++ exception with description \"", "\" thrown in ");
  if (!thrown.empty()) message = "your code ended with the error:\n" + thrown;
  replace_all(message, "Expected equality of these values:", "These should be equal:");
  replace_all(message, "\n    Which is: ", " = ");
  replace_all(message, "-nan", "nan");
  if (const std::size_t trace = message.find("Google Test trace:\n"); trace != message.npos) {
    message = message.substr(0, trace) + without_places(message.substr(message.find('\n', trace) + 1));
  }
  replace_all(message, kRoot, "");
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return message;
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
  }

  void OnTestEnd(const testing::TestInfo& test) override {
    ::alarm(0);
    if (stopped_) return;
    if (test.result()->Skipped()) {
      fmt::print("  --   {} (not possible here)\n", property(test));
    } else if (test.result()->Passed()) {
      fmt::print("  ok   {}\n", property(test));
    } else {
      explain(test);
    }
    std::fflush(stdout);
  }

  void explain(const testing::TestInfo& test) {
    stopped_ = true;
    if (const std::string line = not_written_line(message_); !line.empty()) {
      fmt::print("  ..   {}\n\n{}\n", property(test), line);
      return;
    }
    if (file_.empty()) {  // an exception has no place: the test as a whole
      file_ = test.file();
      line_ = test.line();
    }
    std::string text = fmt::format("\n{}\n\nthe check, {}:{}{}", tidy(message_), from_the_root(file_), line_,
                                   source_of(test, file_, line_));
    replace_all(text, kRoot, "");
    replace_all(text, "\n", "\n       ");
    replace_all(text, "       \n", "\n");
    fmt::print("  no   {}\n{}\n\n", property(test), text);
  }

  std::string message_, file_;  // of the first failure
  int line_ = 0;
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
