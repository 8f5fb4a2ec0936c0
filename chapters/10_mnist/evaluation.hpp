// How good a classifier is, and how sure one can be of that.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "05_backprop/network.hpp"
#include "07_training/input_transform.hpp"
#include "common/data/mnist.hpp"

namespace nn {

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
};

// Asks the network about every image, some hundred at a time. The network must end in ten logits.
// input: of the pixels; a model takes them as they are.
Evaluation evaluate(Network<float>& network, const LabeledImages& images, const InputTransform& input = {});

// How many training images are kept back to make choices on: the last min(5,000, a tenth).
inline std::size_t validation_count(std::size_t training_images) {
  return std::min<std::size_t>(5000, training_images / 10);
}

}  // namespace nn
