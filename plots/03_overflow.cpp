// Where the literal formula of softmax overflows and underflows: adding a constant to all logits should change nothing.
#include <fmt/format.h>

#include "03_softmax/softmax.hpp"
#include "common/finite.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

constexpr float kScores[] = {3, 2, -2};
constexpr int kColors[] = {kBlue, kOrange, kGreen};

template <class Softmax>
Panel panel_of(int top, const char* title, const char* line, const Softmax& softmax_form) {
  Panel panel{.left = 66, .right = kCardRight, .top = top, .bottom = top + 120};
  panel.title = title, panel.line = line;
  panel.x = {"constant c added to all three logits", -150, 120, 30};
  panel.y = {"probability", -0.03, 1.03, 0.5};
  for (std::size_t j = 0; j < 3; ++j) {
    Curve curve{fmt::format("{} + c", kScores[j]), {}, kColors[j]};
    for (int i = -300; i <= 240; ++i) {
      const float c = static_cast<float>(i) / 2;
      const Logits<float> z(Matrix<float>{{kScores[0] + c, kScores[1] + c, kScores[2] + c}});
      curve.points.push_back({static_cast<double>(c), static_cast<double>(softmax_form(z).values(0, j))});
    }
    panel.curves.push_back(curve);
  }
  return panel;
}

// Names the ranges in which the result is NaN.
void name_gaps(Panel& panel) {
  const std::vector<Point> points = panel.curves[0].points;  // a copy: a further curve may move the others
  for (std::size_t i = 0; i < points.size();) {
    std::size_t end = i;
    while (end < points.size() && is_nan(points[end].y)) ++end;
    if (end > i + 10) {
      const bool overflows = points[i].x > 0;
      const double middle = (points[i].x + points[end - 1].x) / 2,
                   edge = overflows ? points[i].x : points[end - 1].x;
      panel.texts.push_back({overflows ? "overflow" : "underflow", middle, 0.72, kInk, Align::kCenter});
      panel.texts.push_back({overflows ? "∞ / ∞" : "0 / 0", middle, 0.52, kInk, Align::kCenter});
      panel.texts.push_back({"= NaN", middle, 0.32, kInk, Align::kCenter});
      panel.curves.push_back({"edge", {{edge, 0}, {edge, 1}}, kQuiet, Mark::kDashes, 1});
    }
    i = end + 1;
  }
}

std::vector<Figure> make() {
  Figure figure{.name = "03_overflow", .height = 530};
  figure.title = "Softmax computed literally overflows and underflows";
  figure.line = "Softmax of (3 + c, 2 + c, −2 + c) in float. In exact arithmetic c changes nothing.";
  Panel naive =
      panel_of(132, "softmax\\\\_naive", "takes exp of the logits themselves", softmax_naive<float>);
  Panel good =
      panel_of(348, "softmax", "subtracts the row’s maximum first: the largest exponential is exp(0) = 1",
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
