// The order of three loops changes no bit of a product, only how long it takes.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/matmul.hpp"
#include "01_matrix/tiny_network.hpp"
#include "06_simd_matmul/products.hpp"
#include "common/print.hpp"
#include "common/random.hpp"
#include "common/timer.hpp"

namespace {

nn::Matrix<float> random_matrix(std::size_t rows, std::size_t cols, nn::Random& random) {
  nn::Matrix<float> m(rows, cols);
  for (float& value : m.values()) value = static_cast<float>(random.uniform(-1, 1));
  return m;
}

double seconds_for(const nn::NamedProduct<float>& p, const nn::Matrix<float>& a, const nn::Matrix<float>& b,
                   nn::Matrix<float>& out) {
  const nn::UseProduct<float> use(p.product);
  const nn::Timer timer;
  nn::matmul(a, b, out);
  return timer.seconds();
}

// Two accumulators for each entry, one for each half of k: what a split of the sum among two threads would do.
nn::Matrix<float> in_two_halves(const nn::Matrix<float>& a, const nn::Matrix<float>& b) {
  nn::Matrix<float> out(a.rows(), b.cols());
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (std::size_t j = 0; j < out.cols(); ++j) {
      float half[2] = {0, 0};
      for (std::size_t k = 0; k < a.cols(); ++k) half[2 * k / a.cols()] += a(i, k) * b(k, j);
      out(i, j) = half[0] + half[1];
    }
  }
  return out;
}

void order_of_additions(const nn::Matrix<float>& expected, const nn::Matrix<float>& got) {
  const float large = 1e8f, small = 1;
  fmt::print("\nIn float:  (1e8 + 1) - 1e8 = {},  (1e8 - 1e8) + 1 = {}\n",
             static_cast<double>((large + small) - large), static_cast<double>((large - large) + small));
  std::size_t unlike = 0;
  float most = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const float difference = std::abs(got.values()[i] - expected.values()[i]);
    unlike += difference != 0;
    most = std::max(most, difference);
  }
  fmt::print("Each sum in two halves: {} of {} entries have other bits, by up to {}\n", unlike, got.size(),
             nn::format_number(static_cast<double>(most), 2));
}

}  // namespace

// The times go to stderr: they differ from run to run, and what stands on stdout does not.
int main() {
  nn::print_matrix("X·W of the tiny network",
                   nn::matmul(nn::tiny::inputs<float>(), nn::tiny::hidden_weights<float>()));
  nn::Random random(1);
  const auto a = random_matrix(256, 784, random), b = random_matrix(784, 128, random);
  nn::Matrix<float> expected, got;
  double plain_seconds = 0;
  nn::Table table({"product", "idea", "bits"});
  for (const auto& p : nn::products<float>()) {
    const double seconds = seconds_for(p, a, b, got);
    if (expected.size() == 0) expected = got, plain_seconds = seconds;
    table.add({p.name, p.idea, got == expected ? "the same" : "others"});
    fmt::print(stderr, "{:12} {:8.2f} ms, {:.1f} times the speed of three loops\n", p.name, 1e3 * seconds,
               plain_seconds / seconds);
  }
  order_of_additions(expected, in_two_halves(a, b));
  fmt::print("\n(256 x 784) times (784 x 128):\n");
  table.print();
}
