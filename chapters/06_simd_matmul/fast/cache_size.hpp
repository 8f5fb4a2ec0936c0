// The size of the cache for which the fast product chooses its blocks.
#pragma once

#include <cstddef>

namespace nn {

// Bytes of a core's second-level cache as the system reports them, between 256 KiB and 2 MiB; 1 MiB where it reports
// nothing.
std::size_t second_level_cache();

}  // namespace nn
