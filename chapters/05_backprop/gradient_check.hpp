// The gradient check: compares every gradient that backward computes with a measured derivative of the loss.
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <optional>

#include "02_relu/slope.hpp"
#include "05_backprop/layer.hpp"
#include "common/finite.hpp"
#include "common/random.hpp"

namespace nn {

struct CheckedEntry {
  std::size_t row, col;
  double gradient, measured;  // computed by backward; the measured derivative
};

// What a comparison shows. Derivatives that are lost in rounding show nothing: zeros would agree, too.
enum class Verdict { kCorrect, kWrong, kNotCompared };

// The result for one tensor.
struct TensorCheck {
  std::string name;
  std::size_t checked = 0;  // entries compared
  std::size_t kinks = 0;    // entries left out: an activation changes its branch between x - h and x + h
  double largest = 0;       // largest |measured derivative|
  double worst_error = 0;   // largest |gradient - measured|
  std::size_t worst_row = 0, worst_col = 0;
  double worst_gradient = 0, worst_measured = 0;
  double noise = 0;  // the error that rounding alone can cause in a derivative
  std::vector<CheckedEntry> entries = {};

  // Relative to the tensor's largest entry; both all zero agree.
  double relative_error() const { return worst_error == 0 ? 0 : worst_error / largest; }
  // Whether all measured derivatives are (nearly) lost in the noise. A complex step has no noise, and its 0 is a 0.
  bool lost_in_noise() const { return noise > 0 && largest <= 10 * noise; }
  // tolerance: of the tensor's largest entry. Nothing that is not finite is correct.
  Verdict verdict(double tolerance) const {
    if (checked == 0 || !is_finite(largest) || !is_finite(noise)) return Verdict::kNotCompared;
    if (!(worst_error <= tolerance * largest + noise)) return Verdict::kWrong;
    return lost_in_noise() ? Verdict::kNotCompared : Verdict::kCorrect;
  }
  bool correct(double tolerance) const { return verdict(tolerance) == Verdict::kCorrect; }
};

struct GradientCheckOptions {
  double step = 1e-4;                   // h of the central differences, times |x| where |x| > 1
  std::size_t entries_per_tensor = 40;  // seeded choice; all where there are no more
  std::uint64_t seed = 1;
  double tolerance = 1e-7;  // of the tensor's largest entry
};

// The subject of a gradient check: a loss, the tensors that it depends on, and code that computes the gradients.
struct CheckSubject {
  std::vector<Parameter<double>> tensors;  // `grad` is filled by backward
  std::function<double()> loss;            // of the tensors as they are now
  std::function<void()> backward;
  std::function<std::vector<bool>()> branches = [] { return std::vector<bool>(); };  // of the last loss()
};

// The measured derivative with respect to entry i of tensor t; nothing at a kink.
using MeasuredDerivative = std::function<std::optional<double>(std::size_t t, std::size_t i)>;

// The entries to look at: all of size, or `most` different ones, ascending.
inline std::vector<std::size_t> choose_entries(std::size_t size, std::size_t most, Random& random) {
  std::vector<std::size_t> entries(size);
  for (std::size_t i = 0; i < size; ++i) entries[i] = i;
  if (size > most) {
    shuffle(std::span<std::size_t>(entries), random);
    entries.resize(most);
    std::sort(entries.begin(), entries.end());
  }
  return entries;
}

// Adds one comparison. A NaN on either side counts as an infinite error.
inline void compare(TensorCheck& check, const CheckedEntry& entry) {
  double error = std::abs(entry.gradient - entry.measured);
  if (!is_finite(error)) error = std::numeric_limits<double>::infinity();
  check.entries.push_back(entry);
  ++check.checked;
  check.largest = std::max(check.largest, std::abs(entry.measured));
  if (error <= check.worst_error && check.checked > 1) return;
  check.worst_error = error;
  check.worst_row = entry.row, check.worst_col = entry.col;
  check.worst_gradient = entry.gradient, check.worst_measured = entry.measured;
}

// Compares each tensor's gradient, in `grad`, with its measured derivative, at the chosen entries.
inline std::vector<TensorCheck> check_gradients(const std::vector<Parameter<double>>& tensors,
                                                const GradientCheckOptions& options,
                                                const MeasuredDerivative& measure) {
  Random random(options.seed);
  std::vector<TensorCheck> checks;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    TensorCheck check{.name = tensors[t].name};
    const std::size_t cols = tensors[t].value->cols();
    for (const std::size_t i : choose_entries(tensors[t].value->size(), options.entries_per_tensor, random)) {
      const std::optional<double> measured = measure(t, i);
      if (measured) {
        compare(check, {i / cols, i % cols, tensors[t].grad->values()[i], *measured});
      } else {
        ++check.kinks;
      }
    }
    checks.push_back(std::move(check));
  }
  return checks;
}

// The derivative with respect to one entry: the central difference of chapter 02 for the steps h and h / 2. Its error is of order h^2, so
// the smaller step's is a quarter of the other's, and (4 s(h / 2) - s(h)) / 3 has neither (Richardson 1911).
// Nothing where the two sides take different branches: the mean of two one-sided derivatives is neither of them.
inline std::optional<double> measured_derivative(const CheckSubject& subject, double& entry, double step) {
  const double here = entry, h = step * std::max(1.0, std::abs(here));
  std::vector<std::vector<bool>> branches;
  const auto loss_at = [&](double value) {
    entry = value;
    const double loss = subject.loss();
    branches.push_back(subject.branches());
    return loss;
  };
  const double wide = slope(loss_at, here, h), narrow = slope(loss_at, here, h / 2);
  entry = here;
  const bool kink =
      std::any_of(branches.begin(), branches.end(), [&](const auto& b) { return b != branches[0]; });
  if (kink) return std::nullopt;
  return (4 * narrow - wide) / 3;
}

// Runs backward and compares its gradients with measured derivatives. A loss is a sum, so its rounding error is
// some tens of eps; divided by the step it is the noise of every measured derivative.
inline std::vector<TensorCheck> gradient_check(const CheckSubject& subject,
                                               const GradientCheckOptions& options = {}) {
  const double loss = subject.loss();
  subject.backward();
  auto checks = check_gradients(subject.tensors, options, [&](std::size_t t, std::size_t i) {
    return measured_derivative(subject, subject.tensors[t].value->values()[i], options.step);
  });
  const double eps = std::numeric_limits<double>::epsilon();
  for (TensorCheck& check : checks) check.noise = 64 * eps * std::max(1.0, std::abs(loss)) / options.step;
  return checks;
}

// The same against complex steps: f'(x) = imag(f(x + i h)) / h has no difference and so no cancellation, h may be
// 1e-30, and the derivative is exact up to rounding, kinks or not (Squire, Trapp 1998).
// twin, twin_loss: the subject's tensors, in the same order, and its loss, in complex numbers.
inline std::vector<TensorCheck> gradient_check_complex(
    const CheckSubject& subject, const std::vector<Parameter<std::complex<double>>>& twin,
    const std::function<std::complex<double>()>& twin_loss, const GradientCheckOptions& options = {}) {
  constexpr double h = 1e-30;
  subject.loss();
  subject.backward();
  return check_gradients(subject.tensors, options,
                         [&](std::size_t t, std::size_t i) -> std::optional<double> {
                           std::complex<double>& entry = twin[t].value->values()[i];
                           const std::complex<double> here = entry;
                           entry += std::complex<double>(0, h);
                           const double measured = twin_loss().imag() / h;
                           entry = here;
                           return measured;
                         });
}

}  // namespace nn
