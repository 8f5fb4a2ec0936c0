// Logits and probabilities are both matrices, and confusing them is a classic mistake. As two types they cannot be
// confused: softmax of probabilities does not compile.
#pragma once

#include <utility>

#include "01_matrix/matrix.hpp"

namespace nn {

// The input of softmax: any numbers; batch x classes.
template <class T>
struct Logits {
  Logits() = default;
  explicit Logits(Matrix<T> v) : values(std::move(v)) {}
  Matrix<T> values;
};

// The output of softmax: no entry is negative, and every row sums to 1; batch x classes.
template <class T>
struct Probabilities {
  Probabilities() = default;
  explicit Probabilities(Matrix<T> v) : values(std::move(v)) {}
  Matrix<T> values;
};

}  // namespace nn
