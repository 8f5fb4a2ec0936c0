// The worked example of the whole course: 2 inputs, 3 hidden neurons, 3 classes, and numbers for pencil and paper.
#pragma once

#include <array>
#include <cstdint>

#include "01_matrix/matrix.hpp"

namespace nn::tiny {

template <class T>
Matrix<T> inputs() {  // 2 examples x 2, and not symmetric: its transpose is another matrix
  return {{T(2), T(1)}, {T(-1), T(2)}};
}
inline constexpr std::array<std::uint8_t, 2> kLabels = {0, 2};

template <class T>
Matrix<T> hidden_weights() {  // 2 x 3: one neuron per column
  return {{T(1), T(0), T(-1)}, {T(0), T(1), T(1)}};
}
template <class T>
Matrix<T> hidden_bias() {  // 1 x 3
  return {{T(0), T(1), T(-1)}};
}

template <class T>
Matrix<T> output_weights() {  // 3 x 3
  return {{T(1), T(0), T(0)}, {T(0), T(1), T(-1)}, {T(-1), T(0), T(1)}};
}
template <class T>
Matrix<T> output_bias() {  // 1 x 3
  return {{T(1), T(0), T(0)}};
}

}  // namespace nn::tiny
