#include "ranks.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "common/error.hpp"
#include "common/parallel/usable_cores.hpp"

namespace nn::digits {
namespace {

constexpr int kNoMpirun = 127;

pid_t g_mpirun = 0;
std::atomic<int> g_signal{0};  // that asked the run to end, 0 if none did
// SIGINT and SIGTERM make mpirun end its processes at once; SIGUSR1 it passes on to them, and they end in order.
extern "C" void pass_on(int signal) {
  g_signal = signal;
  kill(g_mpirun, SIGUSR1);
}

// In the child: becomes mpirun, with stderr into the pipe, and where the terminal's signals do not reach it.
[[noreturn]] void become_mpirun(std::vector<std::string> command, int pipe_end) {
  std::signal(SIGINT, SIG_DFL), std::signal(SIGTERM, SIG_DFL);
  setpgid(0, 0);
  if (std::freopen("/dev/null", "r", stdin) == nullptr) _exit(1);
  dup2(pipe_end, STDERR_FILENO);
  std::vector<char*> pointers;
  for (std::string& word : command) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  execvp(pointers[0], pointers.data());
  _exit(kNoMpirun);
}

// The lines of this program that come through the pipe, each once; mpirun's own say nothing to somebody who has not
// called it.
void print_lines(int pipe_end) {
  FILE* const lines = fdopen(pipe_end, "r");
  std::set<std::string> seen;
  char* line = nullptr;
  std::size_t room = 0;
  while (getline(&line, &room, lines) > 0) {
    const std::string text = line;
    if (!text.starts_with("digits: ") && !text.starts_with("interrupted; ")) continue;
    if (seen.insert(text).second) std::fputs(line, stderr);
  }
  std::free(line);
  std::fclose(lines);
}

}  // namespace

// Both variables are what Open MPI tells the processes that it starts.
std::unique_ptr<Ranks> join_ranks() {
  if (std::getenv("OMPI_COMM_WORLD_SIZE") == nullptr) return nullptr;
#ifdef NN_MPI_RANKS
  if (void* module = dlopen(NN_MPI_RANKS, RTLD_NOW | RTLD_GLOBAL)) {
    if (void* join = dlsym(module, "nn_join_ranks"))
      return std::unique_ptr<Ranks>(reinterpret_cast<Ranks* (*)()>(join)());
  }
  throw Error(
      fmt::format("the module for MPI cannot be loaded: {}; build the course again: ./learn", dlerror()));
#else
  throw Error("built without MPI; Debian: apt-get install libopenmpi-dev, then ./learn");
#endif
}

std::size_t threads_of_rank() {
  const char* beside = std::getenv("OMPI_COMM_WORLD_LOCAL_SIZE");
  const std::size_t processes = beside == nullptr ? 1 : std::strtoul(beside, nullptr, 10);
  return std::max<std::size_t>(usable_cores() / std::max<std::size_t>(processes, 1), 1);
}

int run_in_ranks(std::size_t count, std::span<char* const> arguments, const std::string& what_now) {
#ifndef NN_MPI_RANKS
  throw Error(
      "--ranks needs MPI, and this program was built without; Debian: apt-get install libopenmpi-dev, then "
      "./learn");
#endif
  // More processes than cores are allowed, and each may use any core; mpirun refuses root unless told.
  std::vector<std::string> command = {"mpirun", "--quiet", "--oversubscribe", "--bind-to", "none"};
  if (geteuid() == 0) command.push_back("--allow-run-as-root");
  command.insert(command.end(), {"-n", std::to_string(count), "/proc/self/exe"});
  command.back() = std::filesystem::read_symlink(command.back()).string();
  command.insert(command.end(), arguments.begin() + 1, arguments.end());
  int ends[2];
  if (pipe(ends) != 0) throw Error("--ranks: no pipe to mpirun could be made");
  std::fflush(stdout);
  std::signal(SIGINT, pass_on);
  g_mpirun = fork();
  if (g_mpirun < 0) throw Error("--ranks: no process for mpirun could be started");
  if (g_mpirun == 0) become_mpirun(std::move(command), ends[1]);
  std::signal(SIGTERM, pass_on);
  close(ends[1]);
  print_lines(ends[0]);
  int status = 0;
  waitpid(g_mpirun, &status, 0);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (code != 0 && g_signal != 0) return 128 + g_signal;  // mpirun says 1 then
  if (code == kNoMpirun) throw Error("--ranks: mpirun was not found; Debian: apt-get install openmpi-bin");
  if (code > 128)
    throw Error(fmt::format("one of the {} processes was ended from outside (signal {}){}", count, code - 128,
                            what_now));
  return code;
}

}  // namespace nn::digits
