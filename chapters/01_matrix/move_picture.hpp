// Pictures moved about in their frame: to a person nothing changes, to a program that reads pixels all of it.
#pragma once

#include <cmath>
#include <cstddef>

#include "01_matrix/matrix.hpp"

namespace nn {

// from: one picture, width pixels a row; to: the same, `right` columns further right and `down` rows further down.
// What leaves the frame is lost, what comes in is 0.
template <class T>
void move_picture(std::span<const T> from, std::ptrdiff_t width, std::ptrdiff_t right, std::ptrdiff_t down,
                  std::span<T> to) {
  const std::ptrdiff_t height = std::ssize(from) / width;
  for (std::ptrdiff_t r = 0; r < height; ++r) {
    for (std::ptrdiff_t c = 0; c < width; ++c) {
      const std::ptrdiff_t row = r - down, col = c - right;
      const bool inside = row >= 0 && row < height && col >= 0 && col < width;
      to[static_cast<std::size_t>(r * width + c)] =
          inside ? from[static_cast<std::size_t>(row * width + col)] : T(0);
    }
  }
}

// Every picture of x, one a row.
template <class T>
Matrix<T> moved(const Matrix<T>& x, std::size_t width, std::ptrdiff_t right, std::ptrdiff_t down) {
  Matrix<T> result(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    move_picture<T>(x.row(i), static_cast<std::ptrdiff_t>(width), right, down, result.row(i));
  }
  return result;
}

// [show centred]
// Every picture moved so that its centre of gravity, rounded, is the middle of the frame.
// x: count x (height * width), one picture a row. A black picture stays as it is.
template <class T>
Matrix<T> centred(const Matrix<T>& x, std::size_t width) {
  const double middle_row = static_cast<double>(x.cols() / width) / 2,
               middle_col = static_cast<double>(width) / 2;
  Matrix<T> result = x;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    double weight = 0, down = 0, right = 0;
    for (std::size_t k = 0; k < x.cols(); ++k) {
      const double white = static_cast<double>(x(i, k));
      weight += white;
      down += white * (middle_row - static_cast<double>(k / width));
      right += white * (middle_col - static_cast<double>(k % width));
    }
    if (weight == 0) continue;
    move_picture<T>(x.row(i), static_cast<std::ptrdiff_t>(width), std::lround(right / weight),
                    std::lround(down / weight), result.row(i));
  }
  return result;
}
// [/show]

}  // namespace nn
