// The first classifier that learns: one dense layer, and ten lines of gradient descent.
#pragma once

#include "01_matrix/dense.hpp"
#include "04_from_logits/cross_entropy.hpp"

namespace nn {

// One neuron per class. All weights start at 0, which is harmless here: the neurons of a single layer get different gradients.
template <class T>
struct LinearClassifier {
  Matrix<T> weights;  // in x classes
  Matrix<T> bias;     // 1 x classes
  LinearClassifier(std::size_t in, std::size_t classes) : weights(in, classes), bias(1, classes) {}

  Logits<T> logits(const Matrix<T>& x) const { return Logits<T>(dense(x, weights, bias)); }
};

// [show descent_step]
// One step of gradient descent: subtracts learning_rate times its gradient from each parameter.
// x: batch x in; labels: batch; loss_and_gradient: the loss to minimize. Returns the loss before the step.
template <class T>
T descent_step(LinearClassifier<T>& model, const Matrix<T>& x, std::span<const std::uint8_t> labels,
               T learning_rate, LossFunction<T> loss_and_gradient = cross_entropy_with_gradient<T>) {
  // [write descent_step]
  const auto [loss, grad_logits] = loss_and_gradient(model.logits(x), labels);
  const Matrix<T> grad_weights = matmul_at_b(x, grad_logits);
  for (std::size_t i = 0; i < grad_weights.size(); ++i) {
    model.weights.values()[i] -= learning_rate * grad_weights.values()[i];
  }
  for (std::size_t r = 0; r < grad_logits.rows(); ++r) {
    for (std::size_t c = 0; c < grad_logits.cols(); ++c)
      model.bias(0, c) -= learning_rate * grad_logits(r, c);
  }
  return loss;
  // [/write]
}
// [/show]

}  // namespace nn
