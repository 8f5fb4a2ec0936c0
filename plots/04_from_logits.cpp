// Where each form of the loss is right, how the placements of softmax train, and what the linear reader looks for.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "01_matrix/digits_as_matrix.hpp"
#include "04_from_logits/break_points.hpp"
#include "04_from_logits/placement.hpp"
#include "common/finite.hpp"
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

// A strip for each form: white where it is right, the darker the more wrong, black where it is no number.
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
  figure.title = "Only the loss from logits is right on both sides";
  figure.line =
      "Logits (0, m), the truth is class 0, in float. White: right. Orange: wrong, the darker the more. "
      "Black: ∞ or NaN.";
  add_strips(figure, "the loss", 124, false);
  add_strips(figure, "its gradient", 342, true);
  figure.texts.push_back({"← a right answer, ever more certain", kStripLeft, 532, kQuiet});
  figure.texts.push_back(
      {"margin m", (kStripLeft + kStripRight) / 2, 532, kQuiet, kSmallSize, Align::kCenter});
  figure.texts.push_back({"a mistake, ever larger →", kStripRight, 532, kQuiet, kSmallSize, Align::kRight});
  return figure;
}

// What one form says of mistakes of growing size; NaN and infinity are gaps.
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
  figure.title = "A mistake that grows, and who still sees it";
  figure.line = "Logits (0, m) in float, the truth is class 0. Where a curve ends it says ∞ or NaN.";
  for (const bool of_gradient : {false, true}) {
    Panel panel{
        .left = of_gradient ? 450 : 72, .right = of_gradient ? kCardRight : 362, .top = 132, .bottom = 376};
    panel.title = of_gradient ? "The slope that training gets" : "The loss";
    panel.line = of_gradient ? "along the logit of the truth; right: nearly −1" : "right: nearly m";
    panel.x = {"how wrong it is: the margin m", 0, kLastMargin, 20};
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
  figure.panels[1].texts = {{"log(p + 1e-7): forgets the worst", 118, -0.08, kOrange, Align::kRight},
                            {"from logits", 118, -1.05, kBlue, Align::kRight},
                            {"softmax, log, both: NaN from 89", 118, -0.92, kGreen, Align::kRight}};
  return figure;
}

// Share of right answers on the test images, in percent, after each epoch.
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
  // NaN ended the training: what it answers now it answers for ever.
  while (result.first_nan > 0 && curve.points.size() < static_cast<std::size_t>(settings.epochs))
    curve.points.push_back({static_cast<double>(curve.points.size()) + 1, curve.points.back().y});
  return curve;
}

Panel placement_panel(bool left, const Mnist& mnist, const PlacementSettings& settings) {
  Panel panel{.left = left ? 72 : 450, .right = left ? 360 : kCardRight, .top = 132, .bottom = 376};
  panel.x = {"epoch", 1, 10, 1};
  panel.y = {left ? "test images read right, in percent" : "", 0, 100, 20};
  const std::array<int, 5> colors = {kInk, kSky, kOrange, kBlue, kGreen};
  const std::array<Mark, 5> marks = {Mark::kLine, Mark::kDashes, Mark::kLine, Mark::kLine, Mark::kLine};
  const auto forms = placements();
  for (std::size_t i = 0; i < forms.size(); ++i)
    panel.curves.push_back(placement_curve(forms[i], mnist, settings, colors[i], marks[i]));
  return panel;
}

Figure placement(const Mnist& mnist) {
  Figure figure{.name = "04_placement", .height = 436};
  figure.title = "Where softmax stands decides whether it learns";
  figure.line =
      "One linear reader, the same start, 1,500 digits: only the way from scores to the loss differs.";
  Panel raw = placement_panel(true, mnist, {.unit = 1, .learning_rate = 1e-4f}),
        scaled = placement_panel(false, mnist, {});
  raw.title = "Pixels 0 to 255: large scores", raw.line = "learning rate 0.0001";
  scaled.title = "Pixels 0 to 1: small scores", scaled.line = "learning rate 0.2";
  const auto last = [](const Panel& panel, std::size_t i) { return panel.curves[i].points.back().y; };
  raw.texts = {{"from logits", 9.8, last(raw, 3) + 6, kBlue, Align::kRight},
               {"log(p + 1e-7)", 9.8, last(raw, 2) - 7, kOrange, Align::kRight},
               {"softmax twice", 9.8, last(raw, 4) + 6, kGreen, Align::kRight},
               {"softmax, then log: NaN at step 1", 9.8, last(raw, 0) - 6, kInk, Align::kRight}};
  scaled.texts = {{"all others, one upon the other", 9.8, last(scaled, 3) + 6, kBlue, Align::kRight},
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
  figure.title = "What each neuron of the linear reader looks for";
  figure.line =
      "Its 784 weights as an image. Ink where it is blue speaks for the digit, ink where it is orange "
      "against it.";
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

std::vector<Figure> make() {
  const Mnist mnist = load_mnist_sample();
  return {mistakes(), forms(), placement(mnist), weights(mnist)};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("04_from_logits", argc, argv, nn::plots::make); }
