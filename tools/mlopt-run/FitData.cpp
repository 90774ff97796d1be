//===- FitData.cpp - Samples for training --------------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fit.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <zlib.h>

namespace mlopt::runner {

using namespace tensorio;

namespace {

std::string describeArray(const HostTensor &t) {
  return std::string(dtypeName(t.dtype)) + " " + dimsToString(t.dims);
}

/// "'x' f32 [100, 64], 'y' i64 [100]".
std::string listArrays(const std::vector<HostTensor> &arrays) {
  std::string list;
  for (const HostTensor &t : arrays)
    list += (list.empty() ? "" : ", ") + ("'" + t.name + "' ") + describeArray(t);
  return list.empty() ? "no arrays" : list;
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
bool convert(HostTensor &t, uint32_t wanted) {
  if (t.dtype == wanted)
    return true;
  if (t.dtype == MLOPT_DTYPE_F64 && wanted == MLOPT_DTYPE_F32)
    convertElements<float, double>(t, MLOPT_DTYPE_F32);
  else if (t.dtype == MLOPT_DTYPE_I32 && wanted == MLOPT_DTYPE_I64)
    convertElements<int64_t, int32_t>(t, MLOPT_DTYPE_I64);
  return t.dtype == wanted;
}

/// splitmix64.
uint64_t nextBits(uint64_t &state) {
  uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

/// Uniform in [0, n), n > 0.
uint64_t nextBelow(uint64_t &state, uint64_t n) {
  for (;;) {
    unsigned __int128 product = static_cast<unsigned __int128>(nextBits(state)) * n;
    if (static_cast<uint64_t>(product) >= -n % n)
      return static_cast<uint64_t>(product >> 64);
  }
}

} // namespace

std::vector<int64_t> shuffledOrder(int64_t samples, int64_t seed, int64_t epoch) {
  std::vector<int64_t> order(static_cast<size_t>(samples));
  std::iota(order.begin(), order.end(), int64_t(0));
  uint64_t state = uint64_t(seed);
  state = nextBits(state) + uint64_t(epoch);
  for (uint64_t i = uint64_t(samples); i > 1; --i)
    std::swap(order[i - 1], order[nextBelow(state, i)]);
  return order;
}

Outcome DataSet::readBatchSize(const Options &o, const Module &module, uint32_t entry,
                               const mlopt_rt_tensor_info_t &info) {
  const mlopt_rt_dim_info_t &dim = info.dims[0];
  if (dim.symbol) {
    mlopt_rt_symbol_info_t symbol = {};
    symbol.struct_size = sizeof(symbol);
    if (Outcome outcome =
            check(o, mlopt_rt_module_symbol(module.get(), entry, dim.symbol_index, &symbol));
        !outcome)
      return outcome;
    leastBatch = std::max(leastBatch, symbol.minimum);
    mostBatch = std::min(mostBatch, symbol.maximum);
  } else if (dim.size >= 0) {
    if (fixedBatch && fixedBatch != dim.size)
      return fail(o, kBadInput, kDataMismatch, o.artefact,
                  std::string("the first axis of '") + info.name + "' has " +
                      std::to_string(dim.size) + " elements, that of another input " +
                      std::to_string(fixedBatch) +
                      "; expected the batch as the first axis of every input");
    fixedBatch = dim.size;
  }
  return {};
}

Outcome DataSet::match(const Options &o, const Module &module, uint32_t entry,
                       const std::string &path, const std::string &input, const std::string &wanted,
                       bool lastUse, const std::string &list, std::vector<HostTensor> &arrays) {
  mlopt_rt_tensor_info_t info = {};
  for (uint32_t i = 0, n = mlopt_rt_module_input_count(module.get(), entry); i < n; ++i) {
    info = tensorInfo(module, entry, false, i);
    if (input == info.name)
      break;
  }
  auto found = std::find_if(arrays.begin(), arrays.end(),
                            [&](const HostTensor &t) { return t.name == wanted; });
  if (found == arrays.end())
    return fail(o, kBadInput, kDataMissing, path,
                "has no array '" + wanted + "' for the input '" + input + "' " + describe(info) +
                    "; it holds " + list + ". Use --map=" + input + "=ARRAY");
  Column column;
  column.input = input;
  HostTensor &values = column.values = lastUse ? std::move(*found) : *found;
  std::string before = describeArray(values);
  mlopt_dtype type = values.dtype;
  if (!convert(values, info.dtype))
    return fail(o, kBadInput, kDataMismatch, path,
                "the array '" + wanted + "' is " + before + ", the input '" + input + "' is " +
                    describe(info) + "; convert the array (only f64 to f32 and i32 to i64 are " +
                    "converted here)");
  if (values.dtype != type && !o.quiet && !o.json)
    std::fprintf(stderr, "%s: '%s' converted from %s to %s\n", path.c_str(), wanted.c_str(),
                 dtypeName(type), dtypeName(values.dtype));
  bool fits = info.rank > 0 && values.dims.size() == info.rank;
  for (uint32_t i = 1; fits && i < info.rank; ++i)
    fits = info.dims[i].size < 0 || info.dims[i].size == values.dims[i];
  if (!fits)
    return fail(o, kBadInput, kDataMismatch, path,
                "the array '" + wanted + "' is " + before + ", the input '" + input + "' is " +
                    describe(info) +
                    "; expected the samples along the first axis and the other sizes as they are");
  if (samples >= 0 && samples != values.dims[0])
    return fail(o, kBadInput, kDataMismatch, path,
                "the array '" + wanted + "' has " + std::to_string(values.dims[0]) +
                    " samples (its first axis), others have " + std::to_string(samples));
  samples = values.dims[0];
  if (Outcome outcome = readBatchSize(o, module, entry, info); !outcome)
    return outcome;
  column.sampleBytes = samples ? values.data.size() / uint64_t(samples) : 0;
  columns.push_back(std::move(column));
  return {};
}

Outcome DataSet::read(const Options &o, const Module &module, const Trainer &trainer,
                      uint32_t entry, const std::string &path) {
  std::vector<HostTensor> arrays;
  if (Error error = readTensors(path, arrays); !error.empty())
    return fail(o, kBadInput, 1050, path, error);
  std::vector<std::string> inputs;
  for (uint32_t i = 0; const char *name = mlopt_rt_train_input_name(trainer.get(), i); ++i)
    inputs.push_back(name);
  for (const auto &[name, array] : o.fit.maps)
    if (std::find(inputs.begin(), inputs.end(), name) == inputs.end()) {
      std::string list;
      for (const std::string &input : inputs)
        list += (list.empty() ? "'" : ", '") + input + "'";
      return fail(o, kUsage, 0, "mlopt-run",
                  "--map: the step has no input '" + name + "'; it has " + list);
    }
  std::string list = listArrays(arrays); // before they are moved from
  std::vector<std::string> wanted = inputs;
  for (const auto &[name, array] : o.fit.maps)
    wanted[size_t(std::find(inputs.begin(), inputs.end(), name) - inputs.begin())] = array;
  for (size_t i = 0; i < inputs.size(); ++i) {
    bool lastUse = std::find(wanted.begin() + long(i) + 1, wanted.end(), wanted[i]) == wanted.end();
    if (Outcome outcome =
            match(o, module, entry, path, inputs[i], wanted[i], lastUse, list, arrays);
        !outcome)
      return outcome;
  }
  if (samples <= 0)
    return fail(o, kBadInput, kDataMismatch, path, "holds no samples; expected at least one");
  return {};
}

const std::vector<mlopt_rt_tensor_t> &DataSet::gather(const int64_t *order, int64_t count) {
  views.clear();
  for (Column &column : columns) {
    size_t bytes = column.sampleBytes;
    column.batch.resize(bytes * size_t(count)); // keeps its capacity
    for (int64_t i = 0; i < count; ++i)
      std::copy_n(column.values.data.data() + bytes * size_t(order[i]), bytes,
                  column.batch.data() + bytes * size_t(i));
    std::vector<int64_t> dims = column.values.dims;
    dims[0] = count;
    views.push_back(mlopt_rt_tensor_make(column.input.c_str(), column.values.dtype,
                                         uint32_t(dims.size()), dims.data(), column.batch.data(),
                                         column.batch.size()));
  }
  return views;
}

int64_t DataSet::getChecksum() const {
  uLong sum = ::crc32_z(0, nullptr, 0);
  for (const Column &column : columns)
    sum = ::crc32_z(sum, column.values.data.data(), column.values.data.size());
  return int64_t(sum);
}

std::string DataSet::findNotFinite() const {
  for (const Column &column : columns) {
    if (column.values.dtype != MLOPT_DTYPE_F32)
      continue;
    for (int64_t i = 0; i < samples; ++i) {
      NotFinite found = countNotFinite(column.values.data.data() + column.sampleBytes * uint64_t(i),
                                       column.sampleBytes);
      if (found.nans || found.infinities)
        return "the array of '" + column.input + "' holds " + (found.nans ? "nan" : "inf") +
               " in sample " + std::to_string(i);
    }
  }
  return {};
}

bool DataSet::areLabelsAll(int64_t value) const {
  const Column &labels = columns.back();
  for (size_t at = 0; at < labels.batch.size(); at += sizeof(value)) {
    int64_t label;
    if (labels.values.dtype != MLOPT_DTYPE_I64)
      return false;
    std::memcpy(&label, labels.batch.data() + at, sizeof(label));
    if (label != value)
      return false;
  }
  return true;
}

} // namespace mlopt::runner
