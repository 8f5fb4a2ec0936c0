// The loss of a classifier: the mean over the batch of -log of the probability of the label.
#pragma once

#include "03_softmax/row_sum.hpp"
#include "03_softmax/softmax.hpp"
#include "04_from_logits/one_hot.hpp"

namespace nn {

namespace detail {
// Throws as check_labels does, and std::invalid_argument for an empty batch, which has no mean.
template <class T>
void check_batch(const Matrix<T>& values, std::span<const std::uint8_t> labels) {
  if (values.rows() == 0) throw std::invalid_argument("cross_entropy: the batch is empty");
  check_labels(labels, values.rows(), values.cols());
}
}  // namespace detail

// [show cross_entropy_naive]
// The textbook form, kept to show how it fails:  mean over i of -log p[i][labels[i]].
// p: batch x classes. Infinite where a probability rounded to 0.
template <class T>
T cross_entropy_naive(const Probabilities<T>& p, std::span<const std::uint8_t> labels) {
  detail::check_batch(p.values, labels);
  // [write cross_entropy_naive]
  T sum(0);
  for (std::size_t i = 0; i < labels.size(); ++i) sum -= log(p.values(i, labels[i]));
  return sum / T(static_cast<Real<T>>(labels.size()));
  // [/write]
}
// [/show]

// [show cross_entropy]
// From logits (in the frameworks: from_logits=True, CrossEntropyLoss):
//   loss = mean over i of log_sum_exp(z[i]) - z[i][labels[i]]
//        = mean over i of (m - z[i][labels[i]]) + log1p(sum over k != top of exp(z[i][k] - m)),
//   m = z[i][top] = max_k z[i][k].
// logits: batch x classes. Computed in this order it is accurate for a gravely misclassified example (the loss is about m - z)
// and for a certain one (the loss is the tiny sum itself). NaN gives NaN, and so does +inf at the true class or
// twice; +inf at one other class gives +inf, where PyTorch gives NaN; -inf at the true class gives +inf.
template <class T>
T cross_entropy(const Logits<T>& logits, std::span<const std::uint8_t> labels) {
  detail::check_batch(logits.values, labels);
  // [write cross_entropy]
  T sum(0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto z = logits.values.row(i);
    const std::size_t top = argmax(z);
    sum += (z[top] - z[labels[i]]) + log1p(sum_of_others(z, top));
  }
  return sum / T(static_cast<Real<T>>(labels.size()));
  // [/write]
}
// [/show]

// Passing probabilities would apply softmax twice.
template <class T>
T cross_entropy(const Probabilities<T>&, std::span<const std::uint8_t>) = delete;

template <class T>
struct LossAndGradient {
  T loss{};
  Matrix<T> grad_logits;  // d loss / d z, batch x classes
};

// Computes both from logits and labels.
template <class T>
using LossFunction = LossAndGradient<T> (*)(const Logits<T>&, std::span<const std::uint8_t>);

// [show cross_entropy_with_gradient]
// The loss and its gradient, which has a simple formula:  (softmax(z) - one_hot(labels)) / batch.
// At the true class that is p - 1, computed as minus the sum of the other classes' p: near p = 1 a subtraction
// would leave no digits.
template <class T>
void cross_entropy_with_gradient(const Logits<T>& logits, std::span<const std::uint8_t> labels,
                                 LossAndGradient<T>& result) {
  result.loss = cross_entropy(logits, labels);
  // [write cross_entropy_with_gradient]
  Probabilities<T> p(std::move(result.grad_logits));
  softmax(logits, p);
  const T batch(static_cast<Real<T>>(labels.size()));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto grad = p.values.row(i);
    grad[labels[i]] = T(0);
    grad[labels[i]] -= row_sum<T>(grad);
    for (T& value : grad) value /= batch;
  }
  result.grad_logits = std::move(p.values);
  // [/write]
}
// [/show]

template <class T>
LossAndGradient<T> cross_entropy_with_gradient(const Logits<T>& logits,
                                               std::span<const std::uint8_t> labels) {
  LossAndGradient<T> result;
  cross_entropy_with_gradient(logits, labels, result);
  return result;
}

}  // namespace nn
