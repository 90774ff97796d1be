//===- FloatRows.cpp - f32, f64, f16 and bf16 arithmetic
//----------------------------------------===//

#include "Rows.h"

#include <cfenv>
#include <cfloat>
#include <cmath>

namespace ptxtest {

using U = uint64_t;

static float flush(float x) { return std::fabs(x) < FLT_MIN ? std::copysign(0.0f, x) : x; }
static float saturate(float x) { return x > 0 ? std::fmin(x, 1.0f) : 0.0f; }

template <class T>
static void binaryRow(std::vector<Row> &rows, const std::string &text, const std::string &type,
                      T (*formula)(T, T)) {
  rows.push_back(
      {text, type, {type, type}, [=](U a, U b, U) { return bitsOf(formula(as<T>(a), as<T>(b))); }});
}

/// min and max as IEEE 754-2008, with -0 below +0.
template <class T> static T least(T a, T b) {
  if (std::isnan(a) || std::isnan(b))
    return std::isnan(a) ? b : a;
  if (a == b)
    return std::signbit(a) ? a : b;
  return a < b ? a : b;
}
template <class T> static T greatest(T a, T b) { return -least<T>(-a, -b); }

template <class T> static void commonRows(std::vector<Row> &rows, const std::string &t) {
  binaryRow<T>(rows, "add.rn." + t + " %d, %a, %b;", t, [](T a, T b) { return a + b; });
  binaryRow<T>(rows, "sub." + t + " %d, %a, %b;", t, [](T a, T b) { return a - b; });
  binaryRow<T>(rows, "mul.rn." + t + " %d, %a, %b;", t, [](T a, T b) { return a * b; });
  binaryRow<T>(rows, "div.rn." + t + " %d, %a, %b;", t, [](T a, T b) { return a / b; });
  binaryRow<T>(rows, "min." + t + " %d, %a, %b;", t, least<T>);
  binaryRow<T>(rows, "max." + t + " %d, %a, %b;", t, greatest<T>);
  binaryRow<T>(rows, "copysign." + t + " %d, %a, %b;", t,
               [](T a, T b) { return std::copysign(b, a); });
  rows.push_back({"fma.rn." + t + " %d, %a, %b, %c;", t, {t, t, t}, [](U a, U b, U c) {
                    return bitsOf(T(std::fma(as<T>(a), as<T>(b), as<T>(c))));
                  }});
  auto one = [&](const std::string &text, T (*formula)(T)) {
    rows.push_back({text, t, {t}, [=](U a, U, U) { return bitsOf(formula(as<T>(a))); }});
  };
  one("sqrt.rn." + t + " %d, %a;", [](T a) { return std::sqrt(a); });
  one("rcp.rn." + t + " %d, %a;", [](T a) { return T(1) / a; });
  one("neg." + t + " %d, %a;", [](T a) { return -a; });
  one("abs." + t + " %d, %a;", [](T a) { return std::fabs(a); });
  // Directed rounding brackets the exact value: the neighbour on the right side of it.
  const char *modes[] = {"rz", "rm", "rp"};
  for (int mode = 0; mode < 3; ++mode) {
    auto directed = [=](Quad exact) {
      T near = T(exact);
      if (std::isnan(near) || exact != exact)
        return bitsOf(T(NAN));
      bool down = mode == 1 || (mode == 0 && exact > 0), up = mode == 2 || (mode == 0 && exact < 0);
      if (down && Quad(near) > exact)
        near = std::nextafter(near, T(-INFINITY));
      if (up && Quad(near) < exact)
        near = std::nextafter(near, T(INFINITY));
      return bitsOf(near);
    };
    std::string m = modes[mode];
    // Sums and products of two f32 are exact in 113 bits when their exponents are close; keep to
    // products, and to sums of f32.
    rows.push_back({"mul." + m + "." + t + " %d, %a, %b;", t, {t, t}, [=](U a, U b, U) {
                      T x = as<T>(a), y = as<T>(b);
                      if (x * y == 0 && (x == 0 || y == 0))
                        return bitsOf(T(x * y));
                      return directed(Quad(x) * Quad(y));
                    }});
  }
}

std::vector<Row> floatRows() {
  std::vector<Row> rows;
  commonRows<float>(rows, "f32");
  commonRows<double>(rows, "f64");
  using F = float;
  auto two = [&](const std::string &text, F (*formula)(F, F)) {
    binaryRow<float>(rows, text, "f32", formula);
  };
  two("add.ftz.f32 %d, %a, %b;", [](F a, F b) { return flush(flush(a) + flush(b)); });
  two("mul.rn.ftz.f32 %d, %a, %b;", [](F a, F b) { return flush(flush(a) * flush(b)); });
  two("add.sat.f32 %d, %a, %b;", [](F a, F b) { return saturate(a + b); });
  two("mul.ftz.sat.f32 %d, %a, %b;", [](F a, F b) { return flush(saturate(flush(a) * flush(b))); });
  two("min.NaN.f32 %d, %a, %b;",
      [](F a, F b) { return std::isnan(a) || std::isnan(b) ? F(NAN) : least<F>(a, b); });
  two("max.ftz.NaN.f32 %d, %a, %b;", [](F a, F b) {
    return std::isnan(a) || std::isnan(b) ? F(NAN) : greatest<F>(flush(a), flush(b));
  });
  auto approx = [&](const std::string &text, double (*formula)(double), double relative,
                    double absolute) {
    Row row{text, "f32", {"f32"}, [=](U a, U, U) { return bitsOf(F(formula(as<F>(a)))); }};
    row.relative = relative;
    row.absolute = absolute;
    rows.push_back(row);
  };
  approx("ex2.approx.f32 %d, %a;", [](double x) { return std::exp2(x); }, 0x1p-22, 1e-45);
  approx("lg2.approx.f32 %d, %a;", [](double x) { return std::log2(x); }, 0x1p-22, 0x1p-22);
  approx("rcp.approx.f32 %d, %a;", [](double x) { return 1 / x; }, 0x1p-23, 0);
  approx("sqrt.approx.f32 %d, %a;", [](double x) { return std::sqrt(x); }, 0x1p-22, 0);
  approx("rsqrt.approx.f32 %d, %a;", [](double x) { return 1 / std::sqrt(x); }, 0x1p-22, 0);
  approx("tanh.approx.f32 %d, %a;", [](double x) { return std::tanh(x); }, 0x1p-10, 0);
  approx(
      "{ .reg .f32 %t; rem: mul.f32 %t, %a, 0f00000000; add.f32 %t, %t, 0f3FC00000; "
      "sin.approx.f32 %d, %t; }",
      [](double x) { return x * 0 == 0 ? std::sin(1.5) : NAN; }, 0, 0x1p-20);
  rows.push_back({"div.full.f32 %d, %a, %b;",
                  "f32",
                  {"f32", "f32"},
                  [](U a, U b, U) { return bitsOf(as<F>(a) / as<F>(b)); },
                  0x1p-22,
                  0});
  // cos of the sources themselves, in the range where the error is stated.
  rows.push_back({"{ .reg .pred %q; .reg .f32 %t; abs.f32 %t, %a; setp.lt.f32 %q, %t, 0f40490FDB; "
                  "selp.f32 %t, %a, 0f00000000, %q; cos.approx.ftz.f32 %d, %t; }",
                  "f32",
                  {"f32"},
                  [](U a, U, U) {
                    F x = as<F>(a);
                    return bitsOf(F(std::fabs(x) < 3.14159274f ? std::cos(double(x)) : 1.0));
                  },
                  0,
                  0x1p-20});
  const char *classes[] = {"finite", "infinite", "number", "notanumber", "normal", "subnormal"};
  for (int i = 0; i < 6; ++i)
    rows.push_back(
        {"testp." + std::string(classes[i]) + ".f32 %d, %a;", "pred", {"f32"}, [=](U a, U, U) {
           U exponent = a >> 23 & 255, fraction = a & 0x7fffff;
           bool nan = exponent == 255 && fraction, inf = exponent == 255 && !fraction;
           bool results[] = {exponent != 255,
                             inf,
                             !nan,
                             nan,
                             exponent != 255 && exponent != 0,
                             exponent == 0 && fraction != 0};
           return U(results[i]);
         }});
  return rows;
}

std::vector<Row> halfRows() {
  std::vector<Row> rows;
  struct Format {
    std::string name;
    double (*up)(uint16_t);
    uint16_t (*down)(Quad, int);
  };
  const Format formats[] = {{"f16", fromHalf, toHalf}, {"bf16", fromBrain, toBrain}};
  for (const Format &f : formats) {
    auto row = [&](const std::string &operation, unsigned sources,
                   const std::function<Quad(double, double, double)> &formula) {
      auto once = [=](U a, U b, U c) { return U(f.down(formula(f.up(a), f.up(b), f.up(c)), 0)); };
      std::string operands = " %d, %a";
      if (sources > 1)
        operands += ", %b";
      if (sources > 2)
        operands += ", %c";
      rows.push_back({operation + "." + f.name + operands + ";", f.name,
                      std::vector<std::string>(sources, f.name), once});
      rows.push_back({operation + "." + f.name + "x2" + operands + ";", f.name + "x2",
                      std::vector<std::string>(sources, f.name + "x2"), [=](U a, U b, U c) {
                        return once(a & 65535, b & 65535, c & 65535) |
                               once(a >> 16, b >> 16, c >> 16) << 16;
                      }});
    };
    row("add.rn", 2, [](double a, double b, double) { return Quad(a) + b; });
    row("sub.rn", 2, [](double a, double b, double) { return Quad(a) - b; });
    row("mul.rn", 2, [](double a, double b, double) { return Quad(a) * b; });
    row("fma.rn", 3, [](double a, double b, double c) -> Quad {
      if (!std::isfinite(a) || !std::isfinite(b) || !std::isfinite(c))
        return a * b + c;
      Quad exact = Quad(a) * b + c;
      return exact == 0 ? Quad(a * b + c) : exact; // the sign of zero
    });
    row("fma.rn.relu", 3, [](double a, double b, double c) -> Quad {
      if (!std::isfinite(a) || !std::isfinite(b) || !std::isfinite(c)) {
        double value = a * b + c;
        return std::isnan(value) ? value : std::fmax(value, 0.0);
      }
      Quad exact = Quad(a) * b + c;
      return exact > 0 ? exact : 0;
    });
    row("min", 2, [](double a, double b, double) { return least<double>(a, b); });
    row("max.NaN", 2, [](double a, double b, double) {
      return std::isnan(a) || std::isnan(b) ? NAN : greatest<double>(a, b);
    });
    row("neg", 1, [](double a, double, double) { return Quad(-a); });
    row("abs", 1, [](double a, double, double) { return Quad(std::fabs(a)); });
    Row tanh{"tanh.approx." + f.name + " %d, %a;", f.name, {f.name}, [=](U a, U, U) {
               return U(f.down(std::tanh(f.up(a)), 0));
             }};
    tanh.relative = 0x1p-8;
    tanh.absolute = 0x1p-10;
    rows.push_back(tanh);
  }
  rows.push_back(
      {"fma.rn.f32.bf16 %d, %a, %b, %c;", "f32", {"bf16", "bf16", "f32"}, [](U a, U b, U c) {
         return bitsOf(float(std::fma(float(fromBrain(a)), float(fromBrain(b)), as<float>(c))));
       }});
  rows.push_back({"add.f32.f16 %d, %a, %b;", "f32", {"f16", "f32"}, [](U a, U b, U) {
                    return bitsOf(float(fromHalf(a)) + as<float>(b));
                  }});
  rows.push_back({"sub.sat.f32.f16 %d, %a, %b;", "f32", {"f16", "f32"}, [](U a, U b, U) {
                    return bitsOf(saturate(float(fromHalf(a)) - as<float>(b)));
                  }});
  rows.push_back(
      {"{ .reg .b64 %t<3>; mov.b64 %t0, {%a, %b}; mov.b64 %t1, {%c, %a}; "
       "fma.rn.f32x2 %t2, %t0, %t1, %t1; mov.b64 {_, %d}, %t2; }",
       "f32",
       {"f32", "f32", "f32"},
       [](U a, U b, U) { return bitsOf(std::fma(as<float>(b), as<float>(a), as<float>(a))); }});
  rows.push_back({"mul.ftz.f16 %d, %a, %b;", "f16", {"f16", "f16"}, [](U a, U b, U) {
                    auto flushHalf = [](double x) {
                      return std::fabs(x) < 0x1p-14 ? std::copysign(0.0, x) : x;
                    };
                    U bits = toHalf(Quad(flushHalf(fromHalf(a))) * flushHalf(fromHalf(b)));
                    return (bits & 0x7c00) == 0 ? bits & 0x8000 : bits;
                  }});
  rows.push_back({"add.sat.f16 %d, %a, %b;", "f16", {"f16", "f16"}, [](U a, U b, U) {
                    double sum = fromHalf(a) + fromHalf(b);
                    return U(toHalf(sum > 0 ? std::fmin(sum, 1.0) : 0.0));
                  }});
  return rows;
}

std::vector<Row> compareRows() {
  std::vector<Row> rows;
  struct Relation {
    const char *name;
    bool less, equal, greater, unordered;
  };
  const Relation relations[] = {
      {"eq", false, true, false, false}, {"ne", true, false, true, false},
      {"lt", true, false, false, false}, {"le", true, true, false, false},
      {"gt", false, false, true, false}, {"ge", false, true, true, false},
      {"equ", false, true, false, true}, {"neu", true, false, true, true},
      {"ltu", true, false, false, true}, {"leu", true, true, false, true},
      {"gtu", false, false, true, true}, {"geu", false, true, true, true},
      {"num", true, true, true, false},  {"nan", false, false, false, true}};
  auto holds = [](const Relation &r, auto a, auto b) {
    return U(a < b ? r.less : a == b ? r.equal : a > b ? r.greater : r.unordered);
  };
  for (const Relation &r : relations) {
    std::string name = r.name;
    auto row = [&](const std::string &type, auto convert) {
      rows.push_back(
          {"setp." + name + "." + type + " %d, %a, %b;", "pred", {type, type}, [=](U a, U b, U) {
             return holds(r, convert(a), convert(b));
           }});
    };
    row("f32", as<float>);
    row("f64", as<double>);
    row("f16", fromHalf);
    row("bf16", fromBrain);
    if (&r - relations < 6) {
      row("u16", as<uint16_t>);
      row("s16", as<int16_t>);
      row("u32", as<uint32_t>);
      row("s32", as<int32_t>);
      row("u64", as<uint64_t>);
      row("s64", as<int64_t>);
    }
  }
  rows.push_back(
      {"setp.lt.and.u32 %d, %a, %b, %c;", "pred", {"u32", "u32", "pred"}, [](U a, U b, U c) {
         return U(a < b && c);
       }});
  rows.push_back(
      {"setp.hs.or.u32 %d, %a, %b, !%c;", "pred", {"u32", "u32", "pred"}, [](U a, U b, U c) {
         return U(a >= b || !c);
       }});
  rows.push_back({"{ .reg .pred %q; setp.gt.xor.s32 %q|%d, %a, %b, %c; }",
                  "pred",
                  {"s32", "s32", "pred"},
                  [](U a, U b, U c) { return U(!(int32_t(a) > int32_t(b)) != bool(c)); }});
  rows.push_back({"setp.lt.ftz.f32 %d, %a, %b;", "pred", {"f32", "f32"}, [](U a, U b, U) {
                    return U(flush(as<float>(a)) < flush(as<float>(b)));
                  }});
  rows.push_back({"{ .reg .pred %q; setp.le.f16x2 %q|%d, %a, %b; }",
                  "pred",
                  {"f16x2", "f16x2"},
                  [](U a, U b, U) { return U(fromHalf(a >> 16) <= fromHalf(b >> 16)); }});
  rows.push_back({"set.gt.u32.f32 %d, %a, %b;", "u32", {"f32", "f32"}, [](U a, U b, U) {
                    return as<float>(a) > as<float>(b) ? 0xffffffffull : 0ull;
                  }});
  rows.push_back({"set.ne.f32.s32 %d, %a, %b;", "f32", {"s32", "s32"}, [](U a, U b, U) {
                    return a != b ? 0x3f800000ull : 0ull;
                  }});
  return rows;
}

} // namespace ptxtest
