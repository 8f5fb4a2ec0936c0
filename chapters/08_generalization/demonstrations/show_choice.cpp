// The best of 20 runs, chosen by its accuracy on some images, and what it is worth on others.
#include <algorithm>
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "08_generalization/experiments/watched_training.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

int main(int argc, char** argv) {
  return nn::run_demonstration("08_generalization_choice", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    const nn::LabeledImages training = nn::first_images(mnist.train, nn::kFewImages);
    const nn::LabeledImages chosen_on = nn::first_images(mnist.test, 200);
    const nn::LabeledImages fresh = nn::last_images(mnist.test, mnist.test.count - 200);
    nn::Recipe recipe = nn::small_data_recipe();
    recipe.hidden = {16};
    struct Run {
      double chosen_on, fresh;
    };
    std::vector<Run> runs;
    Run mean{0, 0};
    for (recipe.seed = 1; recipe.seed <= 20; ++recipe.seed) {
      nn::TrainingState state = nn::start_training(recipe, training.height * training.width);
      nn::train(state, training, nn::RegularizedStep(state, training));
      runs.push_back({100 * nn::measure(state.network, chosen_on, recipe.input).accuracy,
                      100 * nn::measure(state.network, fresh, recipe.input).accuracy});
      mean.chosen_on += runs.back().chosen_on / 20, mean.fresh += runs.back().fresh / 20;
    }
    const Run best = *std::max_element(runs.begin(), runs.end(),
                                       [](const Run& a, const Run& b) { return a.chosen_on < b.chosen_on; });
    nn::Table table({"784-16-10, 20 seeds", fmt::format("accuracy on {} images", chosen_on.count),
                     fmt::format("on {} others", fresh.count)});
    table.add(
        {"mean of all", nn::format_number(mean.chosen_on, 3) + "%", nn::format_number(mean.fresh, 3) + "%"});
    table.add({"the best on the first", nn::format_number(best.chosen_on, 3) + "%",
               nn::format_number(best.fresh, 3) + "%"});
    table.print();
  });
}
