#include "10_mnist/handwriting/threshold.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "10_mnist/handwriting/components.hpp"

namespace nn {
namespace {

constexpr float kFaintest = 0.1f;  // ink below this is none, however quiet the picture is

float quantile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

// Standard deviation of the noise, after J. Immerkaer, "Fast noise variance estimation" (1996), with the median, which
// edges hardly change, in the place of the mean. The kernel 1 -2 1 / -2 4 -2 / 1 -2 1 multiplies the deviation by 6.
float measure_noise(const Picture& p) {
  std::vector<float> differences;
  for (std::size_t r = 1; r + 1 < p.rows(); ++r) {
    for (std::size_t c = 1; c + 1 < p.cols(); ++c) {
      if (p(r, c) == 0) continue;  // cut off at 0
      differences.push_back(std::abs(p(r - 1, c - 1) + p(r - 1, c + 1) + p(r + 1, c - 1) + p(r + 1, c + 1) -
                                     2 * (p(r - 1, c) + p(r + 1, c) + p(r, c - 1) + p(r, c + 1)) +
                                     4 * p(r, c)));
    }
  }
  if (4 * differences.size() < p.size()) return 0;  // most of the paper is 0: no noise
  return quantile(differences, 0.5) / 0.6745f / 6;
}

}  // namespace

InkLevels measure_ink(const Picture& ink) {
  InkLevels levels;
  levels.noise = measure_noise(ink);
  const float floor = std::max(kFaintest, 4 * levels.noise);
  std::vector<float> inked;
  for (const float value : ink.values()) {
    if (value >= floor) inked.push_back(value);
  }
  if (inked.empty()) return levels;
  levels.strength = quantile(inked, 0.9);
  levels.low = std::max(floor, 0.3f * levels.strength);
  levels.high = std::max(floor, 0.6f * levels.strength);
  return levels;
}

Mask threshold_ink(const Picture& ink, const InkLevels& levels) {
  Mask mask(ink.rows(), ink.cols());
  if (levels.strength == 0) return mask;
  for (std::size_t i = 0; i < ink.size(); ++i) mask.values()[i] = ink.values()[i] >= levels.low;
  const Components components = connected_components(mask);
  std::vector<bool> is_strong(components.list.size());
  for (std::size_t i = 0; i < ink.size(); ++i) {
    if (mask.values()[i] && ink.values()[i] >= levels.high)
      is_strong[static_cast<std::size_t>(components.labels.values()[i])] = true;
  }
  for (std::size_t i = 0; i < ink.size(); ++i) {
    if (mask.values()[i])
      mask.values()[i] = is_strong[static_cast<std::size_t>(components.labels.values()[i])];
  }
  return mask;
}

}  // namespace nn
