// The dense layer with its backward pass.
#pragma once

#include "01_matrix/dense.hpp"
#include "05_backprop/layer.hpp"

namespace nn {

// [show column_sums]
// out[0][j] = sum over i of m[i][j], i = 0, 1, 2, ...: the sum of each column.
// m: rows x cols; out becomes 1 x cols.
template <class T>
void column_sums(const Matrix<T>& m, Matrix<T>& out) {
  // [write column_sums]
  out.resize(1, m.cols());
  out.fill(T(0));
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t j = 0; j < m.cols(); ++j) out(0, j) += m(i, j);
  }
  // [/write]
}
// [/show]

// Y = X·W + b.   Shapes: X batch x in, W in x out, b 1 x out, Y batch x out; all zero until initialized.
template <class T>
class Dense final : public Layer<T> {
 public:
  Dense(std::size_t in, std::size_t out)
      : weights_(in, out), bias_(1, out), grad_weights_(in, out), grad_bias_(1, out) {}

  using Layer<T>::forward;
  // [show dense_forward]
  const Matrix<T>& forward(const Matrix<T>& x) override {
    // [write Dense::forward]
    input_ = &x;
    dense(x, weights_, bias_, output_);
    return output_;
    // [/write]
  }
  // [/show]

  // [show dense_backward]
  // G = d loss / d Y, batch x out:   d loss / d W = Xᵀ·G,   d loss / d b = the column sums of G.
  void backward_parameters(const Matrix<T>& grad_output) override {
    this->check_grad("Dense", input_, output_, grad_output);
    // [write Dense::backward_parameters]
    matmul_at_b(*input_, grad_output, grad_weights_);
    column_sums(grad_output, grad_bias_);
    // [/write]
  }

  //   d loss / d X = G·Wᵀ
  const Matrix<T>& backward(const Matrix<T>& grad_output) override {
    backward_parameters(grad_output);
    // [write Dense::backward]
    matmul_a_bt(grad_output, weights_, grad_input_);
    return grad_input_;
    // [/write]
  }
  // [/show]

  std::vector<Parameter<T>> parameters() override {
    return {{"weight", &weights_, &grad_weights_}, {"bias", &bias_, &grad_bias_}};
  }

 private:
  Matrix<T> weights_, bias_;
  Matrix<T> grad_weights_, grad_bias_;
  const Matrix<T>* input_ = nullptr;
  Matrix<T> output_, grad_input_;
};

}  // namespace nn
