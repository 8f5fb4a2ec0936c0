#!/usr/bin/env bash
# How ./learn sets a machine up: on a stage where apt-get, sudo, cmake and the compiler only pretend.
#   setup_test.sh FOLDER
# shellcheck disable=SC2016 # what the fakes expand
set -euo pipefail
# shellcheck source=tests/learn/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
copy_course "$1"

# fake NAME: a program on the stage; its text comes from standard input.
fake() { { echo '#!/bin/sh'; cat; } >"$stage/$1"; chmod +x "$stage/$1"; }

# A Debian machine that has everything; $stage/missing lists packages that it lacks, $stage/fails those that apt-get
# cannot get, $stage/calls what apt-get was called with.
set_stage() {
  local tool
  stage="$1/stage"
  rm -rf "$stage" "$course/build"
  mkdir -p "$stage"
  for tool in bash sh awk sed grep cat mkdir mv rm dirname head tail tr cksum env getconf chmod sleep; do
    ln -s "$(command -v $tool)" "$stage/$tool"
  done
  for tool in missing fails calls; do : >"$stage/$tool"; done
  echo 0 >"$stage/user"
  fake id <<<"cat '$stage/user'"
  fake git <<<:
  fake gnuplot <<<:
  fake ninja <<<'echo 1.11'
  fake c++ <<<"echo '#define __GNUC__ 12'"
  fake cmake <<END
case "\$*" in
  --version) echo 'cmake version 3.25.1' ;;
  *--preset*) mkdir -p build/release && : >build/release/build.ninja ;;
  *--build*) mkdir -p build/release/bin && printf '#!/bin/sh\necho "demonstration \$*"\n' >build/release/bin/03_softmax && chmod +x build/release/bin/03_softmax ;;
esac
END
  fake dpkg-query <<END
for package; do
  case \$package in -*) continue ;; esac
  grep -q -x "\$package" '$stage/missing' || printf 'installed:%s ' "\$package"
done
END
  fake apt-get <<END
echo "\$*" >>'$stage/calls'
echo 'what apt-get says'
case "\$*" in *install*) ;; *) exit 0 ;; esac
for package; do
  grep -q -x "\$package" '$stage/fails' && exit 100
  grep -v -x "\$package" '$stage/missing' >'$stage/new'
  mv '$stage/new' '$stage/missing'
done
exit 0
END
}

learn() { run env -i HOME=/ PATH="$stage" "$stage/bash" "$course/learn" "$@"; }
expect_calls() { [ "$(wc -l <"$stage/calls")" -eq "$1" ] || complain "apt-get should be called $1 times: $(cat "$stage/calls")"; }

a_ready_machine_is_left_alone() {
  set_stage "$1"
  learn 3 --data full
  expect_code 0; expect_calls 0; expect_lines 1; expect_says "demonstration --data full"
}

what_is_missing_is_said_and_installed() {
  set_stage "$1"
  printf 'libssl-dev\nlibbenchmark-dev\n' >"$stage/missing"
  learn 3
  expect_code 0; expect_calls 3; expect_says "lacks: libssl-dev; and, not needed but useful: libbenchmark-dev"
  expect_does_not_say 'what apt-get says'
  run cat "$stage/calls"
  expect_says "install -y --no-install-recommends libssl-dev"
  learn 3
  expect_calls 3; expect_lines 1
}

what_cannot_be_had_ends_in_one_line() {
  set_stage "$1"
  echo libssl-dev >"$stage/missing"
  echo libssl-dev >"$stage/fails"
  learn 3
  expect_code 1; expect_lines 3; expect_says libssl-dev; expect_says build/learn-setup.log; expect_does_not_say demonstration
  run cat "$course/build/learn-setup.log"
  expect_says 'what apt-get says'
}

what_is_optional_is_asked_for_once() {
  set_stage "$1"
  rm "$stage/gnuplot"
  echo gnuplot-nox >"$stage/fails"
  learn 3
  expect_code 0; expect_calls 2; expect_says "the course works without: gnuplot-nox"; expect_says demonstration
  learn 3
  expect_code 0; expect_calls 2; expect_lines 1
}

without_root_it_takes_sudo_or_says_the_command() {
  set_stage "$1"
  echo 1000 >"$stage/user"
  echo libssl-dev >"$stage/missing"
  learn 3
  expect_code 1; expect_calls 0; expect_lines 1
  expect_says "apt-get update && apt-get install -y --no-install-recommends libssl-dev"
  fake sudo <<<'echo sudo >>'"'$stage/sudo-calls'"'; exec "$@"'
  learn 3
  expect_code 0; expect_calls 2; expect_file "$stage/sudo-calls"; expect_says "sudo apt-get"
}

an_old_compiler_does_not_count() {
  set_stage "$1"
  fake c++ <<<"echo '#define __GNUC__ 11'"
  learn 3
  expect_code 1; expect_calls 0; expect_lines 1; expect_says "g++ is too old (g++ 12"; expect_says "found $stage/c++: "
  fake clang++ <<<"echo '#define __GNUC__ 4'; echo '#define __clang_major__ 14'"
  learn 3
  expect_code 0; expect_says demonstration; expect_does_not_say lacks
}

elsewhere_it_says_the_command() {
  set_stage "$1"
  rm "$stage/apt-get" "$stage/ninja"
  fake dnf <<<:
  learn 3
  expect_code 1; expect_lines 1; expect_says ninja; expect_says "dnf install"
}

# --- machines and runs that are not as ours -------------------------------------------------------------------------

# What the fake cmake does on --build, after the usual configuration.
fake_build() {
  fake cmake <<END
case "\$*" in
  --version) echo 'cmake version 3.25.1' ;;
  *--preset*) mkdir -p build/release && : >build/release/build.ninja ;;
  *--build*) $1 ;;
esac
END
}

# A course called through links, with a variable that makes cd print.
links_and_cdpath_lead_to_the_course() {
  set_stage "$1"
  ln -s "$(command -v readlink)" "$(command -v basename)" "$stage"
  rm -rf "$1/links" && mkdir -p "$1/links/bin"
  ln -s ../../"${course##*/}"/learn "$1/links/bin/one"
  ln -s bin/one "$1/links/two"
  run env -i HOME=/ PATH="$stage" CDPATH="$1:." "$stage/bash" -c "cd '$1/links' && '$stage/bash' two 3"
  expect_code 0; expect_lines 1; expect_says demonstration
  run env -i HOME=/ PATH="$stage" CDPATH="$1" "$stage/bash" -c "cd '$1' && '$stage/bash' 'the course/learn' 3"
  expect_code 0; expect_lines 1; expect_says demonstration
}

a_copied_course_is_built_anew() {
  set_stage "$1"
  learn 3
  echo "CMAKE_HOME_DIRECTORY:INTERNAL=$course" >"$course/build/release/CMakeCache.txt"
  learn 3
  expect_code 0; expect_lines 1
  echo "CMAKE_HOME_DIRECTORY:INTERNAL=/somewhere/else" >"$course/build/release/CMakeCache.txt"
  fake_build 'mkdir -p build/release/bin && printf "#!/bin/sh\necho this one\n" >build/release/bin/03_softmax && chmod +x build/release/bin/03_softmax'
  learn 3
  expect_code 0; expect_lines 2; expect_says "in /somewhere/else; it is built anew"; expect_says "this one"
  [ ! -e "$course/build/release/CMakeCache.txt" ] || complain "what was built for another folder should be gone"
}

compilers_are_asked_for_english() {
  set_stage "$1"
  fake_build 'echo "[1/2] Building" && { [ "$LC_ALL" = C ] && echo "x.cpp:3: error: of English" || echo "x.cpp:3: Fehler: auf Deutsch"; } && exit 1'
  run env -i HOME=/ PATH="$stage" LC_ALL=de_DE.UTF-8 "$stage/bash" "$course/learn" 3
  expect_code 1; expect_says "error: of English"
}

# A log that an earlier run wrote as root, here a folder: no user, not even root, can write it.
a_log_that_cannot_be_written_is_not_shown() {
  set_stage "$1"
  mkdir -p "$course/build/learn-build.log"
  learn 3
  expect_code 1; expect_lines 1; expect_says "build/learn-build.log cannot be written"; expect_says chown
}

errors_are_shown_before_all_else() {
  set_stage "$1"
  fake_build 'i=0; while [ $i -lt 99 ]; do echo "-- Configuring $i"; i=$((i + 1)); done; echo "ninja: error: manifest still dirty after 100 tries, perhaps system time is not set"; exit 1'
  learn 3
  expect_code 1; expect_lines 2; expect_says "system time is not set"
  fake_build 'echo "${NINJA_STATUS:-as usual}: error: status"; exit 1'
  run env -i HOME=/ PATH="$stage" NINJA_STATUS=changed "$stage/bash" "$course/learn" 3
  expect_code 1; expect_says "as usual"
}

a_file_from_the_future_is_named() {
  local file
  set_stage "$1"
  ln -s "$(command -v find)" "$stage"
  for file in "$course/cmake/chapter.cmake" "$course/build/release/x.o"; do
    mkdir -p "$course/build/release"
    touch -t 209901010000 "$file"
    learn 3
    expect_code 1; expect_lines 1; expect_says "$file has a date in the future"
    touch "$file"
  done
  learn 3
  expect_code 0; expect_says demonstration
}

what_cmake_refuses_is_one_line() {
  set_stage "$1"
  fake cmake <<'END'
case "$*" in
  --version) echo 'cmake version 3.25.1' ;;
  *--preset*) printf 'refused: rename the folder\nCMake Error at refuse.cmake:5 (message):\n  rename the\n  folder\n'; exit 1 ;;
esac
END
  learn 3
  expect_code 1; expect_lines 1; expect_says "learn: rename the folder"
}

a_compiler_may_be_two_words() {
  set_stage "$1"
  mv "$stage/c++" "$stage/my c++"
  ln -s env "$stage/ccache"
  fake g++-12 <<<"echo '#define __GNUC__ 12'"
  run env -i HOME=/ PATH="$stage" CXX="ccache g++-12" "$stage/bash" "$course/learn" 3
  expect_code 0; expect_calls 0; expect_lines 1; expect_says demonstration
  run env -i HOME=/ PATH="$stage" CXX="$stage/my c++" "$stage/bash" "$course/learn" 3
  expect_code 0; expect_calls 0; expect_lines 1
}

an_old_program_that_hides_a_package_is_named() {
  set_stage "$1"
  fake cmake <<<"echo 'cmake version 3.10.2'"
  learn 3
  expect_code 1; expect_calls 0; expect_lines 1
  expect_says "$stage/cmake: cmake version 3.10.2"; expect_says "3.24"; expect_says "PATH="
}

# ./learn 3 | another program. The build ends when it was said how long it is, on a slow machine too.
progress_does_not_go_into_a_pipe() {
  set_stage "$1"
  fake_build 'echo "[1/7] Building x"; i=0; until grep -q "building:" "'"$stage"'/errors" || [ $i -ge 60 ]; do sleep 1; i=$((i + 1)); done; mkdir -p build/release/bin; printf "#!/bin/sh\necho 7\n" >build/release/bin/03_softmax; chmod +x build/release/bin/03_softmax'
  echo libssl-dev >"$stage/missing"
  run env -i HOME=/ PATH="$stage" "$stage/bash" -c "'$stage/bash' '$course/learn' 3 2>'$stage/errors'"
  expect_code 0; expect_lines 1; expect_says 7; expect_does_not_say building
  run cat "$stage/errors"
  expect_says "building: 7 steps"; expect_says "lacks: libssl-dev"
}

# git set to give every file the line ends of Windows.
line_ends_stay_as_they_are() {
  rm -rf "$1/from" "$1/clone" && mkdir -p "$1/from"
  cp "$source_root/.gitattributes" "$source_root/learn" "$source_root/chapters/03_softmax/expected.txt" "$1/from"
  (cd "$1/from" && git init -q && git add . && git -c user.name=n -c user.email=e commit -q -m m &&
    git clone -q -c core.autocrlf=true . "$1/clone") >"$1/git.log" 2>&1 || complain "git failed: $(cat "$1/git.log")"
  cmp "$source_root/learn" "$1/clone/learn" || complain "learn changed"
  cmp "$source_root/chapters/03_softmax/expected.txt" "$1/clone/expected.txt" || complain "expected.txt changed"
}

a_ready_machine_is_left_alone "$1"
what_is_missing_is_said_and_installed "$1"
what_cannot_be_had_ends_in_one_line "$1"
what_is_optional_is_asked_for_once "$1"
without_root_it_takes_sudo_or_says_the_command "$1"
an_old_compiler_does_not_count "$1"
elsewhere_it_says_the_command "$1"
links_and_cdpath_lead_to_the_course "$1"
a_copied_course_is_built_anew "$1"
compilers_are_asked_for_english "$1"
a_log_that_cannot_be_written_is_not_shown "$1"
errors_are_shown_before_all_else "$1"
a_file_from_the_future_is_named "$1"
what_cmake_refuses_is_one_line "$1"
a_compiler_may_be_two_words "$1"
an_old_program_that_hides_a_package_is_named "$1"
progress_does_not_go_into_a_pipe "$1"
line_ends_stay_as_they_are "$1"
finish
