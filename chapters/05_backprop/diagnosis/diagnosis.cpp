#include "05_backprop/diagnosis/diagnosis.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "05_backprop/diagnosis/reference_gradients.hpp"
#include "common/allclose.hpp"
#include "common/finite.hpp"

namespace nn {
namespace {

using M = Matrix<double>;
using Tensors = std::vector<M>;

constexpr double kExplains = 1e-6;  // of the largest entry: how well a mistake must predict the wrong numbers

// A mistake, and the gradients that it would give.
struct Explanation {
  std::string explanation;
  Tensors predicted;
};

Tensors gradients_of(Network<double>& network) {
  Tensors all;
  for (const auto& p : network.parameters()) all.push_back(*p.grad);
  return all;
}

// Each entry a * one + b * other.
Tensors combined(const Tensors& one, double a, const Tensors& other, double b) {
  Tensors all = one;
  for (std::size_t t = 0; t < all.size(); ++t) {
    for (std::size_t i = 0; i < all[t].size(); ++i) {
      all[t].values()[i] = a * one[t].values()[i] + b * other[t].values()[i];
    }
  }
  return all;
}
Tensors times(double factor, const Tensors& all) { return combined(all, factor, all, 0); }

// The numbers of each transposed tensor in a tensor that is not transposed.
Tensors stored_transposed(const Tensors& all) {
  Tensors result = all;
  for (std::size_t t = 0; t < all.size(); ++t) {
    for (std::size_t r = 0; r < all[t].rows(); ++r) {
      for (std::size_t c = 0; c < all[t].cols(); ++c)
        result[t].values()[c * all[t].rows() + r] = all[t](r, c);
    }
  }
  return result;
}

std::string ordinal(std::size_t i) {
  constexpr const char* kNames[] = {"first", "second", "third"};
  return i < 3 ? kNames[i] : std::to_string(i + 1) + "th";
}

// What needs nothing but the right gradients and those of the step before.
void add_simple(std::vector<Explanation>& all, const Tensors& right, const Tensors& before,
                std::size_t batch) {
  const double n = static_cast<double>(batch);
  all.push_back({"has the wrong sign: is it y - p instead of p - y?", times(-1, right)});
  if (batch > 1) {
    all.push_back({fmt::format("is too large by a factor of {}, the batch size: is the mean missing?", batch),
                   times(n, right)});
    all.push_back(
        {fmt::format("is too small by a factor of {}, the batch size: is the mean taken twice?", batch),
         times(1 / n, right)});
  }
  all.push_back(
      {"is the gradient of the previous step plus the correct one: set the gradient, do not add to it",
       combined(right, 1, before, 1)});
  all.push_back(
      {"is correct when transposed: are the two factors of the product swapped?", stored_transposed(right)});
}

// What is visible example by example.
void add_by_example(std::vector<Explanation>& all, Network<double>& network, const M& x,
                    std::span<const std::uint8_t> labels, const Tensors& right) {
  for (std::size_t e = 0; e < labels.size() && labels.size() > 1; ++e) {
    const std::size_t only[] = {e};
    const Tensors alone = *reference_gradients(network, x, labels, Mistake::kNone, only);
    const bool last = e + 1 == labels.size();
    all.push_back({fmt::format("lacks the {} example of the batch, which never contributes{}",
                               last ? "last" : ordinal(e), last ? ": does the loop end too early?" : ""),
                   combined(right, 1, alone, -1)});
    all.push_back(
        {fmt::format("is that of the {} example alone: it is not summed over the batch", ordinal(e)), alone});
  }
}

// Mistakes that change the backward pass through the network.
void add_structural(std::vector<Explanation>& all, Network<double>& network, const M& x,
                    std::span<const std::uint8_t> labels) {
  const std::pair<Mistake, const char*> mistakes[] = {
      {Mistake::kNoLabel, "is the result of p alone: the label is not subtracted: p - y is correct"},
      {Mistake::kNextLabel, "is the result of another label: the 1 of the one-hot row is one class too far"},
      {Mistake::kNoMask, "is the result without the activation's derivative: is the ReLU mask not applied?"},
      {Mistake::kInvertedMask,
       "is the result of an inverted ReLU mask: it passes gradients where the input was negative"},
      {Mistake::kMaskByGradient,
       "is the result of a mask by the gradient's sign: ReLU asks for the sign of its input"},
      {Mistake::kDerivativeAtOutput,
       "is the result of the derivative evaluated at the output: evaluate it at the input"}};
  for (const auto& [mistake, explanation] : mistakes) {
    all.push_back({explanation, *reference_gradients(network, x, labels, mistake)});
  }
}

// All mistakes that can be predicted for this network; none if the plain backward does not agree with the measured
// derivatives itself, because then it knows no layer of this kind.
std::vector<Explanation> explanations(Network<double>& network, const M& x,
                                      std::span<const std::uint8_t> labels, const Tensors& before,
                                      const std::vector<TensorCheck>& checks) {
  const auto correct = reference_gradients(network, x, labels, Mistake::kNone);
  if (!correct) return {};
  for (std::size_t t = 0; t < checks.size(); ++t) {
    for (const CheckedEntry& e : checks[t].entries) {
      const double error = std::abs((*correct)[t](e.row, e.col) - e.measured);
      if (is_nan(error) || error > 1e-5 * checks[t].largest + checks[t].noise) return {};
    }
  }
  std::vector<Explanation> all;
  add_simple(all, *correct, before, labels.size());
  add_by_example(all, network, x, labels, *correct);
  add_structural(all, network, x, labels);
  return all;
}

// Why a tensor could not be compared, and what to change.
std::string why_not_compared(const TensorCheck& check) {
  if (check.checked == 0) return "could not be compared: every entry is at a kink; move the weights a little";
  if (!is_finite(check.noise) || !is_finite(check.largest))
    return "could not be compared: the loss is not finite; use smaller weights or inputs";
  return fmt::format(
      "could not be compared: no measured derivative exceeds {:.1g}, which can be rounding error alone, so "
      "zeros would agree as well. The network is saturated, or none of its ReLUs is active: use smaller "
      "weights or inputs, or other examples",
      10 * check.noise);
}

// From the compared numbers alone: not a number, all zero, one constant factor.
std::string explain_by_numbers(const TensorCheck& check) {
  double squares = 0, products = 0, measured_squares = 0;
  for (const CheckedEntry& e : check.entries) {
    if (!is_finite(e.gradient)) return fmt::format("holds {} at ({}, {})", e.gradient, e.row, e.col);
    squares += e.gradient * e.gradient, products += e.gradient * e.measured,
        measured_squares += e.measured * e.measured;
  }
  if (squares == 0)
    return "is zero everywhere: is it never computed, or does the next layer return no gradient?";
  const double factor = products / measured_squares;  // of the line through all pairs (measured, gradient)
  const auto off_the_line = [&](const CheckedEntry& e) {
    return !(std::abs(e.gradient - factor * e.measured) <=
             kExplains * std::abs(factor) * check.largest + check.noise);
  };
  if (std::any_of(check.entries.begin(), check.entries.end(), off_the_line)) {
    return fmt::format(
        "matches no common mistake; the error is largest at ({}, {}), where it should be {:.6g} and is "
        "{:.6g}",
        check.worst_row, check.worst_col, check.worst_measured, check.worst_gradient);
  }
  return fmt::format("is off by a factor of {:.6g}", factor);
}

std::string explain(std::size_t t, const TensorCheck& check, const M& claimed,
                    const std::vector<Explanation>& candidates) {
  for (const Explanation& candidate : candidates) {
    if (tensor_error(claimed, candidate.predicted[t]) <= kExplains &&
        claimed != M(claimed.rows(), claimed.cols())) {
      return candidate.explanation;
    }
  }
  return explain_by_numbers(check);
}

// "0.weight, 0.bias: ...", one sentence for tensors with the same words, and where to look.
std::string summary(const std::vector<TensorVerdict>& tensors) {
  std::string text, correct;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    if (tensors[t].verdict == Verdict::kCorrect)
      correct += (correct.empty() ? "" : ", ") + tensors[t].check.name;
    bool told = tensors[t].verdict == Verdict::kCorrect;
    for (std::size_t u = 0; u < t; ++u) told = told || tensors[u].explanation == tensors[t].explanation;
    if (told) continue;
    std::string names;
    for (const TensorVerdict& v : tensors) {
      if (v.explanation == tensors[t].explanation) names += (names.empty() ? "" : ", ") + v.check.name;
    }
    const char* end = tensors[t].explanation.ends_with('?') ? "" : ".";
    text +=
        fmt::format("{}The gradient of {} {}{}", text.empty() ? "" : " ", names, tensors[t].explanation, end);
  }
  if (text.empty()) return "Every gradient agrees with the measured derivative of the loss.";
  return text + (correct.empty() ? "" : fmt::format(" Correct: {}.", correct));
}

}  // namespace

void usual_backward(Network<double>& network, const M& x, std::span<const std::uint8_t> labels) {
  network.backward(cross_entropy_with_gradient(network.forward(x), labels).grad_logits);
}

Diagnosis diagnose(Network<double>& network, const M& x, std::span<const std::uint8_t> labels,
                   const BackwardUnderCheck& backward, const GradientCheckOptions& options) {
  // A step on other labels first: what it leaves behind must not be seen in the gradients of this one.
  std::vector<std::uint8_t> other_labels(labels.rbegin(), labels.rend());
  backward(network, x, other_labels);
  const Tensors before = gradients_of(network);

  CheckSubject subject = subject_of(network, x, labels);
  subject.backward = [&] { backward(network, x, labels); };
  const auto checks = gradient_check(subject, options);
  const Tensors claimed = gradients_of(network);

  Diagnosis result;
  for (const TensorCheck& check : checks) {
    const Verdict verdict = check.verdict(options.tolerance);
    result.correct = result.correct && verdict == Verdict::kCorrect;
    result.wrong = result.wrong || verdict == Verdict::kWrong;
  }
  const auto candidates =
      result.wrong ? explanations(network, x, labels, before, checks) : std::vector<Explanation>();
  for (std::size_t t = 0; t < checks.size(); ++t) {
    const Verdict verdict = checks[t].verdict(options.tolerance);
    result.tensors.push_back({checks[t], verdict,
                              verdict == Verdict::kCorrect ? ""
                              : verdict == Verdict::kWrong ? explain(t, checks[t], claimed[t], candidates)
                                                           : why_not_compared(checks[t])});
  }
  result.explanation = summary(result.tensors);
  return result;
}

}  // namespace nn
