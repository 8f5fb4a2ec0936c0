#include "common/terminal/number_option.hpp"

#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

#include "common/finite.hpp"
#include "common/terminal/parse_number.hpp"

namespace nn {
namespace {

// The words between commas; a text that ends with a comma has an empty one at its end.
std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> all(1);
  for (const char c : text) {
    if (c == ',') {
      all.emplace_back();
    } else {
      all.back() += c;
    }
  }
  return all;
}

}  // namespace

OptionCheck whole_number(std::uint64_t low, std::uint64_t high) {
  return [low, high](const std::string& text) {
    const bool is_octal = text.size() > 1 && text[0] == '0';  // to CLI11, 010 is 8
    const std::optional<std::uint64_t> value = parse_number<std::uint64_t>(text);
    if (value && !is_octal && *value >= low && *value <= high) return std::string();
    if (high == UINT64_MAX) return fmt::format("'{}' is not a whole number from {} on", text, low);
    return fmt::format("'{}' is not a whole number from {} to {}", text, low, high);
  };
}

OptionCheck whole_numbers(std::uint64_t low, std::uint64_t high) {
  return [one = whole_number(low, high)](const std::string& text) {
    for (const std::string& word : words(text)) {
      if (const std::string wrong = one(word); !wrong.empty()) return wrong;
    }
    return std::string();
  };
}

std::vector<std::size_t> split_numbers(const std::string& text) {
  std::vector<std::size_t> numbers;
  for (const std::string& word : words(text)) numbers.push_back(parse_number<std::size_t>(word).value());
  return numbers;
}

OptionCheck positive_number() {
  return [](const std::string& text) {
    const std::optional<double> value = parse_number<double>(text);
    if (value && *value > 0 && is_finite(*value)) return std::string();
    return fmt::format("'{}' is not a positive number such as 0.002 or 1e-3", text);
  };
}

OptionCheck number_below(double limit) {
  return [limit](const std::string& text) {
    const std::optional<double> value = parse_number<double>(text);
    if (value && *value >= 0 && *value < limit) return std::string();
    return fmt::format("'{}' is not a number from 0 to below {}", text, limit);
  };
}

}  // namespace nn
