// main() of a benchmark program, with the machine in its JSON.
#pragma once

#include <benchmark/benchmark.h>

#include "context.hpp"

namespace nn {

// more: further numbers for the JSON's "context".
inline int run_benchmarks(int argc, char** argv, const std::map<std::string, std::string>& more = {}) {
  benchmark::Initialize(&argc, argv);
  for (const auto& [name, value] : measured_on()) {
    if (name != "date") benchmark::AddCustomContext(name, value);  // that it writes by itself
  }
  for (const auto& [name, value] : more) benchmark::AddCustomContext(name, value);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace nn
