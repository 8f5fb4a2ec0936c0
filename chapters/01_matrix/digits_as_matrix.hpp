// Images as rows of a matrix.
#pragma once

#include <cstdint>
#include <span>

#include "01_matrix/matrix.hpp"

namespace nn {

// pixels: the gray values 0 .. 255 of all images, `width` values per image, one image after another.
// x becomes count x width; each entry is value / 255, so black is 0 and white is 1.
// Throws ShapeError if the last image is incomplete.
template <class T>
void pixels_as_rows(std::span<const std::uint8_t> pixels, std::size_t width, Matrix<T>& x) {
  if (width == 0 || pixels.size() % width != 0) {
    throw ShapeError("pixels_as_rows: " + std::to_string(pixels.size()) +
                     " pixels cannot be divided into images of " + std::to_string(width));
  }
  x.resize(pixels.size() / width, width);
  for (std::size_t i = 0; i < pixels.size(); ++i) x.values()[i] = static_cast<T>(pixels[i]) / T(255);
}

template <class T>
Matrix<T> pixels_as_rows(std::span<const std::uint8_t> pixels, std::size_t width) {
  Matrix<T> x;
  pixels_as_rows(pixels, width, x);
  return x;
}

}  // namespace nn
