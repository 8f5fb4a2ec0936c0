// How good a classifier is, and how sure one can be of that.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "05_backprop/network.hpp"
#include "07_training/input_transform.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// Where the true accuracy lies, with 95% confidence.
struct Interval {
  double low, high;
};

struct Evaluation {
  std::size_t count = 0;
  std::size_t right = 0;
  double loss = 0;                               // mean cross-entropy
  Matrix<double> confusion{kClasses, kClasses};  // row: true digit, column: answer; counts

  double accuracy() const { return count == 0 ? 0 : static_cast<double>(right) / static_cast<double>(count); }
  // One standard error of the accuracy, as a share: sqrt(p (1 - p) / count).
  double standard_error() const {
    return count == 0 ? 0 : std::sqrt(accuracy() * (1 - accuracy()) / static_cast<double>(count));
  }
  // The standard error describes a normal distribution, and it takes some correct and some incorrect answers to have
  // one: where all are correct it is 0, as if no other answer were possible.
  bool standard_error_holds() const { return std::min(right, count - right) >= 5; }
  // The accuracies p from which the measured one is at most z = 1.96 of p's own standard errors away (Wilson 1927).
  Interval interval() const {
    if (count == 0) return {0, 1};
    constexpr double z = 1.959964;
    const double n = static_cast<double>(count), p = accuracy();
    const double center = p + z * z / (2 * n), half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    const double scale = 1 + z * z / n;
    return {std::max(0.0, (center - half) / scale), std::min(1.0, (center + half) / scale)};
  }
};

// Asks the network about every image, some hundred at a time. The network must end in ten logits.
// input: of the pixels; a model takes them as they are.
Evaluation evaluate(Network<float>& network, const LabeledImages& images, const InputTransform& input = {});

// How many training images are kept back to make choices on: the last min(5,000, a tenth).
inline std::size_t validation_count(std::size_t training_images) {
  return std::min<std::size_t>(5000, training_images / 10);
}

}  // namespace nn
