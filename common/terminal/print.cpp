#include "common/terminal/print.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>

#include "common/finite.hpp"

namespace nn {
namespace {

std::vector<std::size_t> column_widths(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  return widths;
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string format_number(double x, int significant_digits) {
  if (is_nan(x)) return "nan";
  std::string text = fmt::format("{:.{}g}", x, significant_digits);
  return text == "-0" ? "0" : text;
}

std::string Table::text() const {
  const auto widths = column_widths(rows_);
  std::string text;
  for (const auto& row : rows_) {
    std::string line = "  ";
    for (std::size_t c = 0; c < row.size(); ++c) {
      line += c == 0 ? fmt::format("{:<{}}", row[c], widths[c]) : fmt::format("  {:>{}}", row[c], widths[c]);
    }
    text += without_trailing_spaces(line) + "\n";
  }
  return text;
}

void Table::print() const { std::fputs(text().c_str(), stdout); }

std::string image_as_numbers(std::span<const std::uint8_t> pixels, std::size_t width) {
  std::string text;
  for (std::size_t start = 0; start < pixels.size(); start += width) {
    std::string line;
    for (const int value : pixels.subspan(start, width)) {
      line += value == 0 ? "   ." : fmt::format("{:4}", value);
    }
    text += line + "\n";
  }
  return text;
}

std::string image_as_text(std::span<const std::uint8_t> pixels, std::size_t width) {
  const std::string shades = " .:-=+*#%@";
  std::string text;
  for (std::size_t start = 0; start < pixels.size(); start += width) {
    std::string line;
    for (const unsigned value : pixels.subspan(start, width))
      line += shades[value * (shades.size() - 1) / 255];
    text += without_trailing_spaces(line) + "\n";
  }
  return text;
}

void detail::print_rows(const std::string& title, const std::vector<std::vector<std::string>>& rows) {
  const auto widths = column_widths(rows);
  fmt::print("{}\n", title);
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t c = 0; c < row.size(); ++c) line += fmt::format(" {:>{}}", row[c], widths[c]);
    fmt::print("{}\n", line);
  }
}

}  // namespace nn
