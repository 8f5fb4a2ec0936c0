// The first layer of a training step, which has 98% of its arithmetic: it leaves out the pixels that are 0.
#pragma once

#include "01_matrix/dense.hpp"
#include "05_backprop/network.hpp"
#include "09_fast_training/fast_step.hpp"
#include "09_fast_training/kernels/sparse_batch.hpp"
#include "09_fast_training/passes.hpp"

namespace nn {

// A layer and the ReLU behind it, if there is one; output: after the ReLU; grad: d loss / d output before the ReLU.
// batch x width.
struct DenseRelu {
  Parameter<float> weights, bias;
  bool relu;
  Matrix<float> output, grad;
};

// The part of the pixels that are not 0, 0 to 1, estimated from 1,000 images drawn at random.
double density(const LabeledImages& images);

class FirstLayer {
 public:
  // The images of less density than this are worth skipping zeros for (measured, see the page).
  static constexpr double kMaxDensity = 0.4;

  // images and layer must outlive it.
  FirstLayer(const LabeledImages& images, const InputTransform& input, DenseRelu& layer,
             const Savings& savings);

  // layer.output, from the images of the batch.
  void forward(std::span<const std::size_t> batch);

  // From layer.grad, of d loss / d output, the gradients of weights and bias, and their update. A thread has the same
  // columns of the layer as in forward(): what it has changed stays in its own cache.
  void backward(const SliceUpdate& update, const ParameterSlice<float>& weights,
                const ParameterSlice<float>& bias);

 private:
  const std::uint8_t* pixels(std::size_t image) const { return images_.pixels.data() + image * pixel_count_; }
  void fetch(std::size_t image) const;
  template <class Take>
  void take_images(const Take& take);
  void take_sparse();
  void take_dense();
  bool forward_sparse();
  void gradient_of_columns(std::size_t block, std::size_t begin, std::size_t end);
  void update_columns(const SliceUpdate& update, const ParameterSlice<float>& weights, std::size_t block,
                      std::size_t begin, std::size_t end) const;

  const LabeledImages& images_;
  const InputTransform input_;
  DenseRelu& layer_;
  const Savings savings_;
  const std::size_t pixel_count_;
  bool is_sparse_;  // the images and the transform allow it

  std::span<const std::size_t> batch_;
  SparseBatch sparse_;
  Matrix<float> x_;                              // batch x in
  bool has_dense_ = false, has_sparse_ = false;  // of the present batch
};

}  // namespace nn
