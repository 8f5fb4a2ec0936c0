#include <gtest/gtest.h>

#include "reader/reader_report.hpp"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  nn::install_reader_report();
  return RUN_ALL_TESTS();
}
