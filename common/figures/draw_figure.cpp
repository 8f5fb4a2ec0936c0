#include "common/figures/draw_figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "common/error.hpp"
#include "common/figures/gnuplot_script.hpp"
#include "common/files/atomic_file.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWaysToGnuplot =
    "gnuplot is not installed, so nothing is drawn (Debian and Ubuntu: apt-get install gnuplot-nox)";
constexpr std::array<const char*, 4> kEndings = {"svg", "png", "pdf", "csv"};

bool is_on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((fs::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

// A file without a name, gone when it is closed; whoever we start can write into /dev/fd/number().
class Scratch {
 public:
  Scratch() : file_(std::tmpfile(), std::fclose) {
    if (!file_) throw Error("a temporary file cannot be made; is the disk full?");
  }
  int number() const { return ::fileno(file_.get()); }
  std::string text() const {
    std::string all;
    std::rewind(file_.get());
    for (int c; (c = std::fgetc(file_.get())) != EOF;) all += static_cast<char>(c);
    return all;
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

// gnuplot's last line about what went wrong, without blanks around it.
std::string last_line(const std::string& text) {
  std::istringstream lines(text);
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(" \t\r"), end = line.find_last_not_of(" \t\r");
    if (begin != line.npos) last = line.substr(begin, end + 1 - begin);
  }
  return last;
}

// Starts gnuplot without the settings that this user may have made for himself, and gives it the figure. Returns
// what it writes on its standard output; wanted: without it there, it has failed. Throws Error.
std::string run_gnuplot(const Figure& figure, const std::string& terminal, const std::string& options,
                        std::string_view wanted) {
  if (const auto why = why_nothing_is_drawn()) throw Error(*why);
  const Scratch picture, complaints;
  // No date in a PDF; a window must know the reader's own settings of the screen, and $HOME is one of them.
  const std::string command = fmt::format(
      "LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=0; export LC_ALL SOURCE_DATE_EPOCH; exec gnuplot -d {} >/dev/fd/{} "
      "2>/dev/fd/{}",
      options, picture.number(), complaints.number());
  std::FILE* pipe = ::popen(command.c_str(), "w");
  if (!pipe) throw Error("gnuplot cannot be started");
  write_gnuplot_script(pipe, figure, terminal);  // if it dies, its exit code tells
  const int status = ::pclose(pipe);
  std::string drawn = picture.text();
  if (status != 0 || drawn.find(wanted) == drawn.npos) {
    const std::string said = last_line(complaints.text());
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    throw Error(
        fmt::format("gnuplot ended with {} and drew nothing{}{}", code, said.empty() ? "" : ": ", said));
  }
  fmt::print(stderr, "{}", complaints.text());
  return drawn;
}

// Browsers blur a small image that is shown large; its pixels are what there is to see.
std::string with_sharp_pixels(std::string svg) {
  constexpr std::string_view image = "<image ";
  for (std::size_t at = 0; (at = svg.find(image, at)) != svg.npos; at += image.size())
    svg.insert(at + image.size(), "style='image-rendering:pixelated' ");
  return svg;
}

}  // namespace

FigureFormat figure_format_named(const std::string& name) {
  const auto found = std::find(kEndings.begin(), kEndings.end(), name);
  if (found == kEndings.end()) throw std::invalid_argument("no format is called '" + name + "'");
  return static_cast<FigureFormat>(found - kEndings.begin());
}

std::optional<std::string> why_nothing_is_drawn() {
  if (!has_gnuplot_iostream()) {
    return "built without gnuplot-iostream, so nothing is drawn (Debian and Ubuntu: apt-get install "
           "libgnuplot-iostream-dev libboost-iostreams-dev gnuplot-nox, then build again)";
  }
  if (!is_on_path("gnuplot")) return kWaysToGnuplot;
  return std::nullopt;
}

fs::path write_figure(const Figure& figure, const fs::path& folder, FigureFormat format) {
  const fs::path file = folder / (figure.name + "." + kEndings[static_cast<std::size_t>(format)]);
  check_writable(file);
  switch (format) {
    case FigureFormat::kSvg:
      write_file_atomically(file, with_sharp_pixels(run_gnuplot(figure, "svg", "", "</svg>")));
      break;
    case FigureFormat::kPng:
      write_file_atomically(file, run_gnuplot(figure, "pngcairo", "", "IEND"));
      break;
    case FigureFormat::kPdf:
      write_file_atomically(file, run_gnuplot(figure, "pdfcairo", "", "%%EOF"));
      break;
    case FigureFormat::kCsv:
      write_file_atomically(file, figure_as_csv(figure));
  }
  return file;
}

bool write_figures(const std::vector<Figure>& figures, const fs::path& folder, FigureFormat format,
                   std::vector<fs::path>& written) {
  bool drawn = true;
  for (const Figure& figure : figures) {
    try {
      written.push_back(write_figure(figure, folder, drawn ? format : FigureFormat::kCsv));
    } catch (const Error& error) {
      if (!drawn || format == FigureFormat::kCsv) throw;
      drawn = false;
      written.push_back(write_figure(figure, folder, FigureFormat::kCsv));
      fmt::print(stderr, "{}: {}; its numbers, and those of what follows, are in .csv files\n", figure.name,
                 error.what());
    }
  }
  return drawn;
}

std::string window_terminal() {
  const auto is_set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  };
#ifdef __APPLE__
  const bool display = true;
#else
  const bool display = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
#endif
  if (!display || why_nothing_is_drawn()) return "";
  const Scratch said;
  const std::string command =
      fmt::format("gnuplot -d -e 'print GPVAL_TERMINALS' >/dev/fd/{0} 2>/dev/fd/{0}", said.number());
  if (std::system(command.c_str()) != 0) return "";  // NOLINT: a fixed command
  for (const char* terminal : {"qt", "wxt", "x11", "aqua"}) {
    if ((" " + said.text() + " ").find(fmt::format(" {} ", terminal)) != std::string::npos) return terminal;
  }
  return "";
}

void show_figure(const Figure& figure, const std::string& terminal) {
  run_gnuplot(figure, terminal, "--persist", "");
}

}  // namespace nn
