// An image between its pixels: where a distorted image takes its gray values from.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "01_matrix/matrix.hpp"

namespace nn {

struct Position {
  float row, col;
};

// [show bilinear]
// The gray value at a position between four pixels: their mean, each weighted by how near it is.
// image: gray values; 0 <= at.row < image.rows() - 1, and the same for the columns.
inline float bilinear(const Matrix<float>& image, Position at) {
  // [write bilinear]
  const auto r = static_cast<std::uint32_t>(at.row), c = static_cast<std::uint32_t>(at.col);
  const float down = at.row - static_cast<float>(r), right = at.col - static_cast<float>(c);
  const float above = (1 - right) * image(r, c) + right * image(r, c + 1);
  const float below = (1 - right) * image(r + 1, c) + right * image(r + 1, c + 1);
  return (1 - down) * above + down * below;
  // [/write]
}
// [/show]

// An image with a border of zeros, so that what lies outside of it is background.
class PaddedImage {
 public:
  void set(std::span<const std::uint8_t> pixels, std::size_t height, std::size_t width) {
    height_ = static_cast<float>(height), width_ = static_cast<float>(width);
    padded_.resize(height + 3, width + 3);
    padded_.fill(0);
    for (std::size_t i = 0; i < height; ++i) {
      for (std::size_t j = 0; j < width; ++j)
        padded_(i + 1, j + 1) = static_cast<float>(pixels[i * width + j]);
    }
  }
  // at: in rows and columns of the image; (0, 0) is the center of the first pixel.
  float at(Position at) const {
    return bilinear(padded_, {std::clamp(at.row, -1.0f, height_) + 1, std::clamp(at.col, -1.0f, width_) + 1});
  }

 private:
  float height_ = 0, width_ = 0;
  Matrix<float> padded_;
};

}  // namespace nn
