#!/bin/sh
# relative_dependencies.sh PATTERN WAY COMPILER...: compiles; in the list of headers (-MF) WAY takes the place of PATTERN.
pattern=$1 way=$2
shift 2
"$@" || exit
while [ $# -gt 1 ]; do
  [ "$1" != -MF ] || { LC_ALL=C sed "s|$pattern|$way|g" "$2" >"$2.new" && mv "$2.new" "$2"; } || exit
  shift
done
