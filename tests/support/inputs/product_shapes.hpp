// Shapes at which a product that works in tiles and vectors may go wrong: one less, one more and just as many rows as
// a tile of the micro-kernels has (4, 6, 14), columns around one and two vectors of 2, 4, 8 and 16 numbers, sums of
// no, one and a few products.
#pragma once

#include <vector>

#include "inputs/matrices.hpp"

namespace nn {

inline std::vector<ProductShape> shapes_around_tiles() {
  std::vector<ProductShape> all(std::begin(kProductShapes), std::end(kProductShapes));
  for (const std::size_t rows : {1, 5, 6, 7, 8, 13, 14, 15, 29}) {
    for (const std::size_t inner : {0, 1, 3, 4, 10, 17}) {
      for (const std::size_t cols : {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 49})
        all.push_back({rows, inner, cols});
    }
  }
  return all;
}

}  // namespace nn
