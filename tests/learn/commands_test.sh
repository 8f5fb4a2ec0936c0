#!/usr/bin/env bash
# What ./learn does without a compiler: usage, start, hint, progress.   commands_test.sh FOLDER
set -euo pipefail
# shellcheck source=tests/learn/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
copy_course "$1"
mine="$course/my/03_softmax"

usage() {
  run "$learn" no-such-verb
  expect_code 2; expect_lines 1; expect_says no-such-verb
  run "$learn" start 99
  expect_code 2; expect_lines 1; expect_says 03_softmax
  run "$learn" check
  expect_code 2; expect_lines 1
  run "$learn" check 3
  expect_code 2; expect_says "./learn start 3"
  run "$learn" 4 no-such-demonstration
  expect_code 2; expect_lines 1; expect_says "no-such-demonstration"; expect_says "there is: break_points gradient placement"
  run "$learn" 3 no-such-demonstration
  expect_code 2; expect_lines 1; expect_says "there is: variations"
  run "$learn" help
  expect_code 0
  for verb in test start check hint progress mine digits plots bench doctor; do expect_says "./learn $verb"; done
}

start_cuts_the_answers_out() {
  local hole line
  run "$learn" start 3
  expect_code 0; expect_says my/03_softmax/softmax.hpp
  expect_no_file "$mine/logits.hpp" # there is nothing to write in it
  run cat "$mine/softmax.hpp"
  for hole in softmax_naive softmax sum_of_others log_sum_exp log_softmax; do
    expect_says "// Write $hole here (hint: ./learn hint 3), then delete the next line."
    expect_says "nn::not_written(\"$hole\", \"my/03_softmax/softmax.hpp\", 3);"
  done
  expect_says '#include "common/not_written.hpp"'
  expect_says 'p[i][j] = exp(z[i][j])' # the formulas stay
  expect_does_not_say '[show'
  expect_does_not_say '[write'
  # Not one line of an answer is left, but those that stand elsewhere too.
  local chapter="$course/chapters/03_softmax/softmax.hpp"
  sed '/\[write/,/\[\/write\]/d' "$chapter" >"$course/rest"
  sed -n '/\[write/,/\[\/write\]/p' "$chapter" | grep -v '^ *//' | grep '[a-z]' | grep -v -x -F -f "$course/rest" >"$course/answers"
  while IFS= read -r line; do expect_does_not_say "$line"; done <"$course/answers"
}

start_never_overwrites() {
  echo "// mine" >>"$mine/softmax.hpp"
  cp "$mine/softmax.hpp" "$course/before"
  run "$learn" start 03_softmax
  expect_code 0; expect_says "yours already"; expect_same_file "$mine/softmax.hpp" "$course/before"
}

# A file that the course gave another exercise later is added, the others stay.
start_adds_what_is_missing() {
  run "$learn" start 5
  cp "$course/my/05_backprop/.made-from" "$course/before"
  rm "$course/my/05_backprop/network.hpp"
  run "$learn" start 05
  expect_code 0; expect_says "written  my/05_backprop/network.hpp"; expect_says "kept     my/05_backprop/dense_layer.hpp"
  [ "$(sort "$course/my/05_backprop/.made-from")" = "$(sort "$course/before")" ] || complain "the record should be as before"
}

every_hole_is_cut() {
  local file
  for file in "$course"/chapters/*/; do
    file=${file%/}
    run "$learn" start "${file##*/}"
    expect_code 0
  done
  run "$learn" progress
  expect_code 0
  [ "$(cat "$course"/my/*/*.?pp | grep -c 'not_written("')" -eq "$(cat "$course"/chapters/*/*.?pp | grep -c '// \[write ')" ] ||
    complain "as many holes as exercises"
}

hints_come_one_by_one() {
  run "$learn" hint 3
  expect_code 0; expect_says "softmax_naive, hint 1 of 3; 2 more:  ./learn hint 3 softmax_naive"
  run "$learn" hint 3
  expect_says "hint 2 of 3; 1 more"
  run "$learn" hint 3
  expect_says "hint 3 of 3, the last"
  run "$learn" hint 3
  expect_code 0; expect_says "these were all the hints"
  run "$learn" hint 3 log_softmax
  expect_code 0; expect_says "log_softmax, hint 1 of"
  run "$learn" hint 3 nothing
  expect_code 2; expect_lines 1; expect_says sum_of_others
  write_function softmax_naive
  run "$learn" hint 3
  expect_says "softmax, hint 1 of"
}

# Also where the check names a method in its own way, and before what is still unwritten further down.
a_hint_is_for_what_the_check_stopped_at() {
  printf '[Dense::forward]\na\n---\n[Dense::backward]\nb\n---\n[Network::backward]\nc\n' >"$course/chapters/05_backprop/hints.txt"
  run "$learn" hint 5
  expect_says "Dense::forward, hint 1 of 1"
  found 05_backprop fails Network::backward
  run "$learn" hint 5
  expect_says "Network::backward, hint 1 of 1"
  run "$learn" progress
  expect_says "0 of 8 written, and the check finds a mistake"; expect_says "10_mnist         0 of 3 written"
  found 05_backprop stopped Dense::backward
  run "$learn" hint 5
  expect_says "Dense::backward, hint 1 of 1"
  sed '/not_written("Dense::backward"/d' "$course/my/05_backprop/dense_layer.hpp" >"$course/new"
  mv "$course/new" "$course/my/05_backprop/dense_layer.hpp"
  run "$learn" hint 5
  expect_says "Dense::forward: these were all the hints"
}

# As a reader would: the line with not_written goes, something else comes.
write_function() {
  sed "s|nn::not_written(\"$1\",.*|// written|" "$mine/softmax.hpp" >"$mine/new"
  mv "$mine/new" "$mine/softmax.hpp"
}

progress_counts() {
  run "$learn" progress
  expect_code 0; expect_says "1 of 5 written"; expect_says "next:  write matmul_plain in my/01_matrix"
  rm -rf "$course"/my/0[124-9]_* "$course"/my/10_*
  write_function softmax; write_function sum_of_others; write_function log_sum_exp
  found 03_softmax holds
  run "$learn" progress
  expect_says "4 of 5 written"; expect_says "next:  delete the line with not_written of log_softmax in my/03_softmax"
  write_function log_softmax
  run "$learn" progress
  expect_says "5 of 5 written, not checked since"; expect_says "next:  ./learn check 3"
  found 03_softmax fails softmax
  run "$learn" progress
  expect_says "5 of 5 written, and the check finds a mistake"; expect_says "next:  mend softmax in my/03_softmax, then"
  found 03_softmax holds
  run "$learn" progress
  expect_says "5 of 5 written, and they hold"; expect_says "next:  chapters/04_from_logits/README.md, then  ./learn start 4; or train"
  run "$learn" hint 3
  expect_code 0; expect_says "chapter 3: everything is written and holds"; expect_says "./learn hint 3 softmax_naive"
}

nothing_to_run_is_one_line() {
  rm -f "$course"/plots/*.cpp "$course"/benchmarks/*.cpp
  run "$learn" plots
  expect_code 1; expect_lines 1
  run "$learn" plots 3
  expect_code 1; expect_lines 1
  run "$learn" bench
  expect_code 1; expect_lines 1
}

# Before anything is built.
mine_asks_what_for() {
  run "$learn" mine
  expect_code 2; expect_says "03_softmax"; expect_says "For instance:  ./learn mine train"
  expect_no_file "$course/build/mine"
}

usage
start_cuts_the_answers_out
start_never_overwrites
start_adds_what_is_missing
every_hole_is_cut
hints_come_one_by_one
a_hint_is_for_what_the_check_stopped_at
progress_counts
nothing_to_run_is_one_line
mine_asks_what_for
finish
