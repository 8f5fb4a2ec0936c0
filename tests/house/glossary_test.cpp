// The glossary has each word once, and links to its words lead to one that is there.
#include <gtest/gtest.h>
#include <regex>
#include <set>

#include "pages.hpp"

namespace nn {
namespace {

const std::filesystem::path kRoot = NN_SOURCE_DIR;

std::vector<std::string> all_matches(const std::string& text, const std::string& pattern) {
  const std::regex wanted(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), wanted), end; it != end; ++it)
    found.push_back((*it)[1]);
  return found;
}

TEST(Glossary, has_every_word_once_and_every_word_that_is_linked) {
  const auto words = all_matches(read_text(kRoot / "docs/glossary.md"), R"re(<a id="([^"]+)">)re");
  const std::set<std::string> known(words.begin(), words.end());
  EXPECT_GT(known.size(), 40u);
  EXPECT_EQ(known.size(), words.size()) << "a word stands there twice";
  for (const auto& page : all_pages(kRoot)) {
    std::set<std::string> linked;
    for (const std::string& word : all_matches(read_text(page), R"(glossary\.md#([^)\s]+)\))")) {
      EXPECT_TRUE(known.contains(word)) << page << " links to " << word;
      EXPECT_TRUE(linked.insert(word).second) << page << " links to " << word << " twice";
    }
  }
}

}  // namespace
}  // namespace nn
