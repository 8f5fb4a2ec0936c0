// Nothing in the pages may drift: listings, output and recorded numbers are those of their sources, links
// lead somewhere, and a chapter's page has its landmarks in their order.
#include "pages/pages.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

#include "system/temporary_folder.hpp"

namespace nn {
namespace {

const std::filesystem::path kRoot = NN_SOURCE_DIR;

// The sections that every chapter has, in this order. Others may stand between them.
const std::vector<std::string> kLandmarks = {"Question", "By hand",         "Formula", "Write it",
                                             "Our code", "What goes wrong", "Try it",  "Next"};

// The first landmark that is missing or too early; empty: none.
std::string wrong_landmark(const std::string& page) {
  const auto found = headings(page);
  auto from = found.begin();
  for (const std::string& landmark : kLandmarks) {
    const auto at = std::find(from, found.end(), landmark);
    if (at == found.end()) {
      const bool is_there = std::find(found.begin(), found.end(), landmark) != found.end();
      return "'" + landmark + "' " + (is_there ? "is out of order" : "is missing");
    }
    from = at + 1;
  }
  return "";
}

// The first line in which a page is not what it should be; empty: none.
std::string first_difference(const std::string& page, const std::string& wanted) {
  if (page == wanted) return "";
  std::istringstream has(page), should_have(wanted);
  std::string line, other;
  for (int number = 1;; ++number) {
    const bool more = static_cast<bool>(std::getline(has, line));
    if (!std::getline(should_have, other)) other = "no line";
    if (!more || line != other) return "line " + std::to_string(number) + " should be: " + other;
  }
}

TEST(Pages, hold_what_their_sources_hold) {
  for (const auto& file : all_pages(kRoot)) {
    const std::string page = read_text(file);
    EXPECT_EQ(first_difference(page, refreshed(page, file.string(), kRoot)), "")
        << file << " is out of date: cmake --build build/release --target rewrite_pages";
  }
}

TEST(Pages, have_no_dead_links) {
  for (const auto& file : all_pages(kRoot)) {
    for (const std::string& link : relative_links(read_text(file))) {
      EXPECT_TRUE(std::filesystem::exists(file.parent_path() / link)) << file << " links to " << link;
    }
  }
}

// The places in a page that a link can lead to: its headings as GitHub and others name them, "## Run it" is #run-it,
// and the words of the glossary.
std::vector<std::string> anchors(const std::string& page) {
  std::vector<std::string> names = all_matches(page, R"re(<a id="([^"]+)">)re");
  for (std::string name : headings(page)) {
    std::string anchor;
    for (const char c : name) {
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_')
        anchor += static_cast<char>(std::tolower(c));
      if (c == ' ') anchor += '-';
    }
    names.push_back(anchor);
  }
  return names;
}

TEST(Pages, link_to_headings_and_words_that_are_there) {
  static const std::regex link(R"(\]\(([^)#\s:]*)#([^)\s]+)\))");
  for (const auto& file : all_pages(kRoot)) {
    const std::string page = read_text(file);
    for (std::sregex_iterator it(page.begin(), page.end(), link), end; it != end; ++it) {
      const std::string target = (*it)[1], anchor = (*it)[2];
      const auto known = anchors(target.empty() ? page : read_text(file.parent_path() / target));
      EXPECT_NE(std::find(known.begin(), known.end(), anchor), known.end())
          << file << " links to #" << anchor << " of " << target;
    }
  }
}

TEST(Pages, of_chapters_have_their_landmarks_in_order) {
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "chapters")) {
    if (!entry.is_directory()) continue;
    const auto file = entry.path() / "README.md";
    EXPECT_EQ(wrong_landmark(read_text(file)), "") << file;
  }
}

TEST(PageRules, a_missing_and_a_misplaced_landmark_are_seen) {
  std::string page;
  for (const std::string& landmark : kLandmarks) page += "## " + landmark + "\n## Something else\n";
  EXPECT_EQ(wrong_landmark(page), "");
  EXPECT_EQ(wrong_landmark("## Question\n## Formula\n## By hand\n"), "'Formula' is out of order");
  EXPECT_EQ(wrong_landmark("## Question\n## By hand\n## Formulas\n"), "'Formula' is missing");
}

TEST(PageRules, a_listing_that_differs_from_its_source_is_seen) {
  const TemporaryFolder root;
  std::filesystem::create_directories(root / "chapters/01_x/demonstrations");
  std::ofstream(root / "chapters/01_x/x.hpp")
      << "a\n// [show x]\nb\n  // [write x]\nc\n  // [/write]\n// [/show]\nd\n";
  std::ofstream(root / "chapters/01_x/expected.txt") << "1\n2\n3\n";
  std::ofstream(root / "chapters/01_x/demonstrations/expected_more.txt") << "4\n5\n";
  const auto fresh = [&](const std::string& page) { return refreshed(page, "page", root.path()); };
  EXPECT_EQ(fresh("<!-- code: 01_x/x.hpp x -->\n```cpp\nold\n```\nrest\n"),
            "<!-- code: 01_x/x.hpp x -->\n```cpp\nb\nc\n```\nrest\n");
  EXPECT_EQ(fresh("<!-- output: 01_x 2-3 -->\n```\n```\n"), "<!-- output: 01_x 2-3 -->\n```\n2\n3\n```\n");
  EXPECT_EQ(fresh("1. x\n\n   <!-- output: 01_x 1-1 -->\n   ```\n   ```\n"),
            "1. x\n\n   <!-- output: 01_x 1-1 -->\n   ```\n   1\n   ```\n")
      << "in a list";
  EXPECT_EQ(fresh("<!-- output: 01_x/more 2-2 -->\n```\n```\n"),
            "<!-- output: 01_x/more 2-2 -->\n```\n5\n```\n");
  EXPECT_EQ(fresh("<!-- include: chapters/01_x/expected.txt -->\nx\n<!-- /include -->\n"),
            "<!-- include: chapters/01_x/expected.txt -->\n1\n2\n3\n<!-- /include -->\n");
  EXPECT_THROW(fresh("<!-- code: 01_x/x.hpp y -->\n```\n```\n"), std::runtime_error);
  EXPECT_THROW(fresh("<!-- output: 01_x 2-9 -->\n```\n```\n"), std::runtime_error);
  EXPECT_THROW(fresh("<!-- output: 01_x -->\nno block\n"), std::runtime_error);
}

TEST(PageRules, a_page_that_is_out_of_date_is_told_by_its_line) {
  EXPECT_EQ(first_difference("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(first_difference("a\nb\n", "a\nc\n"), "line 2 should be: c");
  EXPECT_EQ(first_difference("a\nb\n", "a\n"), "line 2 should be: no line");
  EXPECT_EQ(first_difference("a\n", "a\nb\n"), "line 2 should be: b");
}

TEST(PageRules, headings_have_anchors) {
  EXPECT_EQ(anchors("## Run it\n## When it's 2!\n"), (std::vector<std::string>{"run-it", "when-its-2"}));
  EXPECT_EQ(anchors("<a id=\"bias\"></a>**bias** (01)\n"), std::vector<std::string>{"bias"});
}

TEST(PageRules, links_are_found) {
  EXPECT_EQ(relative_links("[a](b.md) ![c](d/e.svg) [f](https://g.h/) [i](j.md#k) <img src=\"l.png\">"),
            (std::vector<std::string>{"b.md", "d/e.svg", "j.md", "l.png"}));
}

}  // namespace
}  // namespace nn
