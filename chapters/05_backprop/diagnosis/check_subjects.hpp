// A network, a layer or a loss as something whose gradients can be checked.
#pragma once

#include <memory>

#include "04_from_logits/cross_entropy.hpp"
#include "05_backprop/gradient_check.hpp"
#include "05_backprop/network.hpp"

namespace nn {

// The cross-entropy of a network on one batch; the tensors are its parameters. All arguments must outlive the subject.
// x: batch x in; labels: batch.
inline CheckSubject subject_of(Network<double>& network, const Matrix<double>& x,
                               std::span<const std::uint8_t> labels) {
  return {.tensors = network.parameters(),
          .loss = [&network, &x, labels] { return cross_entropy(network.forward(x), labels); },
          .backward =
              [&network, &x, labels] {
                network.backward(cross_entropy_with_gradient(network.forward(x), labels).grad_logits);
              },
          .branches = [&network] { return network.branches(); }};
}

// Copies numbers into another scalar.  to becomes the shape of from.
template <class From, class To>
void copy_numbers(const Matrix<From>& from, Matrix<To>& to) {
  to.resize(from.rows(), from.cols());
  for (std::size_t i = 0; i < from.size(); ++i) to.values()[i] = To(from.values()[i]);
}

// A layer with a loss of its own: the sum of all its outputs, each times a weight that chance chose, so that no two
// outputs count alike. The tensors are the layer's parameters and its input.
template <class T>
struct LayerUnderCheck {
  Layer<T>& layer;
  Matrix<T> x;             // batch x in
  Matrix<T> weights;       // batch x out: d loss / d output
  Matrix<T> grad_input{};  // batch x in, after backward

  T loss() {
    const Matrix<T>& y = layer.forward(x);
    T sum(0);
    for (std::size_t i = 0; i < y.size(); ++i) sum += weights.values()[i] * y.values()[i];
    return sum;
  }
  void backward() { grad_input = layer.backward(weights); }
  std::vector<Parameter<T>> tensors() {
    auto all = layer.parameters();
    all.push_back({"input", &x, &grad_input});
    return all;
  }
};

// The subject keeps its own copy of x; the layer must outlive it.
inline std::shared_ptr<LayerUnderCheck<double>> layer_under_check(Layer<double>& layer,
                                                                  const Matrix<double>& x,
                                                                  std::uint64_t seed) {
  auto check = std::make_shared<LayerUnderCheck<double>>(LayerUnderCheck<double>{layer, x, {}});
  const Matrix<double>& y = layer.forward(check->x);
  check->weights.resize(y.rows(), y.cols());
  check->grad_input.resize(x.rows(), x.cols());
  Random random(seed);
  for (double& weight : check->weights.values()) weight = random.uniform(-1, 1);
  return check;
}

inline CheckSubject subject_of(const std::shared_ptr<LayerUnderCheck<double>>& check) {
  return {.tensors = check->tensors(),
          .loss = [check] { return check->loss(); },
          .backward = [check] { check->backward(); },
          .branches =
              [check] {
                std::vector<bool> all;
                check->layer.append_branches(all);
                return all;
              }};
}

// All gradients of a network on one batch, against central differences.  x: batch x in; labels: batch.
inline std::vector<TensorCheck> gradient_check(Network<double>& network, const Matrix<double>& x,
                                               std::span<const std::uint8_t> labels,
                                               const GradientCheckOptions& options = {}) {
  return gradient_check(subject_of(network, x, labels), options);
}

// The same against complex steps.  twin: the same layers on complex numbers.
inline std::vector<TensorCheck> gradient_check_complex(Network<double>& network,
                                                       Network<std::complex<double>>& twin,
                                                       const Matrix<double>& x,
                                                       std::span<const std::uint8_t> labels,
                                                       const GradientCheckOptions& options = {}) {
  copy_parameters(network, twin);
  Matrix<std::complex<double>> complex_x;
  copy_numbers(x, complex_x);
  return gradient_check_complex(
      subject_of(network, x, labels), twin.parameters(),
      [&] { return cross_entropy(twin.forward(complex_x), labels); }, options);
}

// A layer against complex steps.  twin: the same layer on complex numbers.
inline std::vector<TensorCheck> gradient_check_complex(Layer<double>& layer,
                                                       Layer<std::complex<double>>& twin,
                                                       const Matrix<double>& x, std::uint64_t seed,
                                                       const GradientCheckOptions& options = {}) {
  const auto check = layer_under_check(layer, x, seed);
  LayerUnderCheck<std::complex<double>> complex_check{twin, {}, {}};
  copy_numbers(check->x, complex_check.x);
  copy_numbers(check->weights, complex_check.weights);
  const auto own = layer.parameters();
  const auto twins = twin.parameters();
  for (std::size_t t = 0; t < own.size(); ++t) copy_numbers(*own[t].value, *twins[t].value);
  return gradient_check_complex(
      subject_of(check), complex_check.tensors(), [&] { return complex_check.loss(); }, options);
}

}  // namespace nn
