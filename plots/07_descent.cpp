// Gradient descent on an elongated bowl: the paths of three optimizers, and of a learning rate that is too high.
#include <cmath>
#include <fmt/format.h>
#include <numbers>

#include "07_training/optimizer.hpp"
#include "network_drawing.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

// L(w1, w2) = w1^2 + 50 w2^2, with the gradient (2 w1, 100 w2).
constexpr int kContour = 0xb4bcc8;
constexpr double kSteep = 50, kStart1 = -2, kStart2 = 0.35;

// The points that an optimizer visits in some steps of the course's own code.
Curve path(const char* optimizer_name, double rate, int steps, int color) {
  Matrix<double> w{{kStart1, kStart2}}, gradient(1, 2);
  const auto optimizer = make_optimizer<double>(optimizer_name);
  Curve curve{
      fmt::format("{}, rate {}", optimizer_name, rate), {{w(0, 0), w(0, 1)}}, color, Mark::kLineAndDots, 1.5};
  for (int step = 0; step < steps; ++step) {
    gradient(0, 0) = 2 * w(0, 0), gradient(0, 1) = 2 * kSteep * w(0, 1);
    optimizer->step({{"w", &w, &gradient}}, rate);
    curve.points.push_back({w(0, 0), w(0, 1)});
  }
  return curve;
}

// The points with the loss `level`; those outside the panel leave a gap.
Curve contour(const Panel& panel, double level) {
  Curve curve{fmt::format("loss {}", level), {}, kContour, Mark::kLine, 1.5};
  constexpr int kPoints = 400;
  for (int i = 0; i <= kPoints; ++i) {
    const double angle = 2 * std::numbers::pi * i / kPoints;
    const Point p{std::sqrt(level) * std::cos(angle), std::sqrt(level / kSteep) * std::sin(angle)};
    const bool inside = p.x >= panel.x.from && p.x <= panel.x.to && p.y >= panel.y.from && p.y <= panel.y.to;
    curve.points.push_back({p.x, inside ? p.y : std::nan("")});
  }
  return curve;
}

Panel panel_with(int left, int right, const char* title, const std::vector<Curve>& paths) {
  Panel panel{.left = left, .right = right, .top = 128, .bottom = 366};
  panel.title = title;
  panel.x = {"w_1", -2.2, 0.8, 0.5}, panel.y = {"w_2", -0.6, 0.6, 0.2};
  for (const double level : {0.25, 1.0, 2.25, 4.0, 7.0, 11.0, 16.0})
    panel.curves.push_back(contour(panel, level));
  panel.curves.insert(panel.curves.end(), paths.begin(), paths.end());
  panel.texts = {{"+", 0, 0, kInk, Align::kCenter}};
  return panel;
}

Figure descent() {
  constexpr int kSteps = 25;
  Figure figure{.name = "07_descent", .height = 424};
  figure.title = "A steep and a flat direction: one learning rate does not suit both";
  figure.line = fmt::format(
      "The loss w_1² + 50 w_2² as contour lines, with {} steps of each optimizer. +: the minimum.", kSteps);
  Panel left =
      panel_with(66, 380, "SGD", {path("sgd", 0.018, kSteps, kBlue), path("sgd", 0.0202, kSteps, kOrange)});
  left.texts.push_back({"rate 0.018", -0.55, 0.2, kBlue});
  left.texts.push_back({"rate 0.0202 diverges", -0.62, 0.5, kOrange});
  Panel right = panel_with(446, kCardRight, "Momentum and Adam",
                           {path("momentum", 0.004, kSteps, kGreen), path("adam", 0.15, kSteps, kOrange)});
  right.texts.push_back({"momentum, rate 0.004", -1.3, -0.35, kGreen});
  right.texts.push_back({"Adam, rate 0.15", -1.5, 0.42, kOrange});
  figure.panels = {left, right};
  return figure;
}

std::vector<Figure> make() {
  return {network_strip("07_strip", {Part::kHiddenLayer, Part::kActivation, Part::kOutputLayer,
                                     Part::kSoftmax, Part::kLoss}),
          descent()};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("07_descent", argc, argv, nn::plots::make); }
