#include "common/thread_pool.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace nn {
namespace {

using Work = std::function<void(std::size_t, std::size_t)>;

// One job at a time: run i of the job goes to worker i, run 0 to the caller.
class ThreadPool {
 public:
  ~ThreadPool() { stop(); }

  void resize(std::size_t threads) {
    stop();
    stopping_ = false;
    for (std::size_t i = 1; i < threads; ++i)
      workers_.emplace_back([this, i, seen = job_] { serve(i, seen); });
  }
  std::size_t threads() const { return workers_.size() + 1; }

  void run(std::size_t count, std::size_t runs, const Work& work) {
    {
      const std::lock_guard lock(mutex_);
      work_ = &work, count_ = count, runs_ = runs, pending_ = runs - 1, error_ = nullptr;
      ++job_;
    }
    start_.notify_all();
    do_run(0, count, runs, work);
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return pending_ == 0; });
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void do_run(std::size_t i, std::size_t count, std::size_t runs, const Work& work) {
    try {
      work(count * i / runs, count * (i + 1) / runs);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = std::current_exception();
    }
  }

  // seen: the last job that was done before the worker was hired; it is gone.
  void serve(std::size_t i, std::size_t seen) {
    std::unique_lock lock(mutex_);
    for (;;) {
      start_.wait(lock, [&] { return stopping_ || job_ != seen; });
      if (stopping_) return;
      seen = job_;
      if (i >= runs_) continue;
      const std::size_t count = count_, runs = runs_;
      const Work& work = *work_;
      lock.unlock();
      do_run(i, count, runs, work);
      lock.lock();
      if (--pending_ == 0) done_.notify_one();
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    start_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
  }

  std::mutex mutex_;
  std::condition_variable start_, done_;
  std::vector<std::thread> workers_;
  bool stopping_ = false;
  const Work* work_ = nullptr;
  std::size_t count_ = 0, runs_ = 0, pending_ = 0, job_ = 0;
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

void parallel_for(std::size_t count, std::size_t min_run, const Work& work) {
  if (count == 0) return;
  const std::size_t useful = std::max<std::size_t>(count / std::max<std::size_t>(min_run, 1), 1);
  const std::size_t runs = std::min(thread_count(), useful);
  if (runs == 1) return work(0, count);
  pool().run(count, runs, work);
}

}  // namespace nn
