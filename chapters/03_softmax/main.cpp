// Softmax turns logits into probabilities; computed literally, its formula overflows and returns NaN.
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/dense.hpp"
#include "01_matrix/tiny_network.hpp"
#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "03_softmax/softmax.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

// The tiny network's logits for its two examples: a dense layer, ReLU, a dense layer.
nn::Logits<double> tiny_logits() {
  const auto sums = nn::dense(nn::tiny::inputs<double>(), nn::tiny::hidden_weights<double>(),
                              nn::tiny::hidden_bias<double>());
  const auto hidden = nn::apply(nn::relu<double>, sums);
  return nn::Logits<double>(
      nn::dense(hidden, nn::tiny::output_weights<double>(), nn::tiny::output_bias<double>()));
}

void step_by_step(const nn::Logits<double>& logits) {
  const auto p = nn::softmax(logits).values;
  nn::Table table({"class", "logit z", "z - m", "exp(z - m)", "probability"});
  const double m = logits.values(0, 0);
  double sum = 0;
  for (std::size_t j = 0; j < 3; ++j) {
    const double z = logits.values(0, j), e = nn::exp(z - m);
    sum += e;
    table.add({std::to_string(j), format_number(z), format_number(z - m), format_number(e),
               format_number(p(0, j))});
  }
  table.add({"sum", "", "", format_number(sum), "1"});
  fmt::print("\nSoftmax of the first example, m = {}:\n", format_number(m));
  table.print();
}

// What else could turn logits into probabilities?
void alternatives(const nn::Logits<double>& logits) {
  const auto z = logits.values.row(0);
  const auto p = nn::softmax(logits).values;
  double sum = 0, sum_of_sigmoids = 0;
  for (const double value : z) sum += value, sum_of_sigmoids += nn::sigmoid(value);
  nn::Table table({"logit z", "z / sum", "argmax", "softmax", "sigmoid(z)"});
  for (std::size_t j = 0; j < z.size(); ++j) {
    table.add({format_number(z[j]), format_number(z[j] / sum), j == nn::argmax(z) ? "1" : "0",
               format_number(p(0, j)), format_number(nn::sigmoid(z[j]))});
  }
  table.add({"sum", "1", "1", "1", format_number(sum_of_sigmoids)});
  fmt::print("\nFour candidates for the probabilities of the first example:\n");
  table.print();
}

std::string row_text(const nn::Matrix<double>& m) {
  std::string text;
  for (const double value : m.row(0)) text += (text.empty() ? "" : ", ") + format_number(value, 4);
  return text;
}

void shift_and_scale() {
  nn::Table table({"logits", "softmax_naive", "softmax"});
  const auto add = [&](double factor, double shift) {
    nn::Matrix<double> z{{3, 2, -2}};
    for (double& value : z.values()) value = factor * value + shift;
    const nn::Logits<double> logits(z);
    table.add(
        {row_text(z), row_text(nn::softmax_naive(logits).values), row_text(nn::softmax(logits).values)});
  };
  add(1, 0), add(1, 10), add(10, 0), add(1, 1000), add(1000, 0);
  fmt::print("\nThe same logits plus a constant, and times a factor:\n");
  table.print();
}

void logarithm() {
  const nn::Logits<double> z(nn::Matrix<double>{{0, 1000}});
  nn::Table table({"logits", "log(softmax)", "log_softmax"});
  const double p = nn::softmax(z).values(0, 0);
  table.add({row_text(z.values), format_number(nn::log(p)) + ", 0", row_text(nn::log_softmax(z))});
  fmt::print("\nThe logarithm of a probability that underflows to 0:\n");
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("03_softmax", argc, argv, [] {
    const auto logits = tiny_logits();
    nn::print_matrix("logits of the tiny network", logits.values);
    nn::print_matrix("softmax of each row", nn::softmax(logits).values);
    step_by_step(logits);
    alternatives(logits);
    shift_and_scale();
    logarithm();
  });
}
