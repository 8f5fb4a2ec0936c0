// The common activation functions with their derivatives on one scale, and how a chain of ten neurons multiplies them.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "02_relu/activations.hpp"
#include "02_relu/chain.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

using Function = double (*)(double);

struct Activation {
  const char* name;
  Function f, derivative;
};

// Points every 0.05, with a gap where the function jumps.
Curve curve_of(const char* name, Function f, int color, double width) {
  Curve curve{name, {}, color, Mark::kLine, width};
  for (int i = -80; i <= 80; ++i) {
    const double x = i / 20.0, y = f(x);
    if (!curve.points.empty() && std::abs(y - curve.points.back().y) > 0.5)
      curve.points.push_back({x, std::nan("")});
    curve.points.push_back({x, y});
  }
  return curve;
}

Panel small_multiple(const Activation& a, int column, int row) {
  Panel panel;
  panel.left = 48 + column * 178, panel.right = panel.left + 158;
  panel.top = 128 + row * 212, panel.bottom = panel.top + 150;
  panel.title = a.name;
  panel.x = {row == 1 ? "x" : "", -4, 4, 2};
  panel.y = {"", -1.2, 2.2, 1};
  if (column > 0) panel.y.names = {{-1, ""}, {0, ""}, {1, ""}, {2, ""}};
  panel.curves = {curve_of("derivative", a.derivative, kOrange, 2), curve_of("function", a.f, kBlue, 2.5)};
  return panel;
}

Figure small_multiples() {
  Figure figure{.name = "02_activations", .height = 546};
  figure.title = "Activation functions and their derivatives";
  figure.texts = {{"the function", kCardBorder, 56, kBlue, kTextSize, Align::kLeft, true},
                  {"and its derivative, all on the same scale: where it is 0, no gradient passes", 116, 56,
                   kOrange, kTextSize}};
  const std::array<Activation, 8> all = {{{"identity", identity, identity_derivative},
                                          {"step", step, step_derivative},
                                          {"sigmoid", sigmoid, sigmoid_derivative},
                                          {"tanh", nn::tanh, tanh_derivative},
                                          {"ReLU", relu, relu_derivative},
                                          {"leaky ReLU", [](double x) { return leaky_relu(x); },
                                           [](double x) { return leaky_relu_derivative(x); }},
                                          {"ELU", elu, elu_derivative},
                                          {"GELU", gelu, gelu_derivative}}};
  for (int i = 0; i < 8; ++i)
    figure.panels.push_back(small_multiple(all[static_cast<std::size_t>(i)], i % 4, i / 4));
  return figure;
}

Curve chain_curve(const char* name, Function f, Function derivative, int color) {
  Curve curve{name, {}, color, Mark::kLineAndDots};
  const auto slopes = chain_slopes(f, derivative, 1, 10);
  for (std::size_t n = 0; n < slopes.size(); ++n) curve.points.push_back({static_cast<double>(n), slopes[n]});
  return curve;
}

Figure vanishing() {
  Figure figure{.name = "02_vanishing", .height = 440};
  figure.title = "A chain of sigmoids makes the gradient vanish";
  figure.line =
      "Each neuron has one input, weight 1 and bias 0. The derivatives of all neurons multiply. The input is "
      "1.";
  Panel panel{.left = 84, .right = 590, .top = 104, .bottom = 382};
  panel.x = {"number of neurons in the chain", 0, 10, 1};
  panel.y = {"derivative of the last output", 1e-7, 3, 10, true};
  panel.curves = {chain_curve("ReLU", relu, relu_derivative, kGreen),
                  chain_curve("tanh", nn::tanh, tanh_derivative, kOrange),
                  chain_curve("sigmoid", sigmoid, sigmoid_derivative, kBlue)};
  Curve best{"0.25^n", {}, kQuiet, Mark::kDashes, 1.5};
  for (int n = 0; n <= 10; ++n)
    best.points.push_back({static_cast<double>(n), std::pow(sigmoid_derivative(0.0), n)});
  panel.curves.push_back(best);
  figure.panels = {panel};
  // The names are beside the last points, to the right of the axes.
  const auto name = [&](const Curve& curve, double shift, const std::string& text) {
    const double share =
        std::log10(curve.points.back().y / panel.y.from) / std::log10(panel.y.to / panel.y.from);
    figure.texts.push_back({text, panel.right + 10.0,
                            panel.bottom - share * (panel.bottom - panel.top) + shift, curve.color,
                            kTextSize});
  };
  name(panel.curves[0], 0, "ReLU: 1");
  name(panel.curves[1], 0, fmt::format("tanh: {:.3f}", panel.curves[1].points.back().y));
  name(panel.curves[2], 8, fmt::format("sigmoid: {:.7f}", panel.curves[2].points.back().y));
  name(best, -10, "at most 0.25^{10}");
  return figure;
}

std::vector<Figure> make() { return {small_multiples(), vanishing()}; }

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("02_activations", argc, argv, nn::plots::make); }
