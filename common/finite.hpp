// Is a number finite, or not a number at all? Asked of its bits: std::isfinite and std::isnan are always true and
// always false where a compiler was told that such numbers do not occur (-ffast-math).
#pragma once

#include <bit>
#include <cstdint>

namespace nn {

namespace detail {
inline constexpr std::uint64_t kInfinity = 0x7ff0'0000'0000'0000;
// The bits without the sign. A float becomes the double of the same value; an infinity and a NaN stay what they are.
inline std::uint64_t size_bits(double x) { return std::bit_cast<std::uint64_t>(x) & 0x7fff'ffff'ffff'ffff; }
}  // namespace detail

inline bool is_finite(double x) { return detail::size_bits(x) < detail::kInfinity; }
inline bool is_nan(double x) { return detail::size_bits(x) > detail::kInfinity; }

}  // namespace nn
