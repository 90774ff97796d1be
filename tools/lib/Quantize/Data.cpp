//===- Data.cpp - Samples to calibrate and evaluate with ------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/Data.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cmath>
#include <cstring>

using namespace llvm;

namespace mlopt::quantize {

using tensorio::HostTensor;

namespace {

enum DataCode : unsigned {
  kUnreadable = 1050,
  kMisfit = 1051,
  kNoSamples = 1081,
  kWrongNames = 1082,
  kNotFinite = 1083,
  kTooFew = 1084,
};

/// Samples that a model with an open first axis gets at a time.
constexpr int64_t kOpenBatch = 8;
constexpr StringRef kLabels = "labels";

std::string describeArray(const HostTensor &t) {
  return std::string(tensorio::dtypeName(t.dtype)) + " " + tensorio::dimsToString(t.dims);
}

template <typename To, typename From> void convertElements(HostTensor &t, mlopt_dtype type) {
  size_t count = t.data.size() / sizeof(From);
  std::vector<uint8_t> data(count * sizeof(To));
  for (size_t i = 0; i < count; ++i) {
    From from;
    std::memcpy(&from, t.data.data() + i * sizeof(From), sizeof(From));
    To to = static_cast<To>(from);
    std::memcpy(data.data() + i * sizeof(To), &to, sizeof(To));
  }
  t.data = std::move(data);
  t.dtype = type;
}

/// The conversions that NumPy's defaults make necessary; others would hide a mistake.
bool convert(HostTensor &t, mlopt_dtype wanted) {
  if (t.dtype == MLOPT_DTYPE_F64 && wanted == MLOPT_DTYPE_F32)
    convertElements<float, double>(t, wanted);
  else if (t.dtype == MLOPT_DTYPE_I32 && wanted == MLOPT_DTYPE_I64)
    convertElements<int64_t, int32_t>(t, wanted);
  return t.dtype == wanted;
}

/// The first element that is infinite or no number, or -1.
int64_t findNotFinite(const HostTensor &t) {
  if (!tensorio::isFloat(t.dtype))
    return -1;
  for (int64_t i = 0, n = t.elementCount(); i < n; ++i)
    if (!std::isfinite(tensorio::elementAsDouble(t, i)))
      return i;
  return -1;
}

std::string listInputs(ArrayRef<TensorInfo> inputs) {
  std::string list;
  for (const TensorInfo &info : inputs)
    list += (list.empty() ? "'" : ", '") + info.name + "' " + describe(info);
  return list;
}

bool isTensorFile(StringRef path) {
  return is_contained({".npz", ".npy", ".pb"}, sys::path::extension(path));
}

} // namespace

int DataSet::findGroups(const std::string &path, std::vector<Group> &found) {
  if (!sys::fs::exists(path))
    return diagnostics.error(kUnreadable, path, option + ": no such file or folder");
  if (!sys::fs::is_directory(path)) {
    found.push_back({{path}, {}});
    if (sys::path::extension(path) != ".npz" && inputs.size() > 1)
      return diagnostics.error(kWrongNames, path,
                               option + ": the model has " + Twine(inputs.size()) +
                                   " inputs, expected a .npz file with an array for each: " +
                                   listInputs(inputs));
    return kExitOk;
  }
  std::vector<std::string> files;
  std::error_code code;
  for (sys::fs::directory_iterator it(path, code), end; it != end && !code; it.increment(code))
    if (isTensorFile(it->path()) && !sys::fs::is_directory(it->path()))
      files.push_back(it->path());
  if (code)
    return diagnostics.error(kUnreadable, path, option + ": cannot be listed: " + code.message());
  sort(files);
  if (files.empty())
    return diagnostics.error(kNoSamples, path,
                             option + ": the folder holds no .npz, .npy or .pb file; expected one "
                                      "per sample, or one array per input with the samples along "
                                      "its first axis");
  Group ofInputs;
  for (const std::string &file : files) {
    StringRef stem = sys::path::stem(file);
    if (sys::path::extension(file) == ".npz") {
      found.push_back({{file}, {}});
      continue;
    }
    if (inputs.size() == 1) {
      found.push_back({{file}, {stem == kLabels ? kLabels.str() : inputs.front().name}});
      continue;
    }
    // One file per input, by its name or, as ONNX's test data, by its number.
    unsigned number;
    std::string name = stem.str();
    if (StringRef rest = stem; rest.consume_front("input_") && !rest.getAsInteger(10, number) &&
                               number < inputs.size())
      name = inputs[number].name;
    ofInputs.files.push_back(file);
    ofInputs.names.push_back(name);
  }
  // Labels beside the arrays of a model with one input belong to them if that is one array.
  if (inputs.size() == 1)
    for (size_t i = 0; i < found.size(); ++i)
      if (!found[i].names.empty() && found[i].names.front() == kLabels && found.size() == 2) {
        Group &other = found[1 - i];
        other.files.push_back(found[i].files.front());
        if (other.names.empty())
          break;
        other.names.push_back(kLabels.str());
        found.erase(found.begin() + i);
        break;
      }
  if (!ofInputs.files.empty())
    found.push_back(std::move(ofInputs));
  return kExitOk;
}

int DataSet::checkArray(const std::string &file, HostTensor &array, const TensorInfo &info,
                        bool &whole) {
  std::string before = describeArray(array);
  mlopt_dtype type = array.dtype;
  auto misfit = [&](const Twine &remedy) {
    return diagnostics.error(kMisfit, file,
                             option + ": the array '" + info.name + "' is " + before +
                                 ", the model's input is " + describe(info) + "; " + remedy);
  };
  if (!convert(array, info.dtype))
    return misfit("convert the array (only f64 to f32 and i32 to i64 are converted here)");
  if (type != array.dtype)
    diagnostics.note(file + ": '" + info.name + "' converted from " + tensorio::dtypeName(type) +
                     " to " + tensorio::dtypeName(array.dtype));
  size_t rank = info.dims.size();
  whole = array.dims.size() == rank + 1;
  if (!whole && (array.dims.size() != rank || rank == 0))
    return misfit("expected the samples along the first axis and the other sizes as they are");
  for (size_t i = whole ? 0 : 1; i < rank; ++i)
    if (info.dims[i] >= 0 && info.dims[i] != array.dims[i + whole])
      return misfit("expected the samples along the first axis and the other sizes as they are");
  if (array.elementCount() == 0)
    return diagnostics.error(kNoSamples, file,
                             option + ": the array '" + info.name + "' is empty: " + before);
  if (int64_t at = findNotFinite(array); at >= 0)
    return diagnostics.error(
        kNotFinite, file,
        option + ": element " + Twine(at) + " of the array '" + info.name + "' is " +
            (std::isnan(tensorio::elementAsDouble(array, at)) ? "no number" : "infinite") +
            "; no range can hold it. Remove the sample, or find what made it");
  return kExitOk;
}

int DataSet::take(const std::string &file, std::vector<HostTensor> given) {
  std::vector<bool> seen(inputs.size());
  // A single array without a name belongs to the only input.
  if (given.size() == 1 && given.front().name.empty() && inputs.size() == 1)
    given.front().name = inputs.front().name;
  arrays.assign(inputs.size(), {});
  wholes.assign(inputs.size(), false);
  labels.reset();
  for (HostTensor &array : given) {
    auto found = find_if(inputs, [&](const TensorInfo &info) { return info.name == array.name; });
    if (found == inputs.end() && array.name == kLabels) {
      labels = std::move(array);
      continue;
    }
    if (found == inputs.end())
      return diagnostics.error(kWrongNames, file,
                               option + ": the model has no input '" + array.name +
                                   "'; it has " + listInputs(inputs) + ". Name the array so");
    size_t index = size_t(found - inputs.begin());
    bool whole = false;
    if (int code = checkArray(file, array, *found, whole))
      return code;
    seen[index] = true;
    arrays[index] = std::move(array);
    wholes[index] = whole;
  }
  for (auto [info, has] : zip(inputs, seen))
    if (!has)
      return diagnostics.error(kWrongNames, file,
                               option + ": no array for the input '" + info.name + "' " +
                                   describe(info) + "; each file needs one for every input of the "
                                                    "model");
  return kExitOk;
}

int DataSet::load(size_t index) {
  if (loaded == index)
    return kExitOk;
  loaded.reset();
  std::vector<HostTensor> given;
  const Group &group = groups[index];
  for (auto [i, file] : enumerate(group.files)) {
    std::vector<HostTensor> ofFile;
    if (tensorio::Error error = tensorio::readTensors(file, ofFile); !error.empty())
      return diagnostics.error(kUnreadable, file, option + ": " + error);
    if (ofFile.empty())
      return diagnostics.error(kNoSamples, file, option + ": the file holds no arrays");
    if (!group.names.empty() && ofFile.size() == 1)
      ofFile.front().name = group.names[i];
    for (HostTensor &tensor : ofFile)
      given.push_back(std::move(tensor));
  }
  if (int code = take(group.files.front(), std::move(given)))
    return code;
  loaded = index;
  return kExitOk;
}

/// Appends the runs that the group in memory gives.
int DataSet::planRuns(size_t group) {
  const std::string &file = groups[group].files.front();
  bool anyWhole = is_contained(wholes, true);
  int64_t entries = -1, rows = -1, least = 0, rest = 0;
  bool open = false;
  for (auto [info, array, whole] : zip(inputs, arrays, wholes)) {
    int64_t axis = array.dims.front(), found = axis;
    if (!whole) {
      int64_t batch = info.dims.front() >= 0 ? info.dims.front() : anyWhole ? 1 : -1;
      open |= batch < 0;
      if (batch == 0)
        batch = 1;
      found = batch < 0 ? axis : axis / batch;
      if (batch > axis)
        return diagnostics.error(kTooFew, file,
                                 option + ": the array '" + info.name + "' has " + Twine(axis) +
                                     (axis == 1 ? " sample" : " samples") +
                                     ", the model takes " + Twine(batch) +
                                     " at a time; give at least so many, or compile for a smaller "
                                     "batch with --dim or --shape");
      rest = std::max(rest, batch > 0 ? axis % batch : 0);
      rows = rows < 0 ? axis : rows;
      least = std::max(least, batch);
    }
    if (entries >= 0 && entries != found)
      return diagnostics.error(kMisfit, file,
                               option + ": the array '" + info.name + "' has " + Twine(axis) +
                                   " samples (its first axis), which do not go with the arrays "
                                   "before it; expected as many for every input");
    entries = found;
  }
  leftOut += rest;
  if (labels) {
    labelled = true;
    int64_t expected = rows < 0 ? entries : rows;
    if (labels->dims.empty() || labels->dims.front() != expected)
      return diagnostics.error(kMisfit, file,
                               option + ": the array 'labels' is " + describeArray(*labels) +
                                   ", expected " + Twine(expected) +
                                   " along its first axis, one per sample");
  }
  int64_t step = open ? kOpenBatch : 1;
  for (int64_t first = 0; first < entries; first += step) {
    int64_t count = std::min(step, entries - first);
    runs.push_back({group, first, count});
    samples += count * std::max<int64_t>(least, 1);
  }
  return kExitOk;
}

std::vector<std::string> DataSet::getFiles() const {
  std::vector<std::string> files;
  for (const Group &group : groups)
    files.insert(files.end(), group.files.begin(), group.files.end());
  return files;
}

int DataSet::open(const std::string &path) {
  if (int code = findGroups(path, groups))
    return code;
  bool allLabelled = true;
  for (size_t i = 0; i < groups.size(); ++i) {
    diagnostics.status(option + ": reading " + Twine(i + 1) + "/" + Twine(groups.size()));
    if (int code = load(i))
      return code;
    if (int code = planRuns(i))
      return code;
    allLabelled &= labels.has_value();
  }
  if (labelled && !allLabelled)
    return diagnostics.error(kWrongNames, path,
                             option + ": some files have an array 'labels' and some have none; "
                                      "expected it in all of them or in none");
  if (runs.empty())
    return diagnostics.error(kNoSamples, path, option + ": there are no samples");
  if (leftOut)
    diagnostics.warning(path, option + ": " + Twine(leftOut) +
                                  " samples are left out: they do not fill a batch of the model");
  return kExitOk;
}

HostTensor DataSet::cut(const HostTensor &array, bool whole, const Run &run, int64_t perRun) const {
  HostTensor part;
  part.name = array.name;
  part.dtype = array.dtype;
  part.dims = array.dims;
  int64_t rowBytes = int64_t(array.data.size()) / array.dims.front();
  int64_t first = run.first * perRun, count = run.count * perRun;
  if (whole)
    part.dims.erase(part.dims.begin());
  else
    part.dims.front() = count;
  part.data.assign(array.data.begin() + first * rowBytes,
                   array.data.begin() + (first + count) * rowBytes);
  return part;
}

int DataSet::read(int64_t index, std::vector<HostTensor> &values, HostTensor *ofLabels) {
  const Run &run = runs[size_t(index)];
  if (int code = load(run.group))
    return code;
  values.clear();
  int64_t perLabel = 1;
  for (auto [info, array, whole] : zip(inputs, arrays, wholes)) {
    int64_t perRun = !whole && info.dims.front() > 0 ? info.dims.front() : 1;
    values.push_back(cut(array, whole, run, perRun));
    if (!whole)
      perLabel = perRun;
  }
  if (ofLabels && labels) {
    *ofLabels = cut(*labels, false, run, perLabel);
    if (findNotFinite(*ofLabels) >= 0)
      return diagnostics.error(kNotFinite, groups[run.group].files.front(),
                               option + ": element " + Twine(findNotFinite(*labels)) +
                                   " of the array 'labels' is infinite or no number; nothing can be "
                                   "compared with it. Remove the sample, or leave out the labels");
  }
  return kExitOk;
}

} // namespace mlopt::quantize
