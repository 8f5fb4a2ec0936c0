// Two passes over a layer's outputs become one.
#pragma once

#include <cstddef>
#include <span>

namespace nn {

// [show add_bias_and_relu]
// y[j] = relu(y[j] + b[j]), for one example.  y, b: width numbers. NaN stays NaN, as in relu.
inline void add_bias_and_relu(std::span<float> y, std::span<const float> b) {
  // [write add_bias_and_relu]
  for (std::size_t j = 0; j < y.size(); ++j) {
    const float sum = y[j] + b[j];
    y[j] = sum <= 0 ? 0 : sum;
  }
  // [/write]
}
// [/show]

}  // namespace nn
