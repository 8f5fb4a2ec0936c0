#!/usr/bin/env bash
# ./learn check and ./learn mine, with a compiler.   exercises_test.sh FOLDER NN_name|softmax|mine
set -euo pipefail
# shellcheck source=tests/learn/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
copy_course "$1"
mine="$course/my/03_softmax/softmax.hpp"
ours="$course/chapters/03_softmax/softmax.hpp"

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
  run "$learn" start 3
  stops_at softmax_naive
  leave_unwritten sum_of_others log_sum_exp log_softmax
  stops_at sum_of_others
  leave_unwritten none
}
stops_at() {
  local line
  line=$(grep -n "not_written(\"$1\"" "$mine" | cut -d: -f1)
  run "$learn" check 3
  expect_code 1
  expect_says "not written yet: $1 in my/03_softmax/softmax.hpp:$line, next: write it; hint: ./learn hint 3"
  expect_does_not_say "  no   "
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

# The reader's code may be warned of; it is not refused for that.
a_warning_is_no_error() {
  sed 's/^  return sum;/  { const int sum = 0; static_cast<void>(sum); }\n&/' "$course/kept" >"$mine"
  run "$learn" check 3
  expect_code 0; expect_says "properties hold"
}

a_crash_names_the_property() {
  sed 's/\(const auto z = logits.values.row(i)\);/const auto z = logits.values.row(i + 1000000);/' "$course/kept" >"$mine"
  run "$learn" check 3
  expect_code 1; expect_says "  no   softmax: "; expect_says "next: mend it"; expect_says "./learn hint 3 softmax"
}

# All holds, but a line with not_written is left where nothing comes by.
a_line_behind_a_return_is_found() {
  local line
  sed 's|^  return sum;|&\n  nn::not_written("sum_of_others", "my/03_softmax/softmax.hpp", 3);|' "$course/kept" >"$mine"
  sed 's|^#include "01_matrix/argmax.hpp"|#include "common/not_written.hpp"\n&|' "$mine" >"$mine.new"
  mv "$mine.new" "$mine"
  line=$(grep -n 'not_written("' "$mine" | cut -d: -f1)
  run "$learn" check 3
  expect_code 1; expect_says "properties hold"
  expect_says "delete the line with not_written in my/03_softmax/softmax.hpp:$line"
  run "$learn" progress
  expect_says "4 of 5 written"; expect_says "delete the line with not_written of sum_of_others"
}

# --- NN_name: what stands in the holes of a chapter, what people write instead, and what they should

# The reader's copy compiles, and its check says what to write: the exercise that the hints begin with.
the_holes_compile() {
  local first
  first=$(sed -n '1s/^\[\(.*\)\]$/\1 in /p' "$course/chapters/$1/hints.txt")
  run "$learn" start "$1"
  run "$learn" check "$1"
  echo "-- $(printf '%s\n' "$said" | grep '^not written yet')"
  expect_code 1; expect_says "not written yet: $first"; expect_says "my/$1/"
}

# As in a check: Dense::backward is dense_backward.
reported() { printf '%s\n' "$1" | sed -e 's/::/_/g' -e 's/\([a-z]\)\([A-Z]\)/\1_\2/g' | tr '[:upper:]' '[:lower:]'; }

# All are built at once, each in a branch of its own beside the right one, which runs if none is chosen and passes.
every_wrong_answer_is_rejected() {
  local answers=$source_root/tests/learn/wrong_answers/$1.txt put=$source_root/tests/learn/wrong_answer.awk
  local file number=0 answer name shows
  cp "$source_root/tests/learn/switch.hpp" "$course/common"
  for file in "$course/my/$1"/*.?pp; do
    awk -v all=1 -f "$put" "$answers" "$course/chapters/$1/${file##*/}" >"$file"
  done
  run "$learn" check "$1"
  expect_code 0; expect_says "properties hold"
  [ "$code" -eq 0 ] || return 0
  # Its own list of descriptors: run gives its commands no input.
  while IFS= read -r answer <&3; do
    number=$((number + 1))
    name=${answer%%: *}
    shows=$(grep -A 1 -F -x "$answer" "$answers" | sed -n 's/^shows: //p')
    [ -n "$shows" ] || complain "'$answer' needs a line shows:"
    if [ "$number" -eq 1 ]; then
      NN_ANSWER=1 run "$learn" check "$1"
      expect_says "next: mend it in my/$1/"
    else # the program that was built, without a look at the machine and at the build each time
      NN_READER=1 NN_ANSWER=$number run "$course/build/check/bin/${1}_test"
    fi
    echo "-- $answer"; printf '%s\n' "$said" | sed '/^  ok/d'
    expect_code 1; expect_says "  no   $(reported "$name"): "; expect_says "$shows"; expect_says "tests/$1_test.cpp:"
  done 3< <(awk -v list=1 -f "$put" "$answers")
  [ "$number" -ge 3 ] || complain "at least three wrong answers"
  run "$learn" progress
  expect_says "the check finds a mistake"
}

# --- mine: training runs every exercise that is on its way, in the reader's files and not in ours

# One line an exercise: what training has to be told so that the exercise is on its way, or - if it never is.
# An exercise that is not here is on the way of a plain ./learn mine train.
cat >"$course/ways" <<'END'
class_means -
nearness -
step -
leaky_relu -
leaky_relu_derivative -
sigmoid -
sigmoid_derivative -
tanh_derivative -
gelu -
gelu_derivative -
elu -
elu_derivative -
slope -
softmax_naive -
log_sum_exp -
log_softmax -
one_hot -
cross_entropy_naive -
descent_step -
matmul_plain --matmul plain
rows_in_loop_order --matmul loop_order
add_tile --matmul tiled
Sgd::update --optimizer sgd
Momentum::update --optimizer momentum
decay_weights --weight-decay 0.1
Dropout::forward --dropout 0.2
Dropout::backward --dropout 0.2
bilinear --augment affine
AffineMap::source --augment affine
gaussian_matrix --augment elastic
add_bias_and_relu -
sparse_row_times -
add_sparse_gradient -
END

# The reader's files of a chapter, complete, but with a switch in every exercise.
write_switches() {
  local file name
  run "$learn" start "$1"
  for file in "$course/my/$1"/*.?pp; do
    name=${file##*/}
    awk -v path="my/$1/$name" -v number="$((10#${1%%_*}))" -f "$source_root/tests/learn/switch.awk" \
      "$course/chapters/$1/$name" >"$file"
  done
}

train="train --data sample --epochs 1 --hidden 16 --quiet"

training_runs_every_exercise() {
  local folder chapter exercise way options
  cp "$source_root/tests/learn/switch.hpp" "$course/common"
  for folder in "$course"/chapters/[0-9][0-9]_*/; do write_switches "$(basename "$folder")"; done
  # shellcheck disable=SC2086 # words
  run "$learn" mine $train
  expect_code 0; expect_says "01_matrix        yours"; expect_says "10_mnist         yours"; expect_does_not_say "course's"
  [ "$code" -eq 0 ] || return 0
  for folder in "$course"/my/[0-9][0-9]_*/; do
    chapter=$(basename "$folder")
    # shellcheck disable=SC2013 # names are words
    for exercise in $(sed -n 's|^ *// \[write \(.*\)\] *$|\1|p' "$folder"/*.?pp | sort -u); do
      way=$(sed -n "s/^$exercise //p" "$course/ways")
      options=$way
      [ "$way" != - ] || options=''
      # shellcheck disable=SC2086 # words
      NN_HOLE=$exercise run "$course/build/mine/bin/digits" $train $options
      echo "-- $chapter $exercise: $code $(printf '%s\n' "$said" | tail -n 1)"
      if [ "$way" = - ]; then
        expect_code 0
      else
        expect_code 1; expect_says "$exercise is not written yet: it is yours to write in my/$chapter/"
      fi
    done
  done
}

# Of what is begun, only what is finished: 02 has holes. As long as chapter 06 is the course's, the three loops of
# chapter 01 are what multiplies.
mine_takes_what_is_finished() {
  rm -rf "$course"/my/0[25-7]_* "$course"/my/10_*
  run "$learn" start 2
  # shellcheck disable=SC2086 # words
  NN_HOLE=matmul_plain run "$learn" mine $train
  expect_code 1; expect_says "matmul_plain is not written yet"
  expect_says "02_relu          the course's; in yours is still to write: step"
  expect_says "03_softmax       yours, not checked yet"; expect_says "06_simd_matmul   the course's"
  [ "$(cat "$course/build/mine/include/03_softmax/softmax.hpp")" = "#include \"$mine\"" ] ||
    complain "softmax.hpp should come from my/"
  case $(cat "$course/build/mine/include/02_relu/activations.hpp") in
    *"/my/"*) complain "activations.hpp should come from chapters/" ;;
  esac
  run "$learn" mine --help
  expect_code 0; expect_says "evaluate" # digits itself speaks
  found 03_softmax fails softmax
  run "$learn" mine --help
  expect_code 0; expect_says "03_softmax       yours, its check is red"
  found 03_softmax holds
  run "$learn" mine --help
  printf "%s\n" "$said" | grep -q -x "  03_softmax       yours" || complain "just yours"
}

case $2 in
  softmax)
    check_stops_at_the_first_hole
    the_course_s_own_code_passes
    a_changed_course_is_said
    a_compile_error_shows_its_place
    a_warning_is_no_error
    a_crash_names_the_property
    a_line_behind_a_return_is_found
    ;;
  [0-9]*)
    the_holes_compile "$2"
    every_wrong_answer_is_rejected "$2"
    ;;
  mine)
    training_runs_every_exercise
    mine_takes_what_is_finished
    ;;
  *) echo "NN_name, softmax or mine" >&2; exit 2 ;;
esac
finish
