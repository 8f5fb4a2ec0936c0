// Random numbers by position: the i-th one without the ones before it. So a mask or a distortion depends on what it is
// for, and not on the order in which threads get there or on whether the run was resumed.
#pragma once

#include <initializer_list>

#include "common/random.hpp"

namespace nn {

// The number that Random(seed) returns after `position` others: SplitMix64 is a counter and a hash of it.
inline std::uint64_t random_at(std::uint64_t seed, std::uint64_t position) {
  return Random(seed + position * 0x9e3779b97f4a7c15).next();
}

// A seed of its own for every combination of numbers, e.g. {seed, epoch, image}.
inline std::uint64_t seed_of(std::initializer_list<std::uint64_t> numbers) {
  std::uint64_t seed = 0;
  for (const std::uint64_t number : numbers) seed = random_at(seed ^ number, 1);
  return seed;
}

}  // namespace nn
