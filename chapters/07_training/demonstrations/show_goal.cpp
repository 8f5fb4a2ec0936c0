// The goal of the chapter's last exercise: with smaller batches, Adam is more accurate after the same four epochs, for every seed.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "07_training/experiments/small_run.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

int main(int argc, char** argv) {
  return nn::run_demonstration("07_training_goal", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    nn::Table table({"optimizer", "peak rate", "batch", "seed 1", "2", "3", "4", "5", "mean"});
    for (const std::size_t batch : {50, 20}) {
      nn::SmallRun run{.optimizer = "adam", .rate = 0.01, .batch_size = batch};
      std::vector<std::string> cells = {run.optimizer, nn::format_number(run.rate), std::to_string(batch)};
      double sum = 0;
      for (run.seed = 1; run.seed <= 5; ++run.seed) {
        const double accuracy = 100 * nn::small_run(mnist, run).accuracy;
        cells.push_back(nn::format_number(accuracy, 3) + "%");
        sum += accuracy;
      }
      cells.push_back(nn::format_number(sum / 5, 4) + "%");
      table.add(cells);
    }
    table.print();
  });
}
