// What the tests of the chapters share: every scalar in turn, matrices to put in, matrices in messages.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <limits>
#include <ostream>

#include "01_matrix/matrix.hpp"
#include "01_matrix/scalar.hpp"
#include "common/finite.hpp"
#include "common/random.hpp"
#include "expectations/close_to.hpp"

namespace nn {

// A matrix in a message of GoogleTest: {{1, 2}, {3, 4}}, its beginning if it is large.
template <class T>
void PrintTo(const Matrix<T>& m, std::ostream* out) {
  constexpr std::size_t kMost = 8;
  *out << "(" << shape(m) << ") {";
  for (std::size_t r = 0; r < std::min(m.rows(), kMost); ++r) {
    *out << (r == 0 ? "{" : ", {");
    for (std::size_t c = 0; c < std::min(m.cols(), kMost); ++c) *out << (c == 0 ? "" : ", ") << m(r, c);
    *out << (m.cols() > kMost ? ", ...}" : "}");
  }
  *out << (m.rows() > kMost ? ", ...}" : "}");
}

// The test once for each scalar:  for_each_scalar([]<class T>(T) { ... });
template <class Test>
void for_each_scalar(const Test& test) {
  {
    SCOPED_TRACE("the scalar T is float");
    test(0.0f);
  }
  {
    SCOPED_TRACE("the scalar T is double");
    test(0.0);
  }
  {
    SCOPED_TRACE("the scalar T is std::complex<double>");
    test(std::complex<double>());
  }
}

// The distance from 1 to the next number: 1.2e-7 for float, 2.2e-16 for double and std::complex<double>.
template <class T>
inline constexpr double kEpsilon = std::numeric_limits<Real<T>>::epsilon();

// As exact as a handful of roundings allows.
template <class T>
inline constexpr Tolerance kExact{.rtol = 8 * kEpsilon<T>};

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

template <class T>
bool is_nan(const T& x) {
  return is_nan(static_cast<double>(real_part(x)));
}

// The same numbers as T.
template <class T>
Matrix<T> as(const Matrix<double>& numbers) {
  Matrix<T> m(numbers.rows(), numbers.cols());
  for (std::size_t i = 0; i < m.size(); ++i) m.values()[i] = T(static_cast<Real<T>>(numbers.values()[i]));
  return m;
}

// Evenly from low to high, no entry like another; complex numbers are real.
template <class T>
Matrix<T> random_matrix(std::size_t rows, std::size_t cols, std::uint64_t seed, double low = -1,
                        double high = 1) {
  Random random(seed);
  Matrix<T> m(rows, cols);
  for (T& value : m.values()) value = T(static_cast<Real<T>>(random.uniform(low, high)));
  return m;
}

// Small whole numbers: their products and sums are exact, in whatever order.
template <class T>
Matrix<T> whole_numbers(std::size_t rows, std::size_t cols, std::uint64_t seed) {
  Matrix<T> m = random_matrix<T>(rows, cols, seed, -8, 8);
  for (T& value : m.values()) value = T(std::round(real_part(value)));
  return m;
}

// The transposed matrix, as a copy.
template <class T>
Matrix<T> turned(const Matrix<T>& m) {
  Matrix<T> result(m.cols(), m.rows());
  for (std::size_t r = 0; r < m.rows(); ++r) {
    for (std::size_t c = 0; c < m.cols(); ++c) result(c, r) = m(r, c);
  }
  return result;
}

// Products to try: (rows x inner) times (inner x cols); single, thin, odd, around vector widths, empty.
struct ProductShape {
  std::size_t rows, inner, cols;
};
inline constexpr ProductShape kProductShapes[] = {{1, 1, 1}, {1, 7, 1},   {3, 1, 5},    {1, 4, 9},
                                                  {9, 4, 1}, {17, 33, 8}, {15, 16, 17}, {64, 3, 31},
                                                  {0, 3, 2}, {2, 0, 3},   {3, 2, 0},    {0, 0, 0}};

// numbers + i h directions, for a complex step: f of it has the imaginary part h times f's slope along
// directions. h is so small that h squared vanishes beside any number.
inline constexpr double kComplexStep = 1e-30;
inline Matrix<std::complex<double>> with_step(const Matrix<double>& numbers,
                                              const Matrix<double>& directions) {
  Matrix<std::complex<double>> m(numbers.rows(), numbers.cols());
  for (std::size_t i = 0; i < m.size(); ++i) {
    m.values()[i] = {numbers.values()[i], kComplexStep * directions.values()[i]};
  }
  return m;
}
// The slope that a complex step found.
inline double slope_of(const std::complex<double>& value) { return value.imag() / kComplexStep; }

inline Matrix<double> slope_of(const Matrix<std::complex<double>>& values) {
  Matrix<double> slopes(values.rows(), values.cols());
  for (std::size_t i = 0; i < slopes.size(); ++i) slopes.values()[i] = slope_of(values.values()[i]);
  return slopes;
}

}  // namespace nn
