// What --plots and --live add to a run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "10_mnist/digits/run_record.hpp"
#include "common/figures/figure.hpp"
#include "common/figures/live_figure.hpp"
#include "common/timer.hpp"

namespace nn::digits {

// To be called before the work: makes the folder. Throws Error if it takes no files. An empty name is fine.
void check_plots_folder(const std::string& folder);

// Draws them into the folder, or writes their numbers as CSV if nothing can be drawn; an empty name is fine.
void write_plots(const std::string& folder, const std::vector<Figure>& figures);

// Watches a training run; without --plots and --live it does nothing at all.
class Watch {
 public:
  // All but the folder's name must outlive this.
  Watch(const std::string& plots, bool live, TrainingState& state, const LabeledImages& training,
        const LabeledImages& validation);

  TrainingObserver observer();
  // Writes the figures of the run; of one that was interrupted only what is known by then.
  void finish(const LabeledImages& test);
  void interrupted();

 private:
  void after_step(const StepReport& step);
  void after_epoch();

  std::string plots_;
  bool live_;
  TrainingState& state_;
  std::unique_ptr<RunRecorder> recorder_;
  std::unique_ptr<LiveFigure> window_;
  Timer timer_;
  double next_ = 0;  // when the timer shows this, the window is drawn again
};

}  // namespace nn::digits
