#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "01_matrix/matmul.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "05_backprop/network.hpp"
#include "06_simd_matmul/matmul_loop_order.hpp"
#include "06_simd_matmul/products.hpp"
#include "common/thread_pool.hpp"
#include "matrices.hpp"
#include "throws_saying.hpp"

namespace nn {
namespace {

using M = Matrix<double>;

const M kA{{1, 2, 3}, {4, 5, 6}}, kB{{7, 8}, {9, 10}, {11, 12}}, kAB{{58, 64}, {139, 154}};

// That many threads for as long as it lives.
class Threads {
 public:
  explicit Threads(std::size_t count) { set_thread_count(count); }
  ~Threads() { set_thread_count(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  std::size_t before_ = thread_count();
};

// Every small shape, and some that are large enough to be shared out among threads.
std::vector<ProductShape> shapes() {
  std::vector<ProductShape> all(std::begin(kProductShapes), std::end(kProductShapes));
  for (const ProductShape& large : {ProductShape{97, 131, 61},
                                    {1, 900, 700},
                                    {700, 900, 1},
                                    {64, 784, 128},
                                    {30, 512, 512},
                                    {37, 1024, 80}}) {
    all.push_back(large);
  }
  return all;
}

// The three forms, into a result that is full of something else.
template <class T>
std::vector<Matrix<T>> three_forms(Product<T> product, const Matrix<T>& a, const Matrix<T>& b) {
  const UseProduct<T> use(product);
  std::vector<Matrix<T>> results(3, Matrix<T>(a.rows(), b.cols(), T(-99)));
  matmul(a, b, results[0]);
  matmul_at_b(turned(a), b, results[1]);
  matmul_a_bt(a, turned(b), results[2]);
  return results;
}

// The plain product with one rounding for a multiplication and its addition, as fused multiply-add has.
template <class T>
void matmul_plain_fused(MatrixView<T> a, MatrixView<T> b, Matrix<T>& out) {
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (std::size_t j = 0; j < out.cols(); ++j) {
      T sum(0);
      for (std::size_t k = 0; k < a.cols(); ++k) sum = std::fma(a(i, k), b(k, j), sum);
      out(i, j) = sum;
    }
  }
}

// That SIMD target for as long as it lives.
class SimdTarget {
 public:
  explicit SimdTarget(const std::string& name) { use_simd_target(name); }
  ~SimdTarget() { use_simd_target(before_); }
  SimdTarget(const SimdTarget&) = delete;
  SimdTarget& operator=(const SimdTarget&) = delete;

 private:
  std::string before_ = simd_target();
};

// Whether a product rounds as fused multiply-add does.
template <class T>
bool is_fused(const NamedProduct<T>& p) {
  const std::string name = p.name;
  return simd_target_has_fma() && name != "plain" && name != "loop_order" && name != "tiled";
}

// Each product in its three forms against three loops, to the last bit: the same sums in the same order.
template <class T>
void expect_the_bits_of_three_loops() {
  for (const auto& [rows, inner, cols] : shapes()) {
    const auto a = random_matrix<T>(rows, inner, 1), b = random_matrix<T>(inner, cols, 2);
    const Matrix<T> plain = three_forms<T>(matmul_plain<T>, a, b)[0];
    const Matrix<T> fused = three_forms<T>(matmul_plain_fused<T>, a, b)[0];
    for (const NamedProduct<T>& p : products<T>()) {
      for (const Matrix<T>& got : three_forms<T>(p.product, a, b)) {
        EXPECT_EQ(got, is_fused(p) ? fused : plain)
            << p.name << " on " << simd_target() << ", (" << shape(a) << ") times (" << shape(b) << ")";
      }
    }
  }
}

// Rows begin .. end - 1 of A·B, into a matrix full of 7.
M rows_of_product(const M& a, const M& b, std::size_t begin, std::size_t end) {
  M out(a.rows(), b.cols(), 7);
  detail::rows_in_loop_order(view(a), view(b), out, begin, end);
  return out;
}

TEST(RowsInLoopOrder, gives_the_numbers_done_by_hand) {
  EXPECT_EQ(rows_of_product(kA, kB, 0, 2), kAB);
  EXPECT_EQ(rows_of_product(kB, kA, 0, 3), (M{{39, 54, 69}, {49, 68, 87}, {59, 82, 105}}));
  EXPECT_EQ(rows_of_product(M(2, 0), M(0, 3), 0, 2), M(2, 3, 0)) << "(2 x 0) times (0 x 3)";
}

TEST(RowsInLoopOrder, leaves_the_other_rows_to_other_threads) {
  const M wide{{39, 54, 69}, {49, 68, 87}, {59, 82, 105}};
  for (const auto& [begin, end] : {std::pair{0, 1}, {1, 2}, {1, 3}, {2, 2}}) {
    const M got = rows_of_product(kB, kA, static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
    for (int i = 0; i < 3; ++i) {
      const auto row = static_cast<std::size_t>(i);
      const M expected = i >= begin && i < end ? M{{wide(row, 0), wide(row, 1), wide(row, 2)}} : M(1, 3, 7);
      EXPECT_TRUE(std::equal(got.row(row).begin(), got.row(row).end(), expected.values().begin()))
          << "row " << i << " of rows " << begin << " to " << end << ": " << testing::PrintToString(got);
    }
  }
}

TEST(RowsInLoopOrder, reads_a_part_of_a_matrix) {
  const M all{{7, 8, -9}, {9, 10, -9}, {11, 12, -9}};
  M out(2, 2);
  detail::rows_in_loop_order(view(kA), MatrixView<double>{all.data(), 3, 2, 3, 1}, out, 0, 2);
  EXPECT_EQ(out, kAB);
}

// 1 + 2^-53 rounds to 1, twice; 2^-53 + 2^-53 + 1 is more than 1.
TEST(RowsInLoopOrder, adds_the_products_in_the_order_of_k) {
  const M a{{1, 0x1p-53, 0x1p-53}, {0x1p-53, 0x1p-53, 1}}, ones(3, 1, 1);
  EXPECT_EQ(rows_of_product(a, ones, 0, 2), (M{{1}, {1 + 0x1p-52}}));
}

TEST(WithContiguousRows, copies_only_what_stands_in_columns) {
  M buffer;
  EXPECT_EQ(detail::with_contiguous_rows(view(kB), buffer).data, kB.data());
  const auto rows = detail::with_contiguous_rows(transposed(kB), buffer);
  EXPECT_EQ(rows.data, buffer.data());
  EXPECT_EQ(rows.col_stride, 1u);
  EXPECT_EQ(buffer, (M{{7, 9, 11}, {8, 10, 12}}));
}

TEST(Products, every_one_gives_the_bits_of_three_loops_on_every_simd_target) {
  const std::vector<std::string> targets = simd_targets();
  ASSERT_FALSE(targets.empty());
  for (const std::string& name : targets) {
    const SimdTarget target(name);
    ASSERT_EQ(simd_target(), name) << "another one would be tested in its place";
    expect_the_bits_of_three_loops<float>();
    expect_the_bits_of_three_loops<double>();
  }
}

TEST(Products, give_the_same_bits_with_any_number_of_threads) {
  for (const std::size_t count : {1u, 2u, 3u, 8u}) {
    SCOPED_TRACE(std::to_string(count) + " threads");
    const Threads threads(count);
    ASSERT_EQ(thread_count(), count);
    expect_the_bits_of_three_loops<float>();
  }
}

TEST(SimdTargets, are_chosen_by_name) {
  const std::string widest = simd_targets().front();
  EXPECT_EQ(simd_target(), widest);
  EXPECT_TRUE(throws_saying<std::invalid_argument>([] { use_simd_target("MMX"); }, {"'MMX'"}));
  EXPECT_EQ(simd_target(), widest);
}

TEST(Products, let_no_nan_disappear) {
  const auto a = as<float>({{0, 1}, {2, 3}}), b = as<float>({{kInfinity, 1}, {1, 1}});
  for (const auto& p : products<float>()) {
    for (const auto& got : three_forms<float>(p.product, a, b)) {
      EXPECT_TRUE(is_nan(got(0, 0))) << p.name << ": 0 times infinity is not 0";
      EXPECT_EQ(got(1, 0), static_cast<float>(kInfinity)) << p.name;
      EXPECT_EQ(got(1, 1), 5.0f) << p.name;
    }
  }
}

// One step through a network: the products that training really asks for, one after the other.
TEST(Products, leave_every_bit_of_a_training_step_as_it_is) {
  const auto x = random_matrix<float>(33, 50, 1, 0, 1);
  std::vector<std::uint8_t> labels(33);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::uint8_t>(i % 7);
  const auto grads = [&](Product<float> product) {
    const UseProduct<float> use(product);
    Network<float> network = make_network<float>({50, 20, 10, 7});
    for (const auto& p : network.parameters())
      *p.value = random_matrix<float>(p.value->rows(), p.value->cols(), 9);
    network.backward(cross_entropy_with_gradient(network.forward(x), labels).grad_logits);
    std::vector<Matrix<float>> all;
    for (const auto& p : network.parameters()) all.push_back(*p.grad);
    return all;
  };
  const auto plain = grads(matmul_plain<float>), fused = grads(matmul_plain_fused<float>);
  for (const auto& p : products<float>()) EXPECT_EQ(grads(p.product), is_fused(p) ? fused : plain) << p.name;
}

TEST(Products, are_found_by_name) {
  EXPECT_EQ(products<float>().front().product, &matmul_plain<float>) << "the slowest comes first";
  for (const auto& p : products<float>())
    EXPECT_EQ(product_named<float>(p.name).product, p.product) << p.name;
  EXPECT_EQ(fastest_product<float>().product, products<float>().back().product);
  EXPECT_TRUE(throws_saying<std::invalid_argument>([] { product_named<float>("quick"); },
                                                   {"'quick'", "plain", fastest_product<float>().name}));
}

}  // namespace
}  // namespace nn
