//===- CommandLine.cpp - Reading the command line -----------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/CommandLine.h"

#include "mlopt/Passes/TargetDescription.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Option/Option.h"

#include <cmath>

using namespace llvm;

namespace mlopt {

namespace {

enum VerbVisibility : unsigned {
  DefaultVis = opt::DefaultVis,
  CompileVis = 1u << 1,
  CheckVis = 1u << 2,
  InspectVis = 1u << 3,
  RunVis = 1u << 4,
  BenchVis = 1u << 5,
  VerifyVis = 1u << 6,
  ExplainVis = 1u << 7,
  EvalVis = 1u << 8,
  TrainVis = 1u << 9,
  QuantizeVis = 1u << 10,
};

using opt::HelpHidden;

enum OptionId {
  OPT_INVALID = 0,
#define OPTION(...) LLVM_MAKE_OPT_ID(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

#define OPTTABLE_STR_TABLE_CODE
#include "Options.inc"
#undef OPTTABLE_STR_TABLE_CODE

#define OPTTABLE_PREFIXES_TABLE_CODE
#include "Options.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

const opt::OptTable::Info optionInfos[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "Options.inc"
#undef OPTION
};

class MloptOptTable : public opt::GenericOptTable {
public:
  MloptOptTable() : GenericOptTable(OptionStrTable, OptionPrefixesTable, optionInfos) {}
};

const VerbInfo verbs[] = {
    {"compile", "MODEL -o OUT", "compile a model (.onnx, .onnxtxt, - for standard input)"},
    {"check", "MODEL", "report every problem at once; writes nothing"},
    {"inspect", "FILE", "describe a model or an artefact"},
    {"run", "FILE", "run an artefact (or a model, compiled first)"},
    {"bench", "FILE", "measure an artefact (or a model, compiled first)"},
    {"verify", "FILE", "compare with the reference evaluator; exit code 5 if it differs"},
    {"explain", "CODE", "describe an error code"},
    {"eval", "MODEL", "evaluate a model with the reference evaluator"},
    {"train", "MODEL -o OUT", "compile the training of a model: its steps, for 'mlopt-run fit'"},
    {"quantize", "MODEL -o OUT", "make layers of a model integers: a model (.onnx) or code"},
};

opt::Visibility visibilityOf(Verb verb) {
  return opt::Visibility(unsigned(DefaultVis) | (2u << static_cast<unsigned>(verb)));
}

/// Reads the values of the options; the first problem is kept.
class Reader {
public:
  Reader(const opt::InputArgList &args, CommandLine &line, std::string &error)
      : args(args), line(line), c(line.compile), error(error) {}

  bool read() {
    readGeneral();
    readModel();
    readCode();
    readOutput();
    readData();
    readTraining();
    readQuantization();
    return error.empty();
  }

private:
  void fail(const Twine &message) {
    if (error.empty())
      error = message.str();
  }
  StringRef text(unsigned id) { return args.getLastArgValue(id); }
  void number(unsigned id, double &value, StringRef name) {
    double parsed;
    if (args.hasArg(id)) {
      if (text(id).getAsDouble(parsed) || !(parsed >= 0) || std::isinf(parsed))
        return fail("--" + name + ": wrong value '" + text(id) +
                    "', expected a number of at least 0");
      value = parsed;
    }
  }
  template <typename T> void integer(unsigned id, T &value, const Twine &name, T minimum) {
    T parsed;
    if (args.hasArg(id)) {
      if (text(id).getAsInteger(10, parsed) || parsed < minimum)
        return fail(name + ": wrong value '" + text(id) + "', expected an integer of at least " +
                    Twine(minimum));
      value = parsed;
    }
  }

  void readGeneral() {
    line.help = args.hasArg(OPT_help) || args.hasArg(OPT_help_hidden);
    line.helpHidden = args.hasArg(OPT_help_hidden);
    line.version = args.hasArg(OPT_version);
    c.verbose = args.hasArg(OPT_v);
    c.quiet = args.hasArg(OPT_q);
    StringRef format = args.getLastArgValue(OPT_format, "text");
    if (format != "text" && format != "json")
      fail("--format: wrong value '" + format + "', expected text or json");
    c.json = format == "json";
    line.completion = text(OPT_completion).str();
    if (!line.completion.empty() && line.completion != "bash")
      fail("--completion: no script for shell '" + line.completion + "', expected bash");
    line.batch = text(OPT_batch).str();
    number(OPT_timeout, line.timeout, "timeout");
    line.positional = args.getAllArgValues(OPT_INPUT);
    for (const std::string &model : args.getAllArgValues(OPT_onnx))
      line.positional.push_back(model);
  }

  /// Splits NAME=VALUE or NAME:VALUE at the last such separator.
  std::pair<StringRef, StringRef> splitNamed(StringRef given) {
    size_t at = given.find_last_of("=:");
    if (at == StringRef::npos || at == 0)
      return {};
    return {given.take_front(at), given.drop_front(at + 1)};
  }

  void readModel() {
    for (StringRef given : args.getAllArgValues(OPT_dim)) {
      auto [name, value] = splitNamed(given);
      if (!name.data()) {
        fail("--dim: wrong value '" + given + "', expected NAME=SIZE or NAME=LOW..HIGH[@USUAL]");
        continue;
      }
      int64_t size;
      if (!value.getAsInteger(10, size)) {
        c.dims[name.str()] = size;
        continue;
      }
      auto [bounds, usual] = value.split('@');
      auto [low, high] = bounds.split("..");
      DimRange range;
      bool bad = low.getAsInteger(10, range.minimum) || high.getAsInteger(10, range.maximum);
      if (!bad && !usual.empty()) {
        int64_t parsed = 0;
        bad = usual.getAsInteger(10, parsed) || parsed < range.minimum || parsed > range.maximum;
        range.usual = parsed;
      }
      if (bad || range.minimum < 0 || range.minimum > range.maximum)
        fail("--dim: wrong value '" + given + "', expected NAME=SIZE or NAME=LOW..HIGH[@USUAL]");
      c.ranges[name.str()] = range;
    }
    for (StringRef given : args.getAllArgValues(OPT_shape)) {
      auto [name, value] = splitNamed(given);
      if (!name.data()) {
        fail("--shape: wrong value '" + given + "', expected INPUT:1x3xHx?");
        continue;
      }
      std::vector<std::string> &dims = c.shapes[name.str()];
      dims.clear();
      for (StringRef part : split(value, 'x'))
        if (!value.empty())
          dims.push_back(part.str());
    }
  }

  void readCode() {
    if (args.hasArg(OPT_O) &&
        (text(OPT_O).size() != 1 || text(OPT_O).getAsInteger(10, c.optLevel) || c.optLevel > 3))
      fail("-O: wrong value '" + text(OPT_O) + "', expected -O0, -O1, -O2 or -O3");
    integer<unsigned>(OPT_j, c.jobs, "-j", 1);
    line.listTargets = args.hasArg(OPT_list_targets);
    line.listPasses = args.hasArg(OPT_list_passes);
    if (args.hasArg(OPT_cpu)) {
      line.cpuGiven = true;
      c.cpus.clear();
      for (StringRef cpu : split(text(OPT_cpu), ','))
        if (!is_contained(c.cpus, cpu))
          c.cpus.push_back(cpu.str());
    }
    for (StringRef gpu : split(text(OPT_gpu), ','))
      if (args.hasArg(OPT_gpu) && !is_contained(c.gpus, gpu))
        c.gpus.push_back(gpu.str());
    c.ptxas = text(OPT_ptxas).str();
    if (args.hasArg(OPT_ptxas) && c.ptxas.empty())
      fail("--ptxas: the name of the program is empty; none leaves machine code out");
    StringRef products = args.getLastArgValue(OPT_f32_matmul, "ieee");
    if (products != "ieee" && products != "tf32")
      fail("--f32-matmul: wrong value '" + products + "', expected ieee or tf32");
    c.tf32 = products == "tf32";
    c.disabledPasses = args.getAllArgValues(OPT_disable_pass);
    c.printAfter = args.getAllArgValues(OPT_print_after);
    c.verifyEach = args.hasArg(OPT_verify_each);
    c.timePhases = args.hasArg(OPT_time_phases);
    for (const std::string &value : args.getAllArgValues(OPT_report))
      for (StringRef item : split(value, ',')) {
        if (item == "memory")
          c.reportMemory = true;
        else if (item == "fusion")
          c.reportFusion = true;
        else if (item.split(':').first == "quantization" && line.verb == Verb::Quantize)
          line.quantizeArguments.emplace_back("report", item.split(':').second.str());
        else
          fail("--report: no report '" + item + "', expected memory" +
               (line.verb == Verb::Quantize
                    ? ", fusion or quantization (with :FILE.json or :FILE.svg)"
                    : " or fusion"));
      }
    if (args.hasArg(OPT_compile_to)) {
      c.stopAfter = parsePhase(text(OPT_compile_to));
      if (!c.stopAfter)
        fail("--compile-to: no phase '" + text(OPT_compile_to) +
             "', expected input, graph, quantize, fuse, plan, kernels or object");
    }
  }

  void readOutput() {
    c.output = text(OPT_o).str();
    if (args.hasArg(OPT_o) && c.output.empty())
      fail("-o: the name of the output is empty");
    if (args.hasArg(OPT_emit)) {
      c.emit = StringSwitch<std::optional<Emit>>(text(OPT_emit))
                   .Case("so", Emit::SharedLibrary)
                   .Case("obj", Emit::Object)
                   .Case("archive", Emit::Archive)
                   .Case("exe", Emit::Executable)
                   .Case("mlir", Emit::Mlir)
                   .Case("llvm", Emit::Llvm)
                   .Case("asm", Emit::Assembly)
                   .Case("ptx", Emit::Ptx)
                   .Default(std::nullopt);
      if (!c.emit)
        fail("--emit: no kind '" + text(OPT_emit) +
             "', expected so, obj, archive, exe, mlir, llvm, asm or ptx");
    }
    c.prefix = text(OPT_prefix).str();
    if (args.hasArg(OPT_prefix) &&
        (c.prefix.empty() || isDigit(c.prefix[0]) ||
         !all_of(c.prefix, [](char ch) { return isAlnum(ch) || ch == '_'; })))
      fail("--prefix: '" + c.prefix + "' is no C identifier");
    c.header = text(OPT_header).str();
    if (args.hasArg(OPT_weights) && (line.verb == Verb::Compile || line.verb == Verb::Train)) {
      if (text(OPT_weights) != "embed" && text(OPT_weights) != "file")
        fail("--weights: wrong value '" + text(OPT_weights) + "', expected embed or file");
      c.embedWeights = text(OPT_weights) == "embed";
    }
    if (line.verb == Verb::Quantize)
      for (StringRef value : args.getAllArgValues(OPT_weights)) {
        if (value == "embed" || value == "file")
          c.embedWeights = value == "embed";
        else
          line.quantizeArguments.emplace_back("weights", value.str());
      }
    c.saveTemps = args.hasArg(OPT_save_temps);
    c.reproducerDir = text(OPT_reproducer_dir).str();
    c.forcedError = text(OPT_force_internal_error).str();
    auto [kind, place] = StringRef(c.forcedError).split('@');
    if (args.hasArg(OPT_force_internal_error) &&
        (place.empty() || (kind != "crash" && kind != "spoil" && kind != "spoil-kernel" && !(kind == "fail" && parsePhase(place)))))
      fail("--force-internal-error: wrong value '" + c.forcedError +
           "', expected crash@PASS, crash@PHASE, fail@PHASE, spoil@OPERATION or spoil-kernel@LAYER");
    c.depfile = args.hasArg(OPT_MD) || args.hasArg(OPT_MF);
    c.depfileName = text(OPT_MF).str();
  }

  void readData() {
    line.inputs = args.getAllArgValues(OPT_input);
    line.output = text(OPT_output).str();
    integer<uint64_t>(OPT_seed, line.seed, "--seed", 0);
    integer<int64_t>(OPT_threads, line.threads, "--threads", 0);
    StringRef mode = args.getLastArgValue(OPT_mode, "typed");
    if (mode != "typed" && mode != "exact")
      fail("--mode: wrong value '" + mode + "', expected typed or exact");
    line.exact = mode == "exact";
    number(OPT_rtol, line.rtol, "rtol");
    number(OPT_atol, line.atol, "atol");
    line.reference = text(OPT_reference).str();
    StringRef layers = text(OPT_layers_of);
    line.layers = args.hasArg(OPT_layers) || args.hasArg(OPT_layers_of);
    line.allLayers = layers == "nodes";
    if (args.hasArg(OPT_layers_of) && layers != "nodes" && layers != "kernels")
      fail("--layers: wrong value '" + layers + "', expected kernels or nodes");
    line.checkHashes = args.hasArg(OPT_check_hashes);
    readDevice();
    readRunnerArguments();
  }

  void readDevice() {
    if (!args.hasArg(OPT_device))
      return;
    line.device = text(OPT_device).str();
    StringRef number = line.device;
    unsigned index;
    bool isGpu = number.consume_front("cuda");
    bool isNumbered = number.consume_front(":") && !number.getAsInteger(10, index);
    if (line.device != "cpu" && line.device != "cuda" && !(isGpu && isNumbered))
      fail("--device: wrong value '" + line.device + "', expected cpu, cuda or cuda:N");
    // A model is compiled first: its PTX for the oldest architecture runs on all newer ones.
    if (isGpu && c.gpus.empty())
      c.gpus.push_back(listGpuTargets().front());
  }

  /// Their values are read where the step is put together (TrainVerb.cpp).
  void readTraining() {
    c.loadWeights = text(OPT_load_weights).str();
    if (args.hasArg(OPT_load_weights) && c.loadWeights.empty())
      fail("--load-weights: the name of the file is empty");
    c.allowMissingWeights = args.hasArg(OPT_allow_missing_weights);
    if (c.allowMissingWeights && c.loadWeights.empty())
      fail("--allow-missing-weights: needs --load-weights");
    c.inference = args.hasArg(OPT_inference);
    c.trainedScalars = args.getAllArgValues(OPT_train_scalar);
    c.checkFinite = args.hasArg(OPT_check_finite);
    for (const opt::Arg *arg : args) {
      const opt::Option option = arg->getOption().getUnaliasedOption();
      if (option.getGroup().isValid() && option.getGroup().getID() == OPT_grp_training)
        line.trainArguments.emplace_back(option.getName().rtrim('=').str(),
                                         arg->getNumValues() ? arg->getValue() : "");
    }
  }

  /// Their values are read where they are used (QuantizeOptions.cpp).
  void readQuantization() {
    for (const opt::Arg *arg : args) {
      const opt::Option option = arg->getOption().getUnaliasedOption();
      if (option.getGroup().isValid() && option.getGroup().getID() == OPT_grp_quantization)
        line.quantizeArguments.emplace_back(option.getName().rtrim('=').str(),
                                            arg->getNumValues() ? arg->getValue() : "");
    }
  }

  /// Options that mlopt-run knows go on to it as they are.
  void readRunnerArguments() {
    static const unsigned passedOn[] = {
        OPT_input,      OPT_output,         OPT_seed,     OPT_threads,   OPT_repeat,
        OPT_entry,      OPT_verify_weights, OPT_profile,  OPT_warmup,    OPT_duration,
        OPT_iterations, OPT_export,         OPT_baseline, OPT_tolerance, OPT_check_hashes,
        OPT_weights,    OPT_format,         OPT_v,        OPT_q,         OPT_device};
    for (const opt::Arg *arg : args) {
      const opt::Option option = arg->getOption().getUnaliasedOption();
      if (!is_contained(passedOn, option.getID()))
        continue;
      std::string name = option.getID() == OPT_v   ? "-v"
                         : option.getID() == OPT_q ? "-q"
                                                   : option.getPrefixedName().str();
      line.runnerArguments.push_back(name + (arg->getNumValues() ? arg->getValue() : ""));
    }
  }

  const opt::InputArgList &args;
  CommandLine &line;
  CompileOptions &c;
  std::string &error;
};

} // namespace

ArrayRef<VerbInfo> getVerbs() { return verbs; }

std::optional<CommandLine> parseCommandLine(ArrayRef<const char *> arguments, std::string &error) {
  CommandLine line;
  error.clear();
  line.compile.arguments.assign(arguments.begin(), arguments.end());
  if (!arguments.empty()) {
    for (auto [i, info] : enumerate(verbs))
      if (info.name == arguments.front()) {
        line.verb = static_cast<Verb>(i);
        arguments = arguments.drop_front();
        break;
      }
  }
  MloptOptTable table;
  opt::Visibility visibility = visibilityOf(line.verb);
  unsigned missingIndex = 0, missingCount = 0;
  opt::InputArgList args = table.ParseArgs(arguments, missingIndex, missingCount, visibility);
  if (missingCount) {
    error = "option '" + std::string(args.getArgString(missingIndex)) + "' needs a value";
    return std::nullopt;
  }
  for (const opt::Arg *arg : args.filtered(OPT_UNKNOWN)) {
    std::string given = arg->getAsString(args), nearest;
    error = "unknown option '" + given + "'";
    if (table.findNearest(given, nearest, visibility) <= 2)
      error += "; did you mean '" + nearest + "'?";
    else if (table.findNearest(given, nearest) == 0)
      error += " of 'mlopt " + verbs[static_cast<size_t>(line.verb)].name.str() + "'";
    return std::nullopt;
  }
  if (!Reader(args, line, error).read())
    return std::nullopt;
  return line;
}

void printHelp(raw_ostream &os, std::optional<Verb> verb, bool showHidden) {
  MloptOptTable table;
  if (!verb) {
    os << "OVERVIEW: mlopt compiles trained models to native code\n\n"
          "USAGE: mlopt MODEL -o OUT [options]\n";
    for (const VerbInfo &info : verbs)
      os << "       mlopt " << left_justify((info.name + " " + info.argument).str(), 22)
         << info.description << "\n";
    os << "\n`mlopt VERB --help` lists the options of a verb. Those of `compile`:\n\n";
    verb = Verb::Compile;
  }
  const VerbInfo &info = verbs[static_cast<size_t>(*verb)];
  std::string usage = ("mlopt " + info.name + " " + info.argument + " [options]").str();
  table.printHelp(os, usage.c_str(), info.description.str().c_str(), showHidden, false,
                  visibilityOf(*verb));
  os << "\nExit codes: 0 ok, 1 compile error, 2 usage, 3 input missing or malformed, 4 not "
        "supported,\n5 accuracy gate failed, 6 memory budget, 7 target or toolchain, 8 run-time "
        "failure, 70 internal error.\n";
}

void printBashCompletion(raw_ostream &os) {
  MloptOptTable table;
  os << "# bash completion of mlopt:  source <(mlopt --completion=bash)\n"
        "_mlopt() {\n"
        "  local current=\"${COMP_WORDS[COMP_CWORD]}\" options\n"
        "  [[ $current == = ]] && return\n"
        "  case \"${COMP_WORDS[1]}\" in\n";
  auto optionsOf = [&](Verb verb) {
    std::vector<std::string> names;
    for (unsigned id = 1; id <= table.getNumOptions(); ++id) {
      opt::Option option = table.getOption(id);
      if (!option.isValid() || !option.hasVisibilityFlag(2u << static_cast<unsigned>(verb)) ||
          option.hasFlag(HelpHidden) || option.getKind() == opt::Option::GroupClass ||
          option.getKind() == opt::Option::SeparateClass)
        continue;
      names.push_back(option.getPrefixedName().str());
    }
    return join(names, " ");
  };
  for (auto [i, info] : enumerate(verbs))
    if (static_cast<Verb>(i) != Verb::Compile)
      os << "  " << info.name << ") options=\"" << optionsOf(static_cast<Verb>(i)) << "\" ;;\n";
  os << "  *) options=\"" << optionsOf(Verb::Compile) << "\" ;;\n  esac\n"
     << "  if [[ $COMP_CWORD == 1 && $current != -* ]]; then\n    options=\"";
  for (const VerbInfo &info : verbs)
    os << info.name << " ";
  os << "\"\n    COMPREPLY=($(compgen -W \"$options\" -- \"$current\") $(compgen -f -- "
        "\"$current\"))\n"
        "  elif [[ $current == -* ]]; then\n"
        "    COMPREPLY=($(compgen -W \"$options\" -- \"$current\"))\n"
        "    [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n"
        "  else\n"
        "    COMPREPLY=($(compgen -f -- \"$current\"))\n"
        "  fi\n"
        "}\n"
        "complete -o filenames -F _mlopt mlopt\n";
}

std::optional<std::vector<std::string>> splitShellWords(StringRef line) {
  std::vector<std::string> words;
  std::string word;
  bool inWord = false;
  char quote = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    char ch = line[i];
    if (quote) {
      if (ch == quote)
        quote = 0;
      else if (quote == '"' && ch == '\\' && i + 1 < line.size() &&
               StringRef("\"\\$`").contains(line[i + 1]))
        word += line[++i];
      else
        word += ch;
      continue;
    }
    if (ch == '\'' || ch == '"') {
      quote = ch;
      inWord = true;
    } else if (ch == '\\' && i + 1 < line.size()) {
      word += line[++i];
      inWord = true;
    } else if (isSpace(ch)) {
      if (inWord)
        words.push_back(std::move(word));
      word.clear();
      inWord = false;
    } else {
      word += ch;
      inWord = true;
    }
  }
  if (quote)
    return std::nullopt;
  if (inWord)
    words.push_back(std::move(word));
  return words;
}

} // namespace mlopt
