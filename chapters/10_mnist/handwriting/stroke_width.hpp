// How thick the pen was, and another thickness: MNIST's digits were written with one kind of pen.
#pragma once

#include "10_mnist/handwriting/picture.hpp"

namespace nn {

// The mean width of the strokes in pixels, 2 area / perimeter: a stroke of length L and width w has the area L w and, if
// it is long, the perimeter 2 L. The perimeter is pi / 4 times the number of places where ink and paper are side by side
// in a row or a column (Crofton's formula for two directions). 0 without ink.
float stroke_width(const Mask& mask);

// Of every pixel of the mask the distance to the nearest pixel of the other kind, in pixels between their middles minus
// 1/2: positive in the ink, negative in the paper. Beyond the picture is paper. Exact (Felzenszwalb and Huttenlocher,
// "Distance transforms of sampled functions", 2012).
Picture signed_distance(const Mask& mask);

// The strokes made thicker by `by` pixels on every side, or thinner for a negative number: the ink is where the signed
// distance is above -by, with soft edges.
Picture change_stroke_width(const Mask& mask, float by);

}  // namespace nn
