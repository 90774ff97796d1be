//===- Matrices.cpp - mma, ldmatrix, stmatrix, movmatrix by the tables of the ISA
//----------------===//
//
// The layouts are written out here as the PTX ISA writes them, element by element, and not as the
// emulator computes them.
//
//===----------------------------------------------------------------------------------------------===//

#include "Harness.h"
#include "Rows.h"

#include <cmath>

namespace ptxtest {

namespace {

struct Element {
  unsigned row, column;
};
using Layout = Element (*)(unsigned lane, unsigned i);

// "groupID = %laneid >> 2; threadID_in_group = %laneid % 4"
#define G (lane >> 2)
#define T (lane % 4)

struct Shape {
  const char *name, *types;
  unsigned m, k, bits; ///< of an element of A and B
  unsigned aElements, bElements, cElements;
  Layout a, b, c;
  char sum; ///< f: f32, h: f16, i: s32, d: f64
};

Element c16(unsigned lane, unsigned i) { return {i < 2 ? G : G + 8, T * 2 + (i & 1)}; }
Element c8(unsigned lane, unsigned i) { return {G, T * 2 + (i & 1)}; }

const Shape kShapes[] = {
    // .f16 and .bf16, m16n8k8: row = groupID for a0, a1, groupID + 8 for a2, a3.
    {"m16n8k8", "f16.f16", 16, 8, 16, 4, 2, 4,
     [](unsigned lane, unsigned i) { return Element{i < 2 ? G : G + 8, T * 2 + (i & 1)}; },
     [](unsigned lane, unsigned i) { return Element{T * 2 + i, G}; }, c16, 'f'},
    {"m16n8k8", "bf16.bf16", 16, 8, 16, 4, 2, 4,
     [](unsigned lane, unsigned i) { return Element{i < 2 ? G : G + 8, T * 2 + (i & 1)}; },
     [](unsigned lane, unsigned i) { return Element{T * 2 + i, G}; }, c16, 'f'},
    // m16n8k16: row = groupID for ai where 0 <= i < 2 || 4 <= i < 6; column + 8 for i >= 4.
    {"m16n8k16", "f16.f16", 16, 16, 16, 8, 4, 4,
     [](unsigned lane, unsigned i) {
       return Element{i < 2 || (i >= 4 && i < 6) ? G : G + 8,
                      i < 4 ? T * 2 + (i & 1) : T * 2 + (i & 1) + 8};
     },
     [](unsigned lane, unsigned i) {
       return Element{i < 2 ? T * 2 + (i & 1) : T * 2 + (i & 1) + 8, G};
     },
     c16, 'f'},
    {"m16n8k16", "f16.f16", 16, 16, 16, 8, 4, 4,
     [](unsigned lane, unsigned i) {
       return Element{i < 2 || (i >= 4 && i < 6) ? G : G + 8,
                      i < 4 ? T * 2 + (i & 1) : T * 2 + (i & 1) + 8};
     },
     [](unsigned lane, unsigned i) {
       return Element{i < 2 ? T * 2 + (i & 1) : T * 2 + (i & 1) + 8, G};
     },
     c16, 'h'},
    {"m16n8k16", "bf16.bf16", 16, 16, 16, 8, 4, 4,
     [](unsigned lane, unsigned i) {
       return Element{i < 2 || (i >= 4 && i < 6) ? G : G + 8,
                      i < 4 ? T * 2 + (i & 1) : T * 2 + (i & 1) + 8};
     },
     [](unsigned lane, unsigned i) {
       return Element{i < 2 ? T * 2 + (i & 1) : T * 2 + (i & 1) + 8, G};
     },
     c16, 'f'},
    // .tf32
    {"m16n8k4", "tf32.tf32", 16, 4, 32, 2, 1, 4,
     [](unsigned lane, unsigned i) { return Element{i == 0 ? G : G + 8, T}; },
     [](unsigned lane, unsigned) { return Element{T, G}; }, c16, 'f'},
    {"m16n8k8", "tf32.tf32", 16, 8, 32, 4, 2, 4,
     [](unsigned lane, unsigned i) {
       return Element{i == 0 || i == 2 ? G : G + 8, i < 2 ? T : T + 4};
     },
     [](unsigned lane, unsigned i) { return Element{i == 0 ? T : T + 4, G}; }, c16, 'f'},
    // .s8 and .u8
    {"m8n8k16", "s8.u8", 8, 16, 8, 4, 4, 2,
     [](unsigned lane, unsigned i) { return Element{G, T * 4 + i}; },
     [](unsigned lane, unsigned i) { return Element{T * 4 + i, G}; }, c8, 'i'},
    {"m16n8k16", "u8.s8", 16, 16, 8, 8, 4, 4,
     [](unsigned lane, unsigned i) { return Element{i < 4 ? G : G + 8, T * 4 + (i & 3)}; },
     [](unsigned lane, unsigned i) { return Element{T * 4 + i, G}; }, c16, 'i'},
    {"m16n8k32", "s8.s8", 16, 32, 8, 16, 8, 4,
     [](unsigned lane, unsigned i) {
       return Element{i < 4 || (i >= 8 && i < 12) ? G : G + 8,
                      i < 8 ? T * 4 + (i & 3) : T * 4 + (i & 3) + 16};
     },
     [](unsigned lane, unsigned i) {
       return Element{i < 4 ? T * 4 + (i & 3) : T * 4 + (i & 3) + 16, G};
     },
     c16, 'i'},
    {"m16n8k32", "e4m3.e5m2", 16, 32, 8, 16, 8, 4,
     [](unsigned lane, unsigned i) {
       return Element{i < 4 || (i >= 8 && i < 12) ? G : G + 8,
                      i < 8 ? T * 4 + (i & 3) : T * 4 + (i & 3) + 16};
     },
     [](unsigned lane, unsigned i) {
       return Element{i < 4 ? T * 4 + (i & 3) : T * 4 + (i & 3) + 16, G};
     },
     c16, 'f'},
    // .s4 and .u4
    {"m8n8k32", "s4.s4", 8, 32, 4, 8, 8, 2,
     [](unsigned lane, unsigned i) { return Element{G, T * 8 + i}; },
     [](unsigned lane, unsigned i) { return Element{T * 8 + i, G}; }, c8, 'i'},
    {"m16n8k32", "u4.s4", 16, 32, 4, 16, 8, 4,
     [](unsigned lane, unsigned i) { return Element{i < 8 ? G : G + 8, T * 8 + (i & 7)}; },
     [](unsigned lane, unsigned i) { return Element{T * 8 + i, G}; }, c16, 'i'},
    {"m16n8k64", "s4.u4", 16, 64, 4, 32, 16, 4,
     [](unsigned lane, unsigned i) {
       return Element{i < 8 || (i >= 16 && i < 24) ? G : G + 8,
                      i < 16 ? T * 8 + (i & 7) : T * 8 + (i & 7) + 32};
     },
     [](unsigned lane, unsigned i) {
       return Element{i < 8 ? T * 8 + (i & 7) : T * 8 + (i & 7) + 32, G};
     },
     c16, 'i'},
    // .f64
    {"m8n8k4", "f64.f64", 8, 4, 64, 1, 1, 2, [](unsigned lane, unsigned) { return Element{G, T}; },
     [](unsigned lane, unsigned) { return Element{T, G}; }, c8, 'd'},
    {"m16n8k8", "f64.f64", 16, 8, 64, 4, 2, 4,
     [](unsigned lane, unsigned i) {
       return Element{i == 0 || i == 2 ? G : G + 8, i < 2 ? T : T + 4};
     },
     [](unsigned lane, unsigned i) { return Element{i == 0 ? T : T + 4, G}; }, c16, 'd'},
};

/// The bits of a small integer as an element of a type.
uint64_t encode(const std::string &type, int value) {
  if (type == "f16")
    return toHalf(value);
  if (type == "bf16")
    return toBrain(value);
  if (type == "tf32") // the low bits must not matter
    return bitsOf(float(value)) | (value ? 0x1fff : 0);
  if (type == "f64")
    return bitsOf(double(value));
  if (type == "e4m3" || type == "e5m2") {
    unsigned size = value < 0 ? -value : value, bias = type == "e4m3" ? 7 : 15;
    unsigned bits = type == "e4m3" ? 3 : 2;
    if (size == 0)
      return 0;
    unsigned exponent = size >= 4 ? 2 : size >= 2 ? 1 : 0;
    return (value < 0 ? 128 : 0) | (exponent + bias) << bits |
           ((size << bits >> exponent) & ((1 << bits) - 1));
  }
  return uint64_t(value);
}

std::string list(const char *name, unsigned first, unsigned count) {
  std::string text = "{";
  for (unsigned i = 0; i < count; ++i)
    text += (i ? ", %" : "%") + std::string(name) + std::to_string(first + i);
  return text + "}";
}

unsigned runShape(const Shape &shape) {
  std::string types = shape.types, aType = types.substr(0, types.find('.')),
              bType = types.substr(types.find('.') + 1);
  const bool wide = shape.bits == 64;
  int a[16][64], b[64][8], c[16][8], expected[16][8];
  unsigned state = 12345 + shape.k;
  auto random = [&](int low, int high) {
    state = state * 1664525 + 1013904223;
    return low + int(state >> 8) % (high - low + 1);
  };
  // All products and sums are exact, also in f16; unsigned types have no negative values.
  int limit = aType == "e4m3" ? 3 : 4;
  auto range = [&](const std::string &type) { return random(type[0] == 'u' ? 0 : -limit, limit); };
  for (auto &row : a)
    for (int &x : row)
      x = range(aType);
  for (auto &row : b)
    for (int &x : row)
      x = range(bType);
  for (auto &row : c)
    for (int &x : row)
      x = random(-50, 50);
  for (unsigned m = 0; m < shape.m; ++m)
    for (unsigned n = 0; n < 8; ++n) {
      expected[m][n] = c[m][n];
      for (unsigned k = 0; k < shape.k; ++k)
        expected[m][n] += a[m][k] * b[k][n];
    }
  // Registers of a lane, 8 bytes apart.
  const unsigned perRegister = wide ? 1 : 32 / shape.bits;
  const unsigned aCount = shape.aElements / perRegister, bCount = shape.bElements / perRegister;
  const unsigned cCount = shape.sum == 'h' ? shape.cElements / 2 : shape.cElements;
  const unsigned total = aCount + bCount + cCount;
  std::vector<uint64_t> in(32 * total), out(32 * cCount);
  for (unsigned lane = 0; lane < 32; ++lane) {
    uint64_t *registers = &in[lane * total];
    uint64_t mask = wide ? ~0ull : shape.bits == 32 ? 0xffffffffull : (1ull << shape.bits) - 1;
    for (unsigned i = 0; i < shape.aElements; ++i) {
      Element at = shape.a(lane, i);
      registers[i / perRegister] |= (encode(aType, a[at.row][at.column]) & mask)
                                    << shape.bits * (i % perRegister) % 64;
    }
    for (unsigned i = 0; i < shape.bElements; ++i) {
      Element at = shape.b(lane, i);
      registers[aCount + i / perRegister] |= (encode(bType, b[at.row][at.column]) & mask)
                                             << shape.bits * (i % perRegister) % 64;
    }
    for (unsigned i = 0; i < shape.cElements; ++i) {
      Element at = shape.c(lane, i);
      int value = c[at.row][at.column];
      if (shape.sum == 'h')
        registers[aCount + bCount + i / 2] |= uint64_t(toHalf(value)) << 16 * (i & 1);
      else
        registers[aCount + bCount + i] = shape.sum == 'f'   ? bitsOf(float(value))
                                         : shape.sum == 'd' ? bitsOf(double(value))
                                                            : uint32_t(value);
    }
  }
  std::string name = wide ? "d" : "r", type = wide ? "f64" : "b32";
  std::string body = "mul.wide.u32 %w0, %tid, " + std::to_string(8 * total) +
                     "; add.s64 %in, %in, %w0; mul.wide.u32 %w1, %tid, " +
                     std::to_string(8 * cCount) + "; add.s64 %out, %out, %w1;\n";
  for (unsigned i = 0; i < total; ++i)
    body += "ld.global." + type + " %" + name + std::to_string(i) + ", [%in+" +
            std::to_string(8 * i) + "];\n";
  std::string sum = shape.sum == 'f'   ? "f32"
                    : shape.sum == 'h' ? "f16"
                    : shape.sum == 'd' ? "f64"
                                       : "s32";
  // D takes the place of C, which must not matter.
  std::string cList = list(name.c_str(), aCount + bCount, cCount);
  body += "mma.sync.aligned." + std::string(shape.name) + ".row.col." + sum + "." + types + "." +
          sum + " " + cList + ", " + list(name.c_str(), 0, aCount) + ", " +
          list(name.c_str(), aCount, bCount) + ", " + cList + ";\n";
  for (unsigned i = 0; i < cCount; ++i)
    body += "st.global." + type + " [%out+" + std::to_string(8 * i) + "], %" + name +
            std::to_string(aCount + bCount + i) + ";\n";
  if (!runBody(body, in, out))
    return 1;
  unsigned failures = 0;
  for (unsigned lane = 0; lane < 32; ++lane)
    for (unsigned i = 0; i < shape.cElements; ++i) {
      Element at = shape.c(lane, i);
      const uint64_t *registers = &out[lane * cCount];
      double got = shape.sum == 'f'   ? double(as<float>(registers[i]))
                   : shape.sum == 'd' ? as<double>(registers[i])
                   : shape.sum == 'h' ? fromHalf(registers[i / 2] >> 16 * (i & 1))
                                      : double(int32_t(registers[i]));
      if (got != expected[at.row][at.column] && failures++ < 3)
        std::printf("mma %s %s: lane %u, element %u is %g, expected %d\n", shape.name, shape.types,
                    lane, i, got, expected[at.row][at.column]);
    }
  return failures;
}

/// ldmatrix and stmatrix: 4 matrices of 8 x 8 at scattered rows.
unsigned runMatrixMoves() {
  unsigned failures = 0;
  for (unsigned count : {1u, 2u, 4u})
    for (bool transposed : {false, true}) {
      std::vector<uint16_t> in(4 * 64);
      for (unsigned i = 0; i < in.size(); ++i)
        in[i] = i * 257 + 3;
      std::vector<uint32_t> out(32 * 4, 0);
      std::vector<uint16_t> back(4 * 64, 0);
      std::string trans = transposed ? ".trans" : "", x = ".x" + std::to_string(count) + trans;
      // Row r of the input goes to shared row r * 5 mod 32 of 16 bytes.
      std::string common = ".shared .align 16 .b8 s[512];\n"
                           "mul.wide.u32 %w0, %tid, 16; add.s64 %w0, %in, %w0;\n"
                           "ld.global.v4.b32 {%r0, %r1, %r2, %r3}, [%w0];\n"
                           "mul.lo.u32 %r4, %tid, 5; and.b32 %r4, %r4, 31; shl.b32 %r4, %r4, 4;\n"
                           "mov.u32 %r5, s; add.s32 %r5, %r5, %r4;\n";
      std::string load = common + "st.shared.v4.b32 [%r5], {%r0, %r1, %r2, %r3}; bar.sync 0;\n" +
                         "mov.b32 %r8, 0; mov.b32 %r9, 0; mov.b32 %r10, 0; mov.b32 %r11, 0;\n"
                         "ldmatrix.sync.aligned.m8n8" +
                         x + ".shared.b16 " + list("r", 8, count) +
                         ", [%r5];\nmul.wide.u32 %w1, %tid, 16; add.s64 %w1, %out, %w1;\n"
                         "st.global.v4.b32 [%w1], {%r8, %r9, %r10, %r11};";
      if (!runBody(load, in, out))
        return failures + 1;
      for (unsigned matrix = 0; matrix < count; ++matrix)
        for (unsigned lane = 0; lane < 32; ++lane)
          for (unsigned i = 0; i < 2; ++i) {
            unsigned row = transposed ? 2 * (lane % 4) + i : lane / 4;
            unsigned column = transposed ? lane / 4 : 2 * (lane % 4) + i;
            uint16_t want = in[matrix * 64 + row * 8 + column];
            uint16_t got = out[lane * 4 + matrix] >> 16 * i;
            if (got != want && failures++ < 3)
              std::printf("ldmatrix%s: lane %u half %u of matrix %u\n", x.c_str(), lane, i, matrix);
          }
      // The registers of ldmatrix, stored by stmatrix, are the matrices again.
      std::string store = common +
                          "mul.wide.u32 %w1, %tid, 16; add.s64 %w1, %in, %w1;\n"
                          "ld.global.v4.b32 {%r8, %r9, %r10, %r11}, [%w1];\n"
                          "mov.b32 %r0, 0; st.shared.v4.b32 [%r5], {%r0, %r0, %r0, %r0};\n"
                          "bar.sync 0;\nstmatrix.sync.aligned.m8n8" +
                          x + ".shared.b16 [%r5], " + list("r", 8, count) +
                          ";\nbar.sync 0;\nld.shared.v4.b32 {%r0, %r1, %r2, %r3}, [%r5];\n"
                          "mul.wide.u32 %w0, %tid, 16; add.s64 %w0, %out, %w0;\n"
                          "st.global.v4.b32 [%w0], {%r0, %r1, %r2, %r3};";
      if (!runBody(store, out, back))
        return failures + 1;
      for (unsigned i = 0; i < count * 64; ++i)
        if (back[i] != in[i] && failures++ < 3)
          std::printf("stmatrix%s: element %u\n", x.c_str(), i);
    }
  std::vector<uint32_t> in(32), out(32);
  for (unsigned i = 0; i < 32; ++i)
    in[i] = i << 17 | 1 << 16 | i << 1;
  if (!runBody("mul.wide.u32 %w0, %tid, 4; add.s64 %in, %in, %w0; add.s64 %out, %out, %w0;\n"
               "ld.global.b32 %r0, [%in]; movmatrix.sync.aligned.m8n8.trans.b16 %r0, %r0;\n"
               "st.global.b32 [%out], %r0;",
               in, out))
    return failures + 1;
  // Element (r, c) was 2 (4 r + c / 2) + c % 2 = 8 r + c.
  for (unsigned lane = 0; lane < 32; ++lane)
    for (unsigned i = 0; i < 2; ++i)
      if (uint16_t(out[lane] >> 16 * i) != 8 * (2 * (lane % 4) + i) + lane / 4 && failures++ < 3)
        std::printf("movmatrix: lane %u\n", lane);
  return failures;
}

/// Sums are rounded to f32 one after the other: 2^24 + 1 + 1 ... stays 2^24.
unsigned runRounding() {
  std::vector<uint32_t> in(32), out(32 * 2);
  std::string one = std::to_string(0x3c003c00), big = std::to_string(0x4b800000);
  if (!runBody("mov.b32 %r0, " + one + "; mov.b32 %r1, " + big +
                   ";\nmma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%r2, %r3, %r4, %r5}, "
                   "{%r0, %r0, %r0, %r0}, {%r0, %r0}, {%r1, 0, 0, 0};\n"
                   "mul.wide.u32 %w0, %tid, 8; add.s64 %out, %out, %w0;\n"
                   "st.global.v2.b32 [%out], {%r2, %r3};",
               in, out))
    return 1;
  unsigned failures = 0;
  for (unsigned lane = 0; lane < 32; ++lane)
    if (out[2 * lane] != 0x4b800000 || out[2 * lane + 1] != 0x41800000)
      ++failures;
  if (failures)
    std::printf("mma: sums are not rounded in order\n");
  return failures;
}

} // namespace

unsigned runMatrices() {
  unsigned failures = runMatrixMoves() + runRounding();
  for (const Shape &shape : kShapes)
    failures += runShape(shape);
  std::printf("matrices: %zu shapes, %u failures\n", sizeof kShapes / sizeof *kShapes, failures);
  return failures;
}

} // namespace ptxtest
