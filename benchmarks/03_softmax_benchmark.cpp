// The cost of being safe from overflow: softmax, naive and stable (with the largest logit subtracted).
#include <benchmark/benchmark.h>

#include "03_softmax/softmax.hpp"
#include "common/random.hpp"
#include "main.hpp"

namespace nn {
namespace {

Logits<float> random_logits(std::size_t rows, std::size_t classes) {
  Random random(1);
  Logits<float> logits(Matrix<float>(rows, classes));
  for (float& value : logits.values.values()) value = static_cast<float>(random.uniform(-5, 5));
  return logits;
}

// Arguments: rows, classes.
void naive(benchmark::State& state) {
  const auto logits = random_logits(std::size_t(state.range(0)), std::size_t(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(softmax_naive(logits));
  state.SetItemsProcessed(state.iterations() * state.range(0) * state.range(1));
}
void stable(benchmark::State& state) {
  const auto logits = random_logits(std::size_t(state.range(0)), std::size_t(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(softmax(logits));
  state.SetItemsProcessed(state.iterations() * state.range(0) * state.range(1));
}

BENCHMARK(naive)->Args({128, 10})->Args({128, 1000});
BENCHMARK(stable)->Args({128, 10})->Args({128, 1000});

}  // namespace
}  // namespace nn

int main(int argc, char** argv) { return nn::run_benchmarks(argc, argv); }
