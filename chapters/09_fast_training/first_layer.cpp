#include "09_fast_training/first_layer.hpp"

#include <atomic>
#include <hwy/cache_control.h>

#include "01_matrix/matmul.hpp"
#include "06_simd_matmul/simd_products.hpp"
#include "09_fast_training/kernels/normalize_pixels.hpp"
#include "common/finite.hpp"
#include "common/random.hpp"

namespace nn {
namespace {

constexpr std::size_t kAhead = 3;             // images
constexpr std::size_t kMinWidth = 16;         // of a layer: fewer columns do not fill a vector
constexpr std::size_t kCyclesPerColumn = 16;  // of one image, at least

}  // namespace

double density(const LabeledImages& images) {
  constexpr std::size_t kDrawn = 1000;
  const std::size_t pixels = images.height * images.width;
  Random random(1);
  std::size_t nonzero = 0;
  for (std::size_t n = 0; n < kDrawn && images.count > 0; ++n) {
    const auto image = images.image(random.below(images.count));
    nonzero += pixels - static_cast<std::size_t>(std::count(image.begin(), image.end(), 0));
  }
  return static_cast<double>(nonzero) / static_cast<double>(kDrawn * pixels);
}

FirstLayer::FirstLayer(const LabeledImages& images, const InputTransform& input, DenseRelu& layer,
                       const Savings& savings)
    : images_(images),
      input_(input),
      layer_(layer),
      savings_(savings),
      pixel_count_(images.height * images.width),
      is_sparse_(input.mean == 0 && layer.weights.value->cols() >= kMinWidth &&
                 density(images) <= kMaxDensity),
      sparse_(input) {}

// Asks for pixels that will be wanted soon: they are chosen at random, so no processor can guess where they are.
void FirstLayer::fetch(std::size_t image) const {
  for (std::size_t k = 0; k < pixel_count_; k += kAlignment) hwy::Prefetch(pixels(image) + k);
}

// take(i, pixels) for every image of the batch.
template <class Take>
void FirstLayer::take_images(const Take& take) {
  parallel_for(batch_.size(), kMinNumbersPerThread / pixel_count_ + 1,
               [&](std::size_t begin, std::size_t end) {
                 for (std::size_t i = begin; i < end; ++i) {
                   if (i + kAhead < end) fetch(batch_[i + kAhead]);
                   take(i, pixels(batch_[i]));
                 }
               });
}

void FirstLayer::take_sparse() {
  if (std::exchange(has_sparse_, true)) return;
  sparse_.resize(batch_.size(), pixel_count_);
  take_images([&](std::size_t i, const std::uint8_t* image) { sparse_.set_image(i, image); });
}

void FirstLayer::take_dense() {
  if (std::exchange(has_dense_, true)) return;
  x_.resize(batch_.size(), pixel_count_);
  take_images([&](std::size_t i, const std::uint8_t* image) {
    normalize_pixels(image, pixel_count_, input_, x_.row(i).data());
  });
}

// [show first_layer_forward]
void FirstLayer::forward(std::span<const std::size_t> batch) {
  batch_ = batch, has_dense_ = has_sparse_ = false;
  // The sums of another product may round otherwise.
  const bool may_skip = is_sparse_ && current_product<float> == matmul_fast<float>;
  if (may_skip && savings_.zeros_forward && forward_sparse()) return;
  take_dense();
  matmul(x_, *layer_.weights.value, layer_.output);
  add_bias(layer_.output, *layer_.bias.value, layer_.relu);
}
// [/show]

// False if a weight is not finite: 0 times it is NaN, and this must be seen.
bool FirstLayer::forward_sparse() {
  take_sparse();
  const Matrix<float>&w = *layer_.weights.value, &b = *layer_.bias.value;
  layer_.output.resize(batch_.size(), w.cols());
  std::atomic<bool> finite = true;
  for_lines(w.cols(), batch_.size() * kCyclesPerColumn, [&](std::size_t begin, std::size_t end) {
    if (!sparse_times(sparse_, w, begin, end, layer_.output)) finite = false;
    for (std::size_t i = 0; i < batch_.size(); ++i)
      add_bias(layer_.output.row(i).subspan(begin, end - begin), b.row(0).subspan(begin, end - begin),
               layer_.relu);
  });
  return finite;
}

void FirstLayer::backward(const SliceUpdate& update, const ParameterSlice<float>& weights,
                          const ParameterSlice<float>& bias) {
  const Matrix<float>* y = layer_.relu ? &layer_.output : nullptr;
  const bool may_skip = is_sparse_ && current_product<float> == matmul_fast<float>;
  if (!may_skip || !savings_.zeros_backward) {
    take_dense();
    mask_and_add_up(y, layer_.grad, *layer_.bias.grad);
    matmul_at_b(x_, layer_.grad, *layer_.weights.grad);
    update_all(update, weights);
    update_all(update, bias);
    return;
  }
  take_sparse();
  parallel_for(sparse_.blocks(), 4,
               [&](std::size_t begin, std::size_t end) { sparse_.transpose(begin, end); });
  for_lines(layer_.grad.cols(), batch_.size() * kCyclesPerColumn, [&](std::size_t begin, std::size_t end) {
    mask_and_add_up(y, layer_.grad, *layer_.bias.grad, begin, end);
    for (std::size_t block = 0; block < sparse_.blocks(); ++block) {
      gradient_of_columns(block, begin, end);
      if (savings_.separate_update) update_columns(update, weights, block, begin, end);
    }
  });
  if (!savings_.separate_update) update_all(update, weights);
  update_all(update, bias);
}

// Columns begin .. end - 1 of the gradient of a block of pixels.
void FirstLayer::gradient_of_columns(std::size_t block, std::size_t begin, std::size_t end) {
  Matrix<float>& grad = *layer_.weights.grad;
  sparse_gradient(sparse_, block, layer_.grad, begin, end, grad);
  const auto sums = layer_.bias.grad->row(0).subspan(begin, end - begin);
  if (std::all_of(sums.begin(), sums.end(), [](float sum) { return is_finite(sum); })) return;
  // Zeros times NaN or infinity are NaN; these columns are lost, as they are in the plain step.
  const std::size_t first = sparse_.block_begin(block), last = sparse_.block_end(block);
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    for (std::size_t j = begin; j < end; ++j) {
      if (is_finite(layer_.grad(i, j))) continue;
      for (std::size_t p = first; p < last; ++p)
        if (pixels(batch_[i])[p] == 0) grad(p, j) += 0 * layer_.grad(i, j);
    }
  }
}

void FirstLayer::update_columns(const SliceUpdate& update, const ParameterSlice<float>& weights,
                                std::size_t block, std::size_t begin, std::size_t end) const {
  const std::size_t width = layer_.grad.cols(), first = sparse_.block_begin(block),
                    last = sparse_.block_end(block);
  if (end - begin == width) return update(weights.range(first * width, (last - first) * width), false);
  for (std::size_t p = first; p < last; ++p) update(weights.range(p * width + begin, end - begin), false);
}

}  // namespace nn
