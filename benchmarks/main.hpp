// main() of a benchmark program, with the machine in its JSON.
#pragma once

#include <benchmark/benchmark.h>

#include "context.hpp"

namespace nn {

inline int run_benchmarks(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const auto& [name, value] : measured_on()) benchmark::AddCustomContext(name, value);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace nn
