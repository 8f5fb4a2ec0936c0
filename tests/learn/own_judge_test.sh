#!/usr/bin/env bash
# The reader's code is never its own judge: a gradient checker in my/ that finds nothing wrong does not let a wrong
# backward pass, and is found out itself.   own_judge_test.sh FOLDER
set -euo pipefail
# shellcheck source=tests/learn/support.sh
. "$(dirname "${BASH_SOURCE[0]}")/support.sh"
copy_course "$1"
mine="$course/my/05_backprop"
ours="$course/chapters/05_backprop"

# A checker to whom everything is right; the rest is the course's lines.
write_all 05_backprop
sed -e 's/double relative_error() const {.*/double relative_error() const { return 0; }/' \
  -e '/Verdict verdict(double tolerance) const {/,/^  }/c\  Verdict verdict(double) const { return Verdict::kCorrect; }' \
  "$ours/gradient_check.hpp" >"$mine/gradient_check.hpp"
grep -q 'return Verdict::kCorrect; }' "$mine/gradient_check.hpp" || complain "the checker should be always true"

run "$learn" check 5
expect_code 1; expect_says "  no   gradient_check: "

awk -v nth=7 -f "$source_root/tests/learn/wrong_answer.awk" \
  "$source_root/tests/learn/wrong_answers/05_backprop.txt" "$ours/dense_layer.hpp" >"$mine/dense_layer.hpp"
run "$learn" check 5
expect_code 1; expect_says "  no   dense_backward_parameters: gives the numbers done by hand"
finish
