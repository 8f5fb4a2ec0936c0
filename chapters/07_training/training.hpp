// The training loop: epochs, mini-batches, a learning rate for every step. The course has no other. A
// single step is in plain_step.hpp. Code that displays, records or saves a run is an observer of the loop.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "07_training/optimizer.hpp"
#include "07_training/recipe.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// All that the next step depends on: what a checkpoint holds.
struct TrainingState {
  Recipe recipe;
  Network<float> network;  // for pixels transformed by recipe.input
  std::unique_ptr<Optimizer<float>> optimizer;
  Random random;           // as it was before the images of this epoch were shuffled
  std::size_t epoch = 0;   // complete epochs done
  std::size_t batch = 0;   // batches of this epoch done
  double epoch_loss = 0;   // sum of their losses
  std::size_t images = 0;  // in the training set; 0 before the first step
  std::vector<Matrix<float>> average =
      {};  // of the parameters, if recipe.ema asks for it and a step was made
};

// The recipe's optimizer and a network of its widths between in inputs and ten logits, initialized with its seed.
TrainingState start_training(const Recipe& recipe, std::size_t in);
// The same with your own, initialized network; the recipe's widths are ignored.
TrainingState start_training(const Recipe& recipe, Network<float> network);

// One training step: forward, loss, backward, update. batch: which images; step: from 1. Returns the batch's mean loss
// before the update; if it is not finite, the step has changed nothing.
using Step = std::function<float(std::span<const std::size_t> batch, std::size_t step, float learning_rate)>;

struct StepReport {
  std::size_t step, steps;  // done, of the whole run
  std::size_t epoch;        // the one it belongs to, from 0
  std::size_t examples;     // in this batch
  float loss;               // of this batch, before the update
  double epoch_loss;        // mean over the epoch's batches so far
};

// Each may be empty. after_step says whether to go on; after_epoch gets the epoch's mean training loss.
struct TrainingObserver {
  std::function<bool(const StepReport&)> after_step = {};
  std::function<void(double mean_loss)> after_epoch = {};
};

// Continues from `state` to the recipe's last epoch. Returns true at the end, false if an observer ended the run (the
// other observers have seen that step, too). Throws Error if the set of images is empty or not as large as the one that
// the run began with, and at a step whose loss is not finite; the message names the first tensor that is not.
bool train(TrainingState& state, const LabeledImages& images, const Step& step,
           const std::vector<TrainingObserver>& observers = {});

}  // namespace nn
