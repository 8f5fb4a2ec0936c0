// The derivative of a function, measured: a check for every derivative that was worked out on paper.
#pragma once

namespace nn {

// [show slope]
// The central difference (f(x + h) - f(x - h)) / (2 h), which approximates f'(x). Its error is of order h^2, plus about
// epsilon / h from rounding; h = 1e-5 suits a double.  f: any function that takes and returns a T.
template <class T, class F>
T slope(const F& f, T x, T h = T(1e-5)) {
  // [write slope]
  return (f(x + h) - f(x - h)) / (h + h);
  // [/write]
}
// [/show]

}  // namespace nn
