# The course's file with wrong answers in it:
#   awk -v nth=2 -f wrong_answer.awk wrong_answers/03_softmax.txt chapters/03_softmax/softmax.hpp
#     the second answer in the place of the course's own lines
#   awk -v all=1 -f wrong_answer.awk wrong_answers/03_softmax.txt chapters/03_softmax/softmax.hpp
#     every answer in a branch of its own: the environment variable NN_ANSWER names the one that runs, by its number;
#     without it the course's own lines do. So one build shows what becomes of every answer.
# With -v list=1 and the first file alone: one line an answer, "function: what is wrong".

FNR == 1 { file++ }
file == 1 && /^---$/ { count++; line = 0; next }
file == 1 && count {
  line++
  if (line == 1 && list) print
  if (line == 1) { name[count] = $0; sub(/: .*/, "", name[count]) }
  if (line > 2) answer[count] = answer[count] $0 "\n"
  next
}
file == 1 { next }
all && /^#include/ && !included { print "#include \"common/switch.hpp\""; included = 1 }
$1 == "//" && $2 == "[write" {
  for (i = 1; i <= count; i++) {
    if ($3 != name[i] "]") continue
    if (i == nth) { printf "%s", answer[i]; cutting = replaced = 1 }
    if (all) { printf "if (nn::is_answer(%d)) {\n%s} else ", i, answer[i]; branches = 1 }
    if (i == nth || all) answer[i] = ""  # an exercise in two parts: the answer stands in the place of the first
  }
  if (branches) print "{"
}
branches && $1 == "//" && $2 == "[/write]" { print "}"; branches = 0 }
!cutting { print }
$1 == "//" && $2 == "[/write]" { cutting = 0 }
END { exit !(list || all || replaced) }
