// Scores before softmax and probabilities after it are both matrices, and mixing them up is the classic
// mistake. As two types they cannot be mixed up: a softmax of probabilities does not compile.
#pragma once

#include <utility>

#include "01_matrix/matrix.hpp"

namespace nn {

// Any numbers; batch x classes.
template <class T>
struct Logits {
  Logits() = default;
  explicit Logits(Matrix<T> v) : values(std::move(v)) {}
  Matrix<T> values;
};

// Each row >= 0 and with sum 1; batch x classes.
template <class T>
struct Probabilities {
  Probabilities() = default;
  explicit Probabilities(Matrix<T> v) : values(std::move(v)) {}
  Matrix<T> values;
};

}  // namespace nn
