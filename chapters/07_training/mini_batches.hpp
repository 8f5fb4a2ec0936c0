// Mini-batches: every epoch goes through all examples once, in random order.
#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>
#include <vector>

#include "01_matrix/matrix.hpp"
#include "07_training/input_transform.hpp"
#include "common/data/mnist.hpp"
#include "common/random.hpp"

namespace nn {

class MiniBatches {
 public:
  // count examples, in their own order until shuffle; the last batch of an epoch may be smaller.
  MiniBatches(std::size_t count, std::size_t batch_size) : order_(count), batch_size_(batch_size) {
    if (batch_size == 0) throw std::invalid_argument("MiniBatches: the batch size must be at least 1");
    std::iota(order_.begin(), order_.end(), std::size_t{0});
  }

  std::size_t per_epoch() const { return (order_.size() + batch_size_ - 1) / batch_size_; }

  // [show shuffle]
  // A new order. It depends on nothing but the state of random, so that a checkpoint can restore it.
  void shuffle(Random& random) {
    // [write MiniBatches::shuffle]
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    nn::shuffle(std::span<std::size_t>(order_), random);
    // [/write]
  }
  // [/show]

  // The examples of batch i, 0 <= i < per_epoch().
  std::span<const std::size_t> batch(std::size_t i) const {
    const std::size_t begin = i * batch_size_;
    return std::span<const std::size_t>(order_).subspan(begin, std::min(batch_size_, order_.size() - begin));
  }

 private:
  std::vector<std::size_t> order_;
  std::size_t batch_size_;
};

// The images of a batch as rows of transformed pixels, and their labels.
// x becomes batch.size() x pixels of an image; labels: as many.
template <class T>
void gather(const LabeledImages& images, std::span<const std::size_t> batch, const InputTransform& input,
            Matrix<T>& x, std::vector<std::uint8_t>& labels) {
  x.resize(batch.size(), images.height * images.width);
  labels.resize(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto image = images.image(batch[i]);
    const auto row = x.row(i);
    for (std::size_t k = 0; k < row.size(); ++k) row[k] = input(static_cast<T>(image[k]) / T(255));
    labels[i] = images.labels[batch[i]];
  }
}

}  // namespace nn
