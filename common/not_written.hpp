// The placeholder of an exercise that the reader has not written yet (./learn start N).
#pragma once

#include <stdexcept>
#include <string>

namespace nn {

class NotWritten : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// exercise: the function to write; file: where, from the project's root; chapter: for the hint.
[[noreturn]] inline void not_written(const char* exercise, const char* file, int chapter) {
  throw NotWritten(std::string(exercise) + " is not written yet: it is yours to write in " + file +
                   " (a hint: ./learn hint " + std::to_string(chapter) + ")");
}

}  // namespace nn
