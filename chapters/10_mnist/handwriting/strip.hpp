// The steps of the preparation as pictures.
#pragma once

#include <string>
#include <vector>

#include "10_mnist/handwriting/prepare.hpp"

namespace nn {

// Keeps every step of one picture's preparation.
class StepPictures {
 public:
  struct Step {
    std::string name;
    int digit;  // -1: the whole picture
    Picture picture;
  };

  // For PreparationOptions::record; this object must outlive the preparation.
  StepRecorder recorder() {
    return [this](const std::string& name, int digit, const Picture& picture) {
      steps_.push_back({name, digit, picture});
    };
  }
  const std::vector<Step>& steps() const { return steps_; }

  // All steps of one digit side by side, as tiles of 140 x 140 pixels: of the whole picture what is around the digit, then
  // the digit itself. image: what was prepared; box: where the digit is in it.
  GrayImage strip(const GrayImage& image, const Box& box, int digit) const;

 private:
  std::vector<Step> steps_;
};

}  // namespace nn
