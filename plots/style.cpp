#include "style.hpp"

namespace nn::plots {

void begin_figure(Gnuplot& gnuplot, const std::string& name, int height) {
  gnuplot << fmt::format(
      "set encoding utf8\n"
      "set terminal svg size {0},{1} fixed font 'sans-serif,{2}' enhanced background '#ffffff' name '{3}'\n"
      "px(x) = x / {0}.0\n"  // where on gnuplot's screen a pixel of the card is
      "py(y) = 1 - y / {1}.0\n"
      "set multiplot\n"
      "set minussign\n"
      "unset key\n"
      "unset border\n"  // the grid's outer lines are the axes, and lie behind the curves
      "set grid back linetype 1 linewidth 1 linecolor rgb {4}\n"
      "set tics nomirror scale 0 textcolor rgb {5} font ',{6}'\n"
      "set xtics offset 0,0.3\n"
      "set xlabel offset 0,0.9 textcolor rgb {5} font ',{6}'\n"
      "set ylabel offset 3,0 textcolor rgb {5} font ',{6}'\n",
      kWidth, height, kTextSize, name, kFaint, kQuiet, kSmallSize);
}

// Text whose first line begins at a pixel of the card.
static void text_at(Gnuplot& gnuplot, const std::string& text, int x, int y, int size, int colour) {
  gnuplot << fmt::format("set label \"{}\" at screen px({}),py({}) font ',{}' textcolor rgb {}\n", text, x, y,
                         size, colour);
}

void headline(Gnuplot& gnuplot, const std::string& title, const std::string& line) {
  text_at(gnuplot, "{/:Bold " + title + "}", kBorder, 36, kTitleSize, kInk);
  text_at(gnuplot, line, kBorder, 60, kTextSize, kQuiet);
}

void caption(Gnuplot& gnuplot, const Panel& panel, const std::string& title, const std::string& line) {
  text_at(gnuplot, "{/:Bold " + title + "}", panel.left, panel.top - 32, kTextSize, kInk);
  text_at(gnuplot, line, panel.left, panel.top - 14, kSmallSize, kQuiet);
}

void curve_label(Gnuplot& gnuplot, const std::string& text, double x, double y, int colour) {
  gnuplot << fmt::format("set label \"{}\" at {},{} font ',{}' textcolor rgb {}\n", text, x, y, kSmallSize,
                         colour);
}

void use_panel(Gnuplot& gnuplot, const Panel& panel) {
  gnuplot << fmt::format(
      "set lmargin at screen px({})\nset rmargin at screen px({})\n"
      "set tmargin at screen py({})\nset bmargin at screen py({})\n",
      panel.left, panel.right, panel.top, panel.bottom);
}

}  // namespace nn::plots
