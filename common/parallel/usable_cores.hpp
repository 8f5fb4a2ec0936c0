// How many cores this process may use, which may be fewer than the machine has.
#pragma once

#include <cstddef>
#include <filesystem>

namespace nn {

// The smallest of three numbers: the machine's cores; those that the process is bound to (taskset, a cpuset); those
// that the quota of its control group comes to (a container, a batch system). At least 1.
std::size_t usable_cores();

// The third number; 0 if there is no quota, as outside Linux. Half a core and one and a half count as 1.
// proc_cgroup: /proc/self/cgroup, the groups that the process is in; root: where the groups are, /sys/fs/cgroup.
std::size_t cores_by_quota(const std::filesystem::path& proc_cgroup, const std::filesystem::path& root);

}  // namespace nn
