// A picture as data: curves, small images and words, before anything is drawn. draw_figure.hpp makes a file of it.
// The house style is here and in draw_figure.cpp, and nowhere else. All lengths are pixels on the page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nn {

inline constexpr int kCardWidth = 760;
inline constexpr int kCardBorder = 20;  // nothing but the card nearer to its edge
inline constexpr int kCardRight = kCardWidth - kCardBorder;

// Colors that the eyes of all of us tell apart (after Okabe and Ito, "Color Universal Design", 2008; the green is
// darker than theirs, which blue-blind eyes would take for the blue), the first three dark enough for text on white.
inline constexpr int kBlue = 0x0072b2, kOrange = 0xc65500, kGreen = 0x004d38, kSky = 0x4aa3d8;
// And grays.
inline constexpr int kInk = 0x1f2933;
inline constexpr int kQuiet = 0x5f6b7a;  // what is read second
inline constexpr int kFaint = 0xd5dae1;  // grid and axes
inline constexpr int kWhite = 0xffffff;

inline constexpr int kTitleSize = 18, kTextSize = 13, kSmallSize = 12;

struct Point {
  double x = 0, y = 0;  // y that is not finite: a gap
};

enum class Mark { kLine, kDashes, kDots, kLineAndDots };

struct Curve {
  std::string name = {};  // in the CSV; on the picture a PanelText beside the curve says it
  std::vector<Point> points = {};
  int color = kBlue;
  Mark mark = Mark::kLine;
  double width = 2.5;
};

// In all texts x^2, x_1 and {/:Bold x} work as in gnuplot; as_plain() takes the meaning away. No other font in the
// middle of a line: some programs that show SVG swallow the blanks around it.
enum class Align { kLeft, kCenter, kRight };

struct PanelText {
  std::string text;
  double x = 0, y = 0;  // on the panel's axes; the middle of the text's height
  int color = kInk;
  Align align = Align::kLeft;
};

struct Axis {
  std::string label = {};
  double from = 0, to = 1;
  double tick =
      0;  // from one to the next; on a logarithmic axis the factor between them; 0: as gnuplot likes
  bool logarithmic = false;
  std::vector<std::pair<double, std::string>> names = {};  // these in the place of numbers
};

// Axes with curves. Its edges count from the card's top left corner; the captions need 46 pixels above it.
struct Panel {
  int left = 0, right = 0, top = 0, bottom = 0;
  std::string title = {}, line = {};  // what one is to see, and a quieter line below it
  Axis x = {}, y = {};
  std::vector<Curve> curves = {};
  std::vector<PanelText> texts = {};
};

// How the numbers of a grid become colors.
enum class Shades {
  kGray,    // 0 black to 1 white: a picture as it is
  kShare,   // 0 white to 1 blue
  kSigned,  // -1 orange, 0 white, 1 blue
};

// Numbers as cells: a small image, a matrix.
struct Grid {
  std::string name = {};
  double left = 0, top = 0, cell = 1;  // its corner, and how wide a cell is
  std::size_t cols = 0;
  std::vector<double> values = {};  // row by row
  Shades shades = Shades::kGray;
  double full = 1;         // the value that gets the full color
  double cell_height = 0;  // 0: as high as wide

  std::size_t rows() const { return cols == 0 ? 0 : values.size() / cols; }
  double width() const { return cell * static_cast<double>(cols); }
  double row_height() const { return cell_height > 0 ? cell_height : cell; }
  double height() const { return row_height() * static_cast<double>(rows()); }
};

struct Rectangle {
  double left, top, width, height;
  int color;
};

struct Text {
  std::string text;
  double x, y;  // the middle of the text's height
  int color = kInk, size = kSmallSize;
  Align align = Align::kLeft;
  bool bold = false;
};

struct Figure {
  std::string name;  // NAME.svg
  int height = 0;
  std::string title = {}, line = {};  // what there is to see, and a quieter line below it
  std::vector<Panel> panels = {};
  // On the card itself, under the panels; later ones lie on top, texts above all.
  std::vector<Rectangle> rectangles = {};
  std::vector<Grid> grids = {};
  std::vector<Text> texts = {};
  // Numbers that the rectangles and texts show, for the CSV.
  std::vector<Curve> data = {};
};

// A gray image of `width` pixels a row as a grid.
Grid image_grid(const std::string& name, double left, double top, double cell,
                std::span<const std::uint8_t> pixels, std::size_t width);

// 0xRRGGBB of a number in a grid; beyond the full value as at it.
int shade(Shades shades, double value, double full);

// The text with nothing in it that gnuplot would take for a command.
std::string as_plain(const std::string& text);

// "945", "5,000"
std::string grouped(std::size_t count);

// All numbers of the figure: the lines  part,series,x,y  under a line that says so. part is a panel's title or a
// grid's name; a grid's series are its rows, x the column.
std::string figure_as_csv(const Figure& figure);

}  // namespace nn
