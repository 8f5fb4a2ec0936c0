// How a product goes through memory and registers: cache lines, vectors, one step of the micro-kernel, latency, packing.
#include <array>
#include <fmt/format.h>

#include "network_drawing.hpp"
#include "plot.hpp"

namespace nn::plots {
namespace {

// A box with a number or a word in it.
struct Cell {
  double left, top, width, height;
  std::string text = {};
  int fill = kPaleGray, color = kInk;
};

void draw(Figure& figure, const Cell& cell) {
  constexpr double kGap = 1;
  figure.rectangles.push_back(
      {cell.left + kGap, cell.top + kGap, cell.width - 2 * kGap, cell.height - 2 * kGap, cell.fill});
  if (!cell.text.empty())
    figure.texts.push_back({cell.text, cell.left + cell.width / 2, cell.top + cell.height / 2, cell.color,
                            kTextSize, Align::kCenter});
}

void say(Figure& figure, const std::string& text, double x, double y, int color = kQuiet,
         Align align = Align::kLeft, bool bold = false) {
  figure.texts.push_back({text, x, y, color, kTextSize, align, bold});
}

// A horizontal double arrow with a word in its middle.
void draw_span(Figure& figure, double left, double right, double y, const std::string& text) {
  say(figure, "◄", left, y, kQuiet, Align::kLeft), say(figure, "►", right, y, kQuiet, Align::kRight);
  figure.rectangles.push_back({left + 8, y - 0.5, right - left - 16, 1, kQuiet});
  const double half = 4.0 * static_cast<double>(text.size()) + 6;
  figure.rectangles.push_back({(left + right) / 2 - half, y - 8, 2 * half, 16, kWhite});
  say(figure, as_plain(text), (left + right) / 2, y, kQuiet, Align::kCenter);
}

constexpr double kCellOfLine = 10, kLineNumbers = 16;

// Eight rows of 32 numbers, two cache lines each, at (left, top). visited(r, c): whether the loop reads it.
template <class Visited>
void draw_walk(Figure& figure, const std::string& name, double left, double top, const Visited& visited) {
  constexpr std::size_t kRows = 8, kLines = 2;
  constexpr double kRowHeight = 18;
  Curve reads{"numbers read, " + name, {}}, fetched{"cache lines fetched, " + name, {}};
  std::size_t read_count = 0, line_count = 0;
  for (std::size_t r = 0; r < kRows; ++r) {
    const double y = top + kRowHeight * static_cast<double>(r);
    for (std::size_t line = 0; line < kLines; ++line) {
      const double x = left + kCellOfLine * kLineNumbers * static_cast<double>(line);
      std::vector<double> at;
      for (std::size_t i = 0; i < 16; ++i) {
        if (visited(r, 16 * line + i)) at.push_back(x + kCellOfLine * static_cast<double>(i));
      }
      draw(figure, {x, y, kCellOfLine * kLineNumbers, kRowHeight, "", at.empty() ? kPaleGray : kPaleOrange});
      for (const double cell : at) draw(figure, {cell, y, kCellOfLine, kRowHeight, "", kBlue});
      read_count += at.size(), line_count += !at.empty();
    }
  }
  const double below = top + kRowHeight * kRows + 22;
  say(figure, fmt::format("{} numbers read, {} fetched", read_count, 16 * line_count), left, below, kInk);
  reads.points = {{0, static_cast<double>(read_count)}};
  fetched.points = {{0, static_cast<double>(line_count)}};
  figure.data.push_back(reads), figure.data.push_back(fetched);
}

Figure lines() {
  Figure figure{.name = "06_lines", .height = 316};
  figure.title = "Along a row every fetched number is used, down a column one in 16";
  figure.line = "A matrix of 8 rows and 32 columns in memory. A box is a cache line: 64 bytes, 16 floats.";
  constexpr double kTop = 118, kLeft = 20, kRight = 420, kWidth = 2 * kCellOfLine * kLineNumbers;
  say(figure, "along row 2", kLeft, kTop - 16, kInk, Align::kLeft, true);
  say(figure, "down column 5", kRight, kTop - 16, kInk, Align::kLeft, true);
  draw_walk(figure, "row", kLeft, kTop, [](std::size_t r, std::size_t c) { return r == 2 && c < 16; });
  draw_walk(figure, "column", kRight, kTop, [](std::size_t, std::size_t c) { return c == 5; });
  draw_span(figure, kLeft, kLeft + kWidth, kTop + 8 * 18 + 44, "row_stride = 32");
  say(figure, "blue: read;  orange: fetched, not read", kRight, kTop + 8 * 18 + 44);
  return figure;
}

Figure vectors() {
  Figure figure{.name = "06_vectors", .height = 268};
  figure.title = "One vector instruction does the work of four scalar ones";
  figure.line = "The same four additions. A vector register here holds four floats; many hold 8 or 16.";
  constexpr double kTop = 124, kSide = 34;
  const std::array<int, 4> a = {1, 2, 3, 4}, b = {10, 20, 30, 40};
  say(figure, "scalar: 4 instructions", 20, kTop - 22, kInk, Align::kLeft, true);
  say(figure, "SIMD: 1 instruction", 430, kTop - 22, kInk, Align::kLeft, true);
  for (std::size_t i = 0; i < 4; ++i) {
    const double y = kTop + (kSide - 2) * static_cast<double>(i),
                 x = 470 + kSide * 1.5 * static_cast<double>(i);
    const std::string one = std::to_string(a[i]), other = std::to_string(b[i]),
                      sum = std::to_string(a[i] + b[i]);
    draw(figure, {20, y, kSide * 1.5, kSide - 6, one, kPaleBlue});
    say(figure, "+", 20 + 1.8 * kSide, y + 14, kInk, Align::kCenter);
    draw(figure, {20 + 2.1 * kSide, y, kSide * 1.5, kSide - 6, other, kPaleOrange});
    say(figure, "=", 20 + 3.9 * kSide, y + 14, kInk, Align::kCenter);
    draw(figure, {20 + 4.2 * kSide, y, kSide * 1.5, kSide - 6, sum, kPaleGray});
    draw(figure, {x, kTop, kSide * 1.5, kSide, one, kPaleBlue});
    draw(figure, {x, kTop + 1.3 * kSide, kSide * 1.5, kSide, other, kPaleOrange});
    draw(figure, {x, kTop + 2.6 * kSide, kSide * 1.5, kSide, sum, kPaleGray});
  }
  say(figure, "+", 450, kTop + 1.8 * kSide, kInk, Align::kCenter);
  say(figure, "=", 450, kTop + 3.1 * kSide, kInk, Align::kCenter);
  return figure;
}

// Two steps of a tile of 4 rows and 2 vectors of 4 numbers; the drawing shows the second, k = 1.
constexpr std::size_t kTileRows = 4, kLanes = 4, kTileCols = 2 * kLanes;
constexpr std::array<std::array<int, 2>, kTileRows> kA = {{{0, 2}, {1, 3}, {2, 1}, {1, 0}}};
constexpr std::array<std::array<int, kTileCols>, 2> kB = {
    {{1, 0, 2, 1, 0, 1, 1, 2}, {3, 1, 0, 2, 1, 1, 2, 0}}};

Figure micro_kernel() {
  Figure figure{.name = "06_micro_kernel", .height = 372};
  figure.title = "One step of the micro-kernel: eight multiply-adds for two loads of b";
  figure.line = "A tile of 4 rows and 2 vectors at k = 1; each vector register holds 4 numbers.";
  constexpr double kLeft = 294, kTop = 176, kWide = 50, kHigh = 40, kBetween = 14;
  const auto column = [&](std::size_t j) {
    return kLeft + kWide * static_cast<double>(j) + (j >= kLanes ? kBetween : 0);
  };
  constexpr std::size_t kShown = 1;  // this row of the tile is followed
  say(figure, "row k of b: two loads", kLeft, 92, kOrange, Align::kLeft, true);
  for (std::size_t j = 0; j < kTileCols; ++j)
    draw(figure, {column(j), 104, kWide, kHigh, std::to_string(kB[1][j]), kPaleOrange});
  say(figure, "a, column k", 20, 162, kBlue, Align::kLeft, true);
  say(figure, "broadcast", 182, 162 + kHigh + 4, kBlue, Align::kCenter, true);
  say(figure, "sums, after this step", kLeft, 162, kInk, Align::kLeft, true);
  Curve after{"sums", {}};
  for (std::size_t r = 0; r < kTileRows; ++r) {
    const double y = kTop + (kHigh + 4) * static_cast<double>(r);
    const bool shown = r == kShown;
    draw(figure,
         {20, y, kWide, kHigh, std::to_string(kA[r][1]), shown ? kBlue : kPaleBlue, shown ? kWhite : kInk});
    if (shown) {
      say(figure, "→", 90, y + kHigh / 2, kBlue, Align::kCenter);
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        draw(figure,
             {110 + 36 * static_cast<double>(lane), y, 36, kHigh, std::to_string(kA[r][1]), kBlue, kWhite});
      say(figure, "→", 274, y + kHigh / 2, kBlue, Align::kCenter);
    }
    for (std::size_t j = 0; j < kTileCols; ++j) {
      const int before = kA[r][0] * kB[0][j], sum = before + kA[r][1] * kB[1][j];
      const std::string text =
          shown ? fmt::format("{}+{}·{}", before, kA[r][1], kB[1][j]) : std::to_string(sum);
      draw(figure, {column(j), y, kWide, kHigh, text, shown ? kPaleBlue : kPaleGray});
      after.points.push_back({static_cast<double>(r * kTileCols + j), static_cast<double>(sum)});
    }
  }
  figure.data.push_back(after);
  return figure;
}

// When a multiply-add starts and ends: each takes `kLatency` cycles, two can start in a cycle, and the next one of a sum
// must wait for the one before.
constexpr int kLatency = 4, kCycles = 12;

void draw_schedule(Figure& figure, const std::string& name, int sums, double top, double height) {
  constexpr double kLeft = 120, kCycle = (kCardRight - kLeft) / kCycles;
  int done = 0;
  for (int sum = 0; sum < sums; ++sum) {
    const double y = top + height * sum;
    say(figure, fmt::format("sum {}", sum), kLeft - 12, y + height / 2, kQuiet, Align::kRight);
    for (int start = sum / 2, k = 0; start < kCycles; start += kLatency, ++k) {
      const int end = std::min(start + kLatency, kCycles);
      done += start + kLatency <= kCycles;
      draw(figure,
           {kLeft + kCycle * start, y, kCycle * (end - start), height,
            end - start == kLatency ? fmt::format("k = {}", k) : "", k % 2 == 0 ? kPaleBlue : kPaleOrange});
    }
  }
  figure.data.push_back({"multiply-adds done with " + name, {{kCycles, static_cast<double>(done)}}});
}

Figure latency() {
  Figure figure{.name = "06_latency", .height = 392};
  figure.title = "One sum keeps the processor waiting, eight sums keep it busy";
  figure.line =
      "Time from left to right. A multiply-add takes 4 clock cycles, and two can start in each cycle.";
  say(figure, "one sum: each multiply-add waits for the one before", 20, 92, kInk, Align::kLeft, true);
  draw_schedule(figure, "one sum", 1, 106, 24);
  say(figure, "eight sums: two multiply-adds start in every cycle", 20, 158, kInk, Align::kLeft, true);
  draw_schedule(figure, "eight sums", 8, 172, 22);
  constexpr double kLeft = 120, kCycle = (kCardRight - kLeft) / kCycles;
  for (int cycle = 0; cycle <= kCycles; cycle += 4)
    say(figure, cycle == kCycles ? fmt::format("cycle {}", cycle) : std::to_string(cycle),
        kLeft + kCycle * cycle, 362, kQuiet, cycle == kCycles ? Align::kRight : Align::kCenter);
  return figure;
}

// A matrix b of 3 rows and 6 columns and its two strips of width 4; each number says where it is in memory.
Figure packing() {
  Figure figure{.name = "06_packing", .height = 376};
  figure.title = "Packing copies a strip’s rows one behind the other";
  figure.line =
      "b has 3 rows and 6 columns and is cut into strips 4 columns wide. Its entries are numbered as in "
      "memory.";
  constexpr std::size_t kRows = 3, kCols = 6, kWidth = 4;
  constexpr double kSide = 38;
  const std::array<int, 2> fills = {kPaleBlue, kPaleOrange};
  say(figure, "b, row by row", 20, 96, kInk, Align::kLeft, true);
  for (std::size_t at = 0; at < kRows * kCols; ++at) {
    draw(figure, {20 + 40 * static_cast<double>(at), 108, 40, kSide, std::to_string(at + 1),
                  fills[at % kCols / kWidth]});
  }
  draw_span(figure, 20, 20 + 40 * kCols, 162, "row_stride = 6");
  say(figure, "strip 0 (blue) is in three places, strip 1 (orange) too", 20 + 40 * kCols + 20, 162);
  Curve packed{"packed", {}};
  for (std::size_t strip = 0; strip < 2; ++strip) {
    const double y = 206 + 100 * static_cast<double>(strip);
    say(figure, strip == 0 ? "strip 0, packed" : "strip 1, packed: two columns remain, zeros fill it up", 20,
        y, kInk, Align::kLeft, true);
    for (std::size_t k = 0; k < kRows; ++k) {
      for (std::size_t c = 0; c < kWidth; ++c) {
        const std::size_t col = strip * kWidth + c;
        const bool is_there = col < kCols;
        const double value = is_there ? static_cast<double>(k * kCols + col + 1) : 0;
        draw(figure,
             {20 + 40 * static_cast<double>(k * kWidth + c), y + 12, 40, kSide, fmt::format("{}", value),
              is_there ? fills[strip] : kPaleGray, is_there ? kInk : kQuiet});
        packed.points.push_back({static_cast<double>(strip * kRows * kWidth + k * kWidth + c), value});
      }
    }
    if (strip == 0) draw_span(figure, 20, 20 + 40 * kWidth, y + 12 + kSide + 14, "width = 4");
  }
  figure.data.push_back(packed);
  return figure;
}

std::vector<Figure> make() {
  return {network_strip("06_strip", {Part::kHiddenLayer, Part::kOutputLayer}),
          lines(),
          vectors(),
          micro_kernel(),
          latency(),
          packing()};
}

}  // namespace
}  // namespace nn::plots

int main(int argc, char** argv) { return nn::plots::run_plot("06_drawings", argc, argv, nn::plots::make); }
