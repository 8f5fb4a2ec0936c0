// The classifier's whole training on every kind of vectors that this processor has: an epoch of the sample, to the last
// bit. With fused multiply-add all agree, and those without agree with each other.
// The same for Adam's step alone.
// Prints one checksum for each of the two, by which other compilers and builds can be compared (tools/long_tests.sh).
#include <bit>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <vector>

#include "06_simd_matmul/products.hpp"
#include "06_simd_matmul/simd_products.hpp"
#include "09_fast_training/adam_update.hpp"
#include "09_fast_training/fast_step.hpp"
#include "common/parallel/thread_pool.hpp"
#include "inputs/matrices.hpp"

namespace nn {
namespace {

// Every step's loss, then every weight.
std::vector<float> numbers_of_an_epoch() {
  const Mnist mnist = load_mnist_sample();
  const Recipe recipe{.hidden = {64}, .epochs = 1, .input = kStandardized};
  const UseProduct<float> use(fastest_product<float>().product);
  TrainingState state = start_training(recipe, 784);
  std::vector<float> numbers;
  const auto remember = [&](const StepReport& step) { return numbers.push_back(step.loss), true; };
  train(state, mnist.train, fast_step(state, mnist.train), {{.after_step = remember}});
  for (const auto& p : state.network.parameters())
    numbers.insert(numbers.end(), p.value->values().begin(), p.value->values().end());
  return numbers;
}

// FNV-1a over the bytes.
std::uint64_t checksum(const std::vector<float>& numbers) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (const float number : numbers) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    for (int byte = 0; byte < 4; ++byte) sum = (sum ^ (bits >> (8 * byte) & 255)) * 0x100000001b3;
  }
  return sum;
}

TEST(Widths, train_to_the_same_bits) {
  set_thread_count(2);
  std::map<bool, std::vector<float>> first;  // with fused multiply-add, and without
  std::map<bool, std::string> names;
  for (const std::string& name : simd_targets()) {
    use_simd_target(name);
    ASSERT_EQ(simd_target(), name) << "another one would be tested in its place";
    const bool fused = simd_target_has_fma();
    const std::vector<float> numbers = numbers_of_an_epoch();
    if (first[fused].empty()) first[fused] = numbers;
    EXPECT_TRUE(numbers == first[fused]) << name << " differs from" << names[fused];
    names[fused] += " " + name;
  }
  use_simd_target("");
  for (const auto& [fused, numbers] : first)
    fmt::print("{} {:016x}{}\n", fused ? "fused" : "plain", checksum(numbers), names[fused]);
}

// Three steps of Adam on a tensor of size numbers: by itself if begin == end, else with these weights moved by
// adam_update. Returns the weights and both means.
std::vector<Matrix<float>> after_three_steps(std::size_t size, std::size_t begin, std::size_t end,
                                             bool shared) {
  Matrix<float> w = random_matrix<float>(1, size, 1), g = random_matrix<float>(1, size, 2);
  const std::vector<Parameter<float>> parameters = {{"w", &w, &g}};
  Adam<float> adam;
  const auto state = adam.state(parameters);
  for (std::size_t step = 1; step <= 3; ++step) {
    if (begin == end) {
      adam.step(parameters, 0.01f);
    } else {
      adam.set_steps(step);
      adam_update(adam, adam.slice(parameters, 0).range(begin, end - begin), 0.01f, shared);
    }
  }
  return {w, *state[0].value, *state[1].value};
}

TEST(AdamUpdate, gives_the_bits_of_adam_to_the_weights_between_begin_and_end_and_to_no_other) {
  for (const std::string& name : simd_targets()) {
    use_simd_target(name);
    ASSERT_EQ(simd_target(), name) << "another one would be tested in its place";
    for (std::size_t size = 1; size < 70; ++size) {
      const Matrix<float> before = random_matrix<float>(1, size, 1);
      const auto expected = after_three_steps(size, 0, 0, false);
      for (const std::size_t begin : {0, 16, 32}) {
        for (const std::size_t end :
             {size, std::min<std::size_t>(size, 48), std::min<std::size_t>(size, 19)}) {
          if (begin >= end) continue;
          for (const bool shared : {false, true}) {
            const auto got = after_three_steps(size, begin, end, shared);
            for (std::size_t i = 0; i < size; ++i) {
              const bool inside = begin <= i && i < end;
              ASSERT_EQ(got[0](0, i), inside ? expected[0](0, i) : before(0, i))
                  << name << " " << size << " " << i;
              ASSERT_EQ(got[1](0, i), inside ? expected[1](0, i) : 0) << name << " " << size << " " << i;
              ASSERT_EQ(got[2](0, i), inside ? expected[2](0, i) : 0) << name << " " << size << " " << i;
            }
          }
        }
      }
    }
  }
  use_simd_target("");
}

}  // namespace
}  // namespace nn
