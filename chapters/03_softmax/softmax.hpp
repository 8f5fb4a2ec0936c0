// Softmax and its logarithm, row by row: one row is one example.
#pragma once

#include <vector>

#include "01_matrix/argmax.hpp"
#include "01_matrix/scalar.hpp"
#include "03_softmax/logits.hpp"
#include "03_softmax/row_sum.hpp"

namespace nn {

// [show softmax_naive]
// Softmax of each row, computed literally:  p[i][j] = exp(z[i][j]) / sum_k exp(z[i][k]).
// logits: batch x classes; result: same shape. Correct in exact arithmetic, but for a logit of 710 or more in double
// (89 in float) exp overflows to infinity, and infinity / infinity is NaN.
template <class T>
Probabilities<T> softmax_naive(const Logits<T>& logits) {
  // [write softmax_naive]
  Probabilities<T> p(logits.values);
  for (std::size_t i = 0; i < p.values.rows(); ++i) {
    T sum(0);
    for (T& value : p.values.row(i)) sum += value = exp(value);
    for (T& value : p.values.row(i)) value /= sum;
  }
  return p;
  // [/write]
}
// [/show]

// [show softmax]
// Softmax of each row:  p[i][j] = exp(z[i][j] - m[i]) / sum_k exp(z[i][k] - m[i]),  m[i] = max_k z[i][k].
// logits: batch x classes; result: same shape, every row sums to 1.
// Subtracting m[i] changes nothing in exact arithmetic and keeps exp from overflowing: its largest argument is 0.
// The relative error of each p is at most 4 epsilon (1 + m[i] - z[i][j]), even for 1000 classes.
// NaN or +inf in a row, or only -inf, make it NaN; next to finite logits -inf has p = 0 (all as in PyTorch).
template <class T>
void softmax(const Logits<T>& logits, Probabilities<T>& p) {
  p.values.resize(logits.values.rows(), logits.values.cols());
  if (logits.values.size() == 0) return;
  // [write softmax]
  for (std::size_t i = 0; i < logits.values.rows(); ++i) {
    const auto z = logits.values.row(i);
    const Real<T> m = real_part(z[argmax(z)]);
    for (std::size_t j = 0; j < z.size(); ++j) p.values(i, j) = exp(z[j] - m);
    const T sum = row_sum<T>(p.values.row(i));
    for (T& value : p.values.row(i)) value /= sum;
  }
  // [/write]
}
// [/show]

template <class T>
Probabilities<T> softmax(const Logits<T>& logits) {
  Probabilities<T> p;
  softmax(logits, p);
  return p;
}

// Softmax applied twice is a mistake.
template <class T>
void softmax(const Probabilities<T>&) = delete;

// [show sum_of_others]
// The sum of exp(z[k] - z[top]) over all k except top, whose own term would be exp(0) = 1.
// z: one row; top: the index of its largest entry. Without the 1, a sum far smaller than 1 keeps its digits.
template <class T>
T sum_of_others(std::span<const T> z, std::size_t top) {
  // [write sum_of_others]
  T sum(0);
  for (std::size_t k = 0; k < z.size(); ++k) {
    if (k != top) sum += exp(z[k] - z[top]);
  }
  return sum;
  // [/write]
}
// [/show]

// [show log_sum_exp]
// log_sum_exp of each row:  log(sum_k exp(z[k])) = m + log1p(sum over k != top of exp(z[k] - m)),
// m = z[top] = max_k z[k].  A smooth approximation of the maximum.
// logits: batch x classes; result: one number per row. Throws ShapeError if there are no classes.
// NaN gives NaN, one +inf gives +inf; two +inf, or only -inf, give NaN (PyTorch: +inf, -inf).
template <class T>
std::vector<T> log_sum_exp(const Logits<T>& logits) {
  if (logits.values.cols() == 0)
    throw ShapeError("log_sum_exp: (" + shape(logits.values) + "): the logits need at least one class");
  // [write log_sum_exp]
  std::vector<T> result;
  for (std::size_t i = 0; i < logits.values.rows(); ++i) {
    const auto z = logits.values.row(i);
    const std::size_t top = argmax(z);
    result.push_back(z[top] + log1p(sum_of_others(z, top)));
  }
  return result;
  // [/write]
}
// [/show]

// [show log_softmax]
// The logarithm of softmax, computed without softmax:
//   log p[i][j] = z[i][j] - log_sum_exp(z[i]) = (z[i][j] - m) - log1p(sum over k != top of exp(z[i][k] - m)),
//   m = z[i][top] = max_k z[i][k].
// logits: batch x classes; result: same shape, every entry <= 0. Subtracting z[top] first keeps the digits of logits
// near 1e4 in float. The result is finite even where the probability underflows to 0.
// In a row whose softmax is NaN, no entry is finite.
template <class T>
Matrix<T> log_softmax(const Logits<T>& logits) {
  if (logits.values.cols() == 0) return logits.values;
  // [write log_softmax]
  Matrix<T> result = logits.values;
  for (std::size_t i = 0; i < result.rows(); ++i) {
    const auto z = logits.values.row(i);
    const std::size_t top = argmax(z);
    const T rest = log1p(sum_of_others(z, top));
    for (std::size_t j = 0; j < z.size(); ++j) result(i, j) = (z[j] - z[top]) - rest;
  }
  return result;
  // [/write]
}
// [/show]

}  // namespace nn
