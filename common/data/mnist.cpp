#include "common/data/mnist.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <optional>
#include <system_error>

#include "common/data/sha256.hpp"
#include "common/error.hpp"
#include "common/files/atomic_file.hpp"

namespace nn {
namespace {

namespace fs = std::filesystem;
using Note = std::function<void(const std::string&)>;

constexpr std::string_view kSampleSize = "5,000 + 1,000 images";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// The ways in which people spell a file's name: with a hyphen or a dot before idx, packed or not.
std::array<std::string, 4> spellings(std::string_view name) {
  const std::string hyphen(name);
  std::string dot = hyphen;
  dot[dot.find("-idx")] = '.';
  return {hyphen, hyphen + ".gz", dot, dot + ".gz"};
}

// The spellings of a file that are there; also within a folder of such a name, as the archive at Kaggle has it.
std::vector<fs::path> candidates(const fs::path& folder, const MnistFile& file) {
  std::vector<fs::path> found;
  for (const std::string& name : spellings(file.name)) {
    std::error_code ignored;
    const fs::path path = folder / name;
    if (!fs::is_directory(path, ignored)) {
      if (fs::exists(path, ignored)) found.push_back(path);
      continue;
    }
    for (const std::string& inner : spellings(file.name)) {
      if (fs::exists(path / inner, ignored) && !fs::is_directory(path / inner, ignored))
        found.push_back(path / inner);
    }
  }
  return found;
}

// One of the four files: its raw IDX bytes.
struct RawFile {
  std::string path;
  SharedBytes bytes;
  bool is_original = false;
};
using RawFiles = std::array<RawFile, 4>;  // in the order of kMnistFiles

RawFile read_raw(const fs::path& path, const MnistFile& file) {
  RawFile raw{path.string(), unpack_idx(read_file(path), path.string())};
  raw.is_original = sha256(raw.bytes) == file.sha256;
  return raw;
}

LabeledImages parse(const RawFile& images, const RawFile& labels) {
  LabeledImages set{parse_idx_images(images.bytes, images.path), parse_idx_labels(labels.bytes, labels.path)};
  if (set.count != set.labels.size()) {
    throw Error(fmt::format("{} holds {} images, but {} holds {} labels: they do not belong together",
                            images.path, set.count, labels.path, set.labels.size()));
  }
  if (set.pixels.empty()) throw Error(fmt::format("{}: holds no pixels", images.path));
  const auto wrong = std::find_if(set.labels.begin(), set.labels.end(), [](auto l) { return l >= kClasses; });
  if (wrong != set.labels.end()) {
    throw Error(fmt::format("{}: label {} is {}, labels from 0 to {} were expected", labels.path,
                            wrong - set.labels.begin(), *wrong, kClasses - 1));
  }
  return set;
}

Mnist parse(const RawFiles& files) {
  Mnist mnist{.train = parse(files[0], files[1]), .test = parse(files[2], files[3]), .source = {}};
  const ImageSet &train = mnist.train, &test = mnist.test;
  if (train.height != test.height || train.width != test.width) {
    throw Error(fmt::format("{} holds images of {} x {}, but {} of {} x {}: they must be of one size",
                            files[0].path, train.height, train.width, files[2].path, test.height,
                            test.width));
  }
  mnist.is_original = std::all_of(files.begin(), files.end(), [](const auto& f) { return f.is_original; });
  return mnist;
}

std::string describe(const Mnist& mnist, const fs::path& folder) {
  if (mnist.is_original) return fmt::format("MNIST in {}, original files", folder.string());
  return fmt::format("{} ({} x {}, not the original MNIST files)", folder.string(), mnist.train.height,
                     mnist.train.width);
}

// A folder that the user or the course named; asked_by: who, for the message of an Error.
Mnist load_folder(const fs::path& folder, const std::string& asked_by) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(
        fmt::format("{} ({}): there is no such folder; a folder with the four MNIST files was expected",
                    folder.string(), asked_by));
  }
  RawFiles files;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::vector<fs::path> found = candidates(folder, kMnistFiles[i]);
    if (found.empty()) {
      throw Error(fmt::format("{} ({}): lacks the file {} (it may also be named {}, {} or {})",
                              folder.string(), asked_by, kMnistFiles[i].name,
                              spellings(kMnistFiles[i].name)[1], spellings(kMnistFiles[i].name)[2],
                              spellings(kMnistFiles[i].name)[3]));
    }
    files[i] = read_raw(found.front(), kMnistFiles[i]);
  }
  Mnist mnist = parse(files);
  mnist.source = describe(mnist, folder);
  return mnist;
}

// The first spelling whose bytes are original; the others are noted and passed over.
std::optional<RawFile> read_original(const fs::path& folder, const MnistFile& file, const Note& note) {
  for (const fs::path& path : candidates(folder, file)) {
    try {
      RawFile raw = read_raw(path, file);
      if (raw.is_original) return raw;
      note(fmt::format("{} is not the original file (its SHA-256 is another): ignored", path.string()));
    } catch (const Error& error) {
      note(fmt::format("{}: ignored", error.what()));
    }
  }
  return std::nullopt;
}

// Nothing if one of the four files is missing or is not the original.
std::optional<Mnist> load_cache(const fs::path& cache, const Note& note) {
  for (const MnistFile& file : kMnistFiles) {
    if (candidates(cache, file).empty()) return std::nullopt;
  }
  RawFiles files;
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::optional<RawFile> raw = read_original(cache, kMnistFiles[i], note);
    if (!raw) return std::nullopt;
    files[i] = std::move(*raw);
  }
  Mnist mnist = parse(files);
  mnist.source = describe(mnist, cache);
  return mnist;
}

// For the shell: nothing in a text within single quotes is special but the quote itself.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

// What the download script has to say comes as lines "-- ..."; anything else is CMake's own.
bool run_download(const fs::path& cache, const Note& note) {
  std::error_code ignored;
  const std::string cmake = fs::exists(NN_CMAKE, ignored) ? NN_CMAKE : "cmake";
  const std::string command =
      fmt::format("{} {} -P {} 2>&1", quoted(cmake), quoted("-DDESTINATION=" + cache.string()),
                  quoted(NN_SOURCE_DIR "/common/data/fetch_mnist.cmake"));
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return false;
  std::string line;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    if (line.starts_with("-- ")) note(line.substr(3));
    line.clear();
  }
  return ::pclose(pipe) == 0;
}

// A failed download is remembered in the cache, so that somebody without a network does not wait at every
// run. The file holds the mirrors that were tried: with others it is worth a try at once.
fs::path failure_file(const fs::path& cache) { return cache / "download-failed"; }

bool failed_lately(const fs::path& cache) {
  std::error_code error;
  const fs::file_time_type then = fs::last_write_time(failure_file(cache), error);
  if (error || fs::file_time_type::clock::now() - then > std::chrono::hours(1)) return false;
  try {
    const std::vector<std::uint8_t> mirrors = read_file(failure_file(cache));
    return std::string(mirrors.begin(), mirrors.end()) == variable("MNIST_MIRRORS");
  } catch (const Error&) {
    return false;
  }
}

void remember_failure(const fs::path& cache) {
  try {
    write_file_atomically(failure_file(cache), variable("MNIST_MIRRORS"));
  } catch (const Error&) {  // then the next run tries again
  }
}

bool download(const fs::path& cache, const Note& note) {
  if (!variable("MNIST_NO_DOWNLOAD").empty()) {
    note("MNIST_NO_DOWNLOAD is set: no download is tried");
    return false;
  }
  if (failed_lately(cache)) {
    note(fmt::format(
        "a download of MNIST failed within the last hour: not tried again (to try now, remove {})",
        failure_file(cache).string()));
    return false;
  }
  note(fmt::format("downloading MNIST (11 MB) into {}", cache.string()));
  std::error_code error;
  fs::create_directories(cache, error);
  if (error) {
    note(fmt::format("{}: cannot be made: {}", cache.string(), error.message()));
    return false;
  }
  if (run_download(cache, note)) {
    fs::remove(failure_file(cache), error);
    return true;
  }
  note("the download of MNIST failed");
  remember_failure(cache);
  return false;
}

}  // namespace

namespace {
LabeledImages part_of(const LabeledImages& all, std::size_t begin, std::size_t count) {
  const std::size_t width = all.height * all.width;
  return {{count, all.height, all.width, all.pixels.part(begin * width, count * width)},
          all.labels.part(begin, count)};
}

void check_count(const LabeledImages& images, std::size_t count) {
  if (count <= images.count) return;
  throw std::out_of_range(fmt::format("{} images of {}", count, images.count));
}
}  // namespace

LabeledImages first_images(const LabeledImages& images, std::size_t count) {
  check_count(images, count);
  return part_of(images, 0, count);
}

LabeledImages last_images(const LabeledImages& images, std::size_t count) {
  check_count(images, count);
  return part_of(images, images.count - count, count);
}

fs::path mnist_cache() {
  const fs::path place = fs::path("digits-from-scratch") / "mnist";
  const fs::path cache = variable("XDG_CACHE_HOME");
  if (cache.is_absolute()) return cache / place;  // a relative one is to be ignored, says the specification
  const fs::path home = variable("HOME");
  return home.empty() ? fs::temp_directory_path() / place : home / ".cache" / place;
}

Mnist load_mnist_sample() {
  Mnist mnist = load_folder(NN_SOURCE_DIR "/common/data/sample", "the sample of the course");
  mnist.source = fmt::format("MNIST sample ({}) that ships with the course", kSampleSize);
  mnist.is_sample = true;
  return mnist;
}

Mnist load_mnist(const std::string& choice, const Note& user_note) {
  const Note note = user_note ? user_note : [](const std::string&) {};
  if (choice == "sample") return load_mnist_sample();
  if (!choice.empty() && choice != "full") return load_folder(choice, "--data");
  if (const std::string folder = variable("MNIST_DIR"); !folder.empty())
    return load_folder(folder, "MNIST_DIR");

  const fs::path cache = mnist_cache();
  if (std::optional<Mnist> mnist = load_cache(cache, note)) return std::move(*mnist);
  if (download(cache, note)) {
    if (std::optional<Mnist> mnist = load_cache(cache, note)) return std::move(*mnist);
  }
  note(fmt::format("the MNIST sample is used ({}), so expect a lower accuracy", kSampleSize));
  note(
      fmt::format("to use all 60,000 + 10,000: put the four MNIST files into {}, or name their folder with "
                  "--data DIR or MNIST_DIR",
                  cache.string()));
  return load_mnist_sample();
}

}  // namespace nn
