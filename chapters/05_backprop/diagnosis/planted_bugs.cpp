#include "05_backprop/diagnosis/planted_bugs.hpp"

#include <algorithm>
#include <stdexcept>

namespace nn {
namespace {

using M = Matrix<double>;

M without_row(M m, std::size_t row) {
  if (row < m.rows()) std::fill(m.row(row).begin(), m.row(row).end(), 0.0);
  return m;
}

void scale(M& m, double factor) {
  for (double& value : m.values()) value *= factor;
}

// The right layer, and then one line of it wrong.
class BuggyDense final : public Layer<double> {
 public:
  BuggyDense(std::size_t in, std::size_t out, Bug bug) : right_(in, out), bug_(bug) {}

  using Layer<double>::forward;
  const M& forward(const M& x) override { return right_.forward(x); }

  void backward_parameters(const M& g) override {
    const auto p = right_.parameters();
    M &weights = *p[0].grad, &bias = *p[1].grad;
    const M old_weights = weights, old_bias = bias;
    if (bug_ == Bug::kSecondExample) return right_.backward_parameters(without_row(g, 1));
    if (bug_ == Bug::kLastExample) return right_.backward_parameters(without_row(g, g.rows() - 1));
    right_.backward_parameters(g);
    if (bug_ == Bug::kTransposed) store_transposed(weights);
    if (bug_ == Bug::kBiasNotSummed) std::copy(g.row(0).begin(), g.row(0).end(), bias.values().begin());
    if (bug_ == Bug::kBiasMean) scale(bias, 1 / static_cast<double>(g.rows()));
    if (bug_ == Bug::kBiasForgotten) bias.fill(0);
    if (bug_ == Bug::kDoubled) scale(weights, 2);
    if (bug_ == Bug::kLeftOver) add(weights, old_weights), add(bias, old_bias);
  }

  const M& backward(const M& g) override {
    backward_parameters(g);
    const auto p = right_.parameters();
    const M weights = *p[0].grad, bias = *p[1].grad;
    grad_input_ = right_.backward(g);
    *p[0].grad = weights, *p[1].grad = bias;  // the wrong ones again
    if (bug_ == Bug::kBlocked) grad_input_.fill(0);
    return grad_input_;
  }

  std::vector<Parameter<double>> parameters() override { return right_.parameters(); }

 private:
  // The numbers of the transposed matrix, one after the other, in a matrix that is not transposed.
  static void store_transposed(M& m) {
    const M right = m;
    for (std::size_t r = 0; r < right.rows(); ++r) {
      for (std::size_t c = 0; c < right.cols(); ++c) m.values()[c * right.rows() + r] = right(r, c);
    }
  }
  static void add(M& m, const M& more) {
    for (std::size_t i = 0; i < m.size(); ++i) m.values()[i] += more.values()[i];
  }

  Dense<double> right_;
  Bug bug_;
  M grad_input_;
};

class BuggyRelu final : public Layer<double> {
 public:
  explicit BuggyRelu(Bug bug) : bug_(bug) {}

  using Layer<double>::forward;
  const M& forward(const M& x) override {
    input_ = &x;
    return right_.forward(x);
  }
  const M& backward(const M& g) override {
    grad_input_ = right_.backward(g);
    for (std::size_t i = 0; i < g.size(); ++i) {
      const double x = input_->values()[i], grad = g.values()[i];
      if (bug_ == Bug::kNoMask) grad_input_.values()[i] = grad;
      if (bug_ == Bug::kInvertedMask) grad_input_.values()[i] = x > 0 ? 0 : grad;
      if (bug_ == Bug::kMaskByGradient) grad_input_.values()[i] = grad > 0 ? grad : 0;
    }
    return grad_input_;
  }
  void backward_parameters(const M&) override {}
  void append_branches(std::vector<bool>& branches) const override { right_.append_branches(branches); }

 private:
  Relu<double> right_;
  Bug bug_;
  const M* input_ = nullptr;
  M grad_input_;
};

}  // namespace

const std::vector<PlantedBug>& planted_bugs() {
  static const std::vector<PlantedBug> bugs = {
      {Bug::kMissingMean, "missing_mean", "the gradient of the loss is not divided by the batch size"},
      {Bug::kMeanTwice, "mean_twice", "the gradient of the loss is divided by the batch size twice"},
      {Bug::kSign, "sign", "the gradient of the logits is y - p"},
      {Bug::kNoLabel, "no_label", "the gradient of the logits is p: the label is not subtracted"},
      {Bug::kNextLabel, "next_label", "the 1 of the one-hot label is one class too far"},
      {Bug::kNoMask, "no_mask", "ReLU passes every gradient back"},
      {Bug::kInvertedMask, "inverted_mask", "ReLU passes gradients back where its input was negative"},
      {Bug::kMaskByGradient, "mask_by_gradient",
       "ReLU passes positive gradients back, whatever its input was"},
      {Bug::kTransposed, "transposed", "the weights' gradient is computed transposed"},
      {Bug::kBiasNotSummed, "bias_not_summed", "the bias gradient is that of the first example alone"},
      {Bug::kBiasMean, "bias_mean", "the bias gradient is averaged over the batch once too often"},
      {Bug::kBiasForgotten, "bias_forgotten", "the bias gets no gradient"},
      {Bug::kSecondExample, "second_example", "the second example of the batch never contributes"},
      {Bug::kLastExample, "last_example", "the loop over the batch ends one example early"},
      {Bug::kLeftOver, "left_over", "gradients are added to those of the previous step"},
      {Bug::kBlocked, "blocked", "dense layers send no gradient to the layer before them"},
      {Bug::kDoubled, "doubled", "the weights' gradient is twice as large as it should be"},
  };
  return bugs;
}

const PlantedBug& planted_bug_named(std::string_view name) {
  std::string names;
  for (const PlantedBug& bug : planted_bugs()) {
    if (bug.name == name) return bug;
    names += (names.empty() ? "" : ", ") + bug.name;
  }
  throw std::invalid_argument("there is no bug '" + std::string(name) + "'; there are: " + names);
}

Network<double> make_network_with(Bug bug, const std::vector<std::size_t>& widths) {
  Network<double> network;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    if (i > 0) network.add<BuggyRelu>(bug);
    network.add<BuggyDense>(widths[i], widths[i + 1], bug);
  }
  return network;
}

void backward_with(Bug bug, Network<double>& network, const M& x, std::span<const std::uint8_t> labels) {
  const Logits<double>& logits = network.forward(x);
  M g = cross_entropy_with_gradient(logits, labels).grad_logits;
  const double batch = static_cast<double>(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (bug == Bug::kNoLabel || bug == Bug::kNextLabel) g(i, labels[i]) += 1 / batch;
    if (bug == Bug::kNextLabel) g(i, (labels[i] + 1u) % g.cols()) -= 1 / batch;
  }
  if (bug == Bug::kMissingMean) scale(g, batch);
  if (bug == Bug::kMeanTwice) scale(g, 1 / batch);
  if (bug == Bug::kSign) scale(g, -1);
  network.backward(g);
}

}  // namespace nn
