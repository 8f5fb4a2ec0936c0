// What helps against overfitting: the same network and the same images, with one remedy at a time.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "08_generalization/experiments/watched_training.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

struct Rung {
  const char* name;
  void (*change)(nn::Recipe&);
};

constexpr Rung kRungs[] = {
    {"nothing", [](nn::Recipe&) {}},
    {"weight decay 1", [](nn::Recipe& r) { r.weight_decay = 1; }},
    {"label smoothing 0.1", [](nn::Recipe& r) { r.label_smoothing = 0.1; }},
    {"dropout 0.5", [](nn::Recipe& r) { r.dropout = 0.5; }},
    {"shifted images", [](nn::Recipe& r) { r.augment = "shift"; }},
    {"affine maps", [](nn::Recipe& r) { r.augment = "affine"; }},
    {"elastic deformations", [](nn::Recipe& r) { r.augment = "elastic"; }},
};

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("08_generalization_ladder", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    const auto [training, validation] = nn::split(mnist, nn::kFewImages);
    nn::Table table({"remedy", "training loss", "accuracy", "validation loss", "accuracy"});
    for (const Rung& rung : kRungs) {
      nn::Recipe recipe = nn::small_data_recipe();
      rung.change(recipe);
      const nn::WatchedEpoch last = nn::watched_training(recipe, training, validation).back();
      table.add({rung.name, format_number(last.training.loss, 3),
                 format_number(100 * last.training.accuracy, 3) + "%", format_number(last.validation.loss, 3),
                 format_number(100 * last.validation.accuracy, 3) + "%"});
    }
    fmt::print("784-128-10, {} training images, {} epochs\n", training.count, nn::small_data_recipe().epochs);
    table.print();
  });
}
