// What a training run prints, and what --json gets of it.
#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "10_mnist/evaluation.hpp"
#include "10_mnist/training.hpp"
#include "common/terminal/progress.hpp"
#include "common/parallel/thread_pool.hpp"
#include "common/timer.hpp"

namespace nn::digits {

class Report {
 public:
  // matmul: the product's name; quiet: no progress line.
  Report(TrainingState& state, const LabelledImages& validation, const std::string& matmul, bool quiet)
      : matmul_(matmul), state_(state), validation_(validation), progress_(stderr, quiet) {}

  void after_step(const StepReport& step) {
    if (step_losses_.empty()) step_losses_.reserve(step.steps);
    step_losses_.push_back(static_cast<double>(step.loss));
    highest_loss_ = std::max(highest_loss_, step_losses_.back());
    images_ += step.examples;
    const double seconds = timer_.seconds() - validation_seconds_;
    const double left =
        seconds / static_cast<double>(step_losses_.size()) * static_cast<double>(step.steps - step.step);
    progress_.update(
        fmt::format("epoch {}/{}  step {}/{}  {:.0f} images/s  loss {:.4f}  validation {}  {} left",
                    step.epoch + 1, state_.recipe.epochs, step.step, step.steps, images_per_second(),
                    step.epoch_loss, last_accuracy_, format_duration(left)));
  }

  void after_epoch(double mean_loss) {
    const double train_end = timer_.seconds();
    nlohmann::json accuracy;  // null without validation images
    if (validation_.images.count > 0) {
      accuracy = evaluate(state_.network, validation_).accuracy();
      validation_seconds_ += timer_.seconds() - train_end;
      last_accuracy_ = fmt::format("{:.2f}%", 100 * accuracy.get<double>());
    }
    progress_.finish(fmt::format("epoch {}/{}  {:.0f} images/s  loss {:.4f}  validation {}", state_.epoch + 1,
                                 state_.recipe.epochs, images_per_second(), mean_loss, last_accuracy_));
    epochs_.push_back({{"loss", mean_loss}, {"accuracy", accuracy}, {"seconds", train_end - epoch_start_}});
    epoch_start_ = timer_.seconds();
  }

  double highest_loss() const { return highest_loss_; }

  // Without the time that validation took; train_seconds is with it.
  double images_per_second() const {
    return static_cast<double>(images_) / (timer_.seconds() - validation_seconds_);
  }

  nlohmann::json json(const std::string& data) const {
    const Recipe& r = state_.recipe;
    return {{"recipe", r.name},
            {"hidden", r.hidden},
            {"batch_size", r.batch_size},
            {"optimizer", r.optimizer},
            {"learning_rate", r.learning_rate},
            {"seed", r.seed},
            {"threads", thread_count()},
            {"matmul", matmul_},
            {"data", data},
            {"epochs", epochs_},
            {"step_losses", step_losses_},
            {"train_seconds", timer_.seconds()},
            {"images_per_second", images_per_second()}};
  }

 private:
  std::string matmul_;
  TrainingState& state_;
  const LabelledImages& validation_;
  Progress progress_;
  Timer timer_;
  double validation_seconds_ = 0, epoch_start_ = 0, highest_loss_ = 0;
  std::size_t images_ = 0;
  std::string last_accuracy_ = "-";
  nlohmann::json epochs_ = nlohmann::json::array();
  std::vector<double> step_losses_;
};

}  // namespace nn::digits
