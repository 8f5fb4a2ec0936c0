// Our speed over another's, over many shapes.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace nn {

struct Ratios {
  double log_sum = 0, least = std::numeric_limits<double>::infinity();
  int count = 0;

  void add(double ratio) {
    log_sum += std::log(ratio);
    least = std::min(least, ratio);
    ++count;
  }
  double geometric_mean() const { return std::exp(log_sum / count); }
};

}  // namespace nn
