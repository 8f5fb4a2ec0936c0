#!/usr/bin/env bash
# ./learn check and ./learn mine, with a compiler.   exercises_test.sh FOLDER softmax|holes|mine
set -euo pipefail
# shellcheck source=tests/learn/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
copy_course "$1"
learn="$course/learn"
mine="$course/my/03_softmax/softmax.hpp"
ours="$course/chapters/03_softmax/softmax.hpp"
answers="$source_root/tests/learn/wrong_answers/03_softmax.txt"
cd /

# The reader's file, with holes only for the exercises named here: the course's lines fill the others.
leave_unwritten() {
  local hole=" $* "
  awk -v holes="$hole" -v path=my/03_softmax/softmax.hpp '
    /^#include/ && !included { print "#include \"common/not_written.hpp\""; included = 1 }
    $1 == "//" && $2 == "[write" {
      name = $3; sub(/\]$/, "", name)
      cutting = index(holes, " " name " ")
      if (cutting) print "  nn::not_written(\"" name "\", \"" path "\", 3);"
    }
    !cutting { print }
    $1 == "//" && $2 == "[/write]" { cutting = 0 }' "$ours" >"$mine"
}

# --- softmax: chapter 03 as its reader goes through it

check_stops_at_the_first_hole() {
  local hole line
  run "$learn" start 3
  for hole in softmax_naive softmax sum_of_others log_sum_exp log_softmax; do
    line=$(grep -n "not_written(\"$hole\"" "$mine" | cut -d: -f1)
    run "$learn" check 3
    expect_code 1
    expect_says "not written yet: $hole in my/03_softmax/softmax.hpp:$line, next: write it; hint: ./learn hint 3"
    expect_does_not_say "  no   "
    fill "$hole"
  done
}
# The next hole in order is filled with the course's lines.
fill() {
  case $1 in
    softmax_naive) leave_unwritten softmax sum_of_others log_sum_exp log_softmax ;;
    softmax) leave_unwritten sum_of_others log_sum_exp log_softmax ;;
    sum_of_others) leave_unwritten log_sum_exp log_softmax ;;
    log_sum_exp) leave_unwritten log_softmax ;;
    *) leave_unwritten none ;;
  esac
}

the_course_s_own_code_passes() {
  run "$learn" check 3
  expect_code 0; expect_says "  ok   softmax: every row sums to 1"; expect_says "properties hold"; expect_says "./learn mine train"
  run "$learn" progress
  expect_says "5 of 5 written, and they hold"
}

# Another version of the course: check says so. The file is put back as it was.
a_changed_course_is_said() {
  cp -p "$ours" "$course/kept"
  echo "// changed" >>"$ours"
  run "$learn" check 3
  expect_code 0; expect_says "chapters/03_softmax/softmax.hpp has changed since"
  cp -p "$course/kept" "$ours"
}

a_compile_error_shows_its_place() {
  sed 's/\(T sum(0)\);/\1/' "$course/kept" >"$mine"
  run "$learn" check 3
  expect_code 1; expect_says "my/03_softmax/softmax.hpp:"; expect_says "error:"; expect_does_not_say "$course/my"
  [ "$(printf '%s\n' "$said" | wc -l)" -le 24 ] || complain "no more than the first errors"
}

a_crash_names_the_property() {
  sed 's/\(const auto z = logits.values.row(i)\);/const auto z = logits.values.row(i + 1000000);/' "$course/kept" >"$mine"
  run "$learn" check 3
  expect_code 1; expect_says "  no   softmax: "; expect_says "next: mend it"
}

wrong_answers_fail() {
  local number=0 answer shows
  # Its own list of descriptors: run gives its commands no input.
  while IFS= read -r answer <&3; do
    number=$((number + 1))
    shows=$(grep -A 1 -F -x "$answer" "$answers" | sed -n 's/^shows: //p')
    awk -v nth="$number" -f "$source_root/tests/learn/wrong_answer.awk" "$answers" "$ours" >"$mine"
    run "$learn" check 3
    echo "-- $answer"; printf '%s\n' "$said" | grep -v '^  ok'
    expect_code 1; expect_says "  no   ${answer%%:*}: "; expect_says "$shows"; expect_says "tests/03_softmax_test.cpp:"
  done 3< <(awk -v list=1 -f "$source_root/tests/learn/wrong_answer.awk" "$answers")
  [ "$number" -ge 4 ] || complain "at least four wrong answers"
}

# --- holes: the reader's copy of every chapter compiles, and its check says what to write

every_chapter_has_holes_that_compile() {
  local folder chapter
  for folder in "$course"/chapters/[0-9][0-9]_*/; do
    chapter=$(basename "$folder")
    [ -f "$course/tests/${chapter}_test.cpp" ] || continue
    run "$learn" start "$chapter"
    run "$learn" check "$chapter"
    echo "-- $chapter: $(printf '%s\n' "$said" | grep '^not written yet')" || true
    expect_code 1; expect_says "not written yet: "; expect_says "my/$chapter/"
    rm -rf "$course/my/$chapter"
  done
}

# --- mine: the classifier with chapters of the reader's

mine_takes_what_is_finished() {
  run "$learn" start 2
  run "$learn" start 3
  leave_unwritten none
  run "$learn" mine --help
  expect_code 0; expect_says "evaluate" # digits itself speaks
  expect_says "02_relu          the course's; in yours is still to write: step"
  expect_says "03_softmax       yours"; expect_says "04_from_logits   the course's"
  [ "$(cat "$course/build/mine/include/03_softmax/softmax.hpp")" = "#include \"$mine\"" ] ||
    complain "softmax.hpp should come from my/"
  case $(cat "$course/build/mine/include/02_relu/activations.hpp") in
    *"/my/"*) complain "activations.hpp should come from chapters/" ;;
  esac
}

case $2 in
  softmax)
    check_stops_at_the_first_hole
    the_course_s_own_code_passes
    a_changed_course_is_said
    a_compile_error_shows_its_place
    a_crash_names_the_property
    wrong_answers_fail
    ;;
  holes) every_chapter_has_holes_that_compile ;;
  mine) mine_takes_what_is_finished ;;
  *) echo "softmax, holes or mine" >&2; exit 2 ;;
esac
finish
