// One training in several processes: digits train --ranks N, or mpirun digits train.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "09_fast_training/ranks/ranks.hpp"

namespace nn::digits {

// The processes that mpirun started this one with, or null if it did not. Throws Error if it did, but this program was
// built without MPI. To be destroyed when the work is done: it says goodbye to the others.
std::unique_ptr<Ranks> join_ranks();

// The cores that this process should use: its share of the machine's, at least 1.
std::size_t threads_of_rank();

// Runs this program again, with the same arguments, in count processes under mpirun. Returns its exit code; lines that
// several of them print on stderr come once. what_now: what to do if one of them is ended from outside.
int run_in_ranks(std::size_t count, std::span<char* const> arguments, const std::string& what_now);

}  // namespace nn::digits
