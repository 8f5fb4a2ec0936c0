#include "07_training/training.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "07_training/mini_batches.hpp"
#include "07_training/schedule.hpp"
#include "common/error.hpp"
#include "common/finite.hpp"
#include "common/terminal/print.hpp"

namespace nn {

namespace {

// Continuing a run with other images would mix two different runs.
void check_images(TrainingState& state, const LabeledImages& images) {
  const std::size_t count = images.count;
  if (count == 0) throw Error("training: there are no images to learn from");
  if (state.images == 0) state.images = count;
  if (state.images == count) return;
  throw Error(fmt::format("training: began with {} images, now there are {}; give it the same data",
                          state.images, count));
}

Schedule schedule_of(const Recipe& recipe, std::size_t steps) {
  return {.peak = recipe.learning_rate,
          .steps = steps,
          .warm_up = static_cast<std::size_t>(recipe.warm_up * static_cast<double>(steps))};
}

bool all_finite(const Matrix<float>& m) {
  return std::all_of(m.values().begin(), m.values().end(), [](float v) { return is_finite(v); });
}

// In the order of a forward pass: a parameter that is not finite, otherwise the output of a layer.
std::string first_not_finite(Network<float>& network, const Matrix<float>& x) {
  for (const auto& p : network.parameters()) {
    if (!all_finite(*p.value)) return "the parameter " + p.name;
  }
  const Matrix<float>* values = &x;
  for (std::size_t i = 0; i < network.size(); ++i) {
    values = &network.layer(i).forward(*values);
    if (!all_finite(*values)) return fmt::format("the output of layer {}", i);
  }
  return "the loss itself";
}

// The step has changed nothing, so the failed forward pass can be repeated and inspected.
void check_finite(float loss, std::size_t step, TrainingState& state, const LabeledImages& images,
                  std::span<const std::size_t> batch) {
  if (is_finite(loss)) return;
  Matrix<float> x;
  std::vector<std::uint8_t> labels;
  gather(images, batch, state.recipe.input, x, labels);
  throw Error(fmt::format(
      "training: the loss is {} at step {}; the first tensor that is not finite is {}; the usual cause is a "
      "learning rate that is too high: it is {}, try a tenth of it",
      format_number(static_cast<double>(loss)), step, first_not_finite(state.network, x),
      format_number(state.recipe.learning_rate)));
}

// False if one of the observers wants to stop; all of them see the step.
bool tell(const std::vector<TrainingObserver>& observers, const StepReport& report) {
  bool go_on = true;
  for (const TrainingObserver& observer : observers)
    if (observer.after_step && !observer.after_step(report)) go_on = false;
  return go_on;
}

}  // namespace

TrainingState start_training(const Recipe& recipe, Network<float> network) {
  return {.recipe = recipe,
          .network = std::move(network),
          .optimizer = make_optimizer<float>(recipe.optimizer),
          .random = Random(recipe.seed)};
}

TrainingState start_training(const Recipe& recipe, std::size_t in) {
  std::vector<std::size_t> widths = {in};
  widths.insert(widths.end(), recipe.hidden.begin(), recipe.hidden.end());
  widths.push_back(kClasses);
  TrainingState state = start_training(recipe, make_network<float>(widths));
  initialize(state.network, recipe.initialization, state.random);
  return state;
}

// [show train]
bool train(TrainingState& state, const LabeledImages& images, const Step& step,
           const std::vector<TrainingObserver>& observers) {
  check_images(state, images);
  MiniBatches batches(images.count, state.recipe.batch_size);
  const std::size_t steps = state.recipe.epochs * batches.per_epoch();
  const Schedule schedule = schedule_of(state.recipe, steps);
  while (state.epoch < state.recipe.epochs) {
    Random random = state.random;
    batches.shuffle(random);
    while (state.batch < batches.per_epoch()) {
      const auto batch = batches.batch(state.batch);
      const std::size_t done = state.epoch * batches.per_epoch() + state.batch;
      const float loss = step(batch, done + 1, static_cast<float>(schedule.at(done)));
      check_finite(loss, done + 1, state, images, batch);
      state.epoch_loss += static_cast<double>(loss);
      ++state.batch;
      const double mean_loss = state.epoch_loss / static_cast<double>(state.batch);
      if (!tell(observers, {done + 1, steps, state.epoch, batch.size(), loss, mean_loss})) return false;
    }
    const double mean_loss = state.epoch_loss / static_cast<double>(state.batch);
    ++state.epoch, state.batch = 0, state.epoch_loss = 0, state.random = random;
    for (const TrainingObserver& observer : observers)
      if (observer.after_epoch) observer.after_epoch(mean_loss);
  }
  return true;
}
// [/show]

}  // namespace nn
