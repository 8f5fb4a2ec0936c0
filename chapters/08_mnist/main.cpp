// A network that knows its own images almost by heart makes many more mistakes on images it has not seen.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "08_mnist/evaluation.hpp"
#include "08_mnist/training.hpp"
#include "common/demonstration.hpp"
#include "common/print.hpp"

namespace {

void add_row(nn::Table& table, const char* name, const nn::Evaluation& e) {
  table.add({name, std::to_string(e.count), std::to_string(e.count - e.right),
             nn::format_number(100 * e.accuracy(), 4) + "%", nn::format_number(100 * e.standard_error(), 2)});
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("08_mnist", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    nn::Recipe recipe = nn::recipe_named("classroom");
    recipe.epochs = 6;
    nn::TrainingState state =
        nn::start_training(recipe, mnist.train.images.height * mnist.train.images.width);
    nn::TrainingObserver observer;
    observer.after_epoch = [&](double mean_loss) {
      if (state.epoch % 2 == 1)
        fmt::print("epoch {:2}  loss {}\n", state.epoch + 1, nn::format_number(mean_loss, 3));
    };
    nn::train(state, mnist.train, observer);
    nn::Table table({"images", "count", "errors", "accuracy", "standard error"});
    add_row(table, "learned from", nn::evaluate(state.network, mnist.train));
    add_row(table, "not seen before", nn::evaluate(state.network, mnist.test));
    table.print();
  });
}
