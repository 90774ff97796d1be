#include "FunctionParser.h"

using namespace ptxemu;

bool Cursor::fail(std::string text) {
  if (error.empty())
    error = "line " + std::to_string(peek().line) + ": " + std::move(text);
  return false;
}

bool Cursor::expect(std::string_view text) {
  if (accept(text))
    return true;
  return fail("expected '" + std::string(text) + "', found '" + std::string(peek().text) + "'");
}

bool Cursor::declaration(Declaration &declaration) {
  declaration = Declaration();
  unsigned vector = 1;
  uint64_t align = 0;
  for (;;) {
    const Token &token = peek();
    if (token.kind != Token::Name || token.text[0] != '.')
      break;
    next();
    if (token.is(".align")) {
      align = next().bits;
    } else if (token.is(".v2") || token.is(".v4")) {
      vector = token.text[2] - '0';
    } else if (token.is(".ptr") || token.is(".global") || token.is(".shared") ||
               token.is(".const") || token.is(".local")) {
      // What a parameter points to.
    } else if (token.is(".attribute")) {
      while (!accept(")"))
        if (next().kind == Token::End)
          return fail("'.attribute' without ')'");
    } else {
      declaration.type = parseType(token.text.substr(1));
      if (declaration.type == Type::None)
        return fail("unknown directive '" + std::string(token.text) + "' in a declaration");
    }
  }
  if (declaration.type == Type::None || peek().kind != Token::Name)
    return fail("expected a typed variable, found '" + std::string(peek().text) + "'");
  declaration.name = next().text;
  uint64_t element = bytesOf(declaration.type) * vector;
  declaration.size = element;
  declaration.alignment = align ? align : element;
  while (accept("[")) {
    if (accept("]")) {
      declaration.isUnsized = true;
      declaration.size = 0;
      continue;
    }
    declaration.size *= next().bits;
    if (!expect("]"))
      return false;
  }
  return true;
}

FunctionParser::FunctionParser(
    const std::vector<Token> &tokens, KernelCode &kernel, Function &function,
    const std::unordered_map<std::string_view, Symbol> &globals,
    const std::unordered_map<std::string_view, uint32_t> &functionNames,
    const std::unordered_map<std::string_view, Decoder::Signature> &signatures)
    : kernel(kernel), function(function) {
  cursor.tokens = &tokens;
  decoder.current = &function;
  decoder.kernelCode = &kernel;
  decoder.functionNames = &functionNames;
  decoder.signatures = &signatures;
  decoder.scopes.emplace_back();
  decoder.scopes.back().symbols = globals;
}

uint64_t FunctionParser::variable(uint32_t &area, const Declaration &declaration) {
  uint64_t alignment = std::max<uint64_t>(declaration.alignment, 1);
  uint64_t offset = (area + alignment - 1) / alignment * alignment;
  area = offset + declaration.size;
  return offset;
}

bool FunctionParser::addSymbol(std::string_view name, Symbol symbol) {
  if (!decoder.scopes[decoder.scope].symbols.emplace(name, symbol).second)
    return cursor.fail("'" + std::string(name) + "' is declared twice");
  return true;
}

bool FunctionParser::parse(const RawFunction &raw, std::string &error) {
  function.name = std::string(raw.name);
  function.isEntry = raw.isEntry;
  decoder.scopes.emplace_back();
  decoder.scope = 1;
  decoder.scopes[1].parent = 0;
  bool good = true;
  // The kernel's parameters lie in its parameter block; a function's come first in its own area,
  // results before parameters, as the module's table of signatures assumes.
  uint32_t block = 0;
  for (bool areResults : {true, false})
    for (const Declaration &formal : areResults ? raw.results : raw.parameters) {
      Symbol symbol;
      symbol.kind = raw.isEntry ? Symbol::KernelParameter : Symbol::FrameParameter;
      symbol.type = formal.type;
      symbol.size = formal.size;
      symbol.value = variable(raw.isEntry ? block : function.paramBytes, formal);
      good &= addSymbol(formal.name, symbol);
    }
  cursor.at = raw.bodyBegin;
  while (good && cursor.at < raw.bodyEnd)
    good = statement();
  Inst end;
  end.flow = Flow::End;
  end.line = cursor.peek().line;
  function.code.push_back(end);
  firstOperand.push_back(function.operands.size());
  good = good && resolveLabels();
  if (!good) {
    error = cursor.error;
    return false;
  }
  function.operands = decoder.pending;
  // The registers of the next warp begin behind these.
  function.registerBytes = (function.registerBytes + 63) / 64 * 64;
  for (size_t i = 0; i < function.code.size(); ++i)
    function.code[i].ops = function.operands.data() + firstOperand[i];
  findReconvergence(function);
  return true;
}

bool FunctionParser::statement() {
  const Token &token = cursor.peek();
  if (token.is("{")) {
    cursor.next();
    decoder.scopes.emplace_back();
    decoder.scopes.back().parent = decoder.scope;
    decoder.scope = decoder.scopes.size() - 1;
    return true;
  }
  if (token.is("}")) {
    cursor.next();
    decoder.scope = decoder.scopes[decoder.scope].parent;
    return true;
  }
  if (token.is(";")) {
    cursor.next();
    return true;
  }
  if (token.kind == Token::Name && token.text[0] == '.')
    return directive();
  if (token.kind == Token::Name && cursor.peek(1).is(":")) {
    std::string_view label = cursor.next().text;
    cursor.next();
    if (cursor.accept(".branchtargets")) {
      auto &list = decoder.scopes[decoder.scope].targetLists[label];
      do
        list.push_back(cursor.next().text);
      while (cursor.accept(","));
      return cursor.expect(";");
    }
    if (cursor.peek().is(".callprototype") || cursor.peek().is(".calltargets"))
      return cursor.fail("calls through pointers are not supported");
    if (!decoder.scopes[decoder.scope].labels.emplace(label, function.code.size()).second)
      return cursor.fail("label '" + std::string(label) + "' is defined twice");
    return true;
  }
  return instruction();
}

bool FunctionParser::directive() {
  const Token &token = cursor.next();
  if (token.is(".loc")) {
    while (cursor.peek().line == token.line && cursor.peek().kind != Token::End)
      cursor.next();
    return true;
  }
  if (token.is(".pragma")) {
    cursor.next();
    return cursor.expect(";");
  }
  if (token.is(".reg"))
    return registers();
  if (!token.is(".local") && !token.is(".param") && !token.is(".shared"))
    return cursor.fail("unknown directive '" + std::string(token.text) + "' in a function");
  do {
    Declaration declaration;
    if (!cursor.declaration(declaration))
      return false;
    Symbol symbol;
    symbol.type = declaration.type;
    symbol.size = declaration.size;
    if (token.is(".local")) {
      symbol.kind = Symbol::Local;
      symbol.value = variable(function.localBytes, declaration);
    } else if (token.is(".param")) {
      symbol.kind = Symbol::FrameParameter;
      symbol.value = variable(function.paramBytes, declaration);
    } else {
      symbol.kind = Symbol::Address;
      symbol.space = Space::Shared;
      symbol.value = variable(kernel.staticShared, declaration);
    }
    if (!addSymbol(declaration.name, symbol))
      return false;
  } while (cursor.accept(","));
  return cursor.expect(";");
}

bool FunctionParser::registers() {
  const Token &type = cursor.next();
  Symbol symbol;
  symbol.type = type.text.empty() ? Type::None : parseType(type.text.substr(1));
  if (symbol.type == Type::None || (symbol.type != Type::Pred && bytesOf(symbol.type) == 0))
    return cursor.fail("unknown register type '" + std::string(type.text) + "'");
  if (bytesOf(symbol.type) == 1)
    symbol.type = Type::B16; // registers of 8 bits are held wider, as the hardware does
  do {
    std::string_view name = cursor.next().text;
    if (cursor.accept("<")) {
      uint64_t count = cursor.next().bits;
      if (count > 1000000 || !cursor.expect(">"))
        return cursor.fail("bad register count");
      for (uint64_t i = 0; i < count; ++i) {
        names.push_back(std::string(name) + std::to_string(i));
        if (!addSymbol(names.back(), symbol))
          return false;
      }
    } else if (!addSymbol(name, symbol)) {
      return false;
    }
  } while (cursor.accept(","));
  return cursor.expect(";");
}

static int specialIndex(std::string_view name) {
  static const std::unordered_map<std::string_view, uint32_t> table = {
      {"%tid.x", kTidX},
      {"%tid.y", kTidY},
      {"%tid.z", kTidZ},
      {"%ntid.x", kNtidX},
      {"%ntid.y", kNtidY},
      {"%ntid.z", kNtidZ},
      {"%ctaid.x", kCtaidX},
      {"%ctaid.y", kCtaidY},
      {"%ctaid.z", kCtaidZ},
      {"%nctaid.x", kNctaidX},
      {"%nctaid.y", kNctaidY},
      {"%nctaid.z", kNctaidZ},
      {"%laneid", kLaneid},
      {"%warpid", kWarpid},
      {"%nwarpid", kNwarpid},
      {"%smid", kSmid},
      {"%nsmid", kNsmid},
      {"%gridid", kGridid},
      {"%lanemask_eq", kLanemaskEq},
      {"%lanemask_le", kLanemaskLe},
      {"%lanemask_lt", kLanemaskLt},
      {"%lanemask_ge", kLanemaskGe},
      {"%lanemask_gt", kLanemaskGt},
      {"%dynamic_smem_size", kDynamicSmem},
      {"%total_smem_size", kTotalSmem},
      {"%aggr_smem_size", kTotalSmem},
      // A cluster is one block.
      {"%clusterid.x", kCtaidX},
      {"%clusterid.y", kCtaidY},
      {"%clusterid.z", kCtaidZ},
      {"%nclusterid.x", kNctaidX},
      {"%nclusterid.y", kNctaidY},
      {"%nclusterid.z", kNctaidZ},
      {"%cluster_ctaid.x", kZero},
      {"%cluster_ctaid.y", kZero},
      {"%cluster_ctaid.z", kZero},
      {"%cluster_nctaid.x", kOne},
      {"%cluster_nctaid.y", kOne},
      {"%cluster_nctaid.z", kOne},
      {"%cluster_ctarank", kZero},
      {"%cluster_nctarank", kOne},
      {"WARP_SZ", kWarpSize}};
  auto found = table.find(name);
  return found == table.end() ? -1 : int(found->second);
}

bool FunctionParser::value(Argument &argument) {
  const Token &token = cursor.peek();
  argument.text = token.text;
  if (token.is("!")) {
    cursor.next();
    if (!value(argument))
      return false;
    argument.negate = !argument.negate;
    return true;
  }
  if (token.is("-") || token.is("~")) {
    cursor.next();
    const Token &number = cursor.next();
    argument.text = number.text;
    argument.bits = token.is("-") ? -number.bits : ~number.bits;
    argument.kind = Argument::Integer;
    if (number.kind == Token::Float64) {
      argument.kind = Argument::Float64;
      argument.bits = number.bits ^ (uint64_t(1) << 63);
    } else if (number.kind == Token::Float32) {
      argument.kind = Argument::Float32;
      argument.bits = number.bits ^ (uint64_t(1) << 31);
    } else if (number.kind != Token::Integer) {
      return cursor.fail("expected a number after '-'");
    }
    return true;
  }
  cursor.next();
  argument.bits = token.bits;
  switch (token.kind) {
  case Token::Integer:
    argument.kind = Argument::Integer;
    return true;
  case Token::Float32:
    argument.kind = Argument::Float32;
    return true;
  case Token::Float64:
    argument.kind = Argument::Float64;
    return true;
  case Token::Name: {
    if (token.is("_")) {
      argument.kind = Argument::Sink;
      return true;
    }
    if (int special = specialIndex(token.text); special >= 0) {
      argument.kind = Argument::Special;
      argument.special = special;
      return true;
    }
    argument.symbol = decoder.find(token.text);
    argument.kind = argument.symbol && argument.symbol->kind == Symbol::Register
                        ? Argument::Register
                        : Argument::Name;
    if (argument.kind == Argument::Name && token.text[0] == '%' && !argument.symbol &&
        token.text != "%clock" && token.text != "%clock64" && token.text != "%globaltimer" &&
        token.text != "%clock_hi" && token.text != "%globaltimer_lo")
      return cursor.fail("unknown register '" + std::string(token.text) + "'");
    if (argument.kind == Argument::Name && (cursor.peek().is("+") || cursor.peek().is("-"))) {
      bool minus = cursor.next().is("-");
      argument.bits = minus ? -cursor.peek().bits : cursor.peek().bits;
      cursor.next();
    }
    return true;
  }
  default:
    return cursor.fail("expected an operand, found '" + std::string(token.text) + "'");
  }
}

bool FunctionParser::argument(Argument &argument) {
  argument.text = cursor.peek().text;
  if (cursor.accept("{") || cursor.peek().is("(")) {
    bool isList = cursor.accept("(");
    std::string_view end = isList ? ")" : "}";
    argument.kind = isList ? Argument::List : Argument::Vector;
    while (!cursor.accept(end)) {
      argument.parts.emplace_back();
      if (!value(argument.parts.back()))
        return false;
      if (!cursor.accept(",") && !cursor.peek().is(end))
        return cursor.fail("expected ',' or '" + std::string(end) + "'");
    }
    return true;
  }
  if (cursor.accept("[")) {
    argument.kind = Argument::Address;
    Argument base;
    if (!value(base))
      return false;
    argument.text = base.text;
    if (base.kind == Argument::Integer) {
      argument.bits = base.bits;
    } else if (base.kind == Argument::Name) {
      if (!base.symbol)
        return cursor.fail("unknown variable '" + std::string(base.text) + "'");
      argument.symbol = base.symbol;
      argument.bits = base.bits;
    } else {
      argument.parts.push_back(base);
    }
    if (cursor.peek().is("+") || cursor.peek().is("-")) {
      bool negative = cursor.next().is("-");
      if (cursor.accept("-"))
        negative = !negative;
      uint64_t bits = cursor.next().bits;
      argument.bits += negative ? -bits : bits;
    }
    return cursor.expect("]");
  }
  if (!value(argument))
    return false;
  if (cursor.accept("|")) {
    seconds.emplace_back();
    if (!value(seconds.back()))
      return false;
    argument.second = &seconds.back();
  }
  return true;
}

bool FunctionParser::instruction() {
  Inst inst;
  inst.line = cursor.peek().line;
  decoder.arguments.clear();
  decoder.modifiers.clear();
  decoder.message.clear();
  seconds.clear();
  if (cursor.accept("@")) {
    inst.guarded = true;
    inst.guardNegated = cursor.accept("!");
    Argument guard;
    if (!value(guard))
      return false;
    if (guard.kind != Argument::Register || guard.symbol->type != Type::Pred)
      return cursor.fail("guard '" + std::string(guard.text) + "' is not a predicate");
    inst.guard = decoder.place(*guard.symbol).offset;
  }
  const Token &opcode = cursor.next();
  if (opcode.kind != Token::Name)
    return cursor.fail("expected an instruction, found '" + std::string(opcode.text) + "'");
  std::string_view rest = opcode.text;
  for (bool first = true; !rest.empty(); first = false) {
    size_t dot = std::min(rest.find('.'), rest.size());
    if (first)
      decoder.name = rest.substr(0, dot);
    else
      decoder.modifiers.push_back(rest.substr(0, dot));
    rest = rest.substr(std::min(dot + 1, rest.size()));
  }
  while (!cursor.accept(";")) {
    decoder.arguments.emplace_back();
    if (!argument(decoder.arguments.back()))
      return false;
    if (!cursor.accept(",") && !cursor.peek().is(";"))
      return cursor.fail("expected ',' or ';' after an operand of '" + std::string(opcode.text) +
                         "', found '" + std::string(cursor.peek().text) + "'");
  }
  auto fail = [&](const std::string &text) {
    cursor.error =
        "line " + std::to_string(inst.line) + ": '" + std::string(opcode.text) + "': " + text;
    return false;
  };
  Decode decode = findOpcode(decoder.name);
  if (!decode)
    return fail("unknown opcode");
  firstOperand.push_back(decoder.pending.size());
  if (!decode(decoder, inst))
    return fail(decoder.message.empty() ? "not supported" : decoder.message);
  if (!decoder.modifiers.empty())
    return fail("unknown modifier '." + std::string(decoder.modifiers[0]) + "'");
  function.code.push_back(inst);
  return true;
}

bool FunctionParser::resolveLabels() {
  for (const Decoder::Fixup &fixup : decoder.fixups) {
    const uint32_t *target = nullptr;
    for (int at = fixup.scope; at >= 0 && !target; at = decoder.scopes[at].parent)
      if (auto found = decoder.scopes[at].labels.find(fixup.label);
          found != decoder.scopes[at].labels.end())
        target = &found->second;
    if (!target) {
      cursor.error = "line " + std::to_string(function.code[fixup.inst].line) + ": label '" +
                     std::string(fixup.label) + "' is not defined in function " + function.name;
      return false;
    }
    if (fixup.table < 0)
      function.code[fixup.inst].target = *target;
    else
      function.tables[fixup.table][fixup.position] = *target;
  }
  return true;
}
