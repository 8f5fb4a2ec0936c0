// Three steps down a curve: what each optimizer makes of the same slope, and of a rate that is too high.
#include <fmt/format.h>

#include "07_training/optimizer.hpp"
#include "common/print.hpp"

namespace {

using nn::format_number;

struct Run {
  const char* optimizer;
  double rate;
};

}  // namespace

// The loss is w^2, its slope 2 w; the way starts at w = 1.
int main() {
  nn::Table table({"loss w^2", "rate", "start", "step 1", "step 2", "step 3"});
  for (const Run& run : {Run{"sgd", 0.1}, Run{"sgd", 1.1}, Run{"momentum", 0.1}, Run{"adam", 0.1}}) {
    nn::Matrix<double> w(1, 1, 1.0), slope(1, 1);
    const auto optimizer = nn::make_optimizer<double>(run.optimizer);
    std::vector<std::string> cells = {run.optimizer, format_number(run.rate), "1"};
    for (int step = 0; step < 3; ++step) {
      slope(0, 0) = 2 * w(0, 0);
      optimizer->step({{"w", &w, &slope}}, run.rate);
      cells.push_back(format_number(w(0, 0), 4));
    }
    table.add(cells);
  }
  table.print();
}
