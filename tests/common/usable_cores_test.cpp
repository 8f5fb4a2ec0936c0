#include "common/parallel/usable_cores.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <thread>

#include "system/temporary_folder.hpp"

#ifdef __linux__
#include <sched.h>
#endif

namespace nn {
namespace {

namespace fs = std::filesystem;

// The files in which Linux says what a process may use.
class ControlGroups {
 public:
  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << text;
  }
  std::size_t cores() const { return cores_by_quota(folder_ / "proc", folder_ / "groups"); }

 private:
  TemporaryFolder folder_;
};

TEST(UsableCores, version_2_has_the_quota_in_one_file) {
  const ControlGroups linux;
  EXPECT_EQ(linux.cores(), 0u) << "no file at all";
  linux.write("proc", "0::/user.slice/job\n");
  linux.write("groups/user.slice/job/cpu.max", "max 100000\n");
  EXPECT_EQ(linux.cores(), 0u);
  linux.write("groups/user.slice/job/cpu.max", "400000 100000\n");
  EXPECT_EQ(linux.cores(), 4u);
  linux.write("groups/user.slice/job/cpu.max", "50000 100000\n");
  EXPECT_EQ(linux.cores(), 1u) << "half a core";
  linux.write("groups/user.slice/job/cpu.max", "350000 100000\n");
  EXPECT_EQ(linux.cores(), 3u);
}

TEST(UsableCores, the_groups_above_count_too) {
  const ControlGroups linux;
  linux.write("proc", "0::/slice/job\n");
  linux.write("groups/slice/job/cpu.max", "800000 100000\n");
  linux.write("groups/slice/cpu.max", "200000 100000\n");
  EXPECT_EQ(linux.cores(), 2u);
}

TEST(UsableCores, version_1_has_two_files_in_the_folder_of_its_controllers) {
  const ControlGroups linux;
  linux.write("proc", "5:cpuset:/a\n4:cpu,cpuacct:/docker/0123\n3:memory:/a\n0::/a\n");
  linux.write("groups/cpu,cpuacct/docker/0123/cpu.cfs_period_us", "100000\n");
  linux.write("groups/cpu,cpuacct/docker/0123/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(linux.cores(), 0u);
  linux.write("groups/cpu,cpuacct/docker/0123/cpu.cfs_quota_us", "200000\n");
  EXPECT_EQ(linux.cores(), 2u);
}

// What /proc/self/cgroup names is a folder of the host's.
TEST(UsableCores, in_a_container_the_root_is_its_group) {
  const ControlGroups linux;
  linux.write("proc", "4:cpu,cpuacct:/docker/0123\n");
  linux.write("groups/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  linux.write("groups/cpu,cpuacct/cpu.cfs_quota_us", "300000\n");
  EXPECT_EQ(linux.cores(), 3u);
}

#ifdef __linux__
TEST(UsableCores, a_process_that_is_bound_to_one_core_has_one) {
  const std::size_t before = usable_cores();
  EXPECT_GE(before, 1u);
  EXPECT_LE(before, std::thread::hardware_concurrency());
  cpu_set_t all, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  CPU_ZERO(&one);
  for (std::size_t core = 0; CPU_COUNT(&one) == 0; ++core) {
    if (CPU_ISSET(core, &all)) CPU_SET(core, &one);
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(usable_cores(), 1u);
  ASSERT_EQ(sched_setaffinity(0, sizeof all, &all), 0);
}
#endif

}  // namespace
}  // namespace nn
