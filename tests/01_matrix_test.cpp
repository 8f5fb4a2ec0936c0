#include <array>
#include <cstdint>
#include <gtest/gtest.h>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "01_matrix/matmul.hpp"
#include "01_matrix/matrix.hpp"
#include "01_matrix/nearest_mean.hpp"
#include "01_matrix/tiny_network.hpp"
#include "expectations/mistakes.hpp"
#include "expectations/throws_saying.hpp"
#include "inputs/matrices.hpp"

namespace nn {
namespace {

using M = Matrix<double>;
using Complex = std::complex<double>;
using Labels = std::vector<std::uint8_t>;

// 2 x 3 times 3 x 2, by hand: 1*7 + 2*9 + 3*11 = 58, ...
const M kA{{1, 2, 3}, {4, 5, 6}}, kB{{7, 8}, {9, 10}, {11, 12}};
const M kATransposed{{1, 4}, {2, 5}, {3, 6}}, kBTransposed{{7, 9, 11}, {8, 10, 12}};
const M kAB{{58, 64}, {139, 154}};
// Three sizes, no two alike: (2 x 3) times (3 x 4).
const M kC{{1, 0, 2, -1}, {0, 1, 1, 2}, {3, -1, 0, 1}}, kAC{{10, -1, 4, 6}, {22, -1, 13, 12}};

// At these numbers the C library's own forms for float are one step off.
TEST(Scalar, functions_of_a_float_are_those_of_a_double_rounded) {
  EXPECT_EQ(nn::exp(-4.97417498f), 0.00691422075f);
  EXPECT_EQ(nn::exp(-87.3f), 1.2192433e-38f);
  EXPECT_EQ(nn::log(0.110687412f), -2.20104527f);
  EXPECT_EQ(nn::log1p(0.0109131746f), 0.0108540552f);
  EXPECT_EQ(nn::expm1(-2.9997437f), -0.95020014f);
}

TEST(Scalar, log1p_and_expm1_take_complex_numbers_too) {
  const Complex z(0.5, 0.25), w(-0.25, 2);
  const Tolerance t = kExact<double>;
  EXPECT_TRUE(close_to(nn::log1p(z), Complex(0.4191645952022216, 0.16514867741462684), t));
  EXPECT_TRUE(close_to(nn::log1p(w), Complex(0.75893535945430495, 1.2120256565243244), t));
  EXPECT_TRUE(close_to(nn::expm1(z), Complex(0.5974665191199127, 0.40790017007835977), t));
  EXPECT_TRUE(close_to(nn::expm1(w), Complex(-1.3240954821756024, 0.70816154805665437), t));
  for (const Complex tiny : {nn::log1p(Complex(1e-20, 1e-30)), nn::expm1(Complex(1e-20, 1e-30))}) {
    EXPECT_TRUE(close_to(tiny.real(), 1e-20, t));
    EXPECT_TRUE(close_to(tiny.imag(), 1e-30, t));
  }
}

TEST(Scalar, real_part_decides) {
  EXPECT_EQ(real_part(Complex(-1, 7)), -1.0);
  EXPECT_TRUE((std::is_same_v<Real<Complex>, double> && std::is_same_v<Real<float>, float>));
  EXPECT_TRUE(is_complex<Complex> && !is_complex<double>);
}

TEST(Matrix, stands_row_after_row_in_memory) {
  const M m{{1, 2, 3}, {4, 5, 6}};
  EXPECT_EQ(shape(m), "2 x 3");
  EXPECT_EQ(std::vector(m.values().begin(), m.values().end()), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(m(1, 0), 4);
  EXPECT_EQ(std::vector(m.row(1).begin(), m.row(1).end()), (std::vector<double>{4, 5, 6}));
}

TEST(Matrix, entries_can_be_written) {
  M m(2, 2, 7);
  m(0, 1) = 1;
  m.row(1)[0] = 2;
  m.values()[3] = 3;
  EXPECT_EQ(m, (M{{7, 1}, {2, 3}}));
  m.fill(-1);
  EXPECT_EQ(m, (M{{-1, -1}, {-1, -1}}));
}

TEST(Matrix, starts_at_zero_and_at_a_multiple_of_64_bytes) {
  for_each_scalar([]<class T>(T) {
    for (const std::size_t size : {1u, 3u, 5u, 17u, 130u}) {
      const Matrix<T> m(size, size);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(m.data()) % 64, 0u) << shape(m);
      for (const T& value : m.values()) EXPECT_EQ(value, T(0));
    }
  });
}

TEST(Matrix, is_empty_once_it_was_moved_from) {
  M from{{1, 2}};
  const M to = std::move(from);
  EXPECT_EQ(to, (M{{1, 2}}));
  EXPECT_EQ(shape(from), "0 x 0");  // NOLINT(bugprone-use-after-move): that is what is asked
}

TEST(Matrix, keeps_its_memory_when_it_is_resized_back_and_forth) {
  Matrix<float> m(10, 20);
  const float* memory = m.data();
  for (const auto& [rows, cols] : {std::pair{3, 4}, {0, 5}, {20, 10}, {10, 20}}) {
    m.resize(rows, cols);
    EXPECT_EQ(shape(m), std::to_string(rows) + " x " + std::to_string(cols));
    EXPECT_EQ(m.size(), static_cast<std::size_t>(rows * cols));
    EXPECT_EQ(m.data(), memory) << shape(m);
  }
}

TEST(Matrix, is_equal_only_with_the_same_shape_and_numbers) {
  EXPECT_NE((M{{1, 2}}), (M{{1}, {2}}));
  EXPECT_NE((M{{1, 2}}), (M{{1, 3}}));
  EXPECT_NE(M(0, 3), M(3, 0));
}

TEST(Matrix, refuses_rows_of_unlike_length) {
  EXPECT_TRUE(throws_saying<ShapeError>([] { M({{1, 2, 3}, {4, 5}}); }, {"2", "3"}));
}

// Into a matrix full of other numbers, which must all be overwritten.
template <class T>
Matrix<T> plain(MatrixView<T> a, MatrixView<T> b) {
  Matrix<T> out(a.rows(), b.cols(), T(-99));
  return explained([&] { return matmul_plain(a, b, out), out; },
                   "in A·B with A (" + shape(a) + ") and B (" + shape(b) + "), out (" + shape(out) + ")");
}

TEST(MatmulPlain, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    const Matrix<T> a = as<T>(kA), b = as<T>(kB), ab = plain(view(a), view(b));
    EXPECT_EQ(ab, as<T>(kAB))
        << given("A·B", "A", kA, "B", kB)
        << mistake_in(
               ab,
               {{{{58, 122}, {261, 415}}, "if the sum is set to zero once, not for every entry"},
                {{{58, 122}, {139, 293}}, "if the sum is set to zero once per row, not for every entry"},
                {{{-41, -35}, {40, 55}}, "if the products are added to the old contents of out, here -99"},
                {{{50, 62}, {122, 152}}, "if b is read as b(j, k) instead of b(k, j)"},
                {{{33, 36}, {66, 72}}, "if only the last k counts: a sum needs +="},
                {{{25, 28}, {73, 82}},
                 "if k stops at 2, the number of rows of A: a row of A has a.cols() entries"}});
    const Matrix<T> ac = plain(view(a), view(as<T>(kC)));
    EXPECT_EQ(ac, as<T>(kAC)) << given("A·B", "A", kA, "B", kC)
                              << mistake_in(ac, {{{{10, -1, -99, -99}, {22, -1, -99, -99}},
                                                  "if j stops at out.rows(): the result has out.cols() "
                                                  "columns (out was -99 before)"},
                                                 {{{10, -1, 4, -99}, {22, -1, 13, -99}},
                                                  "if j stops at a.cols(): the result has out.cols() columns "
                                                  "(out was -99 before)"}});
  });
}

TEST(MatmulPlain, reads_a_transposed_view_of_a_matrix) {
  const char* const read =
      "a and b may be views of transposed matrices: a(i, k) and b(k, j) find the entries";
  EXPECT_EQ(plain(transposed(kATransposed), view(kB)), kAB) << given(read, "A", kA, "B", kB);
  EXPECT_EQ(plain(view(kA), transposed(kBTransposed)), kAB) << given(read, "A", kA, "B", kB);
}

TEST(MatmulPlain, reads_a_part_of_a_matrix) {
  const M all{{1, 2, 3, -9}, {4, 5, 6, -9}, {-9, -9, -9, -9}};
  const char* const read =
      "A is a part of a larger matrix, whose rows are longer: a(i, k) and b(k, j) find the entries";
  EXPECT_EQ(plain(MatrixView<double>{all.data(), 2, 3, 4, 1}, view(kB)), kAB)
      << given(read, "A", kA, "B", kB);
  EXPECT_EQ(plain(view(kATransposed), MatrixView<double>{all.data(), 2, 3, 4, 1}),
            plain(view(kATransposed), view(kA)))
      << given(read, "B", kA);
}

TEST(MatmulPlain, adds_nothing_up_to_zero) {
  EXPECT_EQ(plain(view(M(2, 0)), view(M(0, 3))), M(2, 3, 0)) << "(2 x 0) times (0 x 3)";
}

// 1 + 2^-53 rounds to 1, twice; 2^-53 + 2^-53 + 1 is more than 1.
TEST(MatmulPlain, adds_the_products_in_the_order_of_k) {
  const M a{{1, 0x1p-53, 0x1p-53}, {0x1p-53, 0x1p-53, 1}}, b{{1}, {1}, {1}};
  EXPECT_EQ(plain(view(a), view(b)), (M{{1}, {1 + 0x1p-52}}))
      << "A·B, for\n  A = {{1, e, e}, {e, e, 1}} with e = 2^-53, half of the distance from 1 to the next "
         "number\n"
         "  B = {{1}, {1}, {1}}\n1 + e rounds to 1, e + e + 1 does not: every entry needs a single sum, with "
         "k ascending";
}

TEST(Matmul, has_three_forms_with_one_result) {
  for_each_scalar([]<class T>(T) {
    EXPECT_EQ(matmul(as<T>(kA), as<T>(kB)), as<T>(kAB)) << given("A·B", "A", kA, "B", kB);
    EXPECT_EQ(matmul_at_b(as<T>(kATransposed), as<T>(kB)), as<T>(kAB))
        << given("Aᵀ·B", "A", kATransposed, "B", kB);
    EXPECT_EQ(matmul_a_bt(as<T>(kA), as<T>(kBTransposed)), as<T>(kAB))
        << given("A·Bᵀ", "A", kA, "B", kBTransposed);
  });
}

TEST(Matmul, is_correct_for_odd_thin_and_empty_shapes) {
  for (const auto& [rows, inner, cols] : kProductShapes) {
    const auto a = whole_numbers<float>(rows, inner, 1), b = whole_numbers<float>(inner, cols, 2);
    Matrix<float> expected(rows, cols);
    for (std::size_t k = 0; k < inner; ++k) {
      for (std::size_t i = 0; i < rows * cols; ++i) expected.values()[i] += a(i / cols, k) * b(k, i % cols);
    }
    const std::string shapes = "of a product (" + shape(a) + ") times (" + shape(b) + ") of integers";
    EXPECT_EQ(matmul(a, b), expected) << shapes;
    EXPECT_EQ(matmul_at_b(turned(a), b), expected) << shapes;
    EXPECT_EQ(matmul_a_bt(a, turned(b)), expected) << shapes;
  }
}

TEST(Matmul, writes_into_the_memory_that_it_is_given) {
  M out(5, 5, kNan);
  const double* memory = out.data();
  const char* const before = "out held NaN before: write = and not += into it";
  matmul(kA, kB, out);
  EXPECT_EQ(out, kAB) << given("A·B", "A", kA, "B", kB) << "\n" << before;
  out.fill(kNan);
  matmul_at_b(kATransposed, kB, out);
  EXPECT_EQ(out, kAB) << given("Aᵀ·B", "A", kATransposed, "B", kB) << "\n" << before;
  out.fill(kNan);
  matmul_a_bt(kA, kBTransposed, out);
  EXPECT_EQ(out, kAB) << given("A·Bᵀ", "A", kA, "B", kBTransposed) << "\n" << before;
  EXPECT_EQ(out.data(), memory) << "out has enough memory already: write into it";
}

TEST(Matmul, names_the_operation_and_both_shapes_when_they_do_not_fit) {
  const M b(2, 4);
  EXPECT_TRUE(throws_saying<ShapeError>([&] { matmul(kA, b); }, {"matmul:", "2 x 3", "2 x 4"}));
  EXPECT_TRUE(throws_saying<ShapeError>([&] { matmul_at_b(kB, b); }, {"matmul_at_b:", "2 x 4"}));
  EXPECT_TRUE(throws_saying<ShapeError>([&] { matmul_a_bt(kA, b); }, {"matmul_a_bt:", "2 x 3"}));
}

TEST(Matmul, refuses_a_result_that_is_one_of_its_factors) {
  M square{{1, 2}, {3, 4}};
  const M other{{5, 6}, {7, 8}};
  EXPECT_THROW(matmul(square, other, square), std::invalid_argument);
  EXPECT_THROW(matmul(other, square, square), std::invalid_argument);
  EXPECT_THROW(matmul_at_b(other, square, square), std::invalid_argument);
  EXPECT_THROW(matmul_a_bt(square, other, square), std::invalid_argument);
  EXPECT_EQ(square, (M{{1, 2}, {3, 4}})) << "and leaves it as it was";
}

void other_product(MatrixView<double>, MatrixView<double>, M& out) { out.fill(42); }

TEST(UseProduct, installs_another_product_while_it_lives) {
  EXPECT_EQ(current_product<double>, &matmul_plain<double>);
  {
    const UseProduct<double> use(other_product);
    EXPECT_EQ(matmul(kA, kB), M(2, 2, 42))
        << "another product is installed, which sets every entry to 42: matmul must use it";
    EXPECT_EQ(matmul_at_b(kA, kA), M(3, 3, 42));
    EXPECT_EQ(matmul_a_bt(kA, kA), M(2, 2, 42));
    EXPECT_EQ(matmul(as<float>(kA), as<float>(kB)), as<float>(kAB))
        << "the product of another scalar type stays";
    EXPECT_EQ((UseProduct<double>(matmul_plain<double>), matmul(kA, kB)), kAB) << "a guard within a guard";
    EXPECT_EQ(current_product<double>, &other_product);
    EXPECT_THROW(matmul(kA, kA), ShapeError) << "shapes are checked before any product";
  }
  EXPECT_EQ(matmul(kA, kB), kAB);
}

TEST(Dense, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    const std::string layer = given("X·W + b, the tiny network's hidden layer", "X", tiny::inputs<T>(), "W",
                                    tiny::hidden_weights<T>(), "b", tiny::hidden_bias<T>());
    const Matrix<T> hidden = explained(
        [] { return dense(tiny::inputs<T>(), tiny::hidden_weights<T>(), tiny::hidden_bias<T>()); }, layer);
    EXPECT_EQ(hidden, as<T>({{2, 2, -2}, {-1, 3, 2}}))
        << layer
        << mistake_in(hidden,
                      {{{{2, 1, -1}, {-1, 2, 3}}, "without the bias"},
                       {{{2, 2, -2}, {-1, 2, 3}}, "if only the first row gets the bias"},
                       {{{2, 1, -1}, {0, 3, 4}}, "if row i gets the bias i: there is one bias per neuron"},
                       {{{0, 1, -1}, {0, 1, -1}}, "if the bias replaces the product: it is added"}});
    EXPECT_EQ(dense(hidden, tiny::output_weights<T>(), tiny::output_bias<T>()),
              as<T>({{5, 2, -4}, {-2, 3, -1}}))
        << given("X·W + b, the tiny network's output layer", "X", hidden, "W", tiny::output_weights<T>(), "b",
                 tiny::output_bias<T>());
  });
}

TEST(Dense, adds_the_bias_once_to_every_row) {
  M y(9, 9, kNan);
  const double* memory = y.data();
  dense(M(4, 2), M(2, 3), {{1, -2, 0.5}}, y);
  EXPECT_EQ(y, (M{{1, -2, 0.5}, {1, -2, 0.5}, {1, -2, 0.5}, {1, -2, 0.5}}))
      << "X·W + b, for four examples and weights that are all 0 and b = {{1, -2, 0.5}}: every row gets b "
         "once";
  EXPECT_EQ(y.data(), memory) << "it reuses the given memory";
  EXPECT_EQ(shape(dense(M(0, 2), M(2, 3), M(1, 3))), "0 x 3") << "the shape of X·W + b for no examples";
}

TEST(Dense, refuses_shapes_that_do_not_fit) {
  const M x(4, 2), w(2, 3);
  EXPECT_TRUE(throws_saying<ShapeError>([&] { dense(x, w, M(1, 2)); }, {"dense:", "2 x 3", "1 x 2"}));
  EXPECT_THROW(dense(x, w, M(4, 3)), ShapeError) << "one bias per neuron, not per example";
  EXPECT_THROW(dense(x, M(3, 3), M(1, 3)), ShapeError) << "X (4 x 2) times W (3 x 3): the inner sizes differ";
}

template <class T>
std::size_t where_largest(const Matrix<T>& row) {
  return argmax(std::span<const T>(row.row(0)));
}

TEST(Argmax, finds_the_largest) {
  for_each_scalar([]<class T>(T) {
    EXPECT_EQ(where_largest(as<T>({{1, 3, 2}})), 1u)
        << "of the row 1, 3, 2: the index of the largest entry, from 0";
    EXPECT_EQ(where_largest(as<T>({{0, 1, 2, 3}})), 3u)
        << "of the row 0, 1, 2, 3: the last entry may be the largest, too";
    EXPECT_EQ(where_largest(as<T>({{7}})), 0u) << "of the row 7: its only index is 0";
  });
}

TEST(Argmax, finds_the_largest_of_negative_numbers) {
  for_each_scalar([]<class T>(T) {
    EXPECT_EQ(where_largest(as<T>({{-5, -7, -2}})), 2u)
        << "of the row -5, -7, -2: the search must begin with the first entry; no entry here is larger than "
           "0";
  });
}

TEST(Argmax, finds_the_first_of_several) {
  for_each_scalar([]<class T>(T) {
    EXPECT_EQ(where_largest(as<T>({{0, 4, 4}})), 1u)
        << "of the row 0, 4, 4: return the first of equal entries, with > instead of >=";
    EXPECT_EQ(where_largest(as<T>({{2, 2, 2}})), 0u)
        << "of the row 2, 2, 2: return the first of equal entries, with > instead of >=";
  });
}

TEST(Argmax, of_complex_numbers_goes_by_the_real_part) {
  EXPECT_EQ(where_largest(Matrix<Complex>{{{1, 9}, {2, -9}}}), 1u)
      << "of the complex numbers 1 + 9i, 2 - 9i: compare real_part(row[j])";
  EXPECT_EQ(where_largest(Matrix<Complex>{{{0, 0}, {0, 5}}}), 0u)
      << "of the complex numbers 0, 5i: compare real_part(row[j])";
}

TEST(Argmax, of_every_row_is_a_prediction_for_each) {
  EXPECT_EQ(argmax_rows(M{{1, 3, 2}, {-5, -7, -6}, {0, 4, 4}}), (Labels{1, 0, 1}))
      << "the index of the largest entry in each row of {{1, 3, 2}, {-5, -7, -6}, {0, 4, 4}}";
}

TEST(Accuracy, is_the_fraction_of_correct_predictions) {
  EXPECT_EQ(accuracy(Labels{1, 2, 3, 4}, Labels{1, 2, 3, 0}), 0.75);
  EXPECT_EQ(accuracy(Labels{}, Labels{}), 0);
  EXPECT_THROW(accuracy(Labels{1, 2}, Labels{1}), ShapeError);
}

TEST(PixelsAsRows, makes_black_0_and_white_1) {
  const std::array<std::uint8_t, 6> pixels{0, 255, 51, 102, 1, 128};
  const M x = pixels_as_rows<double>(pixels, 2);
  EXPECT_TRUE(close_to(x, M{{0, 1}, {0.2, 0.4}, {1 / 255.0, 128 / 255.0}}, kExact<double>));
  EXPECT_EQ(shape(pixels_as_rows<float>(pixels, 6)), "1 x 6");
  EXPECT_THROW(pixels_as_rows<float>(pixels, 4), ShapeError);
}

TEST(ClassMeans, averages_the_rows_of_each_class) {
  const M x{{1, 2, 0}, {3, 4, 5}, {5, 9, 1}, {6, 1, 2}};
  const M means = class_means(x, Labels{1, 0, 1, 1}, 2);
  EXPECT_EQ(means, (M{{3, 4, 5}, {4, 4, 1}}))
      << given("the mean of each of 2 classes, labels 1, 0, 1, 1", "X", x)
      << mistake_in(
             means,
             {{{{3, 4, 5}, {12, 12, 3}}, "without dividing by the number of examples of the class"},
              {{{0.75, 1, 1.25}, {3, 3, 0.75}}, "if every sum is divided by the number of all examples"},
              {{{1.5, 2, 2.5}, {6, 6, 1.5}}, "if every sum is divided by the number of classes"},
              {{{1, 4 / 3., 5 / 3.}, {4, 4, 1}}, "if every sum is divided by the number of pixels"},
              {{{3, 4, 5}, {6, 1, 2}}, "if the last example of a class replaces the others: a sum needs +="},
              {{{3, 4, 5}, {2, 1 / 3., 2 / 3.}},
               "if the last example of a class replaces the others: a sum needs +="}});
}

TEST(ClassMeans, of_a_class_without_examples_is_0) {
  const M x{{1, 2, 0}, {3, 4, 5}, {5, 9, 1}, {6, 1, 2}};
  const M means = class_means(x, Labels{3, 3, 0, 0}, 5);
  EXPECT_EQ(means, (M{{5.5, 5, 1.5}, {0, 0, 0}, {0, 0, 0}, {2, 3, 2.5}, {0, 0, 0}}))
      << given("the mean of each of 5 classes, labels 3, 3, 0, 0", "X", x)
      << mistake_in(
             means,
             {{{{5.5, 5, 1.5}, {kNan, kNan, kNan}, {kNan, kNan, kNan}, {2, 3, 2.5}, {kNan, kNan, kNan}},
               "if a class without examples is divided by its count: 0 / 0"}});
}

TEST(ClassMeans, refuses_labels_that_do_not_fit) {
  const M x(2, 3);
  EXPECT_THROW(class_means(x, Labels{0, 4}, 4), std::out_of_range)
      << "labels 0 and 4 with 4 classes: the classes are 0 to 3, and counts.at(label) throws";
  EXPECT_THROW(class_means(x, Labels{0}, 4), ShapeError) << "two examples, one label";
}

// |m|^2 / 2 is 12.5 and 2.5; (2, 1, 0)·(3, 4, 0) = 10, (2, 1, 0)·(1, 0, 2) = 2, ...
TEST(Nearness, gives_the_numbers_done_by_hand) {
  const M x{{2, 1, 0}, {0, -1, 3}, {3, 4, 0}, {2, 0, 1}}, means{{3, 4, 0}, {1, 0, 2}};
  const M scores = explained([&] { return nearness(x, means); },
                             "A neuron is a column: the weights of neuron c are row c of means, transposed "
                             "(pixels x classes, where means is classes x pixels).");
  EXPECT_EQ(scores, (M{{-2.5, -0.5}, {-16.5, 3.5}, {12.5, 0.5}, {-6.5, 1.5}}))
      << given("the score x·m - |m|^2 / 2 of each row x of X and each row m of M", "X", x, "M", means)
      << mistake_in(scores,
                    {{{{10, 2}, {-4, 6}, {25, 3}, {6, 4}}, "without the bias -|m|^2 / 2"},
                     {{{-15, -3}, {-29, 1}, {0, -2}, {-19, -1}}, "if the bias is -|m|^2 and not half of it"},
                     {{{22.5, 4.5}, {8.5, 8.5}, {37.5, 5.5}, {18.5, 6.5}},
                      "if |m|^2 / 2 is added: the bias is minus it"},
                     {{{-2.5, -13}, {-16.5, -9}, {12.5, -12}, {-6.5, -11}},
                      "if the sum of squares continues from class to class: every bias starts at 0"},
                     {{{10, 6}, {43, 3}, {0, 24}, {18, 2}},
                      "if it is the squared distance: that is lowest for the nearest"}});
}

TEST(Nearness, is_highest_for_the_mean_that_is_nearest) {
  const auto x = random_matrix<double>(50, 6, 1), means = random_matrix<double>(4, 6, 2);
  const Labels answers = argmax_rows(nearness(x, means));
  for (std::size_t i = 0; i < x.rows(); ++i) {
    std::vector<double> distances(means.rows());
    for (std::size_t k = 0; k < 24; ++k) {
      distances[k / 6] += (x(i, k % 6) - means(k / 6, k % 6)) * (x(i, k % 6) - means(k / 6, k % 6));
    }
    const auto nearest = std::min_element(distances.begin(), distances.end()) - distances.begin();
    EXPECT_EQ(answers[i], nearest) << "row " << i;
  }
}

}  // namespace
}  // namespace nn
