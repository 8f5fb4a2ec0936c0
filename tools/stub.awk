# A chapter's file with what stands between [write NAME] and [/write] cut out: the reader's copy.
#   awk -v path=my/03_softmax/softmax.hpp -v number=3 -f stub.awk chapters/03_softmax/softmax.hpp

BEGIN { include = "#include \"common/not_written.hpp\"" }

/^ *\/\/ \[\/?show/ { next }

/^ *\/\/ \[write / {
  indent = $0; sub(/\/\/.*/, "", indent)
  name = $0; sub(/^.*\[write /, "", name); sub(/\] *$/, "", name)
  print indent "// Write " name " here (hint: ./learn hint " number "), then delete the next line."
  print indent "nn::not_written(\"" name "\", \"" path "\", " number ");"
  cutting = 1
}
/^ *\/\/ \[\/write\]/ { cutting = 0; next }
cutting { next }

# The include: in a header behind #pragma once, in a source behind the header of its own name.
/^#pragma once/ { print; print ""; print include; included = 1; next }
/^#include/ && !included { print; print include; included = 1; next }
{ print }

END {
  if (cutting) { print "stub.awk: " FILENAME ": [write " name "] is not closed" >"/dev/stderr"; exit 1 }
  if (!included) { print "stub.awk: " FILENAME " has neither #pragma once nor #include" >"/dev/stderr"; exit 1 }
}
