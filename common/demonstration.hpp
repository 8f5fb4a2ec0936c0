// The frame of a chapter's demonstration: it shows the sample that ships with the course, and with --data
// the full MNIST.
#pragma once

#include <functional>
#include <string>

#include "common/mnist.hpp"

namespace nn {

// Options: [--data full|sample|DIR], the sample if nothing is said. Returns the program's exit code.
int run_demonstration(const std::string& name, int argc, char** argv,
                      const std::function<void(const Mnist&)>& show);

}  // namespace nn
