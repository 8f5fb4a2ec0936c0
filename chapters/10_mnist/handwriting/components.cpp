#include "10_mnist/handwriting/components.hpp"

#include <numeric>

namespace nn {
namespace {

// Sets that are united: each element points to another of its set, the last one to itself.
class UnionFind {
 public:
  int add() {
    parents_.push_back(static_cast<int>(parents_.size()));
    return parents_.back();
  }
  int find(int i) {
    while (parent(i) != i) i = parent(i) = parent(parent(i));
    return i;
  }
  // The smaller one, which is the older one, stays.
  void unite(int a, int b) {
    a = find(a), b = find(b);
    (a < b ? parent(b) : parent(a)) = std::min(a, b);
  }
  std::size_t size() const { return parents_.size(); }

 private:
  int& parent(int i) { return parents_[static_cast<std::size_t>(i)]; }
  std::vector<int> parents_;
};

// The first of the two passes: every pixel takes the label of a neighbor above or to the left, and what meets is united.
UnionFind label_pixels(const Mask& mask, Matrix<int>& labels) {
  UnionFind sets;
  for (std::size_t r = 0; r < mask.rows(); ++r) {
    for (std::size_t c = 0; c < mask.cols(); ++c) {
      if (!mask(r, c)) continue;
      int& label = labels(r, c);
      const auto meet = [&](std::size_t row, std::size_t col) {
        const int other = labels(row, col);
        if (other < 0) return;
        if (label < 0) label = other;
        sets.unite(label, other);
      };
      if (c > 0) meet(r, c - 1);
      if (r > 0 && c > 0) meet(r - 1, c - 1);
      if (r > 0) meet(r - 1, c);
      if (r > 0 && c + 1 < mask.cols()) meet(r - 1, c + 1);
      if (label < 0) label = sets.add();
    }
  }
  return sets;
}

}  // namespace

Components connected_components(const Mask& mask) {
  Components result{{}, Matrix<int>(mask.rows(), mask.cols(), -1)};
  UnionFind sets = label_pixels(mask, result.labels);
  std::vector<int> index(sets.size(), -1);  // of each set in the list
  for (std::size_t r = 0; r < mask.rows(); ++r) {
    for (std::size_t c = 0; c < mask.cols(); ++c) {
      int& label = result.labels(r, c);
      if (label < 0) continue;
      int& at = index[static_cast<std::size_t>(sets.find(label))];
      if (at < 0) {
        at = static_cast<int>(result.list.size());
        result.list.push_back({{c, r, 1, 1}, 0});
      }
      label = at;
      Component& component = result.list[static_cast<std::size_t>(at)];
      component.box = around(component.box, {c, r, 1, 1});
      ++component.area;
    }
  }
  return result;
}

}  // namespace nn
