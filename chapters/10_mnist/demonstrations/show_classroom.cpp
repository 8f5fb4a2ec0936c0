// Learned by heart: the classroom network on its own images and on those that it has not seen, early and late.
#include <fmt/format.h>

#include "06_simd_matmul/products.hpp"
#include "07_training/plain_step.hpp"
#include "10_mnist/evaluation.hpp"
#include "10_mnist/recipes.hpp"
#include "common/terminal/demonstration.hpp"
#include "common/terminal/print.hpp"

namespace {

using nn::format_number;

// Rows: the true digit; columns: the answer. Nothing is a dot.
void print_confusion(const nn::Matrix<double>& confusion) {
  std::vector<std::string> headings = {"true \\ answer"};
  for (std::size_t c = 0; c < confusion.cols(); ++c) headings.push_back(std::to_string(c));
  nn::Table table(headings);
  for (std::size_t r = 0; r < confusion.rows(); ++r) {
    std::vector<std::string> row = {std::to_string(r)};
    for (const double count : confusion.row(r)) row.push_back(count == 0 ? "." : format_number(count));
    table.add(row);
  }
  table.print();
}

}  // namespace

// As  digits train --recipe classroom: the last tenth of the images is kept back for choices.
int main(int argc, char** argv) {
  return nn::run_demonstration("10_mnist_classroom", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    const std::size_t kept_back = nn::validation_count(mnist.train.count);
    const nn::LabeledImages own = nn::first_images(mnist.train, mnist.train.count - kept_back);
    const nn::LabeledImages validation = nn::last_images(mnist.train, kept_back);
    nn::Table table({"epochs", "images", "count", "errors", "accuracy", "loss"});
    nn::Evaluation last;
    for (const std::size_t epochs : {5, 40}) {
      nn::Recipe recipe = nn::recipe_named("classroom");
      recipe.epochs = epochs;
      nn::TrainingState state = nn::start_training(recipe, mnist.train.height * mnist.train.width);
      nn::train(state, own);
      const auto add = [&](const char* name, const nn::LabeledImages& images) {
        last = nn::evaluate(state.network, images);
        table.add({std::to_string(epochs), name, std::to_string(last.count),
                   std::to_string(last.count - last.right), format_number(100 * last.accuracy(), 4) + "%",
                   format_number(last.loss, 2)});
      };
      add("its own", own);
      add("validation", validation);
      add("unseen", mnist.test);
    }
    table.print();
    fmt::print("\nAfter 40 epochs, the unseen images:\n");
    print_confusion(last.confusion);
  });
}
