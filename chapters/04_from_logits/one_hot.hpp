// A label as a row of numbers: 1 at the true class, 0 elsewhere.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

#include "01_matrix/matrix.hpp"

namespace nn {

// Throws std::out_of_range for a label that is no class, ShapeError unless there is one label per row.
inline void check_labels(std::span<const std::uint8_t> labels, std::size_t rows, std::size_t classes) {
  if (labels.size() != rows) {
    throw ShapeError("labels: " + std::to_string(labels.size()) + " for " + std::to_string(rows) + " rows");
  }
  for (std::size_t i = 0; i < rows; ++i) {
    if (labels[i] >= classes) {
      throw std::out_of_range("labels: label " + std::to_string(labels[i]) + " of example " +
                              std::to_string(i) + " is not one of the classes 0 to " +
                              std::to_string(classes - 1));
    }
  }
}

// [show one_hot]
// y[i][labels[i]] = 1, all else 0.  result: batch x classes. Throws std::out_of_range.
template <class T>
Matrix<T> one_hot(std::span<const std::uint8_t> labels, std::size_t classes) {
  check_labels(labels, labels.size(), classes);
  // [write one_hot]
  Matrix<T> y(labels.size(), classes);
  for (std::size_t i = 0; i < labels.size(); ++i) y(i, labels[i]) = T(1);
  return y;
  // [/write]
}
// [/show]

}  // namespace nn
