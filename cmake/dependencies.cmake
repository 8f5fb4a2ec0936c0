# Every library that we use: the system's package where there is one, else its source at a pinned commit.
# What is optional and missing is said in one line at the end of the configuration (nn_report_missing).
include(FetchContent)
set(FETCHCONTENT_QUIET ON)

function(nn_missing what how)
  set_property(GLOBAL APPEND PROPERTY nn_missing_lines "${what} (${how})")
endfunction()
function(nn_report_missing)
  get_property(lines GLOBAL PROPERTY nn_missing_lines)
  foreach(line IN LISTS lines)
    message(STATUS "optional, not found: ${line}")
  endforeach()
endfunction()

find_package(Threads REQUIRED)

FetchContent_Declare(fmt GIT_REPOSITORY https://github.com/fmtlib/fmt
                     GIT_TAG a33701196adfad74917046096bf5a2aa0ab0bb50 FIND_PACKAGE_ARGS)
FetchContent_Declare(CLI11 GIT_REPOSITORY https://github.com/CLIUtils/CLI11
                     GIT_TAG 291c58789c031208f08f4f261a858b5b7083e8e2 FIND_PACKAGE_ARGS)
FetchContent_Declare(nlohmann_json GIT_REPOSITORY https://github.com/nlohmann/json
                     GIT_TAG bc889afb4c5bf1c0d8ee29ef35eaaf4c8bef8a5d FIND_PACKAGE_ARGS)
set(HWY_ENABLE_TESTS OFF CACHE INTERNAL "")
set(HWY_ENABLE_EXAMPLES OFF CACHE INTERNAL "")
set(HWY_ENABLE_CONTRIB OFF CACHE INTERNAL "")
FetchContent_Declare(hwy GIT_REPOSITORY https://github.com/google/highway
                     GIT_TAG ac0d5d297b13ab1b89f48484fc7911082d76a93f FIND_PACKAGE_ARGS)
FetchContent_MakeAvailable(fmt CLI11 nlohmann_json hwy)

# zlib, stb and OpenSSL (SHA-256, with the processor's instructions for it) are everywhere; the system's package is
# required.
if(APPLE)
  list(APPEND CMAKE_PREFIX_PATH /opt/homebrew/opt/openssl /usr/local/opt/openssl)  # where Homebrew hides it
endif()
find_package(ZLIB REQUIRED)
find_path(STB_INCLUDE_DIR stb_image.h PATH_SUFFIXES stb)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
if(NOT STB_INCLUDE_DIR)
  message(FATAL_ERROR "stb_image.h not found: install libstb-dev (./learn does it on Debian and Ubuntu)")
endif()
add_library(nn_images INTERFACE)
target_include_directories(nn_images SYSTEM INTERFACE ${STB_INCLUDE_DIR})
# JPEG pictures: without it they are refused in one line.
find_path(TURBOJPEG_INCLUDE_DIR turbojpeg.h)
find_library(TURBOJPEG_LIBRARY turbojpeg)
if(TURBOJPEG_INCLUDE_DIR AND TURBOJPEG_LIBRARY)
  target_compile_definitions(nn_images INTERFACE NN_HAS_TURBOJPEG)
  target_include_directories(nn_images SYSTEM INTERFACE ${TURBOJPEG_INCLUDE_DIR})
  target_link_libraries(nn_images INTERFACE ${TURBOJPEG_LIBRARY})
else()
  nn_missing("TurboJPEG, so JPEG pictures are refused" "Debian: apt-get install libturbojpeg0-dev")
endif()

if(BUILD_TESTING)
  FetchContent_Declare(GTest GIT_REPOSITORY https://github.com/google/googletest
                       GIT_TAG f8d7d77c06936315286eb55f8de22cd23c188571 FIND_PACKAGE_ARGS)
  FetchContent_MakeAvailable(GTest)
endif()

if(NN_BUILD_BENCHMARKS)
  find_package(benchmark QUIET)
  if(NOT benchmark_FOUND)
    nn_missing("Google Benchmark, so no benchmarks" "Debian: apt-get install libbenchmark-dev")
  endif()
endif()
# Figures: gnuplot draws them, gnuplot-iostream speaks to it. Without one of them there are CSV files instead.
find_path(GNUPLOT_IOSTREAM_INCLUDE_DIR gnuplot-iostream.h PATH_SUFFIXES gnuplot-iostream)
find_package(Boost QUIET COMPONENTS iostreams filesystem)  # gnuplot-iostream needs both
find_program(GNUPLOT gnuplot)  # only to draw, and so for the tests that draw
if(NOT GNUPLOT_IOSTREAM_INCLUDE_DIR OR NOT Boost_FOUND)
  nn_missing("gnuplot-iostream, so no figures but CSV files"
             "Debian: apt-get install libgnuplot-iostream-dev libboost-iostreams-dev libboost-filesystem-dev gnuplot-nox")
elseif(NOT GNUPLOT)
  nn_missing("gnuplot, so no figures are drawn or tested" "Debian: apt-get install gnuplot-nox")
endif()
