#include "common/figures/figure.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "common/finite.hpp"

namespace nn {
namespace {

// A field of a CSV file, in quotes where it must be.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n") == text.npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string number(double x) { return is_nan(x) ? "nan" : fmt::format("{}", x); }

void append(std::string& csv, const std::string& part, const Curve& curve) {
  for (const Point& p : curve.points) {
    csv += fmt::format("{},{},{},{}\n", field(part), field(curve.name), number(p.x), number(p.y));
  }
}

// share of the way from one color to another, each 0xRRGGBB.
int mixed(int from, int to, double share) {
  int color = 0;
  for (const int shift : {16, 8, 0}) {
    const int a = (from >> shift) & 0xff, b = (to >> shift) & 0xff;
    color |= static_cast<int>(std::lround(a + (b - a) * share)) << shift;
  }
  return color;
}

}  // namespace

Grid image_grid(const std::string& name, double left, double top, double cell,
                std::span<const std::uint8_t> pixels, std::size_t width) {
  Grid grid{name, left, top, cell, width, {}};
  for (const std::uint8_t pixel : pixels) grid.values.push_back(pixel / 255.0);
  return grid;
}

int shade(Shades shades, double value, double full) {
  if (is_nan(value)) return kInk;
  const double share = std::clamp(value / full, -1.0, 1.0);
  if (shades == Shades::kGray) return mixed(0, kWhite, std::max(share, 0.0));
  return mixed(kWhite, share < 0 ? kOrange : kBlue,
               shades == Shades::kShare ? std::max(share, 0.0) : std::abs(share));
}

std::string as_plain(const std::string& text) {
  std::string plain;
  for (const char c : text) {
    if (std::string("_^{}@&~").find(c) != std::string::npos) plain += "\\\\";
    if (c == '\\' || c == '"') plain += c == '"' ? "\\" : "\\\\\\";
    plain += c;
  }
  return plain;
}

std::string grouped(std::size_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string figure_as_csv(const Figure& figure) {
  std::string csv = "part,series,x,y\n";
  for (const Panel& panel : figure.panels) {
    for (const Curve& curve : panel.curves) append(csv, panel.title, curve);
  }
  for (const Grid& grid : figure.grids) {
    for (std::size_t i = 0; i < grid.values.size(); ++i) {
      csv += fmt::format("{},{},{},{}\n", field(grid.name), fmt::format("row {}", i / grid.cols),
                         i % grid.cols, number(grid.values[i]));
    }
  }
  for (const Curve& curve : figure.data) append(csv, figure.name, curve);
  return csv;
}

}  // namespace nn
