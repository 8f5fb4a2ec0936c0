// The fast product around the blocks that it cuts, on every SIMD target, against three loops with the same rounding: bit for
// bit.
#include <cmath>
#include <gtest/gtest.h>
#include <utility>

#include "01_matrix/matmul.hpp"
#include "06_simd_matmul/simd_products.hpp"
#include "common/parallel/thread_pool.hpp"
#include "inputs/matrices.hpp"

namespace nn {
namespace {

Matrix<float> three_loops(const Matrix<float>& a, const Matrix<float>& b, bool fused) {
  Matrix<float> out(a.rows(), b.cols());
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (std::size_t k = 0; k < a.cols(); ++k) {
      for (std::size_t j = 0; j < out.cols(); ++j) {
        const float product = a(i, k) * b(k, j);
        out(i, j) = fused ? std::fma(a(i, k), b(k, j), out(i, j)) : out(i, j) + product;
      }
    }
  }
  return out;
}

void expect_the_bits_of_three_loops(const ProductShape& size) {
  const auto a = random_matrix<float>(size.rows, size.inner, 1),
             b = random_matrix<float>(size.inner, size.cols, 2), at = turned(a), bt = turned(b);
  const Matrix<float> expected[] = {three_loops(a, b, false), three_loops(a, b, true)};
  for (const std::string& name : simd_targets()) {
    use_simd_target(name);
    ASSERT_EQ(simd_target(), name) << "another one would be tested in its place";
    for (const auto& [left, right] :
         {std::pair{view(a), view(b)}, {transposed(at), view(b)}, {view(a), transposed(bt)}}) {
      Matrix<float> out(size.rows, size.cols, -99);
      matmul_fast(left, right, out);
      ASSERT_TRUE(out == expected[simd_target_has_fma()])
          << name << ", " << thread_count() << " threads, (" << shape(a) << ") times (" << shape(b) << ")";
    }
  }
  use_simd_target("");
}

// A block of the inner dimension is 1024 numbers where the second-level cache has 1 MiB; one of the columns, 1024, too.
TEST(MatmulFast, gives_the_bits_of_three_loops_around_its_blocks) {
  for (const std::size_t inner : {511, 512, 513, 1023, 1024, 1025, 2049, 4100})
    expect_the_bits_of_three_loops({15, inner, 33});
  expect_the_bits_of_three_loops({3, 1030, 1030});
  expect_the_bits_of_three_loops({13, 2049, 10});
}

// The rows of b conflict in the cache, so that they are packed if a has more rows than two tiles. The rows of a go in parts of
// half the second-level cache, some with more and some with fewer rows than that.
TEST(MatmulFast, packs_for_all_parts_of_a_or_for_none) {
  expect_the_bits_of_three_loops({57, 2304, 512});
  expect_the_bits_of_three_loops({25, 5300, 512});
}

TEST(MatmulFast, gives_the_same_bits_with_any_number_of_threads) {
  for (const std::size_t count : {2, 3, 16}) {
    set_thread_count(count);
    for (const ProductShape& size : {ProductShape{64, 1500, 70}, {200, 1100, 10}, {10, 1100, 200}})
      expect_the_bits_of_three_loops(size);
  }
  set_thread_count(1);
}

}  // namespace
}  // namespace nn
