// Images translated within their frame. A person sees the same digit; for a program that compares pixel by pixel,
// nearly every input has changed.
#pragma once

#include <cmath>
#include <cstddef>

#include "01_matrix/matrix.hpp"

namespace nn {

// image: one image, `width` pixels per row; result: the same image `right` columns to the right and `down` rows down.
// What leaves the frame is lost, and what enters it is 0.
template <class T>
void translate(std::span<const T> image, std::ptrdiff_t width, std::ptrdiff_t right, std::ptrdiff_t down,
               std::span<T> result) {
  const std::ptrdiff_t height = std::ssize(image) / width;
  for (std::ptrdiff_t r = 0; r < height; ++r) {
    for (std::ptrdiff_t c = 0; c < width; ++c) {
      const std::ptrdiff_t row = r - down, col = c - right;
      const bool inside = row >= 0 && row < height && col >= 0 && col < width;
      result[static_cast<std::size_t>(r * width + c)] =
          inside ? image[static_cast<std::size_t>(row * width + col)] : T(0);
    }
  }
}

// The same translation of every image of x, one image per row.
template <class T>
Matrix<T> translated(const Matrix<T>& x, std::size_t width, std::ptrdiff_t right, std::ptrdiff_t down) {
  Matrix<T> result(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    translate<T>(x.row(i), static_cast<std::ptrdiff_t>(width), right, down, result.row(i));
  }
  return result;
}

// [show centered]
// Every image translated so that its center of mass, rounded to whole pixels, is the middle of the frame.
// x: count x (height * width), one image per row. A black image stays as it is.
template <class T>
Matrix<T> centered(const Matrix<T>& x, std::size_t width) {
  const double middle_row = static_cast<double>(x.cols() / width) / 2,
               middle_col = static_cast<double>(width) / 2;
  Matrix<T> result = x;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    double mass = 0, down = 0, right = 0;
    for (std::size_t k = 0; k < x.cols(); ++k) {
      const double brightness = static_cast<double>(x(i, k));
      mass += brightness;
      down += brightness * (middle_row - static_cast<double>(k / width));
      right += brightness * (middle_col - static_cast<double>(k % width));
    }
    if (mass == 0) continue;
    translate<T>(x.row(i), static_cast<std::ptrdiff_t>(width), std::lround(right / mass),
                 std::lround(down / mass), result.row(i));
  }
  return result;
}
// [/show]

}  // namespace nn
