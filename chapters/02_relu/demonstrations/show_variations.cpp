// A leak, a jump, a slope to one side, and every V from two ReLUs: the answers of the exercises.
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/dense.hpp"
#include "01_matrix/tiny_network.hpp"
#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "02_relu/slope.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

void leak() {
  const auto x = nn::tiny::inputs<double>();
  const auto sums = nn::dense(x, nn::tiny::hidden_weights<double>(), nn::tiny::hidden_bias<double>());
  const auto second = [](const nn::Matrix<double>& hidden) {
    return nn::dense(hidden, nn::tiny::output_weights<double>(), nn::tiny::output_bias<double>());
  };
  nn::print_matrix("with relu", second(nn::apply(nn::relu<double>, sums)));
  nn::print_matrix("with leaky_relu", second(nn::apply([](double v) { return nn::leaky_relu(v); }, sums)));
}

void jump() {
  nn::Table table({"h", "slope of step at 0"});
  for (const double h : {1e-3, 1e-4, 1e-5})
    table.add({format_number(h), format_number(nn::slope(nn::step<double>, 0.0, h))});
  table.print();
}

void one_side() {
  const auto cube = [](double x) { return x * x * x; };
  nn::Table table({"h", "error to one side", "to both sides"});
  for (const double h : {1e-1, 1e-2, 1e-3}) {
    table.add({format_number(h), format_number((cube(1 + h) - cube(1)) / h - 3, 2),
               format_number(nn::slope(cube, 1.0, h) - 3, 2)});
  }
  table.print();
}

// [show bends]
// Straight pieces through the points (k / n, f(k / n)), as a sum of n neurons: neuron k begins to act at k / n,
// and its weight is by how much the slope changes there.
template <class F>
double with_bends(const F& f, int n, double x) {
  double y = f(0.0), slope_before = 0;
  for (int k = 0; k < n; ++k) {
    const double left = static_cast<double>(k) / n, right = static_cast<double>(k + 1) / n;
    const double slope = (f(right) - f(left)) * n;
    y += (slope - slope_before) * nn::relu(x - left);
    slope_before = slope;
  }
  return y;
}
// [/show]

void bends() {
  const auto wave = [](double x) { return std::sin(6 * x); };
  nn::Table table({"neurons", "largest error"});
  for (const int n : {2, 4, 8, 16, 32}) {
    double worst = 0;
    for (int i = 0; i <= 1000; ++i) {
      worst = std::max(worst, std::abs(with_bends(wave, n, i / 1000.0) - wave(i / 1000.0)));
    }
    table.add({std::to_string(n), format_number(worst, 2)});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("02_relu_variations", argc, argv, [] {
    leak();
    fmt::print("\n");
    jump();
    fmt::print("\nx^3 at 1, where the slope is 3:\n");
    one_side();
    fmt::print("\nsin(6 x) for x from 0 to 1, out of neurons with ReLU:\n");
    bends();
  });
}
