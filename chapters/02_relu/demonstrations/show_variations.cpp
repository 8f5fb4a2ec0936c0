// A leaky ReLU, and a curve from ReLUs: the answers to the exercises.
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/dense.hpp"
#include "01_matrix/tiny_network.hpp"
#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "02_relu/piecewise_linear.hpp"
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

void curve_from_relus() {
  const auto wave = [](double x) { return std::sin(6 * x); };
  nn::Table table({"hidden neurons", "largest error"});
  for (const int n : {2, 4, 8, 16, 32}) {
    double worst = 0;
    for (int i = 0; i <= 1000; ++i) {
      worst = std::max(worst, std::abs(nn::relu_interpolation(wave, n, i / 1000.0) - wave(i / 1000.0)));
    }
    table.add({std::to_string(n), format_number(worst, 2)});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("02_relu_variations", argc, argv, [] {
    leak();
    fmt::print("\nsin(6x) for x from 0 to 1, approximated by a hidden layer of ReLUs:\n");
    curve_from_relus();
  });
}
