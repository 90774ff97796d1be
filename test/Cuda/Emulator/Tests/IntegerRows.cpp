//===- IntegerRows.cpp - integer arithmetic, logic and bit fields
//-------------------------------===//

#include "Rows.h"

#include <algorithm>

namespace ptxtest {

using Wide = __int128;

/// The value of a source of an integer type.
static Wide valueIn(const std::string &type, uint64_t bits) {
  unsigned size = std::stoul(type.substr(1));
  if (type[0] == 's') {
    Wide value = Wide(bits & (size == 64 ? ~0ull : (1ull << size) - 1));
    return value >> (size - 1) ? value - (Wide(1) << size) : value;
  }
  return Wide(bits);
}

template <class F>
static void each(std::vector<Row> &rows, const std::string &text, const std::string &type,
                 unsigned sources, F formula) {
  std::string full = text;
  for (size_t at; (at = full.find('@')) != std::string::npos;)
    full.replace(at, 1, type);
  rows.push_back({full, type, std::vector<std::string>(sources, type),
                  [=](uint64_t a, uint64_t b, uint64_t c) {
                    return uint64_t(formula(valueIn(type, a), valueIn(type, b), valueIn(type, c)));
                  }});
}

std::vector<Row> integerRows() {
  std::vector<Row> rows;
  for (std::string type : {"u16", "s16", "u32", "s32", "u64", "s64"}) {
    unsigned size = std::stoul(type.substr(1));
    bool isSigned = type[0] == 's';
    std::string twice = type.substr(0, 1) + std::to_string(2 * size);
    each(rows, "add.@ %d, %a, %b;", type, 2, [](Wide a, Wide b, Wide) { return a + b; });
    each(rows, "sub.@ %d, %a, %b;", type, 2, [](Wide a, Wide b, Wide) { return a - b; });
    each(rows, "mul.lo.@ %d, %a, %b;", type, 2,
         [](Wide a, Wide b, Wide) { return uint64_t(a) * uint64_t(b); });
    each(rows, "mul.hi.@ %d, %a, %b;", type, 2, [=](Wide a, Wide b, Wide) {
      return isSigned ? (a * b) >> size
                      : Wide(((unsigned __int128)a * (unsigned __int128)b) >> size);
    });
    each(rows, "mad.lo.@ %d, %a, %b, %c;", type, 3,
         [](Wide a, Wide b, Wide c) { return uint64_t(a) * uint64_t(b) + uint64_t(c); });
    each(rows, "min.@ %d, %a, %b;", type, 2, [](Wide a, Wide b, Wide) { return std::min(a, b); });
    each(rows, "max.@ %d, %a, %b;", type, 2, [](Wide a, Wide b, Wide) { return std::max(a, b); });
    each(rows, "sad.@ %d, %a, %b, %c;", type, 3,
         [](Wide a, Wide b, Wide c) { return c + (a < b ? b - a : a - b); });
    // A zero divisor is not specified: the test divides by b | 1.
    std::string bits = "b" + std::to_string(size);
    each(rows, "{ .reg ." + bits + " %t; or." + bits + " %t, %b, 1; div.@ %d, %a, %t; }", type, 2,
         [=](Wide a, Wide b, Wide) { return a / valueIn(type, uint64_t(b) | 1); });
    each(rows, "{ .reg ." + bits + " %t; or." + bits + " %t, %b, 1; rem.@ %d, %a, %t; }", type, 2,
         [=](Wide a, Wide b, Wide) { return a % valueIn(type, uint64_t(b) | 1); });
    if (isSigned) {
      each(rows, "abs.@ %d, %a;", type, 1, [](Wide a, Wide, Wide) { return a < 0 ? -a : a; });
      each(rows, "neg.@ %d, %a;", type, 1, [](Wide a, Wide, Wide) { return -a; });
    }
    if (size < 64) {
      rows.push_back({"mul.wide." + type + " %d, %a, %b;",
                      twice,
                      {type, type},
                      [=](uint64_t a, uint64_t b, uint64_t) {
                        return uint64_t(valueIn(type, a) * valueIn(type, b));
                      }});
      rows.push_back({"mad.wide." + type + " %d, %a, %b, %c;",
                      twice,
                      {type, type, twice},
                      [=](uint64_t a, uint64_t b, uint64_t c) {
                        return uint64_t(valueIn(type, a) * valueIn(type, b)) + c;
                      }});
    }
  }
  auto clamp = [](Wide value) { return std::clamp<Wide>(value, INT32_MIN, INT32_MAX); };
  each(rows, "add.sat.s32 %d, %a, %b;", "s32", 2,
       [=](Wide a, Wide b, Wide) { return clamp(a + b); });
  each(rows, "sub.sat.s32 %d, %a, %b;", "s32", 2,
       [=](Wide a, Wide b, Wide) { return clamp(a - b); });
  each(rows, "mad.hi.sat.s32 %d, %a, %b, %c;", "s32", 3,
       [=](Wide a, Wide b, Wide c) { return clamp(((a * b) >> 32) + c); });
  each(rows, "mad.hi.u32 %d, %a, %b, %c;", "u32", 3,
       [](Wide a, Wide b, Wide c) { return ((a * b) >> 32) + c; });
  each(rows, "mul24.lo.s32 %d, %a, %b;", "s32", 2, [](Wide a, Wide b, Wide) {
    return valueIn("s24", uint64_t(a)) * valueIn("s24", uint64_t(b));
  });
  // 128-bit sums and differences by the carry: %d is the upper word of {b, a} + {c, c}.
  rows.push_back(
      {"{ .reg .u32 %t; add.cc.u32 %t, %a, %c; addc.u32 %d, %b, %c; }",
       "u32",
       {"u32", "u32", "u32"},
       [](uint64_t a, uint64_t b, uint64_t c) { return ((b << 32 | a) + (c << 32 | c)) >> 32; }});
  rows.push_back(
      {"{ .reg .u32 %t; sub.cc.u32 %t, %a, %c; subc.cc.u32 %d, %b, %c; }",
       "u32",
       {"u32", "u32", "u32"},
       [](uint64_t a, uint64_t b, uint64_t c) { return ((b << 32 | a) - (c << 32 | c)) >> 32; }});
  rows.push_back({"{ .reg .u32 %t; mad.lo.cc.u32 %t, %a, %b, %c; madc.hi.u32 %d, %a, %b, 0; }",
                  "u32",
                  {"u32", "u32", "u32"},
                  [](uint64_t a, uint64_t b, uint64_t c) { return (a * b + c) >> 32; }});
  for (std::string a : {"s", "u"})
    for (std::string b : {"s", "u"})
      rows.push_back({"dp4a." + a + "32." + b + "32 %d, %a, %b, %c;",
                      "u32",
                      {"u32", "u32", "u32"},
                      [=](uint64_t x, uint64_t y, uint64_t z) {
                        Wide sum = Wide(z);
                        for (unsigned i = 0; i < 4; ++i)
                          sum += valueIn(a + "8", x >> 8 * i & 255) *
                                 valueIn(b + "8", y >> 8 * i & 255);
                        return uint64_t(sum);
                      }});
  rows.push_back({"dp2a.hi.s32.u32 %d, %a, %b, %c;",
                  "u32",
                  {"u32", "u32", "u32"},
                  [](uint64_t x, uint64_t y, uint64_t z) {
                    return uint64_t(Wide(z) + valueIn("s16", x & 65535) * Wide(y >> 16 & 255) +
                                    valueIn("s16", x >> 16 & 65535) * Wide(y >> 24 & 255));
                  }});
  each(rows, "add.u16x2 %d, %a, %b;", "u32", 2, [](Wide a, Wide b, Wide) {
    return ((a + b) & 65535) | (((a >> 16) + (b >> 16)) & 65535) << 16;
  });
  each(rows, "max.s16x2 %d, %a, %b;", "u32", 2, [](Wide a, Wide b, Wide) {
    auto half = [&](unsigned at) {
      return uint16_t(std::max(valueIn("s16", uint64_t(a >> at) & 65535),
                               valueIn("s16", uint64_t(b >> at) & 65535)));
    };
    return Wide(half(0)) | Wide(half(16)) << 16;
  });
  return rows;
}

std::vector<Row> bitRows() {
  std::vector<Row> rows;
  for (std::string type : {"b16", "b32", "b64"}) {
    unsigned size = std::stoul(type.substr(1));
    uint64_t ones = size == 64 ? ~0ull : (1ull << size) - 1;
    std::string u = "u" + std::to_string(size), s = "s" + std::to_string(size);
    auto row = [&](const std::string &text, std::vector<std::string> sources, auto formula) {
      rows.push_back({text, type, std::move(sources), formula});
    };
    using U = uint64_t;
    row("and." + type + " %d, %a, %b;", {u, u}, [](U a, U b, U) { return a & b; });
    row("or." + type + " %d, %a, %b;", {u, u}, [](U a, U b, U) { return a | b; });
    row("xor." + type + " %d, %a, %b;", {u, u}, [](U a, U b, U) { return a ^ b; });
    row("not." + type + " %d, %a;", {u}, [](U a, U, U) { return ~a; });
    row("cnot." + type + " %d, %a;", {u}, [](U a, U, U) { return U(a == 0); });
    row("shl." + type + " %d, %a, %b;", {u, "u32"},
        [=](U a, U b, U) { return b >= size ? 0 : a << b; });
    row("shr." + u + " %d, %a, %b;", {u, "u32"},
        [=](U a, U b, U) { return b >= size ? 0 : a >> b; });
    row("shr." + s + " %d, %a, %b;", {u, "u32"},
        [=](U a, U b, U) { return U(valueIn(s, a) >> std::min<U>(b, size - 1)); });
    row("selp." + type + " %d, %a, %b, %c;", {u, u, "pred"},
        [](U a, U b, U c) { return c & 1 ? a : b; });
    if (size == 16)
      continue;
    row("brev." + type + " %d, %a;", {u}, [=](U a, U, U) {
      U r = 0;
      for (unsigned i = 0; i < size; ++i)
        r |= (a >> i & 1) << (size - 1 - i);
      return r;
    });
    auto word = [&](const std::string &text, auto formula) {
      rows.push_back({text, "u32", {u}, formula});
    };
    word("popc." + type + " %d, %a;", [](U a, U, U) {
      U n = 0;
      for (; a; a >>= 1)
        n += a & 1;
      return n;
    });
    word("clz." + type + " %d, %a;", [=](U a, U, U) {
      U n = 0;
      while (n < size && !(a >> (size - 1 - n) & 1))
        ++n;
      return n;
    });
    auto highest = [=](U a, bool isSigned) {
      bool negative = isSigned && (a >> (size - 1) & 1);
      for (unsigned i = size; i-- > 0;)
        if ((a >> i & 1) != U(negative))
          return U(i);
      return ~U(0);
    };
    word("bfind." + u + " %d, %a;", [=](U a, U, U) { return highest(a, false); });
    word("bfind." + s + " %d, %a;", [=](U a, U, U) { return highest(a, true); });
    word("bfind.shiftamt." + u + " %d, %a;", [=](U a, U, U) {
      U at = highest(a, false);
      return at == ~U(0) ? at : size - 1 - at;
    });
    // The fields of bfe and bfi come from the low bytes of b and c.
    row("bfe." + u + " %d, %a, %b, %c;", {u, "u32", "u32"}, [=](U a, U b, U c) {
      b &= 255;
      c &= 255;
      U value = b >= size ? 0 : a >> b;
      return c >= 64 ? value : value & ((U(1) << c) - 1);
    });
    row("bfe." + s + " %d, %a, %b, %c;", {u, "u32", "u32"}, [=](U a, U b, U c) {
      // As the ISA writes it: the sign is that of the field's last bit, at most the operand's.
      U position = b & 255, length = c & 255, d = 0;
      U last = std::min<U>(position + length - 1, size - 1);
      U sign = length == 0 ? 0 : a >> last & 1;
      for (U i = 0; i < size; ++i)
        d |= (i < length && position + i < size ? a >> (position + i) & 1 : sign) << i;
      return d;
    });
    rows.push_back({"bfi." + type + " %d, %a, %b, %c, 7;", type, {u, u, "u32"}, [=](U a, U b, U c) {
                      c &= 255;
                      if (c >= size)
                        return b;
                      U mask = (U(127) << c) & ones;
                      return (b & ~mask) | ((a << c) & mask);
                    }});
  }
  using U = uint64_t;
  auto word = [&](const std::string &text, auto formula) {
    rows.push_back({text, "u32", {"u32", "u32", "u32"}, formula});
  };
  word("shf.l.wrap.b32 %d, %a, %b, %c;",
       [](U a, U b, U c) { return c % 32 ? b << c % 32 | a >> (32 - c % 32) : b; });
  word("shf.r.wrap.b32 %d, %a, %b, %c;",
       [](U a, U b, U c) { return c % 32 ? a >> c % 32 | b << (32 - c % 32) : a; });
  word("shf.l.clamp.b32 %d, %a, %b, %c;", [](U a, U b, U c) {
    c = std::min<U>(c, 32);
    return c == 0 ? b : c == 32 ? a : b << c | a >> (32 - c);
  });
  word("shf.r.clamp.b32 %d, %a, %b, %c;", [](U a, U b, U c) {
    c = std::min<U>(c, 32);
    return c == 0 ? a : c == 32 ? b : a >> c | b << (32 - c);
  });
  word("lop3.b32 %d, %a, %b, %c, 0x96;", [](U a, U b, U c) { return a ^ b ^ c; });
  word("lop3.b32 %d, %a, %b, %c, 0xe8;", [](U a, U b, U c) { return (a & b) | (a & c) | (b & c); });
  word("lop3.b32 %d, %a, %b, %c, 0x35;", [](U a, U b, U c) {
    U r = 0;
    for (unsigned i = 0; i < 32; ++i)
      r |= (0x35u >> ((a >> i & 1) << 2 | (b >> i & 1) << 1 | (c >> i & 1)) & 1ull) << i;
    return r;
  });
  word("prmt.b32 %d, %a, %b, %c;", [](U a, U b, U c) {
    uint8_t bytes[8];
    for (unsigned i = 0; i < 4; ++i) {
      bytes[i] = a >> 8 * i;
      bytes[4 + i] = b >> 8 * i;
    }
    U r = 0;
    for (unsigned i = 0; i < 4; ++i) {
      uint8_t byte = bytes[c >> 4 * i & 7];
      if (c >> 4 * i & 8)
        byte = int8_t(byte) < 0 ? 255 : 0;
      r |= U(byte) << 8 * i;
    }
    return r;
  });
  word("prmt.b32.f4e %d, %a, %b, %c;", [](U a, U b, U c) { return (b << 32 | a) >> 8 * (c & 3); });
  word("{ .reg .b16 %t<2>; mov.b32 {%t0, %t1}, %a; mov.b32 %d, {%t1, %t0}; }",
       [](U a, U, U) { return a >> 16 | a << 16; });
  rows.push_back(
      {"mov.b64 %d, {%a, %b};", "u64", {"u32", "u32"}, [](U a, U b, U) { return b << 32 | a; }});
  rows.push_back({"mov.b64 {_, %d}, %a;", "u32", {"u64"}, [](U a, U, U) { return a >> 32; }});
  word("bmsk.clamp.b32 %d, %a, %b;", [](U a, U b, U) {
    U r = 0;
    for (U i = 0; i < 32; ++i)
      r |= U(i >= a && i - a < b) << i;
    return r;
  });
  rows.push_back({"slct.u32.s32 %d, %a, %b, %c;", "u32", {"u32", "u32", "s32"}, [](U a, U b, U c) {
                    return int32_t(c) >= 0 ? a : b;
                  }});
  return rows;
}

} // namespace ptxtest
