// Training longer makes the loss on the training images smaller and, from some epoch on, that on other images larger.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "08_generalization/experiments/watched_training.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

std::string percent(double share) { return format_number(100 * share, 3) + "%"; }

void print_epochs(const std::vector<nn::WatchedEpoch>& epochs) {
  nn::Table table({"epoch", "training loss", "accuracy", "validation loss", "accuracy"});
  for (const std::size_t epoch : {1, 2, 3, 5, 10, 20, 40}) {
    const auto& [training, validation] = epochs.at(epoch - 1);
    table.add({std::to_string(epoch), format_number(training.loss, 3), percent(training.accuracy),
               format_number(validation.loss, 3), percent(validation.accuracy)});
  }
  table.print();
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("08_generalization", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    const auto [training, validation] = nn::split(mnist, nn::kFewImages);
    nn::Recipe recipe = nn::small_data_recipe();
    recipe.epochs = 40;
    fmt::print("784-128-10, {} training images, {} validation images\n", training.count, validation.count);
    print_epochs(nn::watched_training(recipe, training, validation));
    fmt::print("\nThe same images with random labels\n");
    print_epochs(nn::watched_training(recipe, nn::with_random_labels(training, 1), validation));
  });
}
