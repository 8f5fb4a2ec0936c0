// From any picture of handwritten digits, a photo, a scan, a drawing, to what the network was trained on.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "10_mnist/handwriting/picture.hpp"

namespace nn {

struct PreparedDigit {
  Box box;           // where it is in the picture
  GrayImage pixels;  // 28 x 28, white on black, as in MNIST
  // The strokes together are longer than those of any digit: a scribble, or digits that touch.
  bool has_too_many_strokes = false;
};

struct Preparation {
  std::vector<PreparedDigit> digits;  // in reading order
  std::string why_none = {};          // in the words of a message, if there is none
};

// The steps, in their order. One that is left out shows what it is good for.
struct PreparationSteps {
  bool divide_by_paper = true;
  bool find_polarity = true;
  bool remove_lines = true;
  bool remove_specks = true;
  bool join_strokes = true;
  bool keep_proportions = true;
  bool adapt_strokes = true;
  bool center = true;
};

// Called with every step's name and picture, 0 black to 1 white; digit: its index, or -1 for the whole picture.
using StepRecorder = std::function<void(const std::string& step, int digit, const Picture& picture)>;

struct PreparationOptions {
  PreparationSteps steps = {};
  StepRecorder record = {};
};

Preparation prepare_digits(const GrayImage& image, const PreparationOptions& options = {});

}  // namespace nn
