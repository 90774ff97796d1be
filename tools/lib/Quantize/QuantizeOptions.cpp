//===- QuantizeOptions.cpp - What mlopt quantize is asked for -------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/QuantizeOptions.h"

#include "Quantize/Accuracy.h"
#include "Quantize/Calibrate.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"

using namespace llvm;

namespace mlopt {

namespace {

using Arguments = std::vector<std::pair<std::string, std::string>>;

class Reader {
public:
  Reader(const Arguments &given, QuantizeOptions &options) : given(given), options(options) {}

  std::string read() {
    for (const auto &[name, value] : given)
      if (error.empty())
        take(name, value);
    if (error.empty())
      checkRules();
    return error;
  }

private:
  void fail(const Twine &message) {
    if (error.empty())
      error = message.str();
  }
  bool has(StringRef name) const {
    return any_of(given, [&](const auto &option) { return option.first == name; });
  }
  void wrong(StringRef name, StringRef value, const Twine &expected) {
    fail("--" + name + ": wrong value '" + value + "', expected " + expected);
  }

  void take(StringRef name, StringRef value) {
    double number = 0;
    bool isNumber = !value.getAsDouble(number);
    if (name == "calibrate" || name == "data") {
      if (value.empty())
        return fail("--" + name + " needs a folder or a .npz file");
      (name == "data" ? options.data : options.calibrate) = value.str();
    } else if (name == "method") {
      if (!quantize::parseMethod(std::string_view(value)))
        return wrong(name, value, "minmax, percentile, entropy, mse or auto");
      options.method = value.str();
    } else if (name == "percentile") {
      if (!isNumber || !(number > 50) || number > 100)
        return wrong(name, value, "a share of the values in percent, above 50 and at most 100");
      options.percentile = number;
    } else if (name == "smooth") {
      options.smooth = 0.5;
      if (!value.empty() && (!isNumber || !(number >= 0) || number > 1))
        return wrong(name, value, "a number from 0 to 1");
      if (!value.empty())
        options.smooth = number;
    } else if (name == "bias-correction") {
      options.biasCorrection = true;
    } else if (name == "symmetric-activations") {
      options.symmetricActivations = true;
    } else if (name == "per-tensor") {
      options.perTensor = true;
    } else if (name == "products") {
      options.products = true;
    } else if (name == "weights") {
      takeWeights(value);
    } else if (name == "weight-only" || name == "dynamic") {
      options.form = name == "dynamic" ? QuantizationForm::Dynamic : QuantizationForm::WeightOnly;
      if (!value.empty() && value != "row" && value != "tensor")
        return wrong(name, value, "row or tensor");
      options.rowRanges = value != "tensor";
    } else if (name == "bits") {
      if (value.getAsInteger(10, options.bits) || (options.bits != 4 && options.bits != 8))
        return wrong(name, value, "4 or 8");
    } else if (name == "group") {
      if (value.getAsInteger(10, options.group) ||
          !is_contained({16, 32, 64, 128, 256}, options.group))
        return wrong(name, value, "16, 32, 64, 128 or 256");
    } else if (name == "rounding") {
      if (value != "nearest" && value != "gptq")
        return wrong(name, value, "nearest or gptq");
      options.gptq = value == "gptq";
    } else if (name == "keep-float") {
      std::string reason;
      if (!Regex(value).isValid(reason))
        return fail("--keep-float: '" + value + "' is no regular expression: " + reason);
      options.keepFloat.push_back(value.str());
    } else if (name == "max-drop") {
      StringRef digits = value;
      if (!digits.consume_back("%") || digits.getAsDouble(number) || !(number >= 0) || number > 100)
        return wrong(name, value, "a share in percent such as 0.5%");
      options.maxDrop = number / 100;
    } else if (name == "metric") {
      std::optional<Metric> metric = quantize::parseMetric(value);
      if (!metric)
        return wrong(name, value, "top1, cos, mse or psnr");
      options.metric = *metric;
    } else if (name == "metric-output") {
      options.metricOutput = value.str();
    } else if (name == "no-timing") {
      options.timing = false;
    } else if (name == "report") {
      if (!value.empty() && !is_contained({".json", ".svg"}, sys::path::extension(value)))
        return fail("--report: the suffix of '" + value +
                    "' names no form of a report, expected .json or .svg");
      options.reports.push_back(value.str());
    }
  }

  void takeWeights(StringRef value) {
    if (value == "int4") {
      options.bits = 4;
      weightsInt4 = true;
    } else if (value == "int8") {
      options.bits = has("bits") ? options.bits : 8;
    } else if (value == "uint8") {
      options.asymmetricWeights = true;
      options.bits = has("bits") ? options.bits : 8;
    } else {
      wrong("weights", value, "int8, uint8 or int4, embed or file");
    }
  }

  void checkRules() {
    bool isStatic = options.form == QuantizationForm::Static;
    bool weightOnly = options.form == QuantizationForm::WeightOnly;
    if (has("dynamic") && has("weight-only"))
      return fail("--dynamic and --weight-only exclude each other: with the second one activations "
                  "stay float");
    if (weightsInt4 && !weightOnly)
      return fail("--weights=int4 needs --weight-only: integer kernels multiply 8 bits by 8 bits");
    if (isStatic && options.calibrate.empty())
      return fail("no data to calibrate with: give --calibrate=DIR or --calibrate=FILE.npz (real "
                  "samples, some hundred), or --dynamic or --weight-only, which need none");
    for (StringRef option : {"bits", "group", "rounding"})
      if (has(option) && !weightOnly)
        return fail("--" + option + " has no effect without --weight-only");
    for (StringRef option : {"method", "percentile", "smooth", "bias-correction",
                             "symmetric-activations"})
      if (has(option) && !isStatic)
        return fail("--" + option + " has no effect with --" +
                    (weightOnly ? "weight-only" : "dynamic") + ": no activation has a fixed range");
    if (weightOnly && has("per-tensor"))
      return fail("--per-tensor has no effect with --weight-only: --group says how many weights "
                  "share a scale");
    if (has("percentile") && options.method != "percentile" && options.method != "auto")
      return fail("--percentile has no effect with --method=" + options.method);
    if (weightOnly && options.gptq && options.calibrate.empty())
      return fail("--rounding=gptq needs --calibrate: it weighs errors by the activations");
    if (!isStatic && !options.gptq && has("calibrate"))
      return fail("--calibrate has no effect with --" +
                  Twine(weightOnly ? "weight-only --rounding=nearest" : "dynamic"));
    if (options.maxDrop && options.data.empty())
      return fail("--max-drop needs --data=EVAL.npz: samples to measure the drop on, others than "
                  "those of --calibrate");
    for (StringRef option : {"metric", "metric-output"})
      if (has(option) && options.data.empty())
        return fail("--" + option + " has no effect without --data");
  }

  const Arguments &given;
  QuantizeOptions &options;
  bool weightsInt4 = false;
  std::string error;
};

} // namespace

std::string readQuantizeOptions(const Arguments &given, QuantizeOptions &options) {
  return Reader(given, options).read();
}

} // namespace mlopt
