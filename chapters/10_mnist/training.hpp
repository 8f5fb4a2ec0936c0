// The training run: everything from the earlier chapters at work.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "05_backprop/network.hpp"
#include "07_training/optimizer.hpp"
#include "10_mnist/recipe.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// All that the next step depends on: what a checkpoint holds.
struct TrainingState {
  Recipe recipe;
  Network<float> network;
  std::unique_ptr<Optimizer<float>> optimizer;
  Random random;           // as it was before the images of this epoch were shuffled
  std::size_t epoch = 0;   // whole epochs done
  std::size_t batch = 0;   // batches of this epoch done
  double epoch_loss = 0;   // sum of their losses
  std::size_t images = 0;  // it trains on; 0 before the first step
};

// A network of the recipe's widths between in inputs and ten logits, initialised with the recipe's seed.
TrainingState start_training(const Recipe& recipe, std::size_t in);

struct StepReport {
  std::size_t step, steps;  // done, of the whole run
  std::size_t epoch;        // the one it belongs to, from 0
  std::size_t examples;     // in this batch
  float loss;               // of this batch, before the step
  double epoch_loss;        // mean over the epoch's batches so far
};

// after_step is asked whether to go on; after_epoch gets the mean training loss of the epoch that ended.
struct TrainingObserver {
  std::function<bool(const StepReport&)> after_step = [](const StepReport&) { return true; };
  std::function<void(double mean_loss)> after_epoch = [](double) {};
};

// Another way to take a step on the chosen images, which gives the same numbers: returns the loss before it.
// step: from 1.
using TrainingStep =
    std::function<float(std::span<const std::size_t> chosen, std::size_t step, float learning_rate)>;

// Trains from where state stands to the recipe's last epoch; true if it got there, false if the observer
// ended it. Throws Error for images there is nothing to learn from or that are not as many as it began with, and at
// the step whose loss is not finite, before that step changes anything (health.hpp).
// take_step: instead of the plain lines that the text explains.
bool train(TrainingState& state, const LabelledImages& images, const TrainingObserver& observer,
           const TrainingStep& take_step = {});

}  // namespace nn
