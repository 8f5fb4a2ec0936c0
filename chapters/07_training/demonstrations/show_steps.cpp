// Three steps of each optimizer down the same curve, and of a learning rate that is too high.
#include <cmath>
#include <fmt/format.h>

#include "07_training/optimizer.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

struct Run {
  const char* optimizer;
  double rate;
};

// w at the start and after each step. The loss is w^2, its derivative 2 w; w starts at 1.
std::vector<double> walk(const Run& run, int steps) {
  nn::Matrix<double> w(1, 1, 1.0), derivative(1, 1);
  const auto optimizer = nn::make_optimizer<double>(run.optimizer);
  std::vector<double> places = {w(0, 0)};
  for (int step = 0; step < steps; ++step) {
    derivative(0, 0) = 2 * w(0, 0);
    optimizer->step({{"w", &w, &derivative}}, run.rate);
    places.push_back(w(0, 0));
  }
  return places;
}

// The steps on a line: | is the minimum, the digits are the numbers of the steps.
std::string on_a_line(const std::vector<double>& places) {
  const auto column = [](double w) { return static_cast<std::size_t>(std::lround(20 * (w + 1.8))); };
  std::string line(column(1.6), ' ');
  line[column(0)] = '|';
  for (std::size_t step = 0; step < places.size(); ++step)
    line[column(places[step])] = static_cast<char>('0' + step);
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("07_training_steps", argc, argv, [] {
    const Run runs[] = {{"sgd", 0.1}, {"sgd", 1.1}, {"momentum", 0.1}, {"adam", 0.1}};
    nn::Table table({"loss w^2", "rate", "start", "step 1", "step 2", "step 3"});
    for (const Run& run : runs) {
      std::vector<std::string> cells = {run.optimizer, format_number(run.rate)};
      for (const double w : walk(run, 3)) cells.push_back(format_number(w, 4));
      table.add(cells);
    }
    table.print();
    fmt::print("\nthe same steps on a line from w = -1.8 to 1.6; | is the minimum\n");
    for (const Run& run : runs)
      fmt::print("  {:9}{:>4}  {}\n", run.optimizer, format_number(run.rate), on_a_line(walk(run, 3)));
  });
}
