// Where each way from logits to the loss breaks, found by trying: two classes, the true one is 0, the logits
// are (offset, offset + m). With m > 0 the prediction is incorrect by the margin m, with m < 0 it is correct.
#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "04_from_logits/loss_forms.hpp"
#include "common/finite.hpp"

namespace nn {

// The true values for a margin m:  loss = log(1 + e^m) = max(m, 0) + log1p(e^-|m|),
// d loss / d z[0] = -1 / (1 + e^-m), and d loss / d z[1] is the opposite of it.
inline double true_loss(double m) { return (m > 0 ? m : 0) + std::log1p(std::exp(-std::abs(m))); }
inline double true_gradient(double m) {
  return m > 0 ? -1 / (1 + std::exp(-m)) : -std::exp(m) / (1 + std::exp(m));
}

// The relative errors of a form's loss and gradient at one margin; a difference below the smallest number of the type is
// no error. For the gradient, both entries count.
struct AtMargin {
  double margin = 0;
  double loss = 0, gradient = 0;  // gradient: d loss / d z[0]
  double loss_error = 0, gradient_error = 0;
};

namespace detail {
// NaN stays NaN. smallest: what a number may be off because the type has none between.
inline double relative_error(double got, double expected, double smallest) {
  const double error = std::abs(got - expected);
  return error <= smallest ? 0 : error / std::abs(expected);
}
}  // namespace detail

template <class T>
AtMargin at_margin(const LossForm<T>& form, double margin, double offset = 0) {
  constexpr std::array<std::uint8_t, 1> truth = {0};
  const Logits<T> z(Matrix<T>{{static_cast<T>(offset), static_cast<T>(offset + margin)}});
  const auto [loss, grad] = form.function(z, truth);
  // The margin of the logits as T holds them, exactly.
  const double m = static_cast<double>(z.values(0, 1)) - static_cast<double>(z.values(0, 0));
  const double smallest = static_cast<double>(std::numeric_limits<T>::denorm_min());
  const auto gradient_error = [&](double got, double expected) {
    return detail::relative_error(got, expected, smallest);
  };
  const double first = gradient_error(static_cast<double>(grad(0, 0)), true_gradient(m));
  const double second = gradient_error(static_cast<double>(grad(0, 1)), -true_gradient(m));
  return {m, static_cast<double>(loss), static_cast<double>(grad(0, 0)),
          detail::relative_error(static_cast<double>(loss), true_loss(m), smallest),
          is_nan(first) || first > second ? first : second};
}

template <class T>
std::vector<AtMargin> over_margins(const LossForm<T>& form, const std::vector<double>& margins,
                                   double offset = 0) {
  std::vector<AtMargin> rows;
  rows.reserve(margins.size());
  for (const double margin : margins) rows.push_back(at_margin(form, margin, offset));
  return rows;
}

// The first whole margin at which the error exceeds the tolerance or is no number; nothing if none does.
struct BreakPoint {
  std::optional<int> loss, gradient;
};

// Tries the margins direction * 1, direction * 2, ..., direction * last.
template <class T>
BreakPoint break_point(const LossForm<T>& form, int direction, double tolerance = 0.01, int last = 800) {
  BreakPoint found;
  const auto exceeds = [&](double error) { return is_nan(error) || error > tolerance; };
  for (int size = 1; size <= last; ++size) {
    const AtMargin here = at_margin(form, direction * size);
    if (!found.loss && exceeds(here.loss_error)) found.loss = direction * size;
    if (!found.gradient && exceeds(here.gradient_error)) found.gradient = direction * size;
  }
  return found;
}

struct FormBreakPoints {
  std::string_view form;
  BreakPoint incorrect, correct;  // margins m > 0: the prediction is incorrect; m < 0: it is correct
};

template <class T>
std::vector<FormBreakPoints> break_points(double tolerance = 0.01) {
  std::vector<FormBreakPoints> table;
  for (const LossForm<T>& form : loss_forms<T>())
    table.push_back({form.name, break_point(form, 1, tolerance), break_point(form, -1, tolerance)});
  return table;
}

}  // namespace nn
