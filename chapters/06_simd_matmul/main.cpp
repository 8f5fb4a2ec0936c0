// The order of three loops changes no bit of a product, only how long it takes.
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
  fmt::print("\n(256 x 784) times (784 x 128):\n");
  table.print();
}
