// Rewrites every listing in every page from its source:  cmake --build build/release --target rewrite_pages
#include <cstdio>
#include <exception>
#include <fstream>

#include "pages/pages.hpp"

int main() {
  try {
    for (const auto& file : nn::all_pages(NN_SOURCE_DIR)) {
      const std::string before = nn::read_text(file),
                        after = nn::refreshed(before, file.string(), NN_SOURCE_DIR);
      if (after == before) continue;
      std::ofstream(file, std::ios::binary) << after;
      std::printf("rewritten: %s\n", file.c_str());
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "update_pages: %s\n", error.what());
    return 1;
  }
}
