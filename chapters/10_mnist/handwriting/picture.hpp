// Pictures as matrices: gray values 0 (black) to 1 (white), or ink 0 (none) to 1.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "01_matrix/matrix.hpp"
#include "common/files/image.hpp"

namespace nn {

using Picture = Matrix<float>;
using Mask = Matrix<std::uint8_t>;  // 1: ink

// A rectangle of pixels: rows top .. top + height - 1, columns left .. left + width - 1.
struct Box {
  std::size_t left = 0, top = 0, width = 0, height = 0;

  std::size_t right() const { return left + width; }   // the first column behind it
  std::size_t bottom() const { return top + height; }  // the first row below it
  std::size_t longer_side() const { return std::max(width, height); }
  friend bool operator==(const Box&, const Box&) = default;
};

// The smallest box around both.
inline Box around(const Box& a, const Box& b) {
  const std::size_t left = std::min(a.left, b.left), top = std::min(a.top, b.top);
  return {left, top, std::max(a.right(), b.right()) - left, std::max(a.bottom(), b.bottom()) - top};
}

inline Picture to_picture(const GrayImage& image) {
  Picture picture(image.height, image.width);
  for (std::size_t i = 0; i < picture.size(); ++i)
    picture.values()[i] = static_cast<float>(image.pixels[i]) / 255;
  return picture;
}

// What is beyond 0 .. 1 becomes 0 or 1.
inline GrayImage to_image(const Picture& picture) {
  GrayImage image{picture.rows(), picture.cols(), {}};
  image.pixels.reserve(picture.size());
  for (const float value : picture.values())
    image.pixels.push_back(static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.f, 1.f))));
  return image;
}

// The part of a picture or a mask inside the box, which must lie in it.
template <class T>
Matrix<T> crop(const Matrix<T>& picture, const Box& box) {
  Matrix<T> part(box.height, box.width);
  for (std::size_t r = 0; r < box.height; ++r) {
    const auto from = picture.row(box.top + r).subspan(box.left, box.width);
    std::copy(from.begin(), from.end(), part.row(r).begin());
  }
  return part;
}

// The picture between its pixels: linear interpolation at (row, col), positions of pixels being their indices; beyond
// the edge as at the edge.
inline float interpolate(const Picture& picture, float row, float col) {
  const float r = std::clamp(row, 0.f, static_cast<float>(picture.rows() - 1));
  const float c = std::clamp(col, 0.f, static_cast<float>(picture.cols() - 1));
  const auto r0 = static_cast<std::size_t>(r), c0 = static_cast<std::size_t>(c);
  const std::size_t r1 = std::min(r0 + 1, picture.rows() - 1), c1 = std::min(c0 + 1, picture.cols() - 1);
  const float down = r - static_cast<float>(r0), across = c - static_cast<float>(c0);
  return (1 - down) * ((1 - across) * picture(r0, c0) + across * picture(r0, c1)) +
         down * ((1 - across) * picture(r1, c0) + across * picture(r1, c1));
}

// Enlarged by linear interpolation to rows x cols.
inline Picture enlarge(const Picture& picture, std::size_t rows, std::size_t cols) {
  Picture result(rows, cols);
  const float a = static_cast<float>(picture.rows()) / static_cast<float>(rows);
  const float b = static_cast<float>(picture.cols()) / static_cast<float>(cols);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < cols; ++c) {
      result(r, c) = interpolate(picture, (static_cast<float>(r) + 0.5f) * a - 0.5f,
                                 (static_cast<float>(c) + 0.5f) * b - 0.5f);
    }
  }
  return result;
}

}  // namespace nn
