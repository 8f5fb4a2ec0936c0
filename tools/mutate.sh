#!/usr/bin/env bash
# Would the tests notice? Changes the code in one place after another (tools/mutants.txt), in a copy of the last commit,
# and runs the tests of that chapter, then those of the later ones. Records what they noticed in docs/results/mutants.md.
#   tools/mutate.sh [PATTERN]    only the lines of mutants.txt that match (then nothing is recorded)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pattern=${1:-}
work=$PWD/build/mutants
copy=$work/source
tab=$(printf '\t')

fail() {
  echo "mutate: $1" >&2
  exit 1
}

# The text of a file with the first `old` in it replaced; \n in old and new is a new line. Fails if it is not there.
changed() {
  OLD=$2 NEW=$3 awk 'BEGIN { RS = "\001"; old = ENVIRON["OLD"]; new = ENVIRON["NEW"]; gsub(/\\n/, "\n", old); gsub(/\\n/, "\n", new) }
    { at = index($0, old); if (!at) exit 1; printf "%s%s%s", substr($0, 1, at - 1), new, substr($0, at + length(old)) }' "$1"
}

# noticed TARGET...: true if a test program of these does not build or fails; how, in $how.
noticed() {
  local target
  for target; do
    if ! cmake --build "$work/build" --target "$target" >"$work/log" 2>&1; then
      how="does not compile"
      return 0
    fi
    if ! timeout 300 "$work/build/bin/$target" --gtest_brief=1 >"$work/log" 2>&1; then
      how="$target: $(sed -n 's/^\[  FAILED  \] \([^ ,]*\).*/\1/p' "$work/log" | head -n 1)"
      return 0
    fi
  done
  return 1
}

# The test programs that may notice a change in a chapter: its own, then those of later ones and the further ones.
targets_of() {
  local chapter=$1 each
  echo "${chapter}_test"
  for each in tests/[0-9][0-9]_*_test.cpp; do
    each=$(basename "$each" .cpp)
    [[ $each > ${chapter}_test ]] && echo "$each"
  done
  [ "${chapter%%_*}" -gt 5 ] || echo "accuracy_04_from_logits_test gradients_layers_test gradients_diagnosis_test"
  [ "${chapter%%_*}" -gt 3 ] || echo "accuracy_03_softmax_test"
  [ "${chapter%%_*}" -gt 7 ] || echo pytorch_agreement_test
}

rm -rf "$copy"
mkdir -p "$copy"
git archive HEAD | tar -x -m -C "$copy" # with the date of now, so that nothing of a former run is taken for built
# First of all, so that a line that is out of date does not end a run of an hour.
while IFS=$tab read -r file old new; do
  case $file in '#'*) continue ;; esac
  changed "$copy/chapters/$file" "$old" "$new" >/dev/null || fail "tools/mutants.txt is out of date: $file has no: $old"
done <tools/mutants.txt
cmake -S "$copy" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="-O1 -w" >"$work.log" 2>&1 || fail "cannot be configured: $work.log"
# shellcheck disable=SC2046 # lists
noticed $(targets_of 01_matrix) && fail "the tests fail without any change: $how"

all=0 caught=0 survivors=''
while IFS=$tab read -r file old new; do
  case $file in '#'*) continue ;; esac
  [ -z "$pattern" ] || [[ "$file $old" == *$pattern* ]] || continue
  original=$work/original
  cp -p "$copy/chapters/$file" "$original"
  changed "$original" "$old" "$new" >"$work/changed"
  cp "$work/changed" "$copy/chapters/$file"
  all=$((all + 1))
  # shellcheck disable=SC2046 # lists
  if noticed $(targets_of "${file%%/*}"); then
    [ "$how" != "does not compile" ] || fail "$file: does not compile with: $new"
    caught=$((caught + 1))
  else
    how=SURVIVED
    survivors="$survivors
| \`$file\` | \`$old\` | \`$new\` |"
  fi
  echo "$all $file: $old -> $new: $how"
  cp "$original" "$copy/chapters/$file" # with a new date, so that it is built again
done <tools/mutants.txt

echo "$caught of $all changes were noticed$survivors"
[ -z "$pattern" ] || exit 0
{
  echo "The tests noticed $caught of $all changes (recorded by \`tools/mutate.sh\`)."
  [ -z "$survivors" ] || printf '\nNot noticed:\n\n| file | was | became |\n|---|---|---|%s\n' "$survivors"
} >docs/results/mutants.md
