// The loss as a curve, where each form of it is accurate, how the placements of softmax train, and learned weights.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/break_points.hpp"
#include "04_from_logits/placement.hpp"
#include "04_from_logits/squared_error.hpp"
#include "common/finite.hpp"
#include "network_drawing.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

constexpr double kStripLeft = 186, kStripRight = kCardRight, kStripHeight = 24, kStripStep = 30;
constexpr int kLastMargin = 120;

// 0 for an error of 1e-7 and less, -1 for 100% and more, so that the strip goes from white to orange; NaN for an answer
// that is no number.
double severity(double answer, double error) {
  if (!is_finite(answer) || !is_finite(error)) return std::nan("");
  return -std::clamp(1 + std::log10(std::max(error, 1e-12)) / 7, 0.0, 1.0);
}

// A strip per form: white where it is accurate, darker for larger errors, black for infinity or NaN.
void add_strips(Figure& figure, const std::string& title, double top, bool of_gradient) {
  figure.texts.push_back({title, kStripLeft, top - 16, kInk, kTextSize, Align::kLeft, true});
  double y = top;
  for (const LossForm<float>& form : loss_forms<float>()) {
    Grid strip{fmt::format("{} of {}, color", of_gradient ? "gradient" : "loss", form.name), kStripLeft, y};
    Curve error{fmt::format("{} of {}, relative error", of_gradient ? "gradient" : "loss", form.name)};
    for (int m = -kLastMargin; m <= kLastMargin; ++m) {
      const AtMargin at = at_margin(form, m);
      const double e = of_gradient ? at.gradient_error : at.loss_error;
      error.points.push_back({static_cast<double>(m), e});
      strip.values.push_back(severity(of_gradient ? at.gradient : at.loss, e));
    }
    strip.cols = strip.values.size(),
    strip.cell = (kStripRight - kStripLeft) / static_cast<double>(strip.cols);
    strip.cell_height = kStripHeight, strip.shades = Shades::kSigned;
    const bool ours = form.name == "cross_entropy";
    figure.rectangles.push_back({strip.left - 1, y - 1, strip.width() + 2, kStripHeight + 2, kFaint});
    figure.texts.push_back({as_plain(std::string(form.name)), kStripLeft - 10, y + kStripHeight / 2,
                            ours ? kBlue : kInk, kSmallSize, Align::kRight, ours});
    figure.grids.push_back(strip);
    figure.data.push_back(error);
    y += kStripStep;
  }
  for (int m = -kLastMargin; m <= kLastMargin; m += 40) {
    const double share = (m + kLastMargin + 0.5) / (2.0 * kLastMargin + 1);
    figure.texts.push_back({m < 0 ? fmt::format("−{}", -m) : std::to_string(m),
                            kStripLeft + share * (kStripRight - kStripLeft), y + 7, kQuiet, kSmallSize,
                            Align::kCenter});
  }
}

Figure forms() {
  Figure figure{.name = "04_forms", .height = 556};
  figure.title = "Only the loss from logits is accurate on both sides";
  figure.line =
      "Logits (0, m), label 0, in float. White: accurate. Orange: inaccurate, darker for a larger error. "
      "Black: ∞ or NaN.";
  add_strips(figure, "the loss", 124, false);
  add_strips(figure, "its gradient", 342, true);
  figure.texts.push_back({"← correct, more and more certain", kStripLeft, 532, kQuiet});
  figure.texts.push_back(
      {"margin m", (kStripLeft + kStripRight) / 2, 532, kQuiet, kSmallSize, Align::kCenter});
  figure.texts.push_back(
      {"a mistake, larger and larger →", kStripRight, 532, kQuiet, kSmallSize, Align::kRight});
  return figure;
}

// One form for mistakes of growing size; NaN and infinity are gaps.
Curve mistake_curve(std::size_t form, const char* name, bool of_gradient, int color,
                    Mark mark = Mark::kLine) {
  Curve curve{name, {}, color, mark};
  for (int m = 0; m <= kLastMargin; ++m) {
    const AtMargin at = at_margin(loss_forms<float>()[form], m);
    curve.points.push_back({static_cast<double>(m), of_gradient ? at.gradient : at.loss});
  }
  return curve;
}

Figure mistakes() {
  Figure figure{.name = "04_mistake", .height = 440};
  figure.title = "The loss and its gradient for a growing mistake";
  figure.line = "Logits (0, m) in float, label 0. A curve ends where its value becomes ∞ or NaN.";
  for (const bool of_gradient : {false, true}) {
    Panel panel{
        .left = of_gradient ? 450 : 72, .right = of_gradient ? kCardRight : 362, .top = 132, .bottom = 376};
    panel.title = of_gradient ? "Its gradient" : "The loss";
    panel.line =
        of_gradient ? "with respect to the logit of the label; correct: nearly −1" : "correct: nearly m";
    panel.x = {"margin m by which the wrong class leads", 0, kLastMargin, 20};
    panel.y = of_gradient ? Axis{"", -1.1, 0.1, 0.25} : Axis{"", 0, 125, 25};
    panel.curves = {mistake_curve(4, "from logits", of_gradient, kBlue),
                    mistake_curve(2, "softmax, log(p + 1e-7)", of_gradient, kOrange),
                    mistake_curve(1, "softmax, log", of_gradient, kGreen, Mark::kDashes),
                    mistake_curve(0, "softmax_naive, log", of_gradient, kInk, Mark::kDots)};
    // Every tenth point, so that the curve below the dots is seen.
    std::vector<Point> few;
    for (const Point& p : panel.curves[3].points) {
      if (std::fmod(p.x, 8) == 0) few.push_back(p);
    }
    panel.curves[3].points = few;
    figure.panels.push_back(panel);
  }
  figure.panels[0].texts = {{"from logits", 118, 80, kBlue, Align::kRight},
                            {"log(p + 1e-7): stuck at 16.1", 118, 23, kOrange, Align::kRight},
                            {"softmax, log: ∞ from 104", 98, 114, kGreen, Align::kRight},
                            {"softmax\\\\_naive, log: ∞ from 89", 76, 92, kInk, Align::kRight}};
  figure.panels[1].texts = {{"log(p + 1e-7): gradient lost", 118, -0.08, kOrange, Align::kRight},
                            {"from logits", 118, -1.05, kBlue, Align::kRight},
                            {"softmax, log, both: NaN from 89", 118, -0.92, kGreen, Align::kRight}};
  return figure;
}

// Accuracy on the test images, in percent, after each epoch.
Curve placement_curve(const LossForm<float>& form, const Mnist& mnist, const PlacementSettings& settings,
                      int color, Mark mark) {
  const auto test = image_rows(mnist.test, 0, mnist.test.count, settings.unit);
  const auto right = [&](const LinearClassifier<float>& model) {
    return 100 * accuracy(argmax_rows(model.logits(test).values), mnist.test.labels);
  };
  Curve curve{std::string(form.name), {}, color, mark};
  const auto result = train_with(form, mnist, settings, [&](const LinearClassifier<float>& model) {
    curve.points.push_back({static_cast<double>(curve.points.size()) + 1, right(model)});
  });
  // NaN ended the training, and the accuracy stays what it is.
  while (result.first_nan > 0 && curve.points.size() < static_cast<std::size_t>(settings.epochs))
    curve.points.push_back({static_cast<double>(curve.points.size()) + 1, curve.points.back().y});
  return curve;
}

Panel placement_panel(bool left, const Mnist& mnist, const PlacementSettings& settings) {
  Panel panel{.left = left ? 72 : 450, .right = left ? 360 : kCardRight, .top = 132, .bottom = 376};
  panel.x = {"epoch", 1, 10, 1};
  panel.y = {left ? "test accuracy, in percent" : "", 0, 100, 20};
  const std::array<int, 5> colors = {kInk, kSky, kOrange, kBlue, kGreen};
  const std::array<Mark, 5> marks = {Mark::kLine, Mark::kDashes, Mark::kLine, Mark::kLine, Mark::kLine};
  const auto forms = placements();
  for (std::size_t i = 0; i < forms.size(); ++i)
    panel.curves.push_back(placement_curve(forms[i], mnist, settings, colors[i], marks[i]));
  return panel;
}

Figure placement(const Mnist& mnist) {
  Figure figure{.name = "04_placement", .height = 436};
  figure.title = "The placement of softmax decides whether the network learns";
  figure.line =
      "One linear classifier, equal initial weights, 1,500 images: the runs differ only in how the loss is "
      "computed.";
  Panel raw = placement_panel(true, mnist, {.unit = 1, .learning_rate = 1e-4f}),
        scaled = placement_panel(false, mnist, {});
  raw.title = "Pixels 0 to 255: large logits", raw.line = "learning rate 0.0001";
  scaled.title = "Pixels 0 to 1: small logits", scaled.line = "learning rate 0.2";
  const auto last = [](const Panel& panel, std::size_t i) { return panel.curves[i].points.back().y; };
  raw.texts = {{"from logits", 9.8, last(raw, 3) + 6, kBlue, Align::kRight},
               {"log(p + 1e-7)", 9.8, last(raw, 2) - 7, kOrange, Align::kRight},
               {"softmax twice", 9.8, last(raw, 4) + 6, kGreen, Align::kRight},
               {"softmax, then log: NaN at step 1", 9.8, last(raw, 0) - 6, kInk, Align::kRight}};
  scaled.texts = {{"all others (they coincide)", 9.8, last(scaled, 3) + 6, kBlue, Align::kRight},
                  {"softmax twice", 9.8, last(scaled, 4) - 7, kGreen, Align::kRight}};
  figure.panels = {raw, scaled};
  return figure;
}

Figure weights(const Mnist& mnist) {
  constexpr double kTop = 92, kTile = 132, kStepX = 147, kStepY = 168;
  const std::size_t side = mnist.train.width, width = mnist.train.height * side;
  LinearClassifier<float> model(width, kClasses);
  for_each_batch(mnist.train, {.epochs = 10},
                 [&](const auto& x, const auto labels, int) { descent_step(model, x, labels, 0.2f); });
  Figure figure{.name = "04_weights", .height = static_cast<int>(kTop + 2 * kStepY)};
  figure.title = "The weights of the ten neurons of the linear classifier";
  figure.line =
      "784 weights per neuron, as an image. Ink on a blue pixel raises the logit of the digit, ink on an "
      "orange pixel lowers it.";
  double full = 0;
  for (const float w : model.weights.values()) full = std::max(full, std::abs(static_cast<double>(w)));
  for (std::size_t digit = 0; digit < kClasses; ++digit) {
    const double left = kCardBorder + kStepX * static_cast<double>(digit % 5),
                 top = kTop + kStepY * static_cast<double>(digit / 5);
    Grid grid{fmt::format("neuron {}", digit),
              left,
              top,
              kTile / static_cast<double>(side),
              side,
              {},
              Shades::kSigned,
              0.6 * full};
    for (std::size_t k = 0; k < width; ++k)
      grid.values.push_back(static_cast<double>(model.weights(k, digit)));
    figure.rectangles.push_back({left - 1, top - 1, kTile + 2, kTile + 2, kFaint});
    figure.grids.push_back(grid);
    figure.texts.push_back(
        {std::to_string(digit), left + kTile / 2, top + kTile + 18, kInk, 18, Align::kCenter, true});
  }
  return figure;
}

// -log p for probabilities from 0.01 to 1.
Panel loss_panel() {
  Panel panel{.left = 72, .right = 362, .top = 132, .bottom = 376};
  panel.title = "The loss of one example", panel.line = "−log p, p: the probability of its label";
  panel.x = {"probability p of the label", 0, 1, 0.2};
  panel.y = {"", 0, 5, 1};
  Curve curve{"-log p", {}, kBlue}, dots{"two forecasts", {}, kOrange, Mark::kDots};
  for (int i = 1; i <= 200; ++i) curve.points.push_back({i / 200.0, -std::log(i / 200.0)});
  for (const double p : {0.4, 0.01}) dots.points.push_back({p, -std::log(p)});
  panel.curves = {curve, dots};
  panel.texts = {{"p = 0.01: 4.605", 0.05, 4.605, kOrange}, {"p = 0.4: 0.916", 0.43, 1.05, kOrange}};
  return panel;
}

// The derivatives of cross-entropy and squared error with respect to the label's logit.
Panel derivative_panel() {
  Panel panel{.left = 450, .right = kCardRight, .top = 132, .bottom = 376};
  panel.title = "The derivative of two losses", panel.line = "with respect to the logit of the label";
  panel.x = {"margin m by which the wrong class leads", -6, 10, 2};
  panel.y = {"", -1.1, 0.1, 0.25};
  Curve entropy{"cross-entropy", {}, kBlue}, squared{"squared error", {}, kOrange};
  for (int i = -60; i <= 100; ++i) {
    const double m = i / 10.0;
    entropy.points.push_back({m, true_gradient(m)});
    squared.points.push_back({m, squared_error_at(m).derivative});
  }
  panel.curves = {entropy, squared};
  panel.texts = {{"cross-entropy", 9.6, -0.9, kBlue, Align::kRight},
                 {"squared error", 9.6, -0.1, kOrange, Align::kRight}};
  return panel;
}

Figure loss_figure() {
  Figure figure{.name = "04_loss", .height = 440};
  figure.title = "A confident mistake costs most, and must teach most";
  figure.line = "Right: logits (0, m), label 0. The larger m, the more confident the mistake.";
  figure.panels = {loss_panel(), derivative_panel()};
  return figure;
}

std::vector<Figure> make() {
  const Mnist mnist = load_mnist_sample();
  return {network_strip("04_strip", {Part::kLoss}),
          loss_figure(),
          mistakes(),
          forms(),
          placement(mnist),
          weights(mnist)};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("04_from_logits", argc, argv, nn::plots::make); }
