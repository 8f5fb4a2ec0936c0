# For setup_test.sh: a copy of the course to work in, and expectations. Sourced.
# shellcheck shell=bash

source_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
failures=0

# A copy of the course in a folder of its own, with a blank in its name: the reader's my/ is not touched. What a
# former test built there is kept. Sets course; what is run there is run from elsewhere.
copy_course() {
  local each
  course="$1/the course"
  mkdir -p "$course"
  for each in "$source_root"/*; do
    case ${each##*/} in build | models | my) continue ;; esac
    rm -rf "${course:?}/${each##*/}"
    cp -Rp "$each" "$course"
  done
  rm -rf "$course/my"
  unset NN_READER
  cd /
}

# run COMMAND...: its exit code in code, what it said in said.
run() {
  code=0
  said=$("$@" 2>&1 </dev/null) || code=$?
  last_command=$*
}

complain() {
  failures=$((failures + 1))
  printf 'FAILED: %s\n  command: %s\n  exit code: %s\n%s\n' "$1" "$last_command" "$code" "$said" | sed '4,$s/^/  | /'
}

expect_code() { [ "$code" -eq "$1" ] || complain "the exit code should be $1"; }
expect_says() { case $said in *"$1"*) ;; *) complain "it should say: $1" ;; esac; }
expect_does_not_say() { case $said in *"$1"*) complain "it should not say: $1" ;; esac; }
expect_lines() { [ "$(printf '%s\n' "$said" | grep -c .)" -eq "$1" ] || complain "it should say $1 line(s)"; }
expect_file() { [ -e "$1" ] || complain "$1 should be there"; }

finish() {
  if [ "$failures" -gt 0 ]; then
    echo "$failures expectation(s) failed"
    exit 1
  fi
  echo "everything as expected"
}
