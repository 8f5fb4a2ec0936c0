// Batch size, warm-up and initialization: what each does to the same small training run, compared with other seeds.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "07_training/experiments/small_run.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

struct Variation {
  const char* what;
  nn::SmallRun run;
};

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("07_training_variations", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    const Variation variations[] = {
        {"as it is", {}},
        {"all images in one batch", {.batch_size = 2000}},
        {"batches of 10", {.batch_size = 10}},
        {"batches of 10", {.optimizer = "momentum", .batch_size = 10}},
        {"no warm-up", {.warm_up = 0}},
        {"a higher rate", {.rate = 0.5}},
        {"as it is", {.optimizer = "adam", .rate = 0.01}},
        {"no warm-up", {.optimizer = "adam", .rate = 0.01, .warm_up = 0}},
        {"another seed", {.optimizer = "adam", .rate = 0.01, .seed = 2}},
        {"another seed", {.optimizer = "adam", .rate = 0.01, .seed = 3}},
        {"all start at 0", {.initialized = false}},
        {"all start at 0", {.optimizer = "adam", .rate = 0.01, .initialized = false}},
    };
    nn::Table table({"what is different", "optimizer", "peak rate", "loss 4", "accuracy"});
    for (const auto& [what, run] : variations) {
      const nn::SmallResult result = nn::small_run(mnist, run);
      table.add({what, run.optimizer, nn::format_number(run.rate), nn::format_number(result.losses.back(), 3),
                 nn::format_number(100 * result.accuracy, 3) + "%"});
    }
    table.print();
  });
}
