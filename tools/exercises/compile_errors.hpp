// What a reader needs of a compiler's output.
#pragma once

#include <string>
#include <string_view>

#include "exercises/text.hpp"

namespace nn {

// "error: " and "fatal error: ", but not "-Werror: " and the like.
inline bool is_compile_error(std::string_view line) {
  const std::size_t at = line.find("error: ");
  return at != line.npos && (at == 0 || line[at - 1] == ' ' || line[at - 1] == ':');
}

// A line that belongs to something other than the error above it.
inline bool ends_compile_error(std::string_view line) {
  if (line.find(": note: ") != line.npos || line.find(": warning: ") != line.npos) return true;
  if (!line.starts_with(' ') && line.find(": In ") != line.npos && line.find(": In ") > 0) return true;
  return line.starts_with("In file included") || line.starts_with('[') || line.starts_with("ninja: ");
}

// The first errors in files of my/, each with the source line that the compiler shows; if there is none, the first
// error elsewhere, and the line of my/ that led to it. root: with a slash at the end, taken off the paths.
inline std::string compile_errors(const std::string& output, const std::string& root) {
  constexpr int kMostErrors = 3, kLinesEach = 6;
  std::string in_mine, elsewhere, context;
  int mine = 0, others = 0, shown = kLinesEach;
  bool is_mine = false;
  for (std::string line : lines_of(output)) {
    if (const std::size_t at = line.find(root); at != line.npos) line.erase(at, root.size());
    if (is_compile_error(line)) {
      is_mine = line.starts_with("my/");
      ++(is_mine ? mine : others);
      shown = 0;
    }
    if (ends_compile_error(line)) shown = kLinesEach;
    if (context.empty() && line.starts_with("my/") && line.find("required from") != line.npos) {
      context = line + '\n';
    }
    if (shown++ >= kLinesEach) continue;
    if (is_mine && mine <= kMostErrors) in_mine += line + '\n';
    if (!is_mine && others == 1) elsewhere += line + '\n';
  }
  return in_mine.empty() ? elsewhere + context : in_mine;
}

}  // namespace nn
