// The learning-rate schedule: how the learning rate changes from step to step.
#pragma once

#include <algorithm>
#include <cstddef>

namespace nn {

// Linear warm-up from nearly 0 to peak in the first warm_up steps, then linear decay to nearly 0 at the end.
struct Schedule {
  double peak = 0.01;
  std::size_t steps = 1;    // of the whole run
  std::size_t warm_up = 0;  // of these, the warm-up

  // [show schedule]
  // The learning rate of a step, counted from 0; 0 after the last step. warm_up may be 0 or all
  // steps.
  double at(std::size_t step) const {
    // [write Schedule::at]
    const auto share = [](std::size_t part, std::size_t whole) {
      return static_cast<double>(part) / static_cast<double>(whole);
    };
    if (step < warm_up) return peak * share(step + 1, warm_up);
    if (step >= steps) return 0;
    return peak * share(steps - step, steps - warm_up);
    // [/write]
  }
  // [/show]
};

}  // namespace nn
