// What CMake is asked to do on machines that are not as ours: folders and flags that it refuses, files that it leaves
// out. Each test configures a few lines of the course's CMake code for itself.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>

#include "system/environment_variable.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;

const fs::path kCourse = NN_SOURCE_DIR;

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

CommandResult configure(const fs::path& folder) {
  return run_command({NN_CMAKE, "-S", folder, "-B", folder / "build"});
}

// What CMake says of a folder in which there is nothing but the course's refusals, then "configured".
std::string said_of(const fs::path& folder) {
  fs::create_directories(folder);
  fs::copy_file(kCourse / "cmake/refuse.cmake", folder / "refuse.cmake",
                fs::copy_options::overwrite_existing);
  write(folder / "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.24)\ninclude(refuse.cmake)\nproject(p LANGUAGES NONE)\n"
        "message(NOTICE configured)\n");
  const std::string said = configure(folder).err;
  return said.substr(0, said.find('\n'));
}

TEST(Configure, a_folder_whose_name_CMake_cannot_build_in_is_refused_in_one_line) {
  const TemporaryFolder folder;
  for (const char* name : {"a[b", "a]b", "a#b", "a;b", "a\"b", "a*b", "a?b", "a|b", "a<b", "a>b", "a$b"}) {
    const std::string said = said_of(folder / name);
    EXPECT_TRUE(said.starts_with("refused: ")) << name << ": " << said;
    EXPECT_NE(said.find(std::string("because of the character ") + name[1]), said.npos) << said;
  }
  EXPECT_EQ(said_of(folder / "a 'ü(b)&%@{,!~^:=+"), "configured");
}

TEST(Configure, flags_under_which_NaN_goes_unnoticed_are_refused_in_one_line) {
  const TemporaryFolder folder;
  for (const char* flags : {"-ffast-math", "-O2 -Ofast", "-ffinite-math-only -g", "-ffp-model=fast"}) {
    const EnvironmentVariable variable("CXXFLAGS", flags);
    const std::string said = said_of(folder / "flags");
    EXPECT_TRUE(said.starts_with("refused: CXXFLAGS holds -")) << flags << ": " << said;
  }
  const EnvironmentVariable variable("CXXFLAGS", "-O2 -march=native -fno-fast-math");
  EXPECT_EQ(said_of(folder / "flags"), "configured");
  const EnvironmentVariable compiler("CXX", "g++ -ffast-math");
  EXPECT_NE(said_of(folder / "flags").find("CXX holds -ffast-math"), std::string::npos);
}

// On disks of other systems macOS keeps what it knows of x.cpp in ._x.cpp.
TEST(Configure, what_macOS_puts_beside_a_file_is_no_source) {
  const TemporaryFolder folder;
  for (const char* name : {"x.cpp", "._x.cpp", "in/y.cpp", "in/._y.cpp"}) write(folder / name, "");
  write(folder / "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.24)\nproject(p LANGUAGES NONE)\ninclude(" +
            (kCourse / "cmake/glob.cmake").string() +
            ")\nnn_glob(found GLOB_RECURSE RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp)\n"
            "message(NOTICE \"found: ${found}\")\n");
  EXPECT_EQ(configure(folder.path()).err, "found: in/y.cpp;x.cpp\n");
}

// With ninja 1.11, which took the path for several files that are not there.
TEST(Configure, in_a_folder_with_a_quote_only_what_has_changed_is_built_again) {
  const TemporaryFolder temporary;
  const EnvironmentVariable no_launcher("CMAKE_CXX_COMPILER_LAUNCHER",
                                        std::nullopt);  // ccache writes lists of its own
  const fs::path folder = temporary / "a 'quote' & ü (x) ^`";
  write(folder / "x.hpp", "inline int x() { return 1; }\n");
  write(folder / "x.cpp", "#include \"" + (folder / "x.hpp").string() + "\"\nint y() { return x(); }\n");
  write(folder / "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.24)\nproject(p LANGUAGES CXX)\ninclude(" +
            (kCourse / "cmake/relative_dependencies.cmake").string() + ")\nadd_library(x x.cpp)\n");
  const CommandResult configured =
      run_command({NN_CMAKE, "-G", "Ninja", "-S", folder, "-B", folder / "build"});
  ASSERT_EQ(configured.exit_code, 0) << configured.err;
  const auto build = [&] { return run_command({NN_CMAKE, "--build", folder / "build"}).out; };
  EXPECT_NE(build().find("Building"), std::string::npos);
  EXPECT_NE(build().find("no work to do"), std::string::npos);
  write(folder / "x.hpp", "inline int x() { return 2; }\n");
  EXPECT_NE(build().find("Building"), std::string::npos) << "a header has changed";
}

// Sources are found by nn_glob alone.
TEST(Configure, no_list_of_ours_looks_for_sources_by_itself) {
  for (auto entry = fs::recursive_directory_iterator(kCourse); entry != fs::end(entry); ++entry) {
    const std::string path = entry->path().lexically_relative(kCourse).string();
    if (path == "build" || path == "my") entry.disable_recursion_pending();
    const bool is_cmake = path.ends_with("CMakeLists.txt") || path.ends_with(".cmake");
    if (!is_cmake || path == "cmake/glob.cmake") continue;
    std::ifstream in(entry->path());
    for (std::string line; std::getline(in, line);)
      EXPECT_FALSE(line.find("file(GLOB") != line.npos && line.find("CONFIGURE_DEPENDS") != line.npos)
          << path << ": " << line;
  }
}

}  // namespace
}  // namespace nn
