//===- Accuracy.cpp - What quantization costs -----------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/Accuracy.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;

namespace mlopt::quantize {

using tensorio::HostTensor;

static constexpr unsigned kBadLabels = 1085;

StringRef getMetricName(Metric metric) {
  static const StringRef names[] = {"top1", "cos", "mse", "psnr"};
  return names[size_t(metric)];
}

std::optional<Metric> parseMetric(StringRef name) {
  return StringSwitch<std::optional<Metric>>(name)
      .Case("top1", Metric::Top1)
      .Case("cos", Metric::Cosine)
      .Case("mse", Metric::MeanSquare)
      .Case("psnr", Metric::PeakSignal)
      .Default(std::nullopt);
}

/// A copy that owns its elements.
static HostTensor copyOutput(const mlopt_rt_tensor_t &view) {
  HostTensor tensor;
  tensor.dtype = mlopt_dtype(view.dtype);
  tensor.dims.assign(view.dims, view.dims + view.rank);
  const uint8_t *bytes = static_cast<const uint8_t *>(view.data);
  tensor.data.assign(bytes, bytes + mlopt_rt_tensor_bytes(&view));
  return tensor;
}

static std::vector<float> toFloats(const HostTensor &tensor) {
  std::vector<float> values(size_t(tensor.elementCount()));
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = float(tensorio::elementAsDouble(tensor, int64_t(i)));
  return values;
}

/// What stands for the class of a place whose scores hold one that is no number.
static constexpr float kNoClass = -1;

/// The position of the largest of `classes` values for each of outer x inner places: values are
/// [outer, classes, inner]. kNoClass where one of them is NaN.
static std::vector<float> largestIndex(const HostTensor &t, size_t axis) {
  int64_t outer = 1, inner = 1, classes = t.dims[axis];
  for (size_t i = 0; i < t.dims.size(); ++i)
    (i < axis ? outer : i > axis ? inner : classes) *= i == axis ? 1 : t.dims[i];
  std::vector<float> values = toFloats(t), result;
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      const float *first = values.data() + o * classes * inner + i;
      int64_t best = 0;
      bool isNumber = true;
      for (int64_t c = 0; c < classes; ++c) {
        isNumber &= !std::isnan(first[c * inner]);
        if (first[c * inner] > first[best * inner])
          best = c;
      }
      result.push_back(isNumber ? float(best) : kNoClass);
    }
  return result;
}

/// Sizes without those that are 1: labels [8, 1] go with 8 places.
static std::vector<int64_t> withoutOnes(ArrayRef<int64_t> dims) {
  std::vector<int64_t> kept;
  copy_if(dims, std::back_inserter(kept), [](int64_t size) { return size != 1; });
  return kept;
}

/// Cuts values into samples: one per row where the rows are the first axis, else one for all.
static void cutSamples(ArrayRef<int64_t> dims, size_t count, int64_t rows,
                       std::vector<int64_t> &extents) {
  bool byRow = !dims.empty() && rows > 0 && dims.front() == rows;
  int64_t samples = byRow ? rows : 1;
  extents.insert(extents.end(), size_t(samples), int64_t(count) / samples);
}

int Evaluation::run(LoadedModel &model, Outputs &outputs, bool withLabels) {
  outputs = {};
  std::vector<HostTensor> values;
  for (int64_t r = 0; r < data.getRuns(); ++r) {
    diagnostics.status("evaluating " + Twine(r + 1) + "/" + Twine(data.getRuns()));
    HostTensor given;
    if (int code = data.read(r, values, &given))
      return code;
    if (int code = model.run(values))
      return code;
    HostTensor output = copyOutput(model.getOutput(outputIndex));
    int64_t rows = values.empty() || values.front().dims.empty() ? 0 : values.front().dims.front();
    auto bad = [&](const Twine &expected) {
      return diagnostics.error(kBadLabels, path,
                               "--data: the labels " + tensorio::dimsToString(given.dims) +
                                   " do not go with the output '" + outputName + "' " +
                                   tensorio::dimsToString(output.dims) + "; expected " + expected);
    };
    bool labelled = isLabelled();
    if (metric != Metric::Top1) {
      if (labelled && withoutOnes(given.dims) != withoutOnes(output.dims))
        return bad("what the output should be, of its shape");
      std::vector<float> found = toFloats(output);
      outputs.values.insert(outputs.values.end(), found.begin(), found.end());
      cutSamples(output.dims, found.size(), rows, outputs.extents);
      if (withLabels && labelled) {
        std::vector<float> wanted = toFloats(given);
        labels.values.insert(labels.values.end(), wanted.begin(), wanted.end());
      }
      continue;
    }
    // Class numbers of all places; each place counts as a sample.
    std::vector<float> found;
    size_t rank = output.dims.size();
    std::vector<int64_t> places = output.dims;
    int64_t classes = INT64_MAX;
    if (!tensorio::isFloat(output.dtype)) {
      found = toFloats(output); // class numbers already
    } else if (rank == 0) {
      return bad("an output with an axis of classes");
    } else {
      size_t axis = rank == 4 ? 1 : rank - 1;
      auto placesFor = [&](size_t candidate) {
        std::vector<int64_t> rest = output.dims;
        rest.erase(rest.begin() + candidate);
        return rest;
      };
      if (labelled)
        for (size_t candidate : {rank - 1, size_t(rank > 1 ? 1 : 0)}) {
          axis = candidate;
          if (withoutOnes(placesFor(candidate)) == withoutOnes(given.dims))
            break;
        }
      places = placesFor(axis);
      classes = output.dims[axis];
      found = largestIndex(output, axis);
    }
    if (labelled) {
      if (withoutOnes(places) != withoutOnes(given.dims))
        return bad("one class number for each of the " + Twine(found.size()) + " places");
      if (withLabels) {
        std::vector<float> wanted = toFloats(given);
        for (float value : wanted) {
          if (value == std::floor(value) && value >= 0 && double(value) < double(classes))
            continue;
          std::string text;
          raw_string_ostream(text)
              << "--data: the label " << format("%g", double(value))
              << " is no class number of the output '" << outputName << "'; expected whole numbers from 0";
          if (classes != INT64_MAX)
            text += " to " + std::to_string(classes - 1);
          return diagnostics.error(kBadLabels, path, text);
        }
        labels.values.insert(labels.values.end(), wanted.begin(), wanted.end());
      }
    }
    outputs.values.insert(outputs.values.end(), found.begin(), found.end());
    outputs.extents.insert(outputs.extents.end(), found.size(), 1);
  }
  return kExitOk;
}

int Evaluation::setReference(LoadedModel &model, const std::string &name) {
  outputName = name.empty() && !model.getOutputs().empty() ? model.getOutputs().front().name : name;
  bool found = false;
  std::string known;
  for (auto [i, info] : enumerate(model.getOutputs())) {
    if (info.name == outputName) {
      outputIndex = i;
      found = true;
    }
    known += (i ? ", '" : "'") + info.name + "'";
  }
  if (!found)
    return diagnostics.usage("--metric-output: the model has no output '" + outputName +
                             "'; it has " + known);
  labels = {};
  return run(model, reference, /*withLabels=*/true);
}

/// Scores that are no numbers prove nothing: no bound is kept.
static void setInfinite(Drop &result) {
  result.drop = INFINITY;
  result.halfWidth = 0;
}

void Evaluation::scoreTop1(const Outputs &outputs, Drop &result) const {
  const std::vector<float> &wanted = isLabelled() ? labels.values : reference.values;
  size_t n = std::min(outputs.values.size(), wanted.size());
  int64_t ofFloat = 0, ofQuantized = 0, changed = 0;
  bool notNumbers = false;
  for (size_t i = 0; i < n; ++i) {
    bool before = reference.values[i] == wanted[i], now = outputs.values[i] == wanted[i];
    notNumbers |= reference.values[i] == kNoClass || outputs.values[i] == kNoClass;
    ofFloat += before;
    ofQuantized += now;
    changed += before != now;
  }
  result.samples = int64_t(n);
  if (!n)
    return;
  result.floatValue = double(ofFloat) / double(n);
  result.quantizedValue = double(ofQuantized) / double(n);
  result.drop = double(ofFloat - ofQuantized) / double(n);
  result.halfWidth = 1.96 * std::sqrt(double(changed) / double(n) / double(n));
  if (notNumbers)
    setInfinite(result);
}

void Evaluation::scoreFloats(const Outputs &outputs, Drop &result) const {
  bool labelled = isLabelled();
  const float *wanted = (labelled ? labels : reference).values.data();
  const float *before = reference.values.data(), *now = outputs.values.data();
  size_t n = outputs.extents.size();
  double lowest = INFINITY, highest = -INFINITY, meanSquare = 0;
  for (size_t i = 0; i < reference.values.size(); ++i) {
    lowest = std::min(lowest, double(wanted[i]));
    highest = std::max(highest, double(wanted[i]));
    meanSquare += double(wanted[i]) * wanted[i];
  }
  meanSquare /= std::max<size_t>(reference.values.size(), 1);
  double peak = highest > lowest ? highest - lowest : 1;
  // The value of a sample: similarity, squared error, or dB.
  auto valueOf = [&](const float *x, const float *y, int64_t count) {
    double dot = 0, xx = 0, yy = 0, error = 0;
    for (int64_t i = 0; i < count; ++i) {
      dot += double(x[i]) * y[i];
      xx += double(x[i]) * x[i];
      yy += double(y[i]) * y[i];
      error += (double(x[i]) - y[i]) * (double(x[i]) - y[i]);
    }
    if (metric == Metric::Cosine)
      return xx > 0 && yy > 0 ? dot / std::sqrt(xx * yy) : double(xx == yy);
    return error / double(std::max<int64_t>(count, 1));
  };
  std::vector<double> ofFloat, ofQuantized;
  size_t at = 0;
  for (int64_t count : outputs.extents) {
    ofFloat.push_back(valueOf(before + at, wanted + at, count));
    ofQuantized.push_back(valueOf(now + at, wanted + at, count));
    at += size_t(count);
  }
  double sumFloat = 0, sumQuantized = 0;
  // Errors below this are as good as none.
  double floor = 1e-20 * peak * peak;
  auto decibel = [&](double error) { return 10 * std::log10(peak * peak / std::max(error, floor)); };
  for (size_t i = 0; i < n; ++i) {
    if (metric == Metric::PeakSignal) {
      ofFloat[i] = decibel(ofFloat[i]);
      ofQuantized[i] = decibel(ofQuantized[i]);
    }
    sumFloat += ofFloat[i];
    sumQuantized += ofQuantized[i];
  }
  double number = double(std::max<size_t>(n, 1));
  result.samples = int64_t(n);
  result.floatValue = sumFloat / number;
  result.quantizedValue = sumQuantized / number;
  // What one sample adds to the drop.
  auto dropOf = [&](size_t i) {
    switch (metric) {
    case Metric::Cosine:
      return ofFloat[i] - ofQuantized[i];
    case Metric::MeanSquare: {
      double base = labelled ? result.floatValue : meanSquare;
      return base > 0 ? (ofQuantized[i] - ofFloat[i]) / base : ofQuantized[i] == 0 ? 0.0 : INFINITY;
    }
    case Metric::PeakSignal:
      if (!labelled)
        return std::pow(10.0, -ofQuantized[i] / 20);
      // A relative decrease of no signal at all has no meaning; none is none.
      return result.floatValue > 0           ? (ofFloat[i] - ofQuantized[i]) / result.floatValue
             : ofQuantized[i] >= ofFloat[i] ? 0.0
                                             : INFINITY;
    case Metric::Top1:
      break;
    }
    return 0.0;
  };
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; ++i) {
    double d = dropOf(i);
    // No number at all is the worst result, not the best.
    d = std::isnan(d) ? INFINITY : d;
    sum += d;
    squares += d * d;
  }
  result.drop = sum / number;
  double variance = squares / number - result.drop * result.drop;
  result.halfWidth = 1.96 * std::sqrt(std::max(variance, 0.0) / number);
  auto isNan = [](float value) { return std::isnan(value); };
  if (!std::isfinite(result.drop) || any_of(reference.values, isNan) || any_of(outputs.values, isNan))
    setInfinite(result);
}

int Evaluation::measure(LoadedModel &model, Drop &result) {
  Outputs outputs;
  if (int code = run(model, outputs, /*withLabels=*/false))
    return code;
  result = {};
  if (metric == Metric::Top1)
    scoreTop1(outputs, result);
  else
    scoreFloats(outputs, result);
  return kExitOk;
}

} // namespace mlopt::quantize
