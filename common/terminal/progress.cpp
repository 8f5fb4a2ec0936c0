#include "common/terminal/progress.hpp"

#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

#include "common/finite.hpp"
#include "common/timer.hpp"

namespace nn {
namespace {

constexpr double kTerminalPause = 0.1, kFilePause = 5;  // seconds

// On a terminal: back to the first column, the text, and away with what is left of the former one.
std::string in_place_of_former(std::string_view text) { return fmt::format("\r{}\x1b[K", text); }

bool is_terminal(std::FILE* out) {
  const char* kind = std::getenv("TERM");
  return ::isatty(::fileno(out)) && !(kind && std::string_view(kind) == "dumb");
}

// How many characters a terminal's line takes, 0 if it does not say.
std::size_t columns(std::FILE* out) {
  struct winsize size {};
  return ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// The first `count` characters of a text in UTF-8, whose bytes 10xxxxxx continue a character.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool starts_character = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (starts_character && count-- == 0) break;
  }
  return text.substr(0, end);
}

}  // namespace

Progress::Progress(std::FILE* out, bool quiet, std::function<double()> clock)
    : out_(out), quiet_(quiet), is_terminal_(is_terminal(out)), clock_(std::move(clock)) {
  if (!clock_) clock_ = [timer = Timer()] { return timer.seconds(); };
}

Progress::~Progress() {
  if (line_is_open_) print("\n");
}

void Progress::update(const std::string& line) {
  if (quiet_) return;
  const double now = clock_();
  if (now < next_) return;
  next_ = now + (is_terminal_ ? kTerminalPause : kFilePause);
  if (is_terminal_) return rewrite(line);
  print(line + "\n");
}

void Progress::finish(const std::string& line) {
  if (quiet_) return;
  print((line_is_open_ ? in_place_of_former(line) : line) + "\n");
  line_is_open_ = false;
}

// A line that is longer than the terminal is wide would start a second one, which \r does not take back: it
// is cut.
void Progress::rewrite(const std::string& line) {
  const std::size_t width = columns(out_);
  print(in_place_of_former(width > 1 ? first_characters(line, width - 1) : line));
  line_is_open_ = true;
}

// A reader that is gone must not end the work: what cannot be written is lost without a word.
void Progress::print(const std::string& text) {
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
}

std::string format_duration(double seconds) {
  if (is_nan(seconds) || seconds < 0) seconds = 0;
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  if (seconds < 59.5) return fmt::format("{:.0f} s", seconds);
  if (seconds < 3599.5) {
    const long rounded = std::lround(seconds);
    return fmt::format("{} min {} s", rounded / 60, rounded % 60);
  }
  const double minutes = std::round(seconds / 60);
  return fmt::format("{:.0f} h {:.0f} min", std::floor(minutes / 60), std::fmod(minutes, 60));
}

}  // namespace nn
