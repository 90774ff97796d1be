//===- Header.cpp - The C interface of one model --------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Header.h"

#include "mlir/Parser/Parser.h"
#include "mlopt/IR/SymExpr.h"
#include "mlopt/RT/Mlrt.h"
#include "mlopt/runtime/abi/module_abi.h"
#include "mlopt/runtime/context.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

using namespace mlir;

namespace mlopt {

static std::string makeIdentifier(llvm::StringRef name, std::set<std::string> &taken) {
  std::string base;
  for (char c : name)
    base += llvm::isAlnum(c) ? c : '_';
  if (base.empty() || llvm::isDigit(base[0]))
    base = "n" + base;
  // Names of C and of the functions' own parameters.
  static const std::set<std::string> reserved = {
      "auto",     "break",   "case",     "char",      "const",    "continue", "default",
      "do",       "double",  "else",     "enum",      "extern",   "float",    "for",
      "goto",     "if",      "inline",   "int",       "long",     "register", "restrict",
      "return",   "short",   "signed",   "sizeof",    "static",   "struct",   "switch",
      "typedef",  "union",   "unsigned", "void",      "volatile", "while",    "model",
      "threads",  "bool",    "class",    "new",       "delete",   "this",     "template",
      "operator", "private", "public",   "protected", "true",     "false",    "namespace",
      "using",    "virtual", "int64_t"};
  if (reserved.count(base))
    base += "_";
  std::string unique = base;
  for (int i = 2; !taken.insert(llvm::StringRef(unique).lower()).second; ++i)
    unique = base + "_" + std::to_string(i);
  return unique;
}

static std::string cTypeOf(llvm::StringRef type) {
  return llvm::StringSwitch<std::string>(type)
      .Case("f64", "double")
      .Case("f32", "float")
      .Cases({"f16", "bf16"}, "uint16_t")
      .Cases({"i1", "ui8"}, "uint8_t")
      .Cases({"i8", "i4", "i2"}, "int8_t")
      .Case("i16", "int16_t")
      .Case("i32", "int32_t")
      .Case("i64", "int64_t")
      .Case("ui16", "uint16_t")
      .Case("ui32", "uint32_t")
      .Case("ui64", "uint64_t")
      .Default("uint8_t");
}

static CTensor describe(rt::TensorAttr tensor, std::set<std::string> &taken) {
  CTensor result;
  result.name = tensor.getName().str();
  result.identifier = makeIdentifier(result.name, taken);
  Type element = tensor.getType().getElementType();
  llvm::raw_string_ostream(result.mlirType) << element;
  result.cType = cTypeOf(result.mlirType);
  result.elementBytes = (element.getIntOrFloatBitWidth() + 7) / 8;
  result.elements = 1;
  for (SymExpr dim : tensor.getShape()) {
    llvm::raw_string_ostream(result.dims.emplace_back()) << dim;
    int64_t size;
    if (result.elements >= 0 && !llvm::StringRef(result.dims.back()).getAsInteger(10, size))
      result.elements *= size;
    else
      result.elements = -1;
  }
  return result;
}

static CEntry describe(rt::ProgramOp program, llvm::StringRef stem) {
  CEntry result;
  result.name = program.getSymName().str();
  result.stem = stem.str();
  std::set<std::string> taken;
  for (rt::SymbolAttr symbol : program.getSymbolList())
    result.symbols.push_back(makeIdentifier(symbol.getName(), taken));
  for (rt::TensorAttr tensor : program.getInputList())
    result.inputs.push_back(describe(tensor, taken));
  for (rt::TensorAttr tensor : program.getOutputList())
    result.outputs.push_back(describe(tensor, taken));
  for (auto [i, tensor] : llvm::enumerate(program.getOutputList()))
    if (tensor.getDonated() >= 0) {
      result.outputs[i].pair = tensor.getDonated();
      result.inputs[tensor.getDonated()].pair = i;
    }
  if (result.symbols.empty()) {
    auto values = rt::evaluateSteps(program, [](rt::SymbolAttr) { return int64_t(1); }, 1);
    result.arenaBytes = rt::evaluateSize(program.getReturn().getArenaBytes(), values);
  }
  return result;
}

CInterface describeInterface(ModuleOp planned, llvm::StringRef prefix) {
  CInterface result;
  result.prefix = prefix.str();
  result.model = planned.getName().value_or("model").str();
  auto programs = llvm::to_vector(planned.getOps<rt::ProgramOp>());
  std::set<std::string> taken, regions;
  for (rt::ProgramOp program : programs) {
    std::string stem = result.prefix;
    if (programs.size() > 1)
      stem += "_" + makeIdentifier(program.getSymName(), taken);
    result.entries.push_back(describe(program, stem));
  }
  if (!planned->hasAttr("mlopt.training"))
    return result;
  taken.clear();
  for (rt::ProgramOp program : programs)
    for (rt::TensorAttr tensor :
         llvm::concat<const rt::TensorAttr>(program.getInputList(), program.getOutputList())) {
      llvm::StringRef name = tensor.getName();
      if (name.consume_front(MLOPT_TRAIN_PREFIX) && tensor.getType().getRank() == 1 &&
          tensor.getType().hasStaticShape() && regions.insert(name.str()).second) {
        result.regions.push_back(describe(tensor, taken));
        result.regions.back().identifier = makeIdentifier(name, taken);
      }
    }
  return result;
}

/// "const float *x, float *y" with the symbols before.
static std::string parameterList(const CInterface &interface, const CEntry &c) {
  std::string text = interface.prefix + "_model *model";
  for (const std::string &symbol : c.symbols)
    text += ", int64_t " + symbol;
  for (const CTensor &tensor : c.inputs)
    text += (tensor.pair < 0 ? ", const " : ", ") + tensor.cType + " *" + tensor.identifier;
  for (const CTensor &tensor : c.outputs)
    text += ", " + tensor.cType + " *" + tensor.identifier;
  return text;
}

static void writeTensor(llvm::raw_ostream &os, llvm::StringRef stem, const CTensor &tensor) {
  std::string name = (stem + "_" + tensor.identifier).str();
  name = llvm::StringRef(name).upper();
  os << "/* " << tensor.mlirType << " [" << llvm::join(tensor.dims, ", ") << "] */\n"
     << "#define " << name << "_RANK " << tensor.dims.size() << "\n";
  for (auto [i, dim] : llvm::enumerate(tensor.dims)) {
    int64_t size;
    if (!llvm::StringRef(dim).getAsInteger(10, size))
      os << "#define " << name << "_DIM" << i << " " << dim << "\n";
  }
  if (tensor.elements >= 0)
    os << "#define " << name << "_ELEMENTS " << tensor.elements << "\n"
       << "#define " << name << "_BYTES " << tensor.elements * tensor.elementBytes << "\n";
}

/// Text in a comment must not end it.
static std::string commentText(llvm::StringRef text) {
  std::string result;
  for (char c : text)
    result += static_cast<unsigned char>(c) < 0x20 ||
                      (c == '/' && !result.empty() && result.back() == '*')
                  ? '_'
                  : c;
  return result;
}

/// The sizes of an entry point's tensors.
static void writeMacros(llvm::raw_ostream &os, const CInterface &interface, const CEntry &c) {
  std::string stem = llvm::StringRef(c.stem).upper();
  if (interface.entries.size() > 1)
    os << "\n/* Entry point '" << commentText(c.name) << "' */\n";
  os << "#define " << stem << "_INPUTS " << c.inputs.size() << "\n"
     << "#define " << stem << "_OUTPUTS " << c.outputs.size() << "\n";
  for (const CTensor &tensor : c.inputs) {
    os << "/* Input '" << commentText(tensor.name) << "'";
    if (tensor.pair >= 0)
      os << "; a run leaves output '" << commentText(c.outputs[tensor.pair].name)
         << "' in its memory";
    os << " */\n";
    writeTensor(os, c.stem, tensor);
  }
  for (const CTensor &tensor : c.outputs) {
    // An input and output of one name, in one memory, have one set of macros.
    if (tensor.pair >= 0 && c.inputs[tensor.pair].name == tensor.name) {
      os << "/* Output '" << commentText(tensor.name)
         << "': the pointer of the input, or null */\n";
      continue;
    }
    os << "/* Output '" << commentText(tensor.name) << "'";
    if (tensor.pair >= 0)
      os << ": the pointer of input '" << commentText(c.inputs[tensor.pair].name) << "', or null";
    os << " */\n";
    writeTensor(os, c.stem, tensor);
  }
  if (c.arenaBytes >= 0)
    os << "/* Working memory of a run on one thread. */\n#define " << stem << "_ARENA_BYTES "
       << c.arenaBytes << "\n";
}

/// The functions of an entry point: declared where the artefact has them, else defined over the C
/// API.
static void writeFunctions(llvm::raw_ostream &os, const CInterface &interface, const CEntry &c,
                           bool carriesRuntime) {
  const std::string &p = interface.prefix, &stem = c.stem;
  bool several = interface.entries.size() > 1;
  std::string subject = several ? "entry point '" + commentText(c.name) + "'" : "the model";
  std::string open = p + "_status " + stem + "_open(int64_t threads, " + p + "_model **model)";
  std::string run = p + "_status " + stem + "_run(" + parameterList(interface, c) + ")";
  os << "/* Makes " << subject << " ready on at most `threads` threads; 0: all CPUs. */\n";
  if (carriesRuntime) {
    os << open << ";\n"
       << "/* Runs it. Tensors are dense, row-major and aligned to their elements; the outputs' "
          "sizes follow\n"
       << "   from the sizes given. */\n"
       << run << ";\n";
    return;
  }
  std::string inputs, outputs, symbols = llvm::join(c.symbols, ", ");
  for (const CTensor &tensor : c.inputs)
    inputs += (inputs.empty() ? "" : ", ") + tensor.identifier;
  for (const CTensor &tensor : c.outputs)
    outputs += (outputs.empty() ? "" : ", ") + tensor.identifier;
  os << "static inline " << open << " {\n"
     << "  mlopt_rt_module_t *module;\n"
     << "  mlopt_rt_status_t status = mlopt_rt_module_from_query(" << p
     << "_module_query, NULL, &module);\n"
     << "  if (status)\n    return status;\n"
     << "  mlopt_rt_context_options_t options = {sizeof(mlopt_rt_context_options_t), 0, "
     << (several ? "\"" + c.name + "\"" : "NULL") << ", threads, NULL, NULL, 0, NULL, NULL, 0, 0};\n"
     << "  status = mlopt_rt_context_create(module, &options, model);\n"
     << "  mlopt_rt_module_release(module);\n  return status;\n}\n"
     << "/* Runs it. Tensors are dense, row-major and aligned to their elements. */\n"
     << "static inline " << run << " {\n"
     << "  const int64_t symbols[] = {" << (symbols.empty() ? "0" : symbols) << "};\n"
     << "  const void *const inputs[] = {" << (inputs.empty() ? "NULL" : inputs) << "};\n"
     << "  void *const outputs[] = {" << (outputs.empty() ? "NULL" : outputs) << "};\n"
     << "  return mlopt_rt_context_run_pointers(model, symbols, inputs, outputs);\n}\n";
}

std::string writeHeader(const CInterface &c, bool carriesRuntime) {
  std::string text;
  llvm::raw_string_ostream os(text);
  std::string guard = llvm::StringRef(c.prefix).upper() + "_MODEL_H";
  const std::string &p = c.prefix;
  os << "/* C interface of model '" << commentText(c.model) << "'; written by mlopt "
     << MLOPT_VERSION << ". */\n"
     << "#ifndef " << guard << "\n#define " << guard << "\n\n";
  if (carriesRuntime)
    os << "#include <stddef.h>\n#include <stdint.h>\n\n";
  else
    os << "/* The functions below need libmlopt_rt. */\n#include \"mlopt/runtime/mlopt_rt.h\"\n\n";
  os << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  if (!c.regions.empty())
    os << "/* Flat memories that the entry points share, 64-byte aligned. */\n";
  for (const CTensor &region : c.regions)
    writeTensor(os, c.prefix, region);
  for (const CEntry &entry : c.entries)
    writeMacros(os, c, entry);
  os << "\n/* The module's tables, for mlopt_rt_module_from_query. */\n"
     << (carriesRuntime ? "const struct mlopt_module *" : "const mlopt_module *") << p
     << "_module_query(void);\n\n"
     << "/* The model, ready to run by one caller at a time. */\n"
     << "typedef struct " << (carriesRuntime ? p + "_model " : "mlopt_rt_context ") << p
     << "_model;\n"
     << "/* Null where all is well. Otherwise the caller reads and releases it. */\n"
     << "typedef struct " << (carriesRuntime ? p + "_status_data *" : "mlopt_rt_status *") << p
     << "_status;\n\n";
  for (const CEntry &entry : c.entries)
    writeFunctions(os, c, entry, carriesRuntime);
  if (carriesRuntime) {
    os << "void " << p << "_close(" << p << "_model *model);\n"
       << "int32_t " << p << "_status_code(" << p << "_status status);\n"
       << "const char *" << p << "_status_message(" << p << "_status status);\n"
       << "void " << p << "_status_release(" << p << "_status status);\n";
  } else {
    os << "static inline void " << p << "_close(" << p
       << "_model *model) { mlopt_rt_context_release(model); }\n"
       << "static inline int32_t " << p << "_status_code(" << p << "_status status) {\n"
       << "  return (int32_t)mlopt_rt_status_code(status);\n}\n"
       << "static inline const char *" << p << "_status_message(" << p << "_status status) {\n"
       << "  return mlopt_rt_status_message(status);\n}\n"
       << "static inline void " << p << "_status_release(" << p << "_status status) {\n"
       << "  mlopt_rt_status_release(status);\n}\n";
  }
  os << "\n#ifdef __cplusplus\n}\n#endif\n#endif /* " << guard << " */\n";
  return text;
}

std::vector<std::string> getTypedFunctions(const CInterface &c) {
  std::vector<std::string> names;
  for (const CEntry &entry : c.entries)
    for (const char *suffix : {"_open", "_run"})
      names.push_back(entry.stem + suffix);
  for (const char *suffix : {"_close", "_status_code", "_status_message", "_status_release"})
    names.push_back(c.prefix + suffix);
  return names;
}

/// Stores the values of SSA names to a new array of pointers or integers.
static void writeArray(llvm::raw_ostream &os, llvm::StringRef array, llvm::StringRef type,
                       unsigned first, unsigned count) {
  os << "    %" << array << "_n = llvm.mlir.constant(" << std::max(1u, count) << " : i64) : i64\n"
     << "    %" << array << " = llvm.alloca %" << array << "_n x " << type
     << " : (i64) -> !llvm.ptr\n";
  for (unsigned i = 0; i < count; ++i)
    os << "    %" << array << i << " = llvm.getelementptr %" << array << "[" << i
       << "] : (!llvm.ptr) -> !llvm.ptr, " << type << "\n"
       << "    llvm.store %a" << first + i << ", %" << array << i << " : " << type
       << ", !llvm.ptr\n";
}

/// `STEM_open` and `STEM_run` in the LLVM dialect.
static void writeTypedEntry(llvm::raw_ostream &os, const CInterface &interface, const CEntry &c) {
  const std::string &p = interface.prefix;
  bool several = interface.entries.size() > 1;
  if (several)
    os << "  llvm.mlir.global internal constant @" << c.stem << "_name(\"" << c.name
       << "\\00\") {addr_space = 0 : i32}\n";
  // mlopt_rt_context_options as words: struct_size and debug, entry, threads, the rest zero.
  constexpr size_t bytes = sizeof(mlopt_rt_context_options_t);
  static_assert(offsetof(mlopt_rt_context_options_t, entry) == 8 &&
                    offsetof(mlopt_rt_context_options_t, threads) == 16 && bytes % 8 == 0,
                "the code below stores words");
  os << "  llvm.func @" << c.stem
     << "_open(%threads: i64, %out: !llvm.ptr) -> !llvm.ptr attributes {section = \".text\"} {\n"
        "    %one = llvm.mlir.constant(1 : i64) : i64\n"
        "    %words = llvm.mlir.constant("
     << bytes / 8 << " : i64) : i64\n    %size = llvm.mlir.constant(" << bytes
     << " : i64) : i64\n"
        "    %null = llvm.mlir.zero : !llvm.ptr\n"
        "    %zero = llvm.mlir.constant(0 : i64) : i64\n"
        "    %slot = llvm.alloca %one x !llvm.ptr : (i64) -> !llvm.ptr\n"
        "    %options = llvm.alloca %words x i64 : (i64) -> !llvm.ptr\n"
        "    llvm.store %size, %options : i64, !llvm.ptr\n";
  if (several)
    os << "    %name = llvm.mlir.addressof @" << c.stem << "_name : !llvm.ptr\n";
  for (size_t i = 1; i < bytes / 8; ++i) {
    os << "    %o" << i << " = llvm.getelementptr %options[" << i
       << "] : (!llvm.ptr) -> !llvm.ptr, i64\n";
    if (i == 1 && several)
      os << "    llvm.store %name, %o1 : !llvm.ptr, !llvm.ptr\n";
    else
      os << "    llvm.store " << (i == 2 ? "%threads" : "%zero") << ", %o" << i
         << " : i64, !llvm.ptr\n";
  }
  os << "    %query = llvm.mlir.addressof @" << p
     << "_module_query : !llvm.ptr\n"
        "    %opened = llvm.call @mlopt_rt1_module_from_query(%query, %null, %slot) : (!llvm.ptr, "
        "!llvm.ptr, !llvm.ptr) -> !llvm.ptr\n"
        "    %bad = llvm.icmp \"ne\" %opened, %null : !llvm.ptr\n"
        "    llvm.cond_br %bad, ^failed, ^create\n"
        "  ^failed:\n"
        "    llvm.return %opened : !llvm.ptr\n"
        "  ^create:\n"
        "    %module = llvm.load %slot : !llvm.ptr -> !llvm.ptr\n"
        "    %status = llvm.call @mlopt_rt1_context_create(%module, %options, %out) : (!llvm.ptr, "
        "!llvm.ptr, !llvm.ptr) -> !llvm.ptr\n"
        "    llvm.call @mlopt_rt1_module_release(%module) : (!llvm.ptr) -> ()\n"
        "    llvm.return %status : !llvm.ptr\n"
        "  }\n";
  unsigned symbols = c.symbols.size(), inputs = c.inputs.size(), outputs = c.outputs.size();
  os << "  llvm.func @" << c.stem << "_run(%model: !llvm.ptr";
  for (unsigned i = 0; i < symbols + inputs + outputs; ++i)
    os << ", %a" << i << ": " << (i < symbols ? "i64" : "!llvm.ptr");
  os << ") -> !llvm.ptr attributes {section = \".text\"} {\n";
  writeArray(os, "s", "i64", 0, symbols);
  writeArray(os, "i", "!llvm.ptr", symbols, inputs);
  writeArray(os, "r", "!llvm.ptr", symbols + inputs, outputs);
  os << "    %status = llvm.call @mlopt_rt1_context_run_pointers(%model, %s, %i, %r) : (!llvm.ptr, "
        "!llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr\n"
        "    llvm.return %status : !llvm.ptr\n  }\n";
}

OwningOpRef<ModuleOp> buildTypedFunctions(const CInterface &c, MLIRContext &context) {
  std::string text;
  llvm::raw_string_ostream os(text);
  const std::string &p = c.prefix;
  os << "module {\n"
        "  llvm.func @"
     << p
     << "_module_query() -> !llvm.ptr\n"
        "  llvm.func @mlopt_rt1_module_from_query(!llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr\n"
        "  llvm.func @mlopt_rt1_context_create(!llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.ptr\n"
        "  llvm.func @mlopt_rt1_module_release(!llvm.ptr)\n"
        "  llvm.func @mlopt_rt1_context_release(!llvm.ptr)\n"
        "  llvm.func @mlopt_rt1_context_run_pointers(!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) "
        "-> !llvm.ptr\n"
        "  llvm.func @mlopt_rt1_status_code(!llvm.ptr) -> i32\n"
        "  llvm.func @mlopt_rt1_status_message(!llvm.ptr) -> !llvm.ptr\n"
        "  llvm.func @mlopt_rt1_status_release(!llvm.ptr)\n";
  for (const CEntry &entry : c.entries)
    writeTypedEntry(os, c, entry);
  auto forward = [&](llvm::StringRef name, llvm::StringRef core, llvm::StringRef result) {
    os << "  llvm.func @" << p << name << "(%a: !llvm.ptr)";
    if (!result.empty())
      os << " -> " << result;
    os << " attributes {section = \".text\"} {\n    " << (result.empty() ? "" : "%r = ")
       << "llvm.call @mlopt_rt1_" << core << "(%a) : (!llvm.ptr) -> "
       << (result.empty() ? "()" : result) << "\n    llvm.return"
       << (result.empty() ? "" : " %r : ") << result << "\n  }\n";
  };
  forward("_close", "context_release", "");
  forward("_status_code", "status_code", "i32");
  forward("_status_message", "status_message", "!llvm.ptr");
  forward("_status_release", "status_release", "");
  os << "}\n";
  return parseSourceString<ModuleOp>(text, ParserConfig(&context));
}

} // namespace mlopt
