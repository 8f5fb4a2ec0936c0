// digits train: from images to a saved, tested model.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "07_training/plain_step.hpp"
#include "08_generalization/augment.hpp"
#include "08_generalization/regularized_step.hpp"
#include "08_generalization/weight_average.hpp"
#include "09_fast_training/fast_step.hpp"
#include "10_mnist/digits/checkpoint.hpp"
#include "10_mnist/digits/health.hpp"
#include "10_mnist/model_file.hpp"
#include "10_mnist/recipes.hpp"
#include "build_info.hpp"
#include "commands.hpp"
#include "common/parallel/thread_pool.hpp"
#include "common/terminal/number_option.hpp"
#include "common/terminal/print.hpp"
#include "common/terminal/program.hpp"
#include "default_product.hpp"
#include "ranks.hpp"
#include "report.hpp"
#include "watch.hpp"

namespace nn::digits {
namespace {

struct Options {
  std::optional<std::string> recipe, optimizer;
  std::optional<std::vector<std::size_t>> hidden;
  std::optional<std::size_t> epochs, batch;
  std::optional<double> learning_rate, dropout, weight_decay, label_smoothing, ema;
  std::optional<std::string> augment;
  std::optional<std::uint64_t> seed;
  std::optional<std::string> data;
  std::string matmul = default_product<float>().name, save, resume, json, plots;
  std::optional<std::size_t> threads;
  std::size_t ranks = 0, checkpoint_every = 0;
  bool quiet = false, live = false;
};

// The signal that asked the run to end, 0 if none did.
std::atomic<int> g_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may not wait for a lock");
extern "C" void remember_signal(int signal) { g_signal = signal; }

// The recipe with what the options change in it.
Recipe chosen_recipe(const Options& o) {
  Recipe recipe = recipe_named(o.recipe.value_or("default"));
  recipe.optimizer = o.optimizer.value_or(recipe.optimizer);
  recipe.hidden = o.hidden.value_or(recipe.hidden);
  recipe.epochs = o.epochs.value_or(recipe.epochs);
  recipe.batch_size = o.batch.value_or(recipe.batch_size);
  recipe.learning_rate = o.learning_rate.value_or(recipe.learning_rate);
  recipe.augment = o.augment.value_or(recipe.augment);
  recipe.dropout = o.dropout.value_or(recipe.dropout);
  recipe.weight_decay = o.weight_decay.value_or(recipe.weight_decay);
  recipe.label_smoothing = o.label_smoothing.value_or(recipe.label_smoothing);
  recipe.ema = o.ema.value_or(recipe.ema);
  recipe.seed = o.seed.value_or(recipe.seed);
  recipe.data = o.data.value_or(recipe.data);
  return recipe;
}

// A resumed run goes on as it began. Throws UsageError for an option that says otherwise.
void check_no_conflict(const Options& o, const Recipe& saved) {
  const auto conflict = [&](const char* option, const auto& given, const auto& value) {
    if (given && *given != value) {
      throw UsageError(fmt::format("{} differs from what {} was trained with; leave it out to continue",
                                   option, o.resume));
    }
  };
  conflict("--recipe", o.recipe, saved.name);
  conflict("--data", o.data, saved.data);
  conflict("--hidden", o.hidden, saved.hidden);
  conflict("--epochs", o.epochs, saved.epochs);
  conflict("--batch", o.batch, saved.batch_size);
  conflict("--learning-rate", o.learning_rate, saved.learning_rate);
  conflict("--optimizer", o.optimizer, saved.optimizer);
  conflict("--augment", o.augment, saved.augment);
  conflict("--dropout", o.dropout, saved.dropout);
  conflict("--weight-decay", o.weight_decay, saved.weight_decay);
  conflict("--label-smoothing", o.label_smoothing, saved.label_smoothing);
  conflict("--ema", o.ema, saved.ema);
  conflict("--seed", o.seed, saved.seed);
}

// What --resume asks for; nothing without it.
std::optional<TrainingState> resumed_state(const Options& o) {
  if (o.resume.empty()) return std::nullopt;
  TrainingState state = load_checkpoint(o.resume);
  check_no_conflict(o, state.recipe);
  return state;
}

// The fast step; but where code of the reader's is built in, the plain one, which calls it; and the regularized one of
// chapter 08 for what neither of them knows. With augmentation it trains on variants of the images. ranks: null if this
// process is alone.
Step step_for(TrainingState& state, const LabeledImages& images, Ranks* ranks) {
  const bool augments = state.recipe.augment != "none";
  const auto make = [&state, ranks, augments](const LabeledImages& seen) -> Step {
    const Recipe& recipe = state.recipe;
    const FastStepOptions options{.images_change = augments};
    if (ranks != nullptr) return fast_step(state, seen, *ranks, options);
    if (recipe.dropout > 0 || recipe.weight_decay > 0 || recipe.label_smoothing > 0)
      return RegularizedStep(state, seen);
    if (!build_info().overlay.empty()) return PlainStep(state, seen);
    return fast_step(state, seen, options);
  };
  return augments ? augmented_step(state.recipe, images, make) : make(images);
}

// The process that writes files and speaks.
bool is_first(const Ranks* ranks) { return ranks == nullptr || ranks->rank() == 0; }

// Ends the run at a signal; saves a checkpoint then, and every so many steps.
TrainingObserver checkpoints(const Options& o, TrainingState& state, Ranks* ranks) {
  return {.after_step =
              [&o, &state, ranks](const StepReport& step) {
                // A signal may reach one process a step before another one.
                const bool stop = ranks == nullptr ? g_signal != 0 : ranks->any(g_signal != 0);
                const bool due = o.checkpoint_every > 0 && step.step % o.checkpoint_every == 0;
                if (due || (stop && !o.save.empty())) {
                  if (ranks != nullptr) gather_first_layer(state, *ranks);
                  if (is_first(ranks)) save_checkpoint(o.save + ".checkpoint", state);
                }
                return !stop;
              },
          .after_epoch = {}};
}

// Before the other observers look at the network, and before train() returns.
TrainingObserver gathering(TrainingState& state, Ranks* ranks) {
  if (ranks == nullptr) return {};
  return {.after_epoch = [&state, ranks](double) { gather_first_layer(state, *ranks); }};
}

// Trains until the end or a signal; true if it got to the end.
bool train_observed(const Options& o, TrainingState& state, const LabeledImages& images, Report& report,
                    Watch& watch, Ranks* ranks) {
  std::signal(SIGINT, remember_signal);
  std::signal(SIGTERM, remember_signal);
  if (ranks != nullptr) std::signal(SIGUSR1, remember_signal);  // what run_in_ranks sends
  const TrainingObserver average = state.recipe.ema > 0 ? average_weights(state) : TrainingObserver{};
  const bool finished = train(
      state, images, step_for(state, images, ranks),
      {gathering(state, ranks), average, report.observer(), watch.observer(), checkpoints(o, state, ranks)});
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  return finished;
}

std::string how_to_resume(const Options& o) {
  return fmt::format("digits train --resume {0}.checkpoint --save {0}", o.save);
}

int interrupted(const Options& o, Watch& watch) {
  watch.interrupted();
  const std::string what_now =
      o.save.empty() ? "nothing was to be saved (--save FILE)" : "go on with: " + how_to_resume(o);
  std::fputs(("\ninterrupted; " + what_now + "\n").c_str(), stderr);
  return 128 + g_signal;
}

// "1 epoch", "8 epochs"
std::string counted(std::size_t count, const std::string& what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// ", dropout 0.2, ...": what chapter 08 adds to the recipe.
std::string regularization(const Recipe& r) {
  std::string text;
  const auto add = [&](const char* name, double value) {
    if (value > 0) text += fmt::format(", {} {}", name, format_number(value));
  };
  if (r.augment != "none") text += ", augmentation " + r.augment;
  add("dropout", r.dropout);
  add("weight decay", r.weight_decay);
  add("label smoothing", r.label_smoothing);
  add("average of the weights", r.ema);
  return text;
}

void describe(const TrainingState& state, const Options& o, const Mnist& mnist, std::size_t train_count,
              const Ranks* ranks) {
  const Recipe& r = state.recipe;
  fmt::print("{}\n", mnist.source);
  const std::string processes =
      ranks == nullptr ? ""
                       : fmt::format("{} process{} with ", ranks->count(), ranks->count() == 1 ? "" : "es");
  fmt::print("recipe {}: {}-{}-{}, {}, {} of {} images in batches of {}{}, seed {}, {}{}, product '{}'\n",
             r.name, mnist.train.height * mnist.train.width, fmt::join(r.hidden, "-"), kClasses, r.optimizer,
             counted(r.epochs, "epoch"), train_count, r.batch_size, regularization(r), r.seed, processes,
             counted(thread_count(), "thread"), o.matmul);
  std::fflush(stdout);
}

std::map<std::string, std::string> metadata(const Recipe& r, const Mnist& mnist) {
  return {{"recipe", r.name},
          {"optimizer", r.optimizer},
          {"epochs", std::to_string(r.epochs)},
          {"seed", std::to_string(r.seed)},
          {"training_images", std::to_string(mnist.train.count)}};
}

void print_results(const Options& o, const TrainingNumbers& numbers, const Evaluation& own,
                   const Evaluation& test) {
  fmt::print("trained in {}, {:.0f} images/s\n", format_duration(numbers.seconds), numbers.images_per_second);
  fmt::print("on the {} images it learned from: {:.2f}%, {} errors\n", own.count, 100 * own.accuracy(),
             own.count - own.right);
  print_evaluation(test);
  fmt::print("{}\n", o.save.empty() ? "The model was not saved: --save FILE keeps it." : "saved: " + o.save);
}

// Starts the processes, if they are not started yet.
std::unique_ptr<Ranks> ranks_of(const Options& o) {
  std::unique_ptr<Ranks> ranks = join_ranks();
  if (ranks == nullptr) return nullptr;
  if (o.ranks != 0 && o.ranks != ranks->count())
    throw UsageError(fmt::format("--ranks {}, but mpirun started {} processes; leave one of the two out",
                                 o.ranks, ranks->count()));
  if (!o.plots.empty() || o.live)
    throw UsageError("--plots and --live draw what one process sees; leave them out to train in several");
  if (!is_first(ranks.get()) && std::freopen("/dev/null", "w", stdout) == nullptr)
    throw Error("/dev/null cannot be opened");
  return ranks;
}

int run_alone_or_in_ranks(const Options& o, Ranks* ranks) {
  if (o.checkpoint_every > 0 && o.save.empty())
    throw UsageError("--checkpoint-every needs --save FILE: it writes FILE.checkpoint");
  check_output(o.save, {o.resume});
  check_output(o.json, {o.save, o.save + ".checkpoint", o.resume});
  check_plots_folder(o.plots);
  set_thread_count(o.threads.value_or(threads_of_rank()));
  const UseProduct<float> use(product_named<float>(o.matmul).product);
  std::optional<TrainingState> resumed = resumed_state(o);
  const Recipe recipe = resumed ? resumed->recipe : chosen_recipe(o);
  const Mnist mnist = load(recipe.data);
  const std::size_t width = mnist.train.height * mnist.train.width;
  if (!resumed) check_size(recipe, width, mnist.train.count);
  TrainingState state = resumed ? std::move(*resumed) : start_training(recipe, width);
  check_width(state.network, o.resume, mnist.train, mnist.source);
  const std::size_t kept_back = recipe.validation ? validation_count(mnist.train.count) : 0;
  const LabeledImages training = first_images(mnist.train, mnist.train.count - kept_back);
  const LabeledImages validation = last_images(mnist.train, kept_back);
  describe(state, o, mnist, training.count, ranks);

  check_learnable(training);
  Report report(state, validation, o.quiet);
  Watch watch(o.plots, o.live, state, training, validation);
  if (!train_observed(o, state, training, report, watch, ranks)) return interrupted(o, watch);
  if (!is_first(ranks)) return kDone;
  const TrainingNumbers numbers = report.numbers();  // with the times of now, before anything else runs

  swap_average(state);  // the average, if there is one, is the model
  fold_input_transform(state.network, recipe.input);
  const Evaluation own = evaluate(state.network, training);
  check_learned(own.loss, numbers.step_losses, training, recipe);
  const Evaluation test = evaluate(state.network, mnist.test);
  check_generalized(own, test);
  // The files come before the screen: a reader that is gone must not cost the model.
  if (!o.save.empty()) save_model(o.save, state.network, metadata(recipe, mnist));
  nlohmann::json json = to_json(recipe, numbers, thread_count(), o.matmul, mnist.source);
  json.update(to_json(test));
  json["train_accuracy"] = own.accuracy();
  json["ranks"] = ranks == nullptr ? 1 : ranks->count();
  write_json(o.json, json);
  print_results(o, numbers, own, test);
  watch.finish(mnist.test);
  return kDone;
}

int run(const Options& o, std::span<char* const> arguments) {
  if (o.ranks != 0 && !build_info().overlay.empty())
    throw UsageError(
        "--ranks shares the course's fast step, which would run in place of your code; leave it out");
  const std::unique_ptr<Ranks> ranks = ranks_of(o);
  if (ranks != nullptr || o.ranks == 0) return run_alone_or_in_ranks(o, ranks.get());
  return run_in_ranks(o.ranks, arguments,
                      o.checkpoint_every == 0 ? "" : "; go on from the last checkpoint: " + how_to_resume(o));
}

std::vector<std::string> product_names() {
  std::vector<std::string> names = {"list"};
  for (const auto& p : products<float>()) names.push_back(p.name);
  return names;
}

int list_products() {
  Table table({"--matmul", "idea"});
  for (const auto& p : products<float>()) table.add({p.name, p.idea});
  table.print();
  return kDone;
}

}  // namespace

void add_train(const Command& app, Work& work, std::span<char* const> arguments) {
  const auto o = std::make_shared<Options>();
  const Command command = app.add_subcommand("train", "train a network, test it, save it");
  command
      .add_option("--recipe", o->recipe,
                  "default, classroom (25 and 15 hidden neurons), fast or best (chapter 08)")
      .one_of(kRecipeNames);
  command.add_option("--data", o->data, "a folder with the four MNIST files, or: sample, full");
  command.add_numbers("--hidden", o->hidden, "widths of the hidden layers, e.g. 128,64")
      .check(whole_numbers(1, 100000));
  command.add_option("--epochs", o->epochs, "how often every image is used").check(whole_number(1, 100000));
  command.add_option("--batch", o->batch, "images a step").check(whole_number(1, 1000000));
  command.add_option("--learning-rate", o->learning_rate, "the highest of the schedule")
      .check(positive_number());
  command.add_option("--optimizer", o->optimizer, "sgd, momentum or adam")
      .one_of({"sgd", "momentum", "adam"});
  command
      .add_option("--augment", o->augment, "train on variants of the images: none, shift, affine or elastic")
      .one_of(kAugmentations);
  command.add_option("--dropout", o->dropout, "the probability that a hidden neuron is dropped in a step")
      .check(number_below(1));
  command.add_option("--weight-decay", o->weight_decay, "how fast weights shrink, e.g. 0.01 with adam")
      .check(number_below(100));
  command
      .add_option("--label-smoothing", o->label_smoothing,
                  "the share of a label that all classes get, e.g. 0.05")
      .check(number_below(1));
  command.add_option("--ema", o->ema, "save a moving average of the weights, e.g. 0.999")
      .check(number_below(1));
  command.add_option("--seed", o->seed, "of the first weights and of the order of the images")
      .check(whole_number(0));
  command
      .add_option("--threads", o->threads,
                  "all cores that it may use if not given; the numbers do not depend on it")
      .check(whole_number(1, 1024));
  command
      .add_option("--ranks", o->ranks,
                  "train in so many processes, which MPI starts; the numbers do not depend on it")
      .check(whole_number(1, 1024));
  command.add_option("--matmul", o->matmul, "which product of chapter 06; list shows them")
      .one_of(product_names());
  command.add_option("--save", o->save, "where the model goes (safetensors)");
  command.add_option("--checkpoint-every", o->checkpoint_every, "write SAVE.checkpoint every so many steps")
      .check(whole_number(0));
  command.add_option("--resume", o->resume, "go on from a checkpoint");
  command.add_option("--json", o->json, "also write all numbers of the run to this file");
  command.add_option("--plots", o->plots,
                     "draw the run into this folder: curves, mistakes, what the layers see");
  command.add_flag("--live", o->live, "draw the curves while it trains, in a window or as text");
  command.add_flag("--quiet", o->quiet, "no progress line");
  command.callback([&work, o, arguments] {
    work = [o, arguments] { return o->matmul == "list" ? list_products() : run(*o, arguments); };
  });
}

}  // namespace nn::digits
