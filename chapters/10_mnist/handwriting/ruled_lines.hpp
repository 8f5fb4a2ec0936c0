// Ruled and squared paper: lines from edge to edge are taken out of the ink.
#pragma once

#include <vector>

#include "10_mnist/handwriting/picture.hpp"

namespace nn {

// A nearly horizontal straight line:  row = middle + slope (col - (cols - 1) / 2).
struct RuledLine {
  float middle = 0, slope = 0;
  std::size_t half_width = 0;  // pixels on each side of the middle one
};

// The lines of a picture's ink that are nearly horizontal, at most 17 degrees, thin, and go from edge to edge (a Hough
// transform: every pixel that is darker than what is above and below it votes for all lines through it). noise: standard
// deviation of the ink's.
std::vector<RuledLine> find_ruled_lines(const Picture& ink, float noise);

// The ink where a line runs becomes what the ink above and below it lets expect: nothing between paper and paper, a stroke
// where a stroke crosses it.
void erase_line(Picture& ink, const RuledLine& line);

// Both kinds of lines, horizontal and vertical, are taken out. A picture of which nothing would be left stays as it is.
Picture remove_ruled_lines(const Picture& ink, float noise);

}  // namespace nn
