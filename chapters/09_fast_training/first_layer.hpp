// The first layer of a training step, which has 98% of its arithmetic: it leaves out the pixels that are 0.
#pragma once

#include "01_matrix/dense.hpp"
#include "05_backprop/network.hpp"
#include "06_simd_matmul/simd_products.hpp"
#include "09_fast_training/fast_step.hpp"
#include "09_fast_training/kernels/sparse_images.hpp"
#include "09_fast_training/passes.hpp"
#include "09_fast_training/ranks/ranks.hpp"

namespace nn {

// A layer and the ReLU behind it, if there is one; output: after the ReLU; grad: d loss / d output before the ReLU.
// batch x width.
struct DenseRelu {
  Parameter<float> weights, bias;
  bool relu;
  Matrix<float> output, grad;
};

class FirstLayer {
 public:
  // The images of less density than this are worth skipping zeros for (measured, see the page).
  static constexpr double kMaxDensity = 0.4;

  // images and layer must outlive it. own: the columns that this process computes; all of them but where many processes
  // train together (ranks/).
  FirstLayer(const LabeledImages& images, const InputTransform& input, DenseRelu& layer, ColumnRange own,
             const FastStepOptions& options);

  // Whether it may skip zeros: the images have enough of them, the transform keeps them, and the product is matmul_fast (the
  // sums of another one may round otherwise).
  bool skips_zeros() const { return may_skip_ && current_product<float> == matmul_fast<float>; }

  // layer.output, from the images of the batch.
  void forward(std::span<const std::size_t> batch);

  // From layer.grad, of d loss / d output, the gradients of weights and bias, and their update. A thread has the same
  // columns of the layer as in forward(): what it has changed stays in its own cache. The gradient of the weights is not
  // kept where zeros are skipped.
  void backward(const SliceUpdate& update, const ParameterSlice<float>& weights,
                const ParameterSlice<float>& bias);

 private:
  void take_dense();
  bool forward_sparse();
  void backward_columns(const SliceUpdate& update, const ParameterSlice<float>& weights,
                        const ParameterSlice<float>& bias, std::size_t begin, std::size_t end);
  void add_zeros_times_infinity(std::size_t first, std::size_t last, std::size_t begin, std::size_t end,
                                Matrix<float>& grad);

  const LabeledImages& images_;
  const InputTransform input_;
  DenseRelu& layer_;
  const ColumnRange own_;
  const bool may_skip_;
  const FastStepOptions options_;

  SparseImages sparse_;
  NumberOfValue numbers_;
  std::span<const std::size_t> batch_;
  Matrix<float> x_;                              // the batch with its zeros, batch x in
  bool has_dense_ = false, has_sparse_ = false;  // x_ is, and sparse_ holds, the present batch
};

}  // namespace nn
