// A deep network to try starts and activations on, and plain descent to train it.
#pragma once

#include <cmath>
#include <optional>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "07_training/experiments/small_run.hpp"
#include "07_training/plain_step.hpp"
#include "common/error.hpp"

namespace nn {

// in-64-64-64-64-10 with the given activation: dense, activation, dense, ..., dense. Seed 1; each weight times factor.
template <class Activation>
Network<float> deep_network(std::size_t in, Initialization kind, float factor = 1) {
  Network<float> network;
  network.add<Dense<float>>(in, 64);
  for (int layer = 1; layer < 4; ++layer) {
    network.add<Activation>();
    network.add<Dense<float>>(64, 64);
  }
  network.add<Activation>();
  network.add<Dense<float>>(64, kClasses);
  Random random(1);
  initialize(network, kind, random);
  for (const auto& p : network.parameters()) {
    for (float& w : p.value->values()) w *= factor;
  }
  return network;
}

// Trains on the first 2,000 images for four epochs, sgd, with the same learning rate of 0.1 at every step; the share of
// right answers on the test images, or nothing if the loss becomes infinite or NaN on the way. The network is used up.
inline std::optional<double> train_by_descent(Network<float> network, const Mnist& mnist) {
  TrainingState state =
      start_training({.epochs = 4, .batch_size = 50, .optimizer = "sgd"}, std::move(network));
  const LabeledImages images = few_images(mnist);
  PlainStep plain(state, images);
  const Step with_one_rate = [&](std::span<const std::size_t> batch, std::size_t step, float) {
    return plain(batch, step, 0.1f);
  };
  try {
    train(state, images, with_one_rate);
  } catch (const Error&) {  // what there is to be seen in a run that diverges
    return std::nullopt;
  }
  const std::size_t width = mnist.test.height * mnist.test.width;
  const auto test = pixels_as_rows<float>(mnist.test.pixels, width);
  return accuracy(argmax_rows(state.network.forward(test).values), mnist.test.labels);
}

inline double root_mean_square(const Matrix<float>& m) {
  double sum = 0;
  for (const float v : m.values()) sum += static_cast<double>(v * v);
  return std::sqrt(sum / static_cast<double>(m.size()));
}

}  // namespace nn
