// The table in common/README.md is true.
#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "common/files/atomic_file.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;
const fs::path kRoot = NN_SOURCE_DIR;

std::string text_of(const fs::path& file) {
  const auto bytes = read_file(file);
  return {bytes.begin(), bytes.end()};
}

// File -> "from chapter", out of the rows  | `file` | what it holds | from chapter |
std::map<std::string, std::string> table() {
  std::map<std::string, std::string> rows;
  std::istringstream lines(text_of(kRoot / "common" / "README.md"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `") || std::count(line.begin(), line.end(), '|') != 4) continue;
    const std::size_t name_end = line.find('`', 3), cell = line.rfind('|', line.size() - 2) + 2;
    rows[line.substr(3, name_end - 3)] = line.substr(cell, line.size() - 2 - cell);
  }
  return rows;
}

// The number of the first chapter that includes common/header, "–" if none does.
std::string first_chapter(const std::string& header) {
  std::string first = "–";
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "chapters")) {
    const std::string kind = entry.path().extension().string();
    if (kind != ".hpp" && kind != ".cpp") continue;
    if (text_of(entry.path()).find("#include \"common/" + header + "\"") == std::string::npos) continue;
    const std::string chapter = fs::relative(entry.path(), kRoot / "chapters").string().substr(0, 2);
    if (first == "–" || chapter < first) first = chapter;
  }
  return first;
}

TEST(CommonReadme, names_every_file) {
  const auto rows = table();
  std::set<std::string> expected, named;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "common")) {
    const std::string name = fs::relative(entry.path(), kRoot / "common").generic_string();
    const bool has_header =
        entry.path().extension() == ".cpp" && fs::exists(fs::path(entry.path()).replace_extension(".hpp"));
    if (has_header || name == "README.md" || name == "CMakeLists.txt") continue;
    if (entry.is_directory() ? name != "data/sample" : name.starts_with("data/sample/")) continue;
    expected.insert(entry.is_directory() ? name + "/" : name);
  }
  for (const auto& row : rows) named.insert(row.first);
  EXPECT_EQ(named, expected);
}

TEST(CommonReadme, says_from_which_chapter_on_each_header_is_used) {
  for (const auto& [name, chapter] : table()) {
    if (!name.ends_with(".hpp")) continue;
    EXPECT_EQ(chapter, first_chapter(name)) << "correct the row of " << name << " in common/README.md";
  }
}

}  // namespace
}  // namespace nn
