// Rotated, scaled, sheared and shifted images: all four are one affine map.
#pragma once

#include <cmath>

#include "08_generalization/sampling.hpp"
#include "common/random.hpp"

namespace nn {

// From a pixel of the new image to the position in the old one whose gray value it gets. The center of the image stays
// where it is, but for the shift:
//   row' = center + row_by_row (row - center) + row_by_col (col - center) + row_shift,   and the same for col'.
struct AffineMap {
  float row_by_row = 1, row_by_col = 0, col_by_row = 0, col_by_col = 1;
  float row_shift = 0, col_shift = 0;

  // [show source]
  // height, width: of the image. Its center is at ((height - 1) / 2, (width - 1) / 2).
  Position source(std::size_t row, std::size_t col, std::size_t height, std::size_t width) const {
    // [write AffineMap::source]
    const float center_row = static_cast<float>(height - 1) / 2,
                center_col = static_cast<float>(width - 1) / 2;
    const float r = static_cast<float>(row) - center_row, c = static_cast<float>(col) - center_col;
    return {center_row + row_by_row * r + row_by_col * c + row_shift,
            center_col + col_by_row * r + col_by_col * c + col_shift};
    // [/write]
  }
  // [/show]
};

// How far a random map may go; every number is drawn evenly between -most and most.
struct AffineRange {
  float rotation = 0;  // radians
  float scale = 0;     // the height and the width, each by a factor of 1 - scale to 1 + scale
  float shear = 0;     // columns per row
  int shift = 0;       // whole pixels, both ways
};

// Sine and cosine of a small angle by their series: the same bits with every C library.
inline Position cosine_and_sine(float angle) {
  const float a = angle * angle;
  return {1 - a / 2 * (1 - a / 12 * (1 - a / 30)), angle * (1 - a / 6 * (1 - a / 20 * (1 - a / 42)))};
}

inline AffineMap random_affine_map(const AffineRange& range, Random& random) {
  const auto draw = [&](float most) {
    return static_cast<float>(random.uniform(-static_cast<double>(most), static_cast<double>(most)));
  };
  const auto shift = [&] {
    return static_cast<float>(random.below(static_cast<std::uint64_t>(2 * range.shift + 1))) -
           static_cast<float>(range.shift);
  };
  const float angle = draw(range.rotation), height = 1 + draw(range.scale), width = 1 + draw(range.scale);
  const float shear = draw(range.shear);
  const auto [cosine, sine] = cosine_and_sine(angle);
  // (row, col) is first scaled and sheared, (height row, shear row + width col), and then rotated.
  return {.row_by_row = cosine * height - sine * shear,
          .row_by_col = -sine * width,
          .col_by_row = sine * height + cosine * shear,
          .col_by_col = cosine * width,
          .row_shift = shift(),
          .col_shift = shift()};
}

}  // namespace nn
