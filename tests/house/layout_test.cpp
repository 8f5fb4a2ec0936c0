// One stem, NN_name, is the name of a chapter everywhere and the only order there is.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <vector>

namespace nn {
namespace {

namespace fs = std::filesystem;

// Folders and files of a folder that start with a number, sorted.
std::vector<std::string> numbered(const fs::path& folder) {
  std::vector<std::string> names;
  if (!fs::exists(folder)) return names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (std::regex_search(name, std::regex("^[0-9]"))) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> lines(const fs::path& file) {
  std::vector<std::string> all;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

// The programs of a chapter: main.cpp, then every demonstrations/show_NAME.cpp, sorted.
std::vector<std::string> demonstrations(const fs::path& chapter) {
  std::vector<std::string> names;
  const fs::path further = chapter / "demonstrations";
  if (fs::exists(further)) {
    for (const auto& entry : fs::directory_iterator(further)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("show_") && name.ends_with(".cpp")) names.push_back("demonstrations/" + name);
    }
  }
  std::sort(names.begin(), names.end());
  names.insert(names.begin(), "main.cpp");
  return names;
}

// What main.cpp prints is in expected.txt, what show_NAME.cpp prints in expected_NAME.txt.
std::string expected_output(const std::string& program) {
  const std::string stem = fs::path(program).stem().string();
  return "expected" + (stem == "main" ? "" : stem.substr(4)) + ".txt";
}

// What is missing or does not fit, one line each; an empty text if all is in order.
std::string layout_faults(const fs::path& root) {
  std::string faults;
  const auto fault = [&](const std::string& text) { faults += text + "\n"; };
  const std::vector<std::string> chapters = numbered(root / "chapters");
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    const std::string& chapter = chapters[i];
    if (!std::regex_match(chapter, std::regex("[0-9][0-9]_[a-z0-9_]+")))
      fault(fmt::format("chapters/{}: the name should be two digits, _ and small letters", chapter));
    if (i > 0 && chapters[i - 1].substr(0, 2) == chapter.substr(0, 2))
      fault(fmt::format("chapters/{}: {} has the same number", chapter, chapters[i - 1]));
    for (const char* file : {"README.md", "main.cpp", "CMakeLists.txt"}) {
      const fs::path path = fs::path("chapters") / chapter / file;
      if (!fs::exists(root / path)) fault(path.string() + ": missing");
    }
    if (!fs::exists(root / "tests" / (chapter + "_test.cpp")))
      fault("tests/" + chapter + "_test.cpp: missing");
    if (lines(root / "chapters" / chapter / "CMakeLists.txt").size() > 3) {
      fault("chapters/" + chapter + "/CMakeLists.txt: more than 3 lines");
    }
    for (const std::string& name : demonstrations(root / "chapters" / chapter)) {
      const fs::path path = fs::path("chapters") / chapter / name;
      const auto demonstration = lines(root / path);
      if (!demonstration.empty() && !demonstration[0].starts_with("// ")) {
        fault(path.string() + ": the first line should say what it shows");
      }
      const fs::path expected = path.parent_path() / expected_output(name);
      if (!fs::exists(root / expected)) fault(expected.string() + ": missing");
    }
  }
  const auto is_chapter = [&](const std::string& stem) {
    return std::find(chapters.begin(), chapters.end(), stem) != chapters.end();
  };
  const auto expect_chapter = [&](const std::string& folder, const std::string& ending) {
    for (const std::string& file : numbered(root / folder)) {
      const bool ends = file.size() > ending.size() && file.ends_with(ending);
      if (ends && is_chapter(file.substr(0, file.size() - ending.size()))) continue;
      fault(fmt::format("{}/{}: no chapter of that name", folder, file));
    }
  };
  expect_chapter("tests", "_test.cpp");
  for (const auto& entry : fs::directory_iterator(root / "tests")) {
    if (entry.is_directory()) expect_chapter("tests/" + entry.path().filename().string(), "_test.cpp");
  }
  expect_chapter("benchmarks", "_benchmark.cpp");
  for (const std::string& file : numbered(root / "plots")) {  // NN_figure.cpp: the figure has its own name
    const auto same_number = [&](const std::string& chapter) {
      return chapter.starts_with(file.substr(0, 3));
    };
    if (std::any_of(chapters.begin(), chapters.end(), same_number)) continue;
    fault("plots/" + file + ": no chapter of that number");
  }
  return faults;
}

TEST(Layout, every_chapter_is_complete_and_nothing_belongs_to_no_chapter) {
  EXPECT_GE(numbered(fs::path(NN_SOURCE_DIR) / "chapters").size(), 8u);
  const std::string faults = layout_faults(NN_SOURCE_DIR);
  EXPECT_TRUE(faults.empty()) << faults;
}

}  // namespace
}  // namespace nn
