// Random matrices for demonstrations and benchmarks.
#pragma once

#include "01_matrix/matrix.hpp"
#include "common/random.hpp"

namespace nn {

// rows x cols numbers, drawn uniformly from -1 to 1.
inline Matrix<float> random_matrix(std::size_t rows, std::size_t cols, Random& random) {
  Matrix<float> m(rows, cols);
  for (float& value : m.values()) value = static_cast<float>(random.uniform(-1, 1));
  return m;
}

}  // namespace nn
