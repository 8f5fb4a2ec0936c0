#include "network_drawing.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace nn::plots {

Figure network_strip(const std::string& name, const std::set<Part>& subject) {
  constexpr double kWidth = 102, kGap = 21.6, kTop = 12, kHeight = 46;
  struct Box {
    Part part;
    const char *title, *formula, *output;
  };
  constexpr std::array<Box, 6> kBoxes = {
      {{Part::kImage, "image", "X", "batch × 784"},
       {Part::kHiddenLayer, "dense layer", "S = X·W_1 + b_1", "batch × 256"},
       {Part::kActivation, "ReLU", "H = relu(S)", "batch × 256"},
       {Part::kOutputLayer, "dense layer", "z = H·W_2 + b_2", "batch × 10"},
       {Part::kSoftmax, "softmax", "p = softmax(z)", "batch × 10"},
       {Part::kLoss, "loss", "L", "one number"}}};
  Figure figure{.name = name, .height = 84};
  double left = kCardBorder;
  for (const Box& box : kBoxes) {
    const bool is_subject = subject.contains(box.part);
    const double middle = left + kWidth / 2;
    figure.rectangles.push_back({left, kTop, kWidth, kHeight, is_subject ? kBlue : kPaleGray});
    figure.texts.push_back(
        {box.title, middle, kTop + 15, is_subject ? kWhite : kQuiet, kTextSize, Align::kCenter, is_subject});
    figure.texts.push_back(
        {box.formula, middle, kTop + 33, is_subject ? kWhite : kQuiet, kSmallSize, Align::kCenter});
    figure.texts.push_back({box.output, middle, kTop + kHeight + 14, kQuiet, 11, Align::kCenter});
    if (box.part != Part::kLoss)
      figure.texts.push_back({"→", left + kWidth + kGap / 2, kTop + kHeight / 2, kQuiet, 16, Align::kCenter});
    left += kWidth + kGap;
  }
  return figure;
}

Panel drawing_area(const Figure& figure) {
  Panel area{.left = 0, .right = kCardWidth, .top = 0, .bottom = figure.height};
  area.x = {"", 0, kCardWidth}, area.y = {"", static_cast<double>(figure.height), 0};
  area.x.names = area.y.names = {{-1, ""}};  // no ticks
  return area;
}

void draw_node(Panel& area, const Node& node, const std::string& value, int color) {
  Curve circle{"node " + value, {}, color, Mark::kLine, 2};
  constexpr int kPoints = 48;
  for (int i = 0; i <= kPoints; ++i) {
    const double angle = 2 * std::numbers::pi * i / kPoints;
    circle.points.push_back({node.x + node.radius * std::cos(angle), node.y + node.radius * std::sin(angle)});
  }
  area.curves.push_back(circle);
  area.texts.push_back({value, node.x, node.y, color, Align::kCenter});
}

void draw_edge(Panel& area, const Node& from, const Node& to, const std::string& label, double place,
               int color, double width) {
  const double dx = to.x - from.x, dy = to.y - from.y, length = std::hypot(dx, dy);
  const auto at = [&](double distance) {
    return Point{from.x + dx * distance / length, from.y + dy * distance / length};
  };
  const double first = from.radius, last = length - to.radius, middle = first + place * (last - first);
  constexpr double kHalfGap = 11;
  Curve edge{"edge " + label, {at(first)}, color, Mark::kLine, width};
  if (!label.empty()) {
    edge.points.push_back(at(middle - kHalfGap));
    edge.points.push_back({at(middle).x, std::nan("")});
    edge.points.push_back(at(middle + kHalfGap));
    area.texts.push_back({label, at(middle).x, at(middle).y, color, Align::kCenter});
  }
  edge.points.push_back(at(last));
  area.curves.push_back(edge);
}

}  // namespace nn::plots
