#!/usr/bin/env bash
# The course on another kind of processor, without having one: builds it for arm64, whose vectors are NEON, runs the
# tests in an emulator and compares the bits of a training with this machine's. Records docs/results/arm64.md.
#   sudo tools/arm64.sh
# Needs Debian or Ubuntu, debootstrap, g++-aarch64-linux-gnu and qemu-user-static; root, so that the system knows who
# runs arm64 programs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tools/setup.sh
. tools/setup.sh # libraries
jobs=$(getconf _NPROCESSORS_ONLN)
work=$PWD/build/arm64
system=$work/system # a Debian for arm64, unpacked and never started
formats=/proc/sys/fs/binfmt_misc

fail() {
  echo "arm64: $1" >&2
  exit 1
}

for tool in debootstrap aarch64-linux-gnu-g++ qemu-aarch64-static; do
  command -v "$tool" >/dev/null || fail "needs $tool (Debian: apt-get install debootstrap g++-aarch64-linux-gnu qemu-user-static)"
done
[ "$(id -u)" -eq 0 ] || fail "needs root: sudo tools/arm64.sh"

if [ ! -e "$system/unpacked" ]; then
  rm -rf "$system"
  mkdir -p "$work"
  # shellcheck disable=SC2086 # words with commas between
  debootstrap --arch=arm64 --foreign --variant=minbase --include="$(echo $libraries libstdc++-12-dev libc6-dev | tr ' ' ,)" \
    "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$system" >"$work/system.log" 2>&1 || fail "no arm64 system: $work/system.log"
  for package in "$system"/var/cache/apt/archives/*.deb; do dpkg-deb -x "$package" "$system"; done
  touch "$system/unpacked"
fi

# Programs for arm64 are run by the emulator, which finds their libraries by QEMU_LD_PREFIX. F: it is opened now.
[ -e "$formats/register" ] || mount -t binfmt_misc none "$formats" || fail "the system cannot be told of the emulator"
[ -e "$formats/qemu-aarch64" ] || printf '%s' ':qemu-aarch64:M::\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:'"$(command -v qemu-aarch64-static)"':OCF' >"$formats/register"
export QEMU_LD_PREFIX=$system

cat >"$work/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_SYSROOT $system)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
END
cmake --preset release -B "$work/build" -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" -DNN_BUILD_PLOTS=OFF -DNN_BUILD_BENCHMARKS=OFF \
  >"$work/build.log" 2>&1 || fail "cannot be configured: $work/build.log"
cmake --build "$work/build" --parallel "$jobs" >>"$work/build.log" 2>&1 || fail "cannot be built: $work/build.log"

# Left out: tests that use this machine's compiler or set it up, and those for which the emulator has no terminal.
ctest --test-dir "$work/build" --parallel "$jobs" --label-exclude 'exercises|faults' \
  --exclude-regex '^learn|CompileFailure|ProgressTest.a_(terminal|line)' >"$work/tests.log" 2>&1 || fail "tests failed: $work/tests.log"
# The checksum of a training with fused multiply-add, here and there.
sum() { "$1/bin/widths_09_fast_training_test" | sed -n 's/^fused \([^ ]*\) .*/\1/p'; }
[ -x build/release/bin/widths_09_fast_training_test ] || fail "needs the course built for this machine, too: ./learn test"
here=$(sum build/release) there=$(sum "$work/build")
[ -n "$here" ] || fail "no training with fused multiply-add here"
[ "$here" = "$there" ] || fail "other bits: $here here, $there on arm64"
{
  echo "$(grep -c ' Passed  ' "$work/tests.log") tests passed on arm64 with NEON (cross-compiled with g++ $(aarch64-linux-gnu-g++ -dumpfullversion),"
  echo "run by $(qemu-aarch64-static --version | sed -n '1s/^qemu-aarch64 version \([0-9.]*\).*/QEMU \1/p')). An epoch of the sample has the same bits there as on $(uname -m)."
  printf '\nRecorded by `tools/arm64.sh`.\n'
} | tee docs/results/arm64.md
