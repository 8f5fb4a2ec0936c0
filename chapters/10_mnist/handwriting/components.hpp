// Connected components: pixels of ink that touch at a side or a corner belong together.
#pragma once

#include <vector>

#include "10_mnist/handwriting/picture.hpp"

namespace nn {

struct Component {
  Box box;
  std::size_t area = 0;  // pixels
};

struct Components {
  std::vector<Component> list;  // in the order of their first pixels, row by row
  Matrix<int> labels;           // of each pixel the index in the list, -1 where there is no ink
};

Components connected_components(const Mask& mask);

}  // namespace nn
