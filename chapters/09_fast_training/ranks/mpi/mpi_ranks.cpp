// The ranks of an MPI program. A module by itself, loaded only where MPI started the program: so nothing else of the course
// needs MPI. join_ranks is what it is loaded for.
#include <mpi.h>

#include "09_fast_training/ranks/ranks.hpp"

namespace {

class MpiRanks final : public nn::Ranks {
 public:
  MpiRanks() { MPI_Init(nullptr, nullptr); }
  // Without MPI_Finalize, MPI takes the end of the process for a failure and ends the other ranks; so after a failure
  // that is what happens, whatever the others wait for.
  ~MpiRanks() override {
    if (std::uncaught_exceptions() == 0) MPI_Finalize();
  }

  std::size_t rank() const override { return number(MPI_Comm_rank); }
  std::size_t count() const override { return number(MPI_Comm_size); }

  void all_gather(std::span<const float> mine, std::span<const std::size_t> counts,
                  std::span<float> all) override {
    sizes_.assign(counts.begin(), counts.end());
    places_.resize(counts.size());
    for (std::size_t r = 1; r < counts.size(); ++r) places_[r] = places_[r - 1] + sizes_[r - 1];
    MPI_Allgatherv(mine.data(), static_cast<int>(mine.size()), MPI_FLOAT, all.data(), sizes_.data(),
                   places_.data(), MPI_FLOAT, MPI_COMM_WORLD);
  }

  bool any(bool yes) override {
    int mine = yes, all = 0;
    MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return all != 0;
  }

 private:
  static std::size_t number(int (*of)(MPI_Comm, int*)) {
    int result = 0;
    of(MPI_COMM_WORLD, &result);
    return static_cast<std::size_t>(result);
  }

  std::vector<int> sizes_, places_;
};

}  // namespace

extern "C" nn::Ranks* nn_join_ranks() { return new MpiRanks; }
