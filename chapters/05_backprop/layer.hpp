// The interface of every layer: forward computes its output, backward its gradients.
#pragma once

#include <string>
#include <vector>

#include "01_matrix/matrix.hpp"

namespace nn {

// A trainable tensor with its gradient from the last backward pass. Both belong to the layer.
template <class T>
struct Parameter {
  std::string name;  // "weight" or "bias"; in a network with the layer's number, "0.weight"
  Matrix<T>* value;
  Matrix<T>* grad;  // d loss / d value, same shape
};

// A layer owns what it returns: it stays valid, and the same memory, until the next call of the same
// function. It remembers its input by address; the input must live, unchanged, until backward.
template <class T>
class Layer {
 public:
  Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;
  virtual ~Layer() = default;

  // x: batch x in; result: batch x out.
  virtual const Matrix<T>& forward(const Matrix<T>& x) = 0;
  const Matrix<T>& forward(Matrix<T>&&) = delete;  // a temporary would be gone before backward

  // grad_output: d loss / d output, batch x out.
  // Computes d loss / d parameters and returns d loss / d input, batch x in.
  virtual const Matrix<T>& backward(const Matrix<T>& grad_output) = 0;
  // The same without d loss / d input, which the first layer of a network need not compute.
  virtual void backward_parameters(const Matrix<T>& grad_output) = 0;

  virtual std::vector<Parameter<T>> parameters() { return {}; }

  // Where the layer's function has a kink, as ReLU at 0: on which side of it each number of the last forward was.
  virtual void append_branches(std::vector<bool>&) const {}

 protected:
  // input: what forward remembered. Throws std::logic_error if that is nothing, ShapeError unless grad_output has the
  // shape of what forward returned.
  static void check_grad(const char* layer, const Matrix<T>* input, const Matrix<T>& output,
                         const Matrix<T>& grad_output) {
    if (input == nullptr) {
      throw std::logic_error(
          std::string(layer) +
          "::backward: forward remembered no input; does it say input_ = &x, and was it called?");
    }
    if (grad_output.rows() == output.rows() && grad_output.cols() == output.cols()) return;
    throw ShapeError(std::string(layer) + "::backward: forward gave (" + shape(output) +
                     "), so the gradient cannot be (" + shape(grad_output) + ")");
  }
};

}  // namespace nn
