# Finding chapters, configuring and building. Sourced by ./learn; uses $root, $release and fail.
# shellcheck shell=bash disable=SC2154

say() { printf '\n== %s\n' "$1" >&2; }

cores() { nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

# The names of all chapters, in order.
list_chapters() {
  local folder
  for folder in "$root"/chapters/[0-9][0-9]_*/; do
    folder=${folder%/}
    echo "${folder##*/}"
  done
}

# find_chapter 3 (or 03, or 03_softmax) sets chapter=03_softmax, number=3. Ends the script if there is none.
find_chapter() {
  local wanted=${1:-}
  [ -n "$wanted" ] || fail "which chapter? For instance:  ./learn ${verb:-start} 3" 2
  for chapter in $(list_chapters); do
    number=$((10#${chapter%%_*}))
    case $wanted in "$chapter" | "${chapter%%_*}" | "$number") return ;; esac
  done
  fail "there is no chapter '$wanted'; the chapters are: $(list_chapters | tr '\n' ' ')" 2
}

# A copied or moved course would build and run what is in the folder that it comes from: CMake keeps whole paths.
forget_other_folders() {
  local cache from
  for cache in "$root"/build/*/CMakeCache.txt; do
    from=$(sed -n 's/^CMAKE_HOME_DIRECTORY:INTERNAL=//p' "$cache" 2>/dev/null) || true
    if [ -z "$from" ] || [ "$from" -ef "$root" ]; then continue; fi
    echo "learn: ${cache%/*} was built for the course in $from; it is built anew" >&2
    rm -rf "${cache%/*}"
  done
}

# Empties build/LOG. A log that cannot be written would show an earlier run's errors.
new_log() {
  { mkdir -p "$root/build" && : >"$root/build/$1"; } 2>/dev/null ||
    fail "build/$1 cannot be written: is the disk full, or does build/ belong to root after a run with sudo? Then, in the course's folder:  sudo chown -R \"\$USER\" build"
}

# A file from the future counts as newer than what is made of it, and was made before what it is made of: CMake would run
# a hundred times, or a change go unnoticed.
refuse_future() {
  local future
  future=$(find "$root" \( -name 'CMake*' -o -name '*.cmake' -o -name '*.?pp' -o -name '*.o' \) -newermt '1 minute' 2>/dev/null | head -n 1) || true
  [ -z "$future" ] || fail "$future has a date in the future; set this machine's clock, then, in this folder:  rm -rf build && find . -exec touch {} +"
}

# logged LOG COMMAND...: what the command says, in English, goes into build/LOG; its exit code.
logged() {
  local log=$root/build/$1
  new_log "$1"
  refuse_future
  shift
  (cd "$root" && LC_ALL=C "$@") </dev/null >"$log" 2>&1
}

# Why a command failed, out of build/LOG: its errors; its end if it names none.
show_reason() {
  grep -E -m 8 -A 5 'CMake Error|[Ee]rror: |undefined reference|No space left' "$root/build/$1" >&2 ||
    tail -n 20 "$root/build/$1" >&2
}

# As logged, for a build; if it takes more than a moment it says so, and how many steps it has, if that is known by then.
patiently() {
  local code=0 watcher warning=''
  [ -e "$root/build/$1" ] || warning=" (the first time takes some minutes)"
  say_if_long "$root/build/$1" "$warning" &
  watcher=$!
  logged "$@" || code=$?
  { kill "$watcher" && wait "$watcher"; } 2>/dev/null || true
  return "$code"
}

say_if_long() {
  local steps
  sleep 4 >/dev/null 2>&1 || return 0
  kill -0 $$ 2>/dev/null || return 0 # interrupted
  steps=$(sed -n 's|^\[[0-9]*/\([0-9]*\)\] Building .*|\1|p' "$1" | tail -n 1)
  echo "building${steps:+: $steps steps}$2" >&2
}

# configure_release [OPTION]...: options of CMake.
# shellcheck disable=SC2120 # ./learn bench gives one
configure_release() {
  configure learn-configure.log --preset release "$@"
}

# configure LOG OPTION...: ends with one line where cmake/refuse.cmake refuses.
configure() {
  local log=$1 refused
  shift
  logged "$log" cmake "$@" && return
  refused=$(sed -n 's/^refused: //p' "$root/build/$log" | head -n 1)
  [ -z "$refused" ] || fail "$refused"
  show_reason "$log"
  fail "CMake could not configure the build; all it said is in build/$log"
}

# build FOLDER [TARGET...]: on a terminal one sees it run, else only how it failed. Standard output is the program's.
build() {
  local folder=$1 run target
  shift
  [ "$folder" != "$release" ] || [ -f "$release/build.ninja" ] || configure_release
  run=(cmake --build "$folder")
  for target; do run+=(--target "$target"); done
  if [ -t 2 ]; then
    (cd "$root" && "${run[@]}") >&2 || fail "the build failed"
    return
  fi
  if ! patiently learn-build.log "${run[@]}"; then
    show_reason learn-build.log
    fail "the build failed; all it said is in build/learn-build.log"
  fi
}
