//===- Float.cpp - floating-point arithmetic
//----------------------------------------------------===//
//
// f32 and f64 run on the host's arithmetic. f16 and bf16 are computed in f32, which is wide enough
// that rounding twice equals rounding once, and multiply-add by rounding to odd first. The approx
// forms return the correctly rounded value, except tanh, sin and cos, which keep only the bits
// that the hardware promises, so that a test of accuracy sees what they cost.
//
//===----------------------------------------------------------------------------------------------===//

#include "Half.h"
#include "Lanes.h"

#include <cfenv>
#include <cfloat>

using namespace ptxemu;

namespace {

inline float flush(float x) { return std::fabs(x) < FLT_MIN ? std::copysign(0.0f, x) : x; }
template <bool ftz> inline float in(float x) { return ftz ? flush(x) : x; }
template <bool ftz, bool sat> inline float outValue(float x) {
  if (sat)
    x = x > 0 ? (x < 1 ? x : 1) : 0; // a NaN becomes 0
  if (ftz)
    x = flush(x);
  return x == x ? x : bitCast<float>(0x7fffffffu);
}
template <bool sat> inline double outValue(double x) {
  return sat ? (x > 0 ? (x < 1 ? x : 1) : 0) : x;
}

struct AddOp {
  template <class T> static T of(T a, T b) { return a + b; }
};
struct SubOp {
  template <class T> static T of(T a, T b) { return a - b; }
};
struct MulOp {
  template <class T> static T of(T a, T b) { return a * b; }
};
struct DivOp {
  template <class T> static T of(T a, T b) { return a / b; }
};
struct MinOp {
  template <class T> static T of(T a, T b) {
    if (a != a)
      return b;
    if (b != b)
      return a;
    return a < b || (a == b && std::signbit(a)) ? a : b;
  }
};
struct MaxOp {
  template <class T> static T of(T a, T b) {
    if (a != a)
      return b;
    if (b != b)
      return a;
    return a > b || (a == b && !std::signbit(a)) ? a : b;
  }
};
template <class Op> struct Propagating {
  template <class T> static T of(T a, T b) { return a != a || b != b ? a + b : Op::of(a, b); }
};
struct FmaOp {
  static float of(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
  static double of(double a, double b, double c) { return __builtin_fma(a, b, c); }
};
struct SqrtOp {
  template <class T> static T of(T a) { return std::sqrt(a); }
};
struct RcpOp {
  template <class T> static T of(T a) { return 1 / a; }
};
struct RsqrtOp {
  static float of(float a) { return float(1 / std::sqrt(double(a))); }
  static double of(double a) { return 1 / std::sqrt(a); }
};
struct Ex2Op {
  static float of(float a) { return float(std::exp2(double(a))); }
};
struct Lg2Op {
  static float of(float a) { return float(std::log2(double(a))); }
};
/// Relative error 2^-11.
struct TanhOp {
  static float of(float a) {
    return float(roundTo(std::tanh(double(a)), 11, -200, FLT_MAX, Rounding::Nearest));
  }
};
/// Absolute error about 2^-21 in [-pi, pi]; the argument is reduced with an error beyond.
inline float coarse(double value, float argument) {
  double step = std::max(0x1p-21, std::fabs(double(argument)) * 0x1p-24);
  return std::isfinite(value) ? float(std::nearbyint(value / step) * step) : float(value);
}
struct SinOp {
  static float of(float a) { return coarse(std::sin(double(a)), a); }
};
struct CosOp {
  static float of(float a) { return coarse(std::cos(double(a)), a); }
};
struct AbsOp {
  template <class T> static T of(T a) { return std::fabs(a); }
};
struct NegOp {
  template <class T> static T of(T a) { return -a; }
};

//===-- forms for each type
//-----------------------------------------------------------------------===//

template <class Op, bool ftz, bool sat> struct Single {
  static float of(float a) { return outValue<ftz, sat>(Op::of(in<ftz>(a))); }
  static float of(float a, float b) { return outValue<ftz, sat>(Op::of(in<ftz>(a), in<ftz>(b))); }
  static float of(float a, float b, float c) {
    return outValue<ftz, sat>(Op::of(in<ftz>(a), in<ftz>(b), in<ftz>(c)));
  }
};
template <class Op> struct Double {
  static double of(double a) { return Op::of(a); }
  static double of(double a, double b) { return Op::of(a, b); }
  static double of(double a, double b, double c) { return Op::of(a, b, c); }
};

inline float flushHalf(float x, bool isF16) {
  return std::fabs(x) < (isF16 ? 0x1p-14f : FLT_MIN) ? std::copysign(0.0f, x) : x;
}
/// One f16 or bf16 operation.
template <class H, class Op, bool ftz, bool sat, bool relu> struct HalfOp {
  static constexpr bool isF16 = std::is_same_v<H, F16>;
  static float load(uint16_t bits) {
    float x = H::up(bits);
    return ftz ? flushHalf(x, isF16) : x;
  }
  static uint16_t store(float x) {
    if (sat)
      x = x > 0 ? (x < 1 ? x : 1) : 0;
    if (relu && x == x)
      x = x > 0 ? x : 0;
    uint16_t bits = H::down(x);
    // Subnormal results are flushed after rounding.
    if (ftz && isF16 && (bits & 0x7c00) == 0)
      bits &= 0x8000;
    return bits;
  }
  static uint16_t of(uint16_t a) { return store(Op::of(load(a))); }
  static uint16_t of(uint16_t a, uint16_t b) { return store(Op::of(load(a), load(b))); }
  static uint16_t of(uint16_t a, uint16_t b, uint16_t c) {
    double exact = fmaToOdd(load(a), load(b), load(c));
    if (std::isnan(exact))
      return sat ? store(0) : H::kNan;
    // Through f32 would round twice; the odd last bit keeps one rounding from the double.
    double once = isF16 ? roundTo(exact, 10, -14, 65504.0, Rounding::Nearest)
                        : roundTo(exact, 7, -126, 0x1.fep127, Rounding::Nearest);
    return store(float(once));
  }
};
/// The same on two halves.
template <class F> struct Pair {
  static uint32_t of(uint32_t a) {
    return F::of(uint16_t(a)) | uint32_t(F::of(uint16_t(a >> 16))) << 16;
  }
  static uint32_t of(uint32_t a, uint32_t b) {
    return F::of(uint16_t(a), uint16_t(b)) | uint32_t(F::of(uint16_t(a >> 16), uint16_t(b >> 16)))
                                                 << 16;
  }
  static uint32_t of(uint32_t a, uint32_t b, uint32_t c) {
    return F::of(uint16_t(a), uint16_t(b), uint16_t(c)) |
           uint32_t(F::of(uint16_t(a >> 16), uint16_t(b >> 16), uint16_t(c >> 16))) << 16;
  }
};
/// Two f32 in 64 bits.
template <class F> struct SinglePair {
  static float low(uint64_t a) { return bitCast<float>(uint32_t(a)); }
  static float high(uint64_t a) { return bitCast<float>(uint32_t(a >> 32)); }
  static uint64_t join(float low, float high) {
    return bitCast<uint32_t>(low) | uint64_t(bitCast<uint32_t>(high)) << 32;
  }
  static uint64_t of(uint64_t a, uint64_t b) {
    return join(F::of(low(a), low(b)), F::of(high(a), high(b)));
  }
  static uint64_t of(uint64_t a, uint64_t b, uint64_t c) {
    return join(F::of(low(a), low(b), low(c)), F::of(high(a), high(b), high(c)));
  }
};
/// f32 arithmetic whose operands but the last are f16 or bf16 (sm_100).
template <class H, class Op, bool sat> struct Mixed {
  static float of(uint16_t a, float b) { return outValue<false, sat>(Op::of(H::up(a), b)); }
  static float of(uint16_t a, uint16_t b, float c) {
    return outValue<false, sat>(Op::of(H::up(a), H::up(b), c));
  }
};
/// Sign operations keep the bits of a NaN.
template <uint32_t keep, uint32_t flip> struct SignBits {
  static uint16_t of(uint16_t a) { return (a & keep) ^ flip; }
  static uint32_t of(uint32_t a) { return (a & (keep << 16 | keep)) ^ (flip << 16 | flip); }
};

template <class T, class F, unsigned n> Execute arity() {
  if constexpr (n == 1)
    return unary<T, T, F>;
  else if constexpr (n == 2)
    return binary<T, T, T, F>;
  else
    return ternary<T, T, T, T, F>;
}

template <class Op, unsigned n> Execute singleForm(bool ftz, bool sat) {
  return ftz ? (sat ? arity<float, Single<Op, true, true>, n>()
                    : arity<float, Single<Op, true, false>, n>())
             : (sat ? arity<float, Single<Op, false, true>, n>()
                    : arity<float, Single<Op, false, false>, n>());
}
template <class H, class Op, unsigned n>
Execute halfForm(bool pair, bool ftz, bool sat, bool relu) {
  auto pick = [&](auto ftzC, auto satC, auto reluC) -> Execute {
    using F = HalfOp<H, Op, decltype(ftzC)::value, decltype(satC)::value, decltype(reluC)::value>;
    return pair ? arity<uint32_t, Pair<F>, n>() : arity<uint16_t, F, n>();
  };
  std::true_type yes;
  std::false_type no;
  if (relu)
    return sat ? nullptr : ftz ? pick(yes, no, yes) : pick(no, no, yes);
  return ftz ? (sat ? pick(yes, yes, no) : pick(yes, no, no))
             : (sat ? pick(no, yes, no) : pick(no, no, no));
}

template <class Op, unsigned n> Execute form(Type type, bool ftz, bool sat, bool relu) {
  if (relu && type != Type::F16 && type != Type::F16x2 && type != Type::BF16 &&
      type != Type::BF16x2)
    return nullptr;
  switch (type) {
  case Type::F32:
    return singleForm<Op, n>(ftz, sat);
  case Type::F32x2:
    if constexpr (n >= 2)
      return sat   ? nullptr
             : ftz ? arity<uint64_t, SinglePair<Single<Op, true, false>>, n>()
                   : arity<uint64_t, SinglePair<Single<Op, false, false>>, n>();
    return nullptr;
  case Type::F64:
    return ftz || sat ? nullptr : arity<double, Double<Op>, n>();
  case Type::F16:
    return halfForm<F16, Op, n>(false, ftz, sat, relu);
  case Type::F16x2:
    return halfForm<F16, Op, n>(true, ftz, sat, relu);
  case Type::BF16:
    return halfForm<BF16, Op, n>(false, ftz, sat, relu);
  case Type::BF16x2:
    return halfForm<BF16, Op, n>(true, ftz, sat, relu);
  default:
    return nullptr;
  }
}

//===-- directed rounding
//-------------------------------------------------------------------------===//

enum Directed : uint32_t { kAdd, kSub, kMul, kDiv, kFma, kSqrt, kRcp };

/// f32 and f64 with .rz, .rm or .rp, by the host's rounding mode. inst.a: operation; b: mode;
/// c: 1 for ftz, 2 for sat.
template <class T> __attribute__((noinline)) void directed(Warp &warp, const Inst &inst) {
  static const int modes[] = {FE_TONEAREST, FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
  T *d = warp.out<T>(inst, 0);
  const T *operands[3] = {warp.in<T>(inst, 1), nullptr, nullptr};
  for (unsigned i = 2; i < inst.count; ++i)
    operands[i - 1] = warp.in<T>(inst, i);
  std::fesetround(modes[inst.b]);
  for (uint32_t mask = warp.active; mask; mask &= mask - 1) {
    unsigned l = __builtin_ctz(mask);
    volatile T v[3] = {operands[0][l], operands[1] ? operands[1][l] : T(0),
                       operands[2] ? operands[2][l] : T(0)};
    if (inst.c & 1 && sizeof(T) == 4)
      for (volatile T &x : v)
        x = T(flush(float(x)));
    volatile T r = 0;
    switch (inst.a) {
    case kAdd:
      r = v[0] + v[1];
      break;
    case kSub:
      r = v[0] - v[1];
      break;
    case kMul:
      r = v[0] * v[1];
      break;
    case kDiv:
      r = v[0] / v[1];
      break;
    case kFma:
      r = FmaOp::of(T(v[0]), T(v[1]), T(v[2]));
      break;
    case kSqrt:
      r = std::sqrt(T(v[0]));
      break;
    case kRcp:
      r = T(1) / v[0];
      break;
    }
    T value = r;
    if (inst.c & 2)
      value = value > 0 ? (value < 1 ? value : 1) : 0;
    if (inst.c & 1 && sizeof(T) == 4)
      value = T(flush(float(value)));
    d[l] = value;
  }
  std::fesetround(FE_TONEAREST);
}

Execute directedForm(Inst &inst, Type type, Directed operation, int rounding, bool ftz, bool sat) {
  static const Rounding modes[] = {Rounding::Nearest, Rounding::Zero, Rounding::Down, Rounding::Up};
  inst.a = operation;
  inst.b = unsigned(modes[rounding]);
  inst.c = (ftz ? 1 : 0) | (sat ? 2 : 0);
  return type == Type::F32 ? directed<float> : type == Type::F64 ? directed<double> : nullptr;
}

bool finish(Decoder &d, Inst &inst, Execute execute, Type type, unsigned sources) {
  inst.execute = execute;
  if (!execute)
    return d.error("no form with this type and these modifiers");
  return plainOperands(d, inst, sources, bytesOf(type));
}

template <class Op, unsigned n> bool rounded(Decoder &d, Inst &inst, Directed operation) {
  int rounding = d.takeOne({"rn", "rz", "rm", "rp"});
  bool ftz = d.take("ftz"), sat = d.take("sat"), relu = d.take("relu");
  Type type = d.takeType();
  if (Type narrow = d.type();
      type == Type::F32 && n >= 2 && (narrow == Type::F16 || narrow == Type::BF16)) {
    d.takeType();
    if (rounding > 0 || ftz || relu)
      return d.error("no such form");
    bool isF16 = narrow == Type::F16;
    if constexpr (n == 2)
      inst.execute = isF16 ? (sat ? binary<float, uint16_t, float, Mixed<F16, Op, true>>
                                  : binary<float, uint16_t, float, Mixed<F16, Op, false>>)
                           : (sat ? binary<float, uint16_t, float, Mixed<BF16, Op, true>>
                                  : binary<float, uint16_t, float, Mixed<BF16, Op, false>>);
    else if constexpr (n == 3)
      inst.execute =
          isF16 ? (sat ? ternary<float, uint16_t, uint16_t, float, Mixed<F16, Op, true>>
                       : ternary<float, uint16_t, uint16_t, float, Mixed<F16, Op, false>>)
                : (sat ? ternary<float, uint16_t, uint16_t, float, Mixed<BF16, Op, true>>
                       : ternary<float, uint16_t, uint16_t, float, Mixed<BF16, Op, false>>);
    return d.expect(n + 1) && d.destination(inst, 0, 4) && d.source(inst, 1, 2) &&
           d.source(inst, 2, n == 3 ? 2 : 4) && (n == 2 || d.source(inst, 3, 4));
  }
  if (rounding > 0)
    return finish(d, inst, relu ? nullptr : directedForm(inst, type, operation, rounding, ftz, sat),
                  type, n);
  return finish(d, inst, form<Op, n>(type, ftz, sat, relu), type, n);
}

template <class Op> bool approximate(Decoder &d, Inst &inst) {
  bool ftz = d.take("ftz");
  if (!d.take("approx"))
    return d.error("expected .approx");
  Type type = d.takeType();
  return finish(d, inst, type == Type::F64 ? nullptr : form<Op, 1>(type, ftz, false, false), type,
                1);
}

template <class Op> bool extremum(Decoder &d, Inst &inst) {
  bool ftz = d.take("ftz"), nan = d.take("NaN");
  Type type = d.takeType();
  return finish(d, inst,
                nan ? form<Propagating<Op>, 2>(type, ftz, false, false)
                    : form<Op, 2>(type, ftz, false, false),
                type, 2);
}

template <class Op, uint32_t keep, uint32_t flip> bool sign(Decoder &d, Inst &inst) {
  bool ftz = d.take("ftz");
  Type type = d.takeType();
  Execute execute = nullptr;
  switch (type) {
  case Type::F32:
    execute = ftz ? unary<float, float, Single<Op, true, false>> : unary<float, float, Op>;
    break;
  case Type::F64:
    execute = ftz ? nullptr : unary<double, double, Op>;
    break;
  case Type::F16:
  case Type::BF16:
    execute = unary<uint16_t, uint16_t, SignBits<keep, flip>>;
    break;
  case Type::F16x2:
  case Type::BF16x2:
    execute = unary<uint32_t, uint32_t, SignBits<keep, flip>>;
    break;
  default:
    break;
  }
  return finish(d, inst, execute, type, 1);
}

bool decodeSqrt(Decoder &d, Inst &inst) {
  if (d.has("approx"))
    return approximate<SqrtOp>(d, inst);
  return rounded<SqrtOp, 1>(d, inst, kSqrt);
}
bool decodeRcp(Decoder &d, Inst &inst) {
  if (d.has("approx")) {
    if (d.has("f64")) // rcp.approx.ftz.f64: 20 bits; exact here
      return d.take("approx") && d.take("ftz") && d.take("f64") &&
             finish(d, inst, unary<double, double, RcpOp>, Type::F64, 1);
    return approximate<RcpOp>(d, inst);
  }
  return rounded<RcpOp, 1>(d, inst, kRcp);
}
bool decodeRsqrt(Decoder &d, Inst &inst) {
  if (d.has("f64")) {
    d.take("ftz");
    return d.take("approx") && d.take("f64") &&
           finish(d, inst, unary<double, double, RsqrtOp>, Type::F64, 1);
  }
  return approximate<RsqrtOp>(d, inst);
}
bool decodeFma(Decoder &d, Inst &inst) { return rounded<FmaOp, 3>(d, inst, kFma); }

struct CopySign {
  template <class T> static T of(T a, T b) { return std::copysign(b, a); }
};
bool decodeCopysign(Decoder &d, Inst &inst) {
  Type type = d.takeType();
  return finish(d, inst,
                type == Type::F32   ? binary<float, float, float, CopySign>
                : type == Type::F64 ? binary<double, double, double, CopySign>
                                    : nullptr,
                type, 2);
}

template <class T> void testp(Warp &warp, const Inst &inst) {
  const T *a = warp.in<T>(inst, 1);
  uint32_t bits = 0;
  for (unsigned l = 0; l < 32; ++l) {
    T x = a[l];
    int kind = std::fpclassify(x);
    bool r = false;
    switch (inst.a) {
    case 0:
      r = kind != FP_NAN && kind != FP_INFINITE;
      break;
    case 1:
      r = kind == FP_INFINITE;
      break;
    case 2:
      r = kind != FP_NAN;
      break;
    case 3:
      r = kind == FP_NAN;
      break;
    case 4:
      r = kind == FP_NORMAL;
      break;
    case 5:
      r = kind == FP_SUBNORMAL;
      break;
    }
    bits |= uint32_t(r) << l;
  }
  warp.setPredicate(inst, 0, bits);
}
bool decodeTestp(Decoder &d, Inst &inst) {
  int which = d.takeOne({"finite", "infinite", "number", "notanumber", "normal", "subnormal"});
  Type type = d.takeType();
  if (which < 0 || (type != Type::F32 && type != Type::F64))
    return d.error("no such form");
  inst.a = which;
  inst.execute = type == Type::F32 ? testp<float> : testp<double>;
  return d.expect(2) && d.destination(inst, 0, 0) && d.source(inst, 1, bytesOf(type));
}

} // namespace

bool ptxemu::decodeFloatArithmetic(Decoder &d, Inst &inst) {
  std::string_view name = d.opcode();
  if (name == "add")
    return rounded<AddOp, 2>(d, inst, kAdd);
  if (name == "sub")
    return rounded<SubOp, 2>(d, inst, kSub);
  if (name == "mul")
    return rounded<MulOp, 2>(d, inst, kMul);
  if (name == "mad")
    return rounded<FmaOp, 3>(d, inst, kFma);
  if (name == "div") {
    if (d.take("approx") || d.take("full")) {
      bool ftz = d.take("ftz");
      return d.take("f32")
                 ? finish(d, inst, form<DivOp, 2>(Type::F32, ftz, false, false), Type::F32, 2)
                 : d.error("no such form");
    }
    return rounded<DivOp, 2>(d, inst, kDiv);
  }
  if (name == "min")
    return extremum<MinOp>(d, inst);
  if (name == "max")
    return extremum<MaxOp>(d, inst);
  if (name == "abs")
    return sign<AbsOp, 0x7fff, 0>(d, inst);
  if (name == "neg")
    return sign<NegOp, 0xffff, 0x8000>(d, inst);
  return d.error("no floating-point form");
}

const Opcode ptxemu::kFloatOpcodes[] = {{"fma", decodeFma},
                                        {"sqrt", decodeSqrt},
                                        {"rcp", decodeRcp},
                                        {"rsqrt", decodeRsqrt},
                                        {"ex2", approximate<Ex2Op>},
                                        {"lg2", approximate<Lg2Op>},
                                        {"tanh", approximate<TanhOp>},
                                        {"sin", approximate<SinOp>},
                                        {"cos", approximate<CosOp>},
                                        {"copysign", decodeCopysign},
                                        {"testp", decodeTestp},
                                        {nullptr, nullptr}};
