// A program as its user sees it: exit code, standard output, standard error.
#pragma once

#include <string>
#include <vector>

namespace nn {

struct CommandResult {
  int exit_code = -1;  // 128 + signal if a signal ended it
  std::string out, err;
};

// Runs words[0], found through $PATH unless it has a slash, with the other words as its arguments and
// nothing on its standard input. Throws std::runtime_error if it cannot be started.
CommandResult run_command(const std::vector<std::string>& words);

}  // namespace nn
