// Where softmax as the formula says breaks: the same constant added to all scores should change nothing.
#include <fmt/format.h>

#include "03_softmax/softmax.hpp"
#include "common/finite.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

constexpr float kScores[] = {3, 2, -2};
constexpr int kColours[] = {kBlue, kOrange, kGreen};

template <class Softmax>
Panel panel_of(int top, const char* title, const char* line, const Softmax& softmax_form) {
  Panel panel{.left = 66, .right = kCardRight, .top = top, .bottom = top + 120};
  panel.title = title, panel.line = line;
  panel.x = {"the constant c that is added to all three scores", -120, 120, 20};
  panel.y = {"probability", -0.03, 1.03, 0.5};
  for (std::size_t j = 0; j < 3; ++j) {
    Curve curve{fmt::format("{} + c", kScores[j]), {}, kColours[j]};
    for (int i = -240; i <= 240; ++i) {
      const float c = static_cast<float>(i) / 2;
      const Logits<float> z(Matrix<float>{{kScores[0] + c, kScores[1] + c, kScores[2] + c}});
      curve.points.push_back({static_cast<double>(c), static_cast<double>(softmax_form(z).values(0, j))});
    }
    panel.curves.push_back(curve);
  }
  return panel;
}

// The name of the largest stretch without a number, at its middle.
void name_gaps(Panel& panel) {
  const std::vector<Point> points = panel.curves[0].points;  // a copy: a further curve may move the others
  for (std::size_t i = 0; i < points.size();) {
    std::size_t end = i;
    while (end < points.size() && is_nan(points[end].y)) ++end;
    if (end > i + 10) {
      panel.texts.push_back({"NaN", (points[i].x + points[end - 1].x) / 2, 0.5, kInk, Align::kCenter});
      const double edge = points[i].x > 0 ? points[i].x : points[end - 1].x;
      panel.curves.push_back({"edge", {{edge, 0}, {edge, 1}}, kQuiet, Mark::kDashes, 1});
    }
    i = end + 1;
  }
}

std::vector<Figure> make() {
  Figure figure{.name = "03_overflow", .height = 530};
  figure.title = "The formula breaks, the maximum taken away saves it";
  figure.line =
      "Softmax of (3 + c, 2 + c, −2 + c) in float: on paper no c "
      "changes anything.";
  Panel naive = panel_of(
      132, "softmax\\\\_naive: exp of the scores as they are",
      "too large a score: infinity / infinity; too small ones: 0 / 0, and before that digits are lost",
      softmax_naive<float>);
  Panel good = panel_of(348, "softmax: the row’s maximum taken away first",
                        "the largest exponential is always exp(0) = 1",
                        [](const Logits<float>& z) { return softmax(z); });
  name_gaps(naive);
  for (Panel* panel : {&naive, &good}) {
    panel->texts.push_back({"3 + c", -30, 0.63, kBlue});
    panel->texts.push_back({"2 + c", -30, 0.36, kOrange});
    panel->texts.push_back({"−2 + c", -30, 0.09, kGreen});
  }
  figure.panels = {naive, good};
  return {figure};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("03_overflow", argc, argv, nn::plots::make); }
