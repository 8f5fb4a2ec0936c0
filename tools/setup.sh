# What must be on the machine, and how it comes there. Sourced by ./learn; uses $root and fail.
# shellcheck shell=bash disable=SC2154

setup_log=build/learn-setup.log
optional_log=build/learn-optional.txt  # the optional packages that could not be had: not asked for again

# On Debian and Ubuntu every library is a package; the program called g++ etc. may come from elsewhere.
libraries="libgtest-dev libhwy-dev libcli11-dev libfmt-dev nlohmann-json3-dev zlib1g-dev libstb-dev libssl-dev ca-certificates"
optional_libraries="libbenchmark-dev libgnuplot-iostream-dev libboost-iostreams-dev libboost-filesystem-dev libturbojpeg0-dev"

# is_at_least 3.25.1 3.24: compares the first two numbers.
is_at_least() {
  local have=$1.0 want=$2.0 have_minor want_minor
  have_minor=${have#*.} want_minor=${want#*.}
  [ "${have%%.*}" -gt "${want%%.*}" ] && return
  [ "${have%%.*}" -eq "${want%%.*}" ] && [ "${have_minor%%.*}" -ge "${want_minor%%.*}" ]
}

# A compiler that knows enough of C++20: g++ 12, clang++ 14. Its words: ccache g++
is_good_compiler() {
  local macros clang gcc
  macros=$("$@" -dM -E -x c++ /dev/null 2>/dev/null) || return
  clang=$(printf '%s\n' "$macros" | sed -n 's/^#define __clang_major__ //p')
  gcc=$(printf '%s\n' "$macros" | sed -n 's/^#define __GNUC__ //p')
  if [ -n "$clang" ]; then [ "$clang" -ge 14 ]; else [ "${gcc:-0}" -ge 12 ]; fi
}

# Sets cxx, the words by which the compiler is called: a CXX that is no program by itself is a program with arguments, as
# CMake reads it. Without a CXX, CMake would take the first of these that exists; if only a later one is good, CXX tells it.
find_compiler() {
  local candidate candidates=("${CXX:-c++}")
  [ -n "${CXX:-}" ] || candidates+=(g++ clang++)
  for candidate in "${candidates[@]}"; do
    cxx=("$candidate")
    # shellcheck disable=SC2206 # into words
    command -v "$candidate" >/dev/null || cxx=($candidate)
    is_good_compiler "${cxx[@]}" || continue
    [ "$candidate" = c++ ] || export CXX=$candidate
    return
  done
  # shellcheck disable=SC2206
  cxx=(${CXX:-c++})
  return 1
}

# The programs that are missing or too old, by the name of their Debian package.
missing_programs() {
  local version
  find_compiler || echo g++
  version=$(cmake --version 2>/dev/null | sed -n '1s/^cmake version \([0-9.]*\).*/\1/p') || version=
  is_at_least "${version:-0}" 3.24 || echo cmake
  command -v ninja >/dev/null || echo ninja-build
  command -v git >/dev/null || echo git
}

# For each of these packages: what PATH has in its place.
what_is_there() {
  local package words
  for package; do
    words=("${package%-build}")
    [ "$package" != g++ ] || words=("${cxx[@]}")
    printf '; found %s: %s' "$(command -v "${words[0]}" || echo "no ${words[0]}")" "$("${words[@]}" --version 2>/dev/null | head -n 1)"
  done
}

# missing_packages PACKAGE...: those that are not installed.
missing_packages() {
  local installed package
  installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' "$@" 2>/dev/null)" || true
  for package; do
    case $installed in *" installed:$package "*) ;; *) echo "$package" ;; esac
  done
}

has_apt() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# Elsewhere only what CMake cannot fetch by itself is looked for.
missing_headers() {
  local header folder
  for header in zlib.h stb_image.h openssl/sha.h; do
    for folder in /usr /usr/local /opt/homebrew /opt/local "${HOMEBREW_PREFIX:-/usr}" /opt/homebrew/opt/* /usr/local/opt/*; do
      [ -f "$folder/include/$header" ] || [ -f "$folder/include/stb/$header" ] || continue
      continue 2
    done
    echo "$header"
  done
}

# Words with single blanks between.
in_one_line() { printf '%s' "$*" | tr -s ' \n' ' ' | sed 's/^ //; s/ $//'; }

# Sets the two lists, of names with blanks between. Ends where a package that is there already would be installed.
find_missing() {
  local programs each
  programs=$(missing_programs) optional=
  required=$programs
  if has_apt; then
    # shellcheck disable=SC2086 # lists
    required=$(missing_packages $programs $libraries) optional=$(missing_packages $optional_libraries)
    for each in $programs; do
      case " $(in_one_line "$required") " in *" $each "*) ;; *) fail_as_too_old "$each" ;; esac
    done
    command -v gnuplot >/dev/null || optional="$optional gnuplot-nox"
    optional=$(in_one_line "$optional")
    [ "$optional" != "$(cat "$root/$optional_log" 2>/dev/null)" ] || optional=
  else
    required="$required $(missing_headers)"
  fi
  required=$(in_one_line "$required")
}

# Makes sure that everything needed is there. Silent if it is.
prepare() {
  local required optional
  find_compiler || true # here, so that its CXX outlives the subshells below
  find_missing
  [ -n "$required$optional" ] || return 0
  has_apt || name_the_packages
  install_with_apt
  [ -z "$required" ] || find_missing
  [ -z "$required" ] || fail "still missing: $required; the log is $setup_log"
}

fail_as_too_old() {
  fail "$1 is too old (g++ 12 or clang++ 14, cmake 3.24 are needed), and its package is installed$(what_is_there "$1"); another one comes first with:  PATH=/usr/bin:\$PATH ./learn"
}

install_with_apt() {
  local as_root='' package failed='' lines
  if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    command -v sudo >/dev/null || as_root=none
  fi
  mkdir -p "$root/build"
  if [ "$as_root" = none ]; then
    lines="apt-get update && apt-get install -y --no-install-recommends"
    [ -z "$required" ] || fail "as root, run:  $lines $required $optional"
    echo "learn: optional and not there: $optional (as root: $lines $optional)" >&2
    echo "$optional" >"$root/$optional_log"
    return
  fi
  echo "This machine lacks: $required${required:+${optional:+; and, not needed but useful: }}$optional" >&2
  echo "They are now installed with ${as_root:+$as_root }apt-get; what it says goes to $setup_log" >&2
  new_log learn-setup.log
  apt update || true # old lists may still do; if not, the next line says so
  if [ -n "$required" ]; then
    # shellcheck disable=SC2086 # a list
    apt install -y --no-install-recommends $required ||
      fail "apt-get could not install what is missing ($required); why stands in $setup_log"
  fi
  for package in $optional; do
    apt install -y --no-install-recommends "$package" || failed="$failed $package"
  done
  [ -z "$failed" ] || echo "learn: could not be had, the course works without:$failed" >&2
  in_one_line "$failed" >"$root/$optional_log"
}

# apt-get, as root, without questions, into the log.
apt() {
  local run=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q "$@")
  [ "$(id -u)" -eq 0 ] || run=(sudo "${run[@]}")
  "${run[@]}" </dev/null >>"$root/$setup_log" 2>&1
}

# Where there is no apt-get: says how to get what is missing, and ends.
name_the_packages() {
  local line
  if command -v brew >/dev/null; then
    line="brew install cmake ninja git googletest highway cli11 fmt nlohmann-json zlib openssl jpeg-turbo gnuplot, and stb's headers (github.com/nothings/stb) into $(brew --prefix)/include/stb"
  elif command -v dnf >/dev/null; then
    line="sudo dnf install gcc-c++ cmake ninja-build git gtest-devel google-benchmark-devel highway-devel cli11-devel fmt-devel json-devel zlib-devel stb-devel openssl-devel turbojpeg-devel boost-devel gnuplot"
  elif command -v pacman >/dev/null; then
    line="sudo pacman -S --needed gcc cmake ninja git gtest benchmark highway cli11 fmt nlohmann-json zlib stb openssl libjpeg-turbo boost gnuplot"
  else
    line="a C++20 compiler, CMake 3.24, Ninja, git, zlib, OpenSSL and stb, by whatever means this system has"
  fi
  # shellcheck disable=SC2046 # a list
  fail "missing or too old: $required$(what_is_there $(missing_programs)); install:  $line"
}

# For ./learn doctor.
show_setup() {
  local required optional
  find_compiler || true
  find_missing
  echo "compiler   ${cxx[*]}: $("${cxx[@]}" --version 2>/dev/null | head -n 1 || true)"
  echo "cmake      $(cmake --version 2>/dev/null | head -n 1 || true)"
  echo "ninja      $(ninja --version 2>/dev/null || true)"
  echo "missing    ${required:-nothing}${required:+ (./learn installs it)}"
  [ -z "$optional" ] || echo "optional   $optional: not there, for plots, benchmarks and JPEG pictures"
}
