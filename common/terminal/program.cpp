#include "common/terminal/program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <string_view>
#include <unistd.h>

namespace nn {
namespace {

int fail(const CLI::App& app, std::string message, int code) {
  std::replace(message.begin(), message.end(), '\n', ' ');
  std::fflush(stdout);
  std::fputs(fmt::format("{}: {}\n", app.get_name(), message).c_str(), stderr);  // fmt::print would throw
  return code;
}

// A descriptor that the caller closed would be given to the first file that is opened, and what is printed would
// go into that file. Opened the wrong way round, so that printing still fails.
void occupy_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    if (::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) != descriptor) std::abort();
  }
}

// An option or a name that is there but empty: --save "$FILE" where FILE is not set. Nothing of ours means something
// by it, and a run whose model goes nowhere is found out too late. Returns what it belongs to; nothing if all is well.
std::string empty_word(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.empty()) return argv[i - 1];
    if (word.starts_with("--") && word.ends_with('=')) return std::string(word.substr(0, word.size() - 1));
  }
  return "";
}

bool all_is_printed() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

}  // namespace

int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& work) {
  occupy_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that is gone is an error of writing, not the end
  std::signal(SIGXFSZ, SIG_IGN);  // and so is a file that may not grow any further
  if (const std::string before = empty_word(argc, argv); !before.empty()) {
    return fail(app, before + ": followed by an empty word; is a variable of the shell not set?",
                kWrongUsage);
  }
  const auto done = [&](int code) {
    return all_is_printed() ? code : fail(app, "standard output: cannot be written", kFailed);
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    return done(app.exit(asked_for_help));
  } catch (const CLI::ParseError& error) {
    // To CLI11, a command or a required option with a slip of the pen is one that is missing.
    const std::vector<std::string> unknown = app.remaining(true);
    const std::string what =
        unknown.empty() ? error.what() : fmt::format("'{}' is not known", unknown.front());
    return fail(app, what + " (--help lists what there is)", kWrongUsage);
  }
  try {
    return done(work());
  } catch (const UsageError& error) {
    return fail(app, error.what(), kWrongUsage);
  } catch (const std::bad_alloc&) {
    return fail(app, "out of memory", kFailed);
  } catch (const std::exception& error) {
    return fail(app, error.what(), kFailed);
  }
}

}  // namespace nn
