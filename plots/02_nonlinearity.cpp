// What a nonlinearity is for: curves made of ReLUs, and a decision boundary that no line can draw.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

#include "01_matrix/dense.hpp"
#include "01_matrix/tiny_network.hpp"
#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "02_relu/piecewise_linear.hpp"
#include "common/random.hpp"
#include "network_drawing.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

std::string number(double x) { return x < 0 ? fmt::format("−{}", -x) : fmt::format("{}", x); }

// Edges of weight 0 are faint and have no label.
void draw_layer(Panel& area, const std::vector<Node>& from, const std::vector<Node>& to,
                const Matrix<double>& w, double place) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    for (std::size_t j = 0; j < to.size(); ++j) {
      if (w(i, j) == 0) {
        draw_edge(area, from[i], to[j], "", place, kFaint, 1);
      } else {
        draw_edge(area, from[i], to[j], number(w(i, j)), place, kInk, 1.5);
      }
    }
  }
}

// The forward pass of the tiny network's first example.
Figure tiny_network() {
  Figure figure{.name = "02_network", .height = 330};
  figure.title = "The tiny network computes (3, 2, −2) from (2, 1)";
  figure.line = "Numbers on edges are weights, numbers in circles are values. Faint edges have weight 0.";
  Panel area = drawing_area(figure);
  const auto x = tiny::inputs<double>(), b1 = tiny::hidden_bias<double>(), b2 = tiny::output_bias<double>();
  const auto sums = dense(x, tiny::hidden_weights<double>(), b1), hidden = apply(relu<double>, sums),
             logits = dense(hidden, tiny::output_weights<double>(), b2);
  const std::vector<Node> inputs = {{70, 165}, {70, 245}}, hidden_sums = {{265, 125}, {265, 205}, {265, 285}},
                          activations = {{400, 125}, {400, 205}, {400, 285}},
                          outputs = {{610, 125}, {610, 205}, {610, 285}};
  draw_layer(area, inputs, hidden_sums, tiny::hidden_weights<double>(), 0.72);
  draw_layer(area, activations, outputs, tiny::output_weights<double>(), 0.74);
  for (std::size_t k = 0; k < 2; ++k) draw_node(area, inputs[k], number(x(0, k)), kInk);
  for (std::size_t j = 0; j < 3; ++j) {
    const bool is_active = hidden(0, j) > 0;
    draw_edge(area, hidden_sums[j], activations[j], "", 0.5, is_active ? kBlue : kOrange, 2);
    area.texts.push_back({"relu", 332, hidden_sums[j].y - 10, is_active ? kBlue : kOrange, Align::kCenter});
    draw_node(area, hidden_sums[j], number(sums(0, j)), kInk);
    draw_node(area, activations[j], number(hidden(0, j)), is_active ? kBlue : kOrange);
    draw_node(area, outputs[j], number(logits(0, j)), kInk);
    figure.texts.push_back(
        {"bias " + number(b1(0, j)), 265, hidden_sums[j].y + 30, kQuiet, kSmallSize, Align::kCenter});
    figure.texts.push_back({"bias " + number(b2(0, j)), 640, outputs[j].y, kQuiet, kSmallSize, Align::kLeft});
  }
  for (const auto& [text, at] :
       {std::pair{"input X", 70.0}, {"sums S", 265.0}, {"hidden layer H", 400.0}, {"logits z", 610.0}})
    figure.texts.push_back({text, at, 88, kQuiet, kSmallSize, Align::kCenter, true});
  figure.panels = {area};
  return figure;
}

// The two classes of XOR: four clusters, opposite ones of the same class.
struct Example {
  double x, y;
  bool is_blue;
};

std::vector<Example> xor_clusters() {
  Random random(1);
  std::vector<Example> examples;
  for (const double x : {-1.0, 1.0}) {
    for (const double y : {-1.0, 1.0}) {
      for (int i = 0; i < 40; ++i) {
        const double radius = 0.7 * std::sqrt(random.uniform()),
                     angle = random.uniform(0, 2 * std::numbers::pi);
        examples.push_back({x + radius * std::cos(angle), y + radius * std::sin(angle), x * y > 0});
      }
    }
  }
  return examples;
}

using Score = std::function<double(double, double)>;  // positive: blue

double percent_correct(const std::vector<Example>& examples, const Score& score) {
  const auto correct = std::count_if(examples.begin(), examples.end(),
                                     [&](const Example& e) { return (score(e.x, e.y) > 0) == e.is_blue; });
  return 100.0 * static_cast<double>(correct) / static_cast<double>(examples.size());
}

// Of the lines with 360 directions and 161 distances from the origin, the one that classifies most examples correctly;
// of several the one with the widest gap around it.
Score best_line(const std::vector<Example>& examples, double& a, double& b, double& c) {
  double best = -1;
  for (int direction = 0; direction < 360; ++direction) {
    const double angle = direction * std::numbers::pi / 180;
    for (int step = -80; step <= 80; ++step) {
      const double u = std::cos(angle), v = std::sin(angle), w = step / 40.0;
      const double percent = percent_correct(examples, [=](double x, double y) { return u * x + v * y + w; });
      double gap = 1;
      for (const Example& e : examples) gap = std::min(gap, std::abs(u * e.x + v * e.y + w));
      if (percent + gap > best) best = percent + gap, a = u, b = v, c = w;
    }
  }
  return [=](double x, double y) { return a * x + b * y + c; };
}

// |x + y| - |x - y|, with each |v| = relu(v) + relu(-v): four hidden neurons.
double four_relus(double x, double y) { return relu(x + y) + relu(-x - y) - relu(x - y) - relu(y - x); }

constexpr double kEdge = 2;

void add_panel(Figure& figure, int left, const std::string& title, const std::string& line,
               const std::vector<Example>& examples, const Score& score, const std::vector<Curve>& boundary) {
  constexpr int kTop = 132, kSide = 320;
  constexpr std::size_t kCells = 50;
  Grid regions{"regions: " + title, static_cast<double>(left), kTop, static_cast<double>(kSide) / kCells,
               kCells};
  regions.shades = Shades::kSigned, regions.full = 1;
  for (std::size_t r = 0; r < kCells; ++r) {
    for (std::size_t c = 0; c < kCells; ++c) {
      const auto at = [](std::size_t cell) {
        return -kEdge + 2 * kEdge * (static_cast<double>(cell) + 0.5) / kCells;
      };
      regions.values.push_back(score(at(c), -at(r)) > 0 ? 0.2 : -0.2);
    }
  }
  figure.grids.push_back(regions);
  Panel panel{.left = left, .right = left + kSide, .top = kTop, .bottom = kTop + kSide};
  panel.title = title, panel.line = line;
  panel.x = {"x_1", -kEdge, kEdge, 1}, panel.y = {"x_2", -kEdge, kEdge, 1};
  for (const bool is_blue : {false, true}) {
    Curve dots{is_blue ? "blue" : "orange", {}, is_blue ? kBlue : kOrange, Mark::kDots};
    for (const Example& e : examples)
      if (e.is_blue == is_blue) dots.points.push_back({e.x, e.y});
    panel.curves.push_back(dots);
  }
  panel.curves.insert(panel.curves.end(), boundary.begin(), boundary.end());
  figure.panels.push_back(panel);
}

Figure boundaries() {
  Figure figure{.name = "02_boundary", .height = 500};
  figure.title = "No line separates the two classes; four ReLUs do";
  figure.line =
      "Each dot is an example with two inputs. The background shows which class is predicted there.";
  const auto examples = xor_clusters();
  double a = 0, b = 0, c = 0;
  const Score line = best_line(examples, a, b, c);
  Curve straight{"boundary", {}, kInk, Mark::kLine, 2};
  for (int i = 0; i <= 400; ++i) {  // the part of a x + b y + c = 0 inside the panel
    const double t = -4 + i / 50.0, x = -a * c - b * t, y = -b * c + a * t;
    if (std::abs(x) <= kEdge && std::abs(y) <= kEdge) straight.points.push_back({x, y});
  }
  const Curve cross{"boundary",
                    {{-kEdge, 0}, {kEdge, 0}, {0, std::nan("")}, {0, -kEdge}, {0, kEdge}},
                    kInk,
                    Mark::kLine,
                    2};
  add_panel(figure, 56, "A linear classifier",
            fmt::format("the best of all lines: {:.0f}% correct", percent_correct(examples, line)), examples,
            line, {straight});
  add_panel(figure, 420, "A hidden layer of four ReLUs",
            fmt::format("{:.0f}% correct", percent_correct(examples, four_relus)), examples, four_relus,
            {cross});
  return figure;
}

Curve sampled(const std::string& name, const std::function<double(double)>& f, double from, double to,
              int color, Mark mark, double width) {
  Curve curve{name, {}, color, mark, width};
  constexpr int kSteps = 160;
  for (int i = 0; i <= kSteps; ++i) {
    const double x = from + (to - from) * i / kSteps;
    curve.points.push_back({x, f(x)});
  }
  return curve;
}

Figure fits() {
  Figure figure{.name = "02_fits", .height = 300};
  figure.title = "Each ReLU adds a kink; enough of them follow any curve";
  constexpr int kTop = 110, kBottom = 248, kWidth = 150, kStep = 182;
  Panel v{.left = 50, .right = 50 + kWidth, .top = kTop, .bottom = kBottom};
  v.title = "relu(x) + relu(−x) = |x|";
  v.x = {"x", -2, 2, 1}, v.y = {"", -0.1, 2.1, 1};
  v.curves = {sampled(
                  "sum", [](double x) { return relu(x) + relu(-x); }, -2, 2, kBlue, Mark::kLine, 6),
              sampled(
                  "relu(x)", [](double x) { return relu(x); }, -2, 2, kOrange, Mark::kLine, 2),
              sampled(
                  "relu(−x)", [](double x) { return relu(-x); }, -2, 2, kGreen, Mark::kLine, 2)};
  v.texts = {{"relu(x)", -1.9, 0.2, kOrange}, {"relu(−x)", 1.95, 0.2, kGreen, Align::kRight}};
  figure.panels.push_back(v);
  const auto wave = [](double x) { return std::sin(6 * x); };
  int left = 50 + kStep;
  for (const int n : {2, 4, 16}) {
    Panel panel{.left = left, .right = left + kWidth, .top = kTop, .bottom = kBottom};
    panel.title = fmt::format("sin(6x) from {} ReLUs", n);
    panel.x = {"x", 0, 1, 0.5}, panel.y = {"", -1.1, 1.1, 1};
    panel.curves = {
        sampled("sin(6x)", wave, 0, 1, kQuiet, Mark::kDashes, 1.5),
        sampled(
            "sum", [&](double x) { return relu_interpolation(wave, n, x); }, 0, 1, kBlue, Mark::kLine, 2.5)};
    figure.panels.push_back(panel);
    left += kStep;
  }
  figure.texts = {{"blue: the sum of the ReLUs", kCardBorder, 56, kBlue, kTextSize},
                  {"gray, dotted: the curve to approximate", 216, 56, kQuiet, kTextSize}};
  return figure;
}

std::vector<Figure> make() {
  return {network_strip("02_strip", {Part::kActivation}), tiny_network(), boundaries(), fits()};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) {
  return nn::plots::run_plot("02_nonlinearity", argc, argv, nn::plots::make);
}
