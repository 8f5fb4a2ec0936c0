#include "common/program.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <new>

namespace nn {
namespace {

int fail(const CLI::App& app, std::string message, int code) {
  std::replace(message.begin(), message.end(), '\n', ' ');
  std::fflush(stdout);
  fmt::print(stderr, "{}: {}\n", app.get_name(), message);
  return code;
}

}  // namespace

int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& work) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that is gone is an error of writing, not the end
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    return app.exit(asked_for_help);
  } catch (const CLI::ParseError& error) {
    return fail(app, std::string(error.what()) + " (--help lists the options)", kWrongUsage);
  }
  try {
    const int code = work();
    if (std::fflush(stdout) != 0) return fail(app, "standard output: cannot be written", kFailed);
    return code;
  } catch (const UsageError& error) {
    return fail(app, error.what(), kWrongUsage);
  } catch (const std::bad_alloc&) {
    return fail(app, "out of memory", kFailed);
  } catch (const std::exception& error) {
    return fail(app, error.what(), kFailed);
  }
}

}  // namespace nn
