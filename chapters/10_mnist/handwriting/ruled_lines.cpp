#include "10_mnist/handwriting/ruled_lines.hpp"

#include <algorithm>
#include <cmath>

namespace nn {
namespace {

constexpr float kSteepest = 0.3f;   // slope
constexpr float kInked = 0.7f;      // of a line, at least
constexpr float kCovered = 0.35f;   // of it by votes: the rest may be strokes of digits
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
  for (std::size_t r = 1; r + 1 < ink.rows(); ++r) {
    const bool has_above = r >= away, has_below = r + away < ink.rows();
    if (!has_above && !has_below) continue;
    for (std::size_t c = 0; c < ink.cols(); ++c) {
      const float here = ink(r, c);
      if (here < ink(r - 1, c) || here <= ink(r + 1, c)) continue;
      const float above = has_above ? ink(r - away, c) : 0, below = has_below ? ink(r + away, c) : 0;
      if (here - std::max(above, below) >= least) votes.push_back({r, c});
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

// Of each column in which the line is in the picture: whether there is a vote for it, and whether there is any ink. Where
// a stroke of the digit covers the line there is ink, but no vote.
struct AlongLine {
  std::vector<bool> voted, inked;
};

AlongLine look_along(const RuledLine& line, const std::vector<const Vote*>& near, const Picture& ink) {
  std::vector<float> darkness;
  std::vector<bool> voted(ink.cols());
  for (const Vote* vote : near) {
    voted[vote->col] = true;
    darkness.push_back(ink(vote->row, vote->col));
  }
  const auto middle = darkness.begin() + static_cast<long>(darkness.size() / 2);
  std::nth_element(darkness.begin(), middle, darkness.end());
  const float middle_col = static_cast<float>(ink.cols() - 1) / 2;
  AlongLine along;
  for (std::size_t c = 0; c < ink.cols(); ++c) {
    const float row = line.middle + line.slope * (static_cast<float>(c) - middle_col) + 0.5f;
    if (row < 0 || row >= static_cast<float>(ink.rows())) continue;
    along.voted.push_back(voted[c]);
    along.inked.push_back(voted[c] || ink(static_cast<std::size_t>(row), c) >= *middle / 2);
  }
  return along;
}

// The share of `true` from an index to before another.
float share_of(const std::vector<bool>& flags, std::size_t from, std::size_t to) {
  const auto count =
      std::count(flags.begin() + static_cast<long>(from), flags.begin() + static_cast<long>(to), true);
  return static_cast<float>(count) / static_cast<float>(std::max<std::size_t>(1, to - from));
}

// Whether the line goes from edge to edge: ink nearly everywhere, much of it thin, near both ends, too.
bool goes_from_edge_to_edge(const std::vector<const Vote*>& near, const Picture& ink, const RuledLine& line) {
  const AlongLine along = look_along(line, near, ink);
  const std::size_t n = along.voted.size(), end = n / 7;
  return 3 * n >= ink.cols() && share_of(along.inked, 0, n) >= kInked &&
         share_of(along.voted, 0, n) >= kCovered && share_of(along.voted, 0, end) >= kCovered / 2 &&
         share_of(along.voted, n - end, n) >= kCovered / 2;
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
    if (bottom < 0 || top > last) continue;
    // Beyond the picture's edge there is paper.
    const float above = top < 0 ? 0 : ink(static_cast<std::size_t>(top), c),
                below = bottom > last ? 0 : ink(static_cast<std::size_t>(bottom), c);
    const float first = std::max(top + 1, 0.f), end = std::min(bottom, last + 1);
    for (float r = first; r < end; ++r) {
      const float share = (r - top) / (bottom - top);
      float& here = ink(static_cast<std::size_t>(r), c);
      here = std::min(here, (1 - share) * above + share * below);
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
