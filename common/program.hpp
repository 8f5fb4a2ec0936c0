// How every program of the course ends: 0 done, 1 the work failed and one line on stderr says why,
// 2 it was called wrongly.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <stdexcept>
#include <string>

namespace nn {

inline constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2;

// Something outside the program is not as it should be. what(): one line that says what, where, what was
// expected, what was found, what to do.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Options that CLI11 lets pass but that do not fit together: ends the program with kWrongUsage.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Parses argv into app, then returns what work() returns. --help returns kDone; a wrong option kWrongUsage;
// an exception out of work() prints "NAME: what()" on stderr and returns kFailed (UsageError: kWrongUsage).
int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& work);

}  // namespace nn
