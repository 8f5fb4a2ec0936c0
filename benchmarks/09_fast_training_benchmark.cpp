// Training: images a second with the plain and with the fast step, and the whole of `digits train --recipe fast`'s way
// from first weights to tested network. Needs all of MNIST; says so and measures nothing without it.
#include <benchmark/benchmark.h>

#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "09_fast_training/fast_step.hpp"
#include "10_mnist/evaluation.hpp"
#include "10_mnist/recipes.hpp"
#include "common/parallel/thread_pool.hpp"
#include "common/parallel/usable_cores.hpp"
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

// One epoch of 60,000 images in batches of 128. Arguments: hidden neurons, threads.
void epoch(benchmark::State& state, const char* optimizer, bool fast) {
  if (mnist().is_sample)
    return state.SkipWithError("needs all of MNIST: ./learn digits doctor says how to get it");
  set_thread_count(std::size_t(state.range(1)));
  const UseProduct<float> use(fastest_product<float>().product);
  for (auto _ : state) {
    TrainingState run = start_training(recipe_of(std::size_t(state.range(0)), optimizer), 784);
    const Step step = fast ? fast_step(run, mnist().train) : PlainStep(run, mnist().train);
    train(run, mnist().train, step);
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(mnist().train.count));
}
void sgd_plain(benchmark::State& state) { epoch(state, "sgd", false); }
void sgd(benchmark::State& state) { epoch(state, "sgd", true); }
void adam(benchmark::State& state) { epoch(state, "adam", true); }
BENCHMARK(sgd_plain)->ArgsProduct({{128, 800}, {1}})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(sgd)->ArgsProduct({{128, 800}, {1, 2}})->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(adam)->ArgsProduct({{128, 800}, {1, 2}})->UseRealTime()->Unit(benchmark::kMillisecond);

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
