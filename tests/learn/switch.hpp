// For planted.hpp: which exercise plays the hole, and which wrong answer is given.
#pragma once

#include <cstdlib>
#include <string_view>

#include "common/not_written.hpp"

namespace nn {

inline bool is_hole(std::string_view exercise) {
  const char* hole = std::getenv("NN_HOLE");
  return hole && hole == exercise;
}

inline void leave_unwritten(const char* exercise, const char* file, int chapter) {
  not_written(exercise, file, chapter);
}

inline bool is_answer(int number) {
  static const char* const given = std::getenv("NN_ANSWER");
  static const int answer = given ? std::atoi(given) : 0;
  return answer == number;
}

}  // namespace nn
