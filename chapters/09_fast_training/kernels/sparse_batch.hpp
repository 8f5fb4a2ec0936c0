// The images of a batch without their zeros, and the two products of the first layer that need no more of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "01_matrix/matrix.hpp"
#include "07_training/input_transform.hpp"

namespace nn {

// The pixels that are not 0, image by image, in blocks of kBlock pixels: a block of the weights' rows stays in the
// first-level cache while all images use it.
class SparseBatch {
 public:
  static constexpr std::size_t kBlock = 64;  // pixels

  // Pixels of one image in one block, from left to right: the numbers x of the columns in pixel.
  struct Entries {
    const std::uint32_t* pixel;
    const float* x;
    std::size_t count;
  };

  void resize(std::size_t images, std::size_t pixels);
  // Image i. The numbers are normalize_pixels's; input.mean must be 0, or 0 would not stay 0. Different images can be set
  // at the same time.
  void set(std::size_t i, const std::uint8_t* pixels, const InputTransform& input);

  std::size_t images() const { return images_; }
  std::size_t pixels() const { return pixels_; }
  std::size_t blocks() const { return blocks_; }
  Entries entries(std::size_t i, std::size_t block) const {
    const std::uint32_t* start = starts_.data() + i * (blocks_ + 1) + block;
    return {pixel_.data() + i * stride_ + start[0], x_.data() + i * stride_ + start[0], start[1] - start[0]};
  }

 private:
  std::size_t images_ = 0, pixels_ = 0, blocks_ = 0, stride_ = 0;
  std::vector<std::uint32_t> pixel_, starts_;  // images x stride_, images x (blocks_ + 1)
  std::vector<float> x_;                       // images x stride_
};

// Columns begin .. end - 1 of out = X·W, to the last bit those of matmul_fast. Returns false, and leaves these columns
// undefined, if a weight in them is not finite: then 0 * w is NaN and must not be left out.
// w: pixels x width;  out: images x width.
bool sparse_times(const SparseBatch& x, const Matrix<float>& w, std::size_t begin, std::size_t end,
                  Matrix<float>& out);

// Columns begin .. end - 1 of the rows of a block of pixels in grad = Xᵀ·G, to the last bit those of matmul_fast as long
// as g is finite.
// g: images x width;  grad: pixels x width.
void sparse_gradient(const SparseBatch& x, std::size_t block, const Matrix<float>& g, std::size_t begin,
                     std::size_t end, Matrix<float>& grad);

}  // namespace nn
