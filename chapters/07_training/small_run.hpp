// A small training run, to compare ways of training: what differs is in SmallRun, everything else is the same.
#pragma once

#include <string>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "07_training/initialise.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/optimizer.hpp"
#include "07_training/schedule.hpp"
#include "common/data/mnist.hpp"

namespace nn {

struct SmallRun {
  std::string optimizer = "sgd";
  double rate = 0.1;            // the highest of its schedule
  std::size_t batch_size = 50;  // of 2,000 images
  double warm_up = 0.5;         // of an epoch
  bool initialised = true;      // or all parameters start at 0
  std::uint64_t seed = 1;
};

struct SmallResult {
  std::vector<double> losses;  // the mean of each epoch
  double accuracy = 0;         // on the test images
  std::size_t alive = 0;       // hidden neurons that fire for at least one of them
};

// How many neurons of the hidden layer fire for at least one example.  x: batch x in.
inline std::size_t alive(Network<float>& network, const Matrix<float>& x) {
  const Matrix<float>& hidden = network.layer(1).forward(network.layer(0).forward(x));
  std::size_t count = 0;
  for (std::size_t j = 0; j < hidden.cols(); ++j) {
    bool fires = false;
    for (std::size_t i = 0; i < hidden.rows(); ++i) fires = fires || hidden(i, j) > 0;
    count += fires;
  }
  return count;
}

// Trains 784-16-10 on the first 2,000 images for four epochs.
inline SmallResult small_run(const Mnist& mnist, const SmallRun& run) {
  constexpr std::size_t kEpochs = 4;
  const std::size_t width = mnist.train.images.height * mnist.train.images.width;
  auto network = make_network<float>({width, 16, kClasses});
  Random random(run.seed);
  if (run.initialised) initialise(network, Initialisation::kHe, random);
  const auto optimizer = make_optimizer<float>(run.optimizer);
  MiniBatches batches(std::min<std::size_t>(mnist.train.images.count, 2000), run.batch_size);
  const auto per_epoch = static_cast<double>(batches.per_epoch());
  const Schedule schedule{.peak = run.rate,
                          .steps = kEpochs * batches.per_epoch(),
                          .warm_up = static_cast<std::size_t>(run.warm_up * per_epoch)};
  SmallResult result;
  Matrix<float> x;
  std::vector<std::uint8_t> labels;
  for (std::size_t epoch = 0, step = 0; epoch < kEpochs; ++epoch) {
    batches.shuffle(random);
    double loss = 0;
    for (std::size_t b = 0; b < batches.per_epoch(); ++b, ++step) {
      gather(mnist.train.images.pixels, width, mnist.train.labels, batches.batch(b), x, labels);
      const auto [batch_loss, grad] = cross_entropy_with_gradient(network.forward(x), labels);
      network.backward(grad);
      optimizer->step(network.parameters(), static_cast<float>(schedule.at(step)));
      loss += static_cast<double>(batch_loss);
    }
    result.losses.push_back(loss / per_epoch);
  }
  const auto test = pixels_as_rows<float>(mnist.test.images.pixels, width);
  result.accuracy = accuracy(argmax_rows(network.forward(test).values), mnist.test.labels);
  result.alive = alive(network, test);
  return result;
}

}  // namespace nn
