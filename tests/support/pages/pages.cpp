#include "pages/pages.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace nn {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// "4-9" of a text, counted from 1; "": all of it.
std::string some_lines(const std::string& text, const std::string& range) {
  if (range.empty()) return text;
  const std::size_t dash = range.find('-');
  const std::size_t first = std::stoul(range), last = std::stoul(range.substr(dash + 1));
  const auto lines = lines_of(text);
  if (dash == std::string::npos || first < 1 || first > last || last > lines.size()) {
    throw std::runtime_error("there are no lines " + range);
  }
  return joined({lines.begin() + static_cast<std::ptrdiff_t>(first) - 1,
                 lines.begin() + static_cast<std::ptrdiff_t>(last)});
}

struct Directive {
  std::string indent, kind, file, part;  // indent: the blanks before it, which its block has too
};

std::optional<Directive> directive(const std::string& line) {
  static const std::regex pattern(R"((\s*)<!-- (code|output|include): (\S+)(?: (\S+))? -->)");
  std::smatch match;
  if (!std::regex_match(line, match, pattern)) return std::nullopt;
  return Directive{match[1], match[2], match[3], match[4]};
}

// "03_softmax" names 03_softmax/expected.txt, "03_softmax/scores" names its demonstrations/expected_scores.txt.
std::filesystem::path expected_output(const std::filesystem::path& program) {
  if (!program.has_parent_path()) return program / "expected.txt";
  return program.parent_path() / "demonstrations" / ("expected_" + program.filename().string() + ".txt");
}

std::string source_of(const Directive& d, const std::filesystem::path& root) {
  if (d.kind == "code") return shown_region(read_text(root / "chapters" / d.file), d.part);
  if (d.kind == "output") return some_lines(read_text(root / "chapters" / expected_output(d.file)), d.part);
  return read_text(root / d.file);
}

// Whether the line ends what the directive refreshes.
bool is_end(const Directive& d, const std::string& line) {
  return d.kind == "include" ? line == d.indent + "<!-- /include -->" : line.starts_with(d.indent + "```");
}

}  // namespace

std::vector<std::filesystem::path> chapter_folders(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(root / "chapters")) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::vector<std::string> all_matches(const std::string& text, const std::string& pattern, std::size_t group) {
  const std::regex wanted(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), wanted), end; it != end; ++it)
    found.push_back((*it)[group]);
  return found;
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(file.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> all_pages(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> pages = {root / "README.md"};
  for (const char* folder : {"chapters", "common", "docs", "tests", "benchmarks", "plots"}) {
    if (!std::filesystem::exists(root / folder)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() == ".md") pages.push_back(entry.path());
    }
  }
  std::sort(pages.begin(), pages.end());
  return pages;
}

std::string shown_region(const std::string& source, const std::string& region) {
  static const std::regex marker(R"(\s*// \[/?(show|write)\b.*\])");
  std::vector<std::string> shown;
  bool inside = false, found = false;
  for (const std::string& line : lines_of(source)) {
    if (line.find("// [/show]") != std::string::npos) inside = false;
    if (inside && !std::regex_match(line, marker)) shown.push_back(line);
    if (line.find("// [show " + region + "]") != std::string::npos) inside = found = true;
  }
  if (!found) throw std::runtime_error("there is no region [show " + region + "]");
  return joined(shown);
}

std::string refreshed(const std::string& page, const std::string& name, const std::filesystem::path& root) {
  const auto lines = lines_of(page);
  std::vector<std::string> result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    result.push_back(lines[i]);
    const auto d = directive(lines[i]);
    if (!d) continue;
    const auto complain = [&](const std::string& what) {
      throw std::runtime_error(name + ": '" + lines[i] + "': " + what);
    };
    std::size_t begin = i + 1;
    if (d->kind != "include") {
      if (begin >= lines.size() || !lines[begin].starts_with(d->indent + "```"))
        complain("a line with ``` must follow, as far indented");
      result.push_back(lines[begin++]);
    }
    std::size_t end = begin;
    while (end < lines.size() && !is_end(*d, lines[end])) ++end;
    if (end == lines.size()) complain("its block does not end");
    try {
      for (const std::string& line : lines_of(source_of(*d, root)))
        result.push_back(line.empty() ? line : d->indent + line);
    } catch (const std::exception& error) {
      complain(error.what());
    }
    result.push_back(lines[end]);
    i = end;
  }
  return joined(result);
}

std::vector<std::string> headings(const std::string& page) {
  std::vector<std::string> found;
  bool in_code = false;
  for (const std::string& line : lines_of(page)) {
    if (line.starts_with("```")) in_code = !in_code;
    if (!in_code && line.starts_with("## ")) found.push_back(line.substr(3));
  }
  return found;
}

std::vector<std::string> relative_links(const std::string& page) {
  static const std::regex link(R"(\]\(([^)#\s]+)(#[^)]*)?\)|<img[^>]* src="([^"]+)\")");
  std::vector<std::string> targets;
  for (std::sregex_iterator it(page.begin(), page.end(), link), end; it != end; ++it) {
    const std::string target = (*it)[1].matched ? (*it)[1] : (*it)[3];
    if (target.find("://") == std::string::npos) targets.push_back(target);
  }
  return targets;
}

}  // namespace nn
