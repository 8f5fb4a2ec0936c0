// A recipe: everything besides the data that determines the numbers of a training run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "07_training/initialize.hpp"
#include "07_training/input_transform.hpp"

namespace nn {

struct Recipe {
  std::string name = "default";
  std::vector<std::size_t> hidden = {256};  // widths of the ReLU layers between the pixels and the ten logits
  std::size_t epochs = 8;
  std::size_t batch_size = 64;
  std::string optimizer = "adam";
  double learning_rate = 0.002;  // the schedule's peak
  double warm_up = 0.1;          // the fraction of all steps that is warm-up
  Initialization initialization = Initialization::kHe;
  InputTransform input = {};  // of the pixels during training
  bool validation = true;     // set some training images aside, to choose hyperparameters with
  std::uint64_t seed = 1;
  std::string data = {};  // as for --data; "": the first that is found

  friend bool operator==(const Recipe&, const Recipe&) = default;
};

}  // namespace nn
