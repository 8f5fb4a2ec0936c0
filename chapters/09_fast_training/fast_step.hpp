// The training step once more, in few passes over memory and on all threads.
#pragma once

#include "07_training/training.hpp"

namespace nn {

// What a step may leave out. All of it: the fast step. The rest is for measuring what each part is worth.
struct Savings {
  bool zeros_forward = true;
  bool zeros_backward = true;
  bool separate_update = true;  // the weights are updated while their gradient is still in the cache
};

// A Step that computes what PlainStep computes, to the last bit: the same sums in the same order, whoever adds them up.
// A layer's bias and ReLU are one pass, the exponentials are taken once for loss and gradient, and everything that goes
// number by number is distributed among the threads. The products are matmul's. After its first step it allocates
// nothing, but for a thread that does the part of another for the first time. Throws Error at once for a network that
// is none of make_network and without an optimizer. state and images must outlive the step.
Step fast_step(TrainingState& state, const LabeledImages& images, const Savings& savings = {});

}  // namespace nn
