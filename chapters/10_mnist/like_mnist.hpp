// The last two steps from a digit to what the network was trained on: MNIST's digits fill a square of 20 x 20 pixels, and
// their center of mass is in the middle of 28 x 28 (LeCun, Cortes and Burges, "The MNIST database").
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "01_matrix/matrix.hpp"

namespace nn {

inline constexpr std::size_t kDigitBox = 20, kDigitSide = 28;

// How much of source pixel i, which covers i .. i + 1, lies between from and to; 0 to 1.
inline float overlap(std::size_t i, float from, float to) {
  const auto left = static_cast<float>(i);
  return std::max(0.f, std::min(left + 1, to) - std::max(left, from));
}

// The picture with rows x cols pixels, by area averaging: each new pixel is the mean of the source pixels that it covers,
// weighted by the covered area. Covered are, with a = source.rows() / rows and b = source.cols() / cols, the source rows
// from r a to (r + 1) a and the source columns from c b to (c + 1) b.
inline Matrix<float> area_average(const Matrix<float>& source, std::size_t rows, std::size_t cols) {
  Matrix<float> result(rows, cols);
  const float a = static_cast<float>(source.rows()) / static_cast<float>(rows);
  const float b = static_cast<float>(source.cols()) / static_cast<float>(cols);
  for (std::size_t r = 0; r < rows; ++r) {
    const float top = static_cast<float>(r) * a, bottom = top + a;
    for (std::size_t c = 0; c < cols; ++c) {
      const float left = static_cast<float>(c) * b, right = left + b;
      // [show area_average]
      // [write area_average]
      float sum = 0;
      for (auto i = static_cast<std::size_t>(top); i < source.rows() && static_cast<float>(i) < bottom; ++i) {
        for (auto j = static_cast<std::size_t>(left); j < source.cols() && static_cast<float>(j) < right;
             ++j) {
          sum += overlap(i, top, bottom) * overlap(j, left, right) * source(i, j);
        }
      }
      result(r, c) = sum / (a * b);
      // [/write]
      // [/show]
    }
  }
  return result;
}

// The digit scaled so that its longer side is 20 pixels. The shorter one keeps the proportions: at least 1 pixel.
inline Matrix<float> scale_to_box(const Matrix<float>& digit) {
  const float scale =
      static_cast<float>(kDigitBox) / static_cast<float>(std::max(digit.rows(), digit.cols()));
  const auto side = [&](std::size_t length) {
    return std::max<std::size_t>(1,
                                 static_cast<std::size_t>(std::lround(static_cast<float>(length) * scale)));
  };
  return area_average(digit, side(digit.rows()), side(digit.cols()));
}

struct CenterOfMass {
  float row = 0, col = 0;
};

// Where a picture would balance if its pixels were weights:  row = sum r p(r, c) / sum p(r, c), and col likewise.
// A pixel's position is its index. An empty picture has its middle here.
inline CenterOfMass center_of_mass(const Matrix<float>& p) {
  CenterOfMass center{static_cast<float>(p.rows() - 1) / 2, static_cast<float>(p.cols() - 1) / 2};
  // [show center_of_mass]
  // [write center_of_mass]
  float mass = 0, row = 0, col = 0;
  for (std::size_t r = 0; r < p.rows(); ++r) {
    for (std::size_t c = 0; c < p.cols(); ++c) {
      mass += p(r, c);
      row += static_cast<float>(r) * p(r, c);
      col += static_cast<float>(c) * p(r, c);
    }
  }
  if (mass > 0) center = {row / mass, col / mass};
  // [/write]
  // [/show]
  return center;
}

// Puts the digit, at most 28 x 28, into 28 x 28 black pixels, moved by whole pixels so that its center of mass is as near
// to (14, 14) as possible, but no pixel of it is cut off.
inline Matrix<float> center_by_mass(const Matrix<float>& digit) {
  Matrix<float> result(kDigitSide, kDigitSide);
  const CenterOfMass center = center_of_mass(digit);
  const auto start = [](float mass_at, std::size_t length) {
    const long wanted = std::lround(static_cast<float>(kDigitSide) / 2 - mass_at);
    return static_cast<std::size_t>(std::clamp<long>(wanted, 0, static_cast<long>(kDigitSide - length)));
  };
  const std::size_t top = start(center.row, digit.rows()), left = start(center.col, digit.cols());
  for (std::size_t r = 0; r < digit.rows(); ++r) {
    for (std::size_t c = 0; c < digit.cols(); ++c) result(top + r, left + c) = digit(r, c);
  }
  return result;
}

}  // namespace nn
