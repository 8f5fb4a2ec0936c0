#include "common/figures/gnuplot_script.hpp"

#ifndef NN_HAS_GNUPLOT_IOSTREAM

namespace nn {
bool has_gnuplot_iostream() { return false; }
bool write_gnuplot_script(std::FILE*, const Figure&, const std::string&) { return false; }
}  // namespace nn

#else

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <gnuplot-iostream.h>
#include <iterator>
#include <tuple>
#include <unistd.h>

#include "common/finite.hpp"

namespace nn {
namespace {

// Names the rows as data inside gnuplot's own script:  plot $NAME using 1:2. Temporary files would leave their
// names in the SVG.
template <class Rows>
void send_data(Gnuplot& gnuplot, const std::string& name, const Rows& rows) {
  gnuplot << "$" << name << " << e\n";  // send1d ends the rows with a line "e"
  gnuplot.send1d(rows);
}

// A text in gnuplot's double quotes; bold if so.
std::string quoted(const std::string& text, bool bold = false) {
  return bold ? "\"{/:Bold " + text + "}\"" : "\"" + text + "\"";
}

const char* name_of(Align align) {
  return align == Align::kLeft ? "left" : align == Align::kCenter ? "center" : "right";
}

// Windows take a font's size for points, of which there are 72 where a screen has 96 pixels. wxt can be told to scale them;
// qt does not scale those that are given with a text.
constexpr double kPointsOfPixel = 0.75;

// A PNG has two pixels for one of the page, so that it is sharp on a good screen.
std::string terminal_command(const Figure& figure, const std::string& terminal) {
  const int w = kCardWidth, h = figure.height;
  const std::string font = fmt::format("font 'sans-serif,{}' enhanced", kTextSize);
  if (terminal == "svg") {
    return fmt::format("svg size {},{} fixed {} background '#ffffff' name '{}'", w, h, font, figure.name);
  }
  if (terminal == "pngcairo") {
    return fmt::format("pngcairo size {},{} fontscale 1.5 linewidth 2 pointscale 2 {} background '#ffffff'",
                       2 * w, 2 * h, font);
  }
  if (terminal == "pdfcairo") {
    return fmt::format("pdfcairo size {}in,{}in fontscale 0.75 linewidth 0.75 pointscale 0.75 {}", w / 96.0,
                       h / 96.0, font);
  }
  const std::string scale = terminal == "wxt" ? fmt::format("fontscale {} ", kPointsOfPixel) : "";
  return fmt::format("{} size {},{} {}{} title '{}'", terminal, w, h, scale, font, figure.name);
}

void begin_card(Gnuplot& gnuplot, const Figure& figure, const std::string& terminal) {
  gnuplot << fmt::format(
      "set encoding utf8\n"
      "set terminal {}\n"
      "px(x) = x / {}.0\n"  // where on gnuplot's screen a pixel of the card is
      "py(y) = 1 - y / {}.0\n"
      // Of a font, whole for qt. gnuplot wants a quote to see a text: ''.size(12).
      "size(pixels) = sprintf(',%.0f', {} * pixels)\n"
      "set multiplot\n"
      "set minussign\n"
      "unset key\n"
      "unset border\n",  // the grid's outer lines are the axes, and lie behind the curves
      terminal_command(figure, terminal), kCardWidth, figure.height, terminal == "qt" ? kPointsOfPixel : 1);
}

// The plots that follow go between these pixels of the card.
void use_area(Gnuplot& gnuplot, int left, int right, int top, int bottom) {
  gnuplot << fmt::format(
      "set lmargin at screen px({})\nset rmargin at screen px({})\n"
      "set tmargin at screen py({})\nset bmargin at screen py({})\n",
      left, right, top, bottom);
}

void label(Gnuplot& gnuplot, const Text& text) {
  gnuplot << fmt::format("set label {} at screen px({}),py({}) {} front font ''.size({}) textcolor rgb {}\n",
                         quoted(text.text, text.bold), text.x, text.y, name_of(text.align), text.size,
                         text.color);
}

// The grid as pixels and their colors, as rgbimage wants them. Every cell becomes some pixels by some, so that what
// blurs between two pixels is little of a cell. In one text: the library sends rows one system call each.
std::string pixels(const Grid& grid) {
  const std::size_t n = grid.values.size() < 400 ? 8 : 4;
  const double side = static_cast<double>(n), width = grid.cell / side, height = grid.row_height() / side;
  std::string rows;
  for (std::size_t y = 0; y < grid.rows() * n; ++y) {
    const double at_y = grid.top + height * (static_cast<double>(y) + 0.5);
    for (std::size_t x = 0; x < grid.cols * n; ++x) {
      const int color = shade(grid.shades, grid.values[y / n * grid.cols + x / n], grid.full);
      fmt::format_to(std::back_inserter(rows), "{:.6g} {:.6g} {} {} {}\n",
                     grid.left + width * (static_cast<double>(x) + 0.5), at_y, color >> 16,
                     (color >> 8) & 0xff, color & 0xff);
    }
  }
  return rows;
}

// Everything on the card itself, including its title.
void draw_card(Gnuplot& gnuplot, const Figure& figure) {
  use_area(gnuplot, 0, kCardWidth, 0, figure.height);
  label(gnuplot, {figure.title, kCardBorder, 31, kInk, kTitleSize, Align::kLeft, true});
  label(gnuplot, {figure.line, kCardBorder, 56, kQuiet, kTextSize});
  for (const Text& text : figure.texts) label(gnuplot, text);
  gnuplot << fmt::format("unset tics\nset xrange [0:{}]\nset yrange [{}:0]\n", kCardWidth, figure.height);
  using Box = std::tuple<double, double, double, double, double, double, int>;  // as boxxyerror wants it
  std::vector<Box> boxes = {{0, 0, 0, kCardWidth, 0, figure.height, kWhite}};
  for (const auto& [left, top, width, height, color] : figure.rectangles)
    boxes.emplace_back(left, top, left, left + width, top, top + height, color);
  send_data(gnuplot, "boxes", boxes);
  for (std::size_t i = 0; i < figure.grids.size(); ++i)
    gnuplot << fmt::format("$grid{} << e\n{}e\n", i, pixels(figure.grids[i]));
  gnuplot << "plot $boxes with boxxyerror fillstyle solid noborder linecolor rgb variable title 'rectangles'";
  for (std::size_t i = 0; i < figure.grids.size(); ++i)
    gnuplot << fmt::format(", $grid{0} using 1:2:3:4:5 with rgbimage title 'grid {0}'", i);
  gnuplot << "\nunset label\n";
}

// axis: x or y; offset: the position of its label.
void use_axis(Gnuplot& gnuplot, const char* name, const Axis& axis, const char* offset) {
  gnuplot << fmt::format("unset logscale {0}\nset {0}range [{1}:{2}]\n", name, axis.from, axis.to)
          << fmt::format("{} logscale {}\n", axis.logarithmic ? "set" : "unset", name)
          << fmt::format("set format {} '{}'\n", name, axis.logarithmic ? "10^{%T}" : "%h")
          << fmt::format("set {}label {} offset {} textcolor rgb {} font ''.size({})\n", name,
                         quoted(axis.label), offset, kQuiet, kSmallSize)
          << fmt::format("set {}tics nomirror scale 0 textcolor rgb {} font ''.size({}) offset {}\n", name,
                         kQuiet, kSmallSize, *name == 'x' ? "0,0.3" : "0,0");
  if (!axis.names.empty()) {
    std::string tics;
    for (const auto& [at, text] : axis.names)
      tics += fmt::format("{}{} {}", tics.empty() ? "" : ",", quoted(text), at);
    gnuplot << fmt::format("set {}tics ({})\n", name, tics);
  } else if (axis.tick > 0) {
    gnuplot << fmt::format("set {}tics {}\n", name, axis.tick);
  } else {
    gnuplot << fmt::format("set {}tics autofreq\n", name);
  }
}

std::string look(const Curve& curve) {
  const std::string color = fmt::format("linecolor rgb {}", curve.color);
  const std::string line = fmt::format("linewidth {} {}", curve.width, color);
  switch (curve.mark) {
    case Mark::kLine:
      return "with lines " + line;
    case Mark::kDashes:
      return "with lines dashtype (5,4) " + line;
    case Mark::kDots:
      return "with points pointtype 7 pointsize 0.6 " + color;
    case Mark::kLineAndDots:
      break;
  }
  return "with linespoints pointtype 7 pointsize 0.6 " + line;
}

std::vector<std::pair<double, double>> drawable(const Curve& curve) {
  std::vector<std::pair<double, double>> points;
  for (const Point& p : curve.points) points.emplace_back(p.x, is_finite(p.y) ? p.y : std::nan(""));
  return points;
}

bool has_points(const Curve& curve) {
  return std::any_of(curve.points.begin(), curve.points.end(), [](const Point& p) { return is_finite(p.y); });
}

void draw_panel(Gnuplot& gnuplot, const Panel& panel, const std::string& number) {
  use_area(gnuplot, panel.left, panel.right, panel.top, panel.bottom);
  gnuplot << fmt::format("set grid back linetype 1 linewidth 1 linecolor rgb {}\n", kFaint);
  use_axis(gnuplot, "x", panel.x, "0,0.7");
  use_axis(gnuplot, "y", panel.y, "1.2,0");
  const int size = panel.line.empty() ? kSmallSize : kTextSize;
  label(gnuplot,
        {panel.title, static_cast<double>(panel.left),
         static_cast<double>(panel.top - (panel.line.empty() ? 14 : 34)), kInk, size, Align::kLeft, true});
  label(gnuplot, {panel.line, static_cast<double>(panel.left), static_cast<double>(panel.top - 16), kQuiet});
  for (const PanelText& text : panel.texts) {
    gnuplot << fmt::format("set label {} at {},{} {} front font ''.size({}) textcolor rgb {}\n",
                           quoted(text.text), text.x, text.y, name_of(text.align), kSmallSize, text.color);
  }
  std::string plot;
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    const Curve& curve = panel.curves[i];
    if (!has_points(curve)) continue;
    const std::string data = fmt::format("curve{}_{}", number, i);
    send_data(gnuplot, data, drawable(curve));
    plot +=
        fmt::format("{} ${} using 1:2 {} title '{}'", plot.empty() ? "plot" : ",", data, look(curve), data);
  }
  gnuplot << plot << "\nunset label\n";
}

}  // namespace

bool has_gnuplot_iostream() { return true; }

bool write_gnuplot_script(std::FILE* pipe, const Figure& figure, const std::string& terminal) {
  Gnuplot gnuplot(::fdopen(::dup(::fileno(pipe)), "w"));  // it closes what it is given
  begin_card(gnuplot, figure, terminal);
  draw_card(gnuplot, figure);
  for (std::size_t i = 0; i < figure.panels.size(); ++i)
    draw_panel(gnuplot, figure.panels[i], std::to_string(i));
  gnuplot << "unset multiplot\n" << std::flush;
  return gnuplot.good();
}

}  // namespace nn

#endif
