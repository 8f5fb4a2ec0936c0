// Elastic deformation: every pixel is displaced at random, and neighbors nearly alike (Simard et al. 2003).
#pragma once

#include <vector>

#include "01_matrix/matmul.hpp"
#include "01_matrix/scalar.hpp"
#include "08_generalization/sampling.hpp"
#include "common/random.hpp"

namespace nn {

// [show gaussian_matrix]
// size x size;  G[i][k] = exp(-(i - k)^2 / (2 sigma^2)), divided by the sum of its row, so that every row sums to 1.
// G·f smooths a column f of numbers: each becomes a weighted mean of itself and its neighbors.
inline Matrix<float> gaussian_matrix(std::size_t size, float sigma) {
  Matrix<float> g(size, size);
  // [write gaussian_matrix]
  for (std::size_t i = 0; i < size; ++i) {
    float sum = 0;
    for (std::size_t k = 0; k < size; ++k) {
      const float distance = static_cast<float>(i) - static_cast<float>(k);
      g(i, k) = nn::exp(-distance * distance / (2 * sigma * sigma));
      sum += g(i, k);
    }
    for (float& weight : g.row(i)) weight /= sum;
  }
  return g;
  // [/write]
}
// [/show]

// The random displacements of all pixels of a few images: evenly from -strength to strength, smoothed along columns and
// rows by the Gaussian matrices of height and width. A field F, height x width, becomes G·F·Gᵀ.
class DisplacementFields {
 public:
  DisplacementFields(float strength, float sigma) : strength_(strength), sigma_(sigma) {}

  // Room for count images; the fields are to be filled with draw.
  void resize(std::size_t count, std::size_t height, std::size_t width) {
    if (over_rows_.rows() != height) over_rows_ = gaussian_matrix(height, sigma_);
    if (over_cols_.rows() != width) over_cols_ = gaussian_matrix(width, sigma_);
    height_ = height, width_ = width;
    fields_.resize(2 * count * height, width);
    turned_.resize(2 * count * width, height);
  }
  // The random numbers of one image: those of its rows, then those of its columns.
  void draw(std::size_t image, Random& random) {
    const std::size_t size = 2 * height_ * width_;
    for (float& value : fields_.values().subspan(image * size, size))
      value = strength_ * static_cast<float>(random.uniform(-1, 1));
  }
  // [show smooth]
  // G·F·Gᵀ of every field F. F·Gᵀ smooths the rows; transposed and smoothed once more it is (F·Gᵀ)ᵀ·Gᵀ = (G·F·Gᵀ)ᵀ. All
  // fields lie one below the other, so one matrix product smooths the rows of all of them.
  void smooth() {
    matmul_a_bt(fields_, over_cols_, smooth_rows_);
    transpose_fields();
    matmul_a_bt(turned_, over_rows_, smooth_);
  }
  // [/show]
  // How far the pixel (row, col) of an image is displaced, in pixels; after smooth.
  Position at(std::size_t image, std::size_t row, std::size_t col) const {
    return {smooth_(2 * image * width_ + col, row), smooth_((2 * image + 1) * width_ + col, row)};
  }

 private:
  void transpose_fields() {
    for (std::size_t f = 0; f * height_ < smooth_rows_.rows(); ++f) {
      for (std::size_t i = 0; i < height_; ++i) {
        for (std::size_t j = 0; j < width_; ++j)
          turned_(f * width_ + j, i) = smooth_rows_(f * height_ + i, j);
      }
    }
  }

  float strength_, sigma_;
  std::size_t height_ = 0, width_ = 0;
  Matrix<float> over_rows_, over_cols_;  // Gaussian
  Matrix<float> fields_, smooth_rows_;   // of every image: height x width for its rows, again for its columns
  Matrix<float> turned_, smooth_;        // the same, transposed
};

}  // namespace nn
