//===- Json.cpp - Writing JSON, and reading numbers back ----------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Json.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace mlopt::runner {

void JsonWriter::separate() {
  if (afterKey) {
    afterKey = false;
    return;
  }
  if (!first)
    text += ',';
  if (depth)
    text += '\n' + std::string(size_t(2 * depth), ' ');
  first = false;
}

void JsonWriter::open(char c) {
  separate();
  text += c;
  ++depth;
  first = true;
}

void JsonWriter::close(char c) {
  --depth;
  if (!first)
    text += '\n' + std::string(size_t(2 * depth), ' ');
  text += c;
  first = false;
}

void JsonWriter::key(std::string_view name) {
  string(name);
  text += ": ";
  afterKey = true;
}

void JsonWriter::string(std::string_view value) {
  separate();
  text += '"';
  for (char c : value) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof(buffer), "\\u%04x", unsigned(c));
      text += buffer;
    } else {
      text += c;
    }
  }
  text += '"';
}

void JsonWriter::number(double value) {
  separate();
  char buffer[40];
  if (std::isfinite(value))
    std::snprintf(buffer, sizeof(buffer), "%.9g", value);
  else
    std::snprintf(buffer, sizeof(buffer), "null"); // JSON has no other word for it
  text += buffer;
}

void JsonWriter::integer(int64_t value) {
  separate();
  text += std::to_string(value);
}

void JsonWriter::boolean(bool value) {
  separate();
  text += value ? "true" : "false";
}

void JsonWriter::raw(std::string_view json) {
  separate();
  text += json;
}

std::string JsonWriter::take() { return std::move(text) + "\n"; }

namespace {

class Flattener {
public:
  Flattener(std::string_view text, std::map<std::string, double> &numbers,
            std::map<std::string, std::string> &strings)
      : text(text), numbers(numbers), strings(strings) {}

  bool run() {
    bool good = value("", 0);
    skip();
    return good && at == text.size();
  }

private:
  static constexpr int kDepth = 64;

  void skip() {
    while (at < text.size() &&
           (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r'))
      ++at;
  }
  bool take(char c) {
    skip();
    if (at >= text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }
  bool word(std::string_view w) {
    if (text.substr(at, w.size()) != w)
      return false;
    at += w.size();
    return true;
  }

  bool string(std::string &out) {
    if (!take('"'))
      return false;
    while (at < text.size() && text[at] != '"') {
      if (text[at] == '\\' && ++at >= text.size())
        return false;
      out += text[at++]; // escapes other than \" and \\ do not occur in what is read
    }
    return take('"');
  }

  bool value(const std::string &path, int depth) {
    if (depth > kDepth)
      return false;
    skip();
    if (at >= text.size())
      return false;
    if (text[at] == '"') {
      std::string s;
      if (!string(s))
        return false;
      strings[path] = s;
      return true;
    }
    if (take('{')) {
      if (take('}'))
        return true;
      do {
        std::string name;
        if (!string(name) || !take(':') ||
            !value(path.empty() ? name : path + "." + name, depth + 1))
          return false;
      } while (take(','));
      return take('}');
    }
    if (take('[')) {
      if (take(']'))
        return true;
      int index = 0;
      do {
        if (!value(path + "." + std::to_string(index++), depth + 1))
          return false;
      } while (take(','));
      return take(']');
    }
    if (word("true") || word("false") || word("null"))
      return true;
    std::string digits(text.substr(at, 40));
    char *end = nullptr;
    double number = std::strtod(digits.c_str(), &end);
    if (end == digits.c_str())
      return false;
    at += size_t(end - digits.c_str());
    numbers[path] = number;
    return true;
  }

  std::string_view text;
  size_t at = 0;
  std::map<std::string, double> &numbers;
  std::map<std::string, std::string> &strings;
};

} // namespace

bool flattenJson(std::string_view text, std::map<std::string, double> &numbers,
                 std::map<std::string, std::string> &strings) {
  return Flattener(text, numbers, strings).run();
}

} // namespace mlopt::runner
