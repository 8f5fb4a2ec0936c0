// Every faster product agrees with three loops, and has the same bits for any number of threads.
#include <fmt/format.h>

#include "01_matrix/matmul.hpp"
#include "01_matrix/tiny_network.hpp"
#include "06_simd_matmul/products.hpp"
#include "06_simd_matmul/random_matrix.hpp"
#include "common/allclose.hpp"
#include "common/parallel/thread_pool.hpp"
#include "common/parallel/usable_cores.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"
#include "common/timer.hpp"

namespace {

using M = nn::Matrix<float>;

std::string numbers(nn::MatrixView<float> m, std::size_t row) {
  std::string text;
  for (std::size_t c = 0; c < m.cols(); ++c)
    text += (c == 0 ? "" : " ") + nn::format_number(static_cast<double>(m(row, c)));
  return text;
}

// In the order of the micro-kernel: for each k, one term is added to all sums.
void sums_of_the_tiny_network() {
  const M x = nn::tiny::inputs<float>(), w = nn::tiny::hidden_weights<float>();
  nn::print_matrix("X·W of the tiny network", nn::matmul(x, w));
  M sums(x.rows(), w.cols());
  nn::Table table({"k", "column k of X", "row k of W", "sums, row 0", "sums, row 1"});
  for (std::size_t k = 0; k < x.cols(); ++k) {
    nn::detail::add_tile(view(x), view(w), sums, 0, w.cols(), k, k + 1);
    table.add({std::to_string(k), numbers(transposed(x), k), numbers(view(w), k), numbers(view(sums), 0),
               numbers(view(sums), 1)});
  }
  fmt::print("\nThe same with all six sums at once, term by term:\n");
  table.print();
}

// Computes out = A·B with p and that many threads; returns the time in seconds.
double multiply(const nn::NamedProduct<float>& p, const M& a, const M& b, std::size_t threads, M& out) {
  nn::set_thread_count(threads);
  const nn::UseProduct<float> use(p.product);
  const nn::Timer timer;
  nn::matmul(a, b, out);
  return timer.seconds();
}

}  // namespace

// Times go to stderr, because they differ from run to run; stdout is the same in every run.
int main(int argc, char** argv) {
  return nn::run_demonstration("06_simd_matmul", argc, argv, [] {
    sums_of_the_tiny_network();
    nn::Random random(1);
    const M a = random_matrix(256, 784, random), b = random_matrix(784, 128, random);
    M expected, first, got;
    double plain_seconds = 0;
    nn::Table table({"product", "what is new", "agrees with plain", "bits with 1, 2 and 3 threads"});
    for (const auto& p : nn::products<float>()) {
      multiply(p, a, b, 1, first);
      const double seconds = multiply(p, a, b, nn::usable_cores(), got);
      if (expected.size() == 0) expected = first, plain_seconds = seconds;
      bool same = true;
      for (const std::size_t threads : {2u, 3u}) multiply(p, a, b, threads, got), same = same && got == first;
      const bool agrees = nn::allclose(first, expected, {.atol = 1e-4}).close;
      table.add({p.name, p.idea, agrees ? "yes" : "no", same ? "the same" : "differ"});
      fmt::print(stderr, "{:12} {:8.2f} ms, {:.1f} times as fast as three loops\n", p.name, 1e3 * seconds,
                 plain_seconds / seconds);
    }
    fmt::print("\n(256 x 784) times (784 x 128):\n");
    table.print();
  });
}
