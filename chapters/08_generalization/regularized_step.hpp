// The training step of chapter 07 with what holds overfitting back: dropout, label smoothing, weight decay.
#pragma once

#include <memory>

#include "07_training/mini_batches.hpp"
#include "07_training/training.hpp"
#include "08_generalization/dropout.hpp"
#include "08_generalization/label_smoothing.hpp"
#include "08_generalization/weight_decay.hpp"
#include "common/finite.hpp"

namespace nn {

// A Step. Dropout follows every layer without parameters (a ReLU), and only here: the network itself stays as it is, so
// evaluation and the saved model know nothing of it. The state and the images must outlive the step.
class RegularizedStep {
 public:
  RegularizedStep(TrainingState& state, const LabeledImages& images)
      : state_(state), images_(images), parameters_(state.network.parameters()) {
    const Recipe& recipe = state.recipe;
    for (std::size_t i = 0; i < state.network.size(); ++i) {
      const bool drops = recipe.dropout > 0 && state.network.layer(i).parameters().empty();
      dropouts_.push_back(drops ? std::make_shared<Dropout<float>>(recipe.dropout, seed_of({recipe.seed, i}))
                                : nullptr);
    }
  }

  // [show regularized_step]
  float operator()(std::span<const std::size_t> batch, std::size_t step, float learning_rate) {
    gather(images_, batch, state_.recipe.input, x_, labels_);
    forward(step);
    cross_entropy_with_gradient(logits_, labels_, result_);
    smooth_labels(logits_.values, labels_, static_cast<float>(state_.recipe.label_smoothing), result_);
    if (!is_finite(result_.loss)) return result_.loss;
    backward();
    decay_weights(parameters_, learning_rate, static_cast<float>(state_.recipe.weight_decay));
    state_.optimizer->step(parameters_, learning_rate);
    return result_.loss;
  }
  // [/show]

 private:
  void forward(std::size_t step) {
    const Matrix<float>* values = &x_;
    for (std::size_t i = 0; i < state_.network.size(); ++i) {
      values = &state_.network.layer(i).forward(*values);
      if (!dropouts_[i]) continue;
      dropouts_[i]->train(step);
      values = &dropouts_[i]->forward(*values);
    }
    logits_.values = *values;
  }

  void backward() {
    const Matrix<float>* grad = &result_.grad_logits;
    for (std::size_t i = state_.network.size(); i-- > 1;) {
      if (dropouts_[i]) grad = &dropouts_[i]->backward(*grad);
      grad = &state_.network.layer(i).backward(*grad);
    }
    state_.network.layer(0).backward_parameters(*grad);
  }

  TrainingState& state_;
  const LabeledImages& images_;
  std::vector<Parameter<float>> parameters_;
  std::vector<std::shared_ptr<Dropout<float>>>
      dropouts_;  // one for each layer, null where nothing is dropped
  Matrix<float> x_;
  std::vector<std::uint8_t> labels_;
  Logits<float> logits_;
  LossAndGradient<float> result_;
};

}  // namespace nn
