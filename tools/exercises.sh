# The exercises: start, check, hint, progress, mine. Sourced by ./learn. What they know of chapters and of the reader's
# files is in the program tools/exercises; here is what has to be built for them.
# shellcheck shell=bash disable=SC2154

# exercises COMMAND...: the program, compiled anew if one of its files has changed.
exercises() {
  local program=$root/build/exercises
  if [ ! -x "$program" ] || [ -n "$(find "$root/tools/exercises" -newer "$program" -name '*.?pp')" ]; then
    prepare
    logged exercises.log "${cxx[@]}" -std=c++20 -I "$root/tools" "$root/tools/exercises/main.cpp" -o "$program" ||
      fail "tools/exercises does not compile; why is in build/exercises.log"
  fi
  "$program" "$root" "$@"
}

start() {
  find_chapter "${1:-}"
  exercises start "$chapter"
}

hint() {
  find_chapter "${1:-}"
  exercises hint "$chapter" "${2:-}"
}

progress() { exercises progress; }

check() {
  local overlay report=$root/build/check-report.txt code=0
  find_chapter "${1:-}"
  overlay=$chapter
  case ${2:-} in '' | --all) ;; *) fail "check: there is no option '$2'; there is --all" 2 ;; esac
  exercises before_check "$chapter"
  prepare
  [ -z "${2:-}" ] || overlay=$(exercises overlay "$chapter")
  build_mine check "$overlay" "${chapter}_test"
  (cd "$root" && NN_READER=1 "build/check/bin/${chapter}_test" 2>&1) | tee "$report" || code=1
  exercises after_check "$chapter" "$code" <"$report"
}

# build_mine NAME OVERLAY TARGET: builds in build/NAME with these chapters taken from my/. Always configures first.
build_mine() {
  local flags="-O1 -D_GLIBCXX_ASSERTIONS" # a check is built often and runs short; an index out of range ends it
  [ "$1" = check ] || flags="-O1 -DNDEBUG" # what has to be fast, tests/CMakeLists.txt compiles with more
  configure "$1-configure.log" --preset mine -B "$root/build/$1" "-DNN_OVERLAY=$2" "-DCMAKE_CXX_FLAGS_RELEASE=$flags"
  patiently "$1-build.log" cmake --build "$root/build/$1" --target "$3" || {
    exercises errors <"$root/build/$1-build.log"
    fail "it does not compile; all that the compiler said is in build/$1-build.log"
  }
}

mine() {
  local overlay
  prepare
  exercises whose
  [ $# -gt 0 ] || fail "what shall it do? For instance:  ./learn mine train" 2
  echo
  overlay=$(exercises overlay)
  build_mine mine "$overlay" digits
  [ "$1" != page ] || serve_page "$root/build/mine"
  exec "$root/build/mine/bin/digits" "$@"
}
