// The one comparison of the tests. It knows no Matrix: anything with rows(), cols() and (r, c) will do.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <fmt/format.h>
#include <string>

#include "common/finite.hpp"

namespace nn {

struct Tolerance {
  double rtol = 0;  // per unit of the expected value
  double atol = 0;
};

struct Comparison {
  bool close = true;
  std::string message;  // empty if close
  explicit operator bool() const { return close; }
};

namespace detail {
template <class U>
std::string show(const U& x) {
  return fmt::format("{:.17g}", static_cast<double>(x));
}
template <class U>
std::string show(const std::complex<U>& x) {
  return fmt::format("({:.17g}, {:.17g})", x.real(), x.imag());
}
}  // namespace detail

// Every entry within atol + rtol |expected|. The shape is compared first. NaN is close to nothing, not even
// to NaN; equal infinities are close. The message names the worst entry.
template <class Got, class Expected>
Comparison allclose(const Got& got, const Expected& expected, Tolerance tolerance) {
  if (got.rows() != expected.rows() || got.cols() != expected.cols()) {
    return {false, fmt::format("shape: got {} x {}, expected {} x {}", got.rows(), got.cols(),
                               expected.rows(), expected.cols())};
  }
  double worst = -1;
  Comparison result;
  for (std::size_t r = 0; r < got.rows(); ++r) {
    for (std::size_t c = 0; c < got.cols(); ++c) {
      const double error = static_cast<double>(std::abs(got(r, c) - expected(r, c)));
      const double value = static_cast<double>(std::abs(got(r, c)));
      const double size = static_cast<double>(std::abs(expected(r, c)));
      if (got(r, c) == expected(r, c) && !is_nan(value) && !is_nan(size)) continue;
      if (is_finite(error) && is_finite(size) && error <= tolerance.atol + tolerance.rtol * size) continue;
      const double rank = is_nan(error) ? HUGE_VAL : error;
      if (rank <= worst) continue;
      worst = rank;
      result = {false, fmt::format("entry ({}, {}): got {}, expected {}, error {:.3g}", r, c,
                                   detail::show(got(r, c)), detail::show(expected(r, c)), error)};
    }
  }
  return result;
}

// For gradients and trained weights: max |got - expected| over the largest |expected| of the tensor, since
// entry by entry no tolerance is honest near zero. Infinite where a shape differs or a NaN occurs.
template <class Got, class Expected>
double tensor_error(const Got& got, const Expected& expected) {
  if (got.rows() != expected.rows() || got.cols() != expected.cols()) return HUGE_VAL;
  double error = 0, largest = 0;
  for (std::size_t r = 0; r < got.rows(); ++r) {
    for (std::size_t c = 0; c < got.cols(); ++c) {
      const double e = static_cast<double>(std::abs(got(r, c) - expected(r, c)));
      if (!is_finite(e)) return HUGE_VAL;
      error = std::max(error, e);
      largest = std::max(largest, static_cast<double>(std::abs(expected(r, c))));
    }
  }
  return error == 0 ? 0 : error / largest;
}

}  // namespace nn
