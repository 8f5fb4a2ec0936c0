// The same network with the same initialization: the optimizer and the learning rate decide how fast it learns.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "07_training/experiments/small_run.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

int main(int argc, char** argv) {
  return nn::run_demonstration("07_training", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    nn::Table table({"optimizer", "peak rate", "loss 1", "loss 2", "loss 3", "loss 4", "accuracy", "active"});
    for (const nn::SmallRun& run : {nn::SmallRun{"sgd", 0.1}, nn::SmallRun{"momentum", 0.1},
                                    nn::SmallRun{"adam", 0.01}, nn::SmallRun{"sgd", 5}}) {
      const nn::SmallResult result = nn::small_run(mnist, run);
      std::vector<std::string> cells = {run.optimizer, nn::format_number(run.rate)};
      for (const double loss : result.losses) cells.push_back(nn::format_number(loss, 3));
      cells.push_back(nn::format_number(100 * result.accuracy, 3) + "%");
      cells.push_back(std::to_string(result.active));
      table.add(cells);
    }
    fmt::print(
        "784-16-10, 2,000 images, batches of 50: mean loss of each epoch, test accuracy, and the number\n"
        "of hidden neurons that are active for at least one test image\n");
    table.print();
  });
}
