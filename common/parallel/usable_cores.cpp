#include "common/parallel/usable_cores.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <thread>

#ifdef __linux__
#include <sched.h>
#endif

namespace nn {
namespace {

namespace fs = std::filesystem;

constexpr double kNone = std::numeric_limits<double>::max();

// The quota of one group: microseconds of computing for each period, over the period. Version 2 has both in cpu.max,
// "max 100000" if there is none; version 1 a file for each, with -1.
double quota(const fs::path& group) {
  double time = -1, period = 0;
  std::ifstream both(group / "cpu.max");
  if (!(both >> time >> period)) {
    std::ifstream(group / "cpu.cfs_quota_us") >> time;
    std::ifstream(group / "cpu.cfs_period_us") >> period;
  }
  return time > 0 && period > 0 ? time / period : kNone;
}

// The least quota of a group and of those that it is in. A container often sees its own group as the root, and its name
// leads nowhere: then only the root counts.
double least_quota(const fs::path& root, fs::path group) {
  double least = quota(root);
  for (group = group.relative_path(); !group.empty(); group = group.parent_path())
    least = std::min(least, quota(root / group));
  return least;
}

std::size_t cores_by_affinity() {
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    return static_cast<std::size_t>(CPU_COUNT(&allowed));
#endif
  return std::thread::hardware_concurrency();
}

}  // namespace

// Each line of proc_cgroup is NUMBER:CONTROLLERS:/GROUP; version 2 has one, without controllers.
std::size_t cores_by_quota(const fs::path& proc_cgroup, const fs::path& root) {
  double least = kNone;
  std::ifstream in(proc_cgroup);
  for (std::string number, controllers, group;
       std::getline(in, number, ':') && std::getline(in, controllers, ':') && std::getline(in, group);) {
    std::istringstream names(controllers);
    bool has_cpu = controllers.empty();
    for (std::string name; std::getline(names, name, ',');) has_cpu = has_cpu || name == "cpu";
    if (has_cpu) least = std::min(least, least_quota(root / controllers, group));
  }
  return least == kNone ? 0 : std::max<std::size_t>(1, static_cast<std::size_t>(least));
}

std::size_t usable_cores() {
  const std::size_t cores = std::max<std::size_t>(1, cores_by_affinity());
  const std::size_t by_quota = cores_by_quota("/proc/self/cgroup", "/sys/fs/cgroup");
  return by_quota == 0 ? cores : std::min(cores, by_quota);
}

}  // namespace nn
