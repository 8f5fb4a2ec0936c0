# The course's file with one wrong answer in it:
#   awk -v nth=2 -f wrong_answer.awk wrong_answers/03_softmax.txt chapters/03_softmax/softmax.hpp
# With -v list=1 and the first file alone: one line an answer, "function: what is wrong".

FNR == 1 { file++ }
file == 1 && /^---$/ { count++; line = 0; next }
file == 1 && count {
  line++
  if (line == 1 && list) print
  if (count != nth) next
  if (line == 1) { name = $0; sub(/: .*/, "", name) }
  if (line > 2) answer = answer $0 "\n"
  next
}
file == 1 { next }
$1 == "//" && $2 == "[write" && $3 == name "]" { if (!replaced) printf "%s", answer; cutting = replaced = 1 }
!cutting { print }
$1 == "//" && $2 == "[/write]" { cutting = 0 }
END { exit !(list || replaced) }
