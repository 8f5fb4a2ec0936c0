// Seeded random numbers, the same on every platform. The standard library's engines are portable, but its
// distributions and its shuffle are not: each implementation draws differently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace nn {

// SplitMix64 (Steele, Lea, Flood 2014): the whole state is one number, which a checkpoint can hold.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  // Evenly in [0, 1): the upper 53 bits, which a double holds exactly.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  // Evenly in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  // Evenly in 0 .. count - 1; count > 0. What would favor the small numbers is drawn again.
  std::uint64_t below(std::uint64_t count) {
    const std::uint64_t uneven = -count % count;  // 2^64 mod count
    for (;;) {
      const std::uint64_t x = next();
      if (x >= uneven) return x % count;
    }
  }

  std::uint64_t state() const { return state_; }

 private:
  std::uint64_t state_;
};

// Every order equally likely (Fisher-Yates).
template <class T>
void shuffle(std::span<T> items, Random& random) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[random.below(left)]);
  }
}

}  // namespace nn
