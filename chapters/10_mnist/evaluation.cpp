#include "10_mnist/evaluation.hpp"

#include <algorithm>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/cross_entropy.hpp"

namespace nn {
namespace {

LabelledImages slice(const LabelledImages& all, std::size_t begin, std::size_t count) {
  const std::size_t width = all.images.height * all.images.width;
  LabelledImages part;
  part.images.count = count;
  part.images.height = all.images.height;
  part.images.width = all.images.width;
  const auto pixels = std::span(all.images.pixels).subspan(begin * width, count * width);
  part.images.pixels.assign(pixels.begin(), pixels.end());
  const auto labels = std::span(all.labels).subspan(begin, count);
  part.labels.assign(labels.begin(), labels.end());
  return part;
}

}  // namespace

Evaluation evaluate(Network<float>& network, const LabelledImages& all) {
  constexpr std::size_t kAtATime = 500;
  const std::size_t width = all.images.height * all.images.width;
  const std::span<const std::uint8_t> pixels = all.images.pixels, all_labels = all.labels;
  Evaluation result;
  Matrix<float> x;
  for (std::size_t at = 0; at < all.images.count; at += kAtATime) {
    const std::size_t batch = std::min(kAtATime, all.images.count - at);
    pixels_as_rows(pixels.subspan(at * width, batch * width), width, x);
    const auto labels = all_labels.subspan(at, batch);
    const Logits<float>& logits = network.forward(x);
    // [show evaluate]
    // [write evaluate]
    result.loss += static_cast<double>(cross_entropy(logits, labels)) * static_cast<double>(batch);
    const auto answers = argmax_rows(logits.values);
    for (std::size_t i = 0; i < batch; ++i) {
      result.confusion(labels[i], answers[i]) += 1;
      result.right += answers[i] == labels[i];
    }
    // [/write]
    // [/show]
  }
  result.count = all.images.count;
  if (result.count > 0) result.loss /= static_cast<double>(result.count);
  return result;
}

LabelledImages last_images(const LabelledImages& images, std::size_t count) {
  return slice(images, images.images.count - count, count);
}
LabelledImages all_but_last_images(const LabelledImages& images, std::size_t count) {
  return slice(images, 0, images.images.count - count);
}

}  // namespace nn
