# The exercises: start, check, hint, progress, mine. Sourced by ./learn.
# What the reader writes is in my/NN_name/. Two files there are ours: .made-from, the checksums of the course's
# files at ./learn start, and .checked, what ./learn check last found
# (holds or fails) and of which version.
# shellcheck shell=bash disable=SC2154

# The course's files of a chapter in which there is something to write.
exercise_files() { (cd "$root/chapters/$1" && grep -l '^ *// \[write ' -- *.hpp *.cpp 2>/dev/null) || true; }

# The names of what is to write in these files of the course, and what of it stands unwritten in these of my/.
exercise_names() { sed -n 's|^ *// \[write \(.*\)\] *$|\1|p' "$@"; }
unwritten_names() { sed -n 's|^[^/]*not_written("\([^"]*\)".*|\1|p' "$@"; }

# The reader's files of a chapter.
my_files() {
  local file
  for file in "$root/my/$1"/*.hpp "$root/my/$1"/*.cpp; do [ ! -f "$file" ] || echo "$file"; done
}

# What the reader has still to write in a chapter, in the order in which its hints and its check go through it.
unwritten() {
  my_files "$1" | while IFS= read -r file; do unwritten_names "$file"; done |
    awk -v hints="$root/chapters/$1/hints.txt" '
      BEGIN {
        while ((getline line <hints) > 0) {
          if (line ~ /^\[.*\]$/ && !seen[line]++) place[substr(line, 2, length(line) - 2)] = ++last
        }
      }
      $0 in place { in_order[place[$0]] = $0; next }
      { rest[++others] = $0 }
      END {
        for (i = 1; i <= last; i++) if (i in in_order) print in_order[i]
        for (i = 1; i <= others; i++) print rest[i]
      }'
}

# begun and with nothing left unwritten
is_finished() { [ -n "$(my_files "$1")" ] && [ -z "$(unwritten "$1")" ]; }

checksum() { cksum <"$1"; }

# Of what the reader wrote and what it is measured by.
fingerprint() {
  { my_files "$1" | while IFS= read -r file; do cat "$file"; done; cat "$root/tests/$1_test.cpp"; } | cksum
}

# --- start ----------------------------------------------------------------------------------------------------

start() {
  local file mine made=0
  find_chapter "${1:-}"
  [ -n "$(exercise_files "$chapter")" ] || fail "there is nothing to write in chapter $number"
  mkdir -p "$root/my/$chapter"
  for file in $(exercise_files "$chapter"); do
    mine=my/$chapter/$file
    if [ -e "$root/$mine" ]; then
      echo "  kept     $mine: it is yours already (to begin again, rename it first)"
    else
      make_stub "$file"
      echo "  written  $mine: $(join "$(unwritten_names "$root/$mine")")"
      made=$((made + 1))
    fi
  done
  [ "$made" -eq 0 ] || echo "
Look for the lines with not_written. Each time you have written one:  ./learn check $number
If you are stuck:  ./learn hint $number"
}

# make_stub FILE: the reader's copy of the chapter's file, and in .made-from which version it was cut from.
make_stub() {
  local course=$root/chapters/$chapter/$1 mine=$root/my/$chapter/$1 record=$root/my/$chapter/.made-from
  awk -v path="my/$chapter/$1" -v number="$number" -f "$root/tools/stub.awk" "$course" >"$mine.new" ||
    { rm -f "$mine.new"; fail "chapters/$chapter/$1 could not be cut"; }
  { [ ! -f "$record" ] || sed "/ $1\$/d" "$record"; echo "$(checksum "$course") $1"; } >"$record.new"
  mv "$record.new" "$record"
  mv "$mine.new" "$mine"
}

# The lines of $1, with commas between.
join() { printf '%s\n' "$1" | sed -e ':a' -e '$!{N;ba' -e '}' -e 's/\n/, /g'; }

# --- check ----------------------------------------------------------------------------------------------------

check() {
  local all='' overlay code=0
  find_chapter "${1:-}"
  case ${2:-} in
    '') ;;
    --all) all=yes ;;
    *) fail "check: there is no option '$2'; there is --all" 2 ;;
  esac
  [ -n "$(my_files "$chapter")" ] || fail "nothing of chapter $number is yours yet; first:  ./learn start $number" 2
  [ -f "$root/tests/${chapter}_test.cpp" ] || fail "chapter $number has no check yet"
  prepare
  say_what_changed
  overlay=$chapter
  [ -z "$all" ] || overlay=$(join_list "$(finished_and "$chapter")")
  build_mine check "$overlay" "${chapter}_test"
  run_check || code=$?
  return "$code"
}

# The finished chapters and this one.
finished_and() {
  local each
  for each in $(list_chapters); do
    if [ "$each" = "$1" ] || is_finished "$each"; then echo "$each"; fi
  done
}
join_list() { printf '%s' "$1" | tr '\n' ';'; }

# One line for each of the course's files that is another than the one that the reader's was cut from.
say_what_changed() {
  local record=$root/my/$chapter/.made-from sum size file course
  [ -f "$record" ] || return 0
  while read -r sum size file; do
    course=chapters/$chapter/$file
    if [ ! -f "$root/$course" ]; then
      echo "note: the course has no $course any more; my/$chapter/$file is not used"
    elif [ "$(checksum "$root/$course")" != "$sum $size" ]; then
      echo "note: $course has changed since ./learn start; yours stays as it is"
    fi
  done <"$record"
}

# build_mine NAME OVERLAY TARGET: builds in build/NAME with these chapters taken from my/. Always configures first.
build_mine() {
  local flags="-O1 -D_GLIBCXX_ASSERTIONS" # a check is built often and runs short; an index out of range ends it
  [ "$1" = check ] || flags="-O3 -DNDEBUG"
  [ -f "$root/build/$1/build.ninja" ] || echo "building (the first time takes a minute or two)"
  logged "$1-configure.log" cmake --preset mine -B "$root/build/$1" "-DNN_OVERLAY=$2" "-DCMAKE_CXX_FLAGS_RELEASE=$flags" || {
    tail -n 20 "$root/build/$1-configure.log" >&2
    fail "CMake could not configure the build; all it said is in build/$1-configure.log"
  }
  logged "$1-build.log" cmake --build "$root/build/$1" --target "$3" || {
    awk -v root="$root/" -f "$root/tools/compile_errors.awk" "$root/build/$1-build.log" >&2
    fail "it does not compile; all that the compiler said is in build/$1-build.log"
  }
}

run_check() {
  local report=$root/build/check-report.txt count
  rm -f "$root/my/$chapter/.checked"
  if (cd "$root" && NN_READER=1 "build/check/bin/${chapter}_test" 2>&1) | tee "$report"; then
    remember holds
    count=$(grep -c '^  ok ' "$report") || true
    printf '\nchapter %s: all %s properties hold. ' "$number" "$count"
    say_next
    return
  fi
  if ! grep -q '^not written yet' "$report"; then
    remember fails
    echo "next: mend it in my/$chapter/, then  ./learn check $number  again; hint:  ./learn hint $number"
  fi
  return 1
}

# What the check found, and of which version of the reader's files.
remember() { echo "$1 $(fingerprint "$chapter")" >"$root/my/$chapter/.checked"; }

say_next() {
  local each
  for each in $(list_chapters); do
    [ $((10#${each%%_*})) -gt "$number" ] || continue
    echo "Next:  ./learn $((number + 1))  or train with what you wrote:  ./learn mine train"
    return
  done
  echo "Next: train with what you wrote:  ./learn mine train"
}

# --- hint -----------------------------------------------------------------------------------------------------

# chapters/NN_name/hints.txt: hints with a line --- between, the first line of each the function it is for, [name].
# my/.hints: a line for each hint given, "NN_name name".
hint() {
  local hints exercise given total said="$root/my/.hints"
  find_chapter "${1:-}"
  hints=$root/chapters/$chapter/hints.txt
  [ -f "$hints" ] || fail "chapter $number has no hints; its text is chapters/$chapter/README.md"
  exercise=${2:-$(stuck_at "$hints")}
  total=$(grep -c -F -x "[$exercise]" "$hints") ||
    fail "chapter $number has no hint for '$exercise'; there are hints for: $(join "$(hinted "$hints")")" 2
  mkdir -p "$root/my"
  given=$(grep -c -F -x "$chapter $exercise" "$said" 2>/dev/null) || true
  given=${given:-0}
  if [ "$given" -ge "$total" ]; then
    echo "$exercise: these were all the hints ($total); the last one again. Our code is in chapters/$chapter/README.md, folded away."
  else
    echo "$chapter $exercise" >>"$said"
    given=$((given + 1))
    echo "$exercise, hint $given of $total$(remark "$given" "$total")"
  fi
  echo
  show_hint "$hints" "$exercise" "$given"
}

remark() { [ "$1" -eq "$2" ] && echo ", the last" || echo "; $(($2 - $1)) more:  ./learn hint $number"; }

# The functions with hints, in order, each once.
hinted() { sed -n 's/^\[\(.*\)\]$/\1/p' "$1" | awk '!seen[$0]++'; }

# Where the reader is: where the last check stopped, unless that is written by now; else the first function that is
# still to write, else the first one.
stuck_at() {
  local report=$root/build/check-report.txt left failed stopped each line='
'
  left=$(unwritten "$chapter")
  failed=$(sed -n 's/^  no   \([^:]*\):.*/\1/p' "$report" 2>/dev/null) || true
  stopped=$(sed -n 's/^not written yet: \([^ ]*\) in .*/\1/p' "$report" 2>/dev/null) || true
  for each in $(hinted "$1"); do
    if [ "$(as_reported "$each")" = "$failed" ]; then echo "$each"; return; fi
    case $line$left$line in *"$line$each$line"*) [ "$each" != "$stopped" ] || { echo "$each"; return; } ;; esac
  done
  each=$(printf '%s\n' "$left" | head -n 1)
  [ -n "$each" ] || each=$(hinted "$1" | head -n 1)
  echo "$each"
}

# As the check names it: Dense::backward is dense_backward, MiniBatches::shuffle is mini_batches_shuffle.
as_reported() {
  printf '%s\n' "$1" | sed -e 's/::/_/g' -e 's/\([a-z0-9]\)\([A-Z]\)/\1_\2/g' | tr '[:upper:]' '[:lower:]'
}

show_hint() {
  awk -v wanted="[$2]" -v nth="$3" '
    BEGIN { top = 1 }
    /^---$/ { top = 1; next }
    top { mine = ($0 == wanted); if (mine) count++; top = 0; next }
    mine && count == nth { print "  " $0 }' "$1"
}

# --- progress -------------------------------------------------------------------------------------------------

progress() {
  local all begun='' fresh='' state
  for chapter in $(list_chapters); do
    number=$((10#${chapter%%_*}))
    all=$(course_exercises "$chapter")
    [ "$all" -gt 0 ] || continue
    state=$(state_of "$chapter" "$all")
    printf '  %-16s %s\n' "$chapter" "$state"
    case $state in
      *hold) ;;
      "not started"*) fresh=${fresh:-$(next_step "$state")} ;;
      *) begun=${begun:-$(next_step "$state")} ;;
    esac
  done
  begun=${begun:-$fresh}
  echo
  echo "next:  ${begun:-everything is written and holds:  ./learn mine train}"
}

course_exercises() {
  local file
  for file in $(exercise_files "$1"); do exercise_names "$root/chapters/$1/$file"; done | grep -c .
}

state_of() {
  local left
  if [ -z "$(my_files "$1")" ]; then
    echo "not started ($2 to write)"
  elif ! is_finished "$1"; then
    left=$(unwritten "$1" | grep -c .) || true
    echo "$(($2 - left)) of $2 written"
  else
    case "$(cat "$root/my/$1/.checked" 2>/dev/null)" in
      "holds $(fingerprint "$1")") echo "$2 of $2 written, and they hold" ;;
      "fails $(fingerprint "$1")") echo "$2 of $2 written, and the check finds a mistake" ;;
      *) echo "$2 of $2 written, not checked since" ;;
    esac
  fi
}

next_step() {
  case $1 in
    "not started"*) echo "./learn start $number" ;;
    *mistake) echo "mend my/$chapter, then  ./learn check $number" ;;
    *since) echo "./learn check $number" ;;
    *) echo "write $(unwritten "$chapter" | head -n 1) in my/$chapter, then  ./learn check $number" ;;
  esac
}

# --- mine -----------------------------------------------------------------------------------------------------

mine() {
  local overlay='' whose left
  prepare
  for chapter in $(list_chapters); do
    whose="the course's"
    if is_finished "$chapter"; then
      whose=yours overlay="$overlay;$chapter"
    elif [ -n "$(my_files "$chapter")" ]; then
      left=$(join "$(unwritten "$chapter")")
      whose="the course's; in yours is still to write: $left"
    fi
    printf '  %-16s %s\n' "$chapter" "$whose"
  done
  echo
  build_mine mine "${overlay#;}" digits
  exec "$root/build/mine/bin/digits" "$@"
}
