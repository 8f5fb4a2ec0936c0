// A recipe: everything besides the data that determines the numbers of a training run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "07_training/initialize.hpp"
#include "07_training/input_transform.hpp"
#include "common/error.hpp"

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
  InputTransform input = {};     // of the pixels during training
  bool validation = true;        // set some training images aside, to choose hyperparameters with
  std::string augment = "none";  // what happens to the images during training: see chapter 08
  double dropout = 0;            // the probability that a hidden neuron is dropped in a step
  double weight_decay = 0;       // decoupled: w -= learning_rate * weight_decay * w in every step
  double label_smoothing = 0;    // the share of a label that is divided equally among the classes
  double ema = 0;                // of the weights' moving average; 0: the weights themselves become the model
  std::uint64_t seed = 1;
  std::string data = {};  // as for --data; "": the first that is found

  friend bool operator==(const Recipe&, const Recipe&) = default;
};

// For a step that knows neither dropout nor weight decay nor label smoothing. Throws Error if the recipe asks for one.
inline void check_plain(const Recipe& recipe, const std::string& step) {
  if (recipe.dropout == 0 && recipe.weight_decay == 0 && recipe.label_smoothing == 0) return;
  throw Error(
      step +
      ": the recipe asks for dropout, weight decay or label smoothing, which only the regularized step of "
      "chapter 08 knows");
}

}  // namespace nn
