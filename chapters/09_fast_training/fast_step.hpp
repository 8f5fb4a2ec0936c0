// The training step once more, in few passes over memory and on all threads.
#pragma once

#include "07_training/training.hpp"
#include "09_fast_training/ranks/ranks.hpp"

namespace nn {

struct FastStepOptions {
  // Whether zeros are skipped. Off only to measure what that is worth.
  bool skip_zeros_forward = true, skip_zeros_backward = true;
  // The pixels may be others in every step (augmentation); those of a batch are the first images then.
  bool images_change = false;
};

// A Step that computes what PlainStep computes, to the last bit: the same sums in the same order, whoever adds them up.
// A layer's bias and ReLU are one pass, the exponentials are taken once for loss and gradient, and everything that goes
// number by number is distributed among the threads. The first layer skips the pixels that are 0 if that pays (see
// first_layer.hpp); all other products are matmul's. After its first step it allocates
// nothing, but for a thread that does the part of another for the first time. Throws Error at once for a network that
// is none of make_network and without an optimizer. state and images must outlive the step.
Step fast_step(TrainingState& state, const LabeledImages& images, const FastStepOptions& options = {});

// The same step, shared by the processes of ranks: each computes some of the first layer's neurons, and the results have
// the same bits. Of the first layer's parameters, and of what the optimizer remembers of them, a rank keeps only its own
// columns up to date: gather_first_layer gives every rank all of them, before a network is used or saved. Throws Error
// where zeros cannot be skipped, since then no process could do without the others' columns.
Step fast_step(TrainingState& state, const LabeledImages& images, Ranks& ranks,
               const FastStepOptions& options = {});
void gather_first_layer(TrainingState& state, Ranks& ranks);

}  // namespace nn
