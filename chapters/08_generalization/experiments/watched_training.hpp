// A training run that is watched on the images it learns from and on others.
#pragma once

#include <string>
#include <vector>

#include "01_matrix/argmax.hpp"
#include "01_matrix/digits_as_matrix.hpp"
#include "02_relu/apply.hpp"
#include "08_generalization/augment.hpp"
#include "08_generalization/regularized_step.hpp"

namespace nn {

struct LossAndAccuracy {
  double loss = 0, accuracy = 0;
};

// Of a network on images, all at once. input: what the recipe does to pixels.
inline LossAndAccuracy measure(Network<float>& network, const LabeledImages& images,
                               const InputTransform& input) {
  Matrix<float> x;
  pixels_as_rows(images.pixels, images.height * images.width, x);
  apply(input, x, x);
  const Logits<float>& logits = network.forward(x);
  return {static_cast<double>(cross_entropy(logits, images.labels)),
          accuracy(argmax_rows(logits.values), images.labels)};
}

struct WatchedEpoch {
  LossAndAccuracy training, validation;
};

// Trains by the recipe, with all that it asks for; what was measured after each epoch.
inline std::vector<WatchedEpoch> watched_training(const Recipe& recipe, const LabeledImages& training,
                                                  const LabeledImages& validation) {
  TrainingState state = start_training(recipe, training.height * training.width);
  std::vector<WatchedEpoch> epochs;
  const auto make = [&](const LabeledImages& seen) -> Step { return RegularizedStep(state, seen); };
  const Step step = recipe.augment == "none" ? make(training) : augmented_step(recipe, training, make);
  train(state, training, step, {{.after_step = {}, .after_epoch = [&](double) {
                                   epochs.push_back({measure(state.network, training, recipe.input),
                                                     measure(state.network, validation, recipe.input)});
                                 }}});
  return epochs;
}

// The first images of the training set, and its last tenth, which is kept back for choices.
struct SplitImages {
  LabeledImages training, validation;
};
inline SplitImages split(const Mnist& mnist, std::size_t training_images) {
  return {first_images(mnist.train, training_images), last_images(mnist.train, mnist.train.count / 10)};
}

// The same images with labels drawn at random: there is nothing in them that could be learned for other images.
inline LabeledImages with_random_labels(LabeledImages images, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> labels(images.count);
  for (std::uint8_t& label : labels) label = static_cast<std::uint8_t>(random.below(kClasses));
  images.labels = std::move(labels);
  return images;
}

// What the demonstrations and figures of this chapter train: 784-128-10 on 1,000 images, 20 times.
inline constexpr std::size_t kFewImages = 1000;
inline Recipe small_data_recipe() {
  return {.hidden = {128}, .epochs = 20, .batch_size = 50, .learning_rate = 0.003};
}

}  // namespace nn
