#include "10_mnist/recipes.hpp"

#include <stdexcept>

namespace nn {

Recipe recipe_named(const std::string& name) {
  if (name == "default") return {};
  if (name == "classroom") {
    return {.name = name,
            .hidden = {25, 15},
            .epochs = 40,
            .batch_size = 32,
            .learning_rate = 0.003,
            .data = "sample"};
  }
  if (name == "fast")
    return {.name = name,
            .hidden = {192},
            .epochs = 4,
            .batch_size = 128,
            .learning_rate = 0.005,
            .input = kScaled,
            .validation = false};
  if (name == "best")
    return {.name = name,
            .hidden = {800},
            .epochs = 80,
            .batch_size = 128,
            .learning_rate = 0.002,
            .augment = "elastic"};
  throw std::invalid_argument("no recipe is called '" + name +
                              "'; there are: default, classroom, fast, best");
}

}  // namespace nn
