#include "10_mnist/digits/run_record.hpp"

#include <algorithm>

#include "01_matrix/digits_as_matrix.hpp"
#include "02_relu/apply.hpp"

namespace nn {
namespace {

constexpr std::size_t kPulses = 100, kProbeImages = 500, kTrainingPart = 5000;

// The training images that are looked at after each epoch.
LabeledImages part_of(const LabeledImages& training, const LabeledImages& validation) {
  const std::size_t wanted = validation.count > 0 ? validation.count : kTrainingPart;
  return last_images(training, std::min(training.count, wanted));
}

bool is_weight(const Parameter<float>& p) { return p.name.ends_with("weight"); }

}  // namespace

RunRecorder::RunRecorder(TrainingState& state, const LabeledImages& training, const LabeledImages& validation)
    : state_(state), training_part_(part_of(training, validation)), validation_(validation) {
  const ImageSet& images = training_part_;
  const std::size_t width = images.height * images.width, count = std::min(images.count, kProbeImages);
  pixels_as_rows(std::span<const std::uint8_t>(images.pixels).first(count * width), width, probe_);
  apply(state.recipe.input, probe_, probe_);
  record_.first_weights = *state.network.parameters()[0].value;
  for (float& w : record_.first_weights.values()) w /= state.recipe.input.deviation;
}

// The size of an update needs the weights before it, so they are kept one step ahead of each pulse.
void RunRecorder::after_step(const StepReport& step) {
  if (record_.step_losses.empty()) record_.first_step = step.step, record_.first_epoch = step.epoch + 1;
  record_.step_losses.push_back(static_cast<double>(step.loss));
  record_.steps_per_epoch = step.steps / state_.recipe.epochs;
  const std::size_t every = std::max<std::size_t>(1, step.steps / kPulses);
  if (step.step % every == 0 && !before_.empty()) take_pulse(step.step);
  if ((step.step + 1) % every != 0) return;
  before_.clear();
  for (const auto& p : state_.network.parameters()) {
    if (is_weight(p)) before_.push_back(*p.value);
  }
}

void RunRecorder::take_pulse(std::size_t step) {
  LayerStats pulse{step, {}, {}};
  for (const auto& p : state_.network.parameters()) {
    if (is_weight(p)) pulse.updates.push_back(relative_update(before_[pulse.updates.size()], *p.value));
  }
  const Matrix<float>* values = &probe_;
  for (std::size_t i = 0; i < state_.network.size(); ++i) {
    values = &state_.network.layer(i).forward(*values);
    if (state_.network.layer(i).parameters().empty()) pulse.dead.push_back(dead_share(*values));
  }
  record_.layer_stats.push_back(pulse);
}

void RunRecorder::after_epoch() {
  const Evaluation own = evaluate(state_.network, training_part_, state_.recipe.input);
  record_.epochs.push_back({own.loss, own.accuracy(), {}, {}});
  if (validation_.count == 0) return;
  const Evaluation other = evaluate(state_.network, validation_, state_.recipe.input);
  record_.epochs.back().validation_loss = other.loss;
  record_.epochs.back().validation_accuracy = other.accuracy();
}

}  // namespace nn
