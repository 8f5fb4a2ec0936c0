// How every program of the course ends: 0 done, 1 the work failed and one line on stderr says why,
// 2 it was called wrongly.
#pragma once

#include <functional>

#include "common/error.hpp"

namespace CLI {
class App;
}

namespace nn {

inline constexpr int kDone = 0, kFailed = 1, kWrongUsage = 2;

// Parses argv into app, then returns what work() returns. --help returns kDone; a wrong option kWrongUsage;
// an exception out of work() prints "NAME: what()" on stderr and returns kFailed (UsageError: kWrongUsage).
int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& work);

}  // namespace nn
