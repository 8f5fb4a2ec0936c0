#include "common/figures/live_figure.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <sys/ioctl.h>

#include "common/figures/gnuplot_script.hpp"
#include "common/terminal/print.hpp"

namespace nn {

// The shell puts gnuplot into the background and ends: so closing the pipe waits for nobody, and Ctrl-C, which is for
// the program, does not close the window.
LiveFigure::LiveFigure(const std::string& terminal) : terminal_(terminal) {
  if (terminal.empty()) return;
  pipe_ = ::popen("exec 3<&0; gnuplot -d --persist <&3 3<&- >/dev/null 2>&1 &", "w");
}

LiveFigure::~LiveFigure() { close(); }

void LiveFigure::close() {
  if (pipe_) ::pclose(pipe_);
  pipe_ = nullptr;
}

// What gnuplot has not read yet it has not drawn: writing more would end in waiting for it.
void LiveFigure::show(const Figure& figure) {
  if (!pipe_) return;
  int unread = 0;
  if (::ioctl(::fileno(pipe_), FIONREAD, &unread) == 0 && unread > 0) return;
  if (!write_gnuplot_script(pipe_, figure, terminal_)) close();
}

std::string text_curve(const std::vector<double>& values, const std::string& axis, std::size_t width,
                       std::size_t height) {
  if (values.empty() || width == 0 || height == 0) return "";
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const double low = std::log(*least), high = std::log(*most);
  std::vector<std::string> rows(height, std::string(width, ' '));
  for (std::size_t c = 0; c < width; ++c) {
    const double value = values[c * values.size() / width];
    const double share = high > low ? (high - std::log(value)) / (high - low) : 0;
    const auto row = static_cast<std::size_t>(std::lround(share * static_cast<double>(height - 1)));
    rows[std::min(row, height - 1)][c] = '*';
  }
  std::string text;
  for (std::size_t r = 0; r < height; ++r) {
    const std::string number = r == 0            ? format_number(*most, 3)
                               : r + 1 == height ? format_number(*least, 3)
                                                 : "";
    rows[r].erase(rows[r].find_last_not_of(' ') + 1);
    text += fmt::format("{:>8} |{}\n", number, rows[r]);
  }
  return text + fmt::format("{:>8} +{} {}\n", "", std::string(width, '-'), axis);
}

}  // namespace nn
