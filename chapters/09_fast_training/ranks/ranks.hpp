// Many processes, on one machine or on several, that train one network.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "01_matrix/matrix.hpp"

namespace nn {

// What the processes say to each other. Each of them, a rank, makes the same calls in the same order; a call returns
// when all have made it.
class Ranks {
 public:
  virtual ~Ranks() = default;
  virtual std::size_t rank() const = 0;  // 0 .. count() - 1
  virtual std::size_t count() const = 0;
  // all becomes the parts of all ranks, one behind the other; counts[r] numbers are of rank r. mine: counts[rank()] numbers.
  virtual void all_gather(std::span<const float> mine, std::span<const std::size_t> counts,
                          std::span<float> all) = 0;
  // Whether one of them says yes.
  virtual bool any(bool yes) = 0;
};

// Columns begin .. end - 1.
struct ColumnRange {
  std::size_t begin, end;
  std::size_t width() const { return end - begin; }
};

// The columns of a layer that a rank owns: whole cache lines, as evenly as that allows. The last ranks may own none.
ColumnRange columns_of_rank(std::size_t width, std::size_t rank, std::size_t count);

// Gives every rank the whole of a matrix of which each has its own columns.
class ColumnExchange {
 public:
  explicit ColumnExchange(Ranks& ranks) : ranks_(ranks) {}
  void all_gather(Matrix<float>& m);

 private:
  Ranks& ranks_;
  std::vector<std::size_t> counts_;
  std::vector<float> mine_, all_;
};

}  // namespace nn
