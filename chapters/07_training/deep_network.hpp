// A deep network to try starts and activations on, and plain descent to train it.
#pragma once

#include <cmath>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "07_training/initialise.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/optimizer.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// in-64-64-64-64-10 with the given activation: dense, activation, dense, ..., dense. Seed 1; each weight times factor.
template <class Activation>
Network<float> deep_network(std::size_t in, Initialisation kind, float factor = 1) {
  Network<float> network;
  network.add<Dense<float>>(in, 64);
  for (int layer = 1; layer < 4; ++layer) {
    network.add<Activation>();
    network.add<Dense<float>>(64, 64);
  }
  network.add<Activation>();
  network.add<Dense<float>>(64, kClasses);
  Random random(1);
  initialise(network, kind, random);
  for (const auto& p : network.parameters()) {
    for (float& w : p.value->values()) w *= factor;
  }
  return network;
}

// Trains on the first 2,000 images for four epochs, sgd, rate 0.1; the share of right answers on the test images.
inline double train_by_descent(Network<float>& network, const Mnist& mnist) {
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  Sgd<float> optimizer;
  Random random(1);
  MiniBatches batches(std::min<std::size_t>(mnist.train.images.count, 2000), 50);
  Matrix<float> x;
  std::vector<std::uint8_t> labels;
  for (int epoch = 0; epoch < 4; ++epoch) {
    batches.shuffle(random);
    for (std::size_t b = 0; b < batches.per_epoch(); ++b) {
      gather(mnist.train.images.pixels, width, mnist.train.labels, batches.batch(b), x, labels);
      network.backward(cross_entropy_with_gradient(network.forward(x), labels).grad_logits);
      optimizer.step(network.parameters(), 0.1f);
    }
  }
  const auto test = pixels_as_rows<float>(mnist.test.images.pixels, width);
  return accuracy(argmax_rows(network.forward(test).values), mnist.test.labels);
}

inline double root_mean_square(const Matrix<float>& m) {
  double sum = 0;
  for (const float v : m.values()) sum += static_cast<double>(v * v);
  return std::sqrt(sum / static_cast<double>(m.size()));
}

}  // namespace nn
