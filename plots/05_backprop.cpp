// The computational graph of a neuron, the error of a measured derivative, and the gradient in ten layers.
#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/digits_as_matrix.hpp"
#include "05_backprop/gradient_by_layer.hpp"
#include "05_backprop/step_size_valley.hpp"
#include "common/data/mnist.hpp"
#include "network_drawing.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

// An error of 0 has no place on a logarithmic axis; nothing that is smaller than this can be seen in a double.
constexpr double kFloor = 1e-17;

Figure valley() {
  Figure figure{.name = "05_valley", .height = 460};
  figure.title = "Steps too large have a truncation error, steps too small a rounding error";
  figure.line =
      "Derivatives of the cross-entropy with respect to the logits (3, 2, −2): the largest error for each "
      "step h.";
  Panel panel{.left = 92, .right = kCardRight, .top = 100, .bottom = 402};
  panel.x = {"step h", 1e-16, 1e-1, 100, true};
  panel.y = {"error of the derivative", 1e-17, 10, 100, true};
  Curve in_float{"float, central difference", {}, kOrange, Mark::kLineAndDots},
      in_double{"double, central difference", {}, kBlue, Mark::kLineAndDots},
      complex{"complex step", {}, kGreen, Mark::kLineAndDots};
  for (const ValleyPoint& p : step_size_valley(Matrix<double>{{3, 2, -2}}, 0)) {
    in_float.points.push_back({p.step, std::max(p.float_error, kFloor)});
    in_double.points.push_back({p.step, std::max(p.double_error, kFloor)});
    complex.points.push_back({p.step, std::max(p.complex_error, kFloor)});
  }
  panel.curves = {in_float, in_double, complex};
  panel.texts = {{"float", 1e-12, 1.6, kOrange},
                 {"double", 3e-11, 8e-6, kBlue},
                 {"complex step: no subtraction, no rounding error", 2e-16, 2e-15, kGreen},
                 {"rounding error", 2e-15, 1e-5, kQuiet},
                 {"truncation error", 0.06, 1e-11, kQuiet, Align::kRight}};
  figure.panels = {panel};
  return figure;
}

template <class Activation>
Curve depth_curve(const char* name, int color, const Mnist& mnist) {
  const std::size_t width = mnist.train.height * mnist.train.width, count = 100;
  std::vector<std::size_t> widths(11, 32);
  widths.front() = width, widths.back() = kClasses;
  auto network = stack_of<Activation, double>(widths, 1);
  const std::span<const std::uint8_t> pixels = mnist.train.pixels, labels = mnist.train.labels;
  const auto x = pixels_as_rows<double>(pixels.first(count * width), width);
  Curve curve{name, {}, color, Mark::kLineAndDots};
  for (const double size : gradient_by_layer(network, x, labels.first(count)))
    curve.points.push_back({static_cast<double>(curve.points.size()) + 1, size});
  return curve;
}

Figure depth() {
  const Mnist mnist = load_mnist_sample();
  Figure figure{.name = "05_depth", .height = 440};
  figure.title = "Through sigmoids the gradient hardly reaches the first layers";
  figure.line =
      "Ten layers, random initial weights, 100 images: size (root mean square) of each layer’s gradient.";
  Panel panel{.left = 92, .right = kCardRight, .top = 100, .bottom = 382};
  panel.x = {"layer, from the pixels (1) to the logits (10)", 1, 10, 1};
  panel.y = {"size of the gradient", 1e-8, 1, 10, true};
  panel.curves = {depth_curve<Relu<double>>("ReLU", kGreen, mnist),
                  depth_curve<Tanh<double>>("tanh", kOrange, mnist),
                  depth_curve<Sigmoid<double>>("sigmoid", kBlue, mnist)};
  double least = 1, most = 0;
  for (const Curve& curve : panel.curves) {
    for (const Point& p : curve.points) least = std::min(least, p.y), most = std::max(most, p.y);
  }
  panel.y.from = std::pow(10, std::floor(std::log10(least))),
  panel.y.to = std::pow(10, std::ceil(std::log10(most)));
  const std::array<double, 3> above = {0.45, 1.7, 0.4};
  for (std::size_t i = 0; i < 3; ++i) {
    const Curve& curve = panel.curves[i];
    panel.texts.push_back({curve.name, 3.1, curve.points[2].y * above[i], curve.color});
  }
  figure.panels = {panel};
  return figure;
}

// One neuron on one number, w = 3, x = 2, b = -4, and the loss h^2: values above the edges, derivatives below.
struct GraphNode {
  Node node;
  const char* name;
  const char* value;
  const char* derivative;
};

Figure graph() {
  Figure figure{.name = "05_graph", .height = 330};
  figure.title = "The computational graph of one neuron and its loss";
  figure.line =
      "Above each node, in blue: its value in the forward pass. Below, in orange: the derivative of L with "
      "respect to it.";
  Panel area = drawing_area(figure);
  const std::vector<GraphNode> nodes = {
      {{70, 130, 22}, "w", "3", "4·2 = 8"},    {{70, 240, 22}, "x", "2", "4·3 = 12"},
      {{215, 185, 22}, "w·x", "6", "4·1 = 4"}, {{215, 282, 22}, "b", "−4", "4·1 = 4"},
      {{360, 185, 22}, "s", "2", "4·1 = 4"},   {{505, 185, 22}, "h", "2", "1·4 = 4"},
      {{650, 185, 22}, "L", "4", "1"}};
  const auto join = [&](std::size_t from, std::size_t to, const char* label) {
    draw_edge(area, nodes[from].node, nodes[to].node, label, 0.5, kQuiet, 1.5);
  };
  join(0, 2, "x = 2"), join(1, 2, "w = 3"), join(2, 4, "1"), join(3, 4, "1"), join(4, 5, "1"),
      join(5, 6, "2h = 4");
  for (const GraphNode& n : nodes) {
    draw_node(area, n.node, n.name, kInk);
    figure.texts.push_back({n.value, n.node.x, n.node.y - 34, kBlue, kTextSize, Align::kCenter, true});
    figure.texts.push_back({n.derivative, n.node.x, n.node.y + 36, kOrange, kTextSize, Align::kCenter, true});
  }
  figure.texts.push_back({"on an edge: the local derivative", 440, 290, kQuiet, kSmallSize});
  figure.panels = {area};
  return figure;
}

std::vector<Figure> make() {
  return {network_strip("05_strip", {Part::kHiddenLayer, Part::kActivation, Part::kOutputLayer}), graph(),
          valley(), depth()};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("05_backprop", argc, argv, nn::plots::make); }
