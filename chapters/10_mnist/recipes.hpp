// The recipes that have a name.
#pragma once

#include "07_training/recipe.hpp"

namespace nn {

// "default", "classroom" (25 and 15 hidden neurons, on the sample), "fast" or "best" (800 hidden neurons, elastic
// augmentation). Throws std::invalid_argument.
Recipe recipe_named(const std::string& name);
inline const std::vector<std::string> kRecipeNames = {"default", "classroom", "fast", "best"};

}  // namespace nn
