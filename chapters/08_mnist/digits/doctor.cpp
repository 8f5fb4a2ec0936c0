// digits doctor: what is there, what is not, and what to do about it.
#include <fmt/format.h>

#include "commands.hpp"
#include "common/draw_figure.hpp"
#include "common/print.hpp"
#include "common/program.hpp"
#include "common/thread_pool.hpp"
#include "default_product.hpp"

namespace nn::digits {
namespace {

std::string data_text() {
  try {
    return load("").source;
  } catch (const Error& error) {
    return error.what();
  }
}

// Highway calls AVX-512 AVX3.
std::string simd_text() {
  return fmt::format("{}, {} fused multiply-add", simd_target() == "AVX3" ? "AVX-512" : simd_target(),
                     simd_target_has_fma() ? "with" : "without");
}

int run() {
  Table table({"what", "found"});
  table.add({"compiler", fmt::format("{}, {}", NN_COMPILER, NN_BUILD_TYPE)});
  table.add({"chapters from my/", std::string(NN_OVERLAY).empty() ? "none" : NN_OVERLAY});
  table.add({"product", fmt::format("{}: {}", default_product<float>().name, default_product<float>().idea)});
  table.add({"SIMD", simd_text()});
  table.add({"threads", std::to_string(hardware_threads())});
  table.add({"figures", why_nothing_is_drawn().value_or("drawn by gnuplot")});
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
