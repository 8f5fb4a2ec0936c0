#include "common/parallel/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <gtest/gtest.h>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "common/error.hpp"
#include "expectations/throws_saying.hpp"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace nn {
namespace {

class ThreadPoolOf : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override { set_thread_count(GetParam()); }
  void TearDown() override { set_thread_count(1); }
};

TEST_P(ThreadPoolOf, does_every_index_once) {
  for (const std::size_t count : {0u, 1u, 2u, 3u, 7u, 8u, 9u, 1000u}) {
    std::vector<int> done(count, 0);  // the runs do not overlap: no two threads write the same entry
    for (int call = 0; call < 20; ++call) {
      parallel_for(count, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) ++done[i];
      });
    }
    EXPECT_EQ(done, std::vector<int>(count, 20)) << count;
  }
}

TEST_P(ThreadPoolOf, makes_runs_of_nearly_equal_length_and_none_too_short) {
  std::mutex mutex;
  std::vector<std::size_t> lengths;
  parallel_for(100, 30, [&](std::size_t begin, std::size_t end) {
    const std::lock_guard lock(mutex);
    lengths.push_back(end - begin);
  });
  ASSERT_EQ(lengths.size(), std::min<std::size_t>(GetParam(), 3));  // three runs of at least 30 fit into 100
  const auto [shortest, longest] = std::minmax_element(lengths.begin(), lengths.end());
  EXPECT_GE(*shortest, 30u);
  EXPECT_LE(*longest - *shortest, 1u);
}

TEST_P(ThreadPoolOf, works_at_the_same_time) {
  std::atomic<std::size_t> here{0};
  parallel_for(GetParam(), 1, [&](std::size_t, std::size_t) {
    ++here;
    while (here < GetParam())
      std::this_thread::yield();  // each waits for all others: one after the other hangs
  });
  EXPECT_EQ(here, GetParam());
}

TEST_P(ThreadPoolOf, throws_what_the_work_throws_and_works_again) {
  for (std::size_t bad = 0; bad < GetParam(); ++bad) {
    const auto work = [&](std::size_t begin, std::size_t end) {
      if (begin <= bad && bad < end) throw std::runtime_error("from inside");
    };
    EXPECT_THROW(parallel_for(GetParam(), 1, work), std::runtime_error) << bad;
  }
  std::atomic<std::size_t> sum{0};
  parallel_for(10, 1, [&](std::size_t begin, std::size_t end) { sum += end - begin; });
  EXPECT_EQ(sum, 10u);
}

TEST_P(ThreadPoolOf, wakes_workers_that_sleep) {
  for (const int pause : {0, 1, 20}) {  // milliseconds: they look for work, they yield, they sleep
    std::this_thread::sleep_for(std::chrono::milliseconds(pause));
    std::atomic<std::size_t> sum{0};
    parallel_for(100, 1, [&](std::size_t begin, std::size_t end) { sum += end - begin; });
    EXPECT_EQ(sum, 100u);
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolOf, testing::Values(1, 2, 3, 8),
                         [](const auto& threads) { return std::to_string(threads.param); });

// A worker that has to be woken, or that waits for a core, is later than the caller, which then need not wait.
TEST(ThreadPool, the_caller_does_what_no_worker_has_begun) {
  set_thread_count(2);
  const std::thread::id caller = std::this_thread::get_id();
  int both = 0;
  for (int call = 0; call < 500 && both == 0; ++call) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the worker goes to sleep
    parallel_for(2, 1, [&](std::size_t begin, std::size_t) {
      if (begin == 1 && std::this_thread::get_id() == caller) ++both;
    });
  }
  set_thread_count(1);
  EXPECT_GT(both, 0);
}

TEST(ThreadPool, can_change_its_size_at_any_time) {
  for (int round = 0; round < 50; ++round) {
    for (const std::size_t threads : {2u, 5u, 1u, 3u}) {
      set_thread_count(threads);
      EXPECT_EQ(thread_count(), threads);
      std::atomic<std::size_t> sum{0};
      if (round % 2 == 0)
        parallel_for(50, 1, [&](std::size_t begin, std::size_t end) { sum += end - begin; });
      EXPECT_EQ(sum, round % 2 == 0 ? 50u : 0u);
    }
  }
  set_thread_count(0);
  EXPECT_EQ(thread_count(), 1u);
}

#ifdef __linux__
// As in a container with little memory; a limit of processes (ulimit -u) ends the same way.
TEST(ThreadPool, threads_that_the_system_does_not_start_are_named) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &before), 0);
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit little = before;
  little.rlim_cur = pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) + (std::size_t{100} << 20);
  ASSERT_EQ(setrlimit(RLIMIT_AS, &little), 0);
  EXPECT_TRUE(throws_saying<Error>([] { set_thread_count(1000); }, {"threads: ", " of 1000 (", "--threads"}));
  ASSERT_EQ(setrlimit(RLIMIT_AS, &before), 0);
  EXPECT_EQ(thread_count(), 1u);
  set_thread_count(3);
  EXPECT_EQ(thread_count(), 3u);
  set_thread_count(1);
}
#endif

}  // namespace
}  // namespace nn
