//===- Module.cpp - PTX text to a loaded module
//-------------------------------------------------===//

#include "FunctionParser.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

using namespace ptxemu;

namespace {

/// A module-level variable before it has an address.
struct RawVariable {
  Declaration declaration;
  Space space = Space::Global;
  bool isExtern = false;
  struct Element {
    uint64_t bits;
    std::string_view name; ///< adds the address of this variable
    Token::Kind kind;
  };
  std::vector<Element> initializer;
  unsigned line = 0;
};

class ModuleParser {
public:
  ModuleParser(const std::vector<Token> &tokens, Program &program) : program(program) {
    cursor.tokens = &tokens;
  }
  bool parse();

  Cursor cursor;
  Program &program;
  std::deque<RawVariable> variables;
  std::deque<RawFunction> functions;

private:
  bool variable(Space space, bool isExtern);
  bool function(bool isEntry);
  bool formals(std::vector<Declaration> &into);
  bool element(RawVariable &variable);
};

bool ModuleParser::parse() {
  bool isExtern = false;
  while (cursor.peek().kind != Token::End) {
    const Token &token = cursor.next();
    if (token.is(".version")) {
      cursor.next();
    } else if (token.is(".target")) {
      std::string_view name = cursor.next().text;
      if (name.substr(0, 3) != "sm_")
        return cursor.fail("unknown target '" + std::string(name) + "', expected sm_NN");
      program.target = std::strtoul(std::string(name.substr(3)).c_str(), nullptr, 10);
      while (cursor.accept(","))
        cursor.next();
    } else if (token.is(".address_size")) {
      if (cursor.next().bits != 64)
        return cursor.fail("only '.address_size 64' is supported");
    } else if (token.is(".file")) {
      while (cursor.peek().line == token.line && cursor.peek().kind != Token::End)
        cursor.next();
    } else if (token.is(".section")) {
      while (!cursor.accept("}"))
        if (cursor.next().kind == Token::End)
          return cursor.fail("'.section' without '}'");
    } else if (token.is(".extern") || token.is(".visible") || token.is(".weak") ||
               token.is(".common")) {
      isExtern |= token.is(".extern");
      continue;
    } else if (token.is(".global") || token.is(".const") || token.is(".shared")) {
      Space space = token.is(".global")  ? Space::Global
                    : token.is(".const") ? Space::Const
                                         : Space::Shared;
      if (!variable(space, isExtern))
        return false;
    } else if (token.is(".entry") || token.is(".func")) {
      if (!function(token.is(".entry")))
        return false;
    } else if (!token.is(";")) {
      --cursor.at;
      return cursor.fail("unexpected '" + std::string(token.text) + "'");
    }
    isExtern = false;
  }
  return cursor.error.empty();
}

bool ModuleParser::element(RawVariable &variable) {
  if (cursor.accept("{")) {
    while (!cursor.accept("}")) {
      if (!element(variable))
        return false;
      if (!cursor.accept(",") && !cursor.peek().is("}"))
        return cursor.fail("expected ',' or '}' in an initialiser");
    }
    return true;
  }
  RawVariable::Element element{};
  bool negative = cursor.accept("-");
  const Token &token = cursor.next();
  element.kind = token.kind;
  element.bits = negative ? -token.bits : token.bits;
  if (negative && token.kind == Token::Float64)
    element.bits = token.bits ^ (uint64_t(1) << 63);
  if (token.kind == Token::Name) {
    element.name = token.text;
    if (token.is("generic") && cursor.accept("(")) {
      element.name = cursor.next().text;
      if (!cursor.expect(")"))
        return false;
    }
    element.bits = 0;
    if (cursor.accept("+"))
      element.bits = cursor.next().bits;
  } else if (token.kind == Token::End || token.kind == Token::Punctuation ||
             token.kind == Token::String) {
    return cursor.fail("expected a number or a variable in an initialiser");
  }
  variable.initializer.push_back(element);
  return true;
}

bool ModuleParser::variable(Space space, bool isExtern) {
  do {
    RawVariable raw;
    raw.space = space;
    raw.isExtern = isExtern;
    raw.line = cursor.peek().line;
    if (!cursor.declaration(raw.declaration))
      return false;
    if (cursor.accept("=") && !element(raw))
      return false;
    if (raw.declaration.isUnsized && !raw.initializer.empty())
      raw.declaration.size = raw.initializer.size() * bytesOf(raw.declaration.type);
    variables.push_back(raw);
  } while (cursor.accept(","));
  return cursor.expect(";");
}

bool ModuleParser::formals(std::vector<Declaration> &into) {
  if (!cursor.accept("("))
    return true;
  while (!cursor.accept(")")) {
    if (!cursor.accept(".param"))
      return cursor.fail("only parameters in the .param space are supported");
    Declaration formal;
    if (!cursor.declaration(formal))
      return false;
    into.push_back(formal);
    if (!cursor.accept(",") && !cursor.peek().is(")"))
      return cursor.fail("expected ',' or ')' after a parameter");
  }
  return true;
}

bool ModuleParser::function(bool isEntry) {
  RawFunction raw;
  raw.isEntry = isEntry;
  raw.line = cursor.peek().line;
  if (!isEntry && !formals(raw.results))
    return false;
  raw.name = cursor.next().text;
  if (!formals(raw.parameters))
    return false;
  auto dimensions = [&] {
    std::array<uint32_t, 3> size{1, 1, 1};
    for (unsigned i = 0; i < 3; ++i) {
      size[i] = cursor.next().bits;
      if (!cursor.accept(","))
        break;
    }
    return size;
  };
  while (!cursor.peek().is("{") && !cursor.peek().is(";")) {
    const Token &token = cursor.next();
    if (token.is(".maxntid") || token.is(".reqntid")) {
      auto size = dimensions();
      raw.maxThreads = size[0] * size[1] * size[2];
      if (token.is(".reqntid"))
        raw.requiredBlock = size;
    } else if (token.is(".minnctapersm") || token.is(".maxnctapersm") || token.is(".maxnreg") ||
               token.is(".pragma") || token.is(".abi_preserve") ||
               token.is(".abi_preserve_control")) {
      cursor.next();
    } else if (token.is(".reqnctapercluster")) {
      auto size = dimensions();
      if (size[0] * size[1] * size[2] != 1)
        return cursor.fail("clusters of more than one block are not supported");
    } else if (token.is(".noreturn") || token.is(".explicitcluster")) {
    } else if (token.kind == Token::End) {
      return cursor.fail("a function without a body");
    } else {
      return cursor.fail("unknown directive '" + std::string(token.text) + "' of a function");
    }
  }
  if (cursor.accept("{")) {
    raw.bodyBegin = cursor.at;
    for (unsigned depth = 1; depth;) {
      if (cursor.peek().kind == Token::End)
        return cursor.fail("function '" + std::string(raw.name) + "' has no closing '}'");
      const Token &token = cursor.next();
      depth += token.is("{");
      depth -= token.is("}");
    }
    raw.bodyEnd = cursor.at - 1;
  } else {
    cursor.accept(";");
  }
  functions.push_back(raw);
  return true;
}

uint64_t alignTo(uint64_t value, uint64_t alignment) {
  alignment = std::max<uint64_t>(alignment, 1);
  return (value + alignment - 1) / alignment * alignment;
}

/// Lays out one kernel's shared memory and decodes what the kernel can reach.
bool link(const ModuleParser &module, size_t entry,
          const std::unordered_map<std::string_view, Symbol> &deviceVariables, KernelCode &kernel,
          std::string &error) {
  const std::vector<Token> &tokens = *module.cursor.tokens;
  std::unordered_map<std::string_view, size_t> defined, shared;
  for (size_t i = 0; i < module.functions.size(); ++i)
    if (module.functions[i].bodyEnd > module.functions[i].bodyBegin)
      defined[module.functions[i].name] = i;
  for (size_t i = 0; i < module.variables.size(); ++i)
    if (module.variables[i].space == Space::Shared)
      shared[module.variables[i].declaration.name] = i;

  std::unordered_map<std::string_view, uint32_t> numbers;
  std::vector<size_t> order{entry};
  std::vector<size_t> used;
  std::unordered_set<size_t> seen;
  uint64_t own = 0; // bytes of .shared variables that functions declare
  numbers[module.functions[entry].name] = 0;
  std::vector<Declaration> inner;
  for (size_t next = 0; next < order.size(); ++next) {
    const RawFunction &raw = module.functions[order[next]];
    for (size_t at = raw.bodyBegin; at < raw.bodyEnd; ++at) {
      const Token &token = tokens[at];
      if (token.kind != Token::Name)
        continue;
      if (token.is(".shared")) {
        Cursor cursor;
        cursor.tokens = &tokens;
        cursor.at = at + 1;
        do {
          inner.emplace_back();
          if (!cursor.declaration(inner.back())) {
            error = cursor.error;
            return false;
          }
        } while (cursor.accept(","));
      }
      if (auto found = defined.find(token.text); found != defined.end())
        if (numbers.emplace(token.text, order.size()).second)
          order.push_back(found->second);
      if (auto found = shared.find(token.text); found != shared.end())
        if (seen.insert(found->second).second)
          used.push_back(found->second);
    }
  }
  std::sort(used.begin(), used.end());

  std::unordered_map<std::string_view, Symbol> globals = deviceVariables;
  auto addShared = [&](const Declaration &declaration, uint64_t address) {
    Symbol symbol;
    symbol.kind = Symbol::Address;
    symbol.space = Space::Shared;
    symbol.type = declaration.type;
    symbol.size = declaration.size;
    symbol.value = address;
    globals[declaration.name] = symbol;
  };
  for (size_t index : used) {
    const Declaration &declaration = module.variables[index].declaration;
    if (declaration.isUnsized && declaration.size == 0) {
      kernel.dynamicAlignment = std::max<uint32_t>(kernel.dynamicAlignment, declaration.alignment);
      continue;
    }
    uint64_t address = alignTo(kernel.staticShared, declaration.alignment);
    addShared(declaration, address);
    kernel.staticShared = address + declaration.size;
  }
  own = kernel.staticShared;
  for (const Declaration &declaration : inner)
    own = alignTo(own, declaration.alignment) + declaration.size;
  for (size_t index : used) {
    const Declaration &declaration = module.variables[index].declaration;
    if (declaration.isUnsized && declaration.size == 0)
      addShared(declaration, alignTo(own, kernel.dynamicAlignment));
  }

  std::unordered_map<std::string_view, Decoder::Signature> signatures;
  for (const RawFunction &raw : module.functions) {
    if (raw.isEntry)
      continue;
    Decoder::Signature signature;
    uint64_t at = 0;
    for (bool areResults : {true, false})
      for (const Declaration &formal : areResults ? raw.results : raw.parameters) {
        at = alignTo(at, formal.alignment);
        (areResults ? signature.results : signature.parameters)
            .push_back({uint32_t(at), uint32_t(formal.size)});
        at += formal.size;
      }
    signatures[raw.name] = signature;
  }

  for (size_t index : order) {
    kernel.functions.emplace_back();
    FunctionParser parser(tokens, kernel, kernel.functions.back(), globals, numbers, signatures);
    if (!parser.parse(module.functions[index], error))
      return false;
  }
  for (const Function &function : kernel.functions)
    kernel.localBytes += alignTo(function.localBytes, 16);
  // Recursion needs the same again for every level.
  if (kernel.functions.size() > 1)
    kernel.localBytes += std::min<uint64_t>(kernel.localBytes * 63, 1 << 16);
  return true;
}

} // namespace

Module::~Module() {
  for (const Variable &variable : variableList)
    if (memory && variable.address)
      memory->free(variable.address);
}

const Kernel *Module::findKernel(const std::string &name) const {
  for (const Kernel &kernel : kernelList)
    if (kernel.name == name)
      return &kernel;
  return nullptr;
}

const Variable *Module::findVariable(const std::string &name) const {
  for (const Variable &variable : variableList)
    if (variable.name == name)
      return &variable;
  return nullptr;
}

std::unique_ptr<Module> Module::load(const std::string &text, Memory &memory, unsigned arch,
                                     std::string &error) {
  std::unique_ptr<Module> module(new Module());
  module->memory = &memory;
  module->code = std::make_unique<Program>();
  Program &program = *module->code;
  std::string_view view = text;
  view = view.substr(0, view.find('\0'));
  std::vector<Token> tokens;
  if (!tokenize(view, tokens, error))
    return nullptr;
  for (size_t at = 0; at <= view.size();) {
    size_t end = std::min(view.find('\n', at), view.size());
    program.lines.emplace_back(view.substr(at, end - at));
    at = end + 1;
  }
  ModuleParser parser(tokens, program);
  if (!parser.parse()) {
    error = parser.cursor.error;
    return nullptr;
  }
  if (!program.target) {
    error = "no '.target' in the text: is it PTX?";
    return nullptr;
  }
  if (program.target > arch) {
    error = "the module is for sm_" + std::to_string(program.target) + ", the device is sm_" +
            std::to_string(arch);
    return nullptr;
  }

  std::unordered_map<std::string_view, Symbol> symbols;
  for (const RawVariable &raw : parser.variables) {
    if (raw.space == Space::Shared)
      continue;
    if (raw.isExtern) {
      error = "line " + std::to_string(raw.line) + ": unresolved extern variable '" +
              std::string(raw.declaration.name) + "'";
      return nullptr;
    }
    Variable variable;
    variable.name = std::string(raw.declaration.name);
    variable.size = std::max<uint64_t>(raw.declaration.size, 1);
    variable.address = memory.allocate(variable.size, "variable " + variable.name,
                                       std::max<uint64_t>(raw.declaration.alignment, 256));
    if (!variable.address) {
      error = "no device memory for variable '" + variable.name + "'";
      return nullptr;
    }
    module->variableList.push_back(variable);
    Symbol symbol;
    symbol.kind = Symbol::Address;
    symbol.space = raw.space;
    symbol.type = raw.declaration.type;
    symbol.size = raw.declaration.size;
    symbol.value = variable.address;
    symbols[raw.declaration.name] = symbol;
  }
  for (const RawVariable &raw : parser.variables) {
    if (raw.space == Space::Shared)
      continue;
    const Symbol &symbol = symbols[raw.declaration.name];
    unsigned width = bytesOf(raw.declaration.type);
    std::vector<uint8_t> bytes(raw.declaration.size);
    uint64_t at = 0;
    for (const RawVariable::Element &element : raw.initializer) {
      uint64_t bits = element.bits;
      if (!element.name.empty()) {
        auto found = symbols.find(element.name);
        if (found == symbols.end()) {
          error = "line " + std::to_string(raw.line) + ": unknown variable '" +
                  std::string(element.name) + "' in an initialiser";
          return nullptr;
        }
        bits += found->second.value;
      } else if (element.kind == Token::Float64 && width == 4) {
        double value;
        std::memcpy(&value, &bits, 8);
        float single = float(value);
        bits = 0;
        std::memcpy(&bits, &single, 4);
      }
      if (at + width > bytes.size()) {
        error = "line " + std::to_string(raw.line) + ": more initialisers than elements";
        return nullptr;
      }
      std::memcpy(&bytes[at], &bits, width);
      at += width;
    }
    if (!bytes.empty() && !memory.write(symbol.value, bytes.data(), bytes.size(), error))
      return nullptr;
  }

  for (size_t i = 0; i < parser.functions.size(); ++i) {
    const RawFunction &raw = parser.functions[i];
    if (!raw.isEntry || raw.bodyEnd == raw.bodyBegin)
      continue;
    program.kernels.emplace_back();
    KernelCode &code = program.kernels.back();
    if (!link(parser, i, symbols, code, error))
      return nullptr;
    Kernel kernel;
    kernel.name = std::string(raw.name);
    kernel.function = program.kernels.size() - 1;
    kernel.staticShared = code.staticShared;
    kernel.localBytes = code.functions[0].localBytes;
    kernel.maxThreads = raw.maxThreads;
    kernel.requiredBlock = raw.requiredBlock;
    for (const Declaration &formal : raw.parameters) {
      Parameter parameter;
      parameter.name = std::string(formal.name);
      parameter.alignment = formal.alignment;
      parameter.size = formal.size;
      parameter.offset = alignTo(kernel.parameterBytes, formal.alignment);
      kernel.parameterBytes = parameter.offset + parameter.size;
      kernel.parameters.push_back(parameter);
    }
    module->kernelList.push_back(kernel);
  }
  return module;
}
