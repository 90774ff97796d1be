//===- Report.cpp - What quantization did, layer by layer -----------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantize/Report.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

#include <cmath>

using namespace llvm;

namespace mlopt::quantize {

std::optional<double> LayerRow::getSqnr() const {
  if (!error)
    return std::nullopt;
  return *error > 0 ? -10 * std::log10(*error) : INFINITY;
}

static std::string formatted(const char *pattern, double value) {
  std::string text;
  raw_string_ostream(text) << format(pattern, value);
  return text;
}

static std::string orDash(const char *pattern, std::optional<double> value) {
  if (!value)
    return "-";
  return std::isinf(*value) ? "exact" : formatted(pattern, *value);
}

std::string QuantizationReport::describeDrop() const {
  if (!drop)
    return "";
  std::string unit = metric == Metric::PeakSignal ? " dB" : metric == Metric::Top1 ? " %" : "";
  double factor = metric == Metric::Top1 ? 100 : 1;
  auto value = [&](double x) { return formatted("%.6g", factor * x) + unit; };
  std::string text = getMetricName(metric).str() + " of '" + metricOutput + "': ";
  if (labelled)
    text += value(drop->quantizedValue) + " against " + value(drop->floatValue) +
            " of float, by the labels";
  else
    text += value(drop->quantizedValue) +
            " by the float artefact's outputs (no labels: agreement, no accuracy)";
  text += "; drop " + formatted("%.4g", 100 * drop->drop) + " % +- " +
          formatted("%.2g", 100 * drop->halfWidth) + " % (95 %, " + std::to_string(drop->samples) +
          " samples)";
  if (maxDrop)
    text += ", at most " + formatted("%.4g", 100 * *maxDrop) + " % asked for";
  return text;
}

void QuantizationReport::printTable(raw_ostream &os) const {
  std::vector<std::vector<std::string>> table = {{"layer", "operator", "scheme", "range", "method",
                                                  "clipped %", "SQNR dB", "float us", "int us",
                                                  "kept as", "why"}};
  for (const LayerRow &row : rows)
    table.push_back({row.name, row.op, row.scheme,
                     row.range ? formatted("%.4g", row.range->first) + ".." +
                                     formatted("%.4g", row.range->second)
                               : "-",
                     row.method.empty() ? "-" : row.method,
                     row.clipped ? formatted("%.3f", 100 * *row.clipped) : "-",
                     orDash("%.1f", row.getSqnr()), orDash("%.1f", row.floatTime),
                     orDash("%.1f", row.integerTime), row.quantized ? "int" : "float", row.why});
  for (const LayerRow &row : skipped)
    table.push_back({row.name, row.op, "-", "-", "-", "-", "-", "-", "-", "float", row.why});
  std::vector<size_t> widths(table.front().size(), 0);
  for (const auto &cells : table)
    for (auto [i, cell] : enumerate(cells))
      widths[i] = std::max(widths[i], std::min<size_t>(cell.size(), 48));
  for (const auto &cells : table) {
    std::string line;
    for (auto [i, cell] : enumerate(cells)) {
      bool number = i >= 5 && i <= 8;
      std::string padding(widths[i] > cell.size() ? widths[i] - cell.size() : 0, ' ');
      line += (i ? "  " : "") + (number ? padding + cell : cell + padding);
    }
    os << StringRef(line).rtrim() << "\n";
  }
  size_t kept = count_if(rows, [](const LayerRow &row) { return row.quantized; });
  os << kept << " of " << rows.size() << " layers quantized (" << form << ")";
  if (calibrationSamples)
    os << ", calibrated with " << calibrationSamples
       << (calibrationSamples == 1 ? " sample" : " samples");
  os << "\n";
  if (floatTime && quantizedTime)
    os << format("one run: float %.1f us, quantized %.1f us, %.2f times as fast\n", *floatTime,
                 *quantizedTime, *floatTime / *quantizedTime);
  if (drop)
    os << describeDrop() << "\n";
  for (const std::string &note : notes)
    os << note << "\n";
}

static json::Value orNull(std::optional<double> value) {
  return value && std::isfinite(*value) ? json::Value(*value) : json::Value(nullptr);
}

static json::Value describe(const LayerRow &row) {
  json::Object object{{"layer", row.name},
                      {"operator", row.op},
                      {"scheme", row.scheme},
                      {"method", row.method},
                      {"clipped", orNull(row.clipped)},
                      {"relative_error", orNull(row.error)},
                      {"sqnr_db", orNull(row.getSqnr())},
                      {"float_us", orNull(row.floatTime)},
                      {"int_us", orNull(row.integerTime)},
                      {"kept_as", row.quantized ? "int" : "float"},
                      {"why", row.why}};
  object["range"] =
      row.range ? json::Value(json::Array{row.range->first, row.range->second}) : nullptr;
  return object;
}

void QuantizationReport::printJson(raw_ostream &os) const {
  json::Array layers, others, remarks;
  for (const LayerRow &row : rows)
    layers.push_back(describe(row));
  for (const LayerRow &row : skipped)
    others.push_back(json::Object{{"node", row.name}, {"operator", row.op}, {"why", row.why}});
  for (const std::string &note : notes)
    remarks.push_back(note);
  json::Object object{{"model", model},
                      {"form", form},
                      {"layers", std::move(layers)},
                      {"not_quantizable", std::move(others)},
                      {"calibration_samples", calibrationSamples},
                      {"candidates", candidates},
                      {"float_us", orNull(floatTime)},
                      {"quantized_us", orNull(quantizedTime)},
                      {"notes", std::move(remarks)}};
  if (drop)
    object["accuracy"] = json::Object{{"metric", getMetricName(metric)},
                                      {"output", metricOutput},
                                      {"labels", labelled},
                                      {"float", labelled ? orNull(drop->floatValue) : nullptr},
                                      {"quantized", orNull(drop->quantizedValue)},
                                      {"drop", orNull(drop->drop)},
                                      {"half_width", orNull(drop->halfWidth)},
                                      {"confidence", 0.95},
                                      {"samples", drop->samples},
                                      {"max_drop", orNull(maxDrop)}};
  os << formatv("{0:2}", json::Value(std::move(object))) << "\n";
}

static std::string escape(StringRef text) {
  std::string result;
  for (char c : text)
    switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    default:
      // Control characters have no place in XML.
      result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  return result;
}

/// The end of a long name says more than its beginning. Bytes of one character stay together.
static std::string shorten(StringRef name, size_t length) {
  if (name.size() <= length)
    return name.str();
  size_t from = name.size() - length + 3;
  while (from < name.size() && (static_cast<unsigned char>(name[from]) & 0xC0) == 0x80)
    ++from;
  return "..." + name.drop_front(from).str();
}

void QuantizationReport::printSvg(raw_ostream &os) const {
  constexpr int rowHeight = 26, top = 84, nameWidth = 270, panel = 300, gap = 70;
  const int width = nameWidth + 2 * panel + 2 * gap + 10;
  const int height = top + rowHeight * int(rows.size()) + 30;
  double mostTime = 0, mostSqnr = 60;
  for (const LayerRow &row : rows) {
    mostTime = std::max({mostTime, row.floatTime.value_or(0), row.integerTime.value_or(0)});
    if (std::optional<double> sqnr = row.getSqnr(); sqnr && std::isfinite(*sqnr))
      mostSqnr = std::max(mostSqnr, *sqnr);
  }
  const int left = nameWidth + 10, right = left + panel + gap;
  os << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
     << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << width << "\" height=\"" << height
     << "\" viewBox=\"0 0 " << width << " " << height
     << "\" font-family=\"sans-serif\" font-size=\"12\">\n"
     << "<rect width=\"" << width << "\" height=\"" << height << "\" fill=\"#ffffff\"/>\n";
  auto text = [&](int x, int y, StringRef words, StringRef more = "") {
    os << "<text x=\"" << x << "\" y=\"" << y << "\"" << more << ">" << escape(words)
       << "</text>\n";
  };
  auto bar = [&](int x, int y, double length, int thick, StringRef colour, StringRef tip) {
    os << "<rect x=\"" << x << "\" y=\"" << y << "\" width=\""
       << format("%.1f", std::max(length, 0.5)) << "\" height=\"" << thick << "\" fill=\"" << colour
       << "\"><title>" << escape(tip) << "</title></rect>\n";
  };
  text(10, 24, "Quantization of " + model, " font-size=\"16\"");
  text(10, 44, drop ? describeDrop() : form, " font-size=\"10\"");
  text(left, 70, "SQNR, dB (longer is better)", " font-weight=\"bold\"");
  text(right, 70, "time, us", " font-weight=\"bold\"");
  constexpr StringRef grey = "#9aa0a6", blue = "#1a73e8", orange = "#e8710a";
  bar(right + 90, 60, 10, 10, grey, "float");
  text(right + 104, 70, "float");
  bar(right + 150, 60, 10, 10, blue, "int");
  text(right + 164, 70, "int");
  bar(right + 200, 60, 10, 10, orange, "kept float");
  text(right + 214, 70, "int, not kept");
  int y = top;
  for (const LayerRow &row : rows) {
    StringRef colour = row.quantized ? blue : orange;
    std::string tip = row.name + " (" + row.op + "): " + (row.quantized ? "int" : "float") +
                      (row.why.empty() ? "" : ", " + row.why);
    os << "<text x=\"10\" y=\"" << y + 14 << "\">" << escape(shorten(row.name, 40)) << "<title>"
       << escape(tip) << "</title></text>\n";
    if (std::optional<double> sqnr = row.getSqnr()) {
      double share = std::isfinite(*sqnr) ? std::max(*sqnr, 0.0) / mostSqnr : 1;
      bar(left, y + 3, share * panel, 14, colour, tip);
      text(left + int(share * panel) + 4, y + 14, orDash("%.1f", sqnr));
    }
    if (row.floatTime && mostTime > 0) {
      bar(right, y + 1, *row.floatTime / mostTime * panel, 9, grey, tip);
      text(right + int(*row.floatTime / mostTime * panel) + 4, y + 9,
           orDash("%.1f", row.floatTime), " font-size=\"9\"");
    }
    if (row.integerTime && mostTime > 0) {
      bar(right, y + 11, *row.integerTime / mostTime * panel, 9, colour, tip);
      text(right + int(*row.integerTime / mostTime * panel) + 4, y + 19,
           orDash("%.1f", row.integerTime), " font-size=\"9\"");
    }
    y += rowHeight;
  }
  os << "</svg>\n";
}

} // namespace mlopt::quantize
