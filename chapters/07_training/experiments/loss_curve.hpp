// The loss of every step of a short run: what a picture of training shows.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "07_training/plain_step.hpp"

namespace nn {

// Trains to the end of the recipe; the loss of each step's batch, before the step.
inline std::vector<double> loss_curve(TrainingState state, const LabeledImages& images) {
  std::vector<double> losses;
  train(state, images, {{.after_step = [&](const StepReport& report) {
          losses.push_back(static_cast<double>(report.loss));
          return true;
        }}});
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

// The means of `width` neighbors, to smooth a jagged curve; at the ends of fewer.
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
