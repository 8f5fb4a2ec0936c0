#!/usr/bin/env bash
# The tests that take too long for every change; docs/testing.md says what each proves.
#   tools/long_tests.sh fuzz [SECONDS [PARSER...]]   look for inputs on which a parser fails, 30 s for each of five
#   tools/long_tests.sh faults           let each call that touches a file fail in turn, and count them
#   tools/long_tests.sh kills [COUNT]    kill a training run 100 times and go on
#   tools/long_tests.sh bits             the same bits with every compiler, build, product, SIMD instruction set and number of threads
#   tools/long_tests.sh memory           every test under the address and undefined-behavior sanitizers
#   tools/long_tests.sh threads          the threaded tests under the thread sanitizer
#   tools/long_tests.sh mutants          change the code in many places, and count what the tests notice
#   tools/long_tests.sh coverage         which lines no test runs
# Each but threads records its result in docs/results.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

fail() {
  echo "long_tests: $1" >&2
  exit 1
}

# record NAME: standard input becomes docs/results/NAME.md, and is shown.
record() { tee "docs/results/$1.md"; }

# configured FOLDER PRESET [OPTION...]
configured() {
  local folder=$1 preset=$2
  shift 2
  cmake --preset "$preset" -B "$folder" "$@" >"$folder.log" 2>&1 || fail "cannot be configured: $folder.log"
}

fuzz() {
  local seconds=${1:-30} build=build/fuzz name longest found=build/fuzz/found parsers="idx_raw idx_gzip safetensors image options"
  [ $# -lt 2 ] || parsers=${*:2}
  command -v clang++ >/dev/null || fail "needs clang and its libFuzzer (Debian: apt-get install clang libclang-rt-14-dev)"
  mkdir -p build "$found"
  configured "$build" fuzz
  cmake --build "$build" --target fuzzers --parallel "$jobs" >"$build.log" 2>&1 || fail "cannot be built: $build.log"
  for name in $parsers; do
    mkdir -p "$found/$name"
    longest=4096
    [ "$name" != image ] || longest=600 # a few kilobytes may hold many megapixels, and take long
    # FUZZ_TIMEOUT: seconds that one input may take; FUZZ_RUNS: after so many inputs it is enough. For machines that are
    # stopped at times.
    # What it finds interesting goes into the first folder; tests/fuzz/corpus is only read.
    "$build/bin/fuzz_$name" -max_total_time="$seconds" -runs="${FUZZ_RUNS:--1}" -max_len="$longest" -timeout="${FUZZ_TIMEOUT:-60}" -rss_limit_mb=2048 -print_final_stats=1 \
      -artifact_prefix="$found/finding-$name-" "$found/$name" "tests/fuzz/corpus/$name" >"$found/$name.log" 2>&1 ||
      fail "a finding: $found/$name.log"
    sed -n "s/^Done \([0-9]*\) runs in \([0-9]*\) second.*/| $name | \1 | \2 s | 0 |/p" "$found/$name.log" | tee "$found/$name.row"
  done
  # A short look is not what the page reports.
  [ "$seconds" -ge 600 ] || return 0
  {
    echo '| parser | inputs tried | in | findings |'
    echo '|---|---|---|---|'
    cat "$found"/*.row
    printf '\nRecorded by `tools/long_tests.sh fuzz SECONDS PARSER`.\n'
  } | record fuzz
}

faults() {
  cmake --build build/release --target faults_test digits >build/faults.log 2>&1 || fail "cannot be built: build/faults.log"
  build/release/bin/faults_test --gtest_output=json:build/faults.json >build/faults.log || fail "a fault was not survived: build/faults.log"
  {
    echo '| call that fails | places in one training run |'
    echo '|---|---|'
    awk -F'"' '/"name": "that_fails_/ { sub(/.*\//, "", $4); call = $4 }
      /"failures": "/ { print "| `" call "` | " $4 " |"; all += $4 }
      END { print "| in all | " all " |" }' build/faults.json
    printf '\nRecorded by `tools/long_tests.sh faults`.\n'
  } | record faults
}

kills() {
  local wanted=${1:-100}
  cmake --build build/release --target kills_test digits >build/kills.log 2>&1 || fail "cannot be built: build/kills.log"
  NN_KILLS=$wanted build/release/bin/kills_test >build/kills.log || fail "bits were lost: build/kills.log"
  {
    sed -n 's/^\(.*\): \(.* kills, .*\)/* recipe \1: \2/p' build/kills.log
    printf '\nRecorded by `tools/long_tests.sh kills %s`.\n' "$wanted"
  } | record kills
}

# The numbers of one epoch on the sample: every step's loss and the model.
numbers_of() {
  local digits=$1 work=$2
  shift 2
  "$digits" train --data sample --epochs 1 --quiet --save "$work/m" --json "$work/j" "$@" >/dev/null
  { sed -n '/"step_losses"/,/\]/p' "$work/j"; cat "$work/m"; } | cksum
}

# names_of fused|plain: the kinds of vectors in such lines of widths_09_fast_training_test, each once, with commas between.
names_of() { sed -n "s/^$1 [^ ]* //p" | tr ' ' '\n' | awk '!seen[$0]++ { all = all (all ? ", " : "") $0 } END { print all }'; }

bits() {
  local work compiler compilers='' type folder threads product numbers first_fused='' first_plain='' widths first_widths='' runs=0
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the name of now: the variable is gone when the script ends
  trap "rm -rf '$work'" EXIT
  for compiler in g++ clang++; do
    command -v "$compiler" >/dev/null || continue
    compilers="${compilers:+$compilers and }$("$compiler" --version | sed -n '1{s/ (.*) / /;p;}')"
    for type in Release Debug; do
      folder=build/bits-$compiler-$type
      configured "$folder" release -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE="$type"
      cmake --build "$folder" --target digits widths_09_fast_training_test --parallel "$jobs" >"$folder.log" 2>&1 || fail "cannot be built: $folder.log"
      "$folder/bin/widths_09_fast_training_test" --gtest_brief=1 >"$folder.log" || fail "other bits: $compiler $type, kinds of vectors: $folder.log"
      # The sums, without the names behind them: where g++ has SCALAR as its plainest, clang has EMU128.
      widths=$(sed -n 's/^\(fused [^ ]*\|plain [^ ]*\) .*/\1/p' "$folder.log")
      : "${first_widths:=$widths}"
      [ "$widths" = "$first_widths" ] || fail "other bits: $compiler $type, $(grep -E '^(fused|plain)' "$folder.log" | tr '\n' ' ')"
      grep -E '^(fused|plain) ' "$folder.log" >>"$work/widths"
      for threads in 1 2 3 8; do
        for product in $("$folder/bin/digits" train --matmul list | awk 'NR > 1 { print $1 }'); do
          numbers=$(numbers_of "$folder/bin/digits" "$work" --threads "$threads" --matmul "$product" --hidden 64)
          runs=$((runs + 1))
          case $product in
            # They round each product and each sum; the others use fused multiply-add and round once.
            plain | loop_order | tiled)
              : "${first_plain:=$numbers}"
              [ "$numbers" = "$first_plain" ] || fail "other bits: $compiler $type, $threads threads, product $product"
              ;;
            *)
              : "${first_fused:=$numbers}"
              [ "$numbers" = "$first_fused" ] || fail "other bits: $compiler $type, $threads threads, product $product"
              ;;
          esac
        done
      done
    done
  done
  {
    echo "$runs runs of an epoch: $compilers, in Release and Debug, with 1, 2, 3 and 8 threads and every product of chapter"
    echo "06. All products with fused multiply-add gave the same loss at every step and the same model, to the last bit; so"
    echo "did, among themselves, those without."
    echo
    echo "The same epoch in each of these builds with every SIMD instruction set of the processor: with fused multiply-add"
    printf '(%s) all agree, and so do, among themselves, those without (%s).\n' \
      "$(names_of fused <"$work/widths")" "$(names_of plain <"$work/widths")"
    printf '\nRecorded by `tools/long_tests.sh bits`.\n'
  } | record bits
}

memory() {
  mkdir -p build
  configured build/debug debug
  cmake --build build/debug --parallel "$jobs" >build/debug.log 2>&1 || fail "cannot be built: build/debug.log"
  ctest --preset debug --parallel "$jobs" --label-exclude exercises 2>&1 | tee build/memory.log
  {
    echo "$(grep -c '^ *[0-9]*/[0-9]* Test .* Passed ' build/memory.log) tests passed under the address and undefined-behavior sanitizers."
    sed -n 's/^[[:space:]]*[0-9]* - \([^ ]*\).* (Skipped)$/* left out: `\1`/p' build/memory.log
    printf '\nRecorded by `tools/long_tests.sh memory`.\n'
  } | record memory
}

threads() {
  mkdir -p build
  configured build/thread thread
  cmake --build build/thread --target common_thread_pool_test 06_simd_matmul_test 09_fast_training_test 10_mnist_test digits --parallel "$jobs" >build/thread.log 2>&1 ||
    fail "cannot be built: build/thread.log"
  build/thread/bin/common_thread_pool_test --gtest_brief=1
  build/thread/bin/06_simd_matmul_test --gtest_brief=1
  build/thread/bin/09_fast_training_test --gtest_brief=1
  build/thread/bin/10_mnist_test --gtest_brief=1
  build/thread/bin/digits train --data sample --epochs 1 --threads 3 --quiet | grep accuracy
  echo "no race found"
}

# Lines that were run, by folder; which were not stands in build/coverage/*.gcov.
coverage() {
  mkdir -p build
  configured build/coverage coverage -DNN_BUILD_PLOTS=ON -DNN_BUILD_BENCHMARKS=OFF
  cmake --build build/coverage --parallel "$jobs" >build/coverage.log 2>&1 || fail "cannot be built: build/coverage.log"
  # Two tests forbid their programs to write files, and then the counts cannot be written, either.
  ctest --test-dir build/coverage --parallel "$jobs" --label-exclude exercises \
    --exclude-regex 'limit_on_the_size_of_files|folder_that_may_only_be_read' >build/coverage/ctest.log 2>&1 ||
    fail "tests failed: build/coverage/ctest.log"
  find "$PWD/build/coverage" -name '*.gcda' >build/coverage/data
  (cd build/coverage && xargs gcov --preserve-paths --relative-only --source-prefix "$OLDPWD" <data 2>/dev/null) >build/coverage/gcov.log
  # A line of a template stands there once for each type: it was run if it was run for one of them.
  awk -v OFS='\t' -F: '$3 == "Source" { file = $4 }
    file ~ /^tests/ { next }
    $1 ~ /#####|=====|^ *[0-9]+\*?$/ { if (!seen[file, $2]++) total[file]++ }
    $1 ~ /^ *[0-9]+\*?$/ { if (!run[file, $2]++) ran[file]++ }
    END { for (file in total) print ran[file] + 0, total[file], file }' build/coverage/*.gcov |
    sort -k3 >build/coverage/lines
  awk '{ run += $1; all += $2; printf "%6.1f%%  %4d of %4d  %s\n", 100 * $1 / $2, $1, $2, $3 }' build/coverage/lines
  awk '{ run += $1; all += $2 }
    END { printf "%.1f%% of %d lines.\n\nRecorded by `tools/long_tests.sh coverage`.\n", 100 * run / all, all }' build/coverage/lines | record coverage
}

case ${1:-} in
  fuzz | faults | kills | bits | memory | threads | coverage) "$@" ;;
  mutants) shift && exec tools/mutate.sh "$@" ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" ;;
esac
