// Keeps a training run from ending in nonsense without a word. Each check throws an Error of one line: what went
// wrong, where, and what usually causes it.
#pragma once

#include <vector>

#include "07_training/recipe.hpp"
#include "10_mnist/evaluation.hpp"
#include "common/data/mnist.hpp"

namespace nn {

// Before anything is allocated: parameters and a batch's layers within kMostNumbers each. Where memory does not
// suffice, the system may end a program without a word.
inline constexpr double kMostNumbers = 1e8;
void check_size(const Recipe& recipe, std::size_t in, std::size_t images);

// Before the first step: there must be something to tell apart. At least two different digits among the labels,
// and at least two images that differ.
void check_learnable(const LabeledImages& images);

// After the last step: the loss of the trained network on the images it learned from must be below 0.9 ln(classes).
// A network that knows nothing and says so has ln(classes). Twice that in any step before is the trace of a rate that
// was too high: it leaves a network dead, which ends where guessing does. step_losses: of all steps.
void check_learned(double loss, const std::vector<double>& step_losses, const LabeledImages& images,
                   const Recipe& recipe);

// After the test: unseen images must be classified better than by one answer for all of them, the most frequent digit,
// and clearly better if the images that it learned from are. A network with many weights memorizes any labels, those of
// other images too. Fewer than 100 test images show nothing.
// own: on the images it learned from.
void check_generalized(const Evaluation& own, const Evaluation& test);

// How many different labels there are.
std::size_t count_classes(const LabeledImages& images);

}  // namespace nn
