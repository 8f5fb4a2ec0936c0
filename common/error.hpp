// What a program of the course says when it cannot go on. Apart from program.hpp, which brings the whole of CLI11:
// most files only throw.
#pragma once

#include <stdexcept>

namespace nn {

// Something outside the program is not as it should be. what(): one line that says what, where, what was
// expected, what was found, what to do.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Options that CLI11 lets pass but that do not fit together: ends the program with kWrongUsage.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace nn
