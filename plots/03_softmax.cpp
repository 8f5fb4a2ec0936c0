// Softmax turns logits into probabilities: how they change when one logit changes, when all are shifted by a constant,
// and when all are divided by a temperature.
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <functional>

#include "03_softmax/softmax.hpp"
#include "network_drawing.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

// The logits of the tiny network's first example (chapters/01_matrix/tiny_network.hpp).
constexpr std::array<double, 3> kLogits = {3, 2, -2};
constexpr std::array<int, 3> kColors = {kBlue, kOrange, kGreen};

// Three logits as a function of the number on the x-axis.
using LogitsOf = std::function<std::array<double, 3>(double)>;

std::array<double, 3> first_logit(double z) { return {z, kLogits[1], kLogits[2]}; }
std::array<double, 3> plus(double c) { return {kLogits[0] + c, kLogits[1] + c, kLogits[2] + c}; }
std::array<double, 3> divided_by(double t) { return {kLogits[0] / t, kLogits[1] / t, kLogits[2] / t}; }

// The three probabilities as curves, with a dot on each at x = mark, where the logits are kLogits.
void add_curves(Panel& panel, double mark, const LogitsOf& logits, const std::array<const char*, 3>& names) {
  constexpr int kSteps = 120;
  for (std::size_t j = 0; j < 3; ++j) {
    Curve curve{names[j], {}, kColors[j]}, dot{std::string(names[j]) + ", dot", {}, kColors[j], Mark::kDots};
    const auto point = [&](double x) {
      const auto [a, b, c] = logits(x);
      return Point{x, softmax(Logits<double>(Matrix<double>{{a, b, c}})).values(0, j)};
    };
    for (int i = 0; i <= kSteps; ++i) {
      const double share = static_cast<double>(i) / kSteps;
      curve.points.push_back(point(panel.x.logarithmic
                                       ? panel.x.from * std::pow(panel.x.to / panel.x.from, share)
                                       : panel.x.from + (panel.x.to - panel.x.from) * share));
    }
    dot.points.push_back(point(mark));
    panel.curves.push_back(curve);
    panel.curves.push_back(dot);
  }
  panel.curves.push_back({"mark", {{mark, 0}, {mark, 1}}, kQuiet, Mark::kDashes, 1});
}

Panel rising_logit(int top, int bottom) {
  Panel panel{.left = 66, .right = 400, .top = top, .bottom = bottom};
  panel.title = "One logit changes", panel.line = "softmax of (z, 2, −2)";
  panel.x = {"first logit z", -4, 8, 2};
  panel.y = {"probability", -0.02, 1.02, 0.25};
  add_curves(panel, 3, first_logit, {"logit z", "logit 2", "logit −2"});
  panel.texts = {{"logit z", 5, 0.88, kColors[0]},
                 {"logit 2", -3.8, 0.9, kColors[1]},
                 {"logit −2", -3.8, 0.06, kColors[2]}};
  for (std::size_t j = 0; j < 3; ++j) {
    const Point dot = panel.curves[2 * j + 1].points[0];
    panel.texts.push_back(
        {fmt::format("{:.3f}", dot.y), dot.x + 0.25, dot.y + (j == 0 ? -0.03 : 0.03), kColors[j]});
  }
  return panel;
}

Panel added_constant(int top, int bottom) {
  Panel panel{.left = 474, .right = kCardWidth - kCardBorder, .top = top, .bottom = bottom};
  panel.title = "Adding a constant changes nothing", panel.line = "softmax of (3 + c, 2 + c, −2 + c)";
  panel.x = {"constant c", -4, 4, 2};
  panel.y = {"", -0.02, 1.02, 0.5};
  add_curves(panel, 0, plus, {"3 + c", "2 + c", "−2 + c"});
  panel.texts = {
      {"3 + c", 2.5, 0.83, kColors[0]}, {"2 + c", 2.5, 0.38, kColors[1]}, {"−2 + c", 2.5, 0.12, kColors[2]}};
  return panel;
}

Panel temperatures(int top, int bottom) {
  Panel panel{.left = 474, .right = kCardWidth - kCardBorder, .top = top, .bottom = bottom};
  panel.title = "A low temperature sharpens", panel.line = "softmax of (3/T, 2/T, −2/T)";
  panel.x = {"temperature T", 0.1, 10, 0, true};
  panel.x.names = {{0.1, "0.1"}, {0.3, "0.3"}, {1, "1"}, {3, "3"}, {10, "10"}};
  panel.y = {"", -0.02, 1.02, 0.5};
  add_curves(panel, 1, divided_by, {"3 / T", "2 / T", "−2 / T"});
  panel.texts = {{"3 / T", 0.14, 0.86, kColors[0]},
                 {"2 / T", 0.36, 0.36, kColors[1]},
                 {"−2 / T", 1.15, 0.12, kColors[2]}};
  return panel;
}

std::vector<Figure> make() {
  constexpr int kTop = 126, kBottom = 438, kSmall = 104;
  Figure figure{.name = "03_softmax", .height = 500};
  figure.title = "Softmax turns logits into probabilities";
  figure.line =
      "The three curves add up to 1 everywhere. Dots: the logits (3, 2, −2) of the tiny network’s first "
      "example.";
  figure.panels = {rising_logit(kTop, kBottom), added_constant(kTop, kTop + kSmall),
                   temperatures(kBottom - kSmall, kBottom)};
  return {network_strip("03_strip", {Part::kSoftmax}), figure};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("03_softmax", argc, argv, nn::plots::make); }
