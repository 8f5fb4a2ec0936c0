// Nothing in the pages may drift: listings, output and recorded numbers are those of their sources, links
// lead somewhere, and a chapter's page has its sections in their order.
#include "pages.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

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

TEST(Pages, hold_what_their_sources_hold) {
  for (const auto& file : all_pages(kRoot)) {
    const std::string page = read_text(file);
    EXPECT_EQ(refreshed(page, file.string(), kRoot), page)
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
  std::filesystem::create_directories(root / "chapters/01_x");
  std::ofstream(root / "chapters/01_x/x.hpp")
      << "a\n// [show x]\nb\n  // [write x]\nc\n  // [/write]\n// [/show]\nd\n";
  std::ofstream(root / "chapters/01_x/expected.txt") << "1\n2\n3\n";
  std::ofstream(root / "chapters/01_x/expected_more.txt") << "4\n5\n";
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

TEST(PageRules, links_are_found) {
  EXPECT_EQ(relative_links("[a](b.md) ![c](d/e.svg) [f](https://g.h/) [i](j.md#k) <img src=\"l.png\">"),
            (std::vector<std::string>{"b.md", "d/e.svg", "j.md", "l.png"}));
}

}  // namespace
}  // namespace nn
