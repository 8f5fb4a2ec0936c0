// From gray values to ink: which way round the picture is, how bright the paper is at every place, and how much of that
// light the ink swallows.
#pragma once

#include "10_mnist/handwriting/picture.hpp"

namespace nn {

// Whether light ink is on dark paper, as on a blackboard or a screen in dark mode. Ink is the smaller part of a picture:
// the paper is about the median, and the ink is on that side of it where the larger differences are.
bool ink_is_light(const Picture& gray);

// Black and white exchanged.
Picture inverted(const Picture& gray);

// How bright the paper is at every pixel of a picture with dark ink: what is bright in the neighborhood, without the ink,
// smoothed. Shadows and unequal light are in it.
Picture estimate_paper(const Picture& gray);

// ink = 1 - gray / paper, at least 0: on white as on gray paper, in the light as in a shadow the same ink has about the
// same value.
Picture divide_by_paper(const Picture& gray, const Picture& paper);

}  // namespace nn
