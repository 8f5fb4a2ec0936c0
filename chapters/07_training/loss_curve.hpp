// The loss of every step of a short run: what a picture of training shows.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "04_from_logits/cross_entropy.hpp"
#include "05_backprop/network.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/optimizer.hpp"
#include "07_training/schedule.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// Trains for schedule.steps steps on the first `count` images, batches of 50 in the order of seed 1. Returns the loss
// of each step's batch, before the step.
inline std::vector<double> loss_curve(Network<float>& network, Optimizer<float>& optimizer,
                                      const Schedule& schedule, const LabelledImages& all,
                                      std::size_t count) {
  const std::size_t width = all.images.height * all.images.width;
  MiniBatches batches(std::min(count, all.images.count), 50);
  Random random(1);
  Matrix<float> x;
  std::vector<std::uint8_t> labels;
  std::vector<double> losses;
  for (std::size_t step = 0; step < schedule.steps; ++step) {
    if (step % batches.per_epoch() == 0) batches.shuffle(random);
    gather(all.images.pixels, width, all.labels, batches.batch(step % batches.per_epoch()), x, labels);
    const auto [loss, grad] = cross_entropy_with_gradient(network.forward(x), labels);
    network.backward(grad);
    optimizer.step(network.parameters(), static_cast<float>(schedule.at(step)));
    losses.push_back(static_cast<double>(loss));
  }
  return losses;
}

// How much the rows of y differ: the standard deviation of each column, and the root mean square of these.
inline double spread_of_rows(const Matrix<float>& y) {
  const double rows = static_cast<double>(y.rows());
  double variances = 0;
  for (std::size_t j = 0; j < y.cols(); ++j) {
    double mean = 0, variance = 0;
    for (std::size_t i = 0; i < y.rows(); ++i) mean += static_cast<double>(y(i, j)) / rows;
    for (std::size_t i = 0; i < y.rows(); ++i)
      variance += std::pow(static_cast<double>(y(i, j)) - mean, 2) / rows;
    variances += variance;
  }
  return std::sqrt(variances / static_cast<double>(y.cols()));
}

// The same for what each activation layer passes on, from the first to the last.  x: batch x in.
inline std::vector<double> spread_by_layer(Network<float>& network, const Matrix<float>& x) {
  std::vector<double> spreads;
  const Matrix<float>* values = &x;
  for (std::size_t i = 0; i + 1 < network.size(); ++i) {
    values = &network.layer(i).forward(*values);
    if (network.layer(i).parameters().empty()) spreads.push_back(spread_of_rows(*values));
  }
  return spreads;
}

// The means of `width` neighbours, to smooth a jagged curve; at the ends of fewer.
inline std::vector<double> running_mean(const std::vector<double>& values, std::size_t width) {
  std::vector<double> means;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t begin = i < width / 2 ? 0 : i - width / 2,
                      end = std::min(values.size(), i + width / 2 + 1);
    double sum = 0;
    for (std::size_t k = begin; k < end; ++k) sum += values[k];
    means.push_back(sum / static_cast<double>(end - begin));
  }
  return means;
}

}  // namespace nn
