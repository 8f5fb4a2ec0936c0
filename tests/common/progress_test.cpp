#include "common/terminal/progress.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <limits>
#include <memory>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <unistd.h>

#include "system/environment_variable.hpp"

namespace nn {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::string content(std::FILE* file) {
  std::string text;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  return text;
}

// A pair of devices: what is written to file() as to a terminal of so many columns can be read here.
class Terminal {
 public:
  explicit Terminal(unsigned short columns)
      : reader_(::posix_openpt(O_RDWR | O_NOCTTY)), file_(nullptr, std::fclose) {
    if (reader_ < 0 || ::grantpt(reader_) != 0 || ::unlockpt(reader_) != 0)
      throw std::runtime_error("no terminal");
    winsize size{};
    size.ws_col = columns, size.ws_row = 25;
    ::ioctl(reader_, TIOCSWINSZ, &size);
    file_.reset(std::fopen(::ptsname(reader_), "w"));
    if (!file_) throw std::runtime_error("no terminal");
  }
  ~Terminal() { ::close(reader_); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  std::FILE* file() { return file_.get(); }
  // What came since the last call; a terminal makes \r\n of \n.
  std::string received() {
    std::string text;
    std::array<char, 4096> buffer{};
    pollfd waiting{reader_, POLLIN, 0};
    while (::poll(&waiting, 1, 50) > 0) {
      const ssize_t got = ::read(reader_, buffer.data(), buffer.size());
      if (got <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int reader_;
  File file_;
};

class ProgressTest : public testing::Test {
 protected:
  std::function<double()> clock() {
    return [this] { return now_; };
  }
  // The text for a file, written by `work`.
  template <class Work>
  std::string in_file(const Work& work, bool quiet = false) {
    const File file(std::tmpfile(), std::fclose);
    {
      Progress progress(file.get(), quiet, clock());
      work(progress);
    }
    return content(file.get());
  }

  double now_ = 0;
  const EnvironmentVariable terminal_kind_{"TERM", "xterm"};
};

TEST_F(ProgressTest, a_file_gets_a_line_in_five_seconds_and_every_final_one) {
  const std::string text = in_file([this](Progress& progress) {
    for (int tenths = 0; tenths < 120; ++tenths) {
      now_ = tenths / 10.;
      progress.update("at " + std::to_string(tenths));
    }
    progress.finish("epoch 1");
    progress.finish("epoch 2");
  });
  EXPECT_EQ(text, "at 0\nat 50\nat 100\nepoch 1\nepoch 2\n");
}

TEST_F(ProgressTest, quiet_says_nothing) {
  const auto work = [](Progress& progress) {
    progress.update("step");
    progress.finish("done");
  };
  EXPECT_EQ(in_file(work, true), "");
  EXPECT_EQ(in_file(work), "step\ndone\n");
}

TEST_F(ProgressTest, a_terminal_line_rewrites_itself_ten_times_a_second) {
  Terminal terminal(80);
  Progress progress(terminal.file(), false, clock());
  for (int hundredths = 0; hundredths < 25; ++hundredths) {
    now_ = hundredths / 100.;
    progress.update("at " + std::to_string(hundredths));
  }
  EXPECT_EQ(terminal.received(), "\rat 0\x1b[K\rat 10\x1b[K\rat 20\x1b[K");
  progress.finish("done");
  EXPECT_EQ(terminal.received(), "\rdone\x1b[K\r\n");
}

TEST_F(ProgressTest, a_line_that_is_still_open_is_ended) {
  Terminal terminal(80);
  {
    Progress progress(terminal.file(), false, clock());
    progress.update("working");
  }
  EXPECT_EQ(terminal.received(), "\rworking\x1b[K\r\n");
}

TEST_F(ProgressTest, a_line_wider_than_the_terminal_is_cut_between_characters) {
  Terminal terminal(8);
  Progress progress(terminal.file(), false, clock());
  progress.update("W·x = größer");
  EXPECT_EQ(terminal.received(), "\rW·x = g\x1b[K");
}

TEST_F(ProgressTest, a_terminal_that_cannot_go_back_is_written_like_a_file) {
  const EnvironmentVariable dumb("TERM", "dumb");
  Terminal terminal(80);
  Progress progress(terminal.file(), false, clock());
  progress.update("a");
  now_ = 1;
  progress.update("b");
  EXPECT_EQ(terminal.received(), "a\r\n");
}

TEST_F(ProgressTest, the_machines_clock_is_the_default) {
  const File file(std::tmpfile(), std::fclose);
  Progress progress(file.get());
  for (int i = 0; i < 1000; ++i) progress.update("step");
  EXPECT_EQ(content(file.get()), "step\n");
}

TEST(FormatDuration, uses_the_unit_that_fits) {
  EXPECT_EQ(format_duration(0), "0.0 s");
  EXPECT_EQ(format_duration(0.44), "0.4 s");
  EXPECT_EQ(format_duration(9.94), "9.9 s");
  EXPECT_EQ(format_duration(9.96), "10 s");
  EXPECT_EQ(format_duration(12.3), "12 s");
  EXPECT_EQ(format_duration(59.4), "59 s");
  EXPECT_EQ(format_duration(59.6), "1 min 0 s");
  EXPECT_EQ(format_duration(200), "3 min 20 s");
  EXPECT_EQ(format_duration(3599.4), "59 min 59 s");
  EXPECT_EQ(format_duration(3599.6), "1 h 0 min");
  EXPECT_EQ(format_duration(7500), "2 h 5 min");
  EXPECT_EQ(format_duration(-1), "0.0 s");
  EXPECT_EQ(format_duration(std::numeric_limits<double>::quiet_NaN()), "0.0 s");
}

}  // namespace
}  // namespace nn
