#include "10_mnist/digits/run_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "07_training/experiments/loss_curve.hpp"
#include "10_mnist/digits/classifier_figures.hpp"
#include "common/finite.hpp"

namespace nn {
namespace {

constexpr std::array<int, 4> kLayerColors = {kBlue, kOrange, kGreen, kSky};
constexpr int kPale = 0xa9c8de;  // what lies behind the blue curves

// From a little under the smallest to a little over the largest on a logarithmic axis, whole decades.
void fit_decades(Axis& axis, const std::vector<Curve>& curves) {
  double least = 1e300, most = 0;
  for (const Curve& curve : curves) {
    for (const Point& p : curve.points) {
      if (!(p.y > 0) || !is_finite(p.y)) continue;
      least = std::min(least, p.y), most = std::max(most, p.y);
    }
  }
  axis.logarithmic = true, axis.tick = 10;
  axis.from = std::pow(10, std::floor(std::log10(std::min(least, most))));
  axis.to = std::pow(10, std::ceil(std::log10(std::max(most, 2 * axis.from))));
}

// From a little under the smallest percentage, a multiple of five, to a little over a hundred.
void fit_percents(Axis& axis, const std::vector<Curve>& curves) {
  double least = 100;
  for (const Curve& curve : curves) {
    for (const Point& p : curve.points) least = std::min(least, p.y);
  }
  const double low = std::floor(least / 5) * 5;
  axis = {"", low, 100 + (100 - low) / 8, least < 60 ? 20.0 : least < 85 ? 5.0 : least < 95 ? 2.0 : 1.0};
}

Panel half_panel(bool left, int top, int bottom) {
  Panel panel;
  panel.left = left ? 72 : 446, panel.right = left ? 354 : kCardRight;
  panel.top = top, panel.bottom = bottom;
  return panel;
}

double epoch_of(const RunRecord& r, std::size_t step) {
  return static_cast<double>(step) / static_cast<double>(std::max<std::size_t>(1, r.steps_per_epoch));
}

// After each epoch the value that pick takes from its record.
template <class F>
Curve epoch_curve(const RunRecord& r, const char* name, int color, const F& pick) {
  Curve curve{name, {}, color, Mark::kLineAndDots};
  for (std::size_t e = 0; e < r.epochs.size(); ++e)
    curve.points.push_back({static_cast<double>(r.first_epoch + e), pick(r.epochs[e])});
  return curve;
}

// About 400 points of a smoothed curve, however many steps there were.
Curve step_curve(const RunRecord& r) {
  const std::vector<double> smooth =
      running_mean(r.step_losses, std::max<std::size_t>(1, r.steps_per_epoch / 8));
  Curve curve{"each step", {}, kPale, Mark::kLine, 1.5};
  const std::size_t every = std::max<std::size_t>(1, smooth.size() / 400);
  for (std::size_t i = 0; i < smooth.size(); i += every)
    curve.points.push_back({epoch_of(r, r.first_step + i), smooth[i]});
  return curve;
}

Axis epoch_axis(const RunRecord& r) {
  const double from = static_cast<double>(r.first_epoch - 1),
               to = std::max(from + 1, epoch_of(r, r.first_step + r.step_losses.size() - 1));
  const double tick = std::max(1.0, std::ceil((to - from) / 8));
  return {"epoch", from, to, tick};
}

// The names of the curves beside them.
void label_loss(Panel& loss, const EpochRecord& last) {
  const double end = loss.x.to;
  const Point& first = loss.curves[0].points[0];
  if (last.validation_loss)
    loss.texts = {{"images kept back", end, 1.4 * *last.validation_loss, kOrange, Align::kRight}};
  loss.texts.push_back({"images it learned from", end, last.train_loss / 1.5, kBlue, Align::kRight});
  loss.texts.push_back({"each step, smoothed", first.x + 0.03 * end, 1.4 * first.y, kQuiet});
}
void label_accuracy(Panel& accuracy, const EpochRecord& last) {
  const double end = accuracy.x.to, line = (100 - accuracy.y.from) / 12;
  double highest = 0;
  for (const Point& p : accuracy.curves[0].points) highest = std::max(highest, p.y);
  if (last.validation_accuracy)
    accuracy.texts = {
        {"images kept back", end, 100 * *last.validation_accuracy - line, kOrange, Align::kRight}};
  accuracy.texts.push_back({"images it learned from", end, highest + line, kBlue, Align::kRight});
}

}  // namespace

Figure curves_figure(const RunRecord& r) {
  Figure figure{.name = "curves", .height = 400};
  Panel loss = half_panel(true, 132, 350), accuracy = half_panel(false, 132, 350);
  loss.title = "Loss", loss.line = "mean cross-entropy, logarithmic";
  accuracy.title = "Accuracy", accuracy.line = "read right, in percent";
  loss.x = accuracy.x = epoch_axis(r);
  loss.curves = {step_curve(r),
                 epoch_curve(r, "learned from", kBlue, [](const EpochRecord& e) { return e.train_loss; })};
  accuracy.curves = {
      epoch_curve(r, "learned from", kBlue, [](const EpochRecord& e) { return 100 * e.train_accuracy; })};
  const bool kept_back = !r.epochs.empty() && r.epochs.back().validation_loss.has_value();
  if (kept_back) {
    loss.curves.push_back(
        epoch_curve(r, "kept back", kOrange, [](const EpochRecord& e) { return *e.validation_loss; }));
    accuracy.curves.push_back(epoch_curve(r, "kept back", kOrange,
                                          [](const EpochRecord& e) { return 100 * *e.validation_accuracy; }));
  }
  fit_decades(loss.y, loss.curves);
  fit_percents(accuracy.y, accuracy.curves);
  figure.title = "Images it learned from, and images it did not";
  if (!r.epochs.empty()) {
    const EpochRecord& last = r.epochs.back();
    figure.line = fmt::format("After epoch {}: {} of the images it learned from are right",
                              r.first_epoch + r.epochs.size() - 1, percent(last.train_accuracy));
    figure.line += kept_back ? fmt::format(", {} of those kept back.", percent(*last.validation_accuracy))
                             : "; no images were kept back.";
    if (!kept_back) figure.title = "Images it learned from";
    label_loss(loss, last);
    label_accuracy(accuracy, last);
  }
  figure.panels = {loss, accuracy};
  return figure;
}

Figure health_figure(const RunRecord& r) {
  Figure figure{.name = "health", .height = 400};
  figure.title = "The health of a training run";
  Panel dead = half_panel(true, 132, 350), moved = half_panel(false, 132, 350);
  dead.title = "Dead neurons", dead.line = "hidden neurons that no image wakes, in percent";
  moved.title = "How far a step moves the weights",
  moved.line = "length of the update / length of the weights";
  dead.x = moved.x = epoch_axis(r);
  const std::size_t relus = r.layer_stats.empty() ? 0 : r.layer_stats[0].dead.size();
  double most = 0;
  for (std::size_t layer = 0; layer <= relus && !r.layer_stats.empty(); ++layer) {
    const int color = kLayerColors[layer % kLayerColors.size()];
    Curve share{fmt::format("layer {}", layer + 1), {}, color}, update = share;
    for (const LayerStats& pulse : r.layer_stats) {
      const double x = epoch_of(r, pulse.step);
      update.points.push_back({x, pulse.updates[layer]});
      if (layer == relus) continue;
      share.points.push_back({x, 100 * pulse.dead[layer]});
      most = std::max(most, share.points.back().y);
    }
    moved.curves.push_back(update);
    if (layer < relus) dead.curves.push_back(share);
  }
  fit_decades(moved.y, moved.curves);
  dead.y = {"", 0, std::max(10.0, std::ceil(most / 10) * 10), most > 50 ? 20.0 : most > 10 ? 10.0 : 2.0};
  for (std::size_t layer = 0; layer < moved.curves.size(); ++layer) {
    const Curve& curve = moved.curves[layer];
    moved.texts.push_back({curve.name, moved.x.from + 0.04 * (moved.x.to - moved.x.from),
                           moved.y.from * std::pow(1.9, moved.curves.size() - layer), curve.color});
    if (relus > 1 && layer < relus)
      dead.texts.push_back({curve.name, moved.texts.back().x,
                            dead.y.to * (0.95 - 0.08 * static_cast<double>(layer)), curve.color});
  }
  figure.line =
      "A dead neuron learns no more. A step should move the weights by a thousandth or so, at the end less.";
  figure.panels = {dead, moved};
  return figure;
}

std::vector<Figure> run_figures(const RunRecord& record, Network<float>& network, const LabeledImages& test) {
  std::vector<Figure> figures = classifier_figures(network, test);
  figures.back() = weights_figure(record.first_weights, *network.parameters()[0].value, test.width);
  figures.push_back(curves_figure(record));
  figures.push_back(health_figure(record));
  return figures;
}

}  // namespace nn
