// What the activation functions cost: nanoseconds a number, the fastest of many runs, as a table for the pages.
// Built and run by tools/measure_activations.sh.
#include <algorithm>
#include <fmt/format.h>

#include "01_matrix/matmul.hpp"
#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "common/random.hpp"
#include "common/timer.hpp"

namespace {

constexpr std::size_t kRows = 64, kCols = 128, kInputs = 784;
constexpr int kRuns = 2000;

nn::Matrix<float> random_matrix(std::size_t rows, std::size_t cols) {
  nn::Random random(1);
  nn::Matrix<float> m(rows, cols);
  for (float& value : m.values()) value = static_cast<float>(random.uniform(-3, 3));
  return m;
}

// The shortest of many runs of work(), in nanoseconds for each of the kRows x kCols numbers that it makes.
template <class Work>
double nanoseconds(const Work& work, int runs = kRuns) {
  double best = 1e9;
  for (int run = 0; run < runs; ++run) {
    const nn::Timer timer;
    work();
    best = std::min(best, timer.seconds());
  }
  return 1e9 * best / (kRows * kCols);
}

template <class F, class D>
void row(const char* name, const F& f, const D& derivative) {
  const auto x = random_matrix(kRows, kCols);
  nn::Matrix<float> y;
  const double forward = nanoseconds([&] { nn::apply(f, x, y); });
  const double slope = nanoseconds([&] { nn::apply(derivative, x, y); });
  fmt::print("| `{}` | {:.2g} | {:.2g} |\n", name, forward, slope);
}

}  // namespace

int main() {
  fmt::print("| | f, ns per number | f', ns per number |\n|---|---|---|\n");
  row(
      "relu", [](float x) { return nn::relu(x); }, [](float x) { return nn::relu_derivative(x); });
  row(
      "leaky_relu", [](float x) { return nn::leaky_relu(x); },
      [](float x) { return nn::leaky_relu_derivative(x); });
  row(
      "elu", [](float x) { return nn::elu(x); }, [](float x) { return nn::elu_derivative(x); });
  row(
      "sigmoid", [](float x) { return nn::sigmoid(x); }, [](float x) { return nn::sigmoid_derivative(x); });
  row(
      "tanh", [](float x) { return nn::tanh(x); }, [](float x) { return nn::tanh_derivative(x); });
  row(
      "gelu", [](float x) { return nn::gelu(x); }, [](float x) { return nn::gelu_derivative(x); });
  const auto x = random_matrix(kRows, kInputs), w = random_matrix(kInputs, kCols);
  nn::Matrix<float> sums;
  fmt::print("| the dot product before it, {} products in three loops | {:.0f} | |\n", kInputs,
             nanoseconds([&] { nn::matmul(x, w, sums); }, 30));
}
