#include "10_mnist/handwriting/prepare.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "10_mnist/handwriting/components.hpp"
#include "10_mnist/handwriting/grouping.hpp"
#include "10_mnist/handwriting/paper.hpp"
#include "10_mnist/handwriting/ruled_lines.hpp"
#include "10_mnist/handwriting/stroke_width.hpp"
#include "10_mnist/handwriting/threshold.hpp"
#include "10_mnist/like_mnist.hpp"

namespace nn {
namespace {

constexpr std::size_t kWorkingSide = 1600;            // of the whole picture, at most
constexpr std::size_t kDigitWorkingSide = 100;        // of one digit, at least
constexpr float kThinnest = 0.09f, kThickest = 0.2f;  // strokes, as a share of the digit's longer side

constexpr std::size_t kSmallestDigit = 5;  // pixels of its longer side
constexpr float kLongestStrokes = 6;       // of a digit together, in longer sides of it; an 8 has about 4

void record(const PreparationOptions& options, const std::string& step, int digit, const Picture& picture) {
  if (options.record) options.record(step, digit, picture);
}

Picture as_picture(const Mask& mask) {
  Picture picture(mask.rows(), mask.cols());
  std::copy(mask.values().begin(), mask.values().end(), picture.values().begin());
  return picture;
}

Mask above(const Picture& picture, float threshold) {
  Mask mask(picture.rows(), picture.cols());
  for (std::size_t i = 0; i < mask.size(); ++i) mask.values()[i] = picture.values()[i] >= threshold;
  return mask;
}

// At most kWorkingSide long.
Picture working_size(const Picture& picture) {
  const std::size_t longer = std::max(picture.rows(), picture.cols());
  if (longer <= kWorkingSide) return picture;
  const auto side = [&](std::size_t length) {
    return std::max<std::size_t>(1, length * kWorkingSide / longer);
  };
  return area_average(picture, side(picture.rows()), side(picture.cols()));
}

// The ink of one digit, without that of its neighbors, with the strength of its strokes made 1.
Picture ink_of_group(const StrokeGroup& group, const Components& components, const Picture& ink,
                     const InkLevels& levels) {
  constexpr std::size_t kMargin = 2;  // soft edges
  const Box& b = group.box;
  const std::size_t left = b.left - std::min(b.left, kMargin), top = b.top - std::min(b.top, kMargin);
  const Box box{left, top, std::min(b.right() + kMargin, ink.cols()) - left,
                std::min(b.bottom() + kMargin, ink.rows()) - top};
  Picture part = crop(ink, box);
  Mask own(box.height, box.width);
  std::vector<float> values;
  for (std::size_t r = 0; r < box.height; ++r) {
    for (std::size_t c = 0; c < box.width; ++c) {
      const int label = components.labels(top + r, left + c);
      own(r, c) =
          std::find(group.components.begin(), group.components.end(), label) != group.components.end();
      if (own(r, c)) values.push_back(part(r, c));
    }
  }
  const auto strong = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 3 / 4);
  std::nth_element(values.begin(), strong, values.end());
  const float floor = std::min(2 * levels.noise, 0.4f * levels.low), full = *strong;
  const Picture distance = signed_distance(own);
  for (std::size_t i = 0; i < part.size(); ++i) {
    float& value = part.values()[i];
    value = distance.values()[i] < -static_cast<float>(kMargin)
                ? 0
                : std::clamp((value - floor) / (full - floor), 0.f, 1.f);
  }
  return part;
}

// Large enough that strokes can be made thicker and thinner.
Picture enlarged(const Picture& digit) {
  const std::size_t longer = std::max(digit.rows(), digit.cols());
  if (longer >= kDigitWorkingSide) return digit;
  const std::size_t times = (kDigitWorkingSide + longer - 1) / longer;
  return enlarge(digit, digit.rows() * times, digit.cols() * times);
}

// With so much room on every side.
Picture padded(const Picture& picture, std::size_t room) {
  Picture result(picture.rows() + 2 * room, picture.cols() + 2 * room);
  for (std::size_t r = 0; r < picture.rows(); ++r)
    std::copy(picture.row(r).begin(), picture.row(r).end(),
              result.row(r + room).begin() + static_cast<std::ptrdiff_t>(room));
  return result;
}

// The box around what is at least `least`; the whole picture if there is nothing.
Box ink_box(const Picture& picture, float least) {
  Box box;
  for (std::size_t r = 0; r < picture.rows(); ++r) {
    for (std::size_t c = 0; c < picture.cols(); ++c) {
      if (picture(r, c) < least) continue;
      box = box.width == 0 ? Box{c, r, 1, 1} : around(box, {c, r, 1, 1});
    }
  }
  return box.width == 0 ? Box{0, 0, picture.cols(), picture.rows()} : box;
}

// Strokes that are thinner or thicker than MNIST's get its width.
Picture with_usual_strokes(const Picture& digit) {
  const Mask mask = above(digit, 0.5f);
  const auto longer = static_cast<float>(ink_box(digit, 0.5f).longer_side());
  const float width = stroke_width(mask) / longer, wanted = std::clamp(width, kThinnest, kThickest);
  if (width == 0 || width == wanted) return digit;
  // A stroke that gets thicker makes the digit larger, too:  width L + 2 by = wanted (L + 2 by).
  const float by = (wanted - width) * longer / 2 / (1 - wanted);
  const auto room = static_cast<std::size_t>(std::ceil(std::max(by, 0.f))) + 1;
  return change_stroke_width(above(padded(digit, room), 0.5f), by);
}

// The box in the middle of 28 x 28 instead of the center of mass.
Picture center_by_box(const Picture& digit) {
  Picture result(kDigitSide, kDigitSide);
  const std::size_t top = (kDigitSide - digit.rows()) / 2, left = (kDigitSide - digit.cols()) / 2;
  for (std::size_t r = 0; r < digit.rows(); ++r)
    std::copy(digit.row(r).begin(), digit.row(r).end(),
              result.row(top + r).begin() + static_cast<std::ptrdiff_t>(left));
  return result;
}

// Whether the strokes are too long for a digit. Length = area / width.
bool has_too_many_strokes(const Mask& digit) {
  const float width = stroke_width(digit);
  if (width == 0) return false;
  const auto area = static_cast<float>(std::count(digit.values().begin(), digit.values().end(), 1));
  return area / width > kLongestStrokes * static_cast<float>(std::max(digit.rows(), digit.cols()));
}

GrayImage finish(const Picture& ink, int index, const PreparationOptions& options) {
  Picture digit = enlarged(ink);
  record(options, "digit", index, digit);
  if (options.steps.adapt_strokes) digit = with_usual_strokes(digit);
  record(options, "strokes", index, digit);
  digit = crop(digit, ink_box(digit, 0.2f));
  Picture scaled =
      options.steps.keep_proportions ? scale_to_box(digit) : area_average(digit, kDigitBox, kDigitBox);
  float strongest = 0;
  for (const float value : scaled.values()) strongest = std::max(strongest, value);
  for (float& value : scaled.values()) value /= std::max(strongest, 0.1f);
  record(options, "scaled", index, scaled);
  const Picture centered = options.steps.center ? center_by_mass(scaled) : center_by_box(scaled);
  record(options, "centered", index, centered);
  return to_image(centered);
}

Box in_whole_picture(const Box& box, const Picture& working, const GrayImage& image) {
  const auto scale = [](std::size_t at, std::size_t from, std::size_t to) {
    return (at * to + from / 2) / from;
  };
  const std::size_t left = scale(box.left, working.cols(), image.width),
                    top = scale(box.top, working.rows(), image.height);
  return {left, top, scale(box.right(), working.cols(), image.width) - left,
          scale(box.bottom(), working.rows(), image.height) - top};
}

}  // namespace

Preparation prepare_digits(const GrayImage& image, const PreparationOptions& options) {
  Picture gray = working_size(to_picture(image));
  record(options, "gray", -1, gray);
  if (options.steps.find_polarity && ink_is_light(gray)) gray = inverted(gray);
  record(options, "dark ink", -1, gray);
  const Picture paper =
      options.steps.divide_by_paper ? estimate_paper(gray) : Picture(gray.rows(), gray.cols(), 1.f);
  Picture ink = divide_by_paper(gray, paper);
  record(options, "ink", -1, ink);
  InkLevels levels = measure_ink(ink);
  if (options.steps.remove_lines) {
    ink = remove_ruled_lines(ink, levels.noise);
    levels = measure_ink(ink);
  }
  record(options, "without lines", -1, ink);
  if (levels.strength == 0) return {{}, "is blank: no ink was found on it"};
  const Mask mask = threshold_ink(ink, levels);
  record(options, "threshold", -1, as_picture(mask));
  const Components components = connected_components(mask);
  std::vector<StrokeGroup> groups =
      group_strokes(components, stroke_width(mask) / 2,
                    {.drop_specks = options.steps.remove_specks, .join = options.steps.join_strokes});
  sort_for_reading(groups);
  Preparation result;
  for (const StrokeGroup& group : groups) {
    if (group.box.longer_side() < kSmallestDigit) continue;
    const auto index = static_cast<int>(result.digits.size());
    const Picture digit = ink_of_group(group, components, ink, levels);
    result.digits.push_back({in_whole_picture(group.box, gray, image), finish(digit, index, options),
                             has_too_many_strokes(above(digit, 0.5f))});
  }
  if (result.digits.empty()) result.why_none = "shows no digit: nothing is large enough to be one";
  return result;
}

}  // namespace nn
