#include "canvas.hpp"

#include <fmt/format.h>

#include "figure.hpp"
#include "style.hpp"

namespace nn::plots {

void Canvas::rectangle(double left, double top, double width, double height, int colour) {
  rectangles_.emplace_back(left, top, left, left + width, top, top + height, colour);
}

void Canvas::text(double x, double y, const std::string& text, const TextStyle& style, int colour) {
  gnuplot_ << fmt::format("set label \"{}\" at {},{} {} front font ',{}' textcolor rgb {}\n",
                          style.bold ? "{/:Bold " + text + "}" : text, x, y, style.align, style.size, colour);
}

void Canvas::image(double left, double top, double side, std::span<const std::uint8_t> pixels,
                   std::size_t width) {
  // 8 grays look like all 256, and neighbours of one gray become one rectangle: a fifth of the file.
  const auto gray = [&](std::size_t i) { return (pixels[i] * 7 + 127) / 255 * 255 / 7; };
  const std::size_t height = pixels.size() / width;
  rectangle(left, top, side * static_cast<double>(width), side * static_cast<double>(height), 0);
  for (std::size_t i = 0; i < pixels.size();) {
    const std::size_t row = i / width, begin = i;
    while (i < (row + 1) * width && gray(i) == gray(begin)) ++i;
    if (gray(begin) == 0) continue;
    rectangle(left + side * static_cast<double>(begin % width), top + side * static_cast<double>(row),
              side * static_cast<double>(i - begin), side, gray(begin) * 0x010101);
  }
}

void Canvas::show() {
  use_panel(gnuplot_, {0, kWidth, 0, height_});
  gnuplot_ << fmt::format("unset tics\nunset grid\nset xrange [0:{}]\nset yrange [{}:0]\n", kWidth, height_);
  send_data(gnuplot_, "rectangles", rectangles_);
  gnuplot_ << "plot $rectangles with boxxyerror fillstyle solid noborder linecolor rgb variable title "
              "'rectangles'\n";
}

}  // namespace nn::plots
