// Data augmentation: the network sees every training image changed at random, in each epoch in another way.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "07_training/training.hpp"
#include "08_generalization/affine.hpp"
#include "08_generalization/elastic.hpp"
#include "08_generalization/random_at.hpp"

namespace nn {

// What may happen to an image.
struct Augmentation {
  AffineRange affine = {};
  float elastic_strength = 0, elastic_sigma = 0;  // strength 0: no displacement field
};

inline const std::vector<std::string> kAugmentations = {"none", "shift", "affine", "elastic"};

// One of these names. Throws std::invalid_argument.
Augmentation augmentation_named(const std::string& name);

// Draws variants of images, on all threads.
class Augmenter {
 public:
  explicit Augmenter(const Augmentation& augmentation);
  // out becomes, one after the other, the variants of the images of the batch. Variant i depends on nothing but its image
  // and seeds[i]; as many seeds as images.
  void operator()(const ImageSet& images, std::span<const std::size_t> batch,
                  std::span<const std::uint64_t> seeds, std::span<std::uint8_t> out);

 private:
  void sample(std::span<const std::uint8_t> image, std::size_t i, std::size_t height, std::size_t width,
              std::span<std::uint8_t> out) const;

  AffineRange affine_;
  std::optional<DisplacementFields> fields_;
  std::vector<AffineMap> maps_;
};

// A Step that trains on variants: it draws those of a batch, which depend on nothing but (seed, epoch, image), and passes
// them to the step that `make` makes for them, any step of the course. images must outlive it.
Step augmented_step(const Recipe& recipe, const LabeledImages& images,
                    const std::function<Step(const LabeledImages&)>& make);

}  // namespace nn
