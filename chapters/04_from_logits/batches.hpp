// The training images, a few at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "01_matrix/matrix.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// Images begin .. begin + count - 1 of a set as rows, each pixel divided by unit.
inline Matrix<float> image_rows(const ImageSet& images, std::size_t begin, std::size_t count,
                                float unit = 255) {
  const std::size_t width = images.height * images.width;
  Matrix<float> x(count, width);
  for (std::size_t i = 0; i < x.size(); ++i)
    x.values()[i] = static_cast<float>(images.pixels[begin * width + i]) / unit;
  return x;
}

struct BatchSettings {
  std::size_t batch_size = 50;
  int epochs = 1;
  std::size_t images = SIZE_MAX;  // the first of the set, at most all
  float unit = 255;               // a pixel is value / unit
};

// work(x, labels, epoch) for whole batches in the order of the file: enough for one layer and for a first network.
// Chapter 07 shuffles, and its loop trains everything from there on.
template <class Work>
void for_each_batch(const LabeledImages& all, const BatchSettings& settings, const Work& work) {
  const std::size_t images = std::min(settings.images, all.count), batch = settings.batch_size;
  for (int epoch = 0; epoch < settings.epochs; ++epoch) {
    for (std::size_t at = 0; at + batch <= images; at += batch) {
      work(image_rows(all, at, batch, settings.unit), std::span(all.labels).subspan(at, batch), epoch);
    }
  }
}

}  // namespace nn
