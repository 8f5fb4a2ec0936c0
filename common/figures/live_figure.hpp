// A figure in a window that changes while the program works.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "common/figures/figure.hpp"

namespace nn {

// The window belongs to a gnuplot of its own; whatever becomes of that, the program goes on: a figure that gnuplot has
// no time for is left out, and after its death or the end of this object nothing more is drawn. The window stays.
class LiveFigure {
 public:
  // terminal: as window_terminal() says; "": there is no window.
  explicit LiveFigure(const std::string& terminal);
  ~LiveFigure();
  LiveFigure(const LiveFigure&) = delete;
  LiveFigure& operator=(const LiveFigure&) = delete;

  bool is_open() const { return pipe_ != nullptr; }
  void show(const Figure& figure);

 private:
  void close();

  std::string terminal_;
  std::FILE* pipe_ = nullptr;
};

// A curve as lines of text, width x height characters between the axes, from its largest to its smallest value on a
// logarithmic axis. values: above 0; the last line says what the axis is.
std::string text_curve(const std::vector<double>& values, const std::string& axis, std::size_t width,
                       std::size_t height);

}  // namespace nn
