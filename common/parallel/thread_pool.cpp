#include "common/parallel/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fmt/format.h>
#include <hwy/cache_control.h>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "common/error.hpp"
#include "common/parallel/usable_cores.hpp"

#ifdef __linux__
#include <sched.h>
#endif

namespace nn {
namespace {

// The core that the calling thread is on, -1 where the system does not say.
int current_core() {
#ifdef __linux__
  return sched_getcpu();
#else
  return -1;
#endif
}

// Some systems, virtual machines above all, wake a thread on the core of the one that woke it and leave both there for
// a long time, though others are idle: two threads are then as fast as one. So a worker that finds itself on the
// caller's core goes to another one, if it may.
void leave_core([[maybe_unused]] int core) {
#ifdef __linux__
  cpu_set_t allowed;
  if (core < 0 || core != current_core() || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  cpu_set_t others = allowed;
  CPU_CLR(static_cast<std::size_t>(core), &others);
  if (CPU_COUNT(&others) == 0 || sched_setaffinity(0, sizeof others, &others) != 0) return;
  sched_setaffinity(0, sizeof allowed, &allowed);  // it has moved; where it goes later is the system's affair
#endif
}

// The number of the last job whose run somebody took.
struct alignas(64) Taken {
  std::atomic<std::uint32_t> number{0};
};

struct Job {
  std::size_t count = 0, runs = 0;
  const void* object = nullptr;
  void (*work)(const void* object, std::size_t begin, std::size_t end) = nullptr;
};

// Waits until value is no longer `old`. For the first hundred microseconds it asks again and again, since the system
// takes longer than that to wake a thread that sleeps; then it sleeps, since others may have more to do.
std::uint32_t wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  using Clock = std::chrono::steady_clock;
  constexpr int kLooksPerTime = 64;  // reading the clock takes longer than a look
  const auto end = Clock::now() + std::chrono::microseconds(100);
  do {
    for (int i = 0; i < kLooksPerTime; ++i) {
      const std::uint32_t now = value.load(std::memory_order_acquire);
      if (now != old) return now;
      hwy::Pause();
    }
  } while (Clock::now() < end);
  value.wait(old, std::memory_order_acquire);
  return value.load(std::memory_order_acquire);
}

// One job at a time. Run i of the job is for worker i, run 0 for the caller; what no worker has begun when the caller is
// done with its own, it does too: on a busy machine a worker may not get a core for a long time.
class ThreadPool {
 public:
  ~ThreadPool() { stop(); }

  void resize(std::size_t threads) {
    stop();
    stopping_ = false;
    core_for_each_ = threads <= usable_cores();  // before a worker is there to read it
    taken_ = std::vector<Taken>(threads);
    for (Taken& taken : taken_) taken.number = number_.load();
    try {
      for (std::size_t i = 1; i < threads; ++i)
        workers_.emplace_back([this, i, seen = number_.load()] { serve(i, seen); });
    } catch (const std::system_error& error) {
      const std::size_t started = this->threads();
      stop();
      throw Error(fmt::format(
          "threads: the system starts only {} of {} ({}): choose fewer (--threads), or raise the limit of "
          "processes or memory (ulimit -a, or the container's)",
          started, threads, error.code().message()));
    }
  }
  std::size_t threads() const { return workers_.size() + 1; }

  void run(const Job& job) {
    job_ = job;
    error_ = nullptr;
    caller_core_.store(current_core(), std::memory_order_relaxed);
    pending_.store(static_cast<std::uint32_t>(workers_.size()), std::memory_order_relaxed);
    announce();
    do_run(0);
    const std::uint32_t number = number_.load(std::memory_order_relaxed);
    for (std::size_t i = 1; i < threads(); ++i) do_if_free(i, number);
    for (std::uint32_t left = pending_.load(std::memory_order_acquire); left != 0;)
      left = wait_for_change(pending_, left);
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void announce() {
    number_.fetch_add(1, std::memory_order_release);
    number_.notify_all();
  }

  void do_run(std::size_t i) {
    if (i >= job_.runs) return;
    try {
      job_.work(job_.object, job_.count * i / job_.runs, job_.count * (i + 1) / job_.runs);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
    }
  }

  // seen: the last job that was announced before the worker was hired.
  void serve(std::size_t i, std::uint32_t seen) {
    for (;;) {
      seen = wait_for_change(number_, seen);
      if (stopping_) return;
      step_aside();
      do_if_free(i, seen);
    }
  }

  // Run i of the job with this number belongs to the thread that claims it first. A worker that comes so late that the job is
  // over finds a later number, and does not look at the job.
  void do_if_free(std::size_t i, std::uint32_t number) {
    std::uint32_t before = number - 1;
    if (!taken_[i].number.compare_exchange_strong(before, number, std::memory_order_acq_rel)) return;
    do_run(i);
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
  }

  // More threads than cores must share them.
  void step_aside() const {
    if (core_for_each_) leave_core(caller_core_.load(std::memory_order_relaxed));
  }

  void stop() {
    stopping_ = true;
    announce();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
  }

  std::vector<std::thread> workers_;
  std::vector<Taken> taken_;  // one for each run
  // Each in a cache line of its own: what one core writes, the other must fetch anew, with all that is beside it.
  alignas(64) Job job_;                                // written before number_ changes, read after
  alignas(64) std::atomic<std::uint32_t> number_{0};   // of the job
  alignas(64) std::atomic<std::uint32_t> pending_{0};  // workers that are not done with it
  alignas(64) std::atomic<int> caller_core_{-1};
  std::atomic<bool> stopping_{false};
  bool core_for_each_ = true;
  std::mutex mutex_;
  std::exception_ptr error_;
};

bool first_run_only = false;

ThreadPool& pool() {
  static ThreadPool the_pool;
  return the_pool;
}

}  // namespace

void set_thread_count(std::size_t count) {
  count = std::max<std::size_t>(count, 1);
  if (count != pool().threads()) pool().resize(count);
}

std::size_t thread_count() { return pool().threads(); }

void detail::do_first_run_only(bool yes) { first_run_only = yes; }

void detail::parallel_for(std::size_t count, std::size_t min_run, const void* object,
                          void (*work)(const void* object, std::size_t begin, std::size_t end)) {
  if (count == 0) return;
  const std::size_t useful = std::max<std::size_t>(count / std::max<std::size_t>(min_run, 1), 1);
  const std::size_t runs = std::min(thread_count(), useful);
  if (runs == 1) return work(object, 0, count);
  if (first_run_only) return work(object, 0, count / runs);
  pool().run({count, runs, object, work});
}

}  // namespace nn
