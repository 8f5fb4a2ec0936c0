#include "common/terminal/demonstration.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/terminal/program.hpp"

namespace nn {
namespace {
const char* const kWhat = "The demonstration of a chapter";
}  // namespace

int run_demonstration(const std::string& name, int argc, char** argv,
                      const std::function<void(const Mnist&)>& show) {
  CLI::App app(kWhat, name);
  std::string data = "sample";
  app.add_option("--data", data, "full, sample, or a folder with the four MNIST files (sample if not given)");
  return run_program(app, argc, argv, [&] {
    const Mnist mnist = load_mnist(data, [](const std::string& line) { fmt::print(stderr, "{}\n", line); });
    show(mnist);
    return kDone;
  });
}

int run_demonstration(const std::string& name, int argc, char** argv, const std::function<void()>& show) {
  CLI::App app(kWhat, name);
  return run_program(app, argc, argv, [&] {
    show();
    return kDone;
  });
}

}  // namespace nn
