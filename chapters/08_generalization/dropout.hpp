// Dropout: in each training step a random part of a layer's outputs is 0 (Srivastava et al. 2014).
#pragma once

#include <stdexcept>

#include "05_backprop/layer.hpp"
#include "08_generalization/random_at.hpp"

namespace nn {

// y[i][j] = x[i][j] * mask[i][j], where the mask is 0 with the given probability and 1 / (1 - probability) otherwise, so
// that the expected value of y is x ("inverted" dropout). Example i has a mask of its own. For evaluation y = x.
template <class T>
class Dropout final : public Layer<T> {
 public:
  // 0 <= probability < 1. seed: another one for each dropout layer of a network.
  Dropout(double probability, std::uint64_t seed) : probability_(probability), seed_(seed) {
    if (!(probability >= 0 && probability < 1))
      throw std::invalid_argument("Dropout: the probability should be at least 0 and less than 1, and is " +
                                  std::to_string(probability));
  }

  // The next calls of forward belong to this training step. Without a call, and after evaluate(), nothing is dropped.
  void train(std::uint64_t step) { training_ = true, key_ = seed_of({seed_, step}); }
  void evaluate() { training_ = false; }

  using Layer<T>::forward;
  // [show dropout]
  const Matrix<T>& forward(const Matrix<T>& x) override {
    remember(x);
    // [write Dropout::forward]
    const T kept = T(1 / (1 - probability_));
    for (std::size_t i = 0; i < x.rows(); ++i) {
      for (std::size_t j = 0; j < x.cols(); ++j) {
        mask_(i, j) = !training_ ? T(1) : is_dropped(i, j) ? T(0) : kept;
        output_(i, j) = mask_(i, j) * x(i, j);
      }
    }
    return output_;
    // [/write]
  }

  // d loss / d x[i][j] = mask[i][j] * d loss / d y[i][j]
  const Matrix<T>& backward(const Matrix<T>& grad_output) override {
    this->check_grad("Dropout", input_, output_, grad_output);
    grad_input_.resize(grad_output.rows(), grad_output.cols());
    // [write Dropout::backward]
    for (std::size_t k = 0; k < grad_output.size(); ++k) {
      grad_input_.values()[k] = mask_.values()[k] * grad_output.values()[k];
    }
    return grad_input_;
    // [/write]
  }
  // [/show]
  void backward_parameters(const Matrix<T>&) override {}  // it has none

 private:
  // Gives output_ and mask_ the shape of x.
  void remember(const Matrix<T>& x) {
    input_ = &x;
    output_.resize(x.rows(), x.cols());
    mask_.resize(x.rows(), x.cols());
  }
  // Whether this step drops output j of example i: a random number of (seed, step, i, j), the same however often it is
  // asked for.
  bool is_dropped(std::size_t i, std::size_t j) const {
    const std::uint64_t number = random_at(key_, i * output_.cols() + j);
    return static_cast<double>(number >> 11) * 0x1.0p-53 < probability_;
  }

  double probability_;
  std::uint64_t seed_, key_ = 0;
  bool training_ = false;
  const Matrix<T>* input_ = nullptr;
  Matrix<T> mask_, output_, grad_input_;
};

}  // namespace nn
