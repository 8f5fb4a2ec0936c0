// What a variant of an image costs: one batch of 128, on one thread and on all.
#include <benchmark/benchmark.h>

#include "06_simd_matmul/products.hpp"
#include "08_generalization/augment.hpp"
#include "common/parallel/thread_pool.hpp"
#include "main.hpp"

namespace nn {
namespace {

// name: of the augmentation; argument: threads. Items are images.
void variants(benchmark::State& state, const char* name) {
  set_thread_count(std::size_t(state.range(0)));
  const UseProduct<float> use(fastest_product<float>().product);
  const Mnist mnist = load_mnist_sample();
  constexpr std::size_t kBatch = 128;
  std::vector<std::size_t> batch(kBatch);
  std::vector<std::uint64_t> seeds(kBatch);
  for (std::size_t i = 0; i < kBatch; ++i) batch[i] = i;
  std::vector<std::uint8_t> out(kBatch * mnist.train.height * mnist.train.width);
  Augmenter augment(augmentation_named(name));
  for (auto _ : state) {
    for (std::uint64_t& seed : seeds) ++seed;
    augment(mnist.train, batch, seeds, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kBatch});
}

BENCHMARK_CAPTURE(variants, shift, "shift")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(variants, affine, "affine")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK_CAPTURE(variants, elastic, "elastic")->Arg(1)->Arg(2)->UseRealTime();

}  // namespace
}  // namespace nn

int main(int argc, char** argv) { return nn::run_benchmarks(argc, argv); }
