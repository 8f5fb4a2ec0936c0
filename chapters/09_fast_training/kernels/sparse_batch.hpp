// The images of a batch without their zeros, and the two products of the first layer that need no more of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "01_matrix/matrix.hpp"
#include "07_training/input_transform.hpp"

namespace nn {

// A number that is not 0, and where it stands.
struct Nonzero {
  std::uint32_t index;
  float x;
};

// The pixels of a batch that are not 0, in blocks of kBlock pixels: the rows of weights that belong to a block stay in
// the first-level cache while all images use them.
class SparseBatch {
 public:
  static constexpr std::size_t kBlock = 64;  // pixels

  // input.mean must be 0, or 0 would not stay 0.
  explicit SparseBatch(const InputTransform& input = {});

  void resize(std::size_t images, std::size_t pixels);
  // Pixels of image i. Different images may be set at the same time.
  void set_image(std::size_t i, const std::uint8_t* pixels);
  // What of_pixel() gives for the pixels of these blocks, once all images are set. Different blocks may be transposed at
  // the same time.
  void transpose(std::size_t first_block, std::size_t last_block);

  std::size_t images() const { return images_; }
  std::size_t pixels() const { return pixels_; }
  std::size_t blocks() const { return blocks_; }
  std::size_t block_begin(std::size_t block) const { return block * kBlock; }
  std::size_t block_end(std::size_t block) const { return std::min((block + 1) * kBlock, pixels_); }

  // Of one image, the pixels of the blocks first .. last - 1, from left to right; index: the pixel.
  std::span<const Nonzero> of_image(std::size_t i, std::size_t first_block, std::size_t last_block) const {
    const std::uint32_t* starts = image_starts_.data() + i * (blocks_ + 1);
    return {of_images_.data() + i * pixels_ + starts[first_block], starts[last_block] - starts[first_block]};
  }
  // Of one pixel, the images in the order of the batch; index: the image.
  std::span<const Nonzero> of_pixel(std::size_t p) const {
    return {of_pixels_.data() + pixel_starts_[p], pixel_ends_[p] - pixel_starts_[p]};
  }

 private:
  std::array<float, 256> x_of_value_;
  std::size_t images_ = 0, pixels_ = 0, blocks_ = 0;
  std::vector<Nonzero> of_images_;           // images x pixels, of which only some are used
  std::vector<std::uint32_t> image_starts_;  // images x (blocks + 1): where an image's blocks begin
  std::vector<Nonzero> of_pixels_;           // pixels x images, of which only some are used
  std::vector<std::uint32_t> pixel_starts_, pixel_ends_,
      next_;  // blocks x kBlock: where a pixel's images are
};

// Columns begin .. end - 1 of out = X·W, to the last bit those of matmul_fast. Returns false, and leaves these columns
// undefined, if a weight in them is not finite: then 0 * w is NaN and must not be left out.
// w: pixels x width;  out: images x width.
bool sparse_times(const SparseBatch& x, const Matrix<float>& w, std::size_t begin, std::size_t end,
                  Matrix<float>& out);

// Columns begin .. end - 1 of the rows of a block of pixels in grad = Xᵀ·G, to the last bit those of matmul_fast as long
// as g is finite. Needs transpose_block.
// g: images x width;  grad: pixels x width.
void sparse_gradient(const SparseBatch& x, std::size_t block, const Matrix<float>& g, std::size_t begin,
                     std::size_t end, Matrix<float>& grad);

}  // namespace nn
