// How far apart are runs that differ in nothing but chance, and is a larger network worse on images it has not seen?
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "10_mnist/evaluation.hpp"
#include "10_mnist/recipes.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

int main(int argc, char** argv) {
  return nn::run_demonstration("10_mnist_luck", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    const nn::LabeledImages own =
        nn::first_images(mnist.train, mnist.train.count - nn::validation_count(mnist.train.count));
    nn::Table table(
        {"hidden", "seed", "errors on its own", "errors on unseen", "accuracy", "standard error"});
    const auto add = [&](const std::string& name, const nn::Recipe& recipe) {
      nn::TrainingState state = nn::start_training(recipe, mnist.train.height * mnist.train.width);
      nn::train(state, own);
      const nn::Evaluation a = nn::evaluate(state.network, own), b = nn::evaluate(state.network, mnist.test);
      table.add({name, std::to_string(recipe.seed), std::to_string(a.count - a.right),
                 std::to_string(b.count - b.right), nn::format_number(100 * b.accuracy(), 4) + "%",
                 nn::format_number(100 * b.standard_error(), 2)});
    };
    nn::Recipe recipe = nn::recipe_named("classroom");
    recipe.epochs = 10;
    for (recipe.seed = 1; recipe.seed <= 5; ++recipe.seed) add("25, 15", recipe);
    recipe.seed = 1, recipe.hidden = {64};
    add("64", recipe);
    fmt::print("the recipe classroom, {} epochs on {} images, {} unseen ones:\n", recipe.epochs, own.count,
               mnist.test.count);
    table.print();
  });
}
