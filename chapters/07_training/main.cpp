// The same network from the same start: how fast it learns depends on how the gradients are used.
#include <fmt/format.h>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "06_simd_matmul/products.hpp"
#include "07_training/initialise.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/optimizer.hpp"
#include "07_training/schedule.hpp"
#include "common/demonstration.hpp"
#include "common/print.hpp"

namespace {

using nn::format_number;

struct Run {
  const char* optimizer;
  double rate;  // the highest of its schedule
};

// How many neurons of the hidden layer fire for at least one example.  x: batch x in.
std::size_t alive(nn::Network<float>& network, const nn::Matrix<float>& x) {
  const nn::Matrix<float>& hidden = network.layer(1).forward(network.layer(0).forward(x));
  std::size_t count = 0;
  for (std::size_t j = 0; j < hidden.cols(); ++j) {
    bool fires = false;
    for (std::size_t i = 0; i < hidden.rows(); ++i) fires = fires || hidden(i, j) > 0;
    count += fires;
  }
  return count;
}

// A row of the table: mean loss of each epoch, share of right answers on the test images, live neurons.
std::vector<std::string> train(const nn::Mnist& mnist, const Run& run, std::size_t epochs) {
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  auto network = nn::make_network<float>({width, 16, nn::kClasses});
  nn::Random random(1);
  nn::initialise(network, nn::Initialisation::kHe, random);
  const auto optimizer = nn::make_optimizer<float>(run.optimizer);
  const auto parameters = network.parameters();
  nn::MiniBatches batches(std::min<std::size_t>(mnist.train.images.count, 2000), 50);
  const nn::Schedule schedule{
      .peak = run.rate, .steps = epochs * batches.per_epoch(), .warm_up = batches.per_epoch() / 2};

  std::vector<std::string> cells = {run.optimizer, format_number(run.rate)};
  nn::Matrix<float> x;
  std::vector<std::uint8_t> labels;
  std::size_t step = 0;
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    batches.shuffle(random);
    double loss = 0;
    for (std::size_t b = 0; b < batches.per_epoch(); ++b, ++step) {
      nn::gather(mnist.train.images.pixels, width, mnist.train.labels, batches.batch(b), x, labels);
      const auto [batch_loss, grad] = nn::cross_entropy_with_gradient(network.forward(x), labels);
      network.backward(grad);
      optimizer->step(parameters, static_cast<float>(schedule.at(step)));
      loss += static_cast<double>(batch_loss);
    }
    cells.push_back(format_number(loss / static_cast<double>(batches.per_epoch()), 3));
  }
  const auto test = nn::pixels_as_rows<float>(mnist.test.images.pixels, width);
  const double right = nn::accuracy(nn::argmax_rows(network.forward(test).values), mnist.test.labels);
  cells.push_back(format_number(100 * right, 3) + "%");
  cells.push_back(std::to_string(alive(network, test)));
  return cells;
}

}  // namespace

int main(int argc, char** argv) {
  return nn::run_demonstration("07_training", argc, argv, [](const nn::Mnist& mnist) {
    const nn::UseProduct<float> use(nn::fastest_product<float>().product);
    nn::Table table({"optimizer", "peak rate", "loss 1", "loss 2", "loss 3", "loss 4", "right", "alive"});
    for (const Run& run : {Run{"sgd", 0.1}, Run{"momentum", 0.1}, Run{"adam", 0.01}, Run{"sgd", 5}})
      table.add(train(mnist, run, 4));
    fmt::print(
        "784-16-10, 2,000 images, batches of 50: mean loss of each epoch, right test images,\n"
        "hidden neurons that still fire\n");
    table.print();
  });
}
