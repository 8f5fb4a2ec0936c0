#include "08_generalization/augment.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>

#include "common/parallel/thread_pool.hpp"

namespace nn {

Augmentation augmentation_named(const std::string& name) {
  const AffineRange tilted{.rotation = 0.2f, .scale = 0.15f, .shear = 0.15f, .shift = 1};
  if (name == "none") return {};
  if (name == "shift") return {.affine = {.shift = 1}};
  if (name == "affine") return {.affine = tilted};
  if (name == "elastic") return {.affine = tilted, .elastic_strength = 34, .elastic_sigma = 5};
  throw std::invalid_argument(
      fmt::format("no augmentation is called '{}'; there are: {}", name, fmt::join(kAugmentations, ", ")));
}

Augmenter::Augmenter(const Augmentation& augmentation) : affine_(augmentation.affine) {
  if (augmentation.elastic_strength != 0)
    fields_.emplace(augmentation.elastic_strength, augmentation.elastic_sigma);
}

void Augmenter::operator()(const ImageSet& images, std::span<const std::size_t> batch,
                           std::span<const std::uint64_t> seeds, std::span<std::uint8_t> out) {
  const std::size_t size = images.height * images.width;
  maps_.resize(batch.size());
  if (fields_) fields_->resize(batch.size(), images.height, images.width);
  parallel_for(batch.size(), 4, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      Random random(seeds[i]);
      maps_[i] = random_affine_map(affine_, random);
      if (fields_) fields_->draw(i, random);
    }
  });
  if (fields_) fields_->smooth();
  parallel_for(batch.size(), 4, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      sample(images.image(batch[i]), i, images.height, images.width, out.subspan(i * size, size));
  });
}

void Augmenter::sample(std::span<const std::uint8_t> image, std::size_t i, std::size_t height,
                       std::size_t width, std::span<std::uint8_t> out) const {
  thread_local PaddedImage padded;
  padded.set(image, height, width);
  const AffineMap map = maps_[i];
  for (std::size_t row = 0; row < height; ++row) {
    for (std::size_t col = 0; col < width; ++col) {
      Position from = map.source(row, col, height, width);
      if (fields_) {
        const Position displacement = fields_->at(i, row, col);
        from = {from.row + displacement.row, from.col + displacement.col};
      }
      out[row * width + col] = static_cast<std::uint8_t>(padded.at(from) + 0.5f);
    }
  }
}

namespace {

// The variants of a batch. Nobody else has their bytes, so they may change from batch to batch.
class VariantBatch {
 public:
  VariantBatch(const Recipe& recipe, const LabeledImages& originals)
      : originals_(originals),
        augment_(augmentation_named(recipe.augment)),
        seed_(recipe.seed),
        per_epoch_((originals.count + recipe.batch_size - 1) / recipe.batch_size) {
    const std::size_t count = std::min(recipe.batch_size, originals.count);
    std::vector<std::uint8_t> pixels(count * originals.height * originals.width), labels(count);
    pixels_ = pixels, labels_ = labels;
    images_ = {{count, originals.height, originals.width, std::move(pixels)}, std::move(labels)};
    places_.resize(count);
    for (std::size_t i = 0; i < count; ++i) places_[i] = i;
  }

  const LabeledImages& images() const { return images_; }

  // Draws the variants of the batch; returns their places in images().
  std::span<const std::size_t> draw(std::span<const std::size_t> batch, std::size_t step) {
    const std::size_t epoch = (step - 1) / per_epoch_;
    seeds_.resize(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      seeds_[i] = seed_of({seed_, epoch, batch[i]});
      labels_[i] = originals_.labels[batch[i]];
    }
    augment_(originals_, batch, seeds_, pixels_);
    return std::span(places_).first(batch.size());
  }

 private:
  const LabeledImages& originals_;
  Augmenter augment_;
  std::uint64_t seed_;
  std::size_t per_epoch_;
  LabeledImages images_;
  std::span<std::uint8_t> pixels_, labels_;  // of images_
  std::vector<std::size_t> places_;          // 0, 1, 2, ...
  std::vector<std::uint64_t> seeds_;
};

}  // namespace

Step augmented_step(const Recipe& recipe, const LabeledImages& images,
                    const std::function<Step(const LabeledImages&)>& make) {
  const auto variants = std::make_shared<VariantBatch>(recipe, images);
  return [variants, step = make(variants->images())](std::span<const std::size_t> batch, std::size_t number,
                                                     float learning_rate) {
    return step(variants->draw(batch, number), number, learning_rate);
  };
}

}  // namespace nn
