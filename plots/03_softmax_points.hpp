// The points of the figure 03_softmax: softmax of three scores while one number moves.
#pragma once

#include <array>
#include <functional>
#include <tuple>
#include <vector>

#include "03_softmax/softmax.hpp"

namespace nn::plots {

// What is moved, then the three probabilities.
using SoftmaxPoint = std::tuple<double, double, double, double>;

// The last layer's scores for the tiny network's first example (chapters/01_matrix/tiny_network.hpp).
inline constexpr std::array<double, 3> kScores = {3, 2, -2};

// Three logits, made from the number that is moved.
using Scores = std::function<std::array<double, 3>(double)>;

// count points from one end to the other, both included; count >= 2.
inline std::vector<SoftmaxPoint> softmax_points(double from, double to, std::size_t count,
                                                const Scores& scores) {
  std::vector<SoftmaxPoint> points;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = from + (to - from) * static_cast<double>(i) / static_cast<double>(count - 1);
    const auto [a, b, c] = scores(x);
    const Matrix<double> p = softmax(Logits<double>(Matrix<double>{{a, b, c}})).values;
    points.emplace_back(x, p(0, 0), p(0, 1), p(0, 2));
  }
  return points;
}

// The first score itself moves; a constant is added to all; all are multiplied.
inline std::array<double, 3> first_score(double z) { return {z, kScores[1], kScores[2]}; }
inline std::array<double, 3> plus(double c) { return {kScores[0] + c, kScores[1] + c, kScores[2] + c}; }
inline std::array<double, 3> times(double f) { return {kScores[0] * f, kScores[1] * f, kScores[2] * f}; }

}  // namespace nn::plots
