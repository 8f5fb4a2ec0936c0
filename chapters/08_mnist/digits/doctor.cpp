// digits doctor: what is there, what is not, and what to do about it.
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

#include "commands.hpp"
#include "common/print.hpp"
#include "common/program.hpp"
#include "common/thread_pool.hpp"
#include "default_product.hpp"

namespace nn::digits {
namespace {

// Whether a program of this name is in one of the folders of $PATH.
bool is_installed(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string folders = path == nullptr ? "" : path;
  while (!folders.empty()) {
    const std::size_t colon = folders.find(':');
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::path(folders.substr(0, colon)) / program, ignored))
      return true;
    folders = colon == std::string::npos ? "" : folders.substr(colon + 1);
  }
  return false;
}

std::string data_text() {
  try {
    return load("").source;
  } catch (const Error& error) {
    return error.what();
  }
}

int run() {
  Table table({"what", "found"});
  table.add({"compiler", fmt::format("{}, {}", NN_COMPILER, NN_BUILD_TYPE)});
  table.add({"chapters from my/", std::string(NN_OVERLAY).empty() ? "none" : NN_OVERLAY});
  table.add({"product", fmt::format("{}: {}", default_product<float>().name, default_product<float>().idea)});
  table.add({"threads", std::to_string(hardware_threads())});
  table.add({"gnuplot", is_installed("gnuplot")
                            ? "installed"
                            : "missing: plots need it (Debian: apt-get install gnuplot-nox)"});
  table.add({"data", data_text()});
  table.print();
  return kDone;
}

}  // namespace

void add_doctor(CLI::App& app, Work& work) {
  app.add_subcommand("doctor", "what is there, and what to do about what is not")->callback([&work] {
    work = run;
  });
}

}  // namespace nn::digits
