// Softmax turns scores into shares of 1: a score that rises takes from the others, the same constant added to all
// changes nothing, a common factor does.
#include <array>
#include <fmt/format.h>
#include <functional>

#include "03_softmax/softmax.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

// The last layer's scores for the tiny network's first example (chapters/01_matrix/tiny_network.hpp).
constexpr std::array<double, 3> kScores = {3, 2, -2};
constexpr std::array<int, 3> kColours = {kBlue, kOrange, kGreen};

// Three scores, made from the number that is moved.
using Scores = std::function<std::array<double, 3>(double)>;

std::array<double, 3> first_score(double z) { return {z, kScores[1], kScores[2]}; }
std::array<double, 3> plus(double c) { return {kScores[0] + c, kScores[1] + c, kScores[2] + c}; }
std::array<double, 3> times(double f) { return {kScores[0] * f, kScores[1] * f, kScores[2] * f}; }

// The three probabilities as curves, and a dot on each where x = mark: there the scores are kScores.
void add_curves(Panel& panel, double mark, const Scores& scores, const std::array<const char*, 3>& names) {
  constexpr int kSteps = 120;
  for (std::size_t j = 0; j < 3; ++j) {
    Curve curve{names[j], {}, kColours[j]},
        dot{std::string(names[j]) + ", dot", {}, kColours[j], Mark::kDots};
    const auto point = [&](double x) {
      const auto [a, b, c] = scores(x);
      return Point{x, softmax(Logits<double>(Matrix<double>{{a, b, c}})).values(0, j)};
    };
    for (int i = 0; i <= kSteps; ++i)
      curve.points.push_back(point(panel.x.from + (panel.x.to - panel.x.from) * i / kSteps));
    dot.points.push_back(point(mark));
    panel.curves.push_back(curve);
    panel.curves.push_back(dot);
  }
  panel.curves.push_back({"mark", {{mark, 0}, {mark, 1}}, kQuiet, Mark::kDashes, 1});
}

Panel rising_score(int top, int bottom) {
  Panel panel{.left = 66, .right = 400, .top = top, .bottom = bottom};
  panel.title = "A score that rises takes from the others", panel.line = "softmax of (z, 2, −2)";
  panel.x = {"the score z", -4, 8, 2};
  panel.y = {"probability", -0.02, 1.02, 0.25};
  add_curves(panel, 3, first_score, {"score z", "score 2", "score −2"});
  panel.texts = {{"score z", 5, 0.88, kColours[0]},
                 {"score 2", -3.8, 0.9, kColours[1]},
                 {"score −2", -3.8, 0.06, kColours[2]}};
  for (std::size_t j = 0; j < 3; ++j) {
    const Point dot = panel.curves[2 * j + 1].points[0];
    panel.texts.push_back(
        {fmt::format("{:.3f}", dot.y), dot.x + 0.25, dot.y + (j == 0 ? -0.03 : 0.03), kColours[j]});
  }
  return panel;
}

Panel added_constant(int top, int bottom) {
  Panel panel{.left = 474, .right = kCardWidth - kCardBorder, .top = top, .bottom = bottom};
  panel.title = "Adding changes nothing", panel.line = "only the gaps between scores count";
  panel.x = {"the common constant c", -4, 4, 2};
  panel.y = {"", -0.02, 1.02, 0.5};
  add_curves(panel, 0, plus, {"3 + c", "2 + c", "−2 + c"});
  panel.texts = {{"3 + c", 2.5, 0.83, kColours[0]},
                 {"2 + c", 2.5, 0.38, kColours[1]},
                 {"−2 + c", 2.5, 0.12, kColours[2]}};
  return panel;
}

Panel common_factor(int top, int bottom) {
  Panel panel{.left = 474, .right = kCardWidth - kCardBorder, .top = top, .bottom = bottom};
  panel.title = "Multiplying sharpens", panel.line = "from equal shares to winner takes all";
  panel.x = {"the common factor f", 0, 4, 1};
  panel.y = {"", -0.02, 1.02, 0.5};
  add_curves(panel, 1, times, {"3 f", "2 f", "−2 f"});
  panel.texts = {
      {"3 f", 2.5, 0.8, kColours[0]}, {"2 f", 2.5, 0.2, kColours[1]}, {"−2 f", 0.48, 0.15, kColours[2]}};
  return panel;
}

std::vector<Figure> make() {
  constexpr int kTop = 126, kBottom = 438, kSmall = 104;
  Figure figure{.name = "03_softmax", .height = 500};
  figure.title = "Softmax turns scores into shares of 1";
  figure.line =
      "Everywhere the three curves add up to 1. Dots: the scores (3, 2, −2) of the tiny network’s first "
      "example.";
  figure.panels = {rising_score(kTop, kBottom), added_constant(kTop, kTop + kSmall),
                   common_factor(kBottom - kSmall, kBottom)};
  return {figure};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("03_softmax", argc, argv, nn::plots::make); }
