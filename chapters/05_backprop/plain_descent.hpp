// The gradient descent of chapter 04 for networks of layers: enough to train a small network.
#pragma once

#include <functional>

#include "01_matrix/argmax.hpp"
#include "04_from_logits/batches.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "05_backprop/network.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// Subtracts learning_rate times its gradient from every parameter.
template <class T>
void descend(Network<T>& network, T learning_rate) {
  for (const auto& p : network.parameters()) {
    for (std::size_t i = 0; i < p.value->size(); ++i)
      p.value->values()[i] -= learning_rate * p.grad->values()[i];
  }
}

// Sets every parameter to the next value of start().
template <class T>
void start_at(Network<T>& network, const std::function<double()>& start) {
  for (const auto& p : network.parameters()) {
    for (T& value : p.value->values()) value = static_cast<T>(start());
  }
}

// Trains on 25 images per step, in their order in the file, with a learning rate of 0.2; returns the accuracy on the test
// images. spoil: changes the gradients before each step.
inline double train_plainly(Network<float>& network, const Mnist& mnist, int epochs,
                            const std::function<void(Network<float>&)>& spoil = {}) {
  for_each_batch(mnist.train, {.batch_size = 25, .epochs = epochs},
                 [&](const Matrix<float>& x, std::span<const std::uint8_t> labels, int) {
                   network.backward(cross_entropy_with_gradient(network.forward(x), labels).grad_logits);
                   if (spoil) spoil(network);
                   descend(network, 0.2f);
                 });
  const auto test = image_rows(mnist.test, 0, mnist.test.count);
  return accuracy(argmax_rows(network.forward(test).values), mnist.test.labels);
}

}  // namespace nn
