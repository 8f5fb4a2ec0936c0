// What the commands of the program `digits` share.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "10_mnist/evaluation.hpp"
#include "all_commands.hpp"
#include "common/data/mnist.hpp"

namespace nn::digits {

// --data and --model, as every command takes them.
void add_model_option(const Command& command, std::string& model);
void add_data_option(const Command& command, std::string& data);
// The data, with its notes on stderr.
Mnist load(const std::string& data);

// "98.12% ± 0.14 (one standard error; 9812 of 10000 images)"; where an error bar would say too much, an interval instead.
std::string accuracy_text(const Evaluation& evaluation);
// The accuracy with its error bar, the loss, and the confusion matrix.
void print_evaluation(const Evaluation& evaluation);
// The same for --json: accuracy, standard_error, loss, confusion under keys that start with "test_".
nlohmann::json to_json(const Evaluation& evaluation);
// Writes the JSON file unless its name is empty.
void write_json(const std::string& file, const nlohmann::json& json);
// To be called before the work: throws Error if the file could not be written in the end, and UsageError if it is one
// of those that another option names. An empty name is fine.
void check_output(const std::string& file, const std::vector<std::string>& others = {});

// The network's input must be as wide as the images. Throws Error.
void check_width(Network<float>& network, const std::string& model, const ImageSet& images,
                 const std::string& data);

}  // namespace nn::digits
