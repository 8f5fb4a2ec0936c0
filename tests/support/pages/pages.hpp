// The pages of the course, and what in them must not drift: listings are cut from the source, output from
// expected.txt, recorded numbers from docs/results.
//
//   <!-- code: 03_softmax/softmax.hpp softmax -->   the fenced block that follows is the region [show softmax]
//   <!-- output: 03_softmax 4-9 -->                 ... is lines 4 to 9 of expected.txt; all without numbers
//   <!-- output: 03_softmax/scores 4-9 -->          ... of expected_scores.txt
// (in a list, directive and block stand under the text, as far indented)
//   <!-- include: docs/results/x.md --> ... <!-- /include -->      what stands between is the file
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nn {

// All .md files of the project's own: README.md, chapters/, common/, docs/, tests/, benchmarks/, plots/.
std::vector<std::filesystem::path> all_pages(const std::filesystem::path& root);

// The folders of the chapters, in order.
std::vector<std::filesystem::path> chapter_folders(const std::filesystem::path& root);

// A group of every match of a pattern, in order.
std::vector<std::string> all_matches(const std::string& text, const std::string& pattern,
                                     std::size_t group = 1);

// The page with every listing as its source has it now. Throws std::runtime_error that names the page and the
// directive if a source or a region is not there, or a block does not follow.
std::string refreshed(const std::string& page, const std::string& name, const std::filesystem::path& root);

// The lines of a region, without the lines of markers.
std::string shown_region(const std::string& source, const std::string& region);

// The headings of the second level, "## Formula" as "Formula", in order; code blocks have none.
std::vector<std::string> headings(const std::string& page);

// The targets of the page's relative links and pictures, without #fragment.
std::vector<std::string> relative_links(const std::string& page);

std::string read_text(const std::filesystem::path& file);

}  // namespace nn
