#include "10_mnist/handwriting/ruled_lines.hpp"

#include <algorithm>
#include <cmath>

namespace nn {
namespace {

constexpr float kSteepest = 0.3f;   // slope
constexpr float kCovered = 0.7f;    // of a line, at least
constexpr float kWidest = 0.015f;   // of the picture's shorter side
constexpr float kFaintest = 0.03f;  // ink of a line, at least
constexpr std::size_t kMostLines = 300;

struct Vote {
  std::size_t row, col;
};

std::size_t widest_line(const Picture& ink) {
  return std::max<std::size_t>(
      4, static_cast<std::size_t>(kWidest * static_cast<float>(std::min(ink.rows(), ink.cols()))));
}

// Pixels on the crest of something thin: darker than what is `away` rows above and below, and than their neighbors.
std::vector<Vote> crests(const Picture& ink, float noise) {
  const std::size_t away = widest_line(ink) + 1;
  const float least = std::max(kFaintest, 3 * noise);
  std::vector<Vote> votes;
  for (std::size_t r = away; r + away < ink.rows(); ++r) {
    for (std::size_t c = 0; c < ink.cols(); ++c) {
      const float here = ink(r, c);
      if (here < ink(r - 1, c) || here <= ink(r + 1, c)) continue;
      if (here - std::max(ink(r - away, c), ink(r + away, c)) >= least) votes.push_back({r, c});
    }
  }
  return votes;
}

// The votes for all lines: one row a slope, one column a middle.
class Hough {
 public:
  explicit Hough(const Picture& ink)
      : middle_col_(static_cast<float>(ink.cols() - 1) / 2),
        steps_(static_cast<std::size_t>(kSteepest * static_cast<float>(ink.cols()) / 2) + 1),
        reach_(static_cast<std::size_t>(kSteepest * static_cast<float>(ink.cols()) / 2) + 2),
        counts_(2 * steps_ + 1, ink.rows() + 2 * reach_) {}

  float slope(std::size_t s) const {
    return kSteepest * (static_cast<float>(s) - static_cast<float>(steps_)) / static_cast<float>(steps_);
  }
  void add(const Vote& vote, int weight) {
    const float across = static_cast<float>(vote.col) - middle_col_;
    for (std::size_t s = 0; s < counts_.rows(); ++s) {
      const float at = static_cast<float>(vote.row) - slope(s) * across + static_cast<float>(reach_);
      counts_(s, static_cast<std::size_t>(at + 0.5f)) += weight;
    }
  }
  // The line with the most votes, those of the neighboring middles counted in.
  RuledLine best(int& votes) const {
    RuledLine line;
    votes = 0;
    for (std::size_t s = 0; s < counts_.rows(); ++s) {
      const auto row = counts_.row(s);
      for (std::size_t m = 1; m + 1 < row.size(); ++m) {
        const int sum = row[m - 1] + row[m] + row[m + 1];
        if (sum <= votes) continue;
        votes = sum;
        line = {static_cast<float>(m) - static_cast<float>(reach_), slope(s), 0};
      }
    }
    return line;
  }
  float row_of(const RuledLine& line, std::size_t col) const {
    return line.middle + line.slope * (static_cast<float>(col) - middle_col_);
  }

 private:
  float middle_col_;
  std::size_t steps_, reach_;
  Matrix<int> counts_;
};

// Whether the votes near the line cover enough of it, also near both ends; their columns are counted once.
bool goes_from_edge_to_edge(const std::vector<const Vote*>& near, const Picture& ink, const RuledLine& line) {
  std::vector<bool> covered(ink.cols());
  for (const Vote* vote : near) covered[vote->col] = true;
  const float middle_col = static_cast<float>(ink.cols() - 1) / 2;
  std::vector<bool> inside;  // of the columns in which the line is in the picture
  for (std::size_t c = 0; c < ink.cols(); ++c) {
    const float row = line.middle + line.slope * (static_cast<float>(c) - middle_col);
    if (row >= 0 && row < static_cast<float>(ink.rows())) inside.push_back(covered[c]);
  }
  const auto share = [&](std::size_t from, std::size_t to) {
    const auto begin = inside.begin();
    return static_cast<float>(
               std::count(begin + static_cast<long>(from), begin + static_cast<long>(to), true)) /
           static_cast<float>(std::max<std::size_t>(1, to - from));
  };
  const std::size_t n = inside.size(), end = n / 7;
  return 3 * n >= ink.cols() && share(0, n) >= kCovered && share(0, end) >= kCovered / 2 &&
         share(n - end, n) >= kCovered / 2;
}

// How far the line reaches to each side: in most columns the ink has fallen to half there.
std::size_t half_width(const Picture& ink, const std::vector<const Vote*>& near) {
  const std::size_t widest = widest_line(ink);
  std::vector<std::size_t> widths;
  for (const Vote* vote : near) {
    const float half = ink(vote->row, vote->col) / 2;
    std::size_t width = 0;
    while (width < widest && vote->row > width && ink(vote->row - width - 1, vote->col) > half) ++width;
    std::size_t below = 0;
    while (below < widest && vote->row + below + 1 < ink.rows() &&
           ink(vote->row + below + 1, vote->col) > half)
      ++below;
    widths.push_back(std::max(width, below));
  }
  std::nth_element(widths.begin(), widths.begin() + static_cast<long>(widths.size() / 2), widths.end());
  return widths[widths.size() / 2] + 1;
}

Picture transposed(const Picture& picture) {
  Picture result(picture.cols(), picture.rows());
  for (std::size_t r = 0; r < picture.rows(); ++r) {
    for (std::size_t c = 0; c < picture.cols(); ++c) result(c, r) = picture(r, c);
  }
  return result;
}

// How much ink there is that is darker than `least`.
std::size_t inked(const Picture& ink, float least) {
  return static_cast<std::size_t>(
      std::count_if(ink.values().begin(), ink.values().end(), [&](float value) { return value > least; }));
}

}  // namespace

std::vector<RuledLine> find_ruled_lines(const Picture& ink, float noise) {
  std::vector<RuledLine> lines;
  std::vector<Vote> votes = crests(ink, noise);
  if (2 * votes.size() < ink.cols()) return lines;
  Hough hough(ink);
  for (const Vote& vote : votes) hough.add(vote, 1);
  while (lines.size() < kMostLines) {
    int count = 0;
    RuledLine line = hough.best(count);
    if (3 * static_cast<std::size_t>(count) < ink.cols())
      break;  // a third of the way: no line goes from edge to edge
    std::vector<const Vote*> near;
    std::vector<Vote> rest;
    for (const Vote& vote : votes) {
      if (std::abs(static_cast<float>(vote.row) - hough.row_of(line, vote.col)) <= 2.5f)
        near.push_back(&vote);
      else
        rest.push_back(vote);
    }
    if (goes_from_edge_to_edge(near, ink, line)) {
      line.half_width = half_width(ink, near);
      lines.push_back(line);
    }
    for (const Vote* vote : near) hough.add(*vote, -1);
    votes = std::move(rest);
  }
  return lines;
}

void erase_line(Picture& ink, const RuledLine& line) {
  const float middle_col = static_cast<float>(ink.cols() - 1) / 2, half = static_cast<float>(line.half_width);
  const auto last = static_cast<float>(ink.rows() - 1);
  for (std::size_t c = 0; c < ink.cols(); ++c) {
    const float row = line.middle + line.slope * (static_cast<float>(c) - middle_col);
    const float top = std::floor(row - half - 1), bottom = std::ceil(row + half + 1);
    if (top < 0 || bottom > last) continue;
    const auto from = static_cast<std::size_t>(top), to = static_cast<std::size_t>(bottom);
    const float above = ink(from, c), below = ink(to, c);
    for (std::size_t r = from + 1; r < to; ++r) {
      const float share = static_cast<float>(r - from) / static_cast<float>(to - from);
      ink(r, c) = std::min(ink(r, c), (1 - share) * above + share * below);
    }
  }
}

Picture remove_ruled_lines(const Picture& ink, float noise) {
  Picture result = ink;
  for (const RuledLine& line : find_ruled_lines(result, noise)) erase_line(result, line);
  Picture sideways = transposed(result);
  for (const RuledLine& line : find_ruled_lines(sideways, noise)) erase_line(sideways, line);
  result = transposed(sideways);
  const float least = std::max(0.1f, 4 * noise);
  return 50 * inked(result, least) < inked(ink, least) ? ink : result;
}

}  // namespace nn
