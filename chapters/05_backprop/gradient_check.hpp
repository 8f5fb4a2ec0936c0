// Is the way back right? Every gradient that backward found is compared with the slope of the loss, measured.
#pragma once

#include <algorithm>
#include <complex>
#include <functional>

#include "02_relu/slope.hpp"
#include "04_from_logits/cross_entropy.hpp"
#include "05_backprop/network.hpp"
#include "common/random.hpp"

namespace nn {

// How one tensor came out.
struct TensorCheck {
  std::string name;
  std::size_t checked = 0;  // entries compared
  double largest = 0;       // largest |slope| among them
  double worst_error = 0;   // largest |gradient - slope|
  std::size_t worst_row = 0, worst_col = 0;
  double worst_gradient = 0, worst_slope = 0;

  // Relative to the tensor's largest entry; both all zero agree.
  double relative_error() const { return worst_error == 0 ? 0 : worst_error / largest; }
};

struct GradientCheckOptions {
  double step = 1e-5;                   // h of the central difference
  std::size_t entries_per_tensor = 40;  // seeded choice; all where there are no more
  std::uint64_t seed = 1;
};

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

// Compares each parameter's gradient, as it stands in p.grad, with slope_of(p, i): the slope of the loss
// along entry i of p. A NaN on either side counts as an infinite error.
template <class T>
std::vector<TensorCheck> check_gradients(
    const std::vector<Parameter<T>>& parameters, const GradientCheckOptions& options,
    const std::function<double(const Parameter<T>&, std::size_t)>& slope_of) {
  Random random(options.seed);
  std::vector<TensorCheck> checks;
  for (const Parameter<T>& p : parameters) {
    TensorCheck check{.name = p.name};
    for (const std::size_t i : choose_entries(p.value->size(), options.entries_per_tensor, random)) {
      const double gradient = static_cast<double>(p.grad->values()[i]), measured = slope_of(p, i);
      double error = std::abs(gradient - measured);
      if (!(error <= HUGE_VAL)) error = HUGE_VAL;
      ++check.checked;
      check.largest = std::max(check.largest, std::abs(measured));
      if (error <= check.worst_error && check.checked > 1) continue;
      check.worst_error = error;
      check.worst_row = i / p.value->cols(), check.worst_col = i % p.value->cols();
      check.worst_gradient = gradient, check.worst_slope = measured;
    }
    checks.push_back(check);
  }
  return checks;
}

// All gradients of a network on one batch, against central differences in double.
// x: batch x in; labels: batch.
inline std::vector<TensorCheck> gradient_check(Network<double>& network, const Matrix<double>& x,
                                               std::span<const std::uint8_t> labels,
                                               const GradientCheckOptions& options = {}) {
  network.backward(cross_entropy_with_gradient(network.forward(x), labels).grad_logits);
  return check_gradients<double>(network.parameters(), options,
                                 [&](const Parameter<double>& p, std::size_t i) {
                                   double& entry = p.value->values()[i];
                                   const double here = entry;
                                   const auto loss_at = [&](double value) {
                                     entry = value;
                                     return cross_entropy(network.forward(x), labels);
                                   };
                                   const double measured = slope(loss_at, here, options.step);
                                   entry = here;
                                   return measured;
                                 });
}

// The same against complex steps: f'(x) = imag(f(x + i h)) / h has no difference and so no cancellation,
// h may be 1e-30, and the slope is exact to rounding (Squire, Trapp 1998).
// twin: the same layers on complex numbers.
inline std::vector<TensorCheck> gradient_check_complex(Network<double>& network,
                                                       Network<std::complex<double>>& twin,
                                                       const Matrix<double>& x,
                                                       std::span<const std::uint8_t> labels,
                                                       const GradientCheckOptions& options = {}) {
  constexpr double h = 1e-30;
  copy_parameters(network, twin);
  Matrix<std::complex<double>> complex_x(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.size(); ++i) complex_x.values()[i] = x.values()[i];
  const auto own = network.parameters();
  const auto twins = twin.parameters();
  network.backward(cross_entropy_with_gradient(network.forward(x), labels).grad_logits);
  return check_gradients<double>(own, options, [&](const Parameter<double>& p, std::size_t i) {
    const auto same =
        std::find_if(twins.begin(), twins.end(), [&](const auto& t) { return t.name == p.name; });
    std::complex<double>& entry = same->value->values()[i];
    const std::complex<double> here = entry;
    entry += std::complex<double>(0, h);
    const double measured = cross_entropy(twin.forward(complex_x), labels).imag() / h;
    entry = here;
    return measured;
  });
}

}  // namespace nn
