// What a network makes of images, one by one: its answer, how sure it is, and which of its mistakes tell most.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "03_softmax/softmax.hpp"
#include "05_backprop/network.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// "98.6%", rounded down: only what is 1 is 100%.
inline std::string percent(double share) { return fmt::format("{:.1f}%", std::floor(1000 * share) / 10); }

struct Prediction {
  std::size_t image = 0;
  std::uint8_t truth = 0, answer = 0;
  std::span<const float> p;  // one probability a class

  bool is_right() const { return answer == truth; }
  float sure() const { return p[answer]; }
  // How much more probable than the truth it holds its answer; 0 if it is right.
  float lead() const { return p[answer] - p[truth]; }
};

// The probabilities of all images, count x classes.
inline Matrix<float> probabilities_of(Network<float>& network, const LabeledImages& all) {
  const std::size_t width = all.height * all.width;
  const auto x = pixels_as_rows<float>(all.pixels, width);
  return softmax(network.forward(x)).values;
}

// p: count x classes, to live as long as the predictions; labels: count.
inline std::vector<Prediction> all_predictions(const Matrix<float>& p, std::span<const std::uint8_t> labels) {
  std::vector<Prediction> predictions;
  for (std::size_t i = 0; i < p.rows(); ++i) {
    predictions.push_back({i, labels[i], static_cast<std::uint8_t>(argmax(p.row(i))), p.row(i)});
  }
  return predictions;
}

// The first image of each digit that is read right, in the order of the digits.
inline std::vector<Prediction> first_right_ones(const std::vector<Prediction>& predictions,
                                                std::size_t classes) {
  std::vector<std::optional<Prediction>> first(classes);
  for (const Prediction& r : predictions) {
    if (r.is_right() && !first[r.truth]) first[r.truth] = r;
  }
  std::vector<Prediction> found;
  for (const auto& r : first) {
    if (r) found.push_back(*r);
  }
  return found;
}

// The wrong ones, the surest mistake first.
inline std::vector<Prediction> mistakes(const std::vector<Prediction>& predictions) {
  std::vector<Prediction> wrong;
  for (const Prediction& r : predictions) {
    if (!r.is_right()) wrong.push_back(r);
  }
  std::stable_sort(wrong.begin(), wrong.end(),
                   [](const Prediction& a, const Prediction& b) { return a.sure() > b.sure(); });
  return wrong;
}

// Two mistakes of opposite kinds: the one of which the network is surest, and the one in which the truth came
// closest to the answer. Fewer if there are fewer.
inline std::vector<Prediction> notable_mistakes(const std::vector<Prediction>& predictions) {
  const std::vector<Prediction> wrong = mistakes(predictions);
  if (wrong.size() < 2) return wrong;
  const auto closest =
      std::min_element(wrong.begin(), wrong.end(),
                       [](const Prediction& a, const Prediction& b) { return a.lead() < b.lead(); });
  if (closest == wrong.begin()) return {wrong[0]};
  return {wrong[0], *closest};
}

}  // namespace nn
