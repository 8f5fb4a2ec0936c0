// The commands of the program `digits`. Each adds its options to the program and says what it does with them.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "10_mnist/evaluation.hpp"
#include "common/data/mnist.hpp"

namespace nn::digits {

// What main runs once the options are parsed; returns the exit code.
using Work = std::function<int()>;

// Adds the command to app; sets work when the command was given.
// arguments: of main, with which --ranks starts the program again.
void add_train(CLI::App& app, Work& work, std::span<char* const> arguments);
void add_evaluate(CLI::App& app, Work& work);
void add_predict(CLI::App& app, Work& work);
void add_explain(CLI::App& app, Work& work);
void add_gradcheck(CLI::App& app, Work& work);
void add_doctor(CLI::App& app, Work& work);

// --data and --model, as every command takes them.
void add_model_option(CLI::App& command, std::string& model);
void add_data_option(CLI::App& command, std::string& data);
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
