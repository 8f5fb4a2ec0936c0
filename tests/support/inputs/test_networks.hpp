// Networks for the tests of chapter 05 on: some right, some with a bug planted.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "05_backprop/diagnosis/check_subjects.hpp"
#include "inputs/matrices.hpp"

namespace nn {

// What is true of every layer; x fits it, and its output has the shape of g.
inline void expect_the_contract_of_a_layer(Layer<double>& layer, const Matrix<double>& x,
                                            const Matrix<double>& g) {
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): to see whether the layer writes into x or g
  const Matrix<double> x_before = x, g_before = g;
  const Matrix<double> wrong_rows(g.rows() + 1, g.cols()), wrong_cols(g.rows(), g.cols() + 1);
  const Matrix<double>*output = &layer.forward(x), *grad_input = &layer.backward(g);
  const double *output_memory = output->data(), *grad_input_memory = grad_input->data();
  const Matrix<double> first = *grad_input;
  EXPECT_EQ(&layer.forward(x), output)
      << "forward returns the layer's own output_, the same object every time";
  EXPECT_EQ(&layer.backward(g), grad_input)
      << "backward returns the layer's own grad_input_, the same object every time";
  EXPECT_EQ(output->data(), output_memory) << "an equal batch needs no new memory";
  EXPECT_EQ(grad_input->data(), grad_input_memory) << "an equal batch needs no new memory";
  EXPECT_EQ(*grad_input, first) << "the second backward must not add to the first";
  EXPECT_EQ(shape(*grad_input), shape(x)) << "the gradient along the input has the shape of the input";
  EXPECT_EQ(x, x_before) << "forward and backward write into nothing but their own";
  EXPECT_EQ(g, g_before) << "forward and backward write into nothing but their own";
  EXPECT_THROW(layer.backward(wrong_rows), ShapeError) << "a gradient with one row more than the output";
  EXPECT_THROW(layer.backward(wrong_cols), ShapeError) << "a gradient with one column more than the output";
  EXPECT_THROW(layer.backward(turned(g)), ShapeError) << "as many numbers, in another shape";
}

// Small random weights and biases.
template <class T>
void fill(Network<T>& network, std::uint64_t seed) {
  for (const auto& p : network.parameters()) {
    *p.value = random_matrix<T>(p.value->rows(), p.value->cols(), ++seed, -0.5, 0.5);
  }
}

// The largest relative error of all tensors.
inline double worst(const std::vector<TensorCheck>& checks) {
  double error = 0;
  for (const TensorCheck& check : checks) error = std::max(error, check.relative_error());
  return error;
}

// Dense, Hidden, Dense, to four classes.
template <class T, class Hidden>
Network<T> network_with(std::size_t in, std::size_t width) {
  Network<T> network;
  network.template add<Dense<T>>(in, width);
  network.template add<Hidden>();
  network.template add<Dense<T>>(width, 4);
  return network;
}

// A layer that passes everything forward and records what it is asked in the backward pass: "b<c " if b's backward got
// what c returned, "ap<b " if a's backward_parameters got what b returned, 0 for what no layer returned.
struct Witness final : Layer<double> {
  Witness(std::string& all, char own) : log(all), letter(own), result(1, 1, own) {}
  const Matrix<double>& forward(const Matrix<double>& x) override { return x; }
  const Matrix<double>& backward(const Matrix<double>& g) override { return note("<", g), result; }
  void backward_parameters(const Matrix<double>& g) override { note("p<", g); }
  void note(const char* asked, const Matrix<double>& g) {
    const char whose = g.size() == 1 ? static_cast<char>(g(0, 0)) : '0';
    (((log += letter) += asked) += whose) += ' ';
  }
  std::string& log;
  char letter;
  Matrix<double> result;
};

// A layer whose gradients are spoiled on the way out.
using Spoil =
    std::function<void(Matrix<double>& grad_weights, Matrix<double>& grad_bias, Matrix<double>& grad_input)>;
struct Spoiled final : Layer<double> {
  Spoiled(std::size_t in, std::size_t out, Spoil s) : dense(in, out), spoil(std::move(s)) {}
  const Matrix<double>& forward(const Matrix<double>& x) override { return dense.forward(x); }
  const Matrix<double>& backward(const Matrix<double>& g) override {
    result = dense.backward(g);
    spoil(*dense.parameters()[0].grad, *dense.parameters()[1].grad, result);
    return result;
  }
  void backward_parameters(const Matrix<double>& g) override { backward(g); }
  std::vector<Parameter<double>> parameters() override { return dense.parameters(); }
  Dense<double> dense;
  Spoil spoil;
  Matrix<double> result;
};

inline void times(Matrix<double>& m, double factor) {
  for (double& value : m.values()) value *= factor;
}

// A ReLU that lets everything back.
template <class T>
struct NoMask {
  static constexpr bool kHasKink = true;
  static T f(T x) { return relu(x); }
  static T derivative(T) { return T(1); }
};

}  // namespace nn
