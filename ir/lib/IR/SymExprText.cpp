//===- SymExprText.cpp - Sizes as text: `batch * 12 + 1` ------------------===//
//
//   expression = product (("+" | "-") product)*
//   product    = factor ("*" factor)*
//   factor     = "-" factor | integer | name | "(" expression ")"
//              | ("floordiv" | "ceildiv" | "mod") "(" expression "," expression ")"
//              | ("min" | "max") "(" expression ("," expression)* ")"
//              | "select" "(" expression ("==" | "<") expression "," expression "," expression ")"
//   name       = letters, digits and _ . [ ] - : / ?, not starting with "-", not all digits;
//                any other in single quotes, with \' and \\.
//
// A name may hold "-", so the operator needs a space before it.
//
//===----------------------------------------------------------------------===//

#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/SymExpr.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace mlopt {
namespace {

using Kind = SymExpr::Kind;

bool isNameCharacter(char c) {
  return llvm::isAlnum(c) || StringRef("_.[]-:/?").contains(c);
}

bool isPlainName(StringRef name) {
  return !name.empty() && name.front() != '-' && llvm::all_of(name, isNameCharacter) &&
         !llvm::all_of(name, llvm::isDigit);
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

void print(raw_ostream &os, SymExpr e);

void printName(raw_ostream &os, StringRef name) {
  if (isPlainName(name)) {
    os << name;
    return;
  }
  os << '\'';
  for (char c : name) {
    if (c == '\'' || c == '\\')
      os << '\\';
    os << c;
  }
  os << '\'';
}

void printCall(raw_ostream &os, StringRef name, ArrayRef<SymExpr> operands) {
  os << name << '(';
  llvm::interleaveComma(operands, os, [&](SymExpr operand) { print(os, operand); });
  os << ')';
}

/// In parentheses if it is a sum or a product. Opaque ones print their own.
void printFactor(raw_ostream &os, SymExpr e) {
  bool needsParentheses = (e.getKind() == Kind::Add && e.getAttr().getValue() == 0) ||
                          (e.getKind() == Kind::Mul && e.getAttr().getValue() != 0);
  os << (needsParentheses ? "(" : "");
  print(os, e);
  os << (needsParentheses ? ")" : "");
}

/// Factors with the coefficient `coefficient` last where it is not 1.
void printProduct(raw_ostream &os, ArrayRef<SymExpr> factors, int64_t coefficient) {
  llvm::interleave(factors, os, [&](SymExpr factor) { printFactor(os, factor); }, " * ");
  if (coefficient != 1)
    os << " * " << coefficient;
}

/// A term of a sum whose sign stands before it where it can.
void printTerm(raw_ostream &os, SymExpr e, bool isFirst) {
  bool isOpaqueProduct = e.getKind() == Kind::Mul && e.getAttr().getValue() == 0;
  int64_t coefficient = e.getKind() == Kind::Constant || (e.getKind() == Kind::Mul && !isOpaqueProduct)
                            ? e.getAttr().getValue()
                            : 1;
  bool takesSign = coefficient < 0 && coefficient != std::numeric_limits<int64_t>::min();
  os << (isFirst ? (takesSign ? "-" : "") : (takesSign ? " - " : " + "));
  if (takesSign)
    coefficient = -coefficient;
  if (e.getKind() == Kind::Constant) {
    os << coefficient;
  } else if (e.getKind() == Kind::Mul && !isOpaqueProduct) {
    SmallVector<SymExpr> factors;
    for (Attribute factor : e.getAttr().getOperands())
      factors.push_back(cast<SymExprAttr>(factor));
    printProduct(os, factors, coefficient);
  } else {
    printFactor(os, e);
  }
}

void print(raw_ostream &os, SymExpr e) {
  SmallVector<SymExpr> operands;
  switch (e.getKind()) {
  case Kind::Constant:
    os << *e.getConstant();
    return;
  case Kind::Symbol:
    printName(os, e.getSymbolName());
    return;
  case Kind::Mul:
    if (e.getAttr().getValue() != 0) {
      printTerm(os, e, /*isFirst=*/true);
      return;
    }
    os << '(';
    printProduct(os, e.getOperands(), 1);
    os << ')';
    return;
  case Kind::Add: {
    operands = e.getOperands();
    if (e.getAttr().getValue() == 1) {
      os << '(';
      printFactor(os, operands[0]);
      os << " + ";
      printFactor(os, operands[1]);
      os << ')';
      return;
    }
    // A term without a sign comes first where there is one: `8 - n`, not `-n + 8`.
    auto isNegative = [](SymExpr term) {
      return (term.getKind() == Kind::Constant || term.getKind() == Kind::Mul) &&
             term.getAttr().getValue() < 0;
    };
    auto *first = llvm::find_if_not(operands, isNegative);
    if (first != operands.end())
      std::rotate(operands.begin(), first, first + 1);
    for (auto [i, term] : llvm::enumerate(operands))
      printTerm(os, term, i == 0);
    return;
  }
  case Kind::FloorDiv:
    return printCall(os, "floordiv", e.getOperands());
  case Kind::CeilDiv:
    return printCall(os, "ceildiv", e.getOperands());
  case Kind::Mod:
    return printCall(os, "mod", e.getOperands());
  case Kind::Min:
    return printCall(os, "min", e.getOperands());
  case Kind::Max:
    return printCall(os, "max", e.getOperands());
  case Kind::Select:
    operands = e.getOperands();
    os << "select(" << operands[0] << (e.getCompare() == SymExpr::Compare::Eq ? " == " : " < ")
       << operands[1] << ", " << operands[2] << ", " << operands[3] << ')';
    return;
  }
}

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

/// Recursive descent; a null SymExpr is a syntax error.
class Parser {
public:
  Parser(MLIRContext *context, StringRef text) : context(context), text(text) {}

  SymExpr parseAll() {
    SymExpr e = parseSum();
    skipSpace();
    return text.empty() ? e : SymExpr();
  }

private:
  /// Deeper nesting than any size has: the parser must not run out of stack.
  static constexpr unsigned maxDepth = 256;

  void skipSpace() { text = text.ltrim(); }

  bool consume(StringRef token) {
    skipSpace();
    return text.consume_front(token);
  }

  SymExpr parseSum() {
    if (depth == maxDepth)
      return SymExpr();
    ++depth;
    SymExpr sum = parseProduct();
    while (sum) {
      bool isPlus = consume("+");
      if (!isPlus && !consume("-"))
        break;
      SymExpr term = parseProduct();
      sum = !term ? SymExpr() : isPlus ? sum + term : sum - term;
    }
    --depth;
    return sum;
  }

  SymExpr parseProduct() {
    SymExpr product = parseFactor();
    while (product && consume("*")) {
      SymExpr factor = parseFactor();
      product = factor ? product * factor : SymExpr();
    }
    return product;
  }

  SymExpr parseFactor() {
    bool isNegative = false;
    while (consume("-")) {
      isNegative = !isNegative;
      // The smallest integer has no positive counterpart: the sign is part of it.
      if (isNegative && !text.empty() && llvm::isDigit(text.front()))
        if (StringRef word = text.take_while(isNameCharacter); llvm::all_of(word, llvm::isDigit)) {
          text = text.drop_front(word.size());
          std::string number = "-" + word.str();
          int64_t value;
          return StringRef(number).getAsInteger(10, value) ? SymExpr()
                                                           : SymExpr::constant(context, value);
        }
    }
    SymExpr factor = parseAtom();
    return factor && isNegative ? factor * -1 : factor;
  }

  SymExpr parseAtom() {
    if (consume("(")) {
      SymExpr inner = parseSum();
      return consume(")") ? inner : SymExpr();
    }
    skipSpace();
    if (text.consume_front("'"))
      return parseQuoted();
    StringRef word = text.take_while(isNameCharacter);
    if (word.empty())
      return SymExpr();
    text = text.drop_front(word.size());
    if (llvm::all_of(word, llvm::isDigit)) {
      int64_t value;
      return word.getAsInteger(10, value) ? SymExpr() : SymExpr::constant(context, value);
    }
    return text.starts_with("(") ? parseCall(word) : SymExpr::symbol(context, word);
  }

  SymExpr parseQuoted() {
    std::string name;
    while (!text.empty() && text.front() != '\'') {
      text.consume_front("\\");
      if (text.empty())
        return SymExpr();
      name += text.front();
      text = text.drop_front();
    }
    return text.consume_front("'") ? SymExpr::symbol(context, name) : SymExpr();
  }

  SymExpr parseCall(StringRef name) {
    text = text.drop_front(); // (
    SmallVector<SymExpr> operands;
    std::optional<SymExpr::Compare> compare;
    do {
      SymExpr operand = parseSum();
      if (!operand)
        return SymExpr();
      operands.push_back(operand);
      if (name == "select" && operands.size() == 1) {
        compare = consume("==") ? SymExpr::Compare::Eq : SymExpr::Compare::Lt;
        if (*compare == SymExpr::Compare::Lt && !consume("<"))
          return SymExpr();
        if (SymExpr other = parseSum())
          operands.push_back(other);
        else
          return SymExpr();
      }
    } while (consume(","));
    if (!consume(")"))
      return SymExpr();
    if (name == "min" || name == "max") {
      SymExpr result = operands[0];
      for (SymExpr operand : ArrayRef(operands).drop_front())
        result = name == "min" ? SymExpr::min(result, operand) : SymExpr::max(result, operand);
      return result;
    }
    if (name == "select" && operands.size() == 4)
      return SymExpr::select(*compare, operands[0], operands[1], operands[2], operands[3]);
    if (operands.size() != 2)
      return SymExpr();
    if (name == "floordiv")
      return operands[0].floorDiv(operands[1]);
    if (name == "ceildiv")
      return operands[0].ceilDiv(operands[1]);
    if (name == "mod")
      return operands[0].mod(operands[1]);
    return SymExpr();
  }

  MLIRContext *context;
  StringRef text;
  unsigned depth = 0;
};

} // namespace

std::optional<SymExpr> SymExpr::parse(MLIRContext *context, StringRef text) {
  if (SymExpr e = Parser(context, text).parseAll())
    return e;
  return std::nullopt;
}

std::string SymExpr::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << *this;
  return text;
}

raw_ostream &operator<<(raw_ostream &os, SymExpr e) {
  if (!e)
    return os << "<none>";
  print(os, e);
  return os;
}

Diagnostic &operator<<(Diagnostic &diagnostic, SymExpr e) { return diagnostic << e.str(); }

Attribute SymExprAttr::parse(AsmParser &parser, Type) {
  std::string text;
  if (parser.parseLess())
    return {};
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseString(&text) || parser.parseGreater())
    return {};
  std::optional<SymExpr> e = SymExpr::parse(parser.getContext(), text);
  if (!e) {
    parser.emitError(loc) << "'" << text
                          << "' is not a size expression: expected, for instance, "
                             "\"batch * 12 + 1\" or \"floordiv(n, 2)\"";
    return {};
  }
  return e->getAttr();
}

void SymExprAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printer.printString(SymExpr(*this).str());
  printer << '>';
}

} // namespace mlopt
