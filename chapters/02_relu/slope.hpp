// The slope of a function, measured: the check of every derivative that somebody wrote down.
#pragma once

namespace nn {

// [show slope]
// (f(x + h) - f(x - h)) / (2 h), the central difference. Its error is about h^2 from the curve and eps / h
// from rounding: 1e-5 suits a double. f: anything that takes and returns a T.
template <class T, class F>
T slope(const F& f, T x, T h = T(1e-5)) {
  // [write slope]
  return (f(x + h) - f(x - h)) / (h + h);
  // [/write]
}
// [/show]

}  // namespace nn
