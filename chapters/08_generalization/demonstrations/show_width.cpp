// More neurons or fewer, more images or fewer: what decides how well a network does on images it has not seen?
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "08_generalization/experiments/watched_training.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

void add_row(nn::Table& table, std::size_t hidden, std::size_t images, const nn::Mnist& mnist) {
  const auto [training, validation] = nn::split(mnist, images);
  nn::Recipe recipe = nn::small_data_recipe();
  recipe.hidden = {hidden}, recipe.epochs = 15;
  const nn::WatchedEpoch last = nn::watched_training(recipe, training, validation).back();
  const double parameters = static_cast<double>(784 * hidden + hidden + hidden * 10 + 10);
  table.add({std::to_string(images), std::to_string(hidden), format_number(parameters),
             format_number(100 * last.training.accuracy, 3) + "%",
             format_number(100 * last.validation.accuracy, 3) + "%"});
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("08_generalization_width", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    nn::Table table({"images", "hidden", "parameters", "training accuracy", "validation accuracy"});
    for (const std::size_t hidden : {4, 16, 64, 256}) add_row(table, hidden, nn::kFewImages, mnist);
    for (const std::size_t images : {250, 500, 2000, 4500}) add_row(table, 64, images, mnist);
    table.print();
  });
}
