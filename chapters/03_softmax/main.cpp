// Softmax turns scores into probabilities; computed as the formula says, it breaks on large scores.
#include <fmt/format.h>

#include "01_matrix/dense.hpp"
#include "01_matrix/tiny_network.hpp"
#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "03_softmax/softmax.hpp"
#include "common/print.hpp"

namespace {

using nn::format_number;

// The tiny network of chapters 01 and 02, its last layer's scores turned into probabilities.
void tiny_network() {
  const auto hidden =
      nn::apply(nn::relu<double>, nn::dense(nn::tiny::inputs<double>(), nn::tiny::hidden_weights<double>(),
                                            nn::tiny::hidden_bias<double>()));
  const nn::Logits<double> logits(
      nn::dense(hidden, nn::tiny::output_weights<double>(), nn::tiny::output_bias<double>()));
  nn::print_matrix("logits", logits.values);
  nn::print_matrix("softmax(logits)", nn::softmax(logits).values);
}

void shift_and_scale() {
  fmt::print("\n");
  nn::Table table({"scores", "softmax_naive", "softmax"});
  for (const double factor : {1.0, 10.0, 1000.0}) {
    const nn::Logits<double> z(nn::Matrix<double>{{3 * factor, 2 * factor, -2 * factor}});
    const auto naive = nn::softmax_naive(z).values, stable = nn::softmax(z).values;
    for (std::size_t j = 0; j < 3; ++j) {
      table.add({format_number(z.values(0, j)), format_number(naive(0, j)), format_number(stable(0, j))});
    }
  }
  table.print();
}

}  // namespace

int main() {
  tiny_network();
  shift_and_scale();
}
