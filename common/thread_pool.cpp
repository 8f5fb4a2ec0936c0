#include "common/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace nn {
namespace {

struct Job {
  std::size_t count = 0, runs = 0;
  const void* object = nullptr;
  void (*work)(const void* object, std::size_t begin, std::size_t end) = nullptr;
};

// Waits until value is no longer `old`. For the first tens of microseconds it asks again and again, since the
// system takes longer than that to wake a thread that sleeps; but it lets others run, who may have more to do.
std::uint32_t wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
  constexpr int kLooks = 20'000, kLooksBeforeYield = 64;
  for (int i = 1; i <= kLooks; ++i) {
    const std::uint32_t now = value.load(std::memory_order_acquire);
    if (now != old) return now;
    if (i % kLooksBeforeYield == 0) std::this_thread::yield();
  }
  value.wait(old, std::memory_order_acquire);
  return value.load(std::memory_order_acquire);
}

// One job at a time: run i of the job goes to worker i, run 0 to the caller.
class ThreadPool {
 public:
  ~ThreadPool() { stop(); }

  void resize(std::size_t threads) {
    stop();
    stopping_ = false;
    for (std::size_t i = 1; i < threads; ++i)
      workers_.emplace_back([this, i, seen = number_.load()] { serve(i, seen); });
  }
  std::size_t threads() const { return workers_.size() + 1; }

  void run(const Job& job) {
    job_ = job;
    error_ = nullptr;
    pending_.store(static_cast<std::uint32_t>(workers_.size()), std::memory_order_relaxed);
    announce();
    do_run(0);
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
      do_run(i);
      if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
    }
  }

  void stop() {
    stopping_ = true;
    announce();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
  }

  std::vector<std::thread> workers_;
  Job job_;                                // written before number_ changes, read after
  std::atomic<std::uint32_t> number_{0};   // of the job
  std::atomic<std::uint32_t> pending_{0};  // workers that are not done with it
  bool stopping_ = false;
  std::mutex mutex_;
  std::exception_ptr error_;
};

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

std::size_t hardware_threads() { return std::max<std::size_t>(std::thread::hardware_concurrency(), 1); }

void detail::parallel_for(std::size_t count, std::size_t min_run, const void* object,
                          void (*work)(const void* object, std::size_t begin, std::size_t end)) {
  if (count == 0) return;
  const std::size_t useful = std::max<std::size_t>(count / std::max<std::size_t>(min_run, 1), 1);
  const std::size_t runs = std::min(thread_count(), useful);
  if (runs == 1) return work(object, 0, count);
  pool().run({count, runs, object, work});
}

}  // namespace nn
