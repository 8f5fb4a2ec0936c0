# nn_chapter(): declares the chapter in whose CMakeLists.txt it is called.
#
#   library     nn_03_softmax   its headers and sources; sees common/ and every earlier chapter
#   program     03_softmax      main.cpp, the demonstration
#   ctest       03_softmax.demonstration   main.cpp prints expected.txt
# and for a further demonstration demonstrations/show_scores.cpp
#   program     03_softmax_scores
#   ctest       03_softmax.scores          it prints demonstrations/expected_scores.txt
#
# Sources and headers in the chapter's other subfolders belong to the library too, unless the subfolder has a
# CMakeLists.txt of its own.
#
# Headers are included root-relative, "03_softmax/softmax.hpp". The include root is generated: one header
# a chapter header, which forwards to my/ for a chapter in NN_OVERLAY that has the file there, and to
# chapters/ otherwise. Sources are chosen the same way, so that exactly one copy of a file is ever seen. They are forwarded,
# too: Highway's foreach_target.h includes the source of a SIMD kernel once for every target.

set(nn_include_root ${PROJECT_BINARY_DIR}/include)

# The reader's copy of a file if this build takes the chapter from my/ and the file is there, else ours.
function(nn_pick_file chapter file result)
  set(mine ${PROJECT_SOURCE_DIR}/my/${chapter}/${file})
  if(chapter IN_LIST NN_OVERLAY AND EXISTS ${mine})
    set(${result} ${mine} PARENT_SCOPE)
  else()
    set(${result} ${PROJECT_SOURCE_DIR}/chapters/${chapter}/${file} PARENT_SCOPE)
  endif()
endfunction()

# The forwarding files of one chapter; those whose file is gone are removed.
function(nn_forward_headers chapter)
  nn_glob(headers GLOB_RECURSE RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.hpp *.cpp)
  file(GLOB_RECURSE stale RELATIVE ${nn_include_root}/${chapter} ${nn_include_root}/${chapter}/*)
  list(REMOVE_ITEM stale ${headers})
  foreach(header IN LISTS stale)
    file(REMOVE ${nn_include_root}/${chapter}/${header})
  endforeach()
  foreach(header IN LISTS headers)
    nn_pick_file(${chapter} ${header} real)
    file(CONFIGURE OUTPUT ${nn_include_root}/${chapter}/${header} CONTENT "#include \"${real}\"\n")
  endforeach()
endfunction()

# nn_demonstration(chapter program source expected test): a program that prints what the file `expected` holds.
function(nn_demonstration chapter program source expected test)
  add_executable(${program} ${source})
  target_link_libraries(${program} PRIVATE nn_${chapter})
  if(BUILD_TESTING)
    add_test(NAME ${chapter}.${test}
             COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${program}>
                     -DEXPECTED=${CMAKE_CURRENT_SOURCE_DIR}/${expected}
                     -P ${PROJECT_SOURCE_DIR}/cmake/compare_output.cmake)
    set_tests_properties(${chapter}.${test} PROPERTIES LABELS ${chapter})
  endif()
endfunction()

function(nn_chapter)
  get_filename_component(chapter ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  nn_forward_headers(${chapter})

  nn_glob(names GLOB RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.cpp */*.cpp)
  nn_glob(shows GLOB RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} demonstrations/show_*.cpp)
  list(REMOVE_ITEM names main.cpp ${shows})
  file(GLOB lists RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} */CMakeLists.txt)
  foreach(list IN LISTS lists)
    get_filename_component(folder ${list} DIRECTORY)
    list(FILTER names EXCLUDE REGEX "^${folder}/")
  endforeach()
  set(sources)
  foreach(name IN LISTS names)
    nn_pick_file(${chapter} ${name} source)
    list(APPEND sources ${source})
  endforeach()

  get_property(before GLOBAL PROPERTY nn_last_chapter)
  if(sources)
    add_library(nn_${chapter} STATIC ${sources})
    target_link_libraries(nn_${chapter} PUBLIC nn_common ${before})
  else()
    add_library(nn_${chapter} INTERFACE)
    target_link_libraries(nn_${chapter} INTERFACE nn_common ${before})
  endif()
  set_property(GLOBAL PROPERTY nn_last_chapter nn_${chapter})

  nn_demonstration(${chapter} ${chapter} main.cpp expected.txt demonstration)
  foreach(show IN LISTS shows)
    string(REGEX REPLACE "^demonstrations/show_(.*)[.]cpp$" "\\1" name ${show})
    nn_demonstration(${chapter} ${chapter}_${name} ${show} demonstrations/expected_${name}.txt ${name})
  endforeach()
endfunction()
