// Nothing in the pages may drift: listings, output and recorded numbers are those of their sources, links
// lead somewhere, and a chapter's page has its sections in their order.
#include "pages.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

#include "temporary_folder.hpp"

namespace nn {
namespace {

const std::filesystem::path kRoot = NN_SOURCE_DIR;

const std::vector<std::string> kSections = {"Question", "By hand", "Picture",         "Formula", "Write it",
                                            "Our code", "Run it",  "What goes wrong", "Try it",  "Next"};

// What is wrong with a chapter's sections; empty: nothing.
std::string wrong_sections(const std::string& page) {
  std::size_t place = 0;
  const auto found = headings(page);
  for (const std::string& heading : found) {
    const auto at = std::find(kSections.begin(), kSections.end(), heading);
    if (at == kSections.end()) return "'" + heading + "' is no section";
    const auto here = static_cast<std::size_t>(at - kSections.begin()) + 1;
    if (here <= place) return "'" + heading + "' stands too late";
    place = here;
  }
  for (const std::string& section : kSections) {
    if (std::find(found.begin(), found.end(), section) == found.end()) return "'" + section + "' is missing";
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

// The places in a page that a link can lead to: its headings as GitHub and others name them, "## Run it" is #run-it.
std::vector<std::string> anchors(const std::string& page) {
  std::vector<std::string> names;
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

// Links to words of the glossary are tested with it.
TEST(Pages, link_to_headings_that_are_there) {
  static const std::regex link(R"(\]\(([^)#\s:]*)#([^)\s]+)\))");
  for (const auto& file : all_pages(kRoot)) {
    const std::string page = read_text(file);
    for (std::sregex_iterator it(page.begin(), page.end(), link), end; it != end; ++it) {
      const std::string target = (*it)[1], anchor = (*it)[2];
      if (target.ends_with("glossary.md")) continue;
      const auto known = anchors(target.empty() ? page : read_text(file.parent_path() / target));
      EXPECT_NE(std::find(known.begin(), known.end(), anchor), known.end())
          << file << " links to #" << anchor << " of " << target;
    }
  }
}

TEST(Pages, of_chapters_have_their_sections_in_order) {
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "chapters")) {
    if (!entry.is_directory()) continue;
    const auto file = entry.path() / "README.md";
    EXPECT_EQ(wrong_sections(read_text(file)), "") << file;
  }
}

TEST(PageRules, a_missing_and_a_misplaced_section_are_seen) {
  std::string page;
  for (const std::string& section : kSections) page += "## " + section + "\n";
  EXPECT_EQ(wrong_sections(page), "");
  EXPECT_EQ(wrong_sections("## Formula\n## Question\n"), "'Question' stands too late");
  EXPECT_EQ(wrong_sections("## Question\n## Formulas\n"), "'Formulas' is no section");
  EXPECT_EQ(wrong_sections("## Question\n## Picture\n"), "'By hand' is missing");
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
}

TEST(PageRules, links_are_found) {
  EXPECT_EQ(relative_links("[a](b.md) ![c](d/e.svg) [f](https://g.h/) [i](j.md#k) <img src=\"l.png\">"),
            (std::vector<std::string>{"b.md", "d/e.svg", "j.md", "l.png"}));
}

}  // namespace
}  // namespace nn
