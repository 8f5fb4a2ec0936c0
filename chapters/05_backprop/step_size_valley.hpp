// The error of a measured derivative against the step: truncation error for large steps, rounding error for small ones,
// and a valley between them. A complex step has no rounding error.
#pragma once

#include <cmath>
#include <complex>
#include <string>
#include <vector>

#include "02_relu/slope.hpp"
#include "04_from_logits/cross_entropy.hpp"

namespace nn {

struct ValleyPoint {
  double step;
  double float_error, double_error, complex_error;  // largest |measured - exact| over the logits
};

namespace detail {
// d loss / d z[0][j] by a central difference in T.
template <class T>
double difference_along(Matrix<T> z, std::span<const std::uint8_t> labels, std::size_t j, double step) {
  const auto loss_at = [&](T value) {
    z(0, j) = value;
    return cross_entropy(Logits<T>(z), labels);
  };
  return static_cast<double>(slope(loss_at, T(z(0, j)), static_cast<T>(step)));
}

inline double complex_step_along(const Matrix<double>& z, std::span<const std::uint8_t> labels, std::size_t j,
                                 double step) {
  Matrix<std::complex<double>> moved(1, z.cols());
  for (std::size_t k = 0; k < z.cols(); ++k) moved(0, k) = std::complex<double>(z(0, k), k == j ? step : 0);
  return cross_entropy(Logits<std::complex<double>>(moved), labels).imag() / step;
}
}  // namespace detail

// The errors for the steps 1e-1, 1e-2, ..., 1e-16.  z: one row of logits; label: its class.
inline std::vector<ValleyPoint> step_size_valley(const Matrix<double>& z, std::uint8_t label) {
  const std::span<const std::uint8_t> labels(&label, 1);
  const Matrix<double> exact = cross_entropy_with_gradient(Logits<double>(z), labels).grad_logits;
  Matrix<float> z_float(1, z.cols());
  for (std::size_t k = 0; k < z.cols(); ++k) z_float(0, k) = static_cast<float>(z(0, k));
  std::vector<ValleyPoint> points;
  for (int exponent = 1; exponent <= 16; ++exponent) {
    const double h = std::stod("1e-" + std::to_string(exponent));
    ValleyPoint point{h, 0, 0, 0};
    for (std::size_t j = 0; j < z.cols(); ++j) {
      const auto worse = [&](double& error, double measured) {
        error = std::max(error, std::abs(measured - exact(0, j)));
      };
      worse(point.float_error, detail::difference_along(z_float, labels, j, h));
      worse(point.double_error, detail::difference_along(z, labels, j, h));
      worse(point.complex_error, detail::complex_step_along(z, labels, j, h));
    }
    points.push_back(point);
  }
  return points;
}

}  // namespace nn
