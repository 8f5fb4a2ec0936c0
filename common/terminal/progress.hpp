// What a long run says about how far it is.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

namespace nn {

// On a terminal one line that rewrites itself, at most ten times a second; into a file or a pipe plain lines,
// at most one in five seconds and every final one. Nothing at all if quiet.
class Progress {
 public:
  // clock: seconds from any start on, for tests; by default the machine's.
  explicit Progress(std::FILE* out, bool quiet = false, std::function<double()> clock = {});
  // Ends a line that is still open.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Cheap enough to be called every step: most calls only look at the clock.
  void update(const std::string& line);
  // Always printed, and the last word on this line: the next update starts a new one.
  void finish(const std::string& line);

 private:
  void rewrite(const std::string& line);
  void print(const std::string& text);

  std::FILE* out_;
  bool quiet_, is_terminal_, line_is_open_ = false;
  std::function<double()> clock_;
  double next_ = 0;  // when the clock shows this, update() prints again
};

// "0.4 s", "12 s", "3 min 20 s", "2 h 5 min"; negative and NaN as "0.0 s".
std::string format_duration(double seconds);

}  // namespace nn
