#include "05_backprop/diagnosis/reference_gradients.hpp"

#include <algorithm>
#include <cmath>

namespace nn {
namespace {

using M = Matrix<double>;

// (p - y) / batch, or what the mistake makes of it; zero for examples that do not contribute.
M logit_gradient(const M& z, std::span<const std::uint8_t> labels, Mistake mistake,
                 std::span<const std::size_t> only) {
  M g(z.rows(), z.cols());
  const double batch = static_cast<double>(z.rows());
  for (std::size_t i = 0; i < z.rows(); ++i) {
    if (!only.empty() && std::find(only.begin(), only.end(), i) == only.end()) continue;
    const double top = *std::max_element(z.row(i).begin(), z.row(i).end());
    double sum = 0;
    for (std::size_t j = 0; j < z.cols(); ++j) sum += std::exp(z(i, j) - top);
    for (std::size_t j = 0; j < z.cols(); ++j) g(i, j) = std::exp(z(i, j) - top) / sum / batch;
    const std::size_t label = mistake == Mistake::kNextLabel ? (labels[i] + 1u) % z.cols() : labels[i];
    if (mistake != Mistake::kNoLabel) g(i, label) -= 1 / batch;
  }
  return g;
}

// The measured derivative of an activation at each entry of x.
M measured_derivatives(Layer<double>& activation, const M& x) {
  constexpr double h = 1e-6;
  M above_x = x, below_x = x;
  for (double& value : above_x.values()) value += h;
  for (double& value : below_x.values()) value -= h;
  M derivatives = activation.forward(above_x);
  const M& below = activation.forward(below_x);
  for (std::size_t i = 0; i < derivatives.size(); ++i)
    derivatives.values()[i] = (derivatives.values()[i] - below.values()[i]) / (2 * h);
  return derivatives;
}

// x, y: what went into the activation and what came out; g: d loss / d y. Returns d loss / d x.
M through_activation(Layer<double>& activation, const M& x, const M& y, const M& g, Mistake mistake) {
  if (mistake == Mistake::kNoMask) return g;
  M result = measured_derivatives(activation, mistake == Mistake::kDerivativeAtOutput ? y : x);
  for (std::size_t i = 0; i < g.size(); ++i) {
    double& factor = result.values()[i];
    if (mistake == Mistake::kInvertedMask) factor = 1 - factor;
    if (mistake == Mistake::kMaskByGradient) factor = g.values()[i] > 0 ? 1 : 0;
    factor *= g.values()[i];
  }
  return result;
}

// The three sums of a dense layer, written out.  x: batch x in; w: in x out; g: batch x out.
struct DenseGradients {
  M weights, bias, input;
};
DenseGradients through_dense(const M& x, const M& w, const M& g) {
  DenseGradients d{M(w.rows(), w.cols()), M(1, w.cols()), M(x.rows(), x.cols())};
  for (std::size_t i = 0; i < g.rows(); ++i) {
    for (std::size_t j = 0; j < g.cols(); ++j) d.bias(0, j) += g(i, j);
    for (std::size_t k = 0; k < x.cols(); ++k) {
      for (std::size_t j = 0; j < g.cols(); ++j) {
        d.weights(k, j) += x(i, k) * g(i, j);
        d.input(i, k) += g(i, j) * w(k, j);
      }
    }
  }
  return d;
}

bool is_dense(const std::vector<Parameter<double>>& p, const M& x, const M& y) {
  return p.size() == 2 && p[0].value->rows() == x.cols() && p[0].value->cols() == y.cols() &&
         p[1].value->rows() == 1 && p[1].value->cols() == y.cols();
}

}  // namespace

std::optional<std::vector<M>> reference_gradients(Network<double>& network, const M& x,
                                                  std::span<const std::uint8_t> labels, Mistake mistake,
                                                  std::span<const std::size_t> only) {
  std::vector<M> values = {x};  // what goes into layer i, and at the end the logits
  for (std::size_t i = 0; i < network.size(); ++i) values.push_back(network.layer(i).forward(values[i]));
  std::vector<M> gradients;
  M g = logit_gradient(values.back(), labels, mistake, only);
  for (std::size_t i = network.size(); i-- > 0;) {
    const auto parameters = network.layer(i).parameters();
    if (parameters.empty() && values[i].cols() == values[i + 1].cols()) {
      g = through_activation(network.layer(i), values[i], values[i + 1], g, mistake);
    } else if (is_dense(parameters, values[i], values[i + 1])) {
      DenseGradients d = through_dense(values[i], *parameters[0].value, g);
      gradients.push_back(std::move(d.bias));
      gradients.push_back(std::move(d.weights));
      g = std::move(d.input);
    } else {
      return std::nullopt;
    }
  }
  std::reverse(gradients.begin(), gradients.end());
  return gradients;
}

}  // namespace nn
