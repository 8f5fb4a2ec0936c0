# A chapter's file in which every exercise has a switch: it runs as it is, unless the environment variable NN_HOLE
# names it; then it says that it is not written, as a hole would. So one build shows what becomes of every hole.
#   awk -v path=my/03_softmax/softmax.hpp -v number=3 -f switch.awk chapters/03_softmax/softmax.hpp
# It is not written as not_written("..."), by which ./learn knows a hole.

BEGIN { include = "#include \"common/switch.hpp\"" }

/^#pragma once/ { print; print ""; print include; included = 1; next }
/^#include/ && !included { print; print include; included = 1; next }
{ print }
/^ *\/\/ \[write / {
  name = $0; sub(/^.*\[write /, "", name); sub(/\] *$/, "", name)
  hole = "hole_" ++count
  print "static const bool " hole " = nn::is_hole(\"" name "\");"
  print "if (" hole ") nn::leave_unwritten(\"" name "\", \"" path "\", " number ");"
}
