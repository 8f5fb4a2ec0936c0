#include "10_mnist/handwriting/grouping.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace nn {
namespace {

// Shares of the large components' median side.
constexpr float kLarge = 0.45f;         // of the largest: from here on a component is large
constexpr float kOwnDigit = 0.3f;       // a small one far from all others is kept from here on
constexpr float kNear = 0.25f;          // how far the strokes of a digit may be from each other
constexpr float kNearOfFew = 0.4f;      // the same where there are few components
constexpr float kFlat = 0.35f;          // height
constexpr float kBelow = 0.3f;          // of the narrower one's width: from here on one is above the other
constexpr float kCrossingNear = 0.15f;  // how far two large ones, one beside the other
constexpr float kWidest = 0.9f;         // of such a digit's height
constexpr float kTallest = 1.3f;        // height of a digit, where there are many
constexpr long kMany = 6;

struct Pixel {
  long row, col;
};

// Of each component the pixels beside paper.
std::vector<std::vector<Pixel>> outlines(const Components& components) {
  const Matrix<int>& labels = components.labels;
  std::vector<std::vector<Pixel>> result(components.list.size());
  for (std::size_t r = 0; r < labels.rows(); ++r) {
    for (std::size_t c = 0; c < labels.cols(); ++c) {
      if (labels(r, c) < 0) continue;
      const bool inside = r > 0 && c > 0 && r + 1 < labels.rows() && c + 1 < labels.cols() &&
                          labels(r - 1, c) >= 0 && labels(r + 1, c) >= 0 && labels(r, c - 1) >= 0 &&
                          labels(r, c + 1) >= 0;
      if (!inside)
        result[static_cast<std::size_t>(labels(r, c))].push_back(
            {static_cast<long>(r), static_cast<long>(c)});
    }
  }
  return result;
}

float gap(std::size_t end, std::size_t begin) { return begin > end ? static_cast<float>(begin - end) : 0; }

// At least this far are two boxes from each other.
float box_distance(const Box& a, const Box& b) {
  return std::max(std::max(gap(a.right(), b.left), gap(b.right(), a.left)),
                  std::max(gap(a.bottom(), b.top), gap(b.bottom(), a.top)));
}

float distance(const std::vector<Pixel>& a, const std::vector<Pixel>& b) {
  long nearest = std::numeric_limits<long>::max();
  for (const Pixel& p : a) {
    for (const Pixel& q : b) {
      const long rows = p.row - q.row, cols = p.col - q.col;
      nearest = std::min(nearest, rows * rows + cols * cols);
    }
  }
  return std::sqrt(static_cast<float>(nearest));
}

// The share of the narrower box's width that the other one is above or below.
float shared_width(const Box& a, const Box& b) {
  const std::size_t left = std::max(a.left, b.left), right = std::min(a.right(), b.right());
  if (left >= right) return 0;
  return static_cast<float>(right - left) / static_cast<float>(std::min(a.width, b.width));
}

float side(const Component& component) { return static_cast<float>(component.box.longer_side()); }

// The median side of the components that are not much smaller than the largest.
float usual_side(const Components& components) {
  float largest = 0;
  for (const Component& each : components.list) largest = std::max(largest, side(each));
  std::vector<float> sides;
  for (const Component& each : components.list) {
    if (side(each) >= kLarge * largest) sides.push_back(side(each));
  }
  if (sides.empty()) return 0;
  std::nth_element(sides.begin(), sides.begin() + static_cast<std::ptrdiff_t>(sides.size() / 2), sides.end());
  return sides[sides.size() / 2];
}

// What is large in this picture.
struct Sizes {
  float usual;  // side of a digit
  bool
      are_known;  // there are many digits, so that is what it says; with few ones it may be that of half a digit

  explicit Sizes(const Components& components) : usual(usual_side(components)), are_known(false) {
    const auto large = std::count_if(components.list.begin(), components.list.end(),
                                     [&](const Component& each) { return is_large(each); });
    are_known = large >= kMany;
  }
  // A bar, as that of a 5: no digit is so low.
  bool is_flat(const Component& component) const {
    return static_cast<float>(component.box.height) < kFlat * usual;
  }
  bool is_large(const Component& component) const {
    return side(component) >= kLarge * usual && !is_flat(component);
  }
  // So far from each other strokes of one digit may be.
  float near() const { return (are_known ? kNear : kNearOfFew) * usual; }
};

using Outlines = std::vector<std::vector<Pixel>>;

// Whether two large components are strokes of one digit: one is above the other and near it, as the two halves of a broken
// 9; or their boxes overlap and the strokes nearly touch, as in a 4 of two strokes.
bool are_one_digit(const Box& a, const Box& b, float distance, float usual, float near) {
  if (shared_width(a, b) >= kBelow) return distance <= near;
  const Box both = around(a, b);
  const bool is_narrow = static_cast<float>(both.width) <= kWidest * static_cast<float>(both.height);
  return box_distance(a, b) == 0 && is_narrow && distance <= kCrossingNear * usual;
}

// group[i]: the group of component i, -1: none. Large ones that belong together get one number.
std::vector<int> group_large_ones(const Components& components, const Outlines& outline, const Sizes& sizes,
                                  bool join) {
  const auto& list = components.list;
  const float usual = sizes.usual;
  std::vector<int> group(list.size(), -1);
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!sizes.is_large(list[i])) continue;
    group[i] = static_cast<int>(i);
    for (std::size_t j = 0; join && j < i; ++j) {
      if (group[j] < 0 || group[j] == group[i]) continue;
      const Box &a = list[i].box, &b = list[j].box;
      if (box_distance(a, b) > sizes.near()) continue;
      if (sizes.are_known && static_cast<float>(around(a, b).height) > kTallest * usual) continue;
      if (!are_one_digit(a, b, distance(outline[i], outline[j]), usual, sizes.near())) continue;
      const int from = group[j], to = group[i];
      std::replace(group.begin(), group.end(), from, to);
    }
  }
  return group;
}

// The group of the nearest large component, -1 if none is near.
int nearest_group(std::size_t small, const Components& components, const Outlines& outline,
                  const std::vector<int>& group, float near) {
  float nearest = near;
  int found = -1;
  for (std::size_t j = 0; j < group.size(); ++j) {
    if (group[j] < 0 || box_distance(components.list[small].box, components.list[j].box) > nearest) continue;
    const float d = distance(outline[small], outline[j]);
    if (d > nearest) continue;
    nearest = d, found = group[j];
  }
  return found;
}

}  // namespace

std::vector<StrokeGroup> group_strokes(const Components& components, float stroke_width,
                                       const GroupingRules& rules) {
  const auto& list = components.list;
  const Sizes sizes(components);
  const Outlines outline = outlines(components);
  const std::vector<int> large = group_large_ones(components, outline, sizes, rules.join);
  const bool none_is_large = std::all_of(large.begin(), large.end(), [](int each) { return each < 0; });
  std::vector<int> group = large;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (large[i] >= 0) continue;
    const bool is_speck = side(list[i]) < stroke_width;
    if (rules.join && !is_speck) group[i] = nearest_group(i, components, outline, large, sizes.near());
    if (group[i] >= 0) continue;
    const bool is_digit =
        side(list[i]) >= kOwnDigit * sizes.usual && (!sizes.is_flat(list[i]) || none_is_large);
    if (!rules.drop_specks || (!is_speck && is_digit)) group[i] = static_cast<int>(i);
  }
  std::vector<StrokeGroup> groups;
  std::vector<int> index(list.size(), -1);  // of each number in groups
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (group[i] < 0) continue;
    int& at = index[static_cast<std::size_t>(group[i])];
    if (at < 0) at = static_cast<int>(groups.size()), groups.push_back({list[i].box, {}});
    StrokeGroup& to = groups[static_cast<std::size_t>(at)];
    to.box = around(to.box, list[i].box);
    to.components.push_back(static_cast<int>(i));
  }
  return groups;
}

void sort_for_reading(std::vector<StrokeGroup>& groups) {
  const auto middle = [](const StrokeGroup& g) { return g.box.top + g.box.height / 2; };
  std::stable_sort(groups.begin(), groups.end(),
                   [&](const auto& a, const auto& b) { return middle(a) < middle(b); });
  for (auto row = groups.begin(); row != groups.end();) {
    auto end = row + 1;
    // In the row is what the one before it in the order of the middles overlaps, and the first.
    while (end != groups.end() && middle(*end) < row->box.bottom() && middle(*row) >= end->box.top) ++end;
    std::stable_sort(row, end, [](const auto& a, const auto& b) { return a.box.left < b.box.left; });
    row = end;
  }
}

}  // namespace nn
