// Chapter 04's ten lines of descent once more, now with layers: enough to train a small network.
#pragma once

#include <functional>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "05_backprop/network.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// Every parameter one step against its gradient.
template <class T>
void descend(Network<T>& network, T learning_rate) {
  for (const auto& p : network.parameters()) {
    for (std::size_t i = 0; i < p.value->size(); ++i)
      p.value->values()[i] -= learning_rate * p.grad->values()[i];
  }
}

// Every parameter becomes what start says.
template <class T>
void start_at(Network<T>& network, const std::function<double()>& start) {
  for (const auto& p : network.parameters()) {
    for (T& value : p.value->values()) value = static_cast<T>(start());
  }
}

// Trains on 25 images a step, in their own order, with a learning rate of 0.2; the share of right answers on the test
// images. spoil: what becomes of the gradients before each step.
inline double train_plainly(Network<float>& network, const Mnist& mnist, int epochs,
                            const std::function<void(Network<float>&)>& spoil = {}) {
  constexpr std::size_t kBatch = 25;
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  const std::span<const std::uint8_t> pixels = mnist.train.images.pixels, labels = mnist.train.labels;
  Matrix<float> x;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (std::size_t at = 0; at + kBatch <= labels.size(); at += kBatch) {
      pixels_as_rows(pixels.subspan(at * width, kBatch * width), width, x);
      network.backward(
          cross_entropy_with_gradient(network.forward(x), labels.subspan(at, kBatch)).grad_logits);
      if (spoil) spoil(network);
      descend(network, 0.2f);
    }
  }
  const auto test = pixels_as_rows<float>(mnist.test.images.pixels, width);
  return accuracy(argmax_rows(network.forward(test).values), mnist.test.labels);
}

}  // namespace nn
