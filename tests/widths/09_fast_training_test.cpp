// The classifier's whole training on every kind of vectors that this processor has, to the last bit. With fused multiply-add all agree, and those without agree with each other.
// The same for Adam's step alone.
// Prints one checksum for each of the two, by which other compilers and builds can be compared (tools/long_tests.sh).
#include <algorithm>
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
#include "09_fast_training/kernels/sparse_images.hpp"
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

// Images of one row, in which one of `one_of` pixels is not 0; 0: none.
LabeledImages drawn_images(std::size_t count, std::size_t pixels, std::uint64_t one_of) {
  LabeledImages images;
  images.count = count, images.height = 1, images.width = pixels;
  Random random(3);
  std::vector<std::uint8_t> values(count * pixels);
  for (std::uint8_t& value : values)
    value = one_of > 0 && random.below(one_of) == 0 ? static_cast<std::uint8_t>(1 + random.below(255)) : 0;
  images.pixels = SharedBytes(std::move(values));
  return images;
}

TEST(SparseImages, products_have_the_bits_of_matmul_fast) {
  const InputTransform input{.mean = 0, .deviation = 0.5f};
  const UseProduct<float> use(matmul_fast<float>);
  const std::vector<std::size_t> batch = {7, 0, 3, 3, 9, 1, 2, 5, 8};
  for (const std::string& name : simd_targets()) {
    use_simd_target(name);
    ASSERT_EQ(simd_target(), name) << "another one would be tested in its place";
    for (const std::size_t pixels : {1, 63, 64, 65, 200}) {
      for (const std::uint64_t one_of : {0, 1, 2, 5}) {
        const LabeledImages images = drawn_images(10, pixels, one_of);
        SparseImages sparse;
        sparse.set(images);
        const NumberOfValue numbers = number_of_value(input);
        Matrix<float> x(batch.size(), pixels);
        for (std::size_t i = 0; i < batch.size(); ++i)
          normalize_pixels(images.image(batch[i]).data(), pixels, input, x.row(i).data());
        TransposedBatch transposed;
        transposed.set(sparse, batch);
        for (const std::size_t width : {1, 5, 16, 47, 64, 150}) {
          const auto w = random_matrix<float>(pixels, width, 1),
                     g = random_matrix<float>(batch.size(), width, 2);
          Matrix<float> out(batch.size(), width), grad(pixels, width), expected_out, expected_grad;
          matmul(x, w, expected_out), matmul_at_b(x, g, expected_grad);
          // In two parts, as two threads do it.
          for (const auto& [begin, end] :
               {std::pair<std::size_t, std::size_t>{0, width / 3}, {width / 3, width}}) {
            EXPECT_TRUE(sparse_times(sparse, batch, numbers, w, begin, end, out));
            Matrix<float> part(SparseImages::kBlock, end - begin);
            for (std::size_t block = 0; block < sparse.blocks(); ++block) {
              const std::size_t first = sparse.block_begin(block), last = sparse.block_end(block);
              sparse_gradient(transposed, numbers, first, last, g, begin, end, part);
              for (std::size_t p = first; p < last; ++p)
                std::copy_n(part.row(p - first).begin(), end - begin,
                            grad.row(p).begin() + static_cast<std::ptrdiff_t>(begin));
            }
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

TEST(SparseImages, a_weight_that_is_not_finite_is_seen_in_its_columns_and_in_no_other) {
  SparseImages images;
  images.set(drawn_images(1, 70, 0));
  const std::vector<std::size_t> batch = {0};
  for (const std::string& name : simd_targets()) {
    use_simd_target(name);
    ASSERT_EQ(simd_target(), name) << "another one would be tested in its place";
    Matrix<float> out(1, 40);
    for (const float lost : {HUGE_VALF, -HUGE_VALF, std::nanf("")}) {
      for (const std::size_t row : {0, 63, 64, 69}) {
        for (const std::size_t col : {0, 18, 19, 39}) {
          Matrix<float> w = random_matrix<float>(70, 40, 1);
          w(row, col) = lost;
          const auto finite = [&](std::size_t begin, std::size_t end) {
            return sparse_times(images, batch, number_of_value({}), w, begin, end, out);
          };
          EXPECT_EQ(finite(0, 19), col >= 19) << name << " " << row << " " << col;
          EXPECT_EQ(finite(19, 40), col < 19) << name << " " << row << " " << col;
        }
      }
    }
  }
  use_simd_target("");
}

}  // namespace
}  // namespace nn
