// The common activation functions, each with its derivative. They take one number; branches compare its real part, so
// that complex numbers work too.
#pragma once

#include <cmath>

#include "01_matrix/scalar.hpp"

namespace nn {

// f(x) = x: no activation function at all.
template <class T>
T identity(T x) {
  return x;
}
template <class T>
T identity_derivative(T) {
  return T(1);
}

// [show step]
// 0 for x <= 0, else 1. Its derivative is 0 everywhere except at 0, so no gradient passes through it.
template <class T>
T step(T x) {
  // [write step]
  return real_part(x) > 0 ? T(1) : T(0);
  // [/write]
}
// [/show]
template <class T>
T step_derivative(T) {
  return T(0);
}

// [show relu]
// Rectified linear unit: max(0, x), and NaN for NaN. It has no derivative at 0; by convention relu'(0) = 0.
template <class T>
T relu(T x) {
  // [write relu]
  return real_part(x) <= 0 ? T(0) : x;  // false for NaN, so NaN is returned and not hidden behind a 0
  // [/write]
}
template <class T>
T relu_derivative(T x) {
  // [write relu_derivative]
  return real_part(x) > 0 ? T(1) : T(0);
  // [/write]
}
// [/show]

// [show leaky_relu]
// x for x > 0, else slope * x: its derivative is never 0, so it cannot die as ReLU can.
template <class T>
T leaky_relu(T x, Real<T> slope = Real<T>(0.01)) {
  // [write leaky_relu]
  return real_part(x) > 0 ? x : slope * x;
  // [/write]
}
template <class T>
T leaky_relu_derivative(T x, Real<T> slope = Real<T>(0.01)) {
  // [write leaky_relu_derivative]
  return real_part(x) > 0 ? T(1) : T(slope);
  // [/write]
}
// [/show]

// [show sigmoid]
// 1 / (1 + e^-x), between 0 and 1. Only exp(-|x|) is computed, which cannot overflow.
template <class T>
T sigmoid(T x) {
  // [write sigmoid]
  if (real_part(x) >= 0) return T(1) / (T(1) + exp(-x));
  const T e = exp(x);
  return e / (T(1) + e);
  // [/write]
}
// sigmoid(x) (1 - sigmoid(x)). Where sigmoid(x) is near 1, the difference 1 - sigmoid(x) loses its digits; sigmoid(-x)
// is the same number and keeps them.
template <class T>
T sigmoid_derivative(T x) {
  // [write sigmoid_derivative]
  return sigmoid(x) * sigmoid(-x);
  // [/write]
}
// [/show]

// (e^x - e^-x) / (e^x + e^-x), between -1 and 1. A float is computed in double and rounded.
inline double tanh(double x) { return std::tanh(x); }
inline float tanh(float x) { return static_cast<float>(std::tanh(static_cast<double>(x))); }
inline std::complex<double> tanh(const std::complex<double>& z) { return std::tanh(z); }
// [show tanh_derivative]
// 1 - tanh(x)^2
template <class T>
T tanh_derivative(T x) {
  // [write tanh_derivative]
  const T t = nn::tanh(x);
  return (T(1) - t) * (T(1) + t);
  // [/write]
}
// [/show]

namespace detail {
// The argument of tanh in gelu, sqrt(2 / pi) (x + 0.044715 x^3), and its derivative.
template <class T>
T gelu_inner(T x) {
  return T(0.7978845608028654) * (x + T(0.044715) * x * x * x);
}
template <class T>
T gelu_inner_derivative(T x) {
  return T(0.7978845608028654) * (T(1) + T(3 * 0.044715) * x * x);
}
}  // namespace detail

// [show gelu]
// Gaussian error linear unit in its tanh approximation (Hendrycks, Gimpel 2016): x / 2 (1 + tanh(inner(x))).
template <class T>
T gelu(T x) {
  // [write gelu]
  return T(0.5) * x * (T(1) + nn::tanh(detail::gelu_inner(x)));
  // [/write]
}
template <class T>
T gelu_derivative(T x) {
  // [write gelu_derivative]
  const T inner = detail::gelu_inner(x);
  return T(0.5) * (T(1) + nn::tanh(inner)) +
         T(0.5) * x * tanh_derivative(inner) * detail::gelu_inner_derivative(x);
  // [/write]
}
// [/show]

// [show elu]
// Exponential linear unit: x for x > 0, else e^x - 1, which approaches -1.
template <class T>
T elu(T x) {
  // [write elu]
  return real_part(x) > 0 ? x : expm1(x);
  // [/write]
}
template <class T>
T elu_derivative(T x) {
  // [write elu_derivative]
  return real_part(x) > 0 ? T(1) : exp(x);
  // [/write]
}
// [/show]

}  // namespace nn
