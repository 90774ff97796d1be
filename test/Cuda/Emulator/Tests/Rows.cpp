#include "Rows.h"

#include "Machine.h"

#include <cmath>
#include <cstdio>
#include <limits>

using namespace ptxemu;

namespace ptxtest {

static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

uint64_t valueOf(const std::string &type, unsigned index, unsigned operand) {
  static const double reals[] = {
      0.0,        -0.0,  1,        -1,         0.5,          1.5,           -2.5,         3.5,
      0.49999997, 65504, 65520,    -65536,     1e-8,         -6e-8,         5.96e-8,      3e38,
      -1e39,      1e-40, 1e-45,    2147483647, 2147483648.0, -2147483649.0, 4294967296.0, 9.3e18,
      -9.3e18,    1e300, INFINITY, -INFINITY,  NAN,          3.14159265,    255.5,        127.5};
  constexpr unsigned realCount = sizeof reals / sizeof *reals;
  static const uint64_t integers[] = {0,
                                      1,
                                      2,
                                      3,
                                      7,
                                      8,
                                      15,
                                      16,
                                      31,
                                      32,
                                      33,
                                      63,
                                      64,
                                      100,
                                      127,
                                      128,
                                      255,
                                      256,
                                      32767,
                                      32768,
                                      65535,
                                      65536,
                                      0x7fffffff,
                                      0x80000000,
                                      0xffffffff,
                                      0x100000000ull,
                                      0x7fffffffffffffffull,
                                      0x8000000000000000ull,
                                      ~0ull,
                                      ~1ull,
                                      0xfffffffffffffff0ull,
                                      0x123456789abcdefull};
  constexpr unsigned integerCount = sizeof integers / sizeof *integers;
  uint64_t random = mix(index * 4 + operand);
  // All pairs of edges come first.
  unsigned edge = operand == 0 ? index % 32 : operand == 1 ? index / 32 % 32 : random % 32;
  bool isEdge = index < 1024;
  bool isReal = type[0] == 'f' || type[0] == 'b';
  if (type == "pred")
    return random & 1;
  if (!isReal || type == "b16" || type == "b32" || type == "b64")
    return isEdge ? integers[edge % integerCount] : random >> (random % 64 & 62);
  double value = reals[edge % realCount];
  if (!isEdge) {
    if (type == "f64")
      return random;
    value = std::ldexp(1.0 + double(random >> 12) * 0x1p-52, int(random % 60) - 30);
    value = random & 64 ? -value : value;
  }
  if (type == "f64")
    return bitsOf(value);
  if (type == "f32")
    return bitsOf(float(value));
  auto half = [&](double x) { return type.substr(0, 3) == "f16" ? toHalf(x) : toBrain(x); };
  uint64_t low = half(value);
  return type.back() == '2' ? low | uint64_t(half(reals[random % realCount])) << 16 : low;
}

unsigned roundBySearch(Quad magnitude, unsigned last, const std::function<Quad(unsigned)> &decode,
                       int direction) {
  unsigned low = 0, high = last;
  while (low < high) { // the greatest value that is not above
    unsigned middle = (low + high + 1) / 2;
    if (decode(middle) <= magnitude)
      low = middle;
    else
      high = middle - 1;
  }
  Quad below = decode(low);
  if (below == magnitude || direction == 1)
    return low;
  // The step above the last value is the one before it.
  Quad step = low == last ? below - decode(low - 1) : decode(low + 1) - below;
  Quad twice = (magnitude - below) * 2;
  bool up = twice > step || (twice == step && (direction == 2 || (low & 1)));
  return low + up; // last + 1 is infinity
}

double fromHalf(uint16_t bits) {
  int exponent = bits >> 10 & 31, mantissa = bits & 1023;
  double value = exponent == 31 ? (mantissa ? NAN : INFINITY)
                 : exponent     ? std::ldexp(1024 + mantissa, exponent - 25)
                                : std::ldexp(mantissa, -24);
  return bits >> 15 ? -value : value;
}
double fromBrain(uint16_t bits) { return as<float>(uint64_t(bits) << 16); }

static uint16_t to16(Quad value, int direction, unsigned last, double (*decode)(uint16_t)) {
  if (value != value)
    return 0x7fff;
  bool negative = std::signbit(double(value));
  Quad magnitude = negative ? -value : value;
  unsigned bits =
      std::isinf(double(value)) && magnitude > Quad(1e308)
          ? last + 1
          : roundBySearch(magnitude, last, [&](unsigned i) { return Quad(decode(i)); }, direction);
  return bits | (negative ? 0x8000 : 0);
}
uint16_t toHalf(Quad value, int direction) { return to16(value, direction, 0x7bff, fromHalf); }
uint16_t toBrain(Quad value, int direction) { return to16(value, direction, 0x7f7f, fromBrain); }

static unsigned bytesOf(const std::string &type) {
  if (type == "pred")
    return 0;
  if (type.substr(0, 2) == "e4" || type.substr(0, 2) == "e5")
    return 2;
  if (type.size() > 2 && type.substr(type.size() - 2) == "x2")
    return 4;
  return std::stoul(type.substr(type.find_first_of("0123456789"))) / 8;
}

static bool isNan(const std::string &type, uint64_t bits) {
  if (type == "f32")
    return std::isnan(as<float>(bits));
  if (type == "f64")
    return std::isnan(as<double>(bits));
  if (type == "f16")
    return std::isnan(fromHalf(bits));
  if (type == "bf16")
    return std::isnan(fromBrain(bits));
  return false;
}
static double realOf(const std::string &type, uint64_t bits) {
  return type == "f32"   ? as<float>(bits)
         : type == "f64" ? as<double>(bits)
         : type == "f16" ? fromHalf(bits)
                         : fromBrain(bits);
}

static bool agrees(const Row &row, uint64_t got, uint64_t want) {
  if (row.result == "f16x2" || row.result == "bf16x2") {
    std::string part = row.result.substr(0, row.result.size() - 2);
    for (unsigned shift : {0u, 16u}) {
      uint16_t g = got >> shift, w = want >> shift;
      if (g != w && !(isNan(part, g) && isNan(part, w)))
        return false;
    }
    return true;
  }
  if (got == want || (isNan(row.result, got) && isNan(row.result, want)))
    return true;
  if (row.relative == 0 && row.absolute == 0)
    return false;
  double g = realOf(row.result, got), w = realOf(row.result, want);
  return std::fabs(g - w) <= std::max(row.absolute, row.relative * std::fabs(w));
}

unsigned run(const char *title, const std::vector<Row> &rows) {
  constexpr unsigned kCount = 2048;
  unsigned failures = 0, checks = 0;
  for (const Row &row : rows) {
    // The result begins as 5s, which lanes that the predicate excludes must keep.
    std::string text = ".version 8.3\n.target sm_90\n.address_size 64\n"
                       ".entry k(.param .u64 p, .param .u64 q) {\n"
                       ".reg .b64 %x<4>; .reg .b32 %y<4>; .reg .b16 %z<4>; .reg .pred %on, %g;\n"
                       "mov.u32 %y0, %tid.x; mov.u32 %y1, %ctaid.x; mov.u32 %y2, %ntid.x;\n"
                       "mad.lo.u32 %y0, %y1, %y2, %y0; and.b32 %y3, %y0, 3;\n"
                       "setp.ne.u32 %on, %y3, 1;\n"
                       "ld.param.u64 %x0, [p]; ld.param.u64 %x1, [q];\n"
                       "mul.wide.u32 %x2, %y0, 32; add.s64 %x0, %x0, %x2;\n"
                       "mul.wide.u32 %x2, %y0, 8; add.s64 %x1, %x1, %x2;\n"
                       "mov.b64 %x3, 0x0505050505050505; mov.u32 %y3, 0x05050505;\n"
                       "mov.u16 %z3, 0x0505;\n";
    for (size_t i = 0; i < row.sources.size(); ++i) {
      const std::string name(1, char('a' + i)), &type = row.sources[i];
      std::string place = "[%x0+" + std::to_string(8 * i) + "];\n";
      unsigned bytes = bytesOf(type);
      if (bytes == 0)
        text += ".reg .pred %" + name + "; ld.global.u16 %z0, " + place + "setp.ne.b16 %" + name +
                ", %z0, 0;\n";
      else
        text += ".reg .b" + std::to_string(std::max(bytes, 2u) * 8) + " %" + name + "; ld.global." +
                (bytes == 1 ? type : "b" + std::to_string(bytes * 8)) + " %" + name + ", " + place;
    }
    unsigned bytes = bytesOf(row.result);
    if (bytes == 0)
      text += ".reg .pred %d; setp.eq.u32 %d, 0, 1;\n@GUARD " + row.text +
              "\nselp.u16 %z1, 1, 0, %d; st.global.u16 [%x1], %z1;\n";
    else
      text += ".reg .b" + std::to_string(std::max(bytes, 2u) * 8) + " %d; mov.b" +
              std::to_string(std::max(bytes, 2u) * 8) + " %d, %" +
              (bytes == 8   ? "x3"
               : bytes == 4 ? "y3"
                            : "z3") +
              ";\n@GUARD " + row.text + "\nst.global.b" + std::to_string(bytes * 8) +
              " [%x1], %d;\n";
    text += "ret;\n}\n";
    for (bool guarded : {false, true}) {
      std::string module = text;
      // A block in braces is branched around.
      bool isBlock = row.text[0] == '{';
      module.replace(module.find("@GUARD "), 7,
                     !guarded  ? ""
                     : isBlock ? "@!%on bra OFF;\n"
                               : "@%on ");
      if (isBlock)
        module.insert(module.find(row.text) + row.text.size(), "\nOFF:");
      Memory memory;
      std::string error;
      auto loaded = Module::load(module, memory, 90, error);
      if (!loaded) {
        std::printf("%s: %s: %s\n", title, row.text.c_str(), error.c_str());
        ++failures;
        break;
      }
      std::vector<uint64_t> in(kCount * 4), out(kCount);
      for (unsigned i = 0; i < kCount; ++i)
        for (unsigned operand = 0; operand < row.sources.size(); ++operand)
          in[4 * i + operand] = valueOf(row.sources[operand], i, operand);
      uint64_t arguments[2] = {memory.allocate(in.size() * 8), memory.allocate(out.size() * 8)};
      memory.write(arguments[0], in.data(), in.size() * 8, error);
      Launch launch;
      launch.module = loaded.get();
      launch.kernel = loaded->findKernel("k");
      launch.grid = {kCount / 256, 1, 1};
      launch.block = {256, 1, 1};
      launch.parameters = arguments;
      launch.parameterBytes = sizeof arguments;
      Report report;
      Options options;
      options.threads = 1;
      Result result = Machine(memory, options).launch(launch, report);
      if (!result) {
        std::printf("%s: %s\n", title, result.message.c_str());
        ++failures;
        break;
      }
      memory.read(arguments[1], out.data(), out.size() * 8, error);
      unsigned shown = 0;
      for (unsigned i = 0; i < kCount; ++i) {
        uint64_t mask = bytes == 8 ? ~0ull : bytes ? (1ull << bytes * 8) - 1 : 1, operands[3] = {};
        for (size_t operand = 0; operand < row.sources.size(); ++operand) {
          unsigned size = bytesOf(row.sources[operand]);
          operands[operand] = in[4 * i + operand] & (size == 8 ? ~0ull
                                                     : size    ? (1ull << size * 8) - 1
                                                               : 1);
        }
        bool off = guarded && (i & 3) == 1;
        uint64_t want = (off ? (bytes ? 0x0505050505050505ull : 0)
                             : row.expect(operands[0], operands[1], operands[2])) &
                        mask;
        uint64_t got = out[i] & mask;
        ++checks;
        if (off ? got == want : agrees(row, got, want))
          continue;
        ++failures;
        if (shown++ < 3)
          std::printf("%s: %s%s (0x%llx, 0x%llx, 0x%llx) = 0x%llx, expected 0x%llx\n", title,
                      guarded ? "@p " : "", row.text.c_str(), (unsigned long long)operands[0],
                      (unsigned long long)operands[1], (unsigned long long)operands[2],
                      (unsigned long long)got, (unsigned long long)want);
      }
    }
  }
  std::printf("%s: %zu rows, %u checks, %u failures\n", title, rows.size(), checks, failures);
  return failures;
}

} // namespace ptxtest
