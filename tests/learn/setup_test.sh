#!/usr/bin/env bash
# How ./learn sets a machine up: on a stage where apt-get, sudo, cmake and the compiler only pretend.
#   setup_test.sh FOLDER
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
  expect_code 1; expect_says "lacks: g++"; expect_says "g++ 12"
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

a_ready_machine_is_left_alone "$1"
what_is_missing_is_said_and_installed "$1"
what_cannot_be_had_ends_in_one_line "$1"
what_is_optional_is_asked_for_once "$1"
without_root_it_takes_sudo_or_says_the_command "$1"
an_old_compiler_does_not_count "$1"
elsewhere_it_says_the_command "$1"
finish
