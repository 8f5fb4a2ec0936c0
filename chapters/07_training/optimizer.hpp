// How the gradients change the weights. Real scalars only.
#pragma once

#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "05_backprop/layer.hpp"

namespace nn {

// The numbers of one parameter, or a range of them: the weights w, their gradient g, and the optimizer's state for each
// of them, in the order of state_names. All spans have the same size.
template <class T>
struct ParameterSlice {
  std::span<T> w;
  std::span<const T> g;
  std::array<std::span<T>, 2> state;

  std::size_t size() const { return w.size(); }
  ParameterSlice range(std::size_t begin, std::size_t count) const {
    const auto part = [&](std::span<T> all) { return all.empty() ? all : all.subspan(begin, count); };
    return {part(w), g.subspan(begin, count), {part(state[0]), part(state[1])}};
  }
};

template <class T>
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  // One step of every parameter. parameters: the same tensors, in the same order, at every call.
  void step(const std::vector<Parameter<T>>& parameters, T learning_rate) {
    begin_step(parameters);
    for (std::size_t t = 0; t < parameters.size(); ++t) update(slice(parameters, t), learning_rate);
  }

  // The parts of step(), for callers that distribute them among threads. begin_step counts the step. It throws ShapeError,
  // and changes nothing, if the tensors are not those of the first call or a gradient does not have its tensor's shape.
  void begin_step(const std::vector<Parameter<T>>& parameters) {
    for (const Parameter<T>& p : parameters) check_gradient(p);
    match_state(parameters);
    ++steps_;
  }
  ParameterSlice<T> slice(const std::vector<Parameter<T>>& parameters, std::size_t t) {
    const Parameter<T>& p = parameters[t];
    ParameterSlice<T> slice{.w = p.value->values(), .g = p.grad->values(), .state = {}};
    const std::size_t names = state_names().size();
    for (std::size_t n = 0; n < names; ++n) slice.state[n] = state_[names * t + n].values();
    return slice;
  }
  // Updates each number of the slice independently, so that other threads can update the rest.
  virtual void update(const ParameterSlice<T>& p, T learning_rate) const = 0;

  // The names of its state, at most two numbers per parameter.
  virtual std::span<const char* const> state_names() const { return {}; }
  // The same as tensors, for a checkpoint, named "momentum.0.weight", ...; zero before the first step. `grad` of these
  // is null. Throws ShapeError as begin_step does.
  std::vector<Parameter<T>> state(const std::vector<Parameter<T>>& parameters) {
    match_state(parameters);
    std::vector<Parameter<T>> all;
    for (const Parameter<T>& p : parameters) {
      for (const char* name : state_names())
        all.push_back({std::string(name) + "." + p.name, &state_[all.size()], nullptr});
    }
    return all;
  }
  // The number of steps taken.
  std::size_t steps() const { return steps_; }
  void set_steps(std::size_t steps) { steps_ = steps; }

 private:
  static bool alike(const Matrix<T>& a, const Matrix<T>& b) {
    return a.rows() == b.rows() && a.cols() == b.cols();
  }
  static void check_gradient(const Parameter<T>& p) {
    if (alike(*p.grad, *p.value)) return;
    throw ShapeError("optimizer: " + p.name + " is (" + shape(*p.value) + "), so its gradient cannot be (" +
                     shape(*p.grad) + ")");
  }
  // Zero matrices at the first call; later it checks that the tensors are the same.
  void match_state(const std::vector<Parameter<T>>& parameters) {
    const std::size_t names = state_names().size();
    if (names == 0) return;
    if (state_.empty()) {
      for (const Parameter<T>& p : parameters)
        for (std::size_t n = 0; n < names; ++n) state_.emplace_back(p.value->rows(), p.value->cols());
    }
    if (state_.size() != names * parameters.size()) {
      throw ShapeError("optimizer: began with " + std::to_string(state_.size() / names) +
                       " tensors, now there are " + std::to_string(parameters.size()));
    }
    for (std::size_t t = 0; t < parameters.size(); ++t) {
      const Matrix<T>&first = state_[names * t], &now = *parameters[t].value;
      if (alike(first, now)) continue;
      throw ShapeError("optimizer: " + parameters[t].name + " began as (" + shape(first) + "), now it is (" +
                       shape(now) + ")");
    }
  }

  std::size_t steps_ = 0;
  std::vector<Matrix<T>> state_;  // all of parameter 0, then all of parameter 1, ...
};

// [show sgd]
// w -= learning_rate * g
template <class T>
class Sgd final : public Optimizer<T> {
 public:
  void update(const ParameterSlice<T>& p, T learning_rate) const override {
    const auto [w, g, state] = p;
    // [write Sgd::update]
    for (std::size_t i = 0; i < w.size(); ++i) w[i] -= learning_rate * g[i];
    // [/write]
  }
};
// [/show]

// v = mu v + g,  w -= learning_rate * v:  gradients in the same direction add up, those in opposite directions cancel.
// This is the form that PyTorch uses.
template <class T>
class Momentum final : public Optimizer<T> {
 public:
  explicit Momentum(T mu = T(0.9)) : mu_(mu) {}
  std::span<const char* const> state_names() const override {
    static constexpr std::array kNames{"momentum"};
    return kNames;
  }

  // [show momentum]
  void update(const ParameterSlice<T>& p, T learning_rate) const override {
    const auto w = p.w, v = p.state[0];
    const auto g = p.g;
    // [write Momentum::update]
    for (std::size_t i = 0; i < w.size(); ++i) {
      v[i] = mu_ * v[i] + g[i];
      w[i] -= learning_rate * v[i];
    }
    // [/write]
  }
  // [/show]

 private:
  T mu_;
};

// m = beta1 m + (1 - beta1) g,   v = beta2 v + (1 - beta2) g^2,
// M = m / (1 - beta1^t),   V = v / (1 - beta2^t):  corrects the bias of the start at zero, after t steps,
// w -= learning_rate * M / (sqrt(V) + epsilon):  every weight has its own step size (Kingma, Ba 2015).
template <class T>
class Adam final : public Optimizer<T> {
 public:
  struct Options {
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  };
  Adam() : Adam(Options{}) {}
  explicit Adam(Options options) : options_(options) {}
  const Options& options() const { return options_; }
  std::span<const char* const> state_names() const override {
    static constexpr std::array kNames{"mean", "square"};
    return kNames;
  }
  // The bias correction after t steps: 1 - beta^t, the total weight of the gradients in a running mean.
  T bias_correction1() const { return T(1 - power(options_.beta1)); }
  T bias_correction2() const { return T(1 - power(options_.beta2)); }

  // [show adam]
  void update(const ParameterSlice<T>& p, T learning_rate) const override {
    const auto w = p.w, m = p.state[0], v = p.state[1];
    const auto g = p.g;
    const T beta1(options_.beta1), beta2(options_.beta2), epsilon(options_.epsilon);
    const T bias_correction1 = this->bias_correction1(), bias_correction2 = this->bias_correction2();
    // [write Adam::update]
    // M / (sqrt(V) + epsilon), expanded by sqrt(bias_correction2): one division less per number.
    const T root = std::sqrt(bias_correction2), rate = learning_rate * root / bias_correction1;
    const T small = epsilon * root, one_minus_beta1(1 - options_.beta1), one_minus_beta2(1 - options_.beta2);
    for (std::size_t i = 0; i < w.size(); ++i) {
      m[i] = beta1 * m[i] + one_minus_beta1 * g[i];
      v[i] = beta2 * v[i] + one_minus_beta2 * g[i] * g[i];
      w[i] -= rate * m[i] / (std::sqrt(v[i]) + small);
    }
    // [/write]
  }
  // [/show]

 private:
  // beta to the number of steps, by multiplication: the same bits with every C library.
  double power(double beta) const {
    double product = 1, square = beta;
    for (std::size_t n = this->steps(); n > 0; n /= 2, square *= square) {
      if (n % 2 == 1) product *= square;
    }
    return product;
  }

  Options options_;
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
