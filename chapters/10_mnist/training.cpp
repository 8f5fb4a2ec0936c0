#include "10_mnist/training.hpp"

#include <fmt/format.h>

#include "04_from_logits/cross_entropy.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/schedule.hpp"
#include "10_mnist/health.hpp"
#include "10_mnist/standardise.hpp"
#include "common/error.hpp"

namespace nn {

namespace {

// There must be something to learn; and a run that goes on with other images than it began with would be neither the one
// nor the other.
void check_images(TrainingState& state, const LabelledImages& all) {
  check_learnable(all);
  const std::size_t count = all.images.count;
  if (state.images == 0) state.images = count;
  if (state.images == count) return;
  throw Error(fmt::format("training: began with {} images, now there are {}; give it the same data",
                          state.images, count));
}

std::size_t width_of(const LabelledImages& all) { return all.images.height * all.images.width; }

Schedule schedule_of(const Recipe& recipe, std::size_t steps) {
  return {.peak = recipe.learning_rate,
          .steps = steps,
          .warm_up = static_cast<std::size_t>(recipe.warm_up * static_cast<double>(steps))};
}

// The step is done: the report with the mean loss of its epoch so far.
StepReport count_step(TrainingState& state, StepReport report) {
  state.epoch_loss += static_cast<double>(report.loss);
  ++state.batch;
  report.epoch_loss = state.epoch_loss / static_cast<double>(state.batch);
  return report;
}

// The order of the images in this epoch; returns the random numbers behind it.
Random begin_epoch(TrainingState& state, MiniBatches& batches) {
  Random random = state.random;
  batches.shuffle(random);
  const bool learned_before = state.epoch > 0 && state.batch == 0;
  if (state.recipe.standardise && learned_before) give_back_standardisation(state.network);
  return random;
}

// Returns the epoch's mean loss.
double end_epoch(TrainingState& state, const Random& random) {
  if (state.recipe.standardise) take_in_standardisation(state.network);
  const double mean_loss = state.epoch_loss / static_cast<double>(state.batch);
  state.random = random, state.batch = 0, state.epoch_loss = 0;
  return mean_loss;
}

}  // namespace

TrainingState start_training(const Recipe& recipe, std::size_t in) {
  std::vector<std::size_t> widths = {in};
  widths.insert(widths.end(), recipe.hidden.begin(), recipe.hidden.end());
  widths.push_back(kClasses);
  TrainingState state{.recipe = recipe,
                      .network = make_network<float>(widths),
                      .optimizer = make_optimizer<float>(recipe.optimizer),
                      .random = Random(recipe.seed)};
  initialise(state.network, recipe.initialisation, state.random);
  return state;
}

bool train(TrainingState& state, const LabelledImages& all, const TrainingObserver& observer,
           const TrainingStep& take_step) {
  const Recipe& recipe = state.recipe;
  check_images(state, all);
  MiniBatches batches(all.images.count, recipe.batch_size);
  const std::size_t steps = recipe.epochs * batches.per_epoch();
  const Schedule schedule = schedule_of(recipe, steps);
  const auto parameters = state.network.parameters();
  Matrix<float> x;
  std::vector<std::uint8_t> labels;
  LossAndGradient<float> loss;

  for (; state.epoch < recipe.epochs; ++state.epoch) {
    const Random random = begin_epoch(state, batches);
    while (state.batch < batches.per_epoch()) {
      const std::size_t step = state.epoch * batches.per_epoch() + state.batch;
      const auto chosen = batches.batch(state.batch);
      if (take_step) {
        loss.loss = take_step(chosen, step + 1, static_cast<float>(schedule.at(step)));
      } else {
        gather(all.images.pixels, width_of(all), all.labels, chosen, x, labels);
        if (recipe.standardise) apply(standardised, x, x);
        // [show train]
        // [write train]
        cross_entropy_with_gradient(state.network.forward(x), labels, loss);
        // [/write]
        check_finite(loss.loss, step + 1, state, x);
        // [write train]
        state.network.backward(loss.grad_logits);
        state.optimizer->step(parameters, static_cast<float>(schedule.at(step)));
        // [/write]
        // [/show]
      }
      const StepReport done = {step + 1, steps, state.epoch, chosen.size(), loss.loss, 0};
      if (!observer.after_step(count_step(state, done))) return false;
    }
    observer.after_epoch(end_epoch(state, random));
  }
  return true;
}

}  // namespace nn
