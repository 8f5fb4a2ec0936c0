// The frame of a chapter's demonstration: it shows the sample that ships with the course, and with --data
// the full MNIST; or it needs no images, and has no options.
#pragma once

#include <functional>
#include <string>

#include "common/data/mnist.hpp"

namespace nn {

// Options: [--data full|sample|DIR], the sample if nothing is said. Both return the program's exit code: an unknown
// option, or an error on the way, is one line.
int run_demonstration(const std::string& name, int argc, char** argv,
                      const std::function<void(const Mnist&)>& show);
int run_demonstration(const std::string& name, int argc, char** argv, const std::function<void()>& show);

}  // namespace nn
