// The exponential moving average of the weights: a smoother network than that of any single step.
#pragma once

#include <algorithm>

#include "07_training/training.hpp"

namespace nn {

// After every step  average = d * average + (1 - d) * w,  with d = recipe.ema; at first less, so that the initial weights
// are forgotten. The average is part of the state, and so of a checkpoint.
inline TrainingObserver average_weights(TrainingState& state) {
  return {.after_step =
              [&state](const StepReport& report) {
                const auto parameters = state.network.parameters();
                if (state.average.empty()) {
                  for (const Parameter<float>& p : parameters) state.average.push_back(*p.value);
                }
                const double t = static_cast<double>(report.step);
                const auto d = static_cast<float>(std::min(state.recipe.ema, t / (t + 9)));
                for (std::size_t k = 0; k < parameters.size(); ++k) {
                  const auto average = state.average[k].values();
                  const auto w = parameters[k].value->values();
                  for (std::size_t i = 0; i < w.size(); ++i) average[i] = d * average[i] + (1 - d) * w[i];
                }
                return true;
              },
          .after_epoch = {}};
}

// Exchanges the weights of the network and their average; without an average nothing happens.
inline void swap_average(TrainingState& state) {
  const auto parameters = state.network.parameters();
  for (std::size_t k = 0; k < state.average.size(); ++k) parameters[k].value->swap(state.average[k]);
}

}  // namespace nn
