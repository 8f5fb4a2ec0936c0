// Two claims about ReLU, tested: gradients do not vanish (if the weights have a suitable size), and neurons can die.
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/dense.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "02_relu/slope.hpp"
#include "common/random.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;
using Complex = std::complex<double>;
using Activation = Complex (*)(Complex);

// Drawn uniformly between -bound and bound.
template <class T>
nn::Matrix<T> random_weights(std::size_t in, std::size_t out, double bound, nn::Random& random) {
  nn::Matrix<T> w(in, out);
  for (T& value : w.values()) value = T(static_cast<nn::Real<T>>(random.uniform(-bound, bound)));
  return w;
}

// The derivatives of all outputs of a network with respect to its first input, root mean square. They are computed with a
// complex step: the input gets an imaginary part so small that its square vanishes, and the imaginary part of an output
// is the derivative times that step, exact to the last digits however small it is; nn::slope would lose them.
double derivative_through(const Activation& f, std::size_t layers, double bound) {
  constexpr std::size_t kWidth = 64;
  constexpr double kStep = 1e-30;
  nn::Random random(1);
  auto x = random_weights<Complex>(1, kWidth, 1, random);
  x(0, 0) += Complex(0, kStep);
  const nn::Matrix<Complex> no_bias(1, kWidth);
  for (std::size_t layer = 0; layer < layers; ++layer) {
    const auto w =
        random_weights<Complex>(kWidth, kWidth, bound / std::sqrt(static_cast<double>(kWidth)), random);
    x = nn::apply(f, nn::dense(x, w, no_bias));
  }
  double sum = 0;
  for (const Complex& y : x.values()) sum += std::norm(y.imag() / kStep);
  return std::sqrt(sum / static_cast<double>(kWidth));
}

void depth() {
  nn::Table table({"activation", "a", "1 layer", "5 layers", "10 layers", "20 layers"});
  const std::array<std::pair<const char*, Activation>, 4> functions{
      {{"sigmoid", [](Complex x) { return nn::sigmoid(x); }},
       {"tanh", [](Complex x) { return nn::tanh(x); }},
       {"relu", [](Complex x) { return nn::relu(x); }},
       {"identity", [](Complex x) { return nn::identity(x); }}}};
  for (const auto& [name, f] : functions) {
    for (const double bound : {1.0, std::sqrt(6.0), 5.0}) {
      std::vector<std::string> cells = {bound == 1.0 ? name : "", format_number(bound / 8, 3)};
      for (const std::size_t layers : {1u, 5u, 10u, 20u}) {
        cells.push_back(format_number(derivative_through(f, layers, bound), 2));
      }
      table.add(cells);
    }
  }
  table.print();
}

// Gradient descent on the loss (f(w) - 0.5)^2, from w = -0.5, with the measured derivative.
template <class F>
double descend(const F& f, int steps) {
  double w = -0.5;
  for (int step = 0; step < steps; ++step) {
    w -= 0.1 * nn::slope([&](double v) { return (f(v) - 0.5) * (f(v) - 0.5); }, w);
  }
  return w;
}

void one_neuron() {
  nn::Table table({"w after step", "0", "1", "10", "100", "1000"});
  const auto add = [&](const char* name, const auto& f) {
    std::vector<std::string> cells = {name};
    for (const int steps : {0, 1, 10, 100, 1000}) cells.push_back(format_number(descend(f, steps), 3));
    table.add(cells);
  };
  add("relu", nn::relu<double>);
  add("leaky_relu", [](double x) { return nn::leaky_relu(x); });
  add("elu", nn::elu<double>);
  table.print();
}

// 100 neurons with random weights and the same bias: which of them are inactive for every image?
void dead_neurons(const nn::Mnist& mnist) {
  const std::size_t width = mnist.train.height * mnist.train.width, count = 1000, neurons = 100;
  const auto x = nn::pixels_as_rows<float>(std::span(mnist.train.pixels).first(count * width), width);
  nn::Random random(1);
  const double bound = std::sqrt(6.0 / static_cast<double>(width));
  const auto w = random_weights<float>(width, neurons, bound, random);
  nn::Table table({"bias", "dead neurons", "zeros in the output"});
  for (const float bias : {0.0f, -0.5f, -1.0f, -2.0f}) {
    const auto h = nn::apply(nn::relu<float>, nn::dense(x, w, nn::Matrix<float>(1, neurons, bias)));
    std::size_t dead = 0, zeros = 0;
    for (std::size_t j = 0; j < neurons; ++j) {
      std::size_t inactive = 0;
      for (std::size_t i = 0; i < count; ++i) inactive += h(i, j) == 0;
      zeros += inactive;
      dead += inactive == count;
    }
    table.add(
        {format_number(static_cast<double>(bias)), fmt::format("{} of {}", dead, neurons),
         format_number(100 * static_cast<double>(zeros) / static_cast<double>(count * neurons), 3) + "%"});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("02_relu_claims", argc, argv, [](const nn::Mnist& mnist) {
    fmt::print("Derivative of the output with respect to one input, layers of 64 neurons, random weights:\n");
    depth();
    fmt::print("\nGradient descent on (f(w) - 0.5)^2 from w = -0.5, learning rate 0.1:\n");
    one_neuron();
    fmt::print("\n100 neurons with random weights, 1000 images:\n");
    dead_neurons(mnist);
  });
}
