//===- FunctionParser.h - the body of a PTX function to instructions --------------------*- C++
//-*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_FUNCTIONPARSER_H
#define MLOPT_TEST_CUDA_EMULATOR_FUNCTIONPARSER_H

#include "Decoder.h"

namespace ptxemu {

/// A variable as declared: `.align 8 .b8 name[16]`.
struct Declaration {
  std::string_view name;
  Type type = Type::None;
  uint64_t size = 0, alignment = 1;
  bool isUnsized = false; ///< name[]: dynamic shared memory
};

/// A position in the tokens, and the small parsers that module and function share.
struct Cursor {
  const std::vector<Token> *tokens = nullptr;
  size_t at = 0;
  std::string error;

  const Token &peek(size_t ahead = 0) const {
    return (*tokens)[std::min(at + ahead, tokens->size() - 1)];
  }
  const Token &next() {
    const Token &token = peek();
    at = std::min(at + 1, tokens->size() - 1);
    return token;
  }
  bool accept(std::string_view text) {
    if (!peek().is(text))
      return false;
    next();
    return true;
  }
  bool fail(std::string text);
  bool expect(std::string_view text);
  /// After the state space: [.align N] [.vN] .type [.ptr …] name [dims].
  bool declaration(Declaration &declaration);
};

/// The header of a function and where its body is.
struct RawFunction {
  std::string_view name;
  bool isEntry = false;
  std::vector<Declaration> results, parameters;
  size_t bodyBegin = 0, bodyEnd = 0; ///< tokens between the braces; equal for a prototype
  unsigned line = 0;
  uint32_t maxThreads = 1024;
  std::array<uint32_t, 3> requiredBlock{0, 0, 0};
};

/// Decodes one function for one kernel.
class FunctionParser {
public:
  FunctionParser(const std::vector<Token> &tokens, KernelCode &kernel, Function &function,
                 const std::unordered_map<std::string_view, Symbol> &globals,
                 const std::unordered_map<std::string_view, uint32_t> &functionNames,
                 const std::unordered_map<std::string_view, Decoder::Signature> &signatures);
  bool parse(const RawFunction &raw, std::string &error);

private:
  bool statement();
  bool directive();
  bool registers();
  bool instruction();
  bool argument(Argument &argument);
  bool value(Argument &argument);
  bool resolveLabels();
  bool addSymbol(std::string_view name, Symbol symbol);
  uint64_t variable(uint32_t &area, const Declaration &declaration);

  Cursor cursor;
  KernelCode &kernel;
  Function &function;
  Decoder decoder;
  std::deque<std::string> names; ///< of registers that %r<10> declares
  std::deque<Argument> seconds;
  std::vector<uint32_t> firstOperand;
};

/// Fills Inst::reconverge of all branches and Inst::targetExits.
void findReconvergence(Function &function);

} // namespace ptxemu

#endif
