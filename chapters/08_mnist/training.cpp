#include "08_mnist/training.hpp"

#include <fmt/format.h>

#include "04_from_logits/cross_entropy.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/schedule.hpp"
#include "08_mnist/health.hpp"
#include "common/program.hpp"

namespace nn {

namespace {

// A run that goes on with other images than it began with would be neither the one nor the other.
void check_same_images(TrainingState& state, std::size_t count) {
  if (state.images == 0) state.images = count;
  if (state.images == count) return;
  throw Error(fmt::format("training: began with {} images, now there are {}; give it the same data",
                          state.images, count));
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

bool train(TrainingState& state, const LabelledImages& all, const TrainingObserver& observer) {
  const Recipe& recipe = state.recipe;
  check_same_images(state, all.images.count);
  check_learnable(all);
  MiniBatches batches(all.images.count, recipe.batch_size);
  const std::size_t steps = recipe.epochs * batches.per_epoch();
  const Schedule schedule{.peak = recipe.learning_rate,
                          .steps = steps,
                          .warm_up = static_cast<std::size_t>(recipe.warm_up * static_cast<double>(steps))};
  const auto parameters = state.network.parameters();
  Matrix<float> x;
  std::vector<std::uint8_t> labels;
  LossAndGradient<float> loss;

  for (; state.epoch < recipe.epochs; ++state.epoch) {
    Random random = state.random;
    batches.shuffle(random);
    while (state.batch < batches.per_epoch()) {
      const std::size_t step = state.epoch * batches.per_epoch() + state.batch;
      gather(all.images.pixels, all.images.height * all.images.width, all.labels, batches.batch(state.batch),
             x, labels);
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
      state.epoch_loss += static_cast<double>(loss.loss);
      ++state.batch;
      const double mean_loss = state.epoch_loss / static_cast<double>(state.batch);
      if (!observer.after_step({step + 1, steps, state.epoch, labels.size(), loss.loss, mean_loss}))
        return false;
    }
    observer.after_epoch(state.epoch_loss / static_cast<double>(batches.per_epoch()));
    state.random = random, state.batch = 0, state.epoch_loss = 0;
  }
  return true;
}

}  // namespace nn
