// digits doctor: what is there, what is not, and what to do about it.
#include <fmt/format.h>

#include "build_info.hpp"
#include "commands.hpp"
#include "common/figures/draw_figure.hpp"
#include "common/parallel/thread_pool.hpp"
#include "common/parallel/usable_cores.hpp"
#include "common/terminal/program.hpp"
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

// Highway's AVX3, AVX3_DL, AVX3_ZEN4, ... are AVX-512.
std::string simd_text() {
  const std::string target = simd_target();
  return fmt::format("{}{}, {} fused multiply-add", target, target.starts_with("AVX3") ? " (AVX-512)" : "",
                     simd_target_has_fma() ? "with" : "without");
}

void say(const char* what, const std::string& found) { fmt::print("{:<20}{}\n", what, found); }

int run() {
  const BuildInfo build = build_info();
  say("compiler", fmt::format("{}, {}", build.compiler, build.type));
  say("chapters from my/", std::string(build.overlay.empty() ? "none" : build.overlay));
  say("product", fmt::format("{}: {}", default_product<float>().name, default_product<float>().idea));
  say("SIMD", simd_text());
  say("threads", std::to_string(usable_cores()));
  say("figures", why_nothing_is_drawn().value_or("drawn by gnuplot"));
  say("data", data_text());
  return kDone;
}

}  // namespace

void add_doctor(const Command& app, Work& work) {
  app.add_subcommand("doctor", "what is there, and what to do about what is not").callback([&work] {
    work = run;
  });
}

}  // namespace nn::digits
