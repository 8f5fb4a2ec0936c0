// A training run on disk: whoever continues from it gets the bits of a run that was never interrupted.
#pragma once

#include <filesystem>

#include "07_training/training.hpp"
#include "common/files/safetensors.hpp"

namespace nn {

// Safetensors, written by atomic rename: the parameters as in a model file, what the optimizer remembers as
// "optimizer.NAME", and counters, random state and the recipe as metadata.
void save_checkpoint(const std::filesystem::path& file, TrainingState& state);
// Throws Error if the file is no checkpoint.
TrainingState load_checkpoint(const std::filesystem::path& file);
TrainingState state_from_tensors(TensorFile file, const std::string& where);

}  // namespace nn
