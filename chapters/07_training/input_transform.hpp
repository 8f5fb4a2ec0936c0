// What happens to a pixel before the network sees it. A network learns faster when its inputs have mean 0 and
// variance 1 (LeCun et al., "Efficient BackProp", 1998); a saved model always takes value / 255.
#pragma once

#include "05_backprop/network.hpp"

namespace nn {

// x becomes (x - mean) / deviation; without numbers, x itself. x is value / 255.
struct InputTransform {
  float mean = 0, deviation = 1;

  float operator()(float x) const { return (x - mean) / deviation; }
  friend bool operator==(const InputTransform&, const InputTransform&) = default;
};

// Standardized: the mean and the standard deviation of value / 255 over all pixels of MNIST's training images.
inline constexpr InputTransform kStandardized{.mean = 0.1307f, .deviation = 0.3081f};

// Only scaled: 0 stays 0, so that chapter 09 can skip it.
inline constexpr InputTransform kScaled{.mean = 0, .deviation = 0.3081f};

// Folds the transform into the first layer, which then gives the same outputs for x as before for the transformed
// pixels:  (x - mean) / deviation · W + b = x·(W / deviation) + (b - mean / deviation * column sums of W).
// Called once, when a trained network becomes a model.
inline void fold_input_transform(Network<float>& network, const InputTransform& input) {
  if (input == InputTransform{}) return;
  const auto parameters = network.parameters();
  Matrix<float>&weights = *parameters.at(0).value, &bias = *parameters.at(1).value;
  for (float& w : weights.values()) w /= input.deviation;
  Matrix<float> sums;
  column_sums(weights, sums);
  for (std::size_t j = 0; j < bias.cols(); ++j) bias(0, j) -= input.mean * sums(0, j);
}

}  // namespace nn
