// The nearest-mean classifier: average all training images of each digit, then predict the digit whose mean is nearest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "01_matrix/dense.hpp"

namespace nn {

// [show class_means]
// The mean of the rows of each class.
// x: count x in; labels: count, each less than classes; result: classes x in.
// A class without examples gets a row of zeros. Throws ShapeError, std::out_of_range.
template <class T>
Matrix<T> class_means(const Matrix<T>& x, std::span<const std::uint8_t> labels, std::size_t classes) {
  if (labels.size() != x.rows()) {
    throw ShapeError("class_means: (" + shape(x) + ") needs one label per row, got " +
                     std::to_string(labels.size()));
  }
  // [write class_means]
  Matrix<T> means(classes, x.cols());
  std::vector<std::size_t> counts(classes);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    ++counts.at(labels[i]);
    for (std::size_t k = 0; k < x.cols(); ++k) means(labels[i], k) += x(i, k);
  }
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t k = 0; k < x.cols() && counts[c] > 0; ++k) means(c, k) /= static_cast<T>(counts[c]);
  }
  return means;
  // [/write]
}
// [/show]

// [show nearness]
// A score for each row of x and each mean m; the nearest mean has the highest score.
// |x - m|^2 = |x|^2 - 2 (x·m - |m|^2 / 2), so the score x·m - |m|^2 / 2 is a dense layer: neuron c has the mean of
// class c as its weights (means transposed) and -|m|^2 / 2 as its bias.
// x: count x in; means: classes x in; result: count x classes.
template <class T>
Matrix<T> nearness(const Matrix<T>& x, const Matrix<T>& means) {
  // [write nearness]
  Matrix<T> weights(means.cols(), means.rows()), bias(1, means.rows());
  for (std::size_t c = 0; c < means.rows(); ++c) {
    for (std::size_t k = 0; k < means.cols(); ++k) {
      weights(k, c) = means(c, k);
      bias(0, c) -= means(c, k) * means(c, k) / T(2);
    }
  }
  return dense(x, weights, bias);
  // [/write]
}
// [/show]

}  // namespace nn
