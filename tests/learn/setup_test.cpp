// How ./learn sets a machine up and what it says of one that is not as ours: on a stage where apt-get, sudo, cmake and
// the compiler only pretend.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <vector>

#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::ptrdiff_t lines_in(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

// Its exit code, and words that are all in what it says; with `lines`, how many there are of those.
testing::AssertionResult says(const CommandResult& result, int exit_code, const Words& words,
                              std::ptrdiff_t lines = -1) {
  const std::string text = result.out + result.err;
  std::string wrong;
  if (result.exit_code != exit_code) wrong = "the exit code should be " + std::to_string(exit_code) + "\n";
  if (lines >= 0 && lines_in(text) != lines) wrong += "lines: " + std::to_string(lines) + "\n";
  for (const std::string& each : words) {
    if (text.find(each) == text.npos) wrong += "it should say: " + each + "\n";
  }
  if (wrong.empty()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << wrong << "exit code " << result.exit_code << ", it says:\n" << text;
}

// cmake --preset makes a build folder, and --build the program of chapter 3, which prints "demonstration".
constexpr const char* kBuild =
    R"(mkdir -p build/release/bin; printf '#!/bin/sh\necho "demonstration $*"\n' >build/release/bin/03_softmax; chmod +x build/release/bin/03_softmax)";

// A course of one chapter on a Debian machine that has everything. In stage(): missing lists packages that it lacks,
// fails those that apt-get cannot get, calls what apt-get was called with.
class Machine : public testing::Test {
 protected:
  Machine() {
    const fs::path source = NN_SOURCE_DIR;
    fs::create_directories(course() / "chapters/03_softmax");
    fs::create_directory(stage());
    fs::copy(source / "learn", course() / "learn");
    fs::copy(source / "tools", course() / "tools", fs::copy_options::recursive);
    for (const char* tool : {"bash", "sh",      "awk",      "sed",      "grep", "cat",  "mkdir", "mv",
                             "rm",   "dirname", "basename", "readlink", "head", "tail", "tr",    "cksum",
                             "env",  "getconf", "chmod",    "sleep",    "find", "ls"}) {
      const std::string place = run_command({"sh", "-c", std::string("command -v ") + tool}).out;
      fs::create_symlink(place.substr(0, place.find('\n')), stage() / tool);
    }
    for (const char* file : {"missing", "fails", "calls"}) write(stage() / file, "");
    fake("id", "echo 0");
    for (const char* program : {"git", "gnuplot"}) fake(program, ":");
    fake("ninja", "echo 1.11");
    fake("c++", "echo '#define __GNUC__ 12'");
    fake_cmake(kBuild);
    fake("dpkg-query", R"(for package; do
  case $package in -*) continue ;; esac
  grep -q -x "$package" "$STAGE/missing" || printf 'installed:%s ' "$package"
done)");
    fake("apt-get", R"(echo "$*" >>"$STAGE/calls"
echo 'what apt-get says'
case "$*" in *install*) ;; *) exit 0 ;; esac
for package; do
  grep -q -x "$package" "$STAGE/fails" && exit 100
  grep -v -x "$package" "$STAGE/missing" >"$STAGE/new"
  mv "$STAGE/new" "$STAGE/missing"
done
exit 0)");
  }

  fs::path course() const { return folder_ / "the course"; }
  fs::path stage() const { return folder_ / "stage"; }
  fs::path folder() const { return folder_.path(); }

  // A program on the stage; it knows its folder as $STAGE.
  void fake(const std::string& name, const std::string& script) const {
    write(stage() / name, "#!/bin/sh\nSTAGE='" + stage().string() + "'\n" + script + "\n");
    fs::permissions(stage() / name, fs::perms::owner_all);
  }
  void fake_cmake(const std::string& build, const std::string& configure = ":") const {
    fake("cmake", "case \"$*\" in\n--version) echo 'cmake version 3.25.1' ;;\n*--preset*) " + configure +
                      "; mkdir -p build/release; : >build/release/build.ninja ;;\n*--build*) " + build +
                      " ;;\nesac");
  }

  // Runs in an environment of the stage and these variables alone.
  CommandResult run(Words words, const Words& variables = {}) const {
    Words all = {"env", "-i", "HOME=/", "PATH=" + stage().string()};
    all.insert(all.end(), variables.begin(), variables.end());
    all.insert(all.end(), words.begin(), words.end());
    return run_command(all);
  }
  CommandResult learn(Words words, const Words& variables = {}) const {
    words.insert(words.begin(), {stage() / "bash", course() / "learn"});
    return run(words, variables);
  }
  CommandResult learn_3(const Words& variables = {}) const { return learn({"3"}, variables); }
  // How often apt-get was called.
  std::ptrdiff_t calls() const { return lines_in(text_of(stage() / "calls")); }

 private:
  TemporaryFolder folder_;
};

TEST_F(Machine, that_is_ready_is_left_alone) {
  EXPECT_TRUE(says(learn({"3", "--data", "full"}), 0, {"demonstration --data full"}, 1));
  EXPECT_EQ(calls(), 0);
}

TEST_F(Machine, that_lacks_something_is_told_so_and_gets_it) {
  write(stage() / "missing", "libssl-dev\nlibbenchmark-dev\n");
  const CommandResult result = learn_3();
  EXPECT_TRUE(says(result, 0, {"lacks: libssl-dev; and, not needed but useful: libbenchmark-dev"}));
  EXPECT_EQ(result.err.find("what apt-get says"), std::string::npos);
  EXPECT_EQ(calls(), 3);
  EXPECT_NE(text_of(stage() / "calls").find("install -y --no-install-recommends libssl-dev"),
            std::string::npos);
  EXPECT_TRUE(says(learn_3(), 0, {}, 1));
  EXPECT_EQ(calls(), 3);
}

TEST_F(Machine, for_which_a_package_cannot_be_had_is_told_so) {
  write(stage() / "missing", "libssl-dev\n");
  write(stage() / "fails", "libssl-dev\n");
  const CommandResult result = learn_3();
  EXPECT_TRUE(says(result, 1, {"libssl-dev", "build/learn-setup.log"}, 3));
  EXPECT_EQ(result.out, "");
  EXPECT_NE(text_of(course() / "build/learn-setup.log").find("what apt-get says"), std::string::npos);
}

TEST_F(Machine, is_asked_once_for_what_is_optional) {
  fs::remove(stage() / "gnuplot");
  write(stage() / "fails", "gnuplot-nox\n");
  EXPECT_TRUE(says(learn_3(), 0, {"the course works without: gnuplot-nox", "demonstration"}));
  EXPECT_EQ(calls(), 2);
  EXPECT_TRUE(says(learn_3(), 0, {"demonstration"}, 1));
  EXPECT_EQ(calls(), 2);
}

TEST_F(Machine, of_an_ordinary_user_needs_sudo_or_says_the_command) {
  fake("id", "echo 1000");
  write(stage() / "missing", "libssl-dev\n");
  EXPECT_TRUE(
      says(learn_3(), 1, {"apt-get update && apt-get install -y --no-install-recommends libssl-dev"}, 1));
  EXPECT_EQ(calls(), 0);
  fake("sudo", "echo sudo >>\"$STAGE/sudo-calls\"; exec \"$@\"");
  EXPECT_TRUE(says(learn_3(), 0, {"sudo apt-get", "demonstration"}));
  EXPECT_EQ(calls(), 2);
  EXPECT_EQ(lines_in(text_of(stage() / "sudo-calls")), 2);
}

TEST_F(Machine, with_an_old_compiler_uses_another_one_or_says_which_it_found) {
  fake("c++", "echo '#define __GNUC__ 11'");
  EXPECT_TRUE(says(learn_3(), 1, {"g++ is too old (g++ 12", "found " + (stage() / "c++: ").string()}, 1));
  EXPECT_EQ(calls(), 0) << "its package is installed";
  fake("clang++", "echo '#define __GNUC__ 4'; echo '#define __clang_major__ 14'");
  EXPECT_TRUE(says(learn_3(), 0, {"demonstration"}, 1));
}

TEST_F(Machine, with_an_old_cmake_before_the_installed_one_says_which_it_found) {
  fake("cmake", "echo 'cmake version 3.10.2'");
  EXPECT_TRUE(says(learn_3(), 1, {(stage() / "cmake: cmake version 3.10.2").string(), "3.24", "PATH="}, 1));
  EXPECT_EQ(calls(), 0);
}

TEST_F(Machine, without_apt_get_says_the_command) {
  fs::remove(stage() / "apt-get");
  fs::remove(stage() / "ninja");
  fake("dnf", ":");
  EXPECT_TRUE(says(learn_3(), 1, {"ninja", "dnf install"}, 1));
}

// CMake takes a CXX that is no program for a program and its arguments.
TEST_F(Machine, may_have_a_compiler_of_two_words) {
  fs::rename(stage() / "c++", stage() / "my c++");
  fs::create_symlink(stage() / "env", stage() / "ccache");
  fake("g++-12", "echo '#define __GNUC__ 12'");
  EXPECT_TRUE(says(learn_3({"CXX=ccache g++-12"}), 0, {"demonstration"}, 1));
  EXPECT_TRUE(says(learn_3({"CXX=" + (stage() / "my c++").string()}), 0, {"demonstration"}, 1));
  EXPECT_EQ(calls(), 0);
}

// Called through links, and with a variable that makes cd print.
TEST_F(Machine, finds_the_course_behind_links_and_with_CDPATH) {
  fs::create_directories(folder() / "links/bin");
  fs::create_symlink("../../the course/learn", folder() / "links/bin/one");
  fs::create_symlink("bin/one", folder() / "links/two");
  const std::string cdpath = "CDPATH=" + folder().string() + ":.", bash = stage() / "bash";
  const std::string in_links = "cd '" + (folder() / "links").string() + "' && bash two 3";
  EXPECT_TRUE(says(run({bash, "-c", in_links}, {cdpath}), 0, {"demonstration"}));
  const std::string above = "cd '" + folder().string() + "' && bash 'the course/learn' 3";
  EXPECT_TRUE(says(run({bash, "-c", above}, {cdpath}), 0, {"demonstration"}, 1));
}

TEST_F(Machine, builds_a_copied_course_anew) {
  const fs::path cache = course() / "build/release/CMakeCache.txt";
  EXPECT_TRUE(says(learn_3(), 0, {"demonstration"}));
  fs::create_directory_symlink(course(), folder() / "link");
  write(cache, "CMAKE_HOME_DIRECTORY:INTERNAL=" + (folder() / "link").string() + "\n");
  EXPECT_TRUE(says(learn_3(), 0, {"demonstration"}, 1)) << "through a link it is the same folder";
  write(cache, "CMAKE_HOME_DIRECTORY:INTERNAL=/somewhere/else\n");
  EXPECT_TRUE(
      says(learn_3(), 0, {"built for the course in /somewhere/else; it is built anew", "demonstration"}, 2));
  EXPECT_FALSE(fs::exists(cache));
}

TEST_F(Machine, asks_compilers_for_English) {
  fake_cmake(
      R"([ "$LC_ALL" = C ] && echo 'x.cpp:3: error: of English' || echo 'x.cpp:3: Fehler: auf Deutsch'; exit 1)");
  EXPECT_TRUE(says(learn_3({"LC_ALL=de_DE.UTF-8"}), 1, {"error: of English"}));
}

// Here a folder stands for the log that an earlier run wrote as root: not even root can write it.
TEST_F(Machine, does_not_show_a_log_that_it_could_not_write) {
  fs::create_directories(course() / "build/learn-build.log");
  EXPECT_TRUE(says(learn_3(), 1, {"build/learn-build.log cannot be written", "chown"}, 1));
}

TEST_F(Machine, shows_errors_before_all_else) {
  fake_cmake(
      R"(i=0; while [ $i -lt 99 ]; do echo "-- Configuring $i"; i=$((i + 1)); done; echo 'ninja: error: dirty'; exit 1)");
  EXPECT_TRUE(says(learn_3(), 1, {"ninja: error: dirty"}, 2));
  fake_cmake(R"(echo "${NINJA_STATUS:-as usual}: error: status"; exit 1)");
  EXPECT_TRUE(says(learn_3({"NINJA_STATUS=changed"}), 1, {"as usual"}));
  fake_cmake("echo the end; exit 1");
  EXPECT_TRUE(says(learn_3(), 1, {"the end"}, 2)) << "where no error is named";
}

TEST_F(Machine, says_what_CMake_refuses_in_one_line) {
  fake_cmake(
      kBuild,
      R"(printf 'refused: rename it\nCMake Error at refuse.cmake:5 (message):\n  rename\n  it\n'; exit 1)");
  EXPECT_TRUE(says(learn_3(), 1, {"learn: rename it"}, 1));
}

TEST_F(Machine, names_a_file_from_the_future) {
  for (const fs::path& file : {course() / "cmake/chapter.cmake", course() / "build/release/x.o"}) {
    write(file, "");
    fs::last_write_time(file, fs::file_time_type::clock::now() + std::chrono::hours(24));
    EXPECT_TRUE(says(learn_3(), 1, {file.string() + " has a date in the future"}, 1));
    fs::last_write_time(file, fs::file_time_type::clock::now());
  }
  EXPECT_TRUE(says(learn_3(), 0, {"demonstration"}, 1));
}

// ./learn 3 | another program. The build ends when its length has been said, on a slow machine too.
TEST_F(Machine, puts_nothing_but_the_programs_output_into_a_pipe) {
  write(stage() / "missing", "libssl-dev\n");
  fake_cmake(
      "echo '[1/7] Building x'; i=0; until grep -q building: \"$STAGE/errors\" || [ $i -ge 60 ]; do sleep 1; "
      "i=$((i + 1)); done; " +
      std::string(kBuild));
  const std::string words =
      "bash '" + (course() / "learn").string() + "' 3 2>'" + (stage() / "errors").string() + "'";
  const CommandResult result = run({stage() / "bash", "-c", words});
  EXPECT_EQ(result.out, "demonstration \n");
  const std::string errors = text_of(stage() / "errors");
  EXPECT_NE(errors.find("building: 7 steps"), errors.npos) << errors;
  EXPECT_NE(errors.find("lacks: libssl-dev"), errors.npos) << errors;
}

// git, set to give every file the line ends of Windows.
TEST(LineEnds, stay_as_they_are) {
  const TemporaryFolder folder;
  const fs::path from = folder / "from", clone = folder / "clone", source = NN_SOURCE_DIR;
  fs::create_directory(from);
  for (const char* file : {".gitattributes", "learn", "chapters/03_softmax/expected.txt"})
    fs::copy(source / file, from);
  const std::string git = "cd '" + from.string() +
                          "' && git init -q && git add . && "
                          "git -c user.name=n -c user.email=e commit -q -m m && "
                          "git clone -q -c core.autocrlf=true . '" +
                          clone.string() + "'";
  const CommandResult result = run_command({"sh", "-c", git});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* file : {"learn", "expected.txt"}) {
    EXPECT_EQ(text_of(clone / file), text_of(from / file)) << file;
  }
}

}  // namespace
}  // namespace nn
