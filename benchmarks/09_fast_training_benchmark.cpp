// Training: an epoch with the plain step, the fast one and those between, the parts of a step, and the whole of `digits train --recipe fast`'s way
// from first weights to tested network. Needs all of MNIST; says so and measures nothing without it.
#include <benchmark/benchmark.h>

#include "01_matrix/matmul.hpp"
#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "09_fast_training/fast_step.hpp"
#include "09_fast_training/kernels/normalize_pixels.hpp"
#include "09_fast_training/kernels/sparse_images.hpp"
#include "10_mnist/evaluation.hpp"
#include "10_mnist/recipes.hpp"
#include "common/parallel/thread_pool.hpp"
#include "common/parallel/usable_cores.hpp"
#include "common/random.hpp"
#include "main.hpp"

namespace nn {
namespace {

const Mnist& mnist() {
  static const Mnist data = load_mnist("");
  return data;
}

Recipe recipe_of(std::size_t hidden, const char* optimizer) {
  Recipe recipe = recipe_named("fast");
  recipe.hidden = {hidden}, recipe.optimizer = optimizer, recipe.epochs = 1, recipe.learning_rate = 0.01;
  return recipe;
}

// The rungs from the plain to the fast step: each leaves out what those before it do and one thing more.
enum Rung { kPlain, kFewPasses, kZerosForward, kZerosBackward };

Step step_of(Rung rung, TrainingState& state) {
  if (rung == kPlain) return PlainStep(state, mnist().train);
  return fast_step(
      state, mnist().train,
      {.skip_zeros_forward = rung >= kZerosForward, .skip_zeros_backward = rung >= kZerosBackward});
}

// One epoch of 60,000 images in batches of 128. Arguments: rung, hidden neurons, threads.
void epoch(benchmark::State& state, const char* optimizer) {
  if (mnist().is_sample)
    return state.SkipWithError("needs all of MNIST: ./learn digits doctor says how to get it");
  set_thread_count(std::size_t(state.range(2)));
  const UseProduct<float> use(fastest_product<float>().product);
  for (auto _ : state) {
    TrainingState run = start_training(recipe_of(std::size_t(state.range(1)), optimizer), 784);
    train(run, mnist().train, step_of(static_cast<Rung>(state.range(0)), run));
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(mnist().train.count));
}
void sgd(benchmark::State& state) { epoch(state, "sgd"); }
void adam(benchmark::State& state) { epoch(state, "adam"); }
void rungs(benchmark::internal::Benchmark* benchmark) {
  for (const int hidden : {128, 800}) {
    for (int rung = kPlain; rung <= kZerosBackward; ++rung) benchmark->Args({rung, hidden, 1});
    benchmark->Args({kZerosBackward, hidden, 2});
  }
  benchmark->UseRealTime()->Unit(benchmark::kMillisecond);
}
BENCHMARK(sgd)->Apply(rungs);
BENCHMARK(adam)->Apply(rungs);

// --- the parts of a step of 128 images, 784-128-10, one thread

// Images with one drawn number at `percent` of their pixels.
LabeledImages images_of_density(std::int64_t percent) {
  LabeledImages images;
  images.count = 1280, images.height = 28, images.width = 28;
  std::vector<std::uint8_t> pixels(images.count * 784);
  Random random(1);
  for (std::uint8_t& pixel : pixels)
    pixel = static_cast<std::int64_t>(random.below(100)) < percent
                ? static_cast<std::uint8_t>(1 + random.below(255))
                : 0;
  images.pixels = SharedBytes(std::move(pixels));
  images.labels = SharedBytes(std::vector<std::uint8_t>(images.count));
  return images;
}

// The first layer of a step: the product, and the gradient of the weights.
struct FirstLayerOf {
  static constexpr std::size_t kBatch = 128, kHidden = 128;

  LabeledImages images;
  SparseImages sparse;
  NumberOfValue numbers = number_of_value({});
  std::vector<std::size_t> batch = std::vector<std::size_t>(kBatch);
  TransposedBatch transposed;
  Matrix<float> x = Matrix<float>(kBatch, 784), w = Matrix<float>(784, kHidden, 0.01f),
                out = Matrix<float>(kBatch, kHidden), g = Matrix<float>(kBatch, kHidden, 0.01f),
                grad = Matrix<float>(784, kHidden), block_grad = Matrix<float>(SparseImages::kBlock, kHidden);
  Random random{1};

  explicit FirstLayerOf(LabeledImages chosen) : images(std::move(chosen)) {
    sparse.set(images);
    next_batch();
  }

  void next_batch() {
    for (std::size_t& image : batch) image = random.below(images.count);
  }
  void times() {
    sparse.fetch(batch);
    benchmark::DoNotOptimize(sparse_times(sparse, batch, numbers, w, 0, kHidden, out));
  }
  void transpose() { transposed.set(sparse, batch); }
  void gradient() {
    for (std::size_t block = 0; block < sparse.blocks(); ++block)
      sparse_gradient(transposed, numbers, sparse.block_begin(block), sparse.block_end(block), g, 0, kHidden,
                      block_grad);
  }
  void skipping() { times(), transpose(), gradient(); }
  void dense() {
    for (std::size_t i = 0; i < kBatch; ++i)
      normalize_pixels(images.image(batch[i]).data(), 784, {}, x.row(i).data());
    matmul(x, w, out), matmul_at_b(x, g, grad);
  }
};

template <class Work>
void measure(benchmark::State& state, LabeledImages images, const Work& work) {
  set_thread_count(1);
  const UseProduct<float> use(fastest_product<float>().product);
  FirstLayerOf layer(std::move(images));
  layer.transpose();
  for (auto _ : state) work(layer);
}

// The parts by themselves, with a batch that is in the cache.
template <void (FirstLayerOf::*kPart)()>
void part(benchmark::State& state) {
  if (mnist().is_sample)
    return state.SkipWithError("needs all of MNIST: ./learn digits doctor says how to get it");
  measure(state, mnist().train, [](FirstLayerOf& layer) { (layer.*kPart)(); });
}
BENCHMARK(part<&FirstLayerOf::times>)->Name("part_times")->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(part<&FirstLayerOf::transpose>)
    ->Name("part_transpose")
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(part<&FirstLayerOf::gradient>)->Name("part_gradient")->UseRealTime()->Unit(benchmark::kMicrosecond);

// All parts, for images of another density. Argument: percent of the pixels that are not 0.
template <void (FirstLayerOf::*kWay)()>
void at_density(benchmark::State& state) {
  measure(state, images_of_density(state.range(0)), [](FirstLayerOf& layer) {
    layer.next_batch();
    (layer.*kWay)();
  });
}
void densities(benchmark::internal::Benchmark* benchmark) {
  for (const int percent : {5, 10, 20, 30, 40, 50, 75, 100}) benchmark->Arg(percent);
  benchmark->UseRealTime()->Unit(benchmark::kMicrosecond);
}
BENCHMARK(at_density<&FirstLayerOf::skipping>)->Name("skipping")->Apply(densities);
BENCHMARK(at_density<&FirstLayerOf::dense>)->Name("dense")->Apply(densities);

// Recipe fast, trained and tested; the counter is its test accuracy in percent.
void recipe_fast(benchmark::State& state) {
  if (mnist().is_sample)
    return state.SkipWithError("needs all of MNIST: ./learn digits doctor says how to get it");
  set_thread_count(usable_cores());
  const UseProduct<float> use(fastest_product<float>().product);
  double accuracy = 0;
  for (auto _ : state) {
    TrainingState run = start_training(recipe_named("fast"), 784);
    train(run, mnist().train, fast_step(run, mnist().train));
    accuracy = 100 * evaluate(run.network, mnist().test, run.recipe.input).accuracy();
  }
  state.counters["test accuracy"] = accuracy;
}
BENCHMARK(recipe_fast)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace nn

int main(int argc, char** argv) { return nn::run_benchmarks(argc, argv); }
