# nn_glob(result GLOB|GLOB_RECURSE ...): the files that match, as file() finds them, now and before every build; without
# the ._NAME that macOS puts beside a NAME on disks of other systems.
macro(nn_glob result kind)
  file(${kind} ${result} CONFIGURE_DEPENDS ${ARGN})
  list(FILTER ${result} EXCLUDE REGEX "(^|/)[.]_")
endmacro()
