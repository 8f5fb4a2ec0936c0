// A library to be loaded before all others (LD_PRELOAD): one call of the operating system fails, as it would on a
// full or broken disk.
//
//   FAIL_CALL    open, read, write, fsync, close or rename; or short_write: a write that takes half of the bytes
//                and then is interrupted once, which is no error
//   FAIL_AT      which of the calls on files in FAIL_FOLDER: 1 is the first
//   FAIL_FOLDER  files elsewhere are left alone, and so are folders
//   FAIL_MARK    a file that is made when the call fails
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

constexpr int kMostDescriptors = 1024;
bool is_watched[kMostDescriptors];
std::atomic<int> calls{0};
bool interrupt_next = false;

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool is_in_folder(const char* path) {
  const char* folder = variable("FAIL_FOLDER");
  return *folder && std::strncmp(path, folder, std::strlen(folder)) == 0;
}

bool watched(int fd) { return fd >= 0 && fd < kMostDescriptors && is_watched[fd]; }

// Counts a call; true if it is the one that fails. Then the mark is made, past the functions below.
bool fails(const char* call) {
  if (std::strcmp(variable("FAIL_CALL"), call) != 0) return false;
  if (++calls != std::atoi(variable("FAIL_AT"))) return false;
  const long mark = ::syscall(SYS_openat, AT_FDCWD, variable("FAIL_MARK"), O_WRONLY | O_CREAT, 0600);
  if (mark >= 0) ::syscall(SYS_close, mark);
  return true;
}

int fail_with(int error) {
  errno = error;
  return -1;
}

int watched_open(const char* path, int flags, mode_t mode) {
  const bool is_file = is_in_folder(path) && !(flags & O_DIRECTORY);
  if (is_file && fails("open")) return fail_with(EMFILE);
  const int fd = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
  if (fd >= 0 && fd < kMostDescriptors) is_watched[fd] = is_file;
  return fd;
}

mode_t mode_of(int flags, va_list arguments) { return flags & O_CREAT ? va_arg(arguments, mode_t) : 0; }

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return watched_open(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return watched_open(path, flags, mode);
}

ssize_t write(int fd, const void* bytes, size_t count) {
  if (watched(fd)) {
    if (fails("write")) return fail_with(ENOSPC);
    if (interrupt_next) {
      interrupt_next = false;
      return fail_with(EINTR);
    }
    if (fails("short_write")) {
      interrupt_next = true;
      count = (count + 1) / 2;
    }
  }
  return ::syscall(SYS_write, fd, bytes, count);
}

ssize_t read(int fd, void* bytes, size_t count) {
  if (watched(fd) && fails("read")) return fail_with(EIO);
  return ::syscall(SYS_read, fd, bytes, count);
}

int fsync(int fd) {
  if (watched(fd) && fails("fsync")) return fail_with(EIO);
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

int close(int fd) {
  const bool was_watched = watched(fd);
  if (was_watched) is_watched[fd] = false;
  const int result = static_cast<int>(::syscall(SYS_close, fd));
  return was_watched && fails("close") ? fail_with(EIO) : result;
}

int rename(const char* from, const char* to) noexcept {
  if (is_in_folder(to) && fails("rename")) return fail_with(EACCES);
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
}
