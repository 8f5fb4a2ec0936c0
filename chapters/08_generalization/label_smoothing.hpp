// Label smoothing: the network is asked for a probability of a little less than 1 (Szegedy et al. 2016).
#pragma once

#include <cstdint>
#include <span>

#include "04_from_logits/cross_entropy.hpp"

namespace nn {

// The loss of the label y becomes that of the probabilities q[k] = epsilon / classes, and 1 - epsilon more for k = y:
//   -sum_k q[k] log p[k]  =  cross_entropy + epsilon * (z[y] - mean of z),   d loss / d z[k] = (p[k] - q[k]) / batch.
// logits: batch x classes; result: what cross_entropy_with_gradient made of them. epsilon 0 changes nothing.
template <class T>
void smooth_labels(const Matrix<T>& logits, std::span<const std::uint8_t> labels, T epsilon,
                   LossAndGradient<T>& result) {
  if (epsilon == T(0)) return;
  const T batch = static_cast<T>(logits.rows()), classes = static_cast<T>(logits.cols());
  T more(0);
  for (std::size_t i = 0; i < logits.rows(); ++i) {
    T sum(0);
    for (const T& z : logits.row(i)) sum += z;
    more += logits(i, labels[i]) - sum / classes;
    for (T& g : result.grad_logits.row(i)) g -= epsilon / classes / batch;
    result.grad_logits(i, labels[i]) += epsilon / batch;
  }
  result.loss += epsilon * more / batch;
}

}  // namespace nn
