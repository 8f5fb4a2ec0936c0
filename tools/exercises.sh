# The exercises: start, check, hint, progress, mine. Sourced by ./learn.
# What the reader writes is in my/NN_name/. Two files there are ours: .made-from, the checksums of the course's
# files at ./learn start, and .checked, what ./learn check last found: holds, fails or stopped (at what is not
# written), the fingerprint of the version it looked at, and the function where it ended.
# shellcheck shell=bash disable=SC2154

# The course's files of a chapter in which there is something to write.
exercise_files() { (cd "$root/chapters/$1" && grep -l '^ *// \[write ' -- *.hpp *.cpp 2>/dev/null) || true; }

# The names of what is to write in these files of the course, and what of it stands unwritten in these of my/; two
# functions of one name are named once.
exercise_names() { sed -n 's|^ *// \[write \(.*\)\] *$|\1|p' "$@" | awk '!seen[$0]++'; }
unwritten_names() { sed -n 's|^[^/]*not_written("\([^"]*\)".*|\1|p' "$@" | awk '!seen[$0]++'; }

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
  logged "$1-configure.log" cmake --preset mine -B "$root/build/$1" "-DNN_OVERLAY=$2" "-DCMAKE_CXX_FLAGS_RELEASE=$flags" || {
    tail -n 20 "$root/build/$1-configure.log" >&2
    fail "CMake could not configure the build; all it said is in build/$1-configure.log"
  }
  patiently "$1-build.log" cmake --build "$root/build/$1" --target "$3" || {
    awk -v root="$root/" -f "$root/tools/compile_errors.awk" "$root/build/$1-build.log" >&2
    fail "it does not compile; all that the compiler said is in build/$1-build.log"
  }
}

run_check() {
  local report=$root/build/check-report.txt count where
  rm -f "$root/my/$chapter/.checked"
  if (cd "$root" && NN_READER=1 "build/check/bin/${chapter}_test" 2>&1) | tee "$report"; then
    remember holds
    count=$(grep -c '^  ok ' "$report") || true
    printf '\nchapter %s: all %s properties hold. ' "$number" "$count"
    say_what_is_left
    return
  fi
  where=$(sed -n 's/^not written yet: \([^ ]*\) in .*/\1/p' "$report")
  if [ -n "$where" ]; then
    remember stopped "$where"
  else
    where=$(as_hinted "$(sed -n 's/^  no   \([^:]*\):.*/\1/p' "$report")")
    remember fails "$where"
    echo "next: mend it in my/$chapter/, then  ./learn check $number  again; hint:  ./learn hint $number${where:+ $where}"
  fi
  return 1
}

# What the check found, of which version of the reader's files, and where.
remember() { echo "$1 $(fingerprint "$chapter") ${2:-}" >"$root/my/$chapter/.checked"; }

# All holds; but a not_written may stand where nothing comes by, behind a return.
say_what_is_left() {
  local place
  place=$(my_files "$chapter" | while IFS= read -r file; do grep -n '^[^/]*not_written("' "$file" /dev/null; done | head -n 1) || true
  if [ -z "$place" ]; then
    echo "Next:  $(next_of_all)"
    return
  fi
  place=${place#"$root/"}
  echo "What is left: delete the line with not_written in $(printf '%s\n' "$place" | cut -d: -f1,2)
(until then the chapter does not count as written, and  ./learn mine  takes the course's)"
  return 1
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
  if [ -z "$exercise" ]; then
    echo "chapter $number: everything is written and holds. There are hints for: $(join "$(hinted "$hints")");
for instance  ./learn hint $number $(hinted "$hints" | head -n 1)"
    return
  fi
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

remark() { [ "$1" -eq "$2" ] && echo ", the last" || echo "; $(($2 - $1)) more:  ./learn hint $number $exercise"; }

# The functions with hints, in order, each once.
hinted() { sed -n 's/^\[\(.*\)\]$/\1/p' "$1" | awk '!seen[$0]++'; }

# Where the reader is: where the last check ended, unless it was not written then and is by now; else the first
# function that is still to write. The first of all if nothing was checked yet, nothing if all holds.
stuck_at() {
  local left found where
  left=$(unwritten "$chapter")
  found=$(last_check "$chapter")
  where=${found##* }
  case $found in
    fails*) ;;
    stopped*) printf '%s\n' "$left" | grep -q -F -x "$where" || where='' ;;
    *) where='' ;;
  esac
  [ -z "$where" ] || ! hinted "$1" | grep -q -F -x "$where" || { echo "$where"; return; }
  if [ -n "$left" ]; then
    printf '%s\n' "$left" | head -n 1
  elif [ "$(verdict "$chapter")" != holds ]; then
    hinted "$1" | head -n 1
  fi
}

# As the check names it: Dense::backward is dense_backward, MiniBatches::shuffle is mini_batches_shuffle.
as_reported() {
  printf '%s\n' "$1" | sed -e 's/::/_/g' -e 's/\([a-z0-9]\)\([A-Z]\)/\1_\2/g' | tr '[:upper:]' '[:lower:]'
}

# The other way round: the function of this chapter with hints that the check names so; else nothing.
as_hinted() {
  local each hints=$root/chapters/$chapter/hints.txt
  [ -f "$hints" ] || return 0
  for each in $(hinted "$hints"); do
    [ "$(as_reported "$each")" != "$1" ] || { echo "$each"; return; }
  done
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
  local chapter
  for chapter in $(list_chapters); do
    [ "$(course_exercises "$chapter")" -eq 0 ] || printf '  %-16s %s\n' "$chapter" "$(state_of "$chapter")"
  done
  echo
  echo "next:  $(next_of_all)"
}

# What comes next: first what is begun, then the chapter behind the last one that is done, then any other.
next_of_all() {
  local each begun='' behind='' fresh='' held='' train="train with what you wrote:  ./learn mine train"
  for each in $(list_chapters); do
    [ "$(course_exercises "$each")" -gt 0 ] || continue
    case $(state_of "$each") in
      *hold) behind='' held=yes ;;
      "not started"*) fresh=${fresh:-$each} behind=${behind:-$each} ;;
      *) begun=${begun:-$each} ;;
    esac
  done
  fresh=${behind:-$fresh}
  if [ -n "$begun" ]; then
    next_step "$begun"
  elif [ -z "$fresh" ]; then
    echo "everything is written and holds; $train"
  else
    echo "chapters/$fresh/README.md, then  ./learn start $((10#${fresh%%_*}))${held:+; or $train}"
  fi
}

course_exercises() {
  local file
  for file in $(exercise_files "$1"); do exercise_names "$root/chapters/$1/$file"; done | sort -u | grep -c .
}

# What the last check said of a chapter, "holds 123 45", "fails 123 45 softmax" or nothing.
last_check() { cat "$root/my/$1/.checked" 2>/dev/null || true; }

# holds, fails, unchecked or (checked, but not as it is now) changed
verdict() {
  case "$(last_check "$1")" in
    '') echo unchecked ;;
    "holds $(fingerprint "$1")"*) echo holds ;;
    "fails $(fingerprint "$1")"*) echo fails ;;
    *) echo changed ;;
  esac
}

state_of() {
  local all left found=''
  all=$(course_exercises "$1")
  if [ -z "$(my_files "$1")" ]; then
    echo "not started ($all to write)"
    return
  fi
  left=$(unwritten "$1" | grep -c .) || true
  case "$(verdict "$1") $left" in
    "fails "*) found=", and the check finds a mistake" ;;
    "holds 0") found=", and they hold" ;;
    "unchecked 0" | "changed 0") found=", not checked since" ;;
  esac
  echo "$((all - left)) of $all written$found"
}

# Of a chapter that is begun.
next_step() {
  local number=$((10#${1%%_*})) where
  case $(state_of "$1") in
    *mistake)
      where=$(last_check "$1")
      where=${where##* }
      echo "mend ${where:-it} in my/$1, then  ./learn check $number"
      ;;
    *since) echo "./learn check $number" ;;
    *)
      where="write $(unwritten "$1" | head -n 1)"
      [ "$(verdict "$1")" != holds ] || where="delete the line with not_written of $(unwritten "$1" | head -n 1)"
      echo "$where in my/$1, then  ./learn check $number"
      ;;
  esac
}

# --- mine -----------------------------------------------------------------------------------------------------

mine() {
  local overlay='' whose left
  prepare
  for chapter in $(list_chapters); do
    whose="the course's"
    if is_finished "$chapter"; then
      overlay="$overlay;$chapter"
      case $(verdict "$chapter") in
        holds) whose=yours ;;
        fails) whose="yours, its check is red" ;;
        changed) whose="yours, not checked since it changed" ;;
        *) whose="yours, not checked yet:  ./learn check $((10#${chapter%%_*}))" ;;
      esac
    elif [ -n "$(my_files "$chapter")" ]; then
      left=$(join "$(unwritten "$chapter")")
      whose="the course's; in yours is still to write: $left"
      [ "$(verdict "$chapter")" != holds ] || whose="the course's; in yours a line with not_written is left: $left"
    fi
    printf '  %-16s %s\n' "$chapter" "$whose"
  done
  [ $# -gt 0 ] || fail "what shall it do? For instance:  ./learn mine train" 2
  echo
  build_mine mine "${overlay#;}" digits
  [ "$1" != page ] || serve_page "$root/build/mine"
  exec "$root/build/mine/bin/digits" "$@"
}
