// chapters/NN_name/hints.txt: hints with a line --- between; the first line of each is the function it is for, [name].
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exercises/text.hpp"

namespace nn {

struct Hint {
  std::string function;
  std::vector<std::string> lines;
};

inline std::vector<Hint> read_hints(const std::string& text) {
  std::vector<Hint> hints;
  bool first = true;  // line of a hint
  for (const std::string& line : lines_of(text)) {
    if (line == "---") {
      first = true;
    } else if (first) {
      const bool name = line.starts_with('[') && line.ends_with(']');
      hints.push_back({name ? line.substr(1, line.size() - 2) : line, {}});
      first = false;
    } else {
      hints.back().lines.push_back(line);
    }
  }
  return hints;
}

inline std::vector<std::string> hinted_functions(const std::vector<Hint>& hints) {
  std::vector<std::string> names;
  for (const Hint& hint : hints) add_once(names, hint.function);
  return names;
}

// As a check names a function: Dense::backward is dense_backward, MiniBatches::shuffle is mini_batches_shuffle.
inline std::string as_reported(std::string_view function) {
  const auto is_small = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  std::string name;
  for (std::size_t i = 0; i < function.size(); ++i) {
    const char c = function[i];
    const bool is_capital = c >= 'A' && c <= 'Z';
    if (c == ':') {
      name += i > 0 && function[i - 1] == ':' ? "_" : "";
    } else {
      if (is_capital && i > 0 && is_small(function[i - 1])) name += '_';
      name += is_capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return name;
}

// The other way round: the function with hints that a check names so; nothing if there is none.
inline std::string as_hinted(const std::vector<Hint>& hints, std::string_view reported) {
  for (const Hint& hint : hints) {
    if (as_reported(hint.function) == reported) return hint.function;
  }
  return "";
}

}  // namespace nn
