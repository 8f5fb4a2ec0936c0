#include "plot.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fmt/format.h>

#include "common/terminal/program.hpp"

namespace nn::plots {
namespace {

void show(const std::vector<Figure>& figures) {
  const std::string terminal = window_terminal();
  if (terminal.empty()) {
    fmt::print(stderr,
               "there is no display, or gnuplot has no windows (gnuplot-qt has), to --show figures in\n");
    return;
  }
  for (const Figure& figure : figures) show_figure(figure, terminal);
}

}  // namespace

int run_plot(const std::string& name, int argc, char** argv,
             const std::function<std::vector<Figure>()>& make) {
  CLI::App app("draws the figures " + name, "plot_" + name);
  std::string folder = "docs/figures", format = "svg";
  bool window = false;
  app.add_option("--out", folder, "the folder for the files")->capture_default_str();
  app.add_option("--format", format, "svg, png, pdf or csv (the numbers)")
      ->capture_default_str()
      ->check(CLI::IsMember({"svg", "png", "pdf", "csv"}));
  app.add_flag("--show", window, "open a window for each figure, too");
  return run_program(app, argc, argv, [&] {
    const std::vector<Figure> figures = make();
    std::vector<std::filesystem::path> written;
    const bool drawn = write_figures(figures, folder, figure_format_named(format), written);
    for (const auto& file : written) fmt::print("{}\n", file.string());
    if (window && drawn) show(figures);
    return drawn ? kDone : kFailed;
  });
}

}  // namespace nn::plots
