// Handwritten digits from the sample that ships with the course.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "01_matrix/digits_as_matrix.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// Read once a test program.
inline const Mnist& sample() {
  static const Mnist mnist = load_mnist_sample();
  return mnist;
}

// The first `count` training images as rows of x, pixels / 255, and their labels: 0, 1, ... 9, 0, 1, ...
template <class T>
struct SampleImages {
  Matrix<T> x;
  std::vector<std::uint8_t> labels;

  explicit SampleImages(std::size_t count) {
    const LabeledImages& train = sample().train;
    const std::size_t width = train.height * train.width;
    x = pixels_as_rows<T>(std::span(train.pixels).first(count * width), width);
    labels.assign(train.labels.begin(), train.labels.begin() + static_cast<std::ptrdiff_t>(count));
  }
};

}  // namespace nn
