// The classifier's whole training on every kind of vectors that this processor has, to the last bit. With fused multiply-add all agree, and those without agree with each other.
// The same for Adam's step alone.
// Prints one checksum for each of the two, by which other compilers and builds can be compared (tools/long_tests.sh).
#include <bit>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <vector>

#include "01_matrix/matmul.hpp"
#include "06_simd_matmul/products.hpp"
#include "06_simd_matmul/simd_products.hpp"
#include "09_fast_training/fast_step.hpp"
#include "09_fast_training/kernels/adam_update.hpp"
#include "09_fast_training/kernels/normalize_pixels.hpp"
#include "09_fast_training/kernels/sparse_batch.hpp"
#include "common/parallel/thread_pool.hpp"
#include "expectations/close_to.hpp"
#include "inputs/matrices.hpp"

namespace nn {
namespace {

// Every step's loss, then every weight: of an epoch in which zeros are skipped, and of one without zeros.
std::vector<float> numbers_of_two_epochs() {
  const Mnist mnist = load_mnist_sample();
  const UseProduct<float> use(fastest_product<float>().product);
  std::vector<float> numbers;
  const auto remember = [&](const StepReport& step) { return numbers.push_back(step.loss), true; };
  for (const InputTransform& input : {InputTransform{}, kStandardized}) {
    TrainingState state = start_training({.hidden = {64}, .epochs = 1, .input = input}, 784);
    train(state, mnist.train, fast_step(state, mnist.train), {{.after_step = remember}});
    for (const auto& p : state.network.parameters())
      numbers.insert(numbers.end(), p.value->values().begin(), p.value->values().end());
  }
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
    const std::vector<float> numbers = numbers_of_two_epochs();
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
      adam_update(adam_factors(adam, 0.01f), adam.slice(parameters, 0).range(begin, end - begin), shared);
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

// A batch of images in which one of `one_of` pixels is not 0; 0: none.
std::vector<std::uint8_t> drawn_pixels(std::size_t count, std::uint64_t one_of) {
  Random random(3);
  std::vector<std::uint8_t> pixels(count);
  for (std::uint8_t& pixel : pixels)
    pixel = one_of > 0 && random.below(one_of) == 0 ? static_cast<std::uint8_t>(1 + random.below(255)) : 0;
  return pixels;
}

TEST(SparseBatch, products_have_the_bits_of_matmul_fast) {
  constexpr std::size_t kImages = 9;
  const UseProduct<float> use(matmul_fast<float>);
  for (const std::string& name : simd_targets()) {
    use_simd_target(name);
    ASSERT_EQ(simd_target(), name) << "another one would be tested in its place";
    for (const std::size_t pixels : {1, 63, 64, 65, 200}) {
      for (const std::uint64_t one_of : {0, 1, 2, 5}) {
        const auto values = drawn_pixels(kImages * pixels, one_of);
        Matrix<float> x(kImages, pixels);
        normalize_pixels(values.data(), values.size(), {.mean = 0, .deviation = 0.5f}, x.data());
        SparseBatch batch({.mean = 0, .deviation = 0.5f});
        batch.resize(kImages, pixels);
        for (std::size_t i = 0; i < kImages; ++i) batch.set_image(i, values.data() + i * pixels);
        batch.transpose(0, batch.blocks() / 2), batch.transpose(batch.blocks() / 2, batch.blocks());
        for (const std::size_t width : {1, 5, 16, 47, 64, 150}) {
          const auto w = random_matrix<float>(pixels, width, 1), g = random_matrix<float>(kImages, width, 2);
          Matrix<float> out(kImages, width), grad(pixels, width), expected_out, expected_grad;
          matmul(x, w, expected_out), matmul_at_b(x, g, expected_grad);
          // In two parts, as two threads do it.
          for (const auto& [begin, end] :
               {std::pair<std::size_t, std::size_t>{0, width / 3}, {width / 3, width}}) {
            EXPECT_TRUE(sparse_times(batch, w, begin, end, out));
            for (std::size_t block = 0; block < batch.blocks(); ++block)
              sparse_gradient(batch, block, g, begin, end, grad);
          }
          const std::string where =
              fmt::format("{}, {} pixels, one of {}, width {}", name, pixels, one_of, width);
          ASSERT_TRUE(close_to(out, expected_out, {.rtol = 0, .atol = 0})) << where;
          ASSERT_TRUE(close_to(grad, expected_grad, {.rtol = 0, .atol = 0})) << where;
        }
      }
    }
  }
  use_simd_target("");
}

TEST(SparseBatch, a_weight_that_is_not_finite_is_seen_in_its_columns_and_in_no_other) {
  for (const std::string& name : simd_targets()) {
    use_simd_target(name);
    ASSERT_EQ(simd_target(), name) << "another one would be tested in its place";
    SparseBatch batch;
    batch.resize(1, 70);
    batch.set_image(0, drawn_pixels(70, 0).data());
    Matrix<float> out(1, 40);
    for (const float lost : {HUGE_VALF, -HUGE_VALF, std::nanf("")}) {
      for (const std::size_t row : {0, 63, 64, 69}) {
        for (const std::size_t col : {0, 18, 19, 39}) {
          Matrix<float> w = random_matrix<float>(70, 40, 1);
          w(row, col) = lost;
          EXPECT_EQ(sparse_times(batch, w, 0, 19, out), col >= 19) << name << " " << row << " " << col;
          EXPECT_EQ(sparse_times(batch, w, 19, 40, out), col < 19) << name << " " << row << " " << col;
        }
      }
    }
  }
  use_simd_target("");
}

}  // namespace
}  // namespace nn
