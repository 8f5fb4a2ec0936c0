# Ninja 1.11 cannot read a path with one of these characters in the list of headers that the compiler writes: it would
# compile everything again every time. In such a folder the lists name the headers by their way from the build folder.
if(CMAKE_GENERATOR MATCHES Ninja AND CMAKE_SOURCE_DIR MATCHES "['&^`]")
  file(RELATIVE_PATH nn_way ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR})
  string(REGEX REPLACE "[ $]" ".." nn_listed "${CMAKE_SOURCE_DIR}")  # the compiler writes two characters for either
  string(REGEX REPLACE "[^a-zA-Z0-9/_]" "." nn_listed "${nn_listed}")
  foreach(language IN ITEMS C CXX)
    list(PREPEND CMAKE_${language}_COMPILER_LAUNCHER
         sh ${CMAKE_CURRENT_LIST_DIR}/relative_dependencies.sh ${nn_listed}/ ${nn_way}/)
  endforeach()
endif()
