#include "09_fast_training/ranks/ranks.hpp"

#include <algorithm>

namespace nn {

ColumnRange columns_of_rank(std::size_t width, std::size_t rank, std::size_t count) {
  constexpr std::size_t kLine = kAlignment / sizeof(float);
  const std::size_t lines = (width + kLine - 1) / kLine;
  return {std::min(lines * rank / count * kLine, width), std::min(lines * (rank + 1) / count * kLine, width)};
}

void ColumnExchange::all_gather(Matrix<float>& m) {
  const std::size_t rows = m.rows();
  counts_.clear();
  for (std::size_t r = 0; r < ranks_.count(); ++r)
    counts_.push_back(rows * columns_of_rank(m.cols(), r, ranks_.count()).width());
  const ColumnRange own = columns_of_rank(m.cols(), ranks_.rank(), ranks_.count());
  mine_.resize(rows * own.width()), all_.resize(m.size());
  for (std::size_t i = 0; i < rows; ++i)
    std::copy_n(m.row(i).begin() + static_cast<std::ptrdiff_t>(own.begin), own.width(),
                mine_.begin() + static_cast<std::ptrdiff_t>(i * own.width()));
  ranks_.all_gather(mine_, counts_, all_);
  auto from = all_.begin();
  for (std::size_t r = 0; r < ranks_.count(); ++r) {
    const ColumnRange part = columns_of_rank(m.cols(), r, ranks_.count());
    for (std::size_t i = 0; i < rows; ++i, from += static_cast<std::ptrdiff_t>(part.width()))
      std::copy_n(from, part.width(), m.row(i).begin() + static_cast<std::ptrdiff_t>(part.begin));
  }
}

}  // namespace nn
