#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "01_matrix/matmul.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "05_backprop/network.hpp"
#include "06_simd_matmul/matmul_packed.hpp"  // compiled here for the target without vector instructions
#include "06_simd_matmul/micro_kernel_avx2.hpp"
#include "06_simd_matmul/products.hpp"
#include "common/parallel/thread_pool.hpp"
#include "common/parallel/usable_cores.hpp"
#include "common/timer.hpp"
#include "expectations/mistakes.hpp"
#include "expectations/throws_saying.hpp"
#include "inputs/matrices.hpp"
#include "inputs/product_shapes.hpp"

namespace nn {
namespace {

using M = Matrix<double>;

const M kA{{1, 2, 3}, {4, 5, 6}}, kB{{7, 8}, {9, 10}, {11, 12}}, kAB{{58, 64}, {139, 154}};

// That many threads while it lives.
class Threads {
 public:
  explicit Threads(std::size_t count) { set_thread_count(count); }
  ~Threads() { set_thread_count(before_); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  std::size_t before_ = thread_count();
};

// While it lives, only the first thread does its part.
class FirstRunOnly {
 public:
  FirstRunOnly() { detail::do_first_run_only(true); }
  ~FirstRunOnly() { detail::do_first_run_only(false); }
  FirstRunOnly(const FirstRunOnly&) = delete;
  FirstRunOnly& operator=(const FirstRunOnly&) = delete;
};

// A·B, Aᵀ·B and A·Bᵀ, each into a result that is full of other numbers.
template <class T>
std::vector<Matrix<T>> three_forms(Product<T> product, const Matrix<T>& a, const Matrix<T>& b) {
  const UseProduct<T> use(product);
  std::vector<Matrix<T>> results(3, Matrix<T>(a.rows(), b.cols(), T(-99)));
  matmul(a, b, results[0]);
  matmul_at_b(turned(a), b, results[1]);
  matmul_a_bt(a, turned(b), results[2]);
  return results;
}

// The plain product with fused multiply-add: one rounding per term.
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

// That SIMD target while it lives.
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

// Two matrices and their product, rounded twice per term and once per term.
template <class T>
struct Case {
  Matrix<T> a, b, plain, fused;
};

template <class T>
std::vector<Case<T>> cases(const std::vector<ProductShape>& shapes) {
  std::vector<Case<T>> all;
  for (const auto& [rows, inner, cols] : shapes) {
    const auto a = random_matrix<T>(rows, inner, 1), b = random_matrix<T>(inner, cols, 2);
    all.push_back(
        {a, b, three_forms<T>(matmul_plain<T>, a, b)[0], three_forms<T>(matmul_plain_fused<T>, a, b)[0]});
  }
  return all;
}

// Each product in its three forms against three loops, bit for bit: the same sums in the same order.
template <class T>
void expect_the_bits_of_three_loops(const std::vector<Case<T>>& all) {
  for (const NamedProduct<T>& p : products<T>()) {
    const bool fused = is_fused(p);
    for (const Case<T>& c : all) {
      for (const Matrix<T>& got : three_forms<T>(p.product, c.a, c.b)) {
        ASSERT_TRUE(close_to(got, fused ? c.fused : c.plain))
            << "of the product " << p.name << " on " << simd_target() << ", (" << shape(c.a) << ") times ("
            << shape(c.b) << "): the result must have the bits of three loops";
      }
    }
  }
}

template <class T>
void expect_the_bits_of_three_loops_on_every_simd_target(const std::vector<ProductShape>& shapes) {
  const auto all = cases<T>(shapes);
  for (const std::string& name : simd_targets()) {
    const SimdTarget target(name);
    ASSERT_EQ(simd_target(), name) << "this test would run on another target";
    expect_the_bits_of_three_loops(all);
  }
}

// ./learn check must be fast, so it uses fewer and smaller shapes than the full tests.
bool is_check() {
  static const char* const reader = std::getenv("NN_READER");
  return reader && std::string(reader) == "1";
}

// Large enough for several tiles and several threads.
std::vector<ProductShape> large_shapes() {
  if (is_check()) return {{97, 131, 61}, {1, 300, 700}, {70, 900, 1}, {37, 513, 80}};
  return {{97, 131, 61},  {1, 900, 700},  {700, 900, 1}, {64, 784, 128},
          {30, 512, 512}, {37, 1024, 80}, {5, 70, 600}};
}

// m with one more row, full of -9: a loop that runs too far reads it.
M with_a_row_below(const M& m) {
  M larger(m.rows() + 1, m.cols(), -9);
  std::copy_n(m.data(), m.size(), larger.data());
  return larger;
}
MatrixView<double> without_its_last_row(const M& larger) {
  return {larger.data(), larger.rows() - 1, larger.cols(), larger.cols(), 1};
}

// Rows begin .. end - 1 of A·B, written to a matrix full of 7.
M rows_of_product(const M& a, const M& b, std::size_t begin, std::size_t end) {
  M out(a.rows(), b.cols(), 7);
  const M below_a = with_a_row_below(a), below_b = with_a_row_below(b);
  detail::rows_in_loop_order(without_its_last_row(below_a), without_its_last_row(below_b), out, begin, end);
  return out;
}

TEST(RowsInLoopOrder, gives_the_numbers_done_by_hand) {
  const M got = rows_of_product(kA, kB, 0, 2);
  EXPECT_EQ(got, kAB)
      << given("rows 0 and 1 of A·B", "A", kA, "B", kB)
      << mistake_in(got,
                    {{{{65, 71}, {146, 161}},
                      "if the products are added to the old contents of out, here 7: set the row to 0 first"},
                     {{{22, 28}, {220, 235}}, "if k goes one too far, with <= instead of <"},
                     {{{33, 36}, {66, 72}}, "if only the last k counts: a sum needs +="},
                     {{{58, 64}, {197, 218}}, "if row i starts from the sums of the row above it"},
                     {{{50, 62}, {122, 152}}, "if b is read as b(j, k) instead of b(k, j)"}});
  EXPECT_EQ(rows_of_product(kB, kA, 0, 3), (M{{39, 54, 69}, {49, 68, 87}, {59, 82, 105}}))
      << given("all rows of A·B", "A", kB, "B", kA);
  EXPECT_EQ(rows_of_product(M(2, 0), M(0, 3), 0, 2), M(2, 3, 0)) << "(2 x 0) times (0 x 3)";
}

TEST(RowsInLoopOrder, leaves_the_other_rows_to_other_threads) {
  const M all{{39, 54, 69}, {49, 68, 87}, {59, 82, 105}};
  for (const auto& [begin, end] : {std::pair{0, 1}, {1, 2}, {1, 3}, {2, 2}}) {
    const M got = rows_of_product(kB, kA, static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
    M expected(3, 3, 7);
    for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row)
      std::copy_n(all.row(row).begin(), 3, expected.row(row).begin());
    EXPECT_EQ(got, expected) << given("rows " + std::to_string(begin) + " to " + std::to_string(end) +
                                          " (not included) of A·B, with 7 everywhere in out before",
                                      "A", kB, "B", kA)
                             << (got == all ? ": rows outside begin .. end - 1 belong to other threads" : "");
  }
}

TEST(RowsInLoopOrder, reads_a_part_of_a_matrix) {
  const M all{{7, 8, -9}, {9, 10, -9}, {11, 12, -9}};
  M out(2, 2);
  detail::rows_in_loop_order(view(kA), MatrixView<double>{all.data(), 3, 2, 3, 1}, out, 0, 2);
  EXPECT_EQ(out, kAB) << given("A·B, with B a part of a larger matrix, whose rows are longer", "A", kA, "B",
                               kB, "the larger matrix", all)
                      << mistake_in(out,
                                    {{{{19, -1}, {43, 23}},
                                      "if row k of b is expected at k * cols: it begins at k * row_stride"}});
}

// 1 + 2^-53 rounds to 1, twice; 2^-53 + 2^-53 + 1 is more than 1.
const M kOrder{{1, 0x1p-53, 0x1p-53}, {0x1p-53, 0x1p-53, 1}}, kOrderAboveOne{{0}, {0x1p-52}};
M above_one(M sums) {
  for (double& sum : sums.values()) sum -= 1;
  return sums;
}
constexpr const char* kOrderMistake =
    "the last bits differ: every entry needs a single sum, and k must ascend from the first to the last";

TEST(RowsInLoopOrder, adds_the_products_in_the_order_of_k) {
  EXPECT_EQ(above_one(rows_of_product(kOrder, M(3, 1, 1), 0, 2)), kOrderAboveOne) << kOrderMistake;
}

// A number that records its address whenever it is read, like those of ./learn 6 cache.
class Watched {
 public:
  Watched(double value = 0) : value_(value) {}
  Watched(const Watched& other) : value_(other.read()) {}
  Watched& operator=(const Watched& other) { return value_ = other.read(), *this; }
  Watched& operator+=(const Watched& other) { return value_ = read() + other.read(), *this; }
  friend Watched operator+(const Watched& x, const Watched& y) { return x.read() + y.read(); }
  friend Watched operator-(const Watched& x, const Watched& y) { return x.read() - y.read(); }
  friend Watched operator*(const Watched& x, const Watched& y) { return x.read() * y.read(); }
  friend bool operator==(const Watched& x, const Watched& y) { return x.read() == y.read(); }

  static inline std::vector<const Watched*> visited;

 private:
  double read() const { return visited.push_back(this), value_; }
  double value_;
};

// The reads of b while work() runs: how many, and how many were not of the number right after the previous one.
struct Walk {
  std::size_t reads = 0, jumps = 0;
};
template <class Work>
Walk walk_over(const Matrix<Watched>& b, const Work& work) {
  Watched::visited.clear();
  work();
  Walk walk;
  const Watched* before = nullptr;
  for (const Watched* at : Watched::visited) {
    if (at < b.data() || at >= b.data() + b.size()) continue;
    ++walk.reads;
    walk.jumps += before == nullptr || at != before + 1;
    before = at;
  }
  return walk;
}

void expect_a_walk_along_rows(const Walk& walk) {
  EXPECT_LT(walk.jumps, walk.reads / 2)
      << "jumps among the " << walk.reads
      << " reads of B in a product (3 x 5) times (5 x 32). A jump is a read that does not follow the "
         "previous one in memory.\nThe innermost loop goes down a column of B, where every number is in "
         "another cache line: the order of the loops must be i, k, j.\nThe sums are correct, but as slow "
         "as three loops; ./learn 6 cache counts the cache lines";
}

TEST(RowsInLoopOrder, walks_along_the_rows_of_b) {
  const Matrix<Watched> a(3, 5, Watched(1)), b(5, 32, Watched(1));
  Matrix<Watched> out(3, 32);
  expect_a_walk_along_rows(walk_over(b, [&] { detail::rows_in_loop_order(view(a), view(b), out, 0, 3); }));
}

TEST(WithContiguousRows, copies_only_if_rows_are_not_contiguous) {
  M buffer;
  EXPECT_EQ(detail::with_contiguous_rows(view(kB), buffer).data, kB.data());
  const auto rows = detail::with_contiguous_rows(transposed(kB), buffer);
  EXPECT_EQ(rows.data, buffer.data());
  EXPECT_EQ(rows.col_stride, 1u);
  EXPECT_EQ(buffer, (M{{7, 9, 11}, {8, 10, 12}}));
}

// out += the tile (j_begin .. j_end - 1) x (k_begin .. k_end - 1) of a·b, where out was 100 everywhere.
M tile_added(const M& a, const M& b, std::size_t j_begin, std::size_t j_end, std::size_t k_begin,
             std::size_t k_end) {
  M out(a.rows(), b.cols(), 100);
  detail::add_tile(view(a), view(b), out, j_begin, j_end, k_begin, k_end);
  return out;
}

// One term per entry, 2 or 3 times 1, added to 100, so that only the range of columns matters.
TEST(AddTile, changes_the_columns_of_its_tile_and_no_others) {
  constexpr std::size_t kCols = 2 * detail::kTileCols + 3;
  const M a{{2}, {3}}, b(1, kCols, 1);
  const auto changed = [](std::size_t begin, std::size_t end, double before) {
    M out(2, kCols, 100);
    for (std::size_t j = begin; j < end; ++j) out(0, j) = before + 2, out(1, j) = before + 3;
    return out;
  };
  M out(2, kCols, 100);
  detail::add_tile(view(a), view(b), out, 1, 4, 0, 1);
  const std::string to_the_width =
      "if j runs over the full width of a tile: the last tile may be narrower, so stop at j_end";
  EXPECT_EQ(out, changed(1, 4, 100))
      << "the columns 1, 2 and 3 of a product, (2 x 1) times (1 x " << kCols
      << "), added to 100 everywhere; j_begin = 1, j_end = 4, A = {{2}, {3}}, B is 1 everywhere"
      << mistake_in(out,
                    {{changed(0, 4, 100), "if j begins at 0 instead of j_begin"},
                     {changed(1, kCols, 100), "if j goes to the end of the matrix instead of j_end"},
                     {changed(0, kCols, 100), "if j runs over all columns instead of j_begin to j_end - 1"},
                     {changed(1, detail::kTileCols, 100), to_the_width.c_str()},
                     {changed(1, 1 + detail::kTileCols, 100), to_the_width.c_str()},
                     {changed(1, 3, 100), "if the last column is missing: j goes up to j_end - 1"},
                     {changed(1, 2, 100), "if the last columns are missing: j goes up to j_end - 1"},
                     {changed(1, 5, 100), "if j goes one too far, with <= instead of <"},
                     {changed(1, 4, 0), "if the sums start again at 0: a tile adds to the sums in out"}});
}

TEST(AddTile, gives_the_numbers_done_by_hand) {
  const M a{{1, 2, 3, 4}, {5, 6, 7, 8}}, b{{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}, {13, 14, 15, 16}};
  const M got = tile_added(a, b, 1, 3, 1, 3);
  EXPECT_EQ(got, (M{{100, 142, 147, 100}, {100, 206, 219, 100}}))
      << given("a tile of A·B added to 100, with j from 1 to 3 and k from 1 to 3 (not included)", "A", a, "B",
               b)
      << mistake_in(
             got,
             {{{{100, 42, 47, 100}, {100, 106, 119, 100}},
               "if the sums start again at 0: a tile adds to the sums in out"},
              {{{0, 42, 47, 0}, {0, 106, 119, 0}},
               "if the row is set to 0 first: a tile adds to the sums in out"},
              {{{100, 30, 33, 100}, {100, 70, 77, 100}}, "if only the last k counts: a sum needs +="},
              {{{100, 144, 150, 100}, {100, 216, 234, 100}}, "if k begins at 0 instead of k_begin"},
              {{{100, 198, 207, 100}, {100, 318, 339, 100}},
               "if k goes to the end of the matrix instead of k_end"},
              {{{100, 200, 210, 100}, {100, 328, 354, 100}},
               "if k runs over the whole matrix instead of k_begin to k_end - 1"},
              {{{137, 142, 147, 152}, {193, 206, 219, 232}},
               "if j runs over all columns instead of j_begin to j_end - 1"},
              {{{137, 142, 147, 100}, {193, 206, 219, 100}}, "if j begins at 0 instead of j_begin"},
              {{{100, 142, 147, 152}, {100, 206, 219, 232}},
               "if j goes to the end of the matrix instead of j_end"},
              {{{100, 126, 129, 100}, {100, 190, 201, 100}}, "if a is read from column 0 instead of k_begin"},
              {{{100, 122, 127, 100}, {100, 154, 167, 100}}, "if b is read from row 0 instead of k_begin"},
              {{{100, 137, 142, 100}, {100, 193, 206, 100}}, "if b is read from column 0 instead of j_begin"},
              {{{100, 133, 153, 100}, {100, 185, 237, 100}}, "if b is read as b(j, k) instead of b(k, j)"}});
}

TEST(AddTile, without_terms_or_columns_changes_nothing) {
  EXPECT_EQ(tile_added(kA, kB, 0, 2, 1, 1), M(2, 2, 100))
      << "a tile without terms, added to 100, k_begin = k_end = 1";
  EXPECT_EQ(tile_added(kA, kB, 1, 1, 0, 3), M(2, 2, 100))
      << "a tile without columns, added to 100, j_begin = j_end = 1";
}

TEST(AddTile, walks_along_the_rows_of_b) {
  const Matrix<Watched> a(3, 5, Watched(1)), b(5, 32, Watched(1));
  Matrix<Watched> out(3, 32);
  expect_a_walk_along_rows(walk_over(b, [&] { detail::add_tile(view(a), view(b), out, 0, 32, 0, 5); }));
}

TEST(AddTile, continues_the_sums_of_the_previous_tile) {
  M out(2, 1, 0);
  detail::add_tile(view(kOrder), view(M(3, 1, 1)), out, 0, 1, 0, 2);
  detail::add_tile(view(kOrder), view(M(3, 1, 1)), out, 0, 1, 2, 3);
  EXPECT_EQ(above_one(out), kOrderAboveOne) << kOrderMistake;
}

TEST(MatmulTiled, gives_the_bits_of_three_loops_around_the_edges_of_tiles) {
  using detail::kTileCols, detail::kTileInner;
  for (const std::size_t inner : {kTileInner - 1, kTileInner, kTileInner + 1, 2 * kTileInner + 1}) {
    for (const std::size_t cols : {kTileCols - 1, kTileCols, kTileCols + 1}) {
      const auto a = random_matrix<float>(3, inner, 1), b = random_matrix<float>(inner, cols, 2);
      const auto expected = three_forms<float>(matmul_plain<float>, a, b);
      EXPECT_EQ(three_forms<float>(matmul_tiled<float>, a, b), expected)
          << "in the three forms of a product (3 x " << inner << ") times (" << inner << " x " << cols
          << ") of random numbers: " << kOrderMistake;
    }
  }
}

// The program compiles the micro-kernel for every SIMD target; here it is compiled for the one without vectors.
namespace hn = hwy::HWY_NAMESPACE;

// With vectors of one number, the micro-kernel's result can be computed by hand.
TEST(MicroKernel, gives_the_numbers_done_by_hand) {
  const M b{{-9, 7, 8, -9, -9}, {-9, 9, 10, -9, -9}, {-9, 11, 12, -9, -9}, {-9, -9, -9, -9, -9}};
  const M below_a = with_a_row_below(kA);
  M out(4, 4, 100);
  HWY_NAMESPACE::micro_kernel<2, 2>(hn::CappedTag<double, 1>(), without_its_last_row(below_a), b.data() + 1,
                                    5, &out(1, 1), 4);
  const auto with = [](double r0, double r1, double s0, double s1) {
    return M{{100, 100, 100, 100}, {100, r0, r1, 100}, {100, s0, s1, 100}, {100, 100, 100, 100}};
  };
  EXPECT_EQ(out, with(58, 64, 139, 154))
      << given(
             "a tile of 2 rows and 2 vectors of one number each, in the middle of out, which was 100 "
             "everywhere",
             "A", kA, "B", kB)
      << mistake_in(
             out,
             {{with(22, 28, 220, 235), "if k goes one too far, with <= instead of <"},
              {with(158, 164, 239, 254), "if the sums start with the old contents of out: they start at 0"},
              {with(33, 36, 66, 72), "if only the last k counts: MulAdd adds to the sum, Mul does not"},
              {with(58, 58, 139, 139), "if all vectors of a row are the first one"},
              {with(58, 64, 58, 64), "if all rows are the first one"},
              {M{{100, 100, 100, 100}, {100, 58, 64, 100}, {100, 100, 139, 154}, {100, 100, 100, 100}},
               "if row r is stored at out + r * b_stride: the rows of out are out_stride apart"}});
}

// The results with v in place of v * Lanes(d), once in the load and once in the store; every tile is two vectors wide.
Matrix<double> loaded_too_near(const Matrix<float>& right, std::size_t lanes) {
  Matrix<double> wrong(right.rows(), right.cols());
  for (std::size_t r = 0; r < right.rows(); ++r) {
    for (std::size_t c = 0; c < right.cols(); ++c) {
      const bool second = c % (2 * lanes) >= lanes;
      wrong(r, c) = static_cast<double>(right(r, second ? c - lanes + 1 : c));
    }
  }
  return wrong;
}
Matrix<double> stored_too_near(const Matrix<float>& right, std::size_t lanes) {
  Matrix<double> wrong(right.rows(), right.cols(), -99);
  for (std::size_t r = 0; r < right.rows(); ++r) {
    for (std::size_t c = 0; c < right.cols(); c += 2 * lanes) {
      wrong(r, c) = static_cast<double>(right(r, c));
      for (std::size_t i = 0; i < lanes; ++i)
        wrong(r, c + 1 + i) = static_cast<double>(right(r, c + lanes + i));
    }
  }
  return wrong;
}

TEST(MicroKernel, places_its_vectors_side_by_side) {
  const auto a = whole_numbers<float>(3, 7, 1), b = whole_numbers<float>(7, 64, 2);
  Matrix<float> expected(3, 64);
  matmul_plain(view(a), view(b), expected);
  for (const std::string& name : simd_targets()) {
    const SimdTarget target(name);
    Matrix<float> out(3, 64, -99);
    matmul_simd(view(a), view(b), out);
    std::string mistake;
    for (const std::size_t lanes : {4u, 8u, 16u}) {
      mistake += mistake_in(out, {{loaded_too_near(expected, lanes),
                                   "if vector v of b is loaded at + v: it begins at + v * Lanes(d)"},
                                  {stored_too_near(expected, lanes),
                                   "if vector v is stored at + v: it belongs at + v * Lanes(d)"}});
    }
    ASSERT_EQ(out, expected) << "with vectors of the target " << name
                             << ", (3 x 7) times (7 x 64), integers; every tile is two vectors wide"
                             << mistake;
  }
}

// The likely mistake in a product of the micro-kernel whose last bits are wrong.
const char* rounding_mistake(const Matrix<float>& got, const Case<float>& c) {
  if (simd_target_has_fma() && got == c.plain)
    return "\nthis is what comes out with two roundings, Add(Mul(a, b), c): MulAdd(a, b, c) rounds once";
  return kOrderMistake;
}

TEST(MicroKernel, rounds_once_if_the_processor_has_fma) {
  const auto all = cases<float>({{3, 50, 64}});
  for (const std::string& name : simd_targets()) {
    const SimdTarget target(name);
    Matrix<float> out(3, 64, -99);
    matmul_simd(view(all[0].a), view(all[0].b), out);
    ASSERT_TRUE(close_to(out, simd_target_has_fma() ? all[0].fused : all[0].plain))
        << "with vectors of the target " << name
        << ", (3 x 50) times (50 x 64), random numbers: " << rounding_mistake(out, all[0]);
  }
}

TEST(MicroKernel, reads_a_transposed_matrix) {
  const M at = turned(kA);
  M out(2, 2);
  HWY_NAMESPACE::micro_kernel<2, 2>(hn::CappedTag<double, 1>(), transposed(at), kB.data(), 2, out.data(), 2);
  EXPECT_EQ(out, kAB) << given("a may be transposed: read its entries as a(r, k)", "A", kA, "B", kB);
}

TEST(MicroKernel, adds_the_products_in_the_order_of_k) {
  M out(2, 1);
  const M ones(3, 1, 1);
  HWY_NAMESPACE::micro_kernel<2, 1>(hn::CappedTag<double, 1>(), view(kOrder), ones.data(), 1, out.data(), 1);
  EXPECT_EQ(above_one(out), kOrderAboveOne) << kOrderMistake;
}

// Columns 3 to 6 of a matrix with five columns; -9 follows it in memory.
TEST(PackColumns, gives_the_numbers_done_by_hand) {
  const M all{{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}, {11, 12, 13, 14, 15}, {-9, -9, -9, -9, -9}};
  M packed(4, 4, 99);
  HWY_NAMESPACE::pack_columns(MatrixView<double>{all.data(), 3, 5, 5, 1}, 3, 4, packed.data());
  const M expected{{4, 5, 0, 0}, {9, 10, 0, 0}, {14, 15, 0, 0}, {99, 99, 99, 99}};
  EXPECT_EQ(packed, expected)
      << given("the columns of B from 3 on, width 4; packed was 99 everywhere, and -9 follows B in memory",
               "B", with_a_row_below(M{{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}, {11, 12, 13, 14, 15}}))
      << mistake_in(packed, {{{{4, 5, 6, 7}, {9, 10, 11, 12}, {14, 15, -9, -9}, {99, 99, 99, 99}},
                              "if it reads beyond the last column of b: write zeros there"},
                             {{{4, 5, 99, 99}, {9, 10, 99, 99}, {14, 15, 99, 99}, {99, 99, 99, 99}},
                              "if nothing is written beyond the last column of b: write zeros there"},
                             {{{1, 2, 3, 4}, {6, 7, 8, 9}, {11, 12, 13, 14}, {99, 99, 99, 99}},
                              "if it begins at column 0 instead of `begin`"},
                             {{{4, 9, 14, 5}, {10, 15, 0, 0}, {0, 0, 0, 0}, {99, 99, 99, 99}},
                              "if it packs column by column: packed has rows of `width` numbers"},
                             {{{4, 5, 0, 0}, {99, 9, 10, 0}, {0, 99, 14, 15}, {0, 0, 99, 99}},
                              "if the rows of packed are b.cols() apart: they are `width` apart"}});
}

TEST(PackColumns, reads_a_transposed_matrix) {
  M packed(3, 2, 99);
  HWY_NAMESPACE::pack_columns(transposed(kA), 0, 2, packed.data());
  EXPECT_EQ(packed, (M{{1, 4}, {2, 5}, {3, 6}})) << "b may be transposed: read its entries as b(k, j)";
}

TEST(MatmulThreads, gives_the_bits_of_three_loops_with_any_number_of_threads) {
  const auto all = cases<double>({{3, 5, 7}, {0, 3, 2}, {2, 0, 3}, {5, 1000, 300}, {64, 784, 128}});
  for (const std::size_t count : {1u, 2u, 3u, 8u}) {
    const Threads threads(count);
    for (const Case<double>& c : all) {
      for (const M& got : three_forms<double>(matmul_threads<double>, c.a, c.b)) {
        ASSERT_TRUE(close_to(got, simd_target_has_fma() ? c.fused : c.plain))
            << "with " << count << " threads, (" << shape(c.a) << ") times (" << shape(c.b) << "); "
            << kOrderMistake
            << "; split the rows of out among the threads, so that one thread computes each row";
      }
    }
  }
}

// Only the first of two threads does its part, so the product must be incomplete. (Measuring time would not do: on a busy
// machine the first thread may have to do everything.)
TEST(MatmulThreads, splits_the_rows_of_a_large_product) {
  const M a = random_matrix<double>(256, 300, 1), b = random_matrix<double>(300, 300, 2);
  const Threads threads(2);
  M whole(a.rows(), b.cols()), part(a.rows(), b.cols());
  matmul_threads(view(a), view(b), whole);
  {
    const FirstRunOnly first;
    matmul_threads(view(a), view(b), part);
  }
  EXPECT_FALSE(part == whole) << "the first of two threads computed all of a product (256 x 300) times "
                                 "(300 x 300): either the rows are not split, or each thread computes all "
                                 "rows instead of begin to end - 1";
}

TEST(Products, every_one_gives_the_bits_of_three_loops_on_every_simd_target) {
  ASSERT_FALSE(simd_targets().empty());
  std::vector<ProductShape> shapes = shapes_around_tiles();
  if (is_check()) {  // the thin and empty ones, and every seventh of the others: 7 divides the length of no list of sizes, so each size occurs
    std::size_t kept = std::size(kProductShapes);
    for (std::size_t i = kept; i < shapes.size(); i += 7) shapes[kept++] = shapes[i];
    shapes.resize(kept);
  }
  expect_the_bits_of_three_loops_on_every_simd_target<float>(shapes);
  expect_the_bits_of_three_loops_on_every_simd_target<double>(shapes);
}

TEST(Products, large_ones_have_the_bits_of_three_loops) {
  expect_the_bits_of_three_loops_on_every_simd_target<float>(large_shapes());
  expect_the_bits_of_three_loops_on_every_simd_target<double>({{97, 131, 61}, {64, 784, 17}});
}

// One dimension is very long and the others are tiny, or there is nothing to add or to compute.
TEST(Products, of_thin_and_empty_matrices_have_the_bits_of_three_loops) {
  std::vector<ProductShape> shapes = {{1, 200'000, 3}, {3, 131'072, 2}, {200'000, 1, 2}, {2, 1, 200'000},
                                      {0, 200'000, 3}, {3, 200'000, 0}, {3, 0, 2}};
  if (is_check()) shapes = {{1, 20'000, 3}, {3, 13'107, 2}, {20'000, 1, 2}, {2, 1, 20'000}, {3, 0, 2}};
  std::mt19937 random(1);
  const auto up_to = [&](std::size_t most) { return 1 + random() % most; };
  for (int i = 0; i < 3 && !is_check(); ++i) shapes.push_back({up_to(3), 100'000 + up_to(100'000), up_to(3)});
  expect_the_bits_of_three_loops(cases<float>(shapes));
}

TEST(Products, give_the_same_bits_with_any_number_of_threads) {
  const auto all = cases<float>(large_shapes());
  for (const std::size_t count : {1u, 2u, 3u, 8u}) {
    SCOPED_TRACE(std::to_string(count) + " threads");
    const Threads threads(count);
    ASSERT_EQ(thread_count(), count);
    expect_the_bits_of_three_loops(all);
  }
}

#ifdef __x86_64__
TEST(MicroKernelAvx2, gives_the_bits_of_fused_loops) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) GTEST_SKIP();
  for (const std::size_t inner : {0, 1, 5, 784}) {
    const auto a = random_matrix<float>(6, inner, 1), b = random_matrix<float>(inner, 16, 2), at = turned(a);
    Matrix<float> expected(6, 16), rows(6, 16), columns(6, 16);
    matmul_plain_fused(view(a), view(b), expected);
    micro_kernel_avx2(view(a), b.data(), 16, rows.data(), 16);
    micro_kernel_avx2(transposed(at), b.data(), 16, columns.data(), 16);
    EXPECT_EQ(rows, expected) << inner;
    EXPECT_EQ(columns, expected) << inner;
  }
}
#endif

TEST(SimdTargets, are_chosen_by_name) {
  const std::string widest = simd_targets().front();
  EXPECT_EQ(simd_target(), widest);
  EXPECT_TRUE(throws_saying<std::invalid_argument>([] { use_simd_target("MMX"); }, {"'MMX'"}));
  EXPECT_EQ(simd_target(), widest);
}

TEST(Products, propagate_nan) {
  const auto a = as<float>({{0, 1}, {2, 3}}), b = as<float>({{kInfinity, 1}, {1, 1}});
  for (const std::string& name : simd_targets()) {
    const SimdTarget target(name);
    for (const auto& p : products<float>()) {
      for (const auto& got : three_forms<float>(p.product, a, b)) {
        EXPECT_TRUE(is_nan(got(0, 0))) << p.name << " on " << name << ": 0 times infinity is not 0";
        EXPECT_EQ(got(1, 0), static_cast<float>(kInfinity)) << p.name << " on " << name;
        EXPECT_EQ(got(1, 1), 5.0f) << p.name << " on " << name;
      }
    }
  }
}

// A forward and a backward pass: the products that training needs, one after the other.
TEST(Products, give_the_gradients_of_three_loops_bit_for_bit) {
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
  EXPECT_EQ(products<float>().front().product, &matmul_plain<float>) << "the slowest is the first";
  for (const auto& p : products<float>())
    EXPECT_EQ(product_named<float>(p.name).product, p.product) << p.name;
  EXPECT_EQ(fastest_product<float>().product, products<float>().back().product);
  EXPECT_TRUE(throws_saying<std::invalid_argument>([] { product_named<float>("quick"); },
                                                   {"'quick'", "plain", fastest_product<float>().name}));
}

// The shortest of several runs, which other work on the machine disturbed least.
double least_seconds(Product<float> product, const Matrix<float>& a, const Matrix<float>& b) {
  Matrix<float> out(a.rows(), b.cols());
  double least = 1e9;
  const Timer all;
  for (int i = 0; i < 3 || all.seconds() < 0.05; ++i) {
    const Timer timer;
    product(view(a), view(b), out);
    least = std::min(least, timer.seconds());
  }
  return least;
}

// For ./learn check 6: how fast each product is on this machine, compared with three loops. Not a property.
class SpeedOfTheProducts : public testing::Environment {
  void TearDown() override {
    if (!is_check() || !testing::UnitTest::GetInstance()->Passed()) return;
    const Threads threads(usable_cores());
    fmt::print("\nSpeed on this machine ({} threads for `threads` and `fast`):\n", thread_count());
    say("(256 x 256) times (256 x 256)", {256, 256, 256});
    say("(128 x 800) times (800 x 10), an output layer", {128, 800, 10});
  }

  static void say(const char* what, const ProductShape& shape) {
    const auto a = random_matrix<float>(shape.rows, shape.inner, 1),
               b = random_matrix<float>(shape.inner, shape.cols, 2);
    const double plain = least_seconds(matmul_plain<float>, a, b);
    fmt::print("  {}\n", what);
    for (const auto& p : products<float>()) {
      const double seconds = least_seconds(p.product, a, b);
      fmt::print("    {:10} {:8.3f} ms, {:6.1f} times as fast as three loops\n", p.name, 1e3 * seconds,
                 plain / seconds);
    }
  }
};
[[maybe_unused]] const auto* const kSpeed = testing::AddGlobalTestEnvironment(new SpeedOfTheProducts);

}  // namespace
}  // namespace nn
