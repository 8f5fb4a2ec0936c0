#include "10_mnist/evaluation.hpp"

#include <algorithm>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "02_relu/apply.hpp"
#include "04_from_logits/cross_entropy.hpp"

namespace nn {
Evaluation evaluate(Network<float>& network, const LabeledImages& all, const InputTransform& input) {
  constexpr std::size_t kAtATime = 500;
  const std::size_t width = all.height * all.width;
  const std::span<const std::uint8_t> pixels = all.pixels, all_labels = all.labels;
  Evaluation result;
  Matrix<float> x;
  for (std::size_t at = 0; at < all.count; at += kAtATime) {
    const std::size_t batch = std::min(kAtATime, all.count - at);
    pixels_as_rows(pixels.subspan(at * width, batch * width), width, x);
    if (input != InputTransform{}) apply(input, x, x);
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
  result.count = all.count;
  if (result.count > 0) result.loss /= static_cast<double>(result.count);
  return result;
}

}  // namespace nn
