// Networks as the pages draw them: the strip at the top of a chapter, and neurons as nodes with their weights as edges.
#pragma once

#include <set>
#include <string>

#include "common/figures/figure.hpp"

namespace nn::plots {

// The parts of the classifier, in the order of the strip.
enum class Part { kImage, kHiddenLayer, kActivation, kOutputLayer, kSoftmax, kLoss };

// NAME.svg: the whole classifier as a row of boxes; those that a chapter is about are filled.
Figure network_strip(const std::string& name, const std::set<Part>& subject);

// Axes that cover the figure, so that curves are drawn in the figure's own pixels.
Panel drawing_area(const Figure& figure);

// A pale tint of blue, orange or gray, for backgrounds.
inline constexpr int kPaleBlue = 0xd6e8f5, kPaleOrange = 0xfae3d3, kPaleGray = 0xeef1f5;

struct Node {
  double x = 0, y = 0, radius = 19;
};

void draw_node(Panel& area, const Node& node, const std::string& value, int color);

// A line from node to node. Its label is in a gap at `place` of the way, 0 to 1; no label, no gap.
void draw_edge(Panel& area, const Node& from, const Node& to, const std::string& label, double place,
               int color, double width);

}  // namespace nn::plots
