// An activation function as a layer: its backward pass multiplies by the derivative.
#pragma once

#include "02_relu/activations.hpp"
#include "02_relu/apply.hpp"
#include "05_backprop/layer.hpp"

namespace nn {

// Function: a type with static T f(T), static T derivative(T) and static bool kHasKink: whether the first or
// second derivative jumps at 0. Shapes: all batch x width.
template <class T, class Function>
class Activation final : public Layer<T> {
 public:
  using Layer<T>::forward;
  // [show activation]
  const Matrix<T>& forward(const Matrix<T>& x) override {
    // [write Activation::forward]
    input_ = &x;
    apply(Function::f, x, output_);
    return output_;
    // [/write]
  }

  // d loss / d x[i][j] = f'(x[i][j]) * d loss / d y[i][j]
  const Matrix<T>& backward(const Matrix<T>& grad_output) override {
    this->check_grad("Activation", input_, output_, grad_output);
    // [write Activation::backward]
    grad_input_.resize(grad_output.rows(), grad_output.cols());
    for (std::size_t i = 0; i < grad_input_.size(); ++i) {
      grad_input_.values()[i] = Function::derivative(input_->values()[i]) * grad_output.values()[i];
    }
    return grad_input_;
    // [/write]
  }
  // [/show]
  void backward_parameters(const Matrix<T>&) override {}  // it has none

  void append_branches(std::vector<bool>& branches) const override {
    if (!Function::kHasKink) return;
    for (const T& x : input_->values()) branches.push_back(real_part(x) > 0);
  }

 private:
  const Matrix<T>* input_ = nullptr;
  Matrix<T> output_, grad_input_;
};

template <class T>
struct ReluFunction {
  static constexpr bool kHasKink = true;
  static T f(T x) { return relu(x); }
  static T derivative(T x) { return relu_derivative(x); }
};
template <class T>
struct SigmoidFunction {
  static constexpr bool kHasKink = false;
  static T f(T x) { return sigmoid(x); }
  static T derivative(T x) { return sigmoid_derivative(x); }
};
template <class T>
struct TanhFunction {
  static constexpr bool kHasKink = false;
  static T f(T x) { return nn::tanh(x); }
  static T derivative(T x) { return tanh_derivative(x); }
};
template <class T>
struct LeakyReluFunction {
  static constexpr bool kHasKink = true;
  static T f(T x) { return leaky_relu(x); }
  static T derivative(T x) { return leaky_relu_derivative(x); }
};
template <class T>
struct GeluFunction {
  static constexpr bool kHasKink = false;
  static T f(T x) { return gelu(x); }
  static T derivative(T x) { return gelu_derivative(x); }
};
template <class T>
struct EluFunction {
  static constexpr bool kHasKink = true;
  static T f(T x) { return elu(x); }
  static T derivative(T x) { return elu_derivative(x); }
};

template <class T>
using Relu = Activation<T, ReluFunction<T>>;
template <class T>
using Sigmoid = Activation<T, SigmoidFunction<T>>;
template <class T>
using Tanh = Activation<T, TanhFunction<T>>;
template <class T>
using LeakyRelu = Activation<T, LeakyReluFunction<T>>;
template <class T>
using Gelu = Activation<T, GeluFunction<T>>;
template <class T>
using Elu = Activation<T, EluFunction<T>>;

}  // namespace nn
