# What a reader needs of a compiler's output: the first errors in a file of my/, each with the source line shown;
# if no error is there, the first one elsewhere, with the lines that lead to it from my/.
#   awk -v root=/the/checkout/ -f compile_errors.awk build.log

BEGIN { most = 3; lines_each = 6 }

{ at = index($0, root); if (at) $0 = substr($0, 1, at - 1) substr($0, at + length(root)) }

/(^|[ :])(fatal )?error: / {
  mine = ($0 ~ /^my\//)
  shown = 0
  if (mine) ours++
  else others++
}
/: (note|warning): / || /^[^ ].*: In / || /^In file included/ || /^\[/ || /^ninja: / { shown = lines_each }
/required from/ && /^my\// { if (context == "") context = $0 }

shown < lines_each && ours + others > 0 {
  if (mine && ours <= most) text = text $0 "\n"
  else if (!mine && others == 1) other = other $0 "\n"
  shown++
}

END {
  if (text != "") printf "%s", text
  else printf "%s%s", other, (context == "" ? "" : context "\n")
}
