# Before anything is configured: refuses in one line what would fail later, or worse, would not.

function(nn_refuse why)
  message(NOTICE "refused: ${why}")  # a line of its own, for ./learn; CMake wraps the other one
  message(FATAL_ERROR "${why}")
endfunction()

# CMake reads some characters of a path as patterns, as the end of a list's element or as a comment.
function(nn_refuse_folder folder)
  if("${folder}" MATCHES [=[[][#;"*?|\<>$]]=])
    nn_refuse("CMake cannot build in the folder ${folder} because of the character ${CMAKE_MATCH_0} in its name: rename the folder or move the course to another one")
  endif()
endfunction()

# With these a compiler assumes that NaN and infinity do not occur, sums in another order or flushes small numbers to
# zero: wrong results would go unnoticed. what: where the flags come from.
function(nn_refuse_fast_math what flags)
  if(" ${flags} " MATCHES " (-Ofast|-ffast-math|-ffinite-math-only|-fno-honor-nans|-fno-honor-infinities|-funsafe-math-optimizations|-fassociative-math|-freciprocal-math|-fno-signed-zeros|-mdaz-ftz|[-/]fp:fast|-ffp-model=(fast|aggressive)|-fp-model[= ]fast[^ ]*) ")
    nn_refuse("${what} holds ${CMAKE_MATCH_1}, under which NaN goes unnoticed and results change: remove the flag from ${what} and try again")
  endif()
endfunction()

nn_refuse_folder("${CMAKE_SOURCE_DIR}")
nn_refuse_folder("${CMAKE_BINARY_DIR}")
# The environment counts the first time only; then the cache has what it said.
foreach(variable IN ITEMS CXX CXXFLAGS LDFLAGS)
  if(NOT DEFINED CACHE{CMAKE_CXX_COMPILER})
    nn_refuse_fast_math(${variable} "$ENV{${variable}}")
  endif()
endforeach()
foreach(variable IN ITEMS CXX_COMPILER_ARG1 CXX_FLAGS CXX_FLAGS_RELEASE CXX_FLAGS_DEBUG CXX_FLAGS_RELWITHDEBINFO
                          EXE_LINKER_FLAGS)
  nn_refuse_fast_math(CMAKE_${variable} "${CMAKE_${variable}}")
endforeach()
