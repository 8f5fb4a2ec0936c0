// A curve as a sum of ReLUs: each one adds a kink, and between two kinks the sum is a straight line.
#pragma once

#include "02_relu/activations.hpp"

namespace nn {

// [show relu_interpolation]
// The piecewise linear function through (k / n, f(k / n)), k = 0 .. n, as a network of n hidden neurons:
//   y(x) = f(0) + sum over k of w[k] * relu(x - k / n).
// Neuron k becomes active at k / n, and its output weight w[k] is the change of slope there.
template <class F>
double relu_interpolation(const F& f, int n, double x) {
  double y = f(0.0), slope_before = 0;
  for (int k = 0; k < n; ++k) {
    const double left = static_cast<double>(k) / n, right = static_cast<double>(k + 1) / n;
    const double slope = (f(right) - f(left)) * n;
    y += (slope - slope_before) * relu(x - left);
    slope_before = slope;
  }
  return y;
}
// [/show]

}  // namespace nn
