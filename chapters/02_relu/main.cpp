// Without a nonlinearity between them, two dense layers collapse into one; with ReLU they do not.
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

void collapse() {
  const auto x = nn::tiny::inputs<double>();
  const auto w1 = nn::tiny::hidden_weights<double>(), b1 = nn::tiny::hidden_bias<double>();
  const auto w2 = nn::tiny::output_weights<double>(), b2 = nn::tiny::output_bias<double>();
  const auto sums = nn::dense(x, w1, b1), hidden = nn::apply(nn::relu<double>, sums);
  nn::print_matrix("two layers without a nonlinearity", nn::dense(sums, w2, b2));

  const auto w = nn::matmul(w1, w2), b = nn::dense(b1, w2, b2);
  nn::print_matrix("W = W1·W2", w);
  nn::print_matrix("b = b1·W2 + b2", b);
  nn::print_matrix("one layer, X·W + b", nn::dense(x, w, b));

  nn::print_matrix("hidden layer with ReLU", hidden);
  nn::print_matrix("two layers with ReLU between them", nn::dense(hidden, w2, b2));
}

template <class F, class D>
void row(nn::Table& table, const char* name, const F& f, const D& derivative) {
  for (const double x : {-2.0, 0.5}) {
    table.add({x < 0 ? name : "", format_number(x), format_number(f(x)), format_number(derivative(x)),
               format_number(nn::slope(f, x), 5)});
  }
}

void derivatives() {
  nn::Table table({"function", "x", "f(x)", "f'(x)", "measured"});
  row(table, "relu", nn::relu<double>, nn::relu_derivative<double>);
  row(
      table, "leaky_relu", [](double x) { return nn::leaky_relu(x); },
      [](double x) { return nn::leaky_relu_derivative(x); });
  row(table, "sigmoid", nn::sigmoid<double>, nn::sigmoid_derivative<double>);
  row(
      table, "tanh", [](double x) { return nn::tanh(x); }, nn::tanh_derivative<double>);
  row(table, "gelu", nn::gelu<double>, nn::gelu_derivative<double>);
  row(table, "elu", nn::elu<double>, nn::elu_derivative<double>);
  row(table, "identity", nn::identity<double>, nn::identity_derivative<double>);
  row(table, "step", nn::step<double>, nn::step_derivative<double>);
  fmt::print("\n");
  table.print();
}

void limits_of_the_central_difference() {
  nn::Table table({"h", "x^3 at 1", "error", "relu at 0"});
  for (const double h : {1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-11, 1e-13, 1e-17}) {
    const double cube = nn::slope([](double x) { return x * x * x; }, 1.0, h);
    table.add({format_number(h), format_number(cube), format_number(cube - 3, 2),
               format_number(nn::slope(nn::relu<double>, 0.0, h))});
  }
  fmt::print("\nMeasured derivatives; that of x^3 at 1 is 3, and relu has none at 0:\n");
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("02_relu", argc, argv, [] {
    collapse();
    derivatives();
    limits_of_the_central_difference();
  });
}
