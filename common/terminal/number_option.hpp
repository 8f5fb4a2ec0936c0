// What a number given as an option must look like. CLI11's own checks let pass what surprises: "nan" as a
// positive number, -1 as a very large one, nothing at all between two commas.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nn {

// What is wrong with the text of an option; nothing if it may be.
using OptionCheck = std::function<std::string(const std::string&)>;

// Digits only, from low to high, e.g. option->check(whole_number(1, 1024)).
OptionCheck whole_number(std::uint64_t low, std::uint64_t high = UINT64_MAX);

// Such numbers with commas between, "128,64", and the numbers of such a text.
OptionCheck whole_numbers(std::uint64_t low, std::uint64_t high);
std::vector<std::size_t> split_numbers(const std::string& text);

// Greater than 0 and finite: 0.002, 1e-3.
OptionCheck positive_number();

// At least 0 and less than limit, e.g. a probability: number_below(1).
OptionCheck number_below(double limit);

}  // namespace nn
