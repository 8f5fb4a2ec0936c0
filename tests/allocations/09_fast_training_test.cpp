// Training asks for memory in its first step and not in later ones. A program of its own, since it counts every `new`.
#include <atomic>
#include <cstdlib>
#include <gtest/gtest.h>
#include <new>

#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "09_fast_training/fast_step.hpp"
#include "common/parallel/thread_pool.hpp"

namespace {
std::atomic<std::size_t> g_allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  ++g_allocations;
  const std::size_t whole = (size + alignment - 1) / alignment * alignment;
  if (void* p = std::aligned_alloc(alignment, whole > 0 ? whole : alignment)) return p;
  throw std::bad_alloc();
}

// Not inlined: where g++ sees new and free side by side, it takes them for a mistake.
[[gnu::noinline]] void release(void* p) { std::free(p); }
}  // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { release(p); }

namespace nn {
namespace {

struct Way {
  const char* name;
  const char* optimizer;
  std::size_t threads;
  bool fast;
};

void PrintTo(const Way& way, std::ostream* out) { *out << way.name; }

class Allocations : public testing::TestWithParam<Way> {};

TEST_P(Allocations, happen_in_the_first_step_only) {
  const Way& way = GetParam();
  set_thread_count(way.threads);
  const UseProduct<float> use(fastest_product<float>().product);
  const Mnist mnist = load_mnist_sample();
  Recipe recipe;
  recipe.optimizer = way.optimizer, recipe.epochs = 2, recipe.hidden = {64, 32};
  recipe.batch_size = 100;  // 5,000 images: no smaller batch at the end
  TrainingState state = start_training(recipe, 784);
  std::vector<std::size_t> after_step;
  after_step.reserve(1000);
  const Step step = way.fast ? fast_step(state, mnist.train) : PlainStep(state, mnist.train);
  train(state, mnist.train, step, {{.after_step = [&](const StepReport&) {
          after_step.push_back(g_allocations);
          return true;
        }}});
  set_thread_count(1);
  ASSERT_EQ(after_step.size(), 2 * mnist.train.count / 100);
  EXPECT_GT(after_step.front(), 0u);  // the counter counts
  // A thread that does a part of a product for the first time, since another one was late, needs room for it. That can
  // happen in any step, but only so many times.
  const std::size_t later = after_step.back() - after_step.front();
  if (way.threads > 1) {
    EXPECT_LE(later, 8 * way.threads) << "in " << after_step.size() - 1 << " steps";
    return;
  }
  for (std::size_t i = 1; i < after_step.size(); ++i)
    ASSERT_EQ(after_step[i], after_step.front()) << "in step " << i + 1;
}

INSTANTIATE_TEST_SUITE_P(Training, Allocations,
                         testing::Values(Way{"plain", "sgd", 1, false},
                                         Way{"plain_momentum", "momentum", 2, false},
                                         Way{"plain_adam", "adam", 2, false}, Way{"fast", "sgd", 1, true},
                                         Way{"fast_momentum", "momentum", 1, true},
                                         Way{"fast_adam", "adam", 2, true}),
                         [](const auto& way) { return std::string(way.param.name); });

}  // namespace
}  // namespace nn
