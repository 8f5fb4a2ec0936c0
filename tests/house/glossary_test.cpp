// The glossary has each word once, links to its words lead to one that is there, and each word names the chapter that
// explains it: the first one that links to it.
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <set>

#include "pages.hpp"

namespace nn {
namespace {

const std::filesystem::path kRoot = NN_SOURCE_DIR;

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

// The chapter that a word names first, "01", of each word.
std::map<std::string, std::string> named_chapters(const std::string& glossary) {
  static const std::regex entry(R"re(<a id="([^"]+)"></a>\*\*[^*]+\*\* \((\d\d))re");
  std::map<std::string, std::string> chapters;
  for (std::sregex_iterator it(glossary.begin(), glossary.end(), entry), end; it != end; ++it)
    chapters[(*it)[1]] = (*it)[2];
  return chapters;
}

TEST(Glossary, names_the_first_chapter_that_links_to_the_word) {
  std::map<std::string, std::string> linking;
  for (const auto& page : all_pages(kRoot)) {  // in the order of the chapters
    const std::string folder = page.parent_path().filename().string();
    if (page.parent_path().parent_path() != kRoot / "chapters") continue;
    for (const std::string& word : all_matches(read_text(page), R"(glossary\.md#([^)\s]+)\))"))
      linking.emplace(word, folder.substr(0, 2));
  }
  EXPECT_EQ(named_chapters(read_text(kRoot / "docs/glossary.md")), linking);
}

}  // namespace
}  // namespace nn
