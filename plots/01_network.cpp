// A dense layer twice: as neurons with weights on their edges, and as the matrix product that computes the same.
#include <fmt/format.h>

#include "01_matrix/dense.hpp"
#include "01_matrix/tiny_network.hpp"
#include "network_drawing.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

std::string number(double x) { return x < 0 ? fmt::format("−{}", -x) : fmt::format("{}", x); }

constexpr double kCell = 27, kTop = 158;  // of the matrices; their first row

// A matrix in brackets with its name above and its shape below. Returns its right edge.
double draw_matrix(Figure& figure, Panel& area, const std::string& name, const std::string& shape_words,
                   const Matrix<double>& m, double left, double top) {
  const double right = left + kCell * static_cast<double>(m.cols()),
               bottom = top + kCell * static_cast<double>(m.rows());
  for (std::size_t r = 0; r < m.rows(); ++r) {
    for (std::size_t c = 0; c < m.cols(); ++c) {
      figure.texts.push_back({number(m(r, c)), left + kCell * (static_cast<double>(c) + 0.5),
                              top + kCell * (static_cast<double>(r) + 0.5), kInk, 14, Align::kCenter});
    }
  }
  for (const auto& [x, inward] : {std::pair{left, 6.0}, {right, -6.0}}) {
    area.curves.push_back({"bracket",
                           {{x + inward, top}, {x, top}, {x, bottom}, {x + inward, bottom}},
                           kInk,
                           Mark::kLine,
                           1.5});
  }
  figure.texts.push_back({name, (left + right) / 2, top - 18, kInk, kTextSize, Align::kCenter, true});
  figure.texts.push_back({shape_words, (left + right) / 2, bottom + 18, kQuiet, kSmallSize, Align::kCenter});
  return right;
}

Figure network() {
  Figure figure{.name = "01_network", .height = 324};
  figure.title = "The same dense layer as neurons and as matrices";
  figure.line = "Orange: the third neuron is a column of W. Blue: the first example is a row of X.";
  Panel area = drawing_area(figure);
  const auto x = tiny::inputs<double>(), w = tiny::hidden_weights<double>(), b = tiny::hidden_bias<double>(),
             y = dense(x, w, b);
  const std::vector<Node> inputs = {{56, 160}, {56, 244}}, neurons = {{240, 118}, {240, 202}, {240, 286}};
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t j = 0; j < 3; ++j) {
      draw_edge(area, inputs[k], neurons[j], number(w(k, j)), 0.72, j == 2 ? kOrange : kQuiet,
                j == 2 ? 2.5 : 1.5);
    }
    draw_node(area, inputs[k], number(x(0, k)), kBlue);
  }
  for (std::size_t j = 0; j < 3; ++j) {
    draw_node(area, neurons[j], number(y(0, j)), j == 2 ? kOrange : kInk);
    figure.texts.push_back({"bias " + number(b(0, j)), neurons[j].x + 26, neurons[j].y, kQuiet, kSmallSize});
  }
  figure.texts.push_back({"inputs", 56, 88, kQuiet, kSmallSize, Align::kCenter, true});
  figure.texts.push_back({"neurons", 240, 88, kQuiet, kSmallSize, Align::kCenter, true});

  constexpr double kX = 352, kW = kX + 2 * kCell + 22, kB = kW + 3 * kCell + 26, kY = kB + 3 * kCell + 26,
                   kMiddle = kTop + kCell;
  // The dot product: a row of X, a column of W, an entry of Y.
  figure.rectangles = {{kX + 3, kTop + 2, 2 * kCell - 6, kCell - 4, kPaleBlue},
                       {kW + 2 * kCell, kTop + 2, kCell - 3, 2 * kCell - 4, kPaleOrange},
                       {kB + 2 * kCell, kMiddle - kCell / 2 + 2, kCell - 3, kCell - 4, kPaleOrange},
                       {kY + 2 * kCell, kTop + 2, kCell - 3, kCell - 4, kPaleOrange}};
  draw_matrix(figure, area, "X", "2 × 2", x, kX, kTop);
  draw_matrix(figure, area, "W", "2 × 3", w, kW, kTop);
  draw_matrix(figure, area, "b", "1 × 3", b, kB, kMiddle - kCell / 2);
  draw_matrix(figure, area, "Y", "2 × 3", y, kY, kTop);
  for (const auto& [sign, at] : {std::pair{"·", kW - 12}, {"+", kB - 13}, {"=", kY - 13}})
    figure.texts.push_back({sign, at, kMiddle, kInk, 16, Align::kCenter});
  figure.texts.push_back(
      {"third neuron, first example:  2·(−1) + 1·1 + (−1) = −2", kX, 268, kOrange, kTextSize});
  figure.panels = {area};
  return figure;
}

std::vector<Figure> make() {
  return {network_strip("01_strip", {Part::kImage, Part::kHiddenLayer}), network()};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("01_network", argc, argv, nn::plots::make); }
