// What the standard library of Emscripten 3.1.6 (Debian 12) lacks of C++20. The build includes it before everything else.
#pragma once

#include <algorithm>
#include <type_traits>
#include <version>

#if !defined(__cpp_lib_bit_cast)
namespace std {
template <class To, class From>
constexpr To bit_cast(const From& from) noexcept {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}
}  // namespace std
#endif

#if !defined(__cpp_lib_ranges)
namespace std::ranges {
template <class A, class B>
constexpr bool equal(const A& a, const B& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}
}  // namespace std::ranges
#endif
