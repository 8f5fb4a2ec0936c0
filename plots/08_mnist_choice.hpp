// Which of the test digits the figure 08_mnist shows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "01_matrix/argmax.hpp"

namespace nn::plots {

// What the network makes of one image.
struct Reading {
  std::size_t image = 0;
  std::uint8_t truth = 0, answer = 0;
  std::span<const float> p;  // one probability a class

  bool is_right() const { return answer == truth; }
  float sure() const { return p[answer]; }
  // How much more probable than the truth it holds its answer; 0 if it is right.
  float lead() const { return p[answer] - p[truth]; }
};

// p: count x classes, to live as long as the readings; labels: count.
inline std::vector<Reading> all_readings(const Matrix<float>& p, std::span<const std::uint8_t> labels) {
  std::vector<Reading> readings;
  for (std::size_t i = 0; i < p.rows(); ++i) {
    readings.push_back({i, labels[i], static_cast<std::uint8_t>(argmax(p.row(i))), p.row(i)});
  }
  return readings;
}

inline std::size_t count_mistakes(const std::vector<Reading>& readings) {
  std::size_t mistakes = 0;
  for (const Reading& r : readings) mistakes += !r.is_right();
  return mistakes;
}

// The first image of each digit that is read right, in the order of the digits.
inline std::vector<Reading> first_right_ones(const std::vector<Reading>& readings, std::size_t classes) {
  std::vector<std::optional<Reading>> first(classes);
  for (const Reading& r : readings) {
    if (r.is_right() && !first[r.truth]) first[r.truth] = r;
  }
  std::vector<Reading> found;
  for (const auto& r : first) {
    if (r) found.push_back(*r);
  }
  return found;
}

// Two mistakes of opposite kinds: the one of which the network is surest, and the one in which the truth came
// closest to the answer. Fewer if there are fewer.
inline std::vector<Reading> telling_mistakes(const std::vector<Reading>& readings) {
  const Reading *surest = nullptr, *closest = nullptr;
  for (const Reading& r : readings) {
    if (r.is_right()) continue;
    if (!surest || r.sure() > surest->sure()) surest = &r;
    if (!closest || r.lead() < closest->lead()) closest = &r;
  }
  if (!surest) return {};
  if (surest == closest) return {*surest};
  return {*surest, *closest};
}

}  // namespace nn::plots
