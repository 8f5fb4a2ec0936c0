// Dropout in networks of different widths: a small network has nothing to spare.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "08_generalization/experiments/watched_training.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

int main(int argc, char** argv) {
  return nn::run_demonstration("08_generalization_dropout", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    const auto [training, validation] = nn::split(mnist, nn::kFewImages);
    nn::Table table({"hidden", "dropout", "training loss", "accuracy", "validation loss", "accuracy"});
    for (const std::size_t hidden : {8, 32, 128}) {
      for (const double dropout : {0.0, 0.2, 0.5}) {
        nn::Recipe recipe = nn::small_data_recipe();
        recipe.hidden = {hidden}, recipe.dropout = dropout;
        const nn::WatchedEpoch last = nn::watched_training(recipe, training, validation).back();
        table.add({std::to_string(hidden), nn::format_number(dropout),
                   nn::format_number(last.training.loss, 3),
                   nn::format_number(100 * last.training.accuracy, 3) + "%",
                   nn::format_number(last.validation.loss, 3),
                   nn::format_number(100 * last.validation.accuracy, 3) + "%"});
      }
    }
    table.print();
  });
}
