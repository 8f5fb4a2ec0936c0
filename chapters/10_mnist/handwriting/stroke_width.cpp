#include "10_mnist/handwriting/stroke_width.hpp"

#include <cmath>
#include <numbers>
#include <span>
#include <vector>

namespace nn {
namespace {

constexpr float kFar = 1e10f;  // no distance is longer

// The lower envelope of parabolas:  result[q] = min_p (q - p)^2 + f[p].
void distance_in_line(std::span<const float> f, std::span<float> result) {
  const std::size_t n = f.size();
  std::vector<std::size_t> vertex(n);
  std::vector<float> start(n + 1);
  std::size_t last = 0;
  start[0] = -kFar, start[1] = kFar;
  const auto x = [](std::size_t i) { return static_cast<float>(i); };
  for (std::size_t q = 1; q < n; ++q) {
    const auto crossing = [&](std::size_t p) {
      return ((f[q] + x(q) * x(q)) - (f[p] + x(p) * x(p))) / (2 * x(q) - 2 * x(p));
    };
    float s = crossing(vertex[last]);
    while (last > 0 && s <= start[last]) s = crossing(vertex[--last]);
    vertex[++last] = q;
    start[last] = s, start[last + 1] = kFar;
  }
  std::size_t k = 0;
  for (std::size_t q = 0; q < n; ++q) {
    while (start[k + 1] < x(q)) ++k;
    const float away = x(q) - x(vertex[k]);
    result[q] = away * away + f[vertex[k]];
  }
}

// Of every pixel the squared distance to the nearest one that is `wanted`.
Picture squared_distance(const Mask& mask, std::uint8_t wanted) {
  Picture d(mask.rows(), mask.cols());
  for (std::size_t i = 0; i < d.size(); ++i) d.values()[i] = mask.values()[i] == wanted ? 0 : kFar / 4;
  std::vector<float> line(mask.rows()), result(std::max(mask.rows(), mask.cols()));
  for (std::size_t c = 0; c < d.cols(); ++c) {
    for (std::size_t r = 0; r < d.rows(); ++r) line[r] = d(r, c);
    distance_in_line(line, result);
    for (std::size_t r = 0; r < d.rows(); ++r) d(r, c) = result[r];
  }
  for (std::size_t r = 0; r < d.rows(); ++r) {
    distance_in_line(d.row(r), std::span(result).first(d.cols()));
    std::copy_n(result.begin(), d.cols(), d.row(r).begin());
  }
  return d;
}

// With a border of paper.
Mask bordered(const Mask& mask) {
  Mask result(mask.rows() + 2, mask.cols() + 2);
  for (std::size_t r = 0; r < mask.rows(); ++r)
    std::copy(mask.row(r).begin(), mask.row(r).end(), result.row(r + 1).begin() + 1);
  return result;
}

}  // namespace

float stroke_width(const Mask& mask) {
  std::size_t area = 0, changes = 0;
  const auto at = [&](std::size_t r, std::size_t c) {
    return r < mask.rows() && c < mask.cols() && mask(r, c) != 0;
  };
  for (std::size_t r = 0; r < mask.rows(); ++r) {
    for (std::size_t c = 0; c < mask.cols(); ++c) {
      if (!at(r, c)) continue;
      ++area;
      changes +=
          !at(r, c + 1) + !at(r + 1, c) + !at(r, c - 1) + !at(r - 1, c);  // 0 - 1 is beyond the picture, too
    }
  }
  if (area == 0) return 0;
  return 2 * static_cast<float>(area) / (std::numbers::pi_v<float> / 4 * static_cast<float>(changes));
}

Picture signed_distance(const Mask& mask) {
  const Mask whole = bordered(mask);
  const Picture to_paper = squared_distance(whole, 0), to_ink = squared_distance(whole, 1);
  Picture result(mask.rows(), mask.cols());
  for (std::size_t r = 0; r < mask.rows(); ++r) {
    for (std::size_t c = 0; c < mask.cols(); ++c) {
      result(r, c) =
          mask(r, c) ? std::sqrt(to_paper(r + 1, c + 1)) - 0.5f : 0.5f - std::sqrt(to_ink(r + 1, c + 1));
    }
  }
  return result;
}

Picture change_stroke_width(const Mask& mask, float by) {
  Picture result = signed_distance(mask);
  for (float& value : result.values()) value = std::clamp(value + by + 0.5f, 0.f, 1.f);
  return result;
}

}  // namespace nn
