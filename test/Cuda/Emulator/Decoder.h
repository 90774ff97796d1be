//===- Decoder.h - decodes the instructions of one function -----------------------------*- C++
//-*-===//
//
// Every family of opcodes has a function `bool decode(Decoder &, Inst &)` in a table by the name
// before the first dot. It takes the modifiers that it knows and names the operands; a modifier
// that nobody took, or an operand that nobody asked for, is an error of the module.
//
//===----------------------------------------------------------------------------------------------===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_DECODER_H
#define MLOPT_TEST_CUDA_EMULATOR_DECODER_H

#include "Lexer.h"
#include "Ptx.h"

#include <string_view>
#include <unordered_map>

namespace ptxemu {

/// A named thing that an operand may mention.
struct Symbol {
  enum Kind : uint8_t { Register, Address, KernelParameter, FrameParameter, Local } kind = Register;
  Type type = Type::None;
  Space space = Space::Generic; ///< of an Address
  uint64_t value = 0;           ///< address or offset
  uint64_t size = 0;            ///< bytes of a variable
  uint32_t slot = 0;            ///< of a Register; 0 until first used
};

/// An operand as written.
struct Argument {
  enum Kind : uint8_t {
    Register,
    Integer,
    Float32,
    Float64,
    Special,
    Sink,
    Vector,
    Address,
    Name,
    List
  } kind = Name;
  Symbol *symbol = nullptr; ///< Register; Address and Name when it is a variable
  std::string_view text;
  uint64_t bits = 0; ///< number; displacement of an Address
  uint32_t special = 0;
  bool negate = false;         ///< !%p
  Argument *second = nullptr;  ///< the q of p|q
  std::vector<Argument> parts; ///< Vector, List; Address: the base register, if any
};

class Decoder {
public:
  // -- modifiers
  /// True, once, when the modifier is there.
  bool take(std::string_view modifier);
  /// Takes the first of `names` that is there and returns its index, or -1.
  int takeOne(std::initializer_list<std::string_view> names);
  /// Takes the first modifier that is a type; Type::None when there is none.
  Type takeType();
  /// The same without taking it.
  Type type() const;
  /// Takes every modifier that starts with `prefix`; they are hints.
  void skipPrefix(std::string_view prefix);
  bool has(std::string_view modifier) const;
  std::string_view opcode() const { return name; }

  // -- operands
  unsigned count() const { return arguments.size(); }
  const Argument &argument(unsigned index) const { return arguments[index]; }
  bool expect(unsigned least, unsigned most = 0);
  /// Appends operand `index` as a destination or a source of `bytes` per lane (0: a predicate).
  bool destination(Inst &inst, unsigned index, unsigned bytes);
  bool source(Inst &inst, unsigned index, unsigned bytes);
  bool destination(Inst &inst, const Argument &argument, unsigned bytes);
  bool source(Inst &inst, const Argument &argument, unsigned bytes);
  /// As source and destination, with the width of the register itself, which must be >= `bytes`
  /// (loads, stores and conversions allow it); an immediate has `bytes`.
  bool wide(Inst &inst, const Argument &argument, unsigned bytes, bool isDestination);
  /// A value that must be an immediate.
  bool immediate(unsigned index, int64_t &value);
  /// Appends the base of the address as a source (8 or 4 bytes) and puts the displacement into
  /// inst.imm. `space` is checked against the variable that the address names.
  bool address(Inst &inst, unsigned index, Space &space);
  /// Appends a constant of the function.
  void constant(Inst &inst, uint64_t bits, unsigned bytes);

  /// Appends the start of the frame's .local variables, a u64 source.
  bool frameBase(Inst &inst);
  /// Appends the carry flag, a predicate of the function, as a destination.
  bool carryFlag(Inst &inst);

  /// Always false, so that a decoder can return it.
  bool error(std::string message);

  // -- what only control flow and calls need
  bool label(const Argument &argument, Inst &inst);
  /// Puts the targets of a brx.idx into a new table of the function.
  bool labelTable(Inst &inst, const std::vector<std::string_view> &labels);
  bool functionIndex(std::string_view callee, uint32_t &index);
  Function &function() { return *current; }
  KernelCode &kernel() { return *kernelCode; }
  struct Signature {
    struct Formal {
      uint32_t offset, bytes;
    };
    std::vector<Formal> results, parameters;
  };
  const Signature *signature(std::string_view callee) const;
  const std::vector<std::string_view> *branchTargets(std::string_view label) const;
  Symbol *find(std::string_view symbol) const;

private:
  friend class FunctionParser;
  struct Scope {
    int parent = -1;
    std::unordered_map<std::string_view, Symbol> symbols;
    std::unordered_map<std::string_view, uint32_t> labels;
    std::unordered_map<std::string_view, std::vector<std::string_view>> targetLists;
  };
  struct Fixup {
    uint32_t inst;
    int table; ///< -1: the branch target; else the position in the table
    uint32_t position;
    int scope;
    std::string_view label;
  };
  Operand place(Symbol &symbol);
  void append(Inst &inst, Operand operand);

  std::string_view name;
  std::vector<std::string_view> modifiers;
  std::vector<Argument> arguments;
  std::vector<Operand> pending;
  Function *current = nullptr;
  KernelCode *kernelCode = nullptr;
  std::deque<Scope> scopes;
  int scope = 0;
  std::vector<Fixup> fixups;
  std::map<std::pair<uint64_t, unsigned>, uint32_t> constantSlots;
  Symbol carrySymbol;
  const std::unordered_map<std::string_view, uint32_t> *functionNames = nullptr;
  const std::unordered_map<std::string_view, Signature> *signatures = nullptr;
  std::string message;
};

using Decode = bool (*)(Decoder &, Inst &);
/// Arithmetic on floating-point types, for the opcodes that integers have too.
bool decodeFloatArithmetic(Decoder &d, Inst &inst);
struct Opcode {
  const char *name;
  Decode decode;
};
/// Each family's table ends with a null name.
extern const Opcode kIntegerOpcodes[], kBitOpcodes[], kFloatOpcodes[], kCompareOpcodes[],
    kMoveOpcodes[], kConvertOpcodes[], kMemoryOpcodes[], kAtomicOpcodes[], kFlowOpcodes[],
    kWarpOpcodes[], kAsyncCopyOpcodes[], kMatrixOpcodes[], kMatrixMoveOpcodes[];
/// Null for an opcode that the emulator does not know.
Decode findOpcode(std::string_view name);

/// The type that a modifier names ("u32"), or Type::None.
Type parseType(std::string_view text);

} // namespace ptxemu

#endif
