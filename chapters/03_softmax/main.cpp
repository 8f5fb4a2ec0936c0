// Softmax turns scores into probabilities; computed as the formula says, it breaks on large scores.
#include <fmt/format.h>

#include "01_matrix/dense.hpp"
#include "01_matrix/tiny_network.hpp"
#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "03_softmax/softmax.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

// The scores of the tiny network for its two examples: a dense layer, ReLU, a dense layer.
nn::Logits<double> tiny_logits() {
  const auto sums = nn::dense(nn::tiny::inputs<double>(), nn::tiny::hidden_weights<double>(),
                              nn::tiny::hidden_bias<double>());
  const auto hidden = nn::apply(nn::relu<double>, sums);
  return nn::Logits<double>(
      nn::dense(hidden, nn::tiny::output_weights<double>(), nn::tiny::output_bias<double>()));
}

void step_by_step(const nn::Logits<double>& logits) {
  const auto p = nn::softmax(logits).values;
  nn::Table table({"digit", "score z", "z - m", "exp(z - m)", "probability"});
  const double m = logits.values(0, 0);
  double sum = 0;
  for (std::size_t j = 0; j < 3; ++j) {
    const double z = logits.values(0, j), e = nn::exp(z - m);
    sum += e;
    table.add({std::to_string(j), format_number(z), format_number(z - m), format_number(e),
               format_number(p(0, j))});
  }
  table.add({"sum", "", "", format_number(sum), "1"});
  fmt::print("\nThe first example, m = {}:\n", format_number(m));
  table.print();
}

std::string row_text(const nn::Matrix<double>& m) {
  std::string text;
  for (const double value : m.row(0)) text += (text.empty() ? "" : ", ") + format_number(value, 4);
  return text;
}

void shift_and_scale() {
  nn::Table table({"scores", "softmax_naive", "softmax"});
  const auto add = [&](double factor, double shift) {
    nn::Matrix<double> scores{{3, 2, -2}};
    for (double& z : scores.values()) z = factor * z + shift;
    const nn::Logits<double> logits(scores);
    table.add(
        {row_text(scores), row_text(nn::softmax_naive(logits).values), row_text(nn::softmax(logits).values)});
  };
  add(1, 0), add(1, 10), add(10, 0), add(1, 1000), add(1000, 0);
  fmt::print("\nThe same scores, shifted and stretched:\n");
  table.print();
}

void logarithm() {
  const nn::Logits<double> z(nn::Matrix<double>{{0, 1000}});
  nn::Table table({"scores", "log(softmax)", "log_softmax"});
  const double p = nn::softmax(z).values(0, 0);
  table.add({row_text(z.values), format_number(nn::log(p)) + ", 0", row_text(nn::log_softmax(z))});
  fmt::print("\nThe logarithm of a probability that rounds to 0:\n");
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("03_softmax", argc, argv, [] {
    const auto logits = tiny_logits();
    nn::print_matrix("scores of the tiny network", logits.values);
    nn::print_matrix("softmax of each row", nn::softmax(logits).values);
    step_by_step(logits);
    shift_and_scale();
    logarithm();
  });
}
