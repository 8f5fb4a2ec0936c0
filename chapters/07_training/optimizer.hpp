// How a step uses the gradients. Real scalars only.
#pragma once

#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "05_backprop/layer.hpp"

namespace nn {

template <class T>
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // Moves every parameter by its gradient. parameters: the same tensors at every call.
  virtual void step(const std::vector<Parameter<T>>& parameters, T learning_rate) = 0;

  // What it remembers between steps, for a checkpoint: tensors named "momentum.0.weight", ..., zero before
  // the first step, and the number of steps taken. `grad` of these is null.
  virtual std::vector<Parameter<T>> memory(const std::vector<Parameter<T>>&) { return {}; }
  std::size_t steps() const { return steps_; }
  void set_steps(std::size_t steps) { steps_ = steps; }

 protected:
  std::size_t steps_ = 0;
};

namespace detail {
// One zero matrix a parameter at the first call. Throws ShapeError if a later call brings other shapes, or a gradient
// has not the shape of its tensor.
template <class T>
void match_shapes(std::vector<Matrix<T>>& memory, const std::vector<Parameter<T>>& parameters) {
  const auto alike = [](const Matrix<T>& a, const Matrix<T>& b) {
    return a.rows() == b.rows() && a.cols() == b.cols();
  };
  const bool first = memory.empty();
  if (!first && memory.size() != parameters.size()) {
    throw ShapeError("optimizer: began with " + std::to_string(memory.size()) + " tensors, now there are " +
                     std::to_string(parameters.size()));
  }
  for (std::size_t t = 0; t < parameters.size(); ++t) {
    const Parameter<T>& p = parameters[t];
    if (!first && !alike(memory[t], *p.value)) {
      throw ShapeError("optimizer: " + p.name + " began as (" + shape(memory[t]) + "), now it is (" +
                       shape(*p.value) + ")");
    }
    if (p.grad != nullptr && !alike(*p.grad, *p.value)) {
      throw ShapeError("optimizer: " + p.name + " is (" + shape(*p.value) + "), so its gradient cannot be (" +
                       shape(*p.grad) + ")");
    }
  }
  if (!first) return;
  for (const Parameter<T>& p : parameters) memory.emplace_back(p.value->rows(), p.value->cols());
}
}  // namespace detail

// [show sgd]
// w -= learning_rate * g
template <class T>
class Sgd final : public Optimizer<T> {
 public:
  void step(const std::vector<Parameter<T>>& parameters, T learning_rate) override {
    ++this->steps_;
    for (const Parameter<T>& p : parameters) {
      const auto w = p.value->values();
      const auto g = p.grad->values();
      // [write Sgd::step]
      for (std::size_t i = 0; i < w.size(); ++i) w[i] -= learning_rate * g[i];
      // [/write]
    }
  }
};
// [/show]

// v = mu v + g,  w -= learning_rate * v:  gradients that agree add up, those that quarrel cancel.
// This is the form that PyTorch uses.
template <class T>
class Momentum final : public Optimizer<T> {
 public:
  explicit Momentum(T mu = T(0.9)) : mu_(mu) {}
  T mu() const { return mu_; }

  // [show momentum]
  void step(const std::vector<Parameter<T>>& parameters, T learning_rate) override {
    detail::match_shapes(velocity_, parameters);
    ++this->steps_;
    for (std::size_t t = 0; t < parameters.size(); ++t) {
      const auto w = parameters[t].value->values(), g = parameters[t].grad->values(),
                 v = velocity_[t].values();
      // [write Momentum::step]
      for (std::size_t i = 0; i < w.size(); ++i) {
        v[i] = mu_ * v[i] + g[i];
        w[i] -= learning_rate * v[i];
      }
      // [/write]
    }
  }
  // [/show]

  std::vector<Parameter<T>> memory(const std::vector<Parameter<T>>& parameters) override {
    detail::match_shapes(velocity_, parameters);
    std::vector<Parameter<T>> all;
    for (std::size_t t = 0; t < parameters.size(); ++t) {
      all.push_back({"momentum." + parameters[t].name, &velocity_[t], nullptr});
    }
    return all;
  }

 private:
  T mu_;
  std::vector<Matrix<T>> velocity_;
};

// m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g^2,
// M = m / (1 - beta1^t),   V = v / (1 - beta2^t):  what the start at zero took away, after t steps,
// w -= learning_rate * M / (sqrt(V) + epsilon):  every weight gets steps of its own size (Kingma, Ba 2015).
template <class T>
class Adam final : public Optimizer<T> {
 public:
  struct Options {
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  };
  Adam() : Adam(Options{}) {}
  explicit Adam(Options options) : options_(options) {}
  const Options& options() const { return options_; }
  // 1 - beta^t after t steps: how much of a mean has come in since the start at zero.
  T mean_share() const { return T(1 - power(options_.beta1)); }
  T square_share() const { return T(1 - power(options_.beta2)); }

  // [show adam]
  void step(const std::vector<Parameter<T>>& parameters, T learning_rate) override {
    detail::match_shapes(mean_, parameters);
    detail::match_shapes(square_, parameters);
    ++this->steps_;
    const T beta1(options_.beta1), beta2(options_.beta2), epsilon(options_.epsilon);
    const T mean_share = this->mean_share(), square_share = this->square_share();
    for (std::size_t t = 0; t < parameters.size(); ++t) {
      const auto w = parameters[t].value->values(), g = parameters[t].grad->values();
      const auto m = mean_[t].values(), v = square_[t].values();
      // [write Adam::step]
      // M / (sqrt(V) + epsilon), above and below times sqrt(square_share): one division less for every number.
      const T root_share = std::sqrt(square_share), rate = learning_rate * root_share / mean_share;
      const T small = epsilon * root_share, rest1(1 - options_.beta1), rest2(1 - options_.beta2);
      for (std::size_t i = 0; i < w.size(); ++i) {
        m[i] = beta1 * m[i] + rest1 * g[i];
        v[i] = beta2 * v[i] + rest2 * g[i] * g[i];
        w[i] -= rate * m[i] / (std::sqrt(v[i]) + small);
      }
      // [/write]
    }
  }
  // [/show]

  std::vector<Parameter<T>> memory(const std::vector<Parameter<T>>& parameters) override {
    detail::match_shapes(mean_, parameters);
    detail::match_shapes(square_, parameters);
    std::vector<Parameter<T>> all;
    for (std::size_t t = 0; t < parameters.size(); ++t) {
      all.push_back({"mean." + parameters[t].name, &mean_[t], nullptr});
      all.push_back({"square." + parameters[t].name, &square_[t], nullptr});
    }
    return all;
  }

 private:
  // beta to the number of steps, by multiplication: the same bits with every C library.
  double power(double beta) const {
    double product = 1, square = beta;
    for (std::size_t n = this->steps_; n > 0; n /= 2, square *= square) {
      if (n % 2 == 1) product *= square;
    }
    return product;
  }

  Options options_;
  std::vector<Matrix<T>> mean_, square_;
};

// "sgd", "momentum" or "adam". Throws std::invalid_argument.
template <class T>
std::unique_ptr<Optimizer<T>> make_optimizer(const std::string& name) {
  if (name == "sgd") return std::make_unique<Sgd<T>>();
  if (name == "momentum") return std::make_unique<Momentum<T>>();
  if (name == "adam") return std::make_unique<Adam<T>>();
  throw std::invalid_argument("no optimizer is called '" + name + "'; there are: sgd, momentum, adam");
}

}  // namespace nn
