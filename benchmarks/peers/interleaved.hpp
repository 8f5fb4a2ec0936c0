// Fair timing on a machine that is never quite still: all candidates take turns, and the median counts.
#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <sched.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "common/parallel/thread_pool.hpp"
#include "common/timer.hpp"

namespace nn {

// Our threads, free to run on every core: OpenMP, told to, has bound the calling thread to one, which new threads would
// inherit. Linux only, as these comparisons are.
inline void start_threads(std::size_t count) {
  cpu_set_t before, all;
  sched_getaffinity(0, sizeof before, &before);
  CPU_ZERO(&all);
  for (std::size_t core = 0; core < std::thread::hardware_concurrency(); ++core) CPU_SET(core, &all);
  sched_setaffinity(0, sizeof all, &all);
  set_thread_count(1);
  set_thread_count(count);
  sched_setaffinity(0, sizeof before, &before);
}

// A core of its own for each thread that runs by now, beside the calling one: OpenBLAS's start where OpenMP has bound the
// program, and would all stay there.
inline void spread_threads() {
  std::size_t core = 0;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    const int id = std::stoi(thread.path().filename().string());
    if (id == getpid()) continue;
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(++core % std::thread::hardware_concurrency(), &own);
    sched_setaffinity(id, sizeof own, &own);
  }
}

struct Candidate {
  std::string name;
  std::function<void()> run;
  std::vector<double> seconds = {};  // of one run, a round each
};

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// `rounds` times: each candidate as often as `repeat` says, after a warming run. Before its turn comes a pause in
// which the threads of the one before, who wait for more work with full power, go to sleep.
inline void take_turns(std::vector<Candidate>& candidates, int rounds, int repeat,
                       std::chrono::milliseconds pause) {
  for (int round = 0; round < rounds; ++round) {
    for (Candidate& candidate : candidates) {
      std::this_thread::sleep_for(pause);
      candidate.run();
      const Timer timer;
      for (int i = 0; i < repeat; ++i) candidate.run();
      candidate.seconds.push_back(timer.seconds() / repeat);
    }
  }
}

}  // namespace nn
