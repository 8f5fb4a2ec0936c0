// digits: trains, tests and explains the classifier of handwritten digits.
#include <CLI/CLI.hpp>

#include "all_commands.hpp"
#include "common/terminal/program.hpp"

int main(int argc, char** argv) {
  CLI::App app("Trains, tests and explains a classifier of handwritten digits.", "digits");
  app.require_subcommand(1);
  const nn::Command command(app);
  nn::digits::Work work;
  nn::digits::add_train(command, work, {argv, static_cast<std::size_t>(argc)});
  nn::digits::add_evaluate(command, work);
  nn::digits::add_predict(command, work);
  nn::digits::add_explain(command, work);
  nn::digits::add_gradcheck(command, work);
  nn::digits::add_doctor(command, work);
  return nn::run_program(app, argc, argv, [&] { return work(); });
}
