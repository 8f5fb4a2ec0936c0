// The programs that draw the figures, and what they have drawn.
#pragma once

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace nn {

// The stems of plots/NN_name.cpp, in order.
inline std::vector<std::string> plot_programs() {
  std::vector<std::string> stems;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(NN_SOURCE_DIR) / "plots")) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() == ".cpp" && std::regex_match(stem, std::regex("[0-9]{2}_.*")))
      stems.push_back(stem);
  }
  std::sort(stems.begin(), stems.end());
  return stems;
}

// The names of a folder's figures that begin so, in order.
inline std::vector<std::string> figures_in(const std::filesystem::path& folder,
                                           const std::string& beginning = "") {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".svg" && name.starts_with(beginning)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace nn
