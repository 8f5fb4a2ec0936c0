// How large a step is, over a whole training run.
#pragma once

#include <algorithm>
#include <cstddef>

namespace nn {

// From nearly 0 up to peak over the first warm_up steps, then down to nearly 0 at the end,
// both in a straight line.
struct Schedule {
  double peak = 0.01;
  std::size_t steps = 1;    // of the whole run
  std::size_t warm_up = 0;  // of these, on the way up

  // [show schedule]
  // The learning rate of a step, counted from 0; 0 for a step after the last one. No warm-up, or nothing but
  // warm-up, is fine.
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
