//===- TypedRows.cpp - Integer, bool and conversion rows ------------------===//
//
// Compares rows at types other than f32 with plain C++, bit by bit.
//
//===----------------------------------------------------------------------===//

#include "MathJit.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>

using namespace mlir;

namespace mlopt::test {
namespace {

/// x rounded to nearest even with `digits` significant bits and least normal
/// exponent `least`; infinite from 2^`end` on.
double roundTo(double x, int digits, int least, int end) {
  if (x == 0 || !std::isfinite(x))
    return x;
  int unit = std::max(std::ilogb(x), least) - (digits - 1);
  double r = std::ldexp(std::nearbyint(std::ldexp(x, -unit)), unit);
  return std::fabs(r) >= std::ldexp(1.0, end) ? std::copysign(INFINITY, x) : r;
}

struct F16 {
  uint16_t bits;
  static F16 from(double x) {
    if (std::isnan(x))
      return {0x7E00};
    double r = roundTo(x, 11, -14, 16);
    uint16_t sign = std::signbit(x) ? 0x8000 : 0;
    r = std::fabs(r);
    if (std::isinf(r))
      return {uint16_t(sign | 0x7C00)};
    if (r < 0x1p-14)
      return {uint16_t(sign | uint16_t(r * 0x1p24))};
    int e = std::ilogb(r);
    return {uint16_t(sign | ((e + 15) << 10) | (uint16_t(std::ldexp(r, 10 - e)) & 0x3FF))};
  }
  operator double() const {
    int e = (bits >> 10) & 31, m = bits & 0x3FF;
    double r = e == 31 ? (m ? NAN : INFINITY)
               : e     ? std::ldexp(1024 + m, e - 25)
                       : std::ldexp(double(m), -24);
    return bits & 0x8000 ? -r : r;
  }
};

struct BF16 {
  uint16_t bits;
  static BF16 from(double x) {
    if (std::isnan(x))
      return {0x7FC0};
    return {uint16_t(llvm::bit_cast<uint32_t>(float(roundTo(x, 8, -126, 128))) >> 16)};
  }
  operator double() const { return llvm::bit_cast<float>(uint32_t(bits) << 16); }
};

struct Bool {
  uint8_t v;
};

/// An integer of 2 or 4 bits in its byte.
template <unsigned Bits, bool Signed> struct Small {
  int8_t v;
  static constexpr unsigned bits = Bits;
  static constexpr bool isSigned = Signed;
  /// The low bits.
  static Small from(int64_t x) {
    int low = x & ((1 << Bits) - 1);
    return {int8_t(Signed && low >> (Bits - 1) ? low - (1 << Bits) : low)};
  }
};
template <typename T> constexpr bool isSmall = false;
template <unsigned Bits, bool Signed> constexpr bool isSmall<Small<Bits, Signed>> = true;

template <typename T> Type elementOf(MLIRContext &c) {
  if constexpr (std::is_same_v<T, Bool>)
    return IntegerType::get(&c, 1);
  else if constexpr (isSmall<T>)
    return IntegerType::get(&c, T::bits, T::isSigned ? IntegerType::Signless : IntegerType::Unsigned);
  else if constexpr (std::is_same_v<T, F16>)
    return Float16Type::get(&c);
  else if constexpr (std::is_same_v<T, BF16>)
    return BFloat16Type::get(&c);
  else if constexpr (std::is_same_v<T, float>)
    return Float32Type::get(&c);
  else if constexpr (std::is_same_v<T, double>)
    return Float64Type::get(&c);
  else
    return IntegerType::get(&c, sizeof(T) * 8,
                            std::is_unsigned_v<T> ? IntegerType::Unsigned : IntegerType::Signless);
}

template <typename T> bool isNan(T v) {
  if constexpr (std::is_integral_v<T> || std::is_same_v<T, Bool> || isSmall<T>)
    return false;
  else
    return std::isnan(double(v));
}

template <typename T> bool same(T a, T b) {
  return std::memcmp(&a, &b, sizeof(T)) == 0 || (isNan(a) && isNan(b));
}

std::mt19937_64 randomBits(7);

template <typename T> T anyValue(int i) {
  uint64_t r = randomBits();
  if constexpr (std::is_same_v<T, Bool>) {
    return {uint8_t(r & 1)};
  } else if constexpr (isSmall<T>) {
    return T::from(int64_t(r));
  } else if constexpr (std::is_integral_v<T>) {
    const T special[] = {0,
                         1,
                         T(-1),
                         2,
                         3,
                         T(-3),
                         7,
                         std::numeric_limits<T>::min(),
                         std::numeric_limits<T>::max(),
                         sizeof(T) * 8,
                         sizeof(T) * 8 - 1};
    if (i % 3 == 0)
      return special[r % (sizeof(special) / sizeof(T))];
    return i % 3 == 1 ? T(r) : T(T(r) >> (randomBits() % (sizeof(T) * 8)));
  } else {
    const double special[] = {0.0,
                              -0.0,
                              1.0,
                              -1.0,
                              0.5,
                              65504,
                              65519.99,
                              65520,
                              -65536,
                              6e-8,
                              3e-8,
                              2.98023223876953125e-8,
                              6.1e-5,
                              1e-40,
                              1e-45,
                              127.5,
                              -128.9,
                              255.9,
                              32767.9,
                              -32769,
                              2147483648.0,
                              -2147483648.0,
                              4294967296.0,
                              9223372036854775808.0,
                              18446744073709551616.0,
                              1e30,
                              3.4e38,
                              INFINITY,
                              -INFINITY,
                              NAN,
                              1.00048828125,
                              1.00390625,
                              1.01171875};
    double v;
    if (i % 3 == 0)
      v = special[r % (sizeof(special) / sizeof(double))];
    else if (i % 3 == 1)
      v = std::ldexp(double(int64_t(r)), -int(randomBits() % 100));
    else
      v = double(int64_t(r) >> 40) / 256;
    if constexpr (std::is_same_v<T, F16> || std::is_same_v<T, BF16>) {
      if (i % 2)
        return {uint16_t(r)};
      return T::from(v);
    } else {
      if (std::is_same_v<T, float> && i % 4 == 3)
        return llvm::bit_cast<float>(uint32_t(r));
      return T(v);
    }
  }
}

/// Collects instances and how to check them.
class Suite {
public:
  explicit Suite(MLIRContext &context) : context(context) {}

  template <typename R, typename... A>
  void add(std::string label, llvm::StringRef row, std::function<R(A...)> ref,
           llvm::function_ref<void(ScalarCall &)> adjust = nullptr) {
    label = std::to_string(checks.size()) + "_" + label;
    ScalarCall call;
    (call.operandElements.push_back(elementOf<A>(context)), ...);
    call.resultElement = elementOf<R>(context);
    if (adjust)
      adjust(call);
    for (int64_t width : {1, 4, 8, 16})
      instances.push_back({label + "_" + std::to_string(width), findScalarRow(row), call, width});
    checks.push_back({label, [ref, label](const MathJit &jit, const std::string &symbol) {
                        return check<R, A...>(jit, symbol, ref);
                      }});
  }

  int run() {
    int failures = 0;
    for (const Level &level : availableLevels()) {
      MathJit jit(context, level, instances);
      for (auto &[label, checkOne] : checks)
        for (int64_t width : {1, 4, 8, 16})
          if (!checkOne(jit, label + "_" + std::to_string(width))) {
            llvm::outs() << "  at level " << level.name << "\n";
            ++failures;
            break;
          }
    }
    llvm::outs() << "typed rows: " << checks.size() << " checks, " << failures << " failures\n";
    return failures;
  }

private:
  template <typename R, typename... A>
  static bool check(const MathJit &jit, const std::string &symbol,
                    const std::function<R(A...)> &ref) {
    std::tuple<std::vector<A>...> in{std::vector<A>(kChunk)...};
    std::vector<R> out(kChunk);
    for (int round = 0; round < 4; ++round) {
      std::apply(
          [&](auto &...v) {
            (
                [&](auto &one) {
                  using T = typename std::decay_t<decltype(one)>::value_type;
                  for (int64_t i = 0; i < kChunk; ++i)
                    one[i] = anyValue<T>(int(randomBits() % 12));
                }(v),
                ...);
            jit.run(symbol, {static_cast<void *>(v.data())..., out.data()});
          },
          in);
      for (int64_t i = 0; i < kChunk; ++i) {
        R want = std::apply([&](auto &...v) { return ref(v[i]...); }, in);
        if (!same(out[i], want)) {
          llvm::outs() << symbol << ": FAIL: operands";
          std::apply([&](auto &...v) { ((llvm::outs() << " " << show(v[i])), ...); }, in);
          llvm::outs() << ": got " << show(out[i]) << ", expected " << show(want);
          return false;
        }
      }
    }
    return true;
  }

  template <typename T> static std::string show(T v) {
    if constexpr (std::is_same_v<T, Bool> || isSmall<T>)
      return std::to_string(v.v);
    else if constexpr (std::is_integral_v<T>)
      return std::to_string(v);
    char text[64];
    if constexpr (!std::is_integral_v<T> && !std::is_same_v<T, Bool> && !isSmall<T>)
      std::snprintf(text, sizeof(text), "%a", double(v));
    return text;
  }

  MLIRContext &context;
  std::vector<RowInstance> instances;
  std::vector<std::pair<std::string, std::function<bool(const MathJit &, const std::string &)>>>
      checks;
};

template <typename T> using Wide = std::make_unsigned_t<T>;

template <typename T> T divRef(T a, T b) {
  if (b == 0)
    return 0;
  if (std::is_signed_v<T> && b == T(-1))
    return T(Wide<T>(0) - Wide<T>(a));
  return a / b;
}
template <typename T> T remRef(T a, T b) {
  return T(Wide<T>(a) - Wide<T>(Wide<T>(divRef(a, b)) * Wide<T>(b))) * T(b != 0);
}
template <typename T> T modRef(T a, T b) {
  T r = remRef(a, b);
  return r != 0 && (r < 0) != (b < 0) ? T(r + b) : r;
}
template <typename T> T powRef(T a, T e) {
  if (e < 0)
    return a == 1 ? 1 : a == T(-1) ? (e & 1 ? T(-1) : 1) : 0;
  uint64_t r = 1, base = uint64_t(a);
  for (auto n = Wide<T>(e); n; n >>= 1, base *= base)
    if (n & 1)
      r *= base;
  return T(r);
}

template <typename T> void addInteger(Suite &s, const std::string &t) {
  using F = std::function<T(T, T)>;
  s.add<T, T, T>("div_" + t, "div", F(divRef<T>));
  s.add<T, T, T>("rem_" + t, "mod", F(remRef<T>), [](ScalarCall &c) { c.fmod = true; });
  s.add<T, T, T>("mod_" + t, "mod", F(modRef<T>));
  s.add<T, T, T>("pow_" + t, "pow", F(powRef<T>));
  s.add<T, T, T>("shl_" + t, "shift_left", F([](T a, T b) {
                   return Wide<T>(b) < sizeof(T) * 8 ? T(Wide<T>(a) << b) : T(0);
                 }));
  s.add<T, T, T>("shr_" + t, "shift_right", F([](T a, T b) {
                   return Wide<T>(b) < sizeof(T) * 8 ? T(Wide<T>(a) >> b) : T(0);
                 }));
  s.add<T, T, T>("max_" + t, "max", F([](T a, T b) { return std::max(a, b); }));
  s.add<T, T, T>("min_" + t, "min", F([](T a, T b) { return std::min(a, b); }));
  s.add<T, T>("abs_" + t, "abs",
              std::function<T(T)>([](T a) { return a < 0 ? T(Wide<T>(0) - Wide<T>(a)) : a; }));
  s.add<T, T>("sign_" + t, "sign", std::function<T(T)>([](T a) { return T((a > 0) - (a < 0)); }));
  s.add<T, T>("not_" + t, "not", std::function<T(T)>([](T a) { return T(~a); }));
  s.add<Bool, T, T>("lt_" + t, "compare",
                    std::function<Bool(T, T)>([](T a, T b) { return Bool{uint8_t(a < b)}; }),
                    [](ScalarCall &c) { c.predicate = ComparePredicate::lt; });
  s.add<T, Bool, T, T>("select_" + t, "select",
                       std::function<T(Bool, T, T)>([](Bool c, T a, T b) { return c.v ? a : b; }));
}

/// The conversion that the cast operation promises.
template <typename To, typename From> To castRef(From v) {
  if constexpr (std::is_same_v<From, Bool>) {
    return castRef<To, uint8_t>(v.v);
  } else if constexpr (std::is_same_v<To, From>) {
    return v;
  } else if constexpr (isSmall<From>) {
    return castRef<To, int8_t>(v.v);
  } else if constexpr (isSmall<To>) {
    return To::from(castRef<int32_t, From>(v));
  } else if constexpr (std::is_same_v<To, Bool>) {
    if constexpr (std::is_integral_v<From>)
      return Bool{uint8_t(v != 0)};
    else
      return Bool{uint8_t(double(v) != 0)};
  } else if constexpr (std::is_integral_v<To>) {
    if constexpr (std::is_integral_v<From>) {
      return To(v);
    } else {
      double d = std::trunc(double(v));
      if (std::isnan(d))
        return 0;
      if (d >= std::ldexp(1.0, std::numeric_limits<To>::digits))
        return std::numeric_limits<To>::max();
      if (d <= double(std::numeric_limits<To>::min()))
        return std::numeric_limits<To>::min();
      return To(d);
    }
  } else if constexpr (std::is_same_v<To, F16> || std::is_same_v<To, BF16>) {
    return To::from(double(v));
  } else if constexpr (std::is_integral_v<From>) {
    return To(v);
  } else {
    return To(double(v));
  }
}

template <typename To, typename From> void addCast(Suite &s, std::string label) {
  s.add<To, From>(std::move(label), "cast", std::function<To(From)>(castRef<To, From>));
}

template <typename From, typename... To> void addCasts(Suite &s, const std::string &from) {
  int i = 0;
  (addCast<To, From>(s, "cast_" + from + "_to_" + std::to_string(i++)), ...);
}

template <typename From> void addAllCasts(Suite &s, const std::string &from) {
  addCasts<From, Bool, int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t,
           F16, BF16, float, double>(s, from);
}

/// saturate(x / scale, halves to even, + zero); the quotient has type F.
template <typename To, typename X, typename S, typename F> To quantizeRef(X x, S scale, To zero) {
  auto number = [](To v) -> double {
    if constexpr (isSmall<To>)
      return v.v;
    else
      return v;
  };
  double least, most;
  if constexpr (isSmall<To>) {
    most = (1 << (To::bits - To::isSigned)) - 1;
    least = To::isSigned ? -most - 1 : 0;
  } else {
    most = std::numeric_limits<To>::max();
    least = std::numeric_limits<To>::min();
  }
  F quotient = F(double(x)) / F(double(scale));
  double r = std::nearbyint(double(quotient)) + number(zero);
  r = std::isnan(r) ? least : std::min(std::max(r, least), most);
  if constexpr (isSmall<To>)
    return To::from(int64_t(r));
  else
    return To(r);
}

template <typename To, typename X, typename S, typename F> void addQuantize(Suite &s, const std::string &label) {
  s.add<To, X, S, To>("quantize_" + label, "quantize", std::function<To(X, S, To)>(quantizeRef<To, X, S, F>));
}

/// (x - zero) scale; the difference is rounded to F once, and so is the product.
template <typename S, typename X, typename F> void addDequantize(Suite &s, const std::string &label) {
  s.add<S, X, S, X>("dequantize_" + label, "dequantize", std::function<S(X, S, X)>([](X x, S scale, X zero) -> S {
                      double difference;
                      if constexpr (isSmall<X>)
                        difference = x.v - zero.v;
                      else
                        difference = double(x) - double(zero);
                      return castRef<S, F>(F(difference) * F(double(scale)));
                    }));
}

} // namespace

int checkTypedRows(MLIRContext &context) {
  Suite s(context);
  addInteger<int8_t>(s, "i8");
  addInteger<int16_t>(s, "i16");
  addInteger<int32_t>(s, "i32");
  addInteger<int64_t>(s, "i64");
  addInteger<uint8_t>(s, "u8");
  addInteger<uint16_t>(s, "u16");
  addInteger<uint32_t>(s, "u32");
  addInteger<uint64_t>(s, "u64");
  addAllCasts<Bool>(s, "bool");
  addAllCasts<int8_t>(s, "i8");
  addAllCasts<int16_t>(s, "i16");
  addAllCasts<int32_t>(s, "i32");
  addAllCasts<int64_t>(s, "i64");
  addAllCasts<uint8_t>(s, "u8");
  addAllCasts<uint16_t>(s, "u16");
  addAllCasts<uint32_t>(s, "u32");
  addAllCasts<uint64_t>(s, "u64");
  addAllCasts<F16>(s, "f16");
  addAllCasts<BF16>(s, "bf16");
  addAllCasts<float>(s, "f32");
  addAllCasts<double>(s, "f64");

  using Predicate = ComparePredicate;
  auto compare = [&](const char *label, Predicate p, bool (*ref)(double, double)) {
    s.add<Bool, float, float>(
        label, "compare",
        std::function<Bool(float, float)>([ref](float a, float b) { return Bool{ref(a, b)}; }),
        [p](ScalarCall &c) { c.predicate = p; });
  };
  compare("eq", Predicate::eq, [](double a, double b) { return a == b; });
  compare("ne", Predicate::ne, [](double a, double b) { return a != b; });
  compare("lt", Predicate::lt, [](double a, double b) { return a < b; });
  compare("le", Predicate::le, [](double a, double b) { return a <= b; });
  compare("gt", Predicate::gt, [](double a, double b) { return a > b; });
  compare("ge", Predicate::ge, [](double a, double b) { return a >= b; });
  s.add<Bool, float>("is_nan", "is_nan",
                     std::function<Bool(float)>([](float a) { return Bool{std::isnan(a)}; }));
  s.add<Bool, float>("is_inf", "is_inf",
                     std::function<Bool(float)>([](float a) { return Bool{std::isinf(a)}; }));
  s.add<Bool, float>("is_inf_negative", "is_inf",
                     std::function<Bool(float)>([](float a) { return Bool{a == -INFINITY}; }),
                     [](ScalarCall &c) { c.detectPositive = false; });
  using Logic = std::function<Bool(Bool, Bool)>;
  s.add<Bool, Bool, Bool>("and", "and",
                          Logic([](Bool a, Bool b) { return Bool{uint8_t(a.v & b.v)}; }));
  s.add<Bool, Bool, Bool>("or", "or",
                          Logic([](Bool a, Bool b) { return Bool{uint8_t(a.v | b.v)}; }));
  s.add<Bool, Bool, Bool>("xor", "xor",
                          Logic([](Bool a, Bool b) { return Bool{uint8_t(a.v ^ b.v)}; }));
  s.add<Bool, Bool>("not", "not", std::function<Bool(Bool)>([](Bool a) { return Bool{!a.v}; }));
  s.add<F16, F16, F16>("add_f16", "add", std::function<F16(F16, F16)>([](F16 a, F16 b) {
                         return F16::from(float(double(a)) + float(double(b)));
                       }));
  s.add<int32_t, int32_t, float>("pow_i32_f32", "pow",
                                 std::function<int32_t(int32_t, float)>([](int32_t a, float b) {
                                   return castRef<int32_t, double>(std::pow(double(a), double(b)));
                                 }));
  using I4 = Small<4, true>;
  using U4 = Small<4, false>;
  using I2 = Small<2, true>;
  using U2 = Small<2, false>;
  addCasts<float, I4, U4, I2, U2>(s, "small_f32");
  addCasts<double, I4, U4>(s, "small_f64");
  addCasts<F16, I4, U2>(s, "small_f16");
  addCasts<int8_t, I4, U4, I2>(s, "small_i8");
  addCasts<uint8_t, I4, U2>(s, "small_u8");
  addCasts<int64_t, I4, U4>(s, "small_i64");
  addCasts<Bool, I4, U2>(s, "small_bool");
  addCasts<I4, Bool, int8_t, uint8_t, int64_t, F16, float, double, U4, I2>(s, "i4");
  addCasts<U4, Bool, int8_t, uint16_t, int32_t, BF16, float, I4, U2>(s, "u4");
  addCasts<I2, int8_t, float, U4>(s, "i2");
  addCasts<U2, uint8_t, float, I2>(s, "u2");
  addQuantize<uint8_t, float, float, float>(s, "u8");
  addQuantize<int8_t, float, float, float>(s, "i8");
  addQuantize<uint16_t, float, float, float>(s, "u16");
  addQuantize<int16_t, float, float, float>(s, "i16");
  addQuantize<I4, float, float, float>(s, "i4");
  addQuantize<U4, float, float, float>(s, "u4");
  addQuantize<I2, float, float, float>(s, "i2");
  addQuantize<U2, float, float, float>(s, "u2");
  addQuantize<int8_t, F16, F16, float>(s, "f16");
  addQuantize<uint8_t, BF16, float, float>(s, "bf16");
  addQuantize<int16_t, double, double, double>(s, "f64");
  addQuantize<uint8_t, double, float, float>(s, "f64_by_f32");
  addQuantize<int8_t, float, double, double>(s, "f32_by_f64");
  addDequantize<float, uint8_t, float>(s, "u8");
  addDequantize<float, int8_t, float>(s, "i8");
  addDequantize<float, uint16_t, float>(s, "u16");
  addDequantize<float, int16_t, float>(s, "i16");
  addDequantize<float, int32_t, float>(s, "i32");
  addDequantize<float, I4, float>(s, "i4");
  addDequantize<float, U2, float>(s, "u2");
  addDequantize<F16, uint8_t, float>(s, "f16");
  addDequantize<double, int32_t, double>(s, "f64");
  return s.run();
}

} // namespace mlopt::test
