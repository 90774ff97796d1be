#include "Decoder.h"

#include <algorithm>
#include <cstring>

using namespace ptxemu;

namespace {
struct TypeInfo {
  const char *name;
  Type type;
  unsigned bytes;
};
const TypeInfo kTypes[] = {
    {"pred", Type::Pred, 0},    {"b8", Type::B8, 1},       {"b16", Type::B16, 2},
    {"b32", Type::B32, 4},      {"b64", Type::B64, 8},     {"b128", Type::B128, 16},
    {"u8", Type::U8, 1},        {"u16", Type::U16, 2},     {"u32", Type::U32, 4},
    {"u64", Type::U64, 8},      {"s8", Type::S8, 1},       {"s16", Type::S16, 2},
    {"s32", Type::S32, 4},      {"s64", Type::S64, 8},     {"f16", Type::F16, 2},
    {"bf16", Type::BF16, 2},    {"f16x2", Type::F16x2, 4}, {"bf16x2", Type::BF16x2, 4},
    {"tf32", Type::TF32, 4},    {"f32", Type::F32, 4},     {"f64", Type::F64, 8},
    {"f32x2", Type::F32x2, 8},  {"u16x2", Type::U16x2, 4}, {"s16x2", Type::S16x2, 4},
    {"u4", Type::U4, 0},        {"s4", Type::S4, 0},       {"b1", Type::B1, 0},
    {"e4m3", Type::E4M3, 1},    {"e5m2", Type::E5M2, 1},   {"e4m3x2", Type::E4M3x2, 2},
    {"e5m2x2", Type::E5M2x2, 2}};
} // namespace

Type ptxemu::parseType(std::string_view text) {
  for (const TypeInfo &info : kTypes)
    if (text == info.name)
      return info.type;
  return Type::None;
}
unsigned ptxemu::bytesOf(Type type) {
  for (const TypeInfo &info : kTypes)
    if (info.type == type)
      return info.bytes;
  return 0;
}
const char *ptxemu::nameOf(Type type) {
  for (const TypeInfo &info : kTypes)
    if (info.type == type)
      return info.name;
  return "none";
}
bool ptxemu::isSigned(Type type) {
  return type == Type::S8 || type == Type::S16 || type == Type::S32 || type == Type::S64;
}
bool ptxemu::isFloat(Type type) {
  return type == Type::F16 || type == Type::BF16 || type == Type::F16x2 || type == Type::BF16x2 ||
         type == Type::TF32 || type == Type::F32 || type == Type::F32x2 || type == Type::F64;
}

Decode ptxemu::findOpcode(std::string_view name) {
  static const std::unordered_map<std::string_view, Decode> table = [] {
    std::unordered_map<std::string_view, Decode> all;
    for (const Opcode *family :
         {kIntegerOpcodes, kBitOpcodes, kFloatOpcodes, kCompareOpcodes, kMoveOpcodes,
          kConvertOpcodes, kMemoryOpcodes, kAtomicOpcodes, kFlowOpcodes, kWarpOpcodes,
          kAsyncCopyOpcodes, kMatrixOpcodes, kMatrixMoveOpcodes})
      for (; family->name; ++family)
        all.emplace(family->name, family->decode);
    return all;
  }();
  auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

bool Decoder::error(std::string text) {
  if (message.empty())
    message = std::move(text);
  return false;
}

//===-- modifiers
//---------------------------------------------------------------------------------===//

bool Decoder::take(std::string_view modifier) {
  auto found = std::find(modifiers.begin(), modifiers.end(), modifier);
  if (found == modifiers.end())
    return false;
  modifiers.erase(found);
  return true;
}
int Decoder::takeOne(std::initializer_list<std::string_view> names) {
  int index = 0;
  for (std::string_view candidate : names) {
    if (take(candidate))
      return index;
    ++index;
  }
  return -1;
}
Type Decoder::takeType() {
  for (auto at = modifiers.begin(); at != modifiers.end(); ++at)
    if (Type type = parseType(*at); type != Type::None) {
      modifiers.erase(at);
      return type;
    }
  return Type::None;
}
Type Decoder::type() const {
  for (std::string_view modifier : modifiers)
    if (Type type = parseType(modifier); type != Type::None)
      return type;
  return Type::None;
}
void Decoder::skipPrefix(std::string_view prefix) {
  modifiers.erase(std::remove_if(modifiers.begin(), modifiers.end(),
                                 [&](std::string_view text) {
                                   return text.substr(0, prefix.size()) == prefix;
                                 }),
                  modifiers.end());
}
bool Decoder::has(std::string_view modifier) const {
  return std::find(modifiers.begin(), modifiers.end(), modifier) != modifiers.end();
}

//===-- operands
//----------------------------------------------------------------------------------===//

bool Decoder::expect(unsigned least, unsigned most) {
  most = std::max(least, most);
  if (arguments.size() >= least && arguments.size() <= most)
    return true;
  return error("has " + std::to_string(arguments.size()) + " operands, expected " +
               std::to_string(least) + (most > least ? " to " + std::to_string(most) : ""));
}

void Decoder::append(Inst &inst, Operand operand) {
  pending.push_back(operand);
  ++inst.count;
}

Operand Decoder::place(Symbol &symbol) {
  unsigned bytes = bytesOf(symbol.type);
  if (!symbol.slot) {
    unsigned alignment = bytes ? 64 : 4, size = bytes ? bytes * 32 : 4;
    current->registerBytes = (current->registerBytes + alignment - 1) / alignment * alignment;
    symbol.slot = current->registerBytes;
    current->registerBytes += size;
  }
  Operand operand;
  operand.offset = symbol.slot;
  operand.bytes = bytes;
  return operand;
}

void Decoder::constant(Inst &inst, uint64_t bits, unsigned bytes) {
  if (bytes < 8)
    bits &= bytes ? (uint64_t(1) << bytes * 8) - 1 : 0xffffffffull;
  auto [at, isNew] = constantSlots.emplace(std::make_pair(bits, bytes), 0);
  if (isNew) {
    std::vector<uint8_t> &pool = current->constants;
    pool.resize((pool.size() + 63) / 64 * 64);
    at->second = pool.size();
    if (bytes == 0) {
      pool.resize(pool.size() + 4);
      std::memcpy(&pool[at->second], &bits, 4);
    } else {
      pool.resize(pool.size() + bytes * 32);
      for (unsigned lane = 0; lane < 32; ++lane)
        std::memcpy(&pool[at->second + lane * bytes], &bits, std::min(bytes, 8u));
    }
  }
  Operand operand;
  operand.bank = kConstants;
  operand.offset = at->second;
  operand.bytes = bytes;
  append(inst, operand);
}

bool Decoder::destination(Inst &inst, unsigned index, unsigned bytes) {
  if (index >= arguments.size())
    return error("operand " + std::to_string(index + 1) + " is missing");
  return destination(inst, arguments[index], bytes);
}
bool Decoder::source(Inst &inst, unsigned index, unsigned bytes) {
  if (index >= arguments.size())
    return error("operand " + std::to_string(index + 1) + " is missing");
  return source(inst, arguments[index], bytes);
}

static std::string width(unsigned bytes) {
  return bytes ? std::to_string(bytes * 8) + " bits" : "a predicate";
}

bool Decoder::destination(Inst &inst, const Argument &argument, unsigned bytes) {
  if (argument.kind == Argument::Sink) {
    Operand operand;
    operand.offset = kSink;
    operand.bytes = bytes;
    append(inst, operand);
    return true;
  }
  if (argument.kind != Argument::Register)
    return error("destination '" + std::string(argument.text) + "' is not a register");
  if (bytesOf(argument.symbol->type) != bytes)
    return error("register " + std::string(argument.text) + " has " +
                 width(bytesOf(argument.symbol->type)) + ", expected " + width(bytes));
  append(inst, place(*argument.symbol));
  return true;
}

bool Decoder::source(Inst &inst, const Argument &argument, unsigned bytes) {
  switch (argument.kind) {
  case Argument::Register: {
    if (bytesOf(argument.symbol->type) != bytes)
      return error("register " + std::string(argument.text) + " has " +
                   width(bytesOf(argument.symbol->type)) + ", expected " + width(bytes));
    Operand operand = place(*argument.symbol);
    operand.negate = argument.negate;
    append(inst, operand);
    return true;
  }
  case Argument::Integer:
    constant(inst, bytes ? argument.bits : argument.bits ? ~0ull : 0, bytes);
    return true;
  case Argument::Float32: {
    if (bytes == 4) {
      constant(inst, argument.bits, 4);
      return true;
    }
    float single;
    uint32_t low = argument.bits;
    std::memcpy(&single, &low, 4);
    double value = single;
    uint64_t bits;
    std::memcpy(&bits, &value, 8);
    if (bytes != 8)
      return error("a floating-point literal for " + width(bytes));
    constant(inst, bits, 8);
    return true;
  }
  case Argument::Float64: {
    if (bytes == 8) {
      constant(inst, argument.bits, 8);
      return true;
    }
    double value;
    std::memcpy(&value, &argument.bits, 8);
    float single = float(value);
    uint32_t bits;
    std::memcpy(&bits, &single, 4);
    if (bytes != 4)
      return error("a floating-point literal for " + width(bytes));
    constant(inst, bits, 4);
    return true;
  }
  case Argument::Special: {
    if (bytes != 4)
      return error("special register " + std::string(argument.text) + " has 32 bits, expected " +
                   width(bytes));
    Operand operand;
    operand.bank = kSpecials;
    operand.offset = argument.special * 128;
    operand.bytes = 4;
    append(inst, operand);
    return true;
  }
  case Argument::Name:
    if (argument.symbol && argument.symbol->kind == Symbol::Address) {
      constant(inst, argument.symbol->value + argument.bits, bytes);
      return true;
    }
    [[fallthrough]];
  default:
    return error("operand '" + std::string(argument.text) + "' is not a value");
  }
}

bool Decoder::wide(Inst &inst, const Argument &argument, unsigned bytes, bool isDestination) {
  unsigned own = bytes;
  if (argument.kind == Argument::Register) {
    own = bytesOf(argument.symbol->type);
    if (own < bytes)
      return error("register " + std::string(argument.text) + " has " + width(own) +
                   ", too few for " + width(bytes));
  }
  return isDestination ? destination(inst, argument, own) : source(inst, argument, own);
}

bool Decoder::carryFlag(Inst &inst) {
  carrySymbol.type = Type::Pred;
  append(inst, place(carrySymbol));
  return true;
}

bool Decoder::frameBase(Inst &inst) {
  Operand base;
  base.offset = kFrameLocalBase;
  base.bytes = 8;
  append(inst, base);
  return true;
}

bool Decoder::immediate(unsigned index, int64_t &value) {
  if (index >= arguments.size() || arguments[index].kind != Argument::Integer)
    return error("operand " + std::to_string(index + 1) + " must be an integer constant");
  value = int64_t(arguments[index].bits);
  return true;
}

bool Decoder::address(Inst &inst, unsigned index, Space &space) {
  if (index >= arguments.size() || arguments[index].kind != Argument::Address)
    return error("operand " + std::to_string(index + 1) + " must be an address in brackets");
  const Argument &argument = arguments[index];
  inst.imm = int64_t(argument.bits);
  if (const Symbol *symbol = argument.symbol) {
    bool agrees = true;
    if (symbol->kind == Symbol::Address)
      agrees = space == symbol->space ||
               (space == Space::Generic &&
                (symbol->space == Space::Global || symbol->space == Space::Const));
    else if (symbol->kind == Symbol::Local)
      agrees = space == Space::Local;
    else
      agrees = space == Space::Param;
    if (!agrees)
      return error("'" + std::string(argument.text) + "' is not in the state space of the access");
    inst.imm += int64_t(symbol->value);
    if (symbol->kind == Symbol::Local)
      return frameBase(inst);
    constant(inst, 0, 8);
    return true;
  }
  if (argument.parts.empty()) {
    constant(inst, 0, 8);
    return true;
  }
  const Argument &base = argument.parts[0];
  unsigned bytes = base.kind == Argument::Register ? bytesOf(base.symbol->type) : 8;
  if (bytes != 4 && bytes != 8)
    return error("address register " + std::string(base.text) + " has " + width(bytes) +
                 ", expected 32 or 64");
  if (bytes == 4 && (space == Space::Global || space == Space::Generic || space == Space::Const))
    return error("address register " + std::string(base.text) +
                 " has 32 bits, expected 64 for this state space");
  return source(inst, base, bytes);
}

//===-- names
//-------------------------------------------------------------------------------------===//

Symbol *Decoder::find(std::string_view symbol) const {
  for (int at = scope; at >= 0; at = scopes[at].parent) {
    auto &table = const_cast<Scope &>(scopes[at]).symbols;
    if (auto found = table.find(symbol); found != table.end())
      return &found->second;
  }
  return nullptr;
}

bool Decoder::label(const Argument &argument, Inst &inst) {
  fixups.push_back({uint32_t(current->code.size()), -1, 0, scope, argument.text});
  inst.target = 0;
  return true;
}

bool Decoder::labelTable(Inst &inst, const std::vector<std::string_view> &labels) {
  inst.table = current->tables.size();
  current->tables.emplace_back(labels.size());
  for (size_t i = 0; i < labels.size(); ++i)
    fixups.push_back(
        {uint32_t(current->code.size()), int(inst.table), uint32_t(i), scope, labels[i]});
  return true;
}

bool Decoder::functionIndex(std::string_view callee, uint32_t &index) {
  auto found = functionNames->find(callee);
  if (found == functionNames->end())
    return error("calls '" + std::string(callee) + "', which this module does not define");
  index = found->second;
  return true;
}

const Decoder::Signature *Decoder::signature(std::string_view callee) const {
  auto found = signatures->find(callee);
  return found == signatures->end() ? nullptr : &found->second;
}

const std::vector<std::string_view> *Decoder::branchTargets(std::string_view list) const {
  for (int at = scope; at >= 0; at = scopes[at].parent)
    if (auto found = scopes[at].targetLists.find(list); found != scopes[at].targetLists.end())
      return &found->second;
  return nullptr;
}
