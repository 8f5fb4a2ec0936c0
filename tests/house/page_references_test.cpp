// What a page tells its reader to run, to open or to look for is there: commands, options, files, the functions to
// write and the properties of a check.
#include <algorithm>
#include <cctype>
#include <gtest/gtest.h>
#include <regex>
#include <set>

#include "pages/pages.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = NN_SOURCE_DIR;

// All sources below a folder, as one text.
std::string sources(const fs::path& folder) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (ending == ".hpp" || ending == ".cpp" || ending == ".sh") all += read_text(entry.path());
  }
  return all;
}

// ./learn with these words: a chapter's demonstration, or a verb that the help lists.
bool is_command(const std::string& first, const std::string& second, const std::string& help) {
  if (!std::isdigit(static_cast<unsigned char>(first[0])))
    return help.find("./learn " + first + " ") != help.npos;
  for (const fs::path& chapter : chapter_folders(kRoot)) {
    if (std::stoul(chapter.filename().string()) != std::stoul(first)) continue;
    return second.empty() || fs::exists(chapter / "demonstrations" / ("show_" + second + ".cpp"));
  }
  return false;
}

TEST(PageReferences, commands_of_learn_are_there) {
  std::size_t count = 0;
  const std::string help = read_text(kRoot / "learn"),
                    pattern = "\\./learn ([a-z]+|[0-9]+)\\b(?: ([a-z_]+))?";
  for (const auto& page : all_pages(kRoot)) {
    const std::string text = read_text(page);
    const auto first = all_matches(text, pattern), second = all_matches(text, pattern, 2);
    count += first.size();
    for (std::size_t i = 0; i < first.size(); ++i) {
      EXPECT_TRUE(is_command(first[i], second[i], help))
          << page << ": there is no ./learn " << first[i] << " " << second[i];
    }
  }
  EXPECT_GT(count, 100u) << "commands found in the pages";
}

TEST(PageReferences, options_are_those_of_a_program) {
  const std::string programs = sources(kRoot / "chapters/10_mnist") + sources(kRoot / "common") +
                               sources(kRoot / "plots") + sources(kRoot / "tools") +
                               read_text(kRoot / "learn");
  const std::string pattern = "(--[a-z][a-z_-]*)";
  std::size_t count = 0;
  const auto options = all_matches(programs, pattern);
  const std::set<std::string> known(options.begin(), options.end());
  for (const auto& page : all_pages(kRoot)) {
    const std::string text = read_text(page);
    for (const char* place : {"`(--[^`]*)`", "\\./learn ([^`\n]*)"}) {
      for (const std::string& command : all_matches(text, place)) {
        for (const std::string& option : all_matches(command, pattern)) {
          EXPECT_TRUE(known.contains(option)) << page << ": there is no " << option;
          ++count;
        }
      }
    }
  }
  EXPECT_GT(count, 40u) << "options found in the pages";
}

// NN, NAME, DIR and stars stand for something else.
TEST(PageReferences, files_are_there) {
  std::size_t count = 0;
  const std::string folders = "tools|tests|common|docs|chapters|plots|cmake|benchmarks";
  for (const auto& page : all_pages(kRoot)) {
    for (const std::string& found :
         all_matches(read_text(page), "(?:^|[\\s`>])((?:" + folders + ")/[A-Za-z0-9_./*-]+)")) {
      const std::string file = found.ends_with('.') ? found.substr(0, found.size() - 1) : found;
      if (std::regex_search(file, std::regex("\\*|NN|NAME|DIR"))) continue;
      EXPECT_TRUE(fs::exists(kRoot / file)) << page << " names " << file;
      ++count;
    }
  }
  EXPECT_GT(count, 50u) << "files found in the pages";
}

// ctest -L: a chapter, or a label that the tests are given.
TEST(PageReferences, labels_of_tests_are_there) {
  std::size_t count = 0;
  const std::string given = read_text(kRoot / "tests/CMakeLists.txt");
  for (const auto& page : all_pages(kRoot)) {
    for (const std::string& label : all_matches(read_text(page), "ctest[^\n]* -L (\\w+)")) {
      EXPECT_TRUE(fs::exists(kRoot / "chapters" / label) ||
                  !all_matches(given, "\\b(" + label + ")\\b").empty())
          << page << ": no label " << label;
      ++count;
    }
  }
  EXPECT_GE(count, 3u) << "labels found in the pages";
}

// The first cells of the table in "Write it".
std::set<std::string> functions_to_write(const std::string& page) {
  const std::size_t begin = page.find("## Write it"), end = page.find("## Our code");
  std::set<std::string> functions;
  for (const std::string& cell : all_matches(page.substr(begin, end - begin), "\n\\|([^|]*)\\|")) {
    for (const std::string& name : all_matches(cell, "`([A-Za-z_:]+)`")) functions.insert(name);
  }
  return functions;
}

TEST(PageReferences, functions_to_write_are_the_holes_of_the_chapter) {
  for (const fs::path& chapter : chapter_folders(kRoot)) {
    const auto holes = all_matches(sources(chapter), "// \\[write ([A-Za-z_:]+)\\]");
    EXPECT_GE(holes.size(), 1u) << chapter;
    EXPECT_EQ(functions_to_write(read_text(chapter / "README.md")),
              std::set<std::string>(holes.begin(), holes.end()))
        << chapter;
  }
}

TEST(PageReferences, files_to_write_in_are_in_the_chapter) {
  std::size_t count = 0;
  for (const fs::path& chapter : chapter_folders(kRoot)) {
    const std::string page = read_text(chapter / "README.md");
    const std::size_t begin = page.find("## Write it"), end = page.find("## Our code");
    const auto files = all_matches(page.substr(begin, end - begin), "\\| `(\\w+\\.[ch]pp)` \\|");
    count += files.size();
    for (const std::string& file : files)
      EXPECT_TRUE(fs::exists(chapter / file)) << chapter << " has no " << file;
  }
  EXPECT_GT(count, 20u) << "files found in the pages";
}

// As the check reports it: TEST(SoftmaxNaive, gives_nan) is "softmax_naive: gives nan".
std::string property(const std::string& suite, const std::string& name) {
  std::string text = std::regex_replace(suite, std::regex("([a-z0-9])([A-Z])"), "$1_$2");
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text + ": " + std::regex_replace(name, std::regex("_"), " ");
}

TEST(PageReferences, properties_are_those_of_the_check) {
  std::size_t count = 0;
  const std::string pattern = "TEST(?:_F|_P)?\\((\\w+),\\s+(\\w+)\\)";
  for (const fs::path& chapter : chapter_folders(kRoot)) {
    const std::string test = read_text(kRoot / "tests" / (chapter.filename().string() + "_test.cpp"));
    const auto suites = all_matches(test, pattern), names = all_matches(test, pattern, 2);
    std::set<std::string> properties;
    for (std::size_t i = 0; i < suites.size(); ++i) properties.insert(property(suites[i], names[i]));
    const std::string page = std::regex_replace(read_text(chapter / "README.md"), std::regex("\n *"), " ");
    for (const std::string& quoted : all_matches(page, "`([a-z0-9_]+: [a-z0-9 ]+)`")) {
      EXPECT_TRUE(properties.contains(quoted)) << chapter << ": no property '" << quoted << "'";
      ++count;
    }
  }
  EXPECT_GT(count, 10u) << "properties found in the pages";
}

// The failed check that the first page quotes: its property, its matrices and its explanations are in the test of chapter
// 05. (What the check prints is a test of the exercises.)
TEST(PageReferences, the_failed_check_on_the_first_page_is_that_of_chapter_05) {
  const std::string page = read_text(kRoot / "README.md"),
                    test = std::regex_replace(read_text(kRoot / "tests/05_backprop_test.cpp"),
                                              std::regex("\"\\s*\n\\s*\""), "");
  const std::size_t begin = page.find("\n  no   ") + 1, end = page.find("```", begin);
  ASSERT_NE(begin, 0u) << "no failed check is quoted";
  const std::string quoted = page.substr(begin, end - begin);
  const auto suites = all_matches(test, "TEST\\((\\w+),\\s+(\\w+)\\)"),
             names = all_matches(test, "TEST\\((\\w+),\\s+(\\w+)\\)", 2);
  std::set<std::string> properties;
  for (std::size_t i = 0; i < suites.size(); ++i) properties.insert(property(suites[i], names[i]));
  EXPECT_TRUE(properties.contains(all_matches(quoted, "^  no   ([^\n]*)")[0])) << quoted;
  const auto matrices = all_matches(quoted, "(\\{\\{[^\n]*\\}\\})");
  EXPECT_EQ(matrices.size(), 4u) << quoted;
  for (const std::string& matrix : matrices) EXPECT_NE(test.find(matrix), test.npos) << matrix;
  for (const char* pattern : {"\n +(relu[^\n]*), for\n", "this is what comes out ([^\n]*)"}) {
    const auto words = all_matches(quoted, pattern);
    ASSERT_EQ(words.size(), 1u) << pattern;
    EXPECT_NE(test.find(words[0]), test.npos) << words[0];
  }
}

TEST(PageReferences, the_first_page_leads_to_every_other) {
  const auto links = relative_links(read_text(kRoot / "README.md"));
  for (const auto& page : all_pages(kRoot)) {
    const fs::path name = page.lexically_relative(kRoot), folder = name.parent_path();
    if (folder != "docs" && folder.parent_path() != "chapters") continue;
    EXPECT_NE(std::find(links.begin(), links.end(), name.generic_string()), links.end()) << name;
  }
}

TEST(PageReferenceRules, find_what_is_not_there) {
  const std::string help = "./learn start N   begins\n";
  EXPECT_TRUE(is_command("3", "variations", help));
  EXPECT_TRUE(is_command("start", "", help));
  EXPECT_FALSE(is_command("3", "no_such", help));
  EXPECT_FALSE(is_command("99", "", help));
  EXPECT_FALSE(is_command("starts", "", help));
  EXPECT_EQ(
      functions_to_write("## Write it\n\n| function | file |\n|---|---|\n| `a`, `B::c` | `d` |\n## Our code"),
      (std::set<std::string>{"B::c", "a"}));
  EXPECT_EQ(property("SoftmaxNaive", "a_logit_of_1000_gives_nan"),
            "softmax_naive: a logit of 1000 gives nan");
}

}  // namespace
}  // namespace nn
