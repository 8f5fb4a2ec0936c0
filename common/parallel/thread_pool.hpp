// Threads that wait for work, so that a small product does not pay for starting them.
#pragma once

#include <cstddef>

namespace nn {

// How many threads work on a call of parallel_for, the caller's included; at least 1. Set it before work
// starts. Throws Error if the system does not start as many; then there is one thread.
void set_thread_count(std::size_t count);
std::size_t thread_count();

namespace detail {
// work(object, begin, end): a call of *object, whose type is forgotten; so nothing is copied or allocated.
void parallel_for(std::size_t count, std::size_t min_run, const void* object,
                  void (*work)(const void* object, std::size_t begin, std::size_t end));
// For tests of how work is split: whether calls that would be split into runs do only the first run from now on.
void do_first_run_only(bool yes);
}  // namespace detail

// Splits 0 .. count - 1 into at most thread_count() runs of nearly equal length, none under min_run, and
// calls work(begin, end) once for each, at the same time; returns when all are done. The caller does the first run, and
// then every run that no thread has begun yet: on a busy machine nobody waits for a core. The runs do not overlap:
// as long as work() on a run depends on nothing but its indices, the result is the same for any number of
// threads. The first exception that work() throws is thrown again here. One call at a time: not
// from inside work(), not from two threads at once.
template <class Work>
void parallel_for(std::size_t count, std::size_t min_run, const Work& work) {
  detail::parallel_for(count, min_run, &work, [](const void* object, std::size_t begin, std::size_t end) {
    (*static_cast<const Work*>(object))(begin, end);
  });
}

}  // namespace nn
