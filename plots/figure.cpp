#include "figure.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#include "common/atomic_file.hpp"
#include "common/program.hpp"
#include "style.hpp"

namespace nn::plots {
namespace {

namespace fs = std::filesystem;

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

// What gnuplot writes on its standard output for these commands. Throws Error.
std::string svg_from_gnuplot(const std::string& name, int height, const std::function<void(Gnuplot&)>& draw) {
  if (!is_on_path("gnuplot")) {
    throw Error("gnuplot is not installed (Debian and Ubuntu: apt-get install gnuplot-nox)");
  }
  const Scratch svg, complaints;
  // -d: without the settings that this user may have made for himself.
  const std::string command =
      fmt::format("LC_ALL=C.UTF-8; export LC_ALL; exec gnuplot -d >/dev/fd/{} 2>/dev/fd/{}", svg.number(),
                  complaints.number());
  std::FILE* pipe = ::popen(command.c_str(), "w");
  if (!pipe) throw Error("gnuplot cannot be started");
  std::signal(SIGPIPE, SIG_IGN);  // if it dies we want to say so, not to die with it
  {
    Gnuplot gnuplot(::fdopen(::dup(::fileno(pipe)), "w"));  // it closes what it is given; we still wait below
    begin_figure(gnuplot, name, height);
    draw(gnuplot);
    gnuplot << "unset multiplot\n" << std::flush;
  }
  const int status = ::pclose(pipe);
  std::string picture = svg.text();
  if (status != 0 || picture.find("</svg>") == picture.npos) {
    const std::string said = last_line(complaints.text());
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    throw Error(
        fmt::format("gnuplot ended with {} and drew nothing{}{}", code, said.empty() ? "" : ": ", said));
  }
  fmt::print(stderr, "{}", complaints.text());
  return picture;
}

}  // namespace

int run_plot(const std::string& name, int height, int argc, char** argv,
             const std::function<void(Gnuplot&)>& draw) {
  CLI::App app("draws " + name + ".svg", "plot_" + name);
  std::string folder = "docs/figures";
  app.add_option("--out", folder, "the folder for " + name + ".svg")->capture_default_str();
  return run_program(app, argc, argv, [&] {
    const fs::path file = fs::path(folder) / (name + ".svg");
    check_writable(file);
    write_file_atomically(file, svg_from_gnuplot(name, height, draw));
    fmt::print("{}\n", file.string());
    return kDone;
  });
}

}  // namespace nn::plots
