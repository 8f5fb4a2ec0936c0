// A measured number that is typed into a sentence goes stale without a word. So a percentage with a decimal point in
// the text of the first page or a chapter must stand in one of its page's blocks, too: these are refreshed and compared
// (pages_test.cpp).
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <sstream>

#include "pages.hpp"

namespace nn {
namespace {

const std::filesystem::path kRoot = NN_SOURCE_DIR;

// The percentages of a text, "98.2%".
std::set<std::string> percentages(const std::string& text) {
  static const std::regex pattern(R"(\d+\.\d+%)");
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it)
    found.insert(it->str());
  return found;
}

// Those that stand between the lines and in no block of the page; empty: none.
std::string typed_in(const std::string& page) {
  std::string blocks, text;
  bool in_code = false, in_include = false;
  std::istringstream in(page);
  for (std::string line; std::getline(in, line);) {
    const std::size_t start = line.find_first_not_of(' ');
    if (start != line.npos && line.compare(start, 13, "<!-- include:") == 0) in_include = true;
    if (start != line.npos && line.compare(start, 13, "<!-- /include") == 0) in_include = false;
    if (start != line.npos && line.compare(start, 3, "```") == 0) in_code = !in_code;
    (in_code || in_include ? blocks : text) += line + "\n";
  }
  const auto backed = percentages(blocks);
  std::string all;
  for (const std::string& number : percentages(text)) all += backed.contains(number) ? "" : number + " ";
  return all;
}

TEST(PageNumbers, of_readers_of_digits_stand_in_a_block_that_is_refreshed) {
  EXPECT_EQ(typed_in(read_text(kRoot / "README.md")), "");
  for (const auto& chapter : chapter_folders(kRoot))
    EXPECT_EQ(typed_in(read_text(chapter / "README.md")), "") << chapter;
}

TEST(PageNumbers, one_that_is_typed_in_is_seen) {
  EXPECT_EQ(typed_in("It reads 91.3% now.\n```\nright 91.3%\n```\n"), "");
  EXPECT_EQ(typed_in("It reads 91.3% now.\n```\nright 91.4%\n```\n"), "91.3% ");
  EXPECT_EQ(typed_in("<!-- include: x -->\n| 98.2% |\n<!-- /include -->\n98.2%, not 98.3%\n"), "98.3% ");
}

}  // namespace
}  // namespace nn
