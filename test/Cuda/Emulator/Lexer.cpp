#include "Lexer.h"

#include <cstdlib>
#include <cstring>

using namespace ptxemu;

static bool startsName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '%' ||
         c == '.';
}
static bool isDigit(char c) { return c >= '0' && c <= '9'; }
static bool isHex(char c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Reads the number at text[at] and moves `at` behind it.
static Token number(std::string_view text, size_t &at) {
  Token token;
  size_t begin = at;
  auto hexDigits = [&] {
    while (at < text.size() && isHex(text[at]))
      ++at;
    return std::strtoull(std::string(text.substr(begin + 2, at - begin - 2)).c_str(), nullptr, 16);
  };
  char second = at + 1 < text.size() ? text[at + 1] : 0;
  if (text[at] == '0' && (second == 'x' || second == 'X' || second == 'f' || second == 'F' ||
                          second == 'd' || second == 'D')) {
    at += 2;
    token.bits = hexDigits();
    token.kind = second == 'x' || second == 'X'   ? Token::Integer
                 : second == 'f' || second == 'F' ? Token::Float32
                                                  : Token::Float64;
  } else if (text[at] == '0' && (second == 'b' || second == 'B')) {
    at += 2;
    for (; at < text.size() && (text[at] == '0' || text[at] == '1'); ++at)
      token.bits = token.bits * 2 + (text[at] - '0');
    token.kind = Token::Integer;
  } else {
    bool decimal = false;
    for (; at < text.size(); ++at) {
      char c = text[at];
      if (c == '.' && at + 1 < text.size() && isDigit(text[at + 1]))
        decimal = true;
      else if ((c == 'e' || c == 'E') && decimal) {
        if (at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+'))
          ++at;
      } else if (!isDigit(c))
        break;
    }
    std::string digits(text.substr(begin, at - begin));
    if (decimal) {
      double value = std::strtod(digits.c_str(), nullptr);
      std::memcpy(&token.bits, &value, 8);
      token.kind = Token::Float64;
    } else {
      token.bits = std::strtoull(digits.c_str(), nullptr, digits[0] == '0' ? 8 : 10);
      token.kind = Token::Integer;
    }
  }
  if (token.kind == Token::Integer && at < text.size() && text[at] == 'U')
    ++at;
  token.text = text.substr(begin, at - begin);
  return token;
}

bool ptxemu::tokenize(std::string_view text, std::vector<Token> &tokens, std::string &error) {
  unsigned line = 1;
  size_t at = 0;
  auto push = [&](Token token) {
    token.line = line;
    tokens.push_back(token);
  };
  while (at < text.size() && text[at]) {
    char c = text[at];
    if (c == '\n') {
      ++line;
      ++at;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++at;
    } else if (c == '/' && text.substr(at, 2) == "//") {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '/' && text.substr(at, 2) == "/*") {
      size_t end = std::min(text.find("*/", at), text.size());
      for (; at < end; ++at)
        line += text[at] == '\n';
      at = std::min(end + 2, text.size());
    } else if (isDigit(c)) {
      push(number(text, at));
    } else if (startsName(c)) {
      size_t begin = at++;
      while (at < text.size()) {
        if (startsName(text[at]) || isDigit(text[at])) {
          if (text[at] == '%')
            break;
          ++at;
        } else if (text.substr(at, 2) == "::" && at + 2 < text.size() &&
                   (startsName(text[at + 2]) || isDigit(text[at + 2]))) {
          at += 2;
        } else {
          break;
        }
      }
      Token token;
      token.kind = Token::Name;
      token.text = text.substr(begin, at - begin);
      push(token);
    } else if (c == '"') {
      size_t end = std::min(text.find('"', at + 1), text.size());
      Token token;
      token.kind = Token::String;
      token.text = text.substr(at + 1, end - at - 1);
      push(token);
      at = std::min(end + 1, text.size());
    } else if (std::strchr("@!{}[]()<>,;:+-=|~*", c)) {
      Token token;
      token.kind = Token::Punctuation;
      token.text = text.substr(at++, 1);
      push(token);
    } else {
      error = "line " + std::to_string(line) + ": unexpected character '" + c + "'";
      return false;
    }
  }
  push(Token());
  return true;
}
