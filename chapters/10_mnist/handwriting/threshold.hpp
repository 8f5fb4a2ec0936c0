// From ink to black and white: which pixels belong to a stroke.
#pragma once

#include "10_mnist/handwriting/picture.hpp"

namespace nn {

// What a picture's ink is like, as numbers.
struct InkLevels {
  float noise = 0;     // standard deviation of the pixels' noise
  float strength = 0;  // of the pen: what nearly all pixels of strokes stay below; 0 if there is no ink
  float low = 0;  // from here on a pixel belongs to a stroke if it hangs together with one from `high` on
  float high = 0;
};

// The noise is measured by how much a pixel differs from what its neighbors let expect.
InkLevels measure_ink(const Picture& ink);

// The pixels of at least `low` that hang together, over pixels that touch at a side or corner, with one of at least
// `high`: a stroke that gets pale stays whole, and pale paper fibers do not become strokes (hysteresis, as in Canny's
// edge detector).
Mask threshold_ink(const Picture& ink, const InkLevels& levels);

}  // namespace nn
