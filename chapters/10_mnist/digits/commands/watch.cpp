#include "watch.hpp"

#include <cstdio>
#include <filesystem>
#include <fmt/format.h>

#include "07_training/experiments/loss_curve.hpp"
#include "10_mnist/digits/run_figures.hpp"
#include "common/error.hpp"
#include "common/figures/draw_figure.hpp"
#include "common/files/atomic_file.hpp"

namespace nn::digits {
namespace {

constexpr double kPause = 0.5;  // seconds between two pictures in the window

}  // namespace

void check_plots_folder(const std::string& folder) {
  if (!folder.empty()) make_output_folder(folder);
}

void write_plots(const std::string& folder, const std::vector<Figure>& figures) {
  if (folder.empty()) return;
  std::vector<std::filesystem::path> written;
  const bool drawn = write_figures(figures, folder, FigureFormat::kSvg, written);
  fmt::print("{} {} in {}\n", written.size(), drawn ? "pictures" : "files of numbers", folder);
}

Watch::Watch(const std::string& plots, bool live, TrainingState& state, const LabeledImages& training,
             const LabeledImages& validation)
    : plots_(plots), live_(live), state_(state) {
  if (!plots.empty() || live) recorder_ = std::make_unique<RunRecorder>(state, training, validation);
  if (!live) return;
  window_ = std::make_unique<LiveFigure>(window_terminal());
  if (!window_->is_open())
    std::fputs("--live: there is no window to draw in; the loss is drawn here, after each epoch\n", stderr);
}

TrainingObserver Watch::observer() {
  if (!recorder_) return {};
  return {.after_step = [this](const StepReport& step) { return after_step(step), true; },
          .after_epoch = [this](double) { after_epoch(); }};
}

void Watch::after_step(const StepReport& step) {
  recorder_->after_step(step);
  if (!window_ || timer_.seconds() < next_) return;
  window_->show(curves_figure(recorder_->record()));
  next_ = timer_.seconds() + kPause;
}

void Watch::after_epoch() {
  recorder_->after_epoch();
  if (!live_) return;
  const RunRecord& record = recorder_->record();
  window_->show(curves_figure(record));
  if (window_->is_open()) return;
  const auto smooth = running_mean(record.step_losses, std::max<std::size_t>(1, record.steps_per_epoch / 8));
  const std::string axis =
      fmt::format("steps {} to {}", record.first_step, record.first_step + record.step_losses.size() - 1);
  std::fputs(("    loss\n" + text_curve(smooth, axis, 60, 12)).c_str(), stderr);
}

void Watch::finish(const LabeledImages& test) {
  if (recorder_) write_plots(plots_, run_figures(recorder_->record(), state_.network, test));
}

void Watch::interrupted() {
  if (recorder_)
    write_plots(plots_, {curves_figure(recorder_->record()), health_figure(recorder_->record())});
}

}  // namespace nn::digits
