// What the reader of the course sees of a test program (./learn check N): one line a property, and at the
// first one that does not hold, why. Switched on by the environment variable NN_READER=1; without it
// GoogleTest reports as it always does.
#pragma once

namespace nn {

// Call it between InitGoogleTest and RUN_ALL_TESTS.
void install_reader_report();

}  // namespace nn
