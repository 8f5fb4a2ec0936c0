// Where the largest entry is: how scores become an answer.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "01_matrix/matrix.hpp"
#include "01_matrix/scalar.hpp"

namespace nn {

// [show argmax]
// The index of the largest entry, by real part; the first one if there are several. row: not empty.
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

// The answer for each row of scores.  scores: count x classes, 1 to 256 classes.
template <class T>
std::vector<std::uint8_t> argmax_rows(const Matrix<T>& scores) {
  std::vector<std::uint8_t> best(scores.rows());
  for (std::size_t i = 0; i < scores.rows(); ++i) best[i] = static_cast<std::uint8_t>(argmax(scores.row(i)));
  return best;
}

// The share of answers that equal the label. Throws ShapeError if they are not equally many; 0 of 0 is 0.
inline double accuracy(std::span<const std::uint8_t> answers, std::span<const std::uint8_t> labels) {
  if (answers.size() != labels.size()) {
    throw ShapeError("accuracy: " + std::to_string(answers.size()) + " answers, " +
                     std::to_string(labels.size()) + " labels");
  }
  std::size_t right = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) right += answers[i] == labels[i];
  return answers.empty() ? 0 : static_cast<double>(right) / static_cast<double>(answers.size());
}

}  // namespace nn
