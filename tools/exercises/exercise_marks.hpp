// Exercises in a file. In the course's file the lines that the reader writes are between two marks,
//   // [write softmax]   and   // [/write]
// In the reader's copy a call of not_written("softmax", ...) is in their place until they are written.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exercises/text.hpp"

namespace nn {

inline std::string_view without_indent(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return line;
}

// The name in a line "// [write NAME]"; nothing for any other line.
inline std::optional<std::string> begun_exercise(std::string_view line) {
  constexpr std::string_view kMark = "// [write ";
  line = without_indent(line);
  const std::size_t end = line.rfind(']');
  if (!line.starts_with(kMark) || end == line.npos) return std::nullopt;
  return std::string(line.substr(kMark.size(), end - kMark.size()));
}
inline bool ends_exercise(std::string_view line) { return without_indent(line).starts_with("// [/write]"); }

// The marks of a listing in a page.
inline bool is_listing_mark(std::string_view line) {
  line = without_indent(line);
  return line.starts_with("// [show") || line.starts_with("// [/show");
}

// The name in a line  nn::not_written("NAME", ...);  nothing for any other line, and for a comment.
inline std::optional<std::string> unwritten_exercise(const std::string& line) {
  constexpr std::string_view kCall = "not_written(\"";
  const std::size_t at = line.find(kCall);
  if (at == line.npos || line.find('/') < at) return std::nullopt;
  const std::size_t from = at + kCall.size();
  return line.substr(from, line.find('"', from) - from);
}

// The exercises of a course's file, and what is unwritten in a reader's; each once, in order.
inline std::vector<std::string> exercise_names(const std::string& text) {
  std::vector<std::string> names;
  for (const std::string& line : lines_of(text)) {
    if (const auto name = begun_exercise(line)) add_once(names, *name);
  }
  return names;
}
inline std::vector<std::string> unwritten_names(const std::string& text) {
  std::vector<std::string> names;
  for (const std::string& line : lines_of(text)) {
    if (const auto name = unwritten_exercise(line)) add_once(names, *name);
  }
  return names;
}

// The file with one more include: in a header behind #pragma once, in a source behind the header of its own name.
inline std::string with_include(const std::string& text, const std::string& header) {
  std::string result;
  bool included = false;
  for (const std::string& line : lines_of(text)) {
    result += line + '\n';
    if (included || !(line.starts_with("#pragma once") || line.starts_with("#include"))) continue;
    result += (line.starts_with("#pragma") ? "\n" : "") + ("#include \"" + header + "\"\n");
    included = true;
  }
  if (!included) throw Failure("it has neither #pragma once nor #include");
  return result;
}

// The reader's copy of a course's file; path: where it is written, from the root; number: the chapter's.
inline std::string cut(const std::string& text, const std::string& path, int number) {
  std::string result, open;
  for (const std::string& line : lines_of(text)) {
    if (is_listing_mark(line)) continue;
    if (const auto name = begun_exercise(line)) {
      const std::string indent = line.substr(0, line.find("//")), chapter = std::to_string(number);
      result += indent + "// Write " + *name + " here (hint: ./learn hint " + chapter +
                "), then delete the next line.\n" + indent + "nn::not_written(\"" + *name + "\", \"" + path +
                "\", " + chapter + ");\n";
      open = *name;
    } else if (ends_exercise(line)) {
      open.clear();
    } else if (open.empty()) {
      result += line + '\n';
    }
  }
  if (!open.empty()) throw Failure("[write " + open + "] is not closed");
  return with_include(result, "common/not_written.hpp");
}

}  // namespace nn
