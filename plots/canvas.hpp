// A card to draw on freely: rectangles and text at pixels, x to the right and y down. What gnuplot has no chart for.
#pragma once

#include <cstdint>
#include <gnuplot-iostream.h>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace nn::plots {

struct TextStyle {
  int size;
  const char* align = "left";  // of the text at x: left, center, right
  bool bold = false;
};

class Canvas {
 public:
  // height: the card's. colours: 0xRRGGBB.
  Canvas(Gnuplot& gnuplot, int height) : gnuplot_(gnuplot), height_(height) {}

  // Later ones lie on top; text lies above them all.
  void rectangle(double left, double top, double width, double height, int colour);
  // y: the middle of the text's height.
  void text(double x, double y, const std::string& text, const TextStyle& style, int colour);
  // A gray image of `width` pixels a row, each a square of `side`: white on black.
  void image(double left, double top, double side, std::span<const std::uint8_t> pixels, std::size_t width);

  // Draws it all; the last call.
  void show();

 private:
  using Rectangle =
      std::tuple<double, double, double, double, double, double, int>;  // as boxxyerror wants it
  std::vector<Rectangle> rectangles_;
  Gnuplot& gnuplot_;
  int height_;
};

}  // namespace nn::plots
