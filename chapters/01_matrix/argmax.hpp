// The position of the largest entry: how ten scores become one prediction.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "01_matrix/matrix.hpp"
#include "01_matrix/scalar.hpp"

namespace nn {

// [show argmax]
// The index of the largest entry, compared by real part; of equal entries the first. row: not empty.
template <class T>
std::size_t argmax(std::span<const T> row) {
  // [write argmax]
  std::size_t best = 0;
  for (std::size_t j = 1; j < row.size(); ++j) {
    if (real_part(row[j]) > real_part(row[best])) best = j;
  }
  return best;
  // [/write]
}
// [/show]

// The predicted class of each row of scores.  scores: count x classes, 1 to 256 classes.
template <class T>
std::vector<std::uint8_t> argmax_rows(const Matrix<T>& scores) {
  std::vector<std::uint8_t> best(scores.rows());
  for (std::size_t i = 0; i < scores.rows(); ++i) best[i] = static_cast<std::uint8_t>(argmax(scores.row(i)));
  return best;
}

// The fraction of predictions that equal their label. Throws ShapeError if there are not as many labels as
// predictions; 0 of 0 is 0.
inline double accuracy(std::span<const std::uint8_t> predictions, std::span<const std::uint8_t> labels) {
  if (predictions.size() != labels.size()) {
    throw ShapeError("accuracy: " + std::to_string(predictions.size()) +
                     " predictions need as many labels, got " + std::to_string(labels.size()));
  }
  std::size_t correct = 0;
  for (std::size_t i = 0; i < predictions.size(); ++i) correct += predictions[i] == labels[i];
  return predictions.empty() ? 0 : static_cast<double>(correct) / static_cast<double>(predictions.size());
}

}  // namespace nn
