//===- Matrix.cpp - mma.sync
//--------------------------------------------------------------------===//
//
// Fragments (PTX ISA, "Matrix Fragments for mma"): with g = lane / 4, t = lane % 4 and p elements
// in a register, register r of A holds row g + 8 (r mod 2), columns (r / 2) 4p + t p + i; of B rows
// r 4p + t p + i of column g; of C and D row g + 8 (r / 2), column 2t + r mod 2. Shapes of 8 rows
// have only the first half of A's and C's rows.
// Products are exact; sums are rounded to f32 one by one, k ascending, beginning with C.
//
//===----------------------------------------------------------------------------------------------===//

#include "Half.h"
#include "Lanes.h"

#include <algorithm>

using namespace ptxemu;

namespace {

/// inst.a: m, n, k in a byte each (k in units of 4); b: types of A, B and C/D; c: 1 saturates.
struct Shape {
  unsigned m, k;
  Type a, b, d;
  explicit Shape(const Inst &inst)
      : m(inst.a & 255), k(inst.a >> 16), a(Type(inst.b & 255)), b(Type(inst.b >> 8 & 255)),
        d(Type(inst.b >> 16 & 255)) {}
};

unsigned elementBits(Type type) {
  switch (type) {
  case Type::U4:
  case Type::S4:
    return 4;
  case Type::U8:
  case Type::S8:
  case Type::E4M3:
  case Type::E5M2:
    return 8;
  case Type::F16:
  case Type::BF16:
    return 16;
  case Type::TF32:
    return 32;
  case Type::F64:
    return 64;
  default:
    return 0;
  }
}

/// Element `i` of a register.
float realElement(uint32_t bits, unsigned i, Type type) {
  switch (type) {
  case Type::F16:
    return F16::up(bits >> 16 * i);
  case Type::BF16:
    return BF16::up(bits >> 16 * i);
  case Type::E4M3:
    return fromE4M3(bits >> 8 * i);
  case Type::E5M2:
    return fromE5M2(bits >> 8 * i);
  default:
    return truncateTf32(bitCast<float>(bits));
  }
}
int32_t integerElement(uint32_t bits, unsigned i, Type type) {
  switch (type) {
  case Type::U8:
    return uint8_t(bits >> 8 * i);
  case Type::S8:
    return int8_t(bits >> 8 * i);
  case Type::U4:
    return bits >> 4 * i & 15;
  default:
    return int32_t(bits << (28 - 4 * i)) >> 28;
  }
}

constexpr unsigned kMaxK = 64;

/// Operands A and B of one mma as matrices of T.
template <class T> struct Operands {
  T a[16][kMaxK];
  T b[kMaxK][8];
};

template <class T, class Word, class Element>
void gather(Warp &warp, const Inst &inst, const Shape &shape, unsigned first, unsigned pack,
            Operands<T> &to, Element element) {
  const unsigned halves = shape.m / 8, columns = shape.k / (4 * pack);
  for (unsigned r = 0; r < halves * columns; ++r) {
    const Word *words = warp.in<Word>(inst, first + r);
    unsigned row = 8 * (r % halves), column = r / halves * 4 * pack;
    for (unsigned lane = 0; lane < 32; ++lane)
      for (unsigned i = 0; i < pack; ++i)
        to.a[row + lane / 4][column + lane % 4 * pack + i] = element(words[lane], i, shape.a);
  }
  first += halves * columns;
  for (unsigned r = 0; r < columns; ++r) {
    const Word *words = warp.in<Word>(inst, first + r);
    for (unsigned lane = 0; lane < 32; ++lane)
      for (unsigned i = 0; i < pack; ++i)
        to.b[r * 4 * pack + lane % 4 * pack + i][lane / 4] = element(words[lane], i, shape.b);
  }
}

bool checkWhole(Warp &warp, const Inst &inst) {
  if (warp.active == ~0u)
    return true;
  warp.fail(ErrorKind::LaunchFailed, inst, __builtin_ctz(warp.active),
            "a matrix instruction needs all 32 lanes");
  return false;
}

template <class T> void multiply(const Operands<T> &operands, unsigned m, unsigned k, T (*c)[8]) {
  for (unsigned row = 0; row < m; ++row) {
    T sum[8];
    std::memcpy(sum, c[row], sizeof sum);
    for (unsigned i = 0; i < k; ++i) {
      T left = operands.a[row][i];
      for (unsigned n = 0; n < 8; ++n)
        sum[n] = sum[n] + left * operands.b[i][n];
    }
    std::memcpy(c[row], sum, sizeof sum);
  }
}

/// f16, bf16, tf32 and fp8. ops: D, A, B, C registers.
void mmaReal(Warp &warp, const Inst &inst) {
  if (!checkWhole(warp, inst))
    return;
  const Shape shape(inst);
  const bool halfSum = shape.d == Type::F16;
  const unsigned pack = 32 / elementBits(shape.a), halves = shape.m / 8;
  const unsigned outputs = halfSum ? halves : 2 * halves;
  const unsigned inputs = (halves + 1) * (shape.k / (4 * pack));
  Operands<float> operands;
  gather<float, uint32_t>(warp, inst, shape, outputs, pack, operands, realElement);
  float c[16][8];
  for (unsigned r = 0; r < outputs; ++r) {
    const auto *words = warp.in<uint32_t>(inst, outputs + inputs + r);
    for (unsigned lane = 0; lane < 32; ++lane) {
      if (halfSum) {
        c[8 * r + lane / 4][2 * (lane % 4)] = F16::up(words[lane]);
        c[8 * r + lane / 4][2 * (lane % 4) + 1] = F16::up(words[lane] >> 16);
      } else {
        c[8 * (r / 2) + lane / 4][2 * (lane % 4) + r % 2] = bitCast<float>(words[lane]);
      }
    }
  }
  multiply(operands, shape.m, shape.k, c);
  for (unsigned r = 0; r < outputs; ++r) {
    auto *words = warp.out<uint32_t>(inst, r);
    for (unsigned lane = 0; lane < 32; ++lane) {
      if (halfSum)
        words[lane] = F16::down(c[8 * r + lane / 4][2 * (lane % 4)]) |
                      uint32_t(F16::down(c[8 * r + lane / 4][2 * (lane % 4) + 1])) << 16;
      else
        words[lane] = bitCast<uint32_t>(c[8 * (r / 2) + lane / 4][2 * (lane % 4) + r % 2]);
    }
  }
  ++warp.block->counters.mma;
}

/// s8, u8, s4, u4 with 32-bit sums that wrap, or saturate at the end.
void mmaInteger(Warp &warp, const Inst &inst) {
  if (!checkWhole(warp, inst))
    return;
  const Shape shape(inst);
  const unsigned pack = 32 / elementBits(shape.a), halves = shape.m / 8, outputs = 2 * halves;
  const unsigned inputs = (halves + 1) * (shape.k / (4 * pack));
  Operands<int32_t> operands;
  gather<int32_t, uint32_t>(warp, inst, shape, outputs, pack, operands, integerElement);
  int32_t zero[16][8] = {};
  multiply(operands, shape.m, shape.k, zero); // at most 64 * 2^16
  int32_t c[16][8];
  for (unsigned r = 0; r < outputs; ++r) {
    const auto *words = warp.in<int32_t>(inst, outputs + inputs + r);
    for (unsigned lane = 0; lane < 32; ++lane)
      c[8 * (r / 2) + lane / 4][2 * (lane % 4) + r % 2] = words[lane];
  }
  for (unsigned r = 0; r < outputs; ++r) {
    auto *words = warp.out<int32_t>(inst, r);
    for (unsigned lane = 0; lane < 32; ++lane) {
      unsigned row = 8 * (r / 2) + lane / 4, column = 2 * (lane % 4) + r % 2;
      int64_t sum = int64_t(zero[row][column]) + c[row][column];
      words[lane] = inst.c ? int32_t(std::clamp<int64_t>(sum, INT32_MIN, INT32_MAX))
                           : int32_t(uint32_t(uint64_t(sum)));
    }
  }
  ++warp.block->counters.mma;
}

void mmaDouble(Warp &warp, const Inst &inst) {
  if (!checkWhole(warp, inst))
    return;
  const Shape shape(inst);
  const unsigned halves = shape.m / 8, outputs = 2 * halves;
  const unsigned inputs = (halves + 1) * (shape.k / 4);
  Operands<double> operands;
  gather<double, double>(warp, inst, shape, outputs, 1, operands,
                         [](double value, unsigned, Type) { return value; });
  double c[16][8];
  for (unsigned r = 0; r < outputs; ++r) {
    const auto *words = warp.in<double>(inst, outputs + inputs + r);
    for (unsigned lane = 0; lane < 32; ++lane)
      c[8 * (r / 2) + lane / 4][2 * (lane % 4) + r % 2] = words[lane];
  }
  // f64 fuses each product with its sum.
  for (unsigned row = 0; row < shape.m; ++row)
    for (unsigned n = 0; n < 8; ++n)
      for (unsigned k = 0; k < shape.k; ++k)
        c[row][n] = __builtin_fma(operands.a[row][k], operands.b[k][n], c[row][n]);
  for (unsigned r = 0; r < outputs; ++r) {
    auto *words = warp.out<double>(inst, r);
    for (unsigned lane = 0; lane < 32; ++lane)
      words[lane] = c[8 * (r / 2) + lane / 4][2 * (lane % 4) + r % 2];
  }
  ++warp.block->counters.mma;
}

/// Which shapes the ISA has for a type of A.
bool isKnown(unsigned m, unsigned k, Type a) {
  switch (a) {
  case Type::F16:
  case Type::BF16:
    return m == 16 && (k == 8 || k == 16);
  case Type::TF32:
    return m == 16 && (k == 4 || k == 8);
  case Type::E4M3:
  case Type::E5M2:
    return m == 16 && (k == 16 || k == 32);
  case Type::S8:
  case Type::U8:
    return m == 8 ? k == 16 : k == 16 || k == 32;
  case Type::S4:
  case Type::U4:
    return m == 8 ? k == 32 : k == 32 || k == 64;
  case Type::F64:
    return m == 8 ? k == 4 : k == 4 || k == 8 || k == 16;
  default:
    return false;
  }
}

bool decodeMma(Decoder &d, Inst &inst) {
  if (!d.take("sync") || !d.take("aligned"))
    return d.error("expected .sync.aligned");
  static const struct {
    const char *name;
    unsigned m, k;
  } shapes[] = {{"m16n8k4", 16, 4},   {"m16n8k8", 16, 8},   {"m16n8k16", 16, 16},
                {"m16n8k32", 16, 32}, {"m16n8k64", 16, 64}, {"m8n8k4", 8, 4},
                {"m8n8k16", 8, 16},   {"m8n8k32", 8, 32}};
  unsigned m = 0, k = 0;
  for (const auto &shape : shapes)
    if (d.take(shape.name)) {
      m = shape.m;
      k = shape.k;
    }
  if (!m || !d.take("row") || !d.take("col"))
    return d.error("unknown shape or layout");
  bool saturates = d.take("satfinite");
  d.take("rn");
  Type dType = d.takeType(), a = d.takeType(), b = d.takeType(), c = d.takeType();
  bool isInteger = a == Type::S8 || a == Type::U8 || a == Type::S4 || a == Type::U4;
  bool mixes = isInteger || a == Type::E4M3 || a == Type::E5M2;
  if (!isKnown(m, k, a) || elementBits(a) != elementBits(b) || (!mixes && a != b) || dType != c)
    return d.error("no such combination of shape and types");
  bool sumFits = isInteger                            ? dType == Type::S32
                 : a == Type::F64                     ? dType == Type::F64
                 : a == Type::BF16 || a == Type::TF32 ? dType == Type::F32
                                                      : dType == Type::F32 || dType == Type::F16;
  if (!sumFits || (saturates && !isInteger))
    return d.error("no such type of the sum");
  inst.a = m | 8u << 8 | k << 16;
  inst.b = uint32_t(a) | uint32_t(b) << 8 | uint32_t(dType) << 16;
  inst.c = saturates;
  inst.execute = isInteger ? mmaInteger : a == Type::F64 ? mmaDouble : mmaReal;
  if (!d.expect(4))
    return false;
  unsigned pack = a == Type::F64 ? 1 : 32 / elementBits(a), halves = m / 8;
  unsigned columns = k / (4 * pack), bytes = a == Type::F64 ? 8 : 4;
  unsigned sums = dType == Type::F16 ? halves : 2 * halves;
  const unsigned counts[] = {sums, halves * columns, columns, sums};
  for (unsigned operand = 0; operand < 4; ++operand) {
    const Argument &argument = d.argument(operand);
    size_t have = argument.kind == Argument::Vector ? argument.parts.size() : 1;
    if (have != counts[operand])
      return d.error("operand " + std::to_string(operand + 1) + " has " + std::to_string(have) +
                     " registers, expected " + std::to_string(counts[operand]));
    for (unsigned i = 0; i < have; ++i) {
      const Argument &part = argument.kind == Argument::Vector ? argument.parts[i] : argument;
      if (!(operand == 0 ? d.destination(inst, part, bytes) : d.source(inst, part, bytes)))
        return false;
    }
  }
  return true;
}

} // namespace

const Opcode ptxemu::kMatrixOpcodes[] = {{"mma", decodeMma}, {nullptr, nullptr}};
