// Images without their zeros, and the two products of the first layer that need no more of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "01_matrix/matrix.hpp"
#include "07_training/input_transform.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// The part of the pixels that are not 0, 0 to 1, estimated from 1,000 images drawn at random.
double density(const LabeledImages& images);

// For every image of a set, the pixels that are not 0.
class SparseImages {
 public:
  // Pixels come in blocks: the rows of weights that belong to a block stay in the first-level cache while all images of a
  // batch use them.
  static constexpr std::size_t kBlock = 64;
  // How many pixels of an image are not 0 must fit into 16 bits.
  static constexpr std::size_t kMaxPixels = 65'535;

  // A pixel that is not 0: its place in the block, and its value.
  struct Pixel {
    std::uint8_t value, place;
  };

  // All threads work on it.
  void set(const LabeledImages& images);

  std::size_t pixels() const { return pixels_; }
  double density() const {
    return static_cast<double>(nonzeros_) / static_cast<double>(std::max<std::size_t>(count_ * pixels_, 1));
  }
  std::size_t blocks() const { return (pixels_ + kBlock - 1) / kBlock; }
  std::size_t block_begin(std::size_t block) const { return block * kBlock; }
  std::size_t block_end(std::size_t block) const { return std::min((block + 1) * kBlock, pixels_); }

  // Asks for these images: they are chosen at random, so no processor can guess where they are.
  void fetch(std::span<const std::size_t> batch) const;

  // The pixels of an image in a block, from left to right.
  std::span<const Pixel> of_image(std::size_t image, std::size_t block) const {
    const std::uint16_t* ends = records_.data() + starts_[image];
    const std::size_t begin = block == 0 ? 0 : ends[block - 1];
    return {reinterpret_cast<const Pixel*>(ends + blocks()) + begin, ends[block] - begin};
  }

 private:
  std::size_t count_ = 0, pixels_ = 0, nonzeros_ = 0;
  // An image's record: where each block's pixels end, then the pixels, all in one place, since every place that has to be
  // fetched from memory costs time.
  std::vector<std::uint16_t> records_;
  std::vector<std::size_t> starts_;  // of the records, and the end of the last
};

// The number that the network sees in place of each pixel value. input.mean must be 0, or 0 would not stay 0.
using NumberOfValue = std::array<float, 256>;
NumberOfValue number_of_value(const InputTransform& input);

// A batch sorted by pixel instead of by image.
class TransposedBatch {
 public:
  // A value of a pixel, and the image of the batch that has it.
  struct Entry {
    std::uint32_t image : 24, value : 8;
  };
  static constexpr std::size_t kMaxImages = std::size_t{1} << 24;

  void set(const SparseImages& images, std::span<const std::size_t> batch);
  // The images in the order of the batch.
  std::span<const Entry> of_pixel(std::size_t p) const { return {entries_.data() + p * images_, counts_[p]}; }

 private:
  std::size_t images_ = 0;
  std::vector<Entry> entries_;         // pixels x images, of which each pixel uses the first
  std::vector<std::uint32_t> counts_;  // pixels
};

// Columns begin .. end - 1 of out = X·W, to the last bit those of matmul_fast. Returns false, and leaves these columns
// undefined, if a weight in them is not finite: then 0 * w is NaN and must not be left out.
// w: pixels x width;  out: batch x width.
bool sparse_times(const SparseImages& images, std::span<const std::size_t> batch,
                  const NumberOfValue& numbers, const Matrix<float>& w, std::size_t begin, std::size_t end,
                  Matrix<float>& out);

// Rows first .. last - 1 and columns begin .. end - 1 of Xᵀ·G, to the last bit those of matmul_fast as long as g is
// finite.
// g: batch x width;  grad: (last - first) x (end - begin).
void sparse_gradient(const TransposedBatch& batch, const NumberOfValue& numbers, std::size_t first,
                     std::size_t last, const Matrix<float>& g, std::size_t begin, std::size_t end,
                     Matrix<float>& grad);

}  // namespace nn
