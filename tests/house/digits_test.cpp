// The program `digits` as its user meets it: exit codes, one line for each mistake, and files that are whole
// or absent.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>

#include "common/data/idx.hpp"
#include "common/data/mnist.hpp"
#include "common/files/atomic_file.hpp"
#include "common/files/image.hpp"
#include "common/random.hpp"
#include "system/environment_variable.hpp"
#include "system/run_command.hpp"
#include "system/temporary_folder.hpp"

namespace nn {
namespace {

CommandResult digits(std::vector<std::string> words) {
  words.insert(words.begin(), std::string(NN_BINARY_DIR) + "/bin/digits");
  return run_command(words);
}

nlohmann::json json_of(const std::filesystem::path& file) {
  return nlohmann::json::parse(std::ifstream(file));
}

// It failed with this code and one line on stderr that has all the words.
testing::AssertionResult failed(const CommandResult& result, int code,
                                std::initializer_list<const char*> words) {
  if (result.exit_code != code)
    return testing::AssertionFailure() << "exit code " << result.exit_code << "\n" << result.err;
  if (std::count(result.err.begin(), result.err.end(), '\n') != 1) {
    return testing::AssertionFailure() << "not one line: " << result.err;
  }
  for (const char* word : words) {
    if (result.err.find(word) == std::string::npos)
      return testing::AssertionFailure() << word << " is not in " << result.err;
  }
  return testing::AssertionSuccess();
}

// Trains a small network on the sample once for all tests that need one.
const std::filesystem::path& small_model() {
  static const TemporaryFolder folder;
  static const std::filesystem::path model = [] {
    const auto file = folder / "small.safetensors";
    digits({"train", "--data", "sample", "--hidden", "16", "--epochs", "2", "--save", file, "--json",
            folder / "small.json"});
    return file;
  }();
  return model;
}

TEST(Digits, train_writes_what_the_screen_shows) {
  const auto json = json_of(small_model().parent_path() / "small.json");
  EXPECT_GT(json.at("test_accuracy").get<double>(), 0.8);
  EXPECT_GT(json.at("test_loss").get<double>(), 0);
  ASSERT_EQ(json.at("epochs").size(), 2u);
  for (const char* key : {"loss", "accuracy", "seconds"}) EXPECT_TRUE(json["epochs"][0].contains(key)) << key;
  EXPECT_EQ(json.at("step_losses").size(), 2 * ((4500 + 64 - 1) / 64u));
  for (const char* key : {"train_seconds", "seed", "threads", "matmul", "images_per_second", "data"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
}

TEST(Digits, evaluate_gives_exactly_the_accuracy_that_training_printed) {
  const auto trained = json_of(small_model().parent_path() / "small.json");
  const TemporaryFolder folder;
  const CommandResult result =
      digits({"evaluate", "--model", small_model(), "--data", "sample", "--json", folder / "e.json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto json = json_of(folder / "e.json");
  EXPECT_EQ(json.at("test_accuracy"), trained.at("test_accuracy"));
  EXPECT_EQ(json.at("test_loss"), trained.at("test_loss"));
  EXPECT_NE(result.out.find("test accuracy"), std::string::npos);
}

TEST(Digits, a_second_run_and_another_number_of_threads_give_the_same_numbers) {
  const TemporaryFolder folder;
  std::vector<nlohmann::json> runs;
  for (const char* threads : {"1", "3", "3"}) {
    digits({"train", "--data", "sample", "--hidden", "64", "--batch", "256", "--epochs", "1", "--threads",
            threads, "--json", folder / "j"});
    runs.push_back(json_of(folder / "j"));
  }
  for (const char* key : {"step_losses", "test_loss", "test_accuracy"}) {
    EXPECT_EQ(runs[0].at(key), runs[1].at(key)) << key;
    EXPECT_EQ(runs[1].at(key), runs[2].at(key)) << key;
  }
}

TEST(Digits, resume_ends_at_the_bytes_of_a_run_that_was_never_interrupted) {
  const TemporaryFolder folder;
  const std::vector<std::string> run = {"train", "--data",   "sample", "--hidden",
                                        "16",    "--epochs", "2",      "--quiet"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), run.begin(), run.end());
    return digits(more);
  };
  // 71 steps an epoch: the last checkpoint is the one of step 100.
  EXPECT_EQ(with({"--save", folder / "whole", "--checkpoint-every", "100"}).exit_code, 0);
  const CommandResult resumed = digits(
      {"train", "--data", "sample", "--resume", folder / "whole.checkpoint", "--save", folder / "resumed"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(read_file(folder / "whole"), read_file(folder / "resumed"));
  EXPECT_TRUE(failed(with({"--resume", folder / "whole.checkpoint", "--seed", "2"}), 2, {"--seed"}));
}

// What the line "go on with" says must be enough: the data are those of the recipe.
// All of chapter 08 at once; the model is a plain network all the same.
TEST(Digits, options_against_overfitting_resume_with_the_same_bytes_and_save_a_plain_model) {
  const TemporaryFolder folder;
  std::vector<std::string> run = {"train",
                                  "--data",
                                  "sample",
                                  "--hidden",
                                  "16",
                                  "--epochs",
                                  "2",
                                  "--quiet",
                                  "--augment",
                                  "elastic",
                                  "--dropout",
                                  "0.2",
                                  "--ema",
                                  "0.9",
                                  "--weight-decay",
                                  "0.1",
                                  "--label-smoothing",
                                  "0.05",
                                  "--threads",
                                  "1"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), run.begin(), run.end());
    return digits(more);
  };
  const CommandResult whole =
      with({"--save", folder / "whole", "--checkpoint-every", "100", "--json", folder / "j"});
  EXPECT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_NE(whole.out.find("augmentation elastic, dropout 0.2, weight decay 0.1"), std::string::npos)
      << whole.out;
  EXPECT_EQ(json_of(folder / "j").at("augment"), "elastic");
  const CommandResult resumed = digits({"train", "--data", "sample", "--resume", folder / "whole.checkpoint",
                                        "--save", folder / "resumed", "--threads", "3", "--quiet"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(read_file(folder / "whole"), read_file(folder / "resumed"));
  EXPECT_TRUE(failed(with({"--resume", folder / "whole.checkpoint", "--dropout", "0.3"}), 2, {"--dropout"}));
  const CommandResult evaluated = digits({"evaluate", "--model", folder / "whole", "--data", "sample"});
  EXPECT_EQ(evaluated.exit_code, 0) << evaluated.err;
  EXPECT_TRUE(failed(digits({"train", "--dropout", "1"}), 2, {"--dropout", "from 0 to below 1"}));
  EXPECT_TRUE(failed(digits({"train", "--augment", "mirror"}), 2, {"--augment"}));
}

TEST(Digits, resume_trains_on_the_data_it_began_with) {
  const TemporaryFolder folder;
  const EnvironmentVariable no_download("MNIST_NO_DOWNLOAD", "1");
  digits({"train", "--recipe", "classroom", "--epochs", "1", "--quiet", "--save", folder / "m",
          "--checkpoint-every", "70"});
  const CommandResult resumed =
      digits({"train", "--resume", folder / "m.checkpoint", "--quiet", "--json", folder / "j"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_NE(json_of(folder / "j").at("data").get<std::string>().find("sample"), std::string::npos);
  EXPECT_TRUE(
      failed(digits({"train", "--resume", folder / "m.checkpoint", "--data", folder.path()}), 2, {"--data"}));
}

// Both signals end the step, save, say how to go on and keep their exit codes.
TEST(Digits, an_interrupted_run_can_go_on) {
  const TemporaryFolder folder;
  const std::string program = std::string(NN_BINARY_DIR) + "/bin/digits", model = folder / "m";
  for (const auto& [signal, code] : {std::pair{"INT", 130}, std::pair{"TERM", 143}}) {
    const CommandResult result = run_command({"sh", "-c",
                                              "\"$0\" train --data sample --hidden 64 --epochs 2000 --quiet "
                                              "--save \"$1\" & p=$!; sleep 2; kill -" +
                                                  std::string(signal) + " $p; wait $p",
                                              program, model});
    EXPECT_EQ(result.exit_code, code) << result.err;
    EXPECT_NE(result.err.find("--resume"), std::string::npos) << result.err;
    EXPECT_TRUE(std::filesystem::exists(model + ".checkpoint"));
    EXPECT_FALSE(std::filesystem::exists(model)) << "only a finished run writes the model";
    std::filesystem::remove(model + ".checkpoint");
  }
}

// Whether a line of the table has this file and this answer.
bool answers(const std::string& table, const std::string& file, int digit) {
  return std::regex_search(table, std::regex(file + " +" + std::to_string(digit) + " "));
}

TEST(Digits, predict_reads_the_seven) {
  const TemporaryFolder folder;
  const Mnist mnist = load_mnist_sample();
  const auto pixels = mnist.test.image(7);
  write_png(folder / "seven.png", {28, 28, {pixels.begin(), pixels.end()}});
  const CommandResult result = digits({"predict", "--model", small_model(), folder / "seven.png"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(answers(result.out, "seven.png", 7)) << result.out;
  const CommandResult explained = digits({"explain", "--model", small_model(), folder / "seven.png"});
  EXPECT_EQ(explained.exit_code, 0) << explained.err;
  EXPECT_NE(explained.out.find("The answer: 7"), std::string::npos) << explained.out;
}

// Black on white, three times as large, with a gray shadow: predict prepares it.
GrayImage photo_of_the_seven() {
  const Mnist mnist = load_mnist_sample();
  const auto pixels = mnist.test.image(7);
  GrayImage photo{140, 168, {}};
  for (std::size_t r = 0; r < photo.height; ++r) {
    for (std::size_t c = 0; c < photo.width; ++c) {
      const std::size_t row = r / 3 - 5, col = c / 3 - 10;
      const int ink = r >= 15 && row < 28 && c >= 30 && col < 28 ? pixels[row * 28 + col] : 0;
      photo.pixels.push_back(static_cast<std::uint8_t>((255 - ink) * (400 - static_cast<int>(c)) / 400));
    }
  }
  return photo;
}

TEST(Digits, predict_reads_a_photo_and_shows_how) {
  const TemporaryFolder folder;
  write_png(folder / "photo.png", photo_of_the_seven());
  const CommandResult result = digits({"predict", "--model", small_model(), folder / "photo.png", "--show",
                                       folder / "steps", "--json", folder / "p.json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(answers(result.out, "photo.png", 7)) << result.out;
  EXPECT_EQ(read_gray_image(folder / "steps" / "photo_1.png").height, 140u);
  const auto image = json_of(folder / "p.json").at("images").at(0);
  ASSERT_EQ(image.at("digits").size(), 1u);
  const auto digit = image["digits"][0];
  EXPECT_EQ(digit.at("answer"), 7);
  EXPECT_EQ(digit.at("probabilities").size(), 10u);
  EXPECT_NEAR(digit.at("box").at("height").get<double>(), 60, 4);
  const CommandResult explained = digits({"explain", "--model", small_model(), folder / "photo.png"});
  EXPECT_NE(explained.out.find("The answer: 7"), std::string::npos) << explained.out << explained.err;
}

TEST(Digits, predict_says_what_it_has_not_read) {
  const TemporaryFolder folder;
  write_png(folder / "blank.png", {50, 40, std::vector<std::uint8_t>(2000, 240)});
  write_png(folder / "photo.png", photo_of_the_seven());
  const CommandResult result =
      digits({"predict", "--model", small_model(), folder / "photo.png", folder / "blank.png"});
  EXPECT_TRUE(failed(result, 1, {"blank.png: is blank"}));
  EXPECT_TRUE(answers(result.out, "photo.png", 7)) << "the other one is read: " << result.out;
  EXPECT_TRUE(failed(digits({"explain", "--model", small_model(), folder / "blank.png"}), 1, {"is blank"}));
}

TEST(Digits, predict_refuses_what_is_no_picture_of_a_digit) {
  const TemporaryFolder folder;
  write_png(folder / "large.png", {30, 28, std::vector<std::uint8_t>(840)});
  write_png(folder / "white.png", {28, 28, std::vector<std::uint8_t>(784, 255)});
  write_file_atomically(folder / "text.png", std::string_view("not a picture"));
  const auto predict = [&](const char* name) {
    return digits({"predict", "--prepared", "--model", small_model(), folder / name});
  };
  EXPECT_TRUE(failed(predict("large.png"), 1, {"large.png", "28 x 30", "28 x 28"}));
  EXPECT_TRUE(failed(predict("white.png"), 1, {"white.png", "--prepared takes a white digit on black"}));
  EXPECT_TRUE(failed(predict("text.png"), 1, {"text.png"}));
  EXPECT_TRUE(failed(predict("missing.png"), 1, {"missing.png"}));
}

TEST(Digits, gradcheck_finds_every_gradient_correct) {
  const TemporaryFolder folder;
  const CommandResult result = digits({"gradcheck", "--data", "sample", "--json", folder / "g"});
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_EQ(result.out.find("WRONG"), std::string::npos) << result.out;
  EXPECT_TRUE(json_of(folder / "g").at("correct").get<bool>());
}

TEST(Digits, gradcheck_catches_a_bug_that_is_planted) {
  const CommandResult result = digits({"gradcheck", "--data", "sample", "--plant", "no_mask"});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_NE(result.out.find("is the ReLU mask not applied?"), std::string::npos) << result.out;
  const CommandResult list = digits({"gradcheck", "--plant", "list"});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_GE(std::count(list.out.begin(), list.out.end(), '\n'), 12);
  EXPECT_TRUE(failed(digits({"gradcheck", "--plant", "typo"}), 2, {"--plant", "no_mask"}));
}

// With nobody to guess, the surprise is told at the end and not before.
TEST(Digits, gradcheck_hides_a_surprise_until_the_reader_gives_up) {
  const CommandResult result = digits({"gradcheck", "--data", "sample", "--plant", "surprise"});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  const std::size_t question = result.out.find("Which one?"), answer = result.out.find("planted: ");
  ASSERT_NE(question, std::string::npos) << result.out;
  EXPECT_LT(question, answer);
  EXPECT_EQ(result.out.substr(0, question).find("WRONG"), std::string::npos);
}

TEST(Digits, doctor_and_help_and_the_list_of_products_work) {
  const EnvironmentVariable sample("MNIST_NO_DOWNLOAD", "1");
  EXPECT_EQ(digits({"doctor"}).exit_code, 0);
  EXPECT_EQ(digits({"--help"}).exit_code, 0);
  EXPECT_EQ(digits({"train", "--help"}).exit_code, 0);
  const CommandResult list = digits({"train", "--matmul", "list"});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_NE(list.out.find("plain"), std::string::npos);
}

// The first SIMD target that doctor lists without NN_SIMD is the best one here; SCALAR or EMU128 is always there.
TEST(Digits, nn_simd_forces_a_target_and_refuses_what_cannot_run_here) {
  const auto simd_line = [](const std::string& target) {
    const EnvironmentVariable variable("NN_SIMD", target);
    const std::string out = digits({"doctor"}).out;
    const std::size_t begin = out.find("SIMD");
    return out.substr(begin, out.find('\n', begin) - begin);
  };
  const EnvironmentVariable sample("MNIST_NO_DOWNLOAD", "1");
  const EnvironmentVariable unknown("NN_SIMD", "MMX");
  const CommandResult refused = digits({"doctor"});
  EXPECT_TRUE(failed(refused, 2, {"NN_SIMD=MMX", "no SIMD target of that name"}));
  const std::string plainest = refused.err.find("SCALAR") != std::string::npos ? "SCALAR" : "EMU128";
  EXPECT_NE(simd_line(plainest).find(plainest), std::string::npos) << simd_line(plainest);
  EXPECT_EQ(simd_line("").find(plainest), std::string::npos) << simd_line("");
}

TEST(Digits, wrong_usage_is_one_line_and_exit_code_2) {
  EXPECT_TRUE(failed(digits({"train", "--epochs", "many"}), 2, {"--epochs"}));
  EXPECT_TRUE(failed(digits({"train", "--epochs", "0"}), 2, {"--epochs"}));
  EXPECT_TRUE(failed(digits({"train", "--epochs", "1e3"}), 2, {"'1e3' is not a whole number from 1"}));
  EXPECT_TRUE(failed(digits({"train", "--hidden", "16,,3"}), 2, {"--hidden", "'' is not"}));
  EXPECT_TRUE(failed(digits({"train", "--learning-rate", "nan"}), 2, {"--learning-rate", "'nan'"}));
  EXPECT_TRUE(failed(digits({"train", "--seed", "-1"}), 2, {"--seed"}));
  EXPECT_TRUE(failed(digits({"train", "--epoks", "3"}), 2, {"'--epoks'"}));
  EXPECT_TRUE(failed(digits({"evaluate", "--modell", "m"}), 2, {"'--modell'"}));
  EXPECT_TRUE(failed(digits({"train", "--recipe", "slow"}), 2, {"--recipe", "classroom"}));
  EXPECT_TRUE(failed(digits({"train", "--matmul", "slowest"}), 2, {"--matmul", "plain"}));
  EXPECT_TRUE(failed(digits({"train", "--checkpoint-every", "5"}), 2, {"--save"}));
  EXPECT_TRUE(failed(digits({"evaluate"}), 2, {"--model"}));
  EXPECT_TRUE(failed(digits({}), 2, {"subcommand"}));
  EXPECT_TRUE(failed(digits({"trian", "--epochs", "1"}), 2, {"'trian'"}));
  // What a shell makes of --save "$FILE" if FILE is not set.
  EXPECT_TRUE(failed(digits({"train", "--save", ""}), 2, {"--save", "empty"}));
  EXPECT_TRUE(failed(digits({"train", "--resume="}), 2, {"--resume", "empty"}));
}

// What was printed before the work failed is no result: no accuracy, and no file.
TEST(Digits, a_run_that_did_not_learn_says_so_and_leaves_the_former_model) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "m", "former");
  for (const auto& [rate, cause] :
       {std::pair{"1e3", "too high"}, std::pair{"3", "too high"}, std::pair{"1e-9", "too low"}}) {
    const CommandResult result = digits({"train", "--data", "sample", "--hidden", "16", "--epochs", "1",
                                         "--quiet", "--learning-rate", rate, "--save", folder / "m"});
    EXPECT_TRUE(failed(result, 1, {"did not learn", cause}));
    EXPECT_EQ(result.out.find("accuracy"), std::string::npos) << result.out;
    EXPECT_EQ(result.out.find("errors"), std::string::npos) << result.out;
  }
  EXPECT_EQ(read_file(folder / "m").size(), 6u);
}

// The sample, but each label of a training image is that of another one.
void write_shuffled_sample(const std::filesystem::path& folder) {
  Mnist mnist = load_mnist_sample();
  Random random(1);
  std::vector<std::uint8_t> labels(mnist.train.labels.begin(), mnist.train.labels.end());
  shuffle(std::span<std::uint8_t>(labels), random);
  write_file_atomically(folder / "train-images-idx3-ubyte", idx_bytes(mnist.train));
  write_file_atomically(folder / "train-labels-idx1-ubyte", idx_bytes(labels));
  write_file_atomically(folder / "t10k-images-idx3-ubyte", idx_bytes(mnist.test));
  write_file_atomically(folder / "t10k-labels-idx1-ubyte", idx_bytes(mnist.test.labels));
}

TEST(Digits, labels_of_other_images_are_memorized_and_found_out) {
  const TemporaryFolder folder;
  write_shuffled_sample(folder.path());
  const CommandResult result =
      digits({"train", "--data", folder.path(), "--quiet", "--epochs", "10", "--save", folder / "m"});
  EXPECT_TRUE(failed(result, 1, {"did not generalize", "labels that do not belong to the images"}));
  EXPECT_FALSE(std::filesystem::exists(folder / "m"));
}

// A shell leaves the ~ behind a = as it is, and the program would make a folder of that name.
TEST(Digits, no_output_goes_into_a_folder_called_tilde) {
  const std::string model = small_model(), image = std::string(NN_SOURCE_DIR) + "/docs/figures/none.png";
  const std::vector<std::vector<std::string>> commands = {
      {"train", "--data", "sample", "--save=~/m"},      {"train", "--data", "sample", "--json=~/j"},
      {"train", "--data", "sample", "--plots=~/p"},     {"evaluate", "--model", model, "--json=~/j"},
      {"evaluate", "--model", model, "--plots=~me/p"},  {"predict", "--model", model, image, "--json=~/j"},
      {"predict", "--model", model, image, "--show=~"}, {"gradcheck", "--data", "sample", "--json=~/j"}};
  for (const auto& command : commands) {
    EXPECT_TRUE(failed(digits(command), 2, {"~", "$HOME"})) << testing::PrintToString(command);
  }
  EXPECT_FALSE(std::filesystem::exists("~"));
}

// Otherwise the result of a run would take the place of its model.
TEST(Digits, one_file_for_two_purposes_is_refused) {
  const TemporaryFolder folder;
  const auto model = folder / "m", link = folder / "link";
  std::filesystem::copy_file(small_model(), model);
  std::filesystem::create_symlink(model, link);
  const auto before = read_file(model);
  EXPECT_TRUE(failed(digits({"evaluate", "--data", "sample", "--model", model, "--json", model}), 2, {"/m"}));
  EXPECT_TRUE(
      failed(digits({"evaluate", "--data", "sample", "--model", model, "--json", link}), 2, {"/link"}));
  EXPECT_TRUE(failed(digits({"train", "--data", "sample", "--save", model, "--json", model}), 2, {"/m"}));
  EXPECT_EQ(read_file(model), before);
}

TEST(Digits, bad_input_is_one_line_and_exit_code_1) {
  const TemporaryFolder folder;
  const auto train = [](const std::filesystem::path& data) { return digits({"train", "--data", data}); };
  EXPECT_TRUE(failed(train(folder / "nowhere"), 1, {"nowhere"}));
  EXPECT_TRUE(failed(train(folder.path()), 1, {"train-images"}));
  EXPECT_TRUE(failed(digits({"evaluate", "--model", folder / "m", "--data", "sample"}), 1, {"/m"}));
  EXPECT_TRUE(failed(digits({"train", "--data", "sample", "--save", folder / "no" / "m"}), 1, {"no"}));
  EXPECT_TRUE(failed(digits({"train", "--data", "sample", "--hidden", "99999,99999"}), 1, {"parameters"}));
  EXPECT_TRUE(
      failed(digits({"train", "--data", "sample", "--json", "/proc/result.json"}), 1, {"/proc/result.json"}));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace nn
