//===- Json.h - Writing JSON, and reading numbers back ------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MLOPT_TOOLS_MLOPT_RUN_JSON_H
#define MLOPT_TOOLS_MLOPT_RUN_JSON_H

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>

namespace mlopt::runner {

/// Builds indented JSON text. Keys and values alternate as the format asks; nothing is checked.
class JsonWriter {
public:
  void beginObject() { open('{'); }
  void endObject() { close('}'); }
  void beginArray() { open('['); }
  void endArray() { close(']'); }
  void key(std::string_view name);
  void string(std::string_view value);
  void number(double value);
  void integer(int64_t value);
  void boolean(bool value);
  /// Text that is JSON already.
  void raw(std::string_view json);

  template <typename T> void field(std::string_view name, T value) {
    key(name);
    if constexpr (std::is_same_v<T, bool>)
      boolean(value);
    else if constexpr (std::is_floating_point_v<T>)
      number(value);
    else if constexpr (std::is_integral_v<T>)
      integer(int64_t(value));
    else
      string(value);
  }

  /// The finished text with a newline at its end.
  std::string take();

private:
  void open(char c);
  void close(char c);
  void separate();

  std::string text;
  int depth = 0;
  bool first = true, afterKey = false;
};

/// Reads JSON text and collects its numbers and strings by path: "latency_ms.median". False where
/// the text is no JSON.
bool flattenJson(std::string_view text, std::map<std::string, double> &numbers,
                 std::map<std::string, std::string> &strings);

} // namespace mlopt::runner

#endif // MLOPT_TOOLS_MLOPT_RUN_JSON_H
