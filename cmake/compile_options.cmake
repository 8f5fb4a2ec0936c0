# nn_options: how all of our own code is compiled.
add_library(nn_options INTERFACE)
target_compile_features(nn_options INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)

# a*b + c is rounded twice, always: a compiler that fuses them where it likes would give other bits on
# another compiler (docs/testing.md). Never -ffast-math: it makes isnan lie.
if(MSVC)
  target_compile_options(nn_options INTERFACE /fp:precise /utf-8 /permissive-)  # precise: nothing is fused
  set(nn_warnings /W3)
else()
  target_compile_options(nn_options INTERFACE -ffp-contract=off)
  # sqrt need not set errno, which nobody reads: only so can several roots be taken at once. No bit changes.
  target_compile_options(nn_options INTERFACE -fno-math-errno)
  set(nn_warnings -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
endif()
# Warnings are errors with the compilers that we use. A newer one may warn of more, and that must not keep a reader
# from building; nor is a warning about the reader's own code an error.
if(NOT NN_OVERLAY AND
   ((CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    OR (CMAKE_CXX_COMPILER_ID STREQUAL Clang AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15)))
  list(APPEND nn_warnings -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # g++ 12 sees overlaps inside std::string, and owners of a std::shared_ptr without a value, that are not there.
  list(APPEND nn_warnings -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(NN_OVERLAY AND NOT MSVC)
  # A half-written exercise has parameters that nothing uses yet.
  list(APPEND nn_warnings -Wno-unused-parameter -Wno-unused-variable -Wno-unused-but-set-variable
       -Wno-unused-function -Wno-sign-compare)
endif()
target_compile_options(nn_options INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:${nn_warnings}>")

option(NN_SANITIZE "address and undefined-behavior sanitizers" OFF)
if(NN_SANITIZE)
  target_compile_options(nn_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                              -fno-omit-frame-pointer)
  target_link_options(nn_options INTERFACE -fsanitize=address,undefined)
endif()

option(NN_FUZZ "programs that look for inputs on which a parser fails (clang only)" OFF)
if(NN_FUZZ)
  target_compile_options(nn_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(nn_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

option(NN_SANITIZE_THREAD "thread sanitizer" OFF)
if(NN_SANITIZE_THREAD)
  target_compile_options(nn_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(nn_options INTERFACE -fsanitize=thread)
endif()

option(NN_COVERAGE "count which lines run (g++ and gcov)" OFF)
if(NN_COVERAGE)
  target_compile_options(nn_options INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(nn_options INTERFACE --coverage)
endif()
