// A text as a number, the same on every platform and in every locale.
#pragma once

#include <charconv>
#include <concepts>
#include <locale>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace nn {

// As parse_number, by way of a stream. For C++ libraries whose from_chars knows no floating point (Apple's).
template <std::floating_point N>
std::optional<N> parse_by_stream(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.eE+-") != text.npos || text[0] == '+')
    return std::nullopt;
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  N value{};
  if (!(in >> value) || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
  return value;
}

// The whole text as a number, or nothing: no blanks, no + before it, a point where the fraction begins.
template <class N>
std::optional<N> parse_number(std::string_view text) {
#ifndef __cpp_lib_to_chars
  if constexpr (std::floating_point<N>)
    return parse_by_stream<N>(text);
  else
#endif
  {
    N value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  }
}

}  // namespace nn
