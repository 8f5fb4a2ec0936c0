// Logits and what softmax makes of them, for the tests from chapter 03 on.
#pragma once

#include <algorithm>
#include <vector>

#include "03_softmax/logits.hpp"
#include "inputs/matrices.hpp"

namespace nn {

// Three classes, four examples. The answers were computed with 50 digits (tests/data/reference_numbers.py).
inline const Matrix<double> kLogits{{3, 2, -2}, {-1, 3, -1}, {0.5, -1.25, 2}, {-3, 4, 0.25}};
inline const Matrix<double> kProbabilities{
    {0.72747515680046473, 0.26762315414986234, 0.0049016890496729208},
    {0.017668422014048049, 0.9646631559719039, 0.017668422014048049},
    {0.17682018210744428, 0.030726740326436432, 0.79245307756611929},
    {0.00089013626782116936, 0.97615294681244927, 0.022956916919729558}};
inline const Matrix<double> kLogProbabilities{
    {-0.31817542924745408, -1.3181754292474541, -5.3181754292474541},
    {-4.0359762997481932, -0.035976299748193163, -4.0359762997481932},
    {-1.7326219831020327, -3.4826219831020327, -0.23262198310203268},
    {-7.0241359970467885, -0.024135997046788527, -3.7741359970467885}};
inline const std::vector<double> kLogSumExp{3.3181754292474541, 3.0359762997481932, 2.2326219831020327,
                                            4.0241359970467885};
// softmax(0, 1) = (1 - kSigmoid1, kSigmoid1), log_sum_exp(0, 1) = kLogSumExp01.
inline constexpr double kSigmoid1 = 0.73105857863000488, kLogSumExp01 = 1.3132616875182228;
inline constexpr double kLn2 = 0.69314718055994531, kLn10 = 2.3025850929940457;
// Four classes, spread far.
inline const Matrix<double> kWideLogits{{0, -0.5, -20, -80}, {10, 9.75, 9.5, 0}};
inline const Matrix<double> kWideProbabilities{
    {0.62245933040324901, 0.37754066831376668, 1.2829843036813358e-9, 1.1234465863556318e-35},
    {0.41922097259161693, 0.32648962173430722, 0.25427037307136523, 1.9032602710619996e-5}};

// A direction for each row of kLogits, and the slope of log_sum_exp along it: sum_k p[k] direction[k].
inline const Matrix<double> kDirections{{1, 0, 0}, {0, 1, -2}, {0.5, 0.25, -1}, {1, 1, 1}};
inline const std::vector<double> kSlopes{0.72747515680046473, 0.9293263119438078, -0.69636130143078804, 1};

template <class T>
Logits<T> logits(const Matrix<double>& numbers) {
  return Logits<T>(as<T>(numbers));
}

inline double largest(std::span<const double> row) { return *std::max_element(row.begin(), row.end()); }

// Every p within 4 epsilon (1 + |z - max|) of its own size: more cannot be asked, since z - max is rounded
// before exp. A float below 1.2e-38 has fewer digits: one step of 1.4e-45 more.
template <class T>
void expect_probabilities(const Matrix<T>& got, const Matrix<double>& expected, const Matrix<double>& z) {
  ASSERT_EQ(shape(got), shape(expected))
      << "the shape of the probabilities of the logits " << testing::PrintToString(z);
  for (std::size_t i = 0; i < z.rows(); ++i) {
    for (std::size_t j = 0; j < z.cols(); ++j) {
      const double distance = largest(z.row(i)) - z(i, j);
      const Tolerance tolerance{.rtol = 4 * kEpsilon<T> * (1 + distance),
                                .atol = std::numeric_limits<Real<T>>::denorm_min()};
      EXPECT_TRUE(close_to(got(i, j), expected(i, j), tolerance))
          << "p(" << i << ", " << j << ") of the logits " << testing::PrintToString(z);
    }
  }
}

template <class T>
void expect_rows_with_sum_1(const Matrix<T>& p) {
  for (std::size_t i = 0; i < p.rows(); ++i) {
    double sum = 0;
    for (const T& value : p.row(i)) sum += static_cast<double>(real_part(value));
    EXPECT_NEAR(sum, 1, static_cast<double>(p.cols() + 4) * kEpsilon<T>)
        << "the sum of row " << i << " of the probabilities (" << shape(p) << ")";
  }
}

}  // namespace nn
