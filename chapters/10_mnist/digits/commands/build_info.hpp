// How this program was built.
#pragma once

#include <string_view>

namespace nn::digits {

struct BuildInfo {
  std::string_view compiler, type;
  std::string_view overlay;  // the chapters taken from my/, with commas between; "" if there are none
};

// Known to build_info.cpp alone: if each file were compiled with these definitions, all of them would have to be compiled
// again as soon as a reader has finished a chapter.
BuildInfo build_info();

}  // namespace nn::digits
