#include "common/files/atomic_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "common/error.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw Error(fmt::format("{}: {}", file.string(), what));
}

std::string last_error() { return std::generic_category().message(errno); }

// An open file. Closed at the end of its life; close() tells whether that went well.
class Descriptor {
 public:
  Descriptor(const fs::path& file, int flags) : fd_(::open(file.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool is_open() const { return fd_ >= 0; }
  int get() const { return fd_; }
  bool close() {
    const int fd = std::exchange(fd_, -1);
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

// A device or a pipe, or one of the links that stand for them: not to be replaced by a file.
bool is_stream(const fs::path& file) {
  std::error_code ignored;
  const fs::file_status status = fs::status(file, ignored);
  return fs::exists(status) && !fs::is_directory(status) &&
         (!fs::is_regular_file(status) || file.parent_path() == "/dev");
}

// The file that is really meant: symbolic links are followed.
fs::path resolve(const fs::path& file) {
  std::error_code error;
  if (!fs::is_symlink(file, error)) return file;
  fs::path real = fs::weakly_canonical(file, error);
  return error ? file : real;
}

// One that no other process and no earlier call uses: it must not exist yet.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target)
      : path_(free_name(target)), descriptor_(path_, O_WRONLY | O_CREAT | O_EXCL) {
    if (!descriptor_.is_open()) fail(target, "cannot be written: " + last_error());
  }
  ~TemporaryFile() {
    if (descriptor_.is_open()) descriptor_.close();
    if (!renamed_) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  Descriptor& descriptor() { return descriptor_; }
  bool rename_to(const fs::path& target) {
    renamed_ = ::rename(path_.c_str(), target.c_str()) == 0;
    return renamed_;
  }

 private:
  static fs::path free_name(const fs::path& target) {
    for (int i = 0;; ++i) {
      fs::path name = target;
      name += fmt::format(".{}-{}.tmp", ::getpid(), i);
      std::error_code ignored;
      if (!fs::exists(fs::symlink_status(name, ignored))) return name;
    }
  }

  fs::path path_;
  Descriptor descriptor_;
  bool renamed_ = false;
};

bool write_all(const Descriptor& out, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(out.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// Asks the system to write the new name to the disk, too; some file systems refuse. Whether it survives a loss of power
// depends on the system and the disk: macOS would need F_FULLFSYNC.
void flush_folder(const fs::path& file) {
  const fs::path folder = file.parent_path();
  const Descriptor descriptor(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
  if (descriptor.is_open()) ::fsync(descriptor.get());
}

// Shells leave the ~ of --save=~/model as it is, and the result would end up in a folder of that name.
void check_no_tilde(const fs::path& file) {
  if (!file.string().starts_with('~')) return;
  throw UsageError(
      fmt::format("{0}: the ~ was not replaced by your home folder: put a blank before it instead of the =, "
                  "or write $HOME "
                  "(./{0} is a file of this name here)",
                  file.string()));
}

void check_target(const fs::path& file) {
  std::error_code ignored;
  check_no_tilde(file);
  if (file.empty()) throw Error("no file name is given for what is to be written");
  if (fs::is_directory(file, ignored)) fail(file, "is a folder; give the name of a file");
  for (fs::path above = file.parent_path(); !above.empty(); above = above.parent_path()) {
    const fs::file_status status = fs::status(above, ignored);
    if (fs::is_directory(status)) break;
    if (fs::exists(status)) fail(file, fmt::format("cannot be written: {} is not a folder", above.string()));
  }
  const fs::path folder = file.parent_path();
  if (!folder.empty() && !fs::is_directory(folder, ignored)) {
    fail(file, fmt::format("cannot be written: there is no folder {}", folder.string()));
  }
}

void write_stream(const fs::path& file, std::span<const std::uint8_t> bytes) {
  Descriptor out(file, O_WRONLY | O_APPEND);
  if (!out.is_open() || !write_all(out, bytes) || !out.close()) {
    fail(file, "cannot be written: " + last_error());
  }
}

}  // namespace

void write_file_atomically(const fs::path& file, std::span<const std::uint8_t> bytes) {
  if (is_stream(file)) return write_stream(file, bytes);
  const fs::path target = resolve(file);
  check_target(target);
  TemporaryFile temporary(target);
  Descriptor& out = temporary.descriptor();
  if (!write_all(out, bytes) || ::fsync(out.get()) != 0 || !out.close() || !temporary.rename_to(target)) {
    fail(file, "cannot be written: " + last_error());
  }
  flush_folder(target);
}

void write_file_atomically(const fs::path& file, std::string_view text) {
  write_file_atomically(file, std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

void check_writable(const fs::path& file) {
  if (is_stream(file)) return;
  const fs::path target = resolve(file);
  check_target(target);
  TemporaryFile made_and_removed(target);
  if (!made_and_removed.descriptor().close()) fail(file, "cannot be written: " + last_error());
}

void make_output_folder(const fs::path& folder) {
  check_no_tilde(folder);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(folder, "cannot be made: " + error.message());
  check_writable(folder / "result");
}

std::vector<std::uint8_t> read_file(const fs::path& file) {
  const Descriptor in(file, O_RDONLY | O_NONBLOCK);  // a pipe without a writer must not block
  struct stat status {};
  if (!in.is_open() || ::fstat(in.get(), &status) != 0) fail(file, "cannot be read: " + last_error());
  if (S_ISDIR(status.st_mode)) fail(file, "is a folder; a file was expected");
  if (!S_ISREG(status.st_mode)) fail(file, "is not a regular file");

  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::read(in.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(file, "cannot be read: " + last_error());
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace nn
