// From connected components to digits: specks are dropped, the strokes of one digit are joined, and the digits are put
// into the order in which one reads them.
#pragma once

#include <vector>

#include "10_mnist/handwriting/components.hpp"

namespace nn {

// A digit, or what looks like one: the components it consists of.
struct StrokeGroup {
  Box box;
  std::vector<int> components;  // indices of the list
};

// What is done. A rule that is switched off shows what it is good for.
struct GroupingRules {
  bool drop_specks = true;
  bool join = true;
};

// stroke_width: of the pen, in pixels. Dropped are components that are smaller than the pen is wide, and small ones far
// from everything large. A small one near a large one belongs to it; two large ones belong together if one is above the
// other and they nearly touch, as the bar of a 5 and its body.
std::vector<StrokeGroup> group_strokes(const Components& components, float stroke_width,
                                       const GroupingRules& rules = {});

// Row by row, each from left to right. Two digits are in one row if one's middle is between top and bottom of the other.
void sort_for_reading(std::vector<StrokeGroup>& groups);

}  // namespace nn
