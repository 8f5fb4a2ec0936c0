#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "03_softmax/softmax.hpp"
#include "expectations/mistakes.hpp"
#include "inputs/matrices.hpp"
#include "references/softmax_numbers.hpp"

namespace nn {
namespace {

// Three rows of two equal logits, and what common mistakes make of them: with the plain formula, and with the row's
// largest subtracted first.
const Matrix<double> kEqualLogits{{0, 0}, {7, 7}, {0, 0}};

template <class T>
void expect_halves(const Matrix<T>& p) {
  const double e = std::exp(7.0), whole = 2 * e + 4, column = e + 2;
  EXPECT_TRUE(close_to(p, Matrix<double>{{0.5, 0.5}, {0.5, 0.5}, {0.5, 0.5}}, kExact<T>))
      << given("softmax of each row of Z", "Z", kEqualLogits)
      << mistake_in(p, {{{{1 / 6., 1 / 6.}, {1 / 6., 1 / 6.}, {1 / 6., 1 / 6.}},
                         "if one sum is computed over the whole batch: every row has its own"},
                        {{{1 / whole, 1 / whole}, {e / whole, e / whole}, {1 / whole, 1 / whole}},
                         "if one sum is computed over the whole batch: every row has its own"},
                        {{{0.5, 0.5}, {0.25, 0.25}, {1 / 6., 1 / 6.}},
                         "if the sum continues from row to row: every row starts at 0"},
                        {{{0.5, 0.5}, {e / (2 * e + 2), e / (2 * e + 2)}, {1 / whole, 1 / whole}},
                         "if the sum continues from row to row: every row starts at 0"},
                        {{{1 / 3., 1 / 3.}, {1 / 3., 1 / 3.}, {1 / 3., 1 / 3.}},
                         "if the sum goes down a column: the classes of one example are in a row"},
                        {{{1 / column, 1 / column}, {e / column, e / column}, {1 / column, 1 / column}},
                         "if the sum goes down a column: the classes of one example are in a row"},
                        {{{1, 1}, {1, 1}, {1, 1}}, "without dividing by the sum"},
                        {{{1, 1}, {e, e}, {1, 1}}, "without dividing by the sum"}});
}

TEST(SoftmaxNaive, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    expect_halves(softmax_naive(logits<T>(kEqualLogits)).values);
    expect_probabilities(softmax_naive(logits<T>(kLogits)).values, kProbabilities, kLogits);
  });
}

TEST(SoftmaxNaive, every_row_sums_to_1) {
  for_each_scalar([]<class T>(T) {
    expect_rows_with_sum_1(softmax_naive(Logits<T>(random_matrix<T>(5, 10, 1, -3, 3))).values);
  });
}

TEST(SoftmaxNaive, of_an_empty_batch_is_an_empty_batch) {
  EXPECT_EQ(shape(softmax_naive(Logits<double>(Matrix<double>(0, 3))).values), "0 x 3")
      << "the shape of softmax_naive of a batch of no examples";
}

TEST(SoftmaxNaive, a_logit_of_1000_gives_nan) {
  for_each_scalar([]<class T>(T) {
    const Matrix<T> p = softmax_naive(logits<T>({{1000, 0}, {1, 0}})).values;
    EXPECT_TRUE(is_nan(p(0, 0)))
        << "p(0, 0) of the logits {{1000, 0}, {1, 0}} should be NaN, infinity / infinity, and yours is "
        << detail::show(p(0, 0)) << ": softmax_naive is the literal formula";
    EXPECT_TRUE(close_to(p(1, 0), kSigmoid1, kExact<T>))
        << "in the row below, p(1, 0) of the logits {{1000, 0}, {1, 0}}";
  });
}

TEST(SoftmaxNaive, breaks_at_89_in_float_and_at_710_in_double) {
  EXPECT_EQ(softmax_naive(logits<float>({{88, 0}})).values(0, 0), 1.0f)
      << "of the logits 88 and 0 in float: e^88 is the last that fits";
  EXPECT_TRUE(is_nan(softmax_naive(logits<float>({{89, 0}})).values(0, 0)))
      << "of the logits 89 and 0 in float NaN is expected, infinity / infinity: softmax_naive is the literal "
         "formula";
  EXPECT_EQ(softmax_naive(logits<double>({{709, 0}})).values(0, 0), 1.0)
      << "of the logits 709 and 0 in double: e^709 is the last that fits";
  EXPECT_TRUE(is_nan(softmax_naive(logits<double>({{710, 0}})).values(0, 0)))
      << "of the logits 710 and 0 in double NaN is expected, infinity / infinity: softmax_naive is the "
         "literal formula";
}

TEST(Softmax, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    expect_halves(softmax(logits<T>(kEqualLogits)).values);
    expect_probabilities(softmax(logits<T>(kLogits)).values, kProbabilities, kLogits);
    expect_probabilities(softmax(logits<T>(kWideLogits)).values, kWideProbabilities, kWideLogits);
  });
}

TEST(Softmax, every_row_sums_to_1) {
  for_each_scalar([]<class T>(T) {
    for (const auto& [rows, cols] : {std::pair{1, 1}, {1, 10}, {7, 1}, {5, 10}, {3, 256}}) {
      expect_rows_with_sum_1(softmax(Logits<T>(random_matrix<T>(rows, cols, 2, -30, 30))).values);
    }
  });
}

TEST(Softmax, a_logit_of_1000_is_no_problem) {
  for_each_scalar([]<class T>(T) {
    const Matrix<double> z{{1000, 999}, {999, 1000}},
        p{{kSigmoid1, 1 - kSigmoid1}, {1 - kSigmoid1, kSigmoid1}};
    EXPECT_TRUE(close_to(softmax(logits<T>(z)).values, p, kExact<T>))
        << "of the logits {{1000, 999}, {999, 1000}}: is exp(1000) computed? Subtract the row's maximum "
           "first";
  });
}

TEST(Softmax, knows_no_row_but_its_own) {
  for_each_scalar([]<class T>(T) {
    const Matrix<double> z{{5000, 0}, {0, -1}, {-5000, -5000}},
        p{{1, 0}, {kSigmoid1, 1 - kSigmoid1}, {0.5, 0.5}};
    EXPECT_TRUE(close_to(softmax(logits<T>(z)).values, p, kExact<T>))
        << "of the logits {{5000, 0}, {0, -1}, {-5000, -5000}}: is the maximum or the sum that of all rows?";
  });
}

TEST(Softmax, of_logits_of_1e30_is_0_and_1) {
  for_each_scalar([]<class T>(T) {
    const Matrix<double> z{{1e4, -1e4}, {-1e30, 1e30}, {-1000, -1001}},
        p{{1, 0}, {0, 1}, {kSigmoid1, 1 - kSigmoid1}};
    EXPECT_TRUE(close_to(softmax(logits<T>(z)).values, p, kExact<T>))
        << "of the logits " << testing::PrintToString(z);
  });
}

TEST(Softmax, the_same_number_added_to_all_logits_of_a_row_changes_nothing) {
  for_each_scalar([]<class T>(T) {
    const Matrix<double> z{{0, 1, 3.5}, {2, -1, 0.25}}, shifted{{-64, -63, -60.5}, {514, 511, 512.25}};
    EXPECT_TRUE(close_to(softmax(logits<T>(shifted)).values, softmax(logits<T>(z)).values, kExact<T>))
        << given("the softmax of Z, which is that of Z + the same number in each row, here expected",
                 "Z + number", shifted, "Z", z);
  });
}

TEST(Softmax, one_class_has_probability_1_and_equal_logits_share_it) {
  for_each_scalar([]<class T>(T) {
    EXPECT_EQ(softmax(logits<T>({{-3}, {0}, {1e6}})).values, (Matrix<T>{{T(1)}, {T(1)}, {T(1)}}))
        << "of the logits {{-3}, {0}, {1e6}}: one class has all the probability";
    const Matrix<T> p = softmax(Logits<T>(Matrix<T>(2, 10, T(-7)))).values;
    EXPECT_TRUE(close_to(p, Matrix<double>(2, 10, 0.1), kExact<T>))
        << "of two rows of ten logits that are all -7: each class gets a tenth";
  });
}

TEST(Softmax, keeps_the_order_of_the_logits) {
  const Matrix<double> p = softmax(logits<double>({{1, 4, 2, 3}, {-30, -10, -20, -40}})).values;
  EXPECT_TRUE(p(0, 0) < p(0, 2) && p(0, 2) < p(0, 3) && p(0, 3) < p(0, 1)) << testing::PrintToString(p);
  EXPECT_TRUE(p(1, 3) < p(1, 0) && p(1, 0) < p(1, 2) && p(1, 2) < p(1, 1)) << testing::PrintToString(p);
}

TEST(Softmax, equals_the_naive_form_where_that_works) {
  for_each_scalar([]<class T>(T) {
    for (const auto& [rows, cols] : {std::pair{1, 1}, {1, 9}, {9, 1}, {3, 17}}) {
      const Logits<T> z(random_matrix<T>(rows, cols, 3, -20, 20));
      EXPECT_TRUE(close_to(softmax(z).values, softmax_naive(z).values, {.rtol = 200 * kEpsilon<T>}))
          << given("softmax (yours) must be what softmax_naive gives (expected)", "logits", z.values);
    }
  });
}

TEST(Softmax, a_nan_stays_in_its_own_row) {
  for_each_scalar([]<class T>(T) {
    const Matrix<T> p = softmax(logits<T>({{0, 1}, {kNan, 0}, {0, kNan}, {-kInfinity, -kInfinity}})).values;
    EXPECT_TRUE(close_to(p(0, 1), kSigmoid1, kExact<T>))
        << "p(0, 1) of the logits {{0, 1}, {NaN, 0}, {0, NaN}}: the NaN of another row must not reach it";
    for (std::size_t i = 1; i < 4; ++i) {
      EXPECT_TRUE(is_nan(p(i, 0)) && is_nan(p(i, 1))) << "row " << i << " of " << testing::PrintToString(p);
    }
  });
}

TEST(Softmax, a_logit_of_minus_infinity_has_probability_0) {
  for_each_scalar([]<class T>(T) {
    EXPECT_TRUE(close_to(softmax(logits<T>({{-kInfinity, 2, 2}, {5, -kInfinity, -kInfinity}})).values,
                         Matrix<double>{{0, 0.5, 0.5}, {1, 0, 0}}))
        << "of the logits {{-infinity, 2, 2}, {5, -infinity, -infinity}}";
  });
}

TEST(Softmax, leaves_the_logits_as_they_are) {
  const Logits<double> z(kLogits);
  softmax(z);
  EXPECT_EQ(z.values, kLogits) << "softmax must not write into its logits";
}

TEST(Softmax, of_an_empty_batch_is_an_empty_batch) {
  for_each_scalar([]<class T>(T) {
    for (const auto& [rows, cols] : {std::pair{0, 3}, {2, 0}, {0, 0}}) {
      const Matrix<T> z(rows, cols);
      EXPECT_EQ(shape(softmax(Logits<T>(z)).values), shape(z))
          << "the shape of the softmax of an empty batch";
    }
  });
}

TEST(Softmax, writes_into_the_memory_that_it_is_given) {
  Probabilities<double> p(Matrix<double>(6, 5, 123.0));
  const double* memory = p.values.data();
  for (const Matrix<double>& z : {kLogits, kWideLogits, kLogits}) {
    softmax(Logits<double>(z), p);
    expect_probabilities(p.values, z == kLogits ? kProbabilities : kWideProbabilities, z);
    EXPECT_EQ(p.values.data(), memory) << "p has memory already: write into it";
  }
}

// d p[j] = p[j] (d z[j] - sum_k p[k] d z[k])
TEST(Softmax, of_complex_logits_carries_the_derivative_in_the_imaginary_part) {
  const Matrix<double> got = slope_of(softmax(Logits(with_step(kLogits, kDirections))).values);
  for (std::size_t i = 0; i < kLogits.rows(); ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(got(i, j), kProbabilities(i, j) * (kDirections(i, j) - kSlopes[i]), 1e-15)
          << "row " << i << ", class " << j;
    }
  }
}

template <class Argument>
concept HasSoftmax = requires(const Argument& argument) {
  softmax(argument);
};

TEST(Softmax, of_probabilities_does_not_compile) {
  EXPECT_TRUE(HasSoftmax<Logits<double>>);
  EXPECT_FALSE(HasSoftmax<Probabilities<double>>) << "softmax(softmax(z)) is a mistake";
  EXPECT_FALSE(HasSoftmax<Matrix<double>>) << "a matrix does not say what it holds";
}

TEST(SumOfOthers, leaves_out_the_largest) {
  for_each_scalar([]<class T>(T) {
    const auto others = [](const Matrix<double>& z, std::size_t top) {
      const Matrix<T> m = as<T>(z);
      return sum_of_others(m.row(0), top);
    };
    const T sum = others({{0, 1}}, 1);
    EXPECT_TRUE(close_to(sum, 0.36787944117144233, kExact<T>))
        << "e^-1, of the logits 0 and 1 without number 1, the largest"
        << mistake_in(sum, {{1.3678794411714423, "with the 1 of the largest logit, which must be left out"},
                            {1, "if z[top] is not subtracted first, or if only the largest counts"},
                            {2.718281828459045, "if it is e to the z[top] - z[k]: it is z[k] - z[top]"}});
    EXPECT_TRUE(close_to(others({{5, 5}}, 0), 1.0, kExact<T>))
        << "of the logits 5 and 5 without number 0: the other counts";
    EXPECT_TRUE(close_to(others({{0, -40}}, 0), 4.248354255291589e-18, kExact<T>))
        << "e^-40, of the logits 0 and -40 without number 0";
    EXPECT_TRUE(close_to(others({{1000, 999, 1000, 998}}, 2), 1.503214724408055, kExact<T>))
        << "e^0 + e^-1 + e^-2, of the logits 1000, 999, 1000, 998 without number 2";
    EXPECT_EQ(others({{7}}, 0), T(0)) << "of the logit 7: with one class there are no others";
  });
}

TEST(SumOfOthers, of_complex_logits_carries_the_derivative_in_the_imaginary_part) {
  const auto slope = [](const Matrix<double>& directions) {
    const Matrix<std::complex<double>> z = with_step({{2, 3}}, directions);
    return slope_of(sum_of_others(std::span<const std::complex<double>>(z.row(0)), 1));
  };
  const double rises = slope({{1, 0}}), falls = slope({{0, 1}});
  EXPECT_TRUE(close_to(rises, 0.36787944117144233, kExact<double>))
      << "e^-1, the derivative with respect to the smaller of the logits 2 and 3";
  EXPECT_TRUE(close_to(falls, -0.36787944117144233, kExact<double>))
      << "-e^-1, the derivative with respect to the larger of the logits 2 and 3"
      << mistake_in(falls,
                    {{0, "if only the real part of z[top] is subtracted: here subtract all of z[top]"}});
}

TEST(LogSumExp, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    const std::vector<T> got = log_sum_exp(logits<T>(kLogits));
    ASSERT_EQ(got.size(), kLogSumExp.size()) << "one number per row";
    for (std::size_t i = 0; i < got.size(); ++i) {
      EXPECT_TRUE(close_to(got[i], kLogSumExp[i], kExact<T>))
          << "row " << i << " of the logits " << testing::PrintToString(kLogits);
    }
    EXPECT_TRUE(close_to(log_sum_exp(logits<T>({{0, 0}}))[0], kLn2, kExact<T>))
        << "ln 2, of the logits 0 and 0";
    EXPECT_EQ(log_sum_exp(logits<T>({{-7.5}}))[0], T(-7.5))
        << "of one class, whose logit is -7.5: that logit";
  });
}

TEST(LogSumExp, neither_overflows_nor_underflows) {
  for_each_scalar([]<class T>(T) {
    const std::vector<T> got =
        log_sum_exp(logits<T>({{1000, 1000}, {-1000, -1000}, {1e30, 0}, {5, -kInfinity}}));
    const std::vector<double> expected{1000.6931471805599, -999.30685281944005, 1e30, 5};
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_TRUE(close_to(got[i], expected[i], kExact<T>))
          << "row " << i
          << " of the logits {{1000, 1000}, {-1000, -1000}, {1e30, 0}, {5, -infinity}}: is exp(1000) "
             "computed? Subtract the row's maximum first, and add it at the end";
    }
  });
}

TEST(LogSumExp, keeps_what_is_far_below_the_rounding_of_1) {
  const char* const hint = "e^-40, of the logits 0 and -40: log(1 + x) loses such an x, log1p(x) keeps it";
  EXPECT_TRUE(close_to(log_sum_exp(logits<double>({{0, -40}}))[0], 4.248354255291589e-18, {.rtol = 1e-15}))
      << hint;
  EXPECT_TRUE(close_to(log_sum_exp(logits<float>({{-40, 0}}))[0], 4.248354255291589e-18, {.rtol = 1e-6}))
      << hint;
}

TEST(LogSumExp, keeps_a_complex_step_that_is_tiny) {
  const Logits<std::complex<double>> z(Matrix<std::complex<double>>{{0, {0, 1e-17}}});
  const std::complex<double> got = log_sum_exp(z)[0];
  EXPECT_TRUE(close_to(got.real(), kLn2, {.rtol = 1e-15}))
      << "the real part, of the logits 0 and 1e-17 i: ln 2";
  EXPECT_TRUE(close_to(got.imag(), 5e-18, {.rtol = 1e-12}))
      << "the imaginary part, of the logits 0 and 1e-17 i: half of the step";
}

TEST(LogSumExp, of_complex_logits_carries_the_derivative_in_the_imaginary_part) {
  const auto got = log_sum_exp(Logits(with_step(kLogits, kDirections)));
  for (std::size_t i = 0; i < kLogits.rows(); ++i) {
    EXPECT_TRUE(close_to(slope_of(got[i]), kSlopes[i], {.atol = 2e-15}))
        << "row " << i
        << ": is only the real part of z[top] subtracted? Here subtract all of z[top], its imaginary part "
           "counts";
  }
}

TEST(LogSumExp, of_an_empty_batch_is_empty_and_without_classes_an_error) {
  EXPECT_TRUE(log_sum_exp(Logits<double>(Matrix<double>(0, 3))).empty())
      << "of a batch of no examples: no number at all";
  EXPECT_THROW(log_sum_exp(Logits<double>(Matrix<double>(2, 0))), ShapeError)
      << "of two examples without classes";
}

TEST(LogSoftmax, gives_the_numbers_done_by_hand) {
  for_each_scalar([]<class T>(T) {
    const Tolerance tolerance{.atol = 8 * kEpsilon<T>};
    EXPECT_TRUE(close_to(log_softmax(logits<T>(kLogits)), kLogProbabilities, tolerance))
        << "of the logits " << testing::PrintToString(kLogits)
        << ": subtract the row's maximum from each, then log1p of the sum of the others";
    EXPECT_TRUE(close_to(log_softmax(logits<T>({{0, 0}, {7, 7}})), Matrix<double>(2, 2, -kLn2), tolerance))
        << "-ln 2, of the logits {{0, 0}, {7, 7}}";
    EXPECT_EQ(log_softmax(logits<T>({{3}, {-3}})), (Matrix<T>{{T(0)}, {T(0)}}))
        << "of the logits {{3}, {-3}}: with one class it is ln 1";
  });
}

TEST(LogSoftmax, a_probability_that_rounds_to_0_has_a_logarithm) {
  for_each_scalar([]<class T>(T) {
    EXPECT_EQ(log_softmax(logits<T>({{0, -1000}, {2000, 0}})), as<T>({{0, -1000}, {0, -2000}}))
        << "of the logits {{0, -1000}, {2000, 0}}: is it the logarithm of softmax? The probability rounds to "
           "0, which has no logarithm: use the difference";
  });
  EXPECT_TRUE(
      close_to(log_softmax(logits<double>({{0, -40}}))(0, 0), -4.248354255291589e-18, {.rtol = 1e-15}))
      << "-e^-40, of the logits 0 and -40: log(1 + x) loses such an x, log1p(x) keeps it";
}

TEST(LogSoftmax, loses_nothing_near_logits_of_10000) {
  for_each_scalar([]<class T>(T) {
    EXPECT_TRUE(close_to(log_softmax(logits<T>({{1e4, 1e4 + 1}})),
                         Matrix<double>{{-kLogSumExp01, 1 - kLogSumExp01}}, kExact<T>))
        << "of the logits 10000 and 10001: subtract the large numbers from each other first, z[j] - z[top]";
  });
}

TEST(LogSoftmax, knows_no_row_but_its_own) {
  for_each_scalar([]<class T>(T) {
    const Matrix<double> expected{{-1000, 0}, {-kLogSumExp01, 1 - kLogSumExp01}, {-kLn2, -kLn2}};
    EXPECT_TRUE(
        close_to(log_softmax(logits<T>({{0, 1000}, {0, 1}, {-9, -9}})), expected, {.atol = 16 * kEpsilon<T>}))
        << "of the logits {{0, 1000}, {0, 1}, {-9, -9}}: every row has its own largest and its own sum";
  });
}

TEST(LogSoftmax, a_nan_stays_in_its_own_row) {
  const Matrix<double> got = log_softmax(logits<double>({{kNan, 0}, {0, kNan}, {0, 1}}));
  for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(is_nan(got(i, 0)) && is_nan(got(i, 1))) << "row " << i;
  EXPECT_TRUE(close_to(got(2, 0), -kLogSumExp01, {.rtol = 1e-15}))
      << "row 2 of the logits {{NaN, 0}, {0, NaN}, {0, 1}}: the NaN of another row must not reach it";
}

TEST(LogSoftmax, of_complex_logits_carries_the_derivative_in_the_imaginary_part) {
  const Matrix<double> got = slope_of(log_softmax(Logits(with_step(kLogits, kDirections))));
  for (std::size_t i = 0; i < kLogits.rows(); ++i) {
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_NEAR(got(i, j), kDirections(i, j) - kSlopes[i], 2e-15)
          << i << ", " << j << ": is only the real part of z[top] subtracted? Here subtract all of z[top]";
  }
}

TEST(LogSoftmax, of_an_empty_batch_is_an_empty_batch) {
  EXPECT_EQ(shape(log_softmax(Logits<double>(Matrix<double>(0, 3)))), "0 x 3")
      << "the shape of log_softmax of a batch of no examples";
  EXPECT_EQ(shape(log_softmax(Logits<double>(Matrix<double>(2, 0)))), "2 x 0")
      << "the shape of log_softmax of two examples without classes";
}

}  // namespace
}  // namespace nn
