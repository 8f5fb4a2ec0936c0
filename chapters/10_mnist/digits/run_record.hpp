// A training run as it is watched: what the loss did, on images learned from and on others, and whether the layers
// are well.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "07_training/training.hpp"
#include "10_mnist/evaluation.hpp"

namespace nn {

// The share of the columns that are 0 in every row: neurons that none of the examples wakes.
// y: what a ReLU passes on, batch x neurons.
inline double dead_share(const Matrix<float>& y) {
  std::size_t dead = 0;
  for (std::size_t j = 0; j < y.cols(); ++j) {
    bool fires = false;
    for (std::size_t i = 0; i < y.rows(); ++i) fires = fires || y(i, j) > 0;
    dead += !fires;
  }
  return y.cols() == 0 ? 0 : static_cast<double>(dead) / static_cast<double>(y.cols());
}

// |after - before| / |before|, with the root of the sum of squares as length.  Same shapes.
inline double relative_update(const Matrix<float>& before, const Matrix<float>& after) {
  double moved = 0, length = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double b = static_cast<double>(before.values()[i]), d = static_cast<double>(after.values()[i]) - b;
    moved += d * d;
    length += b * b;
  }
  return std::sqrt(moved / length);
}

// After an epoch.
struct EpochRecord {
  double train_loss = 0, train_accuracy = 0;                   // of a fixed part of the training images
  std::optional<double> validation_loss, validation_accuracy;  // none if no images were kept back
};

// The state of the layers after a step.
struct LayerStats {
  std::size_t step = 0;
  std::vector<double> dead;     // of each ReLU
  std::vector<double> updates;  // relative, of each weight matrix
};

struct RunRecord {
  std::size_t steps_per_epoch = 0;
  std::size_t first_step = 1, first_epoch = 1;  // later ones if the run was resumed
  std::vector<double> step_losses;
  std::vector<EpochRecord> epochs;
  std::vector<LayerStats> layer_stats;
  Matrix<float> first_weights;  // of the first layer, before the first step; for pixels / 255, as in a model
};

// Watches a run. It changes nothing: the weights are those of a run that nobody watches.
class RunRecorder {
 public:
  // All to live as long as the recorder. As many training images are looked at as there are validation images, and at
  // most 5,000 if there are none; the pulse is taken some hundred times.
  RunRecorder(TrainingState& state, const LabeledImages& training, const LabeledImages& validation);

  TrainingObserver observer() {
    return {.after_step = [this](const StepReport& step) { return after_step(step), true; },
            .after_epoch = [this](double) { after_epoch(); }};
  }
  void after_step(const StepReport& step);
  void after_epoch();
  const RunRecord& record() const { return record_; }

 private:
  void take_pulse(std::size_t step);

  TrainingState& state_;
  LabeledImages training_part_;
  const LabeledImages& validation_;
  Matrix<float> probe_;  // images that the pulse is taken with, as the training sees them
  std::vector<Matrix<float>> before_;
  RunRecord record_;
};

}  // namespace nn
