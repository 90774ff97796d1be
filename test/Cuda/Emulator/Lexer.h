//===- Lexer.h - PTX text to tokens -----------------------------------------------------*- C++
//-*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_LEXER_H
#define MLOPT_TEST_CUDA_EMULATOR_LEXER_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ptxemu {

struct Token {
  enum Kind : uint8_t { End, Name, Integer, Float32, Float64, String, Punctuation } kind = End;
  std::string_view text;
  uint64_t bits = 0; ///< of a number; a decimal float is a Float64
  unsigned line = 0; ///< from 1
  bool is(std::string_view what) const { return text == what && kind != String; }
};

/// Splits `text`, which must outlive the tokens. A name takes its dots and `::` along: directives,
/// opcodes with modifiers, `%tid.x`. The last token is End. False and a message on a stray byte.
bool tokenize(std::string_view text, std::vector<Token> &tokens, std::string &error);

} // namespace ptxemu

#endif
