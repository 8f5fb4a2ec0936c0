// What a training run prints while it runs, and its numbers.
#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "07_training/training.hpp"
#include "10_mnist/evaluation.hpp"
#include "common/terminal/progress.hpp"
#include "common/timer.hpp"

namespace nn::digits {

struct EpochNumbers {
  double loss = 0;                 // mean over its batches
  std::optional<double> accuracy;  // on the validation images, if there are any
  double seconds = 0;              // without the validation
};

struct TrainingNumbers {
  std::vector<double> step_losses;
  std::vector<EpochNumbers> epochs;
  double seconds = 0;            // with the validation after each epoch
  double images_per_second = 0;  // without it
};

class Report {
 public:
  // quiet: no progress line. All but the flag must outlive the report.
  Report(TrainingState& state, const LabeledImages& validation, bool quiet)
      : state_(state), validation_(validation), progress_(stderr, quiet) {}

  TrainingObserver observer() {
    return {.after_step = [this](const StepReport& step) { return after_step(step), true; },
            .after_epoch = [this](double mean_loss) { after_epoch(mean_loss); }};
  }

  // As of now.
  TrainingNumbers numbers() const {
    TrainingNumbers now = numbers_;
    now.seconds = timer_.seconds(), now.images_per_second = images_per_second();
    return now;
  }

 private:
  void after_step(const StepReport& step) {
    auto& losses = numbers_.step_losses;
    if (losses.empty()) losses.reserve(step.steps);
    losses.push_back(static_cast<double>(step.loss));
    images_ += step.examples;
    const double seconds = timer_.seconds() - validation_seconds_;
    const double left =
        seconds / static_cast<double>(losses.size()) * static_cast<double>(step.steps - step.step);
    progress_.update(
        fmt::format("epoch {}/{}  step {}/{}  {:.0f} images/s  loss {:.4f}  validation {}  {} left",
                    step.epoch + 1, state_.recipe.epochs, step.step, step.steps, images_per_second(),
                    step.epoch_loss, last_accuracy_, format_duration(left)));
  }

  void after_epoch(double mean_loss) {
    const double train_end = timer_.seconds();
    EpochNumbers epoch{.loss = mean_loss, .accuracy = {}, .seconds = train_end - epoch_start_};
    if (validation_.count > 0) {
      epoch.accuracy = evaluate(state_.network, validation_, state_.recipe.input).accuracy();
      validation_seconds_ += timer_.seconds() - train_end;
      last_accuracy_ = fmt::format("{:.2f}%", 100 * *epoch.accuracy);
    }
    progress_.finish(fmt::format("epoch {}/{}  {:.0f} images/s  loss {:.4f}  validation {}", state_.epoch,
                                 state_.recipe.epochs, images_per_second(), mean_loss, last_accuracy_));
    numbers_.epochs.push_back(epoch);
    epoch_start_ = timer_.seconds();
  }

  double images_per_second() const {
    return static_cast<double>(images_) / (timer_.seconds() - validation_seconds_);
  }

  TrainingState& state_;
  const LabeledImages& validation_;
  Progress progress_;
  Timer timer_;
  double validation_seconds_ = 0, epoch_start_ = 0;
  std::size_t images_ = 0;
  std::string last_accuracy_ = "-";
  TrainingNumbers numbers_;
};

// A run's numbers for --json. matmul: the product's name; data: where the images come from.
inline nlohmann::json to_json(const Recipe& recipe, const TrainingNumbers& numbers, std::size_t threads,
                              const std::string& matmul, const std::string& data) {
  nlohmann::json epochs = nlohmann::json::array();
  for (const EpochNumbers& epoch : numbers.epochs) {
    epochs.push_back({{"loss", epoch.loss}, {"accuracy", nullptr}, {"seconds", epoch.seconds}});
    if (epoch.accuracy) epochs.back()["accuracy"] = *epoch.accuracy;
  }
  return {{"recipe", recipe.name},
          {"hidden", recipe.hidden},
          {"batch_size", recipe.batch_size},
          {"optimizer", recipe.optimizer},
          {"learning_rate", recipe.learning_rate},
          {"augment", recipe.augment},
          {"dropout", recipe.dropout},
          {"weight_decay", recipe.weight_decay},
          {"label_smoothing", recipe.label_smoothing},
          {"ema", recipe.ema},
          {"seed", recipe.seed},
          {"threads", threads},
          {"matmul", matmul},
          {"data", data},
          {"epochs", epochs},
          {"step_losses", numbers.step_losses},
          {"train_seconds", numbers.seconds},
          {"images_per_second", numbers.images_per_second}};
}

}  // namespace nn::digits
