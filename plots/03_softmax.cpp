// Softmax turns scores into shares of 1: a score that rises takes from the others, the same constant added to all
// changes nothing, a common factor does.
#include <fmt/format.h>

#include "03_softmax_points.hpp"
#include "figure.hpp"
#include "style.hpp"

namespace nn::plots {
namespace {

constexpr int kHeight = 500, kTop = 126, kBottom = kHeight - 62;
constexpr std::array<int, 3> kColours = {kBlue, kOrange, kGreen};

// The three probabilities as curves, and a dot on each where x = mark: there the scores are kScores.
void plot_curves(Gnuplot& gnuplot, double from, double to, double mark, const Scores& scores) {
  send_data(gnuplot, "curves", softmax_points(from, to, 121, scores));
  send_data(gnuplot, "dots", softmax_points(mark, mark, 2, scores));
  gnuplot << fmt::format(
      "set xrange [{}:{}]\nset yrange [-0.02:1.02]\n"
      "set arrow 1 from {},0 to {},1 nohead dashtype (2,4) linecolor rgb {}\n",
      from, to, mark, mark, kQuiet);
  for (int j = 0; j < 3; ++j) {
    gnuplot << fmt::format(
        "{} $curves using 1:{} with lines linewidth 2.5 linecolor rgb {} title 'curve {}',"
        " $dots using 1:{} with points pointtype 7 pointsize 0.6 linecolor rgb {} title 'dot {}'",
        j == 0 ? "plot" : ",", j + 2, kColours[j], j + 1, j + 2, kColours[j], j + 1);
  }
  gnuplot << "\n";
}

void rising_score(Gnuplot& gnuplot) {
  const Panel panel{66, 400, kTop, kBottom};
  use_panel(gnuplot, panel);
  caption(gnuplot, panel, "A score that rises takes from the others", "softmax of ({/:Italic z}, 2, −2)");
  gnuplot << "set xtics 2\nset ytics 0.25\nset xlabel 'the score {/:Italic z}'\nset ylabel 'probability'\n";
  curve_label(gnuplot, "score {/:Italic z}", 5, 0.88, kColours[0]);
  curve_label(gnuplot, "score 2", -3.8, 0.9, kColours[1]);
  curve_label(gnuplot, "score −2", -3.8, 0.06, kColours[2]);
  const auto [z, p, q, r] = softmax_points(3, 3, 2, first_score)[0];
  curve_label(gnuplot, fmt::format("{:.3f}", p), z + 0.25, p - 0.03, kColours[0]);
  curve_label(gnuplot, fmt::format("{:.3f}", q), z + 0.25, q + 0.02, kColours[1]);
  curve_label(gnuplot, fmt::format("{:.3f}", r), z + 0.25, r + 0.04, kColours[2]);
  plot_curves(gnuplot, -4, 8, 3, first_score);
}

void added_constant(Gnuplot& gnuplot) {
  const Panel panel{474, kWidth - kBorder, kTop, kTop + 104};
  use_panel(gnuplot, panel);
  caption(gnuplot, panel, "Adding changes nothing", "only the gaps between scores count");
  gnuplot << "set ytics 0.5\nset xlabel 'the common constant {/:Italic c}'\nset ylabel ''\n";
  curve_label(gnuplot, "3 + {/:Italic c}", 2.5, 0.83, kColours[0]);
  curve_label(gnuplot, "2 + {/:Italic c}", 2.5, 0.38, kColours[1]);
  curve_label(gnuplot, "−2 + {/:Italic c}", 2.5, 0.12, kColours[2]);
  plot_curves(gnuplot, -4, 4, 0, plus);
}

void common_factor(Gnuplot& gnuplot) {
  const Panel panel{474, kWidth - kBorder, kBottom - 104, kBottom};
  use_panel(gnuplot, panel);
  caption(gnuplot, panel, "Multiplying sharpens", "from equal shares to winner takes all");
  gnuplot << "set xtics 1\nset xlabel 'the common factor {/:Italic f}'\n";
  curve_label(gnuplot, "3 {/:Italic f}", 2.5, 0.8, kColours[0]);
  curve_label(gnuplot, "2 {/:Italic f}", 2.5, 0.2, kColours[1]);
  curve_label(gnuplot, "−2 {/:Italic f}", 0.48, 0.15, kColours[2]);
  plot_curves(gnuplot, 0, 4, 1, times);
}

void draw(Gnuplot& gnuplot) {
  headline(gnuplot, "Softmax turns scores into shares of 1",
           "Everywhere the three curves add up to 1. Dots: the scores (3, 2, −2) of the tiny network’s first "
           "example.");
  rising_score(gnuplot);
  gnuplot << "unset label\n";
  added_constant(gnuplot);
  gnuplot << "unset label\n";
  common_factor(gnuplot);
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) {
  return nn::plots::run_plot("03_softmax", nn::plots::kHeight, argc, argv, nn::plots::draw);
}
