//===- Tensors.cpp - Inputs and outputs of evaluated models ---------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Tensors.h"

#include "Driver/Model.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"

#include <cmath>

using namespace mlir;

namespace mlopt {

static mlopt_dtype toDType(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return tensorio::parseDType(text);
}

namespace {

class InputMaker {
public:
  InputMaker(func::FuncOp function, const CommandLine &line, Diagnostics &diagnostics)
      : function(function), line(line), diagnostics(diagnostics), count(function.getNumArguments()),
        tensors(count), present(count, false) {}

  bool run() {
    for (llvm::StringRef text : line.inputs)
      if (!readInput(text))
        return false;
    for (unsigned i = 0; i < count; ++i)
      if (present[i])
        bindSizes(i);
    for (auto [index, text] : deferred)
      if (!fill(index, text))
        return false;
    for (unsigned i = 0; i < count; ++i)
      if (!present[i] && !fill(i, "rand"))
        return false;
    for (unsigned i = 0; i < count; ++i)
      if (!check(i))
        return false;
    return true;
  }
  std::vector<tensorio::HostTensor> take() { return std::move(tensors); }

private:
  bool usage(const llvm::Twine &message) {
    diagnostics.usage(message);
    return false;
  }
  bool badFile(llvm::StringRef path, const llvm::Twine &why) {
    diagnostics.error(1050, path, why);
    return false;
  }
  std::string knownNames() {
    std::string text;
    for (unsigned i = 0; i < count; ++i)
      text += (i ? ", '" : "'") + getArgumentName(function, i) + "'";
    return text.empty() ? "none" : text;
  }

  bool readInput(llvm::StringRef text) {
    if (text.starts_with("@"))
      return readUnnamed(text.drop_front());
    // Names of ONNX models may hold colons: the longest name that fits wins.
    int index = -1;
    size_t length = 0;
    for (unsigned i = 0; i < count; ++i) {
      std::string name = getArgumentName(function, i);
      if (text.starts_with(name + ":") && (index < 0 || name.size() > length)) {
        index = int(i);
        length = name.size();
      }
    }
    if (index < 0) {
      if (!text.contains(':'))
        return usage("--input: '" + text + "' should be NAME:VALUE or @FILE");
      llvm::StringRef name = text.split(":@").first;
      return unknown(name == text ? text.split(':').first : name);
    }
    llvm::StringRef value = text.drop_front(length + 1);
    if (value.starts_with("@"))
      return readNamed(index, value.drop_front());
    deferred.emplace_back(index, value);
    return true;
  }

  bool unknown(llvm::StringRef name) {
    std::string nearest;
    unsigned least = 1 + std::max<unsigned>(unsigned(name.size()), 3) / 3;
    for (unsigned i = 0; i < count; ++i)
      if (unsigned distance = name.edit_distance(getArgumentName(function, i)); distance < least) {
        least = distance;
        nearest = getArgumentName(function, i);
      }
    diagnostics.error(5101, "mlopt",
                      "--input: the model has no input '" + name + "'; it has " + knownNames() +
                          (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
    return false;
  }

  bool place(unsigned index, tensorio::HostTensor tensor) {
    if (present[index])
      return usage("--input: '" + getArgumentName(function, index) + "' was given twice");
    present[index] = true;
    tensors[index] = std::move(tensor);
    return true;
  }

  bool readNamed(unsigned index, llvm::StringRef path) {
    std::vector<tensorio::HostTensor> found;
    if (tensorio::Error error = tensorio::readTensors(path.str(), found); !error.empty())
      return badFile(path, error);
    std::string name = getArgumentName(function, index);
    tensorio::HostTensor *chosen = found.size() == 1 ? found.data() : nullptr;
    for (tensorio::HostTensor &tensor : found)
      if (tensor.name == name)
        chosen = &tensor;
    if (!chosen)
      return badFile(path, "holds " + llvm::Twine(found.size()) + " arrays, none of them named '" +
                               name + "'");
    return place(index, std::move(*chosen));
  }

  bool readUnnamed(llvm::StringRef path) {
    std::vector<tensorio::HostTensor> found;
    if (tensorio::Error error = tensorio::readTensors(path.str(), found); !error.empty())
      return badFile(path, error);
    for (tensorio::HostTensor &tensor : found) {
      int index = -1;
      for (unsigned i = 0; i < count; ++i)
        if (!tensor.name.empty() && getArgumentName(function, i) == tensor.name)
          index = int(i);
      if (index < 0 && path.ends_with(".npz"))
        return unknown(tensor.name);
      for (unsigned i = 0; index < 0 && i < count; ++i)
        if (!present[i])
          index = int(i);
      if (index < 0)
        return usage("--input=@" + path + ": all inputs have a value already");
      if (!place(index, std::move(tensor)))
        return false;
    }
    return true;
  }

  void bindSizes(unsigned index) {
    std::vector<std::string> dims = getArgumentDims(function, index);
    for (size_t i = 0; i < dims.size() && i < tensors[index].dims.size(); ++i)
      sizes.try_emplace(dims[i], tensors[index].dims[i]);
  }

  /// Type and shape of the model, symbols as far as known, else their usual size or 1.
  bool shapeOfModel(unsigned index, tensorio::HostTensor &tensor) {
    auto type = dyn_cast<RankedTensorType>(function.getArgumentTypes()[index]);
    tensor.dtype = type ? toDType(type.getElementType()) : MLOPT_DTYPE_INVALID;
    if (tensor.dtype == MLOPT_DTYPE_INVALID)
      return usage("no values can be made up for input '" + getArgumentName(function, index) + "'");
    tensor.dims.clear();
    for (const std::string &dim : getArgumentDims(function, index)) {
      int64_t size = 1;
      if (llvm::StringRef(dim).getAsInteger(10, size)) {
        auto range = line.compile.ranges.find(dim);
        size = range == line.compile.ranges.end()
                   ? 1
                   : range->second.usual.value_or(std::max<int64_t>(1, range->second.minimum));
        if (dim != "?")
          size = sizes.try_emplace(dim, size).first->second;
      }
      tensor.dims.push_back(size);
    }
    return true;
  }

  /// "1x3xf32=rand", "rand", "iota", "0", "1,2,3".
  bool fill(unsigned index, llvm::StringRef text) {
    std::string name = getArgumentName(function, index);
    auto bad = [&](const llvm::Twine &why) {
      return usage("--input=" + name + ":" + text + ": " + why +
                   "; expected VALUE or SHAPExTYPE=VALUE such as 1x3xf32=rand");
    };
    tensorio::HostTensor tensor;
    llvm::StringRef value = text;
    if (!text.contains('=')) {
      if (!shapeOfModel(index, tensor))
        return false;
    } else {
      llvm::StringRef shape;
      std::tie(shape, value) = text.split('=');
      uint64_t size;
      while (!shape.empty() && llvm::isDigit(shape.front())) {
        if (shape.consumeInteger(10, size) || !shape.consume_front("x") || size > INT64_MAX)
          return bad("the shape ends without a type");
        tensor.dims.push_back(int64_t(size));
      }
      tensor.dtype = tensorio::parseDType(std::string_view(shape.data(), shape.size()));
      if (tensor.dtype == MLOPT_DTYPE_INVALID)
        return bad("unknown type '" + shape + "'");
      if (value.starts_with("@"))
        return readNamed(index, value.drop_front());
    }
    if (!tensor.allocate())
      return bad("the shape " + tensorio::dimsToString(tensor.dims) + " is too large");
    if (value == "rand") {
      tensorio::fillRandom(tensor, line.seed * 1000003 + index);
    } else if (value == "iota") {
      for (int64_t i = 0, n = tensor.elementCount(); i < n; ++i)
        tensorio::setElement(tensor, i, double(i));
    } else {
      std::vector<double> numbers;
      for (llvm::StringRef part : llvm::split(value, ','))
        if (part.getAsDouble(numbers.emplace_back()))
          return bad("'" + part + "' is no number");
      int64_t n = tensor.elementCount();
      if (numbers.size() != 1 && int64_t(numbers.size()) != n)
        return bad(llvm::Twine(numbers.size()) + " values for " + llvm::Twine(n) + " elements");
      for (int64_t i = 0; i < n; ++i)
        tensorio::setElement(tensor, i, numbers[numbers.size() == 1 ? 0 : size_t(i)]);
    }
    if (!place(index, std::move(tensor)))
      return false;
    bindSizes(index);
    return true;
  }

  /// Element type, rank and fixed sizes must be the model's.
  bool check(unsigned index) {
    auto type = dyn_cast<RankedTensorType>(function.getArgumentTypes()[index]);
    tensorio::HostTensor &tensor = tensors[index];
    if (!type)
      return true;
    mlopt_dtype wanted = toDType(type.getElementType());
    if (tensorio::Error error = tensorio::takeAs(tensor, wanted); !error.empty()) {
      diagnostics.error(1051, line.compile.model, "input '" + getArgumentName(function, index) + "' " + error);
      return false;
    }
    bool fits = tensor.dtype == wanted && type.getRank() == int64_t(tensor.dims.size());
    for (int64_t i = 0; fits && i < type.getRank(); ++i)
      fits = type.isDynamicDim(i) || type.getDimSize(i) == tensor.dims[i];
    if (fits)
      return true;
    diagnostics.error(1051, line.compile.model,
                      "input '" + getArgumentName(function, index) + "' got " +
                          tensorio::dtypeName(tensor.dtype) + " " +
                          tensorio::dimsToString(tensor.dims) + ", expected " +
                          tensorio::dtypeName(wanted) + " [" +
                          llvm::join(getArgumentDims(function, index), ", ") + "]");
    return false;
  }

  func::FuncOp function;
  const CommandLine &line;
  Diagnostics &diagnostics;
  unsigned count;
  std::vector<tensorio::HostTensor> tensors;
  std::vector<bool> present;
  std::vector<std::pair<unsigned, llvm::StringRef>> deferred;
  std::map<std::string, int64_t> sizes;
};

} // namespace

std::optional<std::vector<tensorio::HostTensor>>
makeInputs(func::FuncOp function, const CommandLine &line, Diagnostics &diagnostics) {
  InputMaker maker(function, line, diagnostics);
  if (!maker.run())
    return std::nullopt;
  return maker.take();
}

HostTensor toEvaluator(const tensorio::HostTensor &tensor, MLIRContext *context, Type wanted) {
  Type element = parseType(tensorio::dtypeName(tensor.dtype), context);
  if (wanted && wanted != element && tensorio::smallBits(toDType(wanted))) {
    tensorio::HostTensor small = tensor;
    if (tensorio::takeAs(small, toDType(wanted)).empty())
      element = wanted;
  }
  auto *data = reinterpret_cast<const char *>(tensor.data.data());
  auto borrowed = HostTensor::borrow(element, tensor.dims, {data, tensor.data.size()});
  return succeeded(borrowed) ? *borrowed : HostTensor();
}

tensorio::HostTensor fromEvaluator(const HostTensor &tensor, std::string name) {
  tensorio::HostTensor result;
  result.name = std::move(name);
  if (tensor.isNone())
    return result;
  bool wideFloat = tensor.isFloat() && tensor.isWide();
  HostTensor native = wideFloat ? tensor : tensor.toNative();
  result.dtype = wideFloat ? MLOPT_DTYPE_F64 : toDType(tensor.getElementType());
  result.dims.assign(tensor.getShape().begin(), tensor.getShape().end());
  llvm::ArrayRef<char> bytes = native.bytes();
  result.data.assign(bytes.begin(), bytes.end());
  return result;
}

std::string getTensorFileName(llvm::StringRef name) {
  std::string file = name.str();
  for (char &c : file)
    if (c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < 0x20)
      c = '_';
  return file.empty() || file[0] == '.' ? "_" + file : file;
}

static void printTensor(const tensorio::HostTensor &tensor) {
  llvm::outs() << tensor.name << ": " << tensorio::dtypeName(tensor.dtype) << " "
               << tensorio::dimsToString(tensor.dims) << " = [";
  for (int64_t i = 0, n = tensor.elementCount(); i < n; ++i) {
    llvm::outs() << (i ? ", " : "");
    double value = tensorio::elementAsDouble(tensor, i);
    if (std::isnan(value))
      llvm::outs() << "nan";
    else
      llvm::outs() << llvm::format(tensorio::isFloat(tensor.dtype) ? "%.9g" : "%.0f", value);
  }
  llvm::outs() << "]\n";
}

int writeOutputs(const std::string &where, std::vector<tensorio::HostTensor> &outputs,
                 Diagnostics &diagnostics) {
  if (where.empty() || where == "-") {
    for (const tensorio::HostTensor &tensor : outputs)
      printTensor(tensor);
    return kExitOk;
  }
  llvm::StringRef path = where;
  if (!path.consume_front("@"))
    return diagnostics.usage("--output: '" + llvm::Twine(where) +
                             "' should be @DIR, @FILE.npz, @FILE.npy or -");
  auto done = [&](const std::string &file, const tensorio::Error &error) {
    return error.empty() ? int(kExitOk) : diagnostics.error(3003, file, error);
  };
  if (path.ends_with(".npz"))
    return done(path.str(), tensorio::writeNpz(path.str(), outputs));
  if (path.ends_with(".npy") && outputs.size() == 1)
    return done(path.str(), tensorio::writeNpy(path.str(), outputs[0]));
  if (std::error_code error = llvm::sys::fs::create_directories(path))
    return diagnostics.error(3003, path, "cannot make the folder: " + error.message());
  for (const tensorio::HostTensor &tensor : outputs) {
    std::string file = (path + "/" + getTensorFileName(tensor.name) + ".npy").str();
    if (int exit = done(file, tensorio::writeNpy(file, tensor)))
      return exit;
  }
  return kExitOk;
}

} // namespace mlopt
