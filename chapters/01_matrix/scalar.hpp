// The scalar types of a matrix: float for training, double for checks, std::complex<double> for complex steps.
// The same code runs with all three. Complex numbers have no order, so write real_part(x) > 0 instead of x > 0.
#pragma once

#include <cmath>
#include <complex>
#include <type_traits>

namespace nn {

namespace detail {
template <class T>
struct RealOf {
  using type = T;
};
template <class U>
struct RealOf<std::complex<U>> {
  using type = U;
};
}  // namespace detail

// The real type behind a scalar: double for double and for std::complex<double>.
template <class T>
using Real = typename detail::RealOf<T>::type;

template <class T>
inline constexpr bool is_complex = !std::is_same_v<T, Real<T>>;

// The part of x that decides comparisons, maxima and branches.
template <class T>
Real<T> real_part(const T& x) {
  if constexpr (is_complex<T>) {
    return x.real();
  } else {
    return x;
  }
}

// exp, log, log1p, expm1 for the three scalar types. A float is computed in double and rounded, because the C library's
// float versions differ between processors. The standard library has no log1p and expm1 for complex numbers; ours keep
// the digits of a tiny imaginary part, which is where a complex step carries the derivative.
inline double exp(double x) { return std::exp(x); }
inline double log(double x) { return std::log(x); }
inline double log1p(double x) { return std::log1p(x); }
inline double expm1(double x) { return std::expm1(x); }

inline float exp(float x) { return static_cast<float>(std::exp(static_cast<double>(x))); }
inline float log(float x) { return static_cast<float>(std::log(static_cast<double>(x))); }
inline float log1p(float x) { return static_cast<float>(std::log1p(static_cast<double>(x))); }
inline float expm1(float x) { return static_cast<float>(std::expm1(static_cast<double>(x))); }

inline std::complex<double> exp(const std::complex<double>& z) { return std::exp(z); }
inline std::complex<double> log(const std::complex<double>& z) { return std::log(z); }
// |1 + z|^2 = 1 + x (2 + x) + y^2, so  log(1 + z) = log1p(x (2 + x) + y^2) / 2 + i atan2(y, 1 + x).
inline std::complex<double> log1p(const std::complex<double>& z) {
  const double x = z.real(), y = z.imag();
  return {std::log1p(x * (2 + x) + y * y) / 2, std::atan2(y, 1 + x)};
}
// e^x cos y - 1 = expm1(x) cos y - 2 sin^2(y / 2).
inline std::complex<double> expm1(const std::complex<double>& z) {
  const double x = z.real(), y = z.imag(), s = std::sin(y / 2);
  return {std::expm1(x) * std::cos(y) - 2 * s * s, std::exp(x) * std::sin(y)};
}

}  // namespace nn
