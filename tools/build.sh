# Finding chapters, configuring and building. Sourced by ./learn; uses $root, $release and fail.
# shellcheck shell=bash disable=SC2154

say() { printf '\n== %s\n' "$1"; }

cores() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

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

# logged LOG COMMAND...: what the command says goes into build/LOG; its exit code.
logged() {
  local log=$root/build/$1
  shift
  mkdir -p "$root/build"
  (cd "$root" && "$@") </dev/null >"$log" 2>&1
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
  echo "building${steps:+: $steps steps}$2"
}

# configure_release [OPTION]...: options of CMake.
# shellcheck disable=SC2120 # ./learn bench gives one
configure_release() {
  logged learn-configure.log cmake --preset release "$@" && return
  tail -n 20 "$root/build/learn-configure.log" >&2
  fail "CMake could not configure the build; all it said is in build/learn-configure.log"
}

# build FOLDER [TARGET...]: on a terminal one sees it run, else only how it failed.
build() {
  local folder=$1 run target
  shift
  [ "$folder" != "$release" ] || [ -f "$release/build.ninja" ] || configure_release
  run=(cmake --build "$folder")
  for target; do run+=(--target "$target"); done
  if [ -t 1 ]; then
    (cd "$root" && "${run[@]}") || fail "the build failed"
    return
  fi
  if ! patiently learn-build.log "${run[@]}"; then
    grep -v '^\[' "$root/build/learn-build.log" | head -n 40 >&2
    fail "the build failed; all it said is in build/learn-build.log"
  fi
}
