#include "09_fast_training/first_layer.hpp"

#include <atomic>
#include <hwy/cache_control.h>

#include "01_matrix/matmul.hpp"
#include "06_simd_matmul/simd_products.hpp"
#include "09_fast_training/kernels/normalize_pixels.hpp"
#include "common/finite.hpp"

namespace nn {
namespace {

constexpr std::size_t kMinWidth = 16;         // of a layer: fewer columns do not fill a vector
constexpr std::size_t kCyclesPerColumn = 16;  // of one image, about

bool may_skip_zeros(const LabeledImages& images, const InputTransform& input, const DenseRelu& layer,
                    const FastStepOptions& options) {
  return (options.skip_zeros_forward || options.skip_zeros_backward) && input.mean == 0 &&
         layer.weights.value->cols() >= kMinWidth &&
         images.height * images.width <= SparseImages::kMaxPixels &&
         (options.images_change || density(images) <= FirstLayer::kMaxDensity);
}

}  // namespace

FirstLayer::FirstLayer(const LabeledImages& images, const InputTransform& input, DenseRelu& layer,
                       ColumnRange own, const FastStepOptions& options)
    : images_(images),
      input_(input),
      layer_(layer),
      own_(own),
      may_skip_(may_skip_zeros(images, input, layer, options)),
      options_(options),
      numbers_(number_of_value(input)) {
  if (may_skip_ && !options.images_change) sparse_.set(images);
}

// [show first_layer_forward]
void FirstLayer::forward(std::span<const std::size_t> batch) {
  batch_ = batch, has_dense_ = false;
  if (skips_zeros() && options_.images_change) sparse_.set(first_images(images_, batch.size()));
  has_sparse_ = skips_zeros() && sparse_.density() <= kMaxDensity;
  if (has_sparse_ && options_.skip_zeros_forward && forward_sparse()) return;
  take_dense();
  matmul(x_, *layer_.weights.value, layer_.output);
  add_bias(layer_.output, *layer_.bias.value, layer_.relu);
}

// False if a weight is not finite: 0 times it is NaN, and that must not be skipped.
bool FirstLayer::forward_sparse() {
  const Matrix<float>&w = *layer_.weights.value, &b = *layer_.bias.value;
  layer_.output.resize(batch_.size(), w.cols());
  std::atomic<bool> finite = true;
  for_lines(own_.begin, own_.end, batch_.size() * kCyclesPerColumn, [&](std::size_t begin, std::size_t end) {
    sparse_.fetch(batch_);
    if (!sparse_times(sparse_, batch_, numbers_, w, begin, end, layer_.output)) finite = false;
    const auto bias = b.row(0).subspan(begin, end - begin);
    for (std::size_t i = 0; i < batch_.size(); ++i)
      add_bias(layer_.output.row(i).subspan(begin, end - begin), bias, layer_.relu);
  });
  return finite;
}
// [/show]

// The batch with its zeros. Its images are chosen at random, so no processor can guess where they are: the step asks for
// each of them a while before it needs it.
void FirstLayer::take_dense() {
  if (std::exchange(has_dense_, true)) return;
  constexpr std::size_t kAhead = 3;  // images
  const std::size_t width = images_.height * images_.width;
  x_.resize(batch_.size(), width);
  for_rows(x_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t k = 0; i + kAhead < end && k < width; k += kAlignment)
        hwy::Prefetch(images_.pixels.data() + batch_[i + kAhead] * width + k);
      normalize_pixels(images_.pixels.data() + batch_[i] * width, width, input_, x_.row(i).data());
    }
  });
}

void FirstLayer::backward(const SliceUpdate& update, const ParameterSlice<float>& weights,
                          const ParameterSlice<float>& bias) {
  if (has_sparse_ && options_.skip_zeros_backward) {
    for_lines(
        own_.begin, own_.end, batch_.size() * kCyclesPerColumn,
        [&](std::size_t begin, std::size_t end) { backward_columns(update, weights, bias, begin, end); });
    return;
  }
  take_dense();
  mask_and_add_up(layer_.relu ? &layer_.output : nullptr, layer_.grad, *layer_.bias.grad);
  matmul_at_b(x_, layer_.grad, *layer_.weights.grad);
  update_all(update, weights);
  update_all(update, bias);
}

// Block after block, so that the gradient never leaves the cache: as soon as it is complete, the weights are updated with
// it, and the next block's takes its place.
void FirstLayer::backward_columns(const SliceUpdate& update, const ParameterSlice<float>& weights,
                                  const ParameterSlice<float>& bias, std::size_t begin, std::size_t end) {
  // Each thread sorts the whole batch for itself: that takes less time than to fetch it from another core's cache.
  thread_local TransposedBatch transposed;
  thread_local Matrix<float> grad;
  transposed.set(sparse_, batch_);
  mask_and_add_up(layer_.relu ? &layer_.output : nullptr, layer_.grad, *layer_.bias.grad, begin, end);
  update(bias.range(begin, end - begin), false);
  const auto sums = layer_.bias.grad->row(0).subspan(begin, end - begin);
  const bool finite = std::all_of(sums.begin(), sums.end(), [](float sum) { return is_finite(sum); });
  grad.resize(SparseImages::kBlock, end - begin);
  for (std::size_t block = 0; block < sparse_.blocks(); ++block) {
    const std::size_t first = sparse_.block_begin(block), last = sparse_.block_end(block);
    sparse_gradient(transposed, numbers_, first, last, layer_.grad, begin, end, grad);
    if (!finite) add_zeros_times_infinity(first, last, begin, end, grad);
    for (std::size_t p = first; p < last; ++p) {
      ParameterSlice<float> row = weights.range(p * layer_.grad.cols() + begin, end - begin);
      row.g = grad.row(p - first);
      update(row, false);
    }
  }
}

// The terms 0 * g of a g that is NaN or infinite, for the pixels first .. last - 1: all are NaN, as in the plain step.
void FirstLayer::add_zeros_times_infinity(std::size_t first, std::size_t last, std::size_t begin,
                                          std::size_t end, Matrix<float>& grad) {
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    const auto image = images_.image(batch_[i]);
    for (std::size_t j = begin; j < end; ++j) {
      const float g = layer_.grad(i, j);
      for (std::size_t p = first; !is_finite(g) && p < last; ++p)
        if (image[p] == 0) grad(p - first, j - begin) += 0 * g;
    }
  }
}

}  // namespace nn
