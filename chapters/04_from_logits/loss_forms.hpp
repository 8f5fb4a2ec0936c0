// The ways from logits to the loss, side by side, each with its gradient. On paper they are one formula.
#pragma once

#include <array>
#include <string_view>

#include "04_from_logits/cross_entropy.hpp"

namespace nn {

// The chain rule through softmax:  grad_z[i][k] = p[i][k] (grad_p[i][k] - sum_j grad_p[i][j] p[i][j]).
// p: what softmax returned; grad_p: d loss / d p; result: d loss / d z; all batch x classes.
template <class T>
Matrix<T> softmax_backward(const Probabilities<T>& p, const Matrix<T>& grad_p) {
  Matrix<T> grad_z(grad_p.rows(), grad_p.cols());
  for (std::size_t i = 0; i < grad_p.rows(); ++i) {
    T sum(0);
    for (std::size_t j = 0; j < grad_p.cols(); ++j) sum += grad_p(i, j) * p.values(i, j);
    for (std::size_t k = 0; k < grad_p.cols(); ++k) grad_z(i, k) = p.values(i, k) * (grad_p(i, k) - sum);
  }
  return grad_z;
}

// loss = mean over i of -log(p[i][y] + epsilon), y = labels[i];  d loss / d p[i][y] = -1 / (p[i][y] + epsilon)
// / batch, 0 for the other classes; from there on the chain rule.  p: batch x classes.
template <class T>
LossAndGradient<T> from_probabilities(const Probabilities<T>& p, std::span<const std::uint8_t> labels,
                                      T epsilon = T(0)) {
  Probabilities<T> patched = p;
  for (T& value : patched.values.values()) value += epsilon;
  const T loss = cross_entropy_naive(patched, labels), batch(static_cast<Real<T>>(labels.size()));
  Matrix<T> grad_p(p.values.rows(), p.values.cols());
  for (std::size_t i = 0; i < labels.size(); ++i)
    grad_p(i, labels[i]) = T(-1) / patched.values(i, labels[i]) / batch;
  return {loss, softmax_backward(p, grad_p)};
}

// 1. Naive softmax, then the logarithm.
template <class T>
LossAndGradient<T> naive_then_log(const Logits<T>& logits, std::span<const std::uint8_t> labels) {
  return from_probabilities(softmax_naive(logits), labels);
}

// 2. softmax after subtracting the maximum, then the logarithm.
template <class T>
LossAndGradient<T> shifted_then_log(const Logits<T>& logits, std::span<const std::uint8_t> labels) {
  return from_probabilities(softmax(logits), labels);
}

// 3. The same with a patch against log(0). The loss can then never exceed -log(1e-7) = 16.118.
template <class T>
LossAndGradient<T> shifted_then_log_of_p_plus_epsilon(const Logits<T>& logits,
                                                      std::span<const std::uint8_t> labels) {
  return from_probabilities(softmax(logits), labels, T(Real<T>(1e-7)));
}

// 4. From the logits, no probability on the way: cross_entropy_with_gradient.

// 5. The plain log-sum-exp minus the logit:  m + log(sum_k exp(z[k] - m)) - z[y]. It cannot overflow, but its
// sum holds the maximum's own 1, in which a small rest is lost, and it adds m before it subtracts z[y].
template <class T>
LossAndGradient<T> plain_log_sum_exp(const Logits<T>& logits, std::span<const std::uint8_t> labels) {
  LossAndGradient<T> result = cross_entropy_with_gradient(logits, labels);
  T total(0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto z = logits.values.row(i);
    const T m = z[argmax(z)];
    T sum(0);
    for (const T& value : z) sum += exp(value - m);
    total += (m + log(sum)) - z[labels[i]];
  }
  result.loss = total / T(static_cast<Real<T>>(labels.size()));
  return result;
}

template <class T>
struct LossForm {
  std::string_view name;
  LossFunction<T> function;
};

template <class T>
constexpr std::array<LossForm<T>, 5> loss_forms() {
  return {{{"softmax_naive, log", naive_then_log<T>},
           {"softmax, log", shifted_then_log<T>},
           {"softmax, log(p + 1e-7)", shifted_then_log_of_p_plus_epsilon<T>},
           {"plain log-sum-exp - z", plain_log_sum_exp<T>},
           {"cross_entropy", cross_entropy_with_gradient<T>}}};
}

// The classic mistake, which is another formula: a network that ends in softmax, and a loss that takes logits.
// Probabilities lie between 0 and 1, so as logits they give at most p = e / (e + K - 1): of K classes the loss
// cannot fall below log(1 + (K - 1) / e), for 10 of them 1.461.
template <class T>
LossAndGradient<T> softmax_twice(const Logits<T>& logits, std::span<const std::uint8_t> labels) {
  const Probabilities<T> p = softmax(logits);
  LossAndGradient<T> result = cross_entropy_with_gradient(Logits<T>{p.values}, labels);
  result.grad_logits = softmax_backward(p, result.grad_logits);
  return result;
}

}  // namespace nn
