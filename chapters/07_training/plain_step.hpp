// One training step, made of the functions of the earlier chapters.
#pragma once

#include "04_from_logits/cross_entropy.hpp"
#include "07_training/mini_batches.hpp"
#include "07_training/training.hpp"
#include "common/finite.hpp"

namespace nn {

// A Step. The state and the images must outlive it. After the first call it allocates nothing.
class PlainStep {
 public:
  PlainStep(TrainingState& state, const LabeledImages& images)
      : network_(state.network),
        optimizer_(*state.optimizer),
        input_(state.recipe.input),
        images_(images),
        parameters_(state.network.parameters()) {
    check_plain(state.recipe, "the plain step");
  }

  // [show plain_step]
  float operator()(std::span<const std::size_t> batch, std::size_t, float learning_rate) {
    // [write PlainStep]
    gather(images_, batch, input_, x_, labels_);
    cross_entropy_with_gradient(network_.forward(x_), labels_, result_);
    if (!is_finite(result_.loss)) return result_.loss;
    network_.backward(result_.grad_logits);
    optimizer_.step(parameters_, learning_rate);
    return result_.loss;
    // [/write]
  }
  // [/show]

 private:
  Network<float>& network_;
  Optimizer<float>& optimizer_;
  const InputTransform input_;
  const LabeledImages& images_;
  std::vector<Parameter<float>> parameters_;
  Matrix<float> x_;                   // batch x in
  std::vector<std::uint8_t> labels_;  // batch
  LossAndGradient<float> result_;
};

// Trains with the plain step.
inline bool train(TrainingState& state, const LabeledImages& images,
                  const std::vector<TrainingObserver>& observers = {}) {
  return train(state, images, Step(PlainStep(state, images)), observers);
}

}  // namespace nn
