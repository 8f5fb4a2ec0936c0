// A small training run, to compare ways of training: what differs is in SmallRun, everything else is the same.
#pragma once

#include <string>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "07_training/plain_step.hpp"

namespace nn {

struct SmallRun {
  std::string optimizer = "sgd";
  double rate = 0.1;            // the highest of its schedule
  std::size_t batch_size = 50;  // of 2,000 images
  double warm_up = 0.125;       // the share of all steps
  bool initialized = true;      // or all parameters start at 0
  std::uint64_t seed = 1;
};

struct SmallResult {
  std::vector<double> losses;  // the mean of each epoch
  double accuracy = 0;         // on the test images
  std::size_t active = 0;      // hidden neurons that are active for at least one of them
};

// How many neurons of the hidden layer are active for at least one example.  x: batch x in.
inline std::size_t active_neurons(Network<float>& network, const Matrix<float>& x) {
  const Matrix<float>& hidden = network.layer(1).forward(network.layer(0).forward(x));
  std::size_t count = 0;
  for (std::size_t j = 0; j < hidden.cols(); ++j) {
    bool active = false;
    for (std::size_t i = 0; i < hidden.rows(); ++i) active = active || hidden(i, j) > 0;
    count += active;
  }
  return count;
}

// The first 2,000 training images, or all if there are fewer.
inline LabeledImages few_images(const Mnist& mnist) {
  return first_images(mnist.train, std::min<std::size_t>(mnist.train.count, 2000));
}

// Trains 784-16-10 on these for four epochs.
inline SmallResult small_run(const Mnist& mnist, const SmallRun& run) {
  const std::size_t width = mnist.train.height * mnist.train.width;
  TrainingState state = start_training({.hidden = {16},
                                        .epochs = 4,
                                        .batch_size = run.batch_size,
                                        .optimizer = run.optimizer,
                                        .learning_rate = run.rate,
                                        .warm_up = run.warm_up,
                                        .seed = run.seed},
                                       width);
  if (!run.initialized) {
    for (const auto& p : state.network.parameters()) p.value->fill(0);
  }
  SmallResult result;
  train(state, few_images(mnist), {{.after_epoch = [&](double loss) { result.losses.push_back(loss); }}});
  const auto test = pixels_as_rows<float>(mnist.test.pixels, width);
  result.accuracy = accuracy(argmax_rows(state.network.forward(test).values), mnist.test.labels);
  result.active = active_neurons(state.network, test);
  return result;
}

}  // namespace nn
