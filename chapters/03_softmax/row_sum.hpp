// A sum of many numbers that is as accurate as the sum of two.
#pragma once

#include <span>

namespace nn {

// The sum of all values, first to last, by compensated summation (Kahan 1965): the rounding error of each addition is
// carried into the next one, so the error does not grow with the number of values.
template <class T>
T row_sum(std::span<const T> values) {
  T sum(0), carried(0);
  for (const T& value : values) {
    const T more = value + carried, next = sum + more;
    carried = more - (next - sum);
    sum = next;
  }
  return sum;
}

}  // namespace nn
