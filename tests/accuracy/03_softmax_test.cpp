// How exact softmax and its logarithms are, against numbers of 400 digits; and what they make of what is no
// number.
#include <algorithm>
#include <gtest/gtest.h>

#include "03_softmax/softmax.hpp"
#include "inputs/matrices.hpp"
#include "references/cross_entropy_reference.hpp"

namespace nn {
namespace {

template <class T>
constexpr double kSmallest = std::numeric_limits<Real<T>>::denorm_min();

// The largest logit and how far below it the next one is.
struct Top {
  double largest, distance;
};
Top top_of(const Matrix<double>& z) {
  std::vector<double> sorted(z.values().begin(), z.values().end());
  std::sort(sorted.rbegin(), sorted.rend());
  return {sorted[0], sorted.size() > 1 ? sorted[0] - sorted[1] : 0};
}

// |got - expected| in units of what is allowed; infinite for NaN.
double in_units_of(double allowed, double got, double expected) {
  const double error = std::abs(got - expected);
  return error <= HUGE_VAL ? error / allowed : HUGE_VAL;
}

// The test once for float and once for double, with every stored row.
template <class Test>
void for_each_row(const Test& test) {
  for (const ReferenceRow& row : reference_rows()) {
    SCOPED_TRACE(row.kind + ", " + std::to_string(row.z.cols()) +
                 " classes, z = " + testing::PrintToString(row.z));
    test(0.0f, row);
    test(0.0, row);
  }
}

template <class T>
double worst_of_softmax(const Matrix<T>& p, const ReferenceRow& row) {
  double worst = 0;
  for (std::size_t j = 0; j < row.z.cols(); ++j) {
    const double distance = top_of(row.z).largest - row.z(0, j);
    const double allowed = 4 * kEpsilon<T> * (1 + distance) * row.p(0, j) + kSmallest<T>;
    worst = std::max(worst, in_units_of(allowed, static_cast<double>(p(0, j)), row.p(0, j)));
  }
  return worst;
}

TEST(SoftmaxAccuracy, is_within_4_epsilon_times_1_plus_the_distance_from_the_maximum) {
  double worst = 0;
  for_each_row([&]<class T>(T, const ReferenceRow& row) {
    const double error = worst_of_softmax(softmax(Logits<T>(as<T>(row.z))).values, row);
    EXPECT_LE(error, 1);
    worst = std::max(worst, error);
  });
  RecordProperty("worst_in_units_of_the_bound", std::to_string(worst));
}

TEST(SoftmaxAccuracy, a_plain_sum_would_not_be_within_it) {
  double worst = 0;
  for (const ReferenceRow& row : reference_rows()) {
    if (row.kind == "random")
      worst = std::max(worst, worst_of_softmax(softmax_naive(Logits<float>(as<float>(row.z))).values, row));
  }
  EXPECT_GT(worst, 1) << "then row_sum is needed no longer";
}

TEST(RowSum, loses_nothing_over_many_values) {
  const std::vector<float> tenths(10000, 0.1f);
  float plain = 0;
  for (const float value : tenths) plain += value;
  EXPECT_TRUE(close_to(row_sum<float>(tenths), 10000.0 * 0.1f, {.rtol = kEpsilon<float>}));
  EXPECT_GT(std::abs(plain - 1000), 0.09f);
  EXPECT_EQ(row_sum<double>(std::vector<double>{}), 0);
}

// log_sum_exp = m + log1p(...): a rounding of m, and the sum's own error. log_softmax has the distance from m in
// the place of m, so that its error does not grow with the logits.
TEST(SoftmaxAccuracy, of_log_sum_exp_and_log_softmax) {
  double worst = 0;
  for_each_row([&]<class T>(T, const ReferenceRow& row) {
    const Logits<T> z(as<T>(row.z));
    const auto [m, distance] = top_of(row.z);
    const double sum_log =
        -*std::ranges::max_element(row.log_p.values());  // log_sum_exp - m, with all its digits
    const double rest = 4 * kEpsilon<T> * (1 + distance) * sum_log + 2 * kSmallest<T>;
    const double allowed = kEpsilon<T> * std::abs(m) + rest;
    const double error = in_units_of(allowed, static_cast<double>(log_sum_exp(z)[0]), row.log_sum_exp);
    EXPECT_LE(error, 1) << "log_sum_exp";
    worst = std::max(worst, error);
    const Matrix<T> log_p = log_softmax(z);
    for (std::size_t j = 0; j < row.z.cols(); ++j) {
      const double rounded = kEpsilon<T> * (m - row.z(0, j) + std::abs(row.log_p(0, j)));
      const double entry = in_units_of(rest + rounded, static_cast<double>(log_p(0, j)), row.log_p(0, j));
      EXPECT_LE(entry, 1) << "log_softmax, class " << j;
      worst = std::max(worst, entry);
    }
  });
  RecordProperty("worst_in_units_of_the_bound", std::to_string(worst));
}

TEST(SoftmaxOfNoNumber, nan_and_plus_infinity_spoil_their_row_and_minus_infinity_alone_does) {
  for_each_scalar([]<class T>(T) {
    for (const Matrix<double>& z : {Matrix<double>{{kNan, 0, 1}},
                                    {{0, 1, kNan}},
                                    {{kInfinity, 0, 1}},
                                    {{0, kInfinity, kInfinity}},
                                    {{-kInfinity, -kInfinity, -kInfinity}}}) {
      const Matrix<T> p = softmax(Logits<T>(as<T>(z))).values, log_p = log_softmax(Logits<T>(as<T>(z)));
      for (std::size_t j = 0; j < 3; ++j) {
        EXPECT_TRUE(is_nan(p(0, j))) << testing::PrintToString(z);
        EXPECT_FALSE(std::isfinite(real_part(log_p(0, j)))) << testing::PrintToString(z);
      }
    }
  });
}

TEST(SoftmaxOfNoNumber, log_sum_exp_is_what_its_comment_says) {
  const auto of = [](const Matrix<double>& z) { return log_sum_exp(Logits<double>(z))[0]; };
  EXPECT_TRUE(is_nan(of({{0, kNan}})));
  EXPECT_EQ(of({{0, kInfinity, 1}}), kInfinity);
  EXPECT_TRUE(is_nan(of({{kInfinity, kInfinity}}))) << "PyTorch: infinity";
  EXPECT_TRUE(is_nan(of({{-kInfinity, -kInfinity}}))) << "PyTorch: minus infinity";
  EXPECT_EQ(of({{-kInfinity, 5}}), 5);
}

TEST(SoftmaxAccuracy, of_a_complex_step_the_imaginary_part_keeps_its_digits) {
  for (const double h : {1e-17, 1e-30, 1e-300}) {
    const Logits<std::complex<double>> z(Matrix<std::complex<double>>{{0, {0, h}}});
    EXPECT_TRUE(close_to(log_sum_exp(z)[0].imag(), h / 2, {.rtol = kEpsilon<double>})) << h;
    EXPECT_TRUE(close_to(log_softmax(z)(0, 1).imag(), h / 2, {.rtol = kEpsilon<double>})) << h;
    EXPECT_TRUE(close_to(softmax(z).values(0, 1).imag(), h / 4, {.rtol = 2 * kEpsilon<double>})) << h;
  }
}

}  // namespace
}  // namespace nn
