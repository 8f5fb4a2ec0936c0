// Whole files, read and written in one go. A file is replaced entirely or not at all: whoever opens it at any
// moment, also after a crash, finds the former content or the new one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace nn {

// Writes a temporary file beside `file`, flushes it to the disk and renames it. On failure: throws Error, the
// temporary file is gone, a former `file` is untouched. What a symbolic link points to is replaced, not the
// link; a device or a pipe (/dev/stdout) cannot be replaced and is written into. Throws UsageError, as the functions
// below do, if the name starts with ~, which the shell should have replaced.
void write_file_atomically(const std::filesystem::path& file, std::span<const std::uint8_t> bytes);
void write_file_atomically(const std::filesystem::path& file, std::string_view text);

// To be called before long work whose result goes into `file`: throws Error if it could not be written.
void check_writable(const std::filesystem::path& file);
// The same for results that go into a folder, which is made if it is missing.
void make_output_folder(const std::filesystem::path& folder);

// Throws Error if the file is missing, is a folder or cannot be read.
std::vector<std::uint8_t> read_file(const std::filesystem::path& file);

}  // namespace nn
