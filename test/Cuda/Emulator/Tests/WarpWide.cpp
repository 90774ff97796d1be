//===- WarpWide.cpp - shfl, vote, match, redux and atomics against models of single lanes
//--------===//

#include "Harness.h"
#include "Rows.h"

#include <algorithm>
#include <cmath>

namespace ptxtest {

namespace {

std::vector<uint32_t> values() {
  std::vector<uint32_t> in(32);
  for (unsigned i = 0; i < 32; ++i)
    in[i] = (i * 2654435761u >> 7) % 5 * 1000 + i % 3 - 1;
  return in;
}

const char *kLoad = "mul.wide.u32 %w0, %tid, 4; add.s64 %w1, %in, %w0; add.s64 %w2, %out, %w0;\n"
                    "ld.global.b32 %r0, [%w1];\n";

unsigned check(const std::string &text, const std::vector<uint32_t> &want) {
  std::vector<uint32_t> out(32);
  if (!runBody(kLoad + text + "\nst.global.b32 [%w2], %r1;", values(), out))
    return 1;
  for (unsigned i = 0; i < 32; ++i)
    if (out[i] != want[i]) {
      std::printf("%s: lane %u is 0x%x, expected 0x%x\n", text.c_str(), i, out[i], want[i]);
      return 1;
    }
  return 0;
}

unsigned runShuffles() {
  unsigned failures = 0;
  const std::vector<uint32_t> in = values();
  for (unsigned mode = 0; mode < 4; ++mode)
    for (unsigned width : {32u, 16u, 8u, 2u})
      for (unsigned by : {0u, 1u, 3u, 8u, 17u, 31u}) {
        const char *names[] = {"up", "down", "bfly", "idx"};
        // As CUDA's __shfl_*_sync with a width encodes it.
        unsigned c = (32 - width) << 8 | (mode == 0 ? 0 : 31);
        std::vector<uint32_t> want(32);
        for (unsigned lane = 0; lane < 32; ++lane) {
          unsigned base = lane / width * width, in_ = lane % width;
          long from = mode == 0   ? long(in_) - long(by)
                      : mode == 1 ? long(in_) + by
                      : mode == 2 ? long(lane ^ by) - long(base)
                                  : long(by % width);
          // A butterfly may reach an earlier segment, but not a later one.
          bool inside = mode == 2 ? from < long(width) : from >= 0 && from < long(width);
          long lane_ = inside ? long(base) + from : long(lane);
          want[lane] = in[lane_] * 2 + inside;
        }
        failures += check("shfl.sync." + std::string(names[mode]) + ".b32 %r2|%p0, %r0, " +
                              std::to_string(by) + ", " + std::to_string(c) +
                              ", -1;\nselp.b32 %r3, 1, 0, %p0; mad.lo.u32 %r1, %r2, 2, %r3;",
                          want);
      }
  return failures;
}

template <class F> std::vector<uint32_t> all(F formula) {
  std::vector<uint32_t> want(32);
  for (unsigned lane = 0; lane < 32; ++lane)
    want[lane] = formula(lane);
  return want;
}

unsigned runVotes() {
  unsigned failures = 0;
  const std::vector<uint32_t> in = values();
  uint32_t big = 0;
  for (unsigned i = 0; i < 32; ++i)
    big |= uint32_t(in[i] > 1500) << i;
  const std::string compare = "setp.gt.u32 %p1, %r0, 1500;\n";
  failures +=
      check(compare + "vote.sync.ballot.b32 %r1, %p1, -1;", all([=](unsigned) { return big; }));
  failures +=
      check(compare + "vote.sync.ballot.b32 %r1, !%p1, -1;", all([=](unsigned) { return ~big; }));
  failures += check(compare + "vote.sync.any.pred %p2, %p1, -1; selp.b32 %r1, 1, 0, %p2;",
                    all([](unsigned) { return 1; }));
  failures += check(compare + "vote.sync.all.pred %p2, %p1, -1; selp.b32 %r1, 1, 0, %p2;",
                    all([](unsigned) { return 0; }));
  failures += check(compare + "vote.sync.uni.pred %p2, %p1, -1; selp.b32 %r1, 1, 0, %p2;",
                    all([](unsigned) { return 0; }));
  // Under divergence: both sides name their own lanes.
  failures += check(compare + "vote.sync.ballot.b32 %r4, %p1, -1; not.b32 %r5, %r4;\n"
                              "@%p1 bra YES;\nvote.sync.ballot.b32 %r1, 1, %r5; bra DONE;\n"
                              "YES: activemask.b32 %r1;\nDONE:",
                    all([=](unsigned lane) { return big >> lane & 1 ? big : ~big; }));
  failures += check("match.any.sync.b32 %r1, %r0, -1;", all([&](unsigned lane) {
                      uint32_t mask = 0;
                      for (unsigned i = 0; i < 32; ++i)
                        mask |= uint32_t(in[i] == in[lane]) << i;
                      return mask;
                    }));
  failures += check("and.b32 %r2, %tid, 0; match.all.sync.b32 %r3|%p0, %r2, -1; "
                    "selp.b32 %r1, %r3, 0, %p0;",
                    all([](unsigned) { return ~0u; }));
  failures += check("match.all.sync.b32 %r1|%p0, %r0, -1; @%p0 mov.b32 %r1, 7;",
                    all([](unsigned) { return 0; }));
  auto fold = [&](auto operation, bool isSigned) {
    int64_t sum = isSigned ? int64_t(int32_t(in[0])) : int64_t(in[0]);
    for (unsigned i = 1; i < 32; ++i)
      sum = operation(sum, isSigned ? int64_t(int32_t(in[i])) : int64_t(in[i]));
    return all([=](unsigned) { return uint32_t(sum); });
  };
  using I = int64_t;
  auto least = [](I a, I b) { return std::min(a, b); };
  auto greatest = [](I a, I b) { return std::max(a, b); };
  failures +=
      check("redux.sync.add.u32 %r1, %r0, -1;", fold([](I a, I b) { return a + b; }, false));
  failures += check("redux.sync.min.s32 %r1, %r0, -1;", fold(least, true));
  failures += check("redux.sync.max.u32 %r1, %r0, -1;", fold(greatest, false));
  failures += check("redux.sync.max.s32 %r1, %r0, -1;", fold(greatest, true));
  failures +=
      check("redux.sync.xor.b32 %r1, %r0, -1;", fold([](I a, I b) { return a ^ b; }, false));
  failures += check("bar.red.popc.u32 %r1, 0, %p0;", all([](unsigned) { return 0; }));
  failures += check(compare + "bar.red.popc.u32 %r1, 0, %p1;",
                    all([=](unsigned) { return __builtin_popcount(big); }));
  failures += check(compare + "bar.red.or.pred %p2, 0, !%p1; selp.b32 %r1, 1, 0, %p2;",
                    all([](unsigned) { return 1; }));
  failures += check("elect.sync %r2|%p0, 0xffffffff; selp.b32 %r1, 1, %r2, %p0;",
                    all([](unsigned lane) { return lane == 0; }));
  return failures;
}

} // namespace

unsigned runWarpOpcodes() {
  unsigned failures = runShuffles() + runVotes();
  std::printf("warp-wide: %u failures\n", failures);
  return failures;
}

unsigned runAtomics() {
  unsigned failures = 0, count = 0;
  // All lanes act on one word; `fold` is applied in the order of the lanes.
  auto one = [&](const std::string &operation, const std::string &type, uint32_t start, auto fold) {
    for (bool isShared : {false, true}) {
      std::vector<uint32_t> in = values(), out(33);
      out[32] = start;
      if (type == "f32")
        for (unsigned i = 0; i < 32; ++i)
          in[i] = bitsOf(float(in[i] % 17) / 4);
      if (type == "f16x2")
        for (unsigned i = 0; i < 32; ++i)
          in[i] = toHalf(in[i] % 5) | uint32_t(toHalf(i)) << 16;
      std::string place = isShared ? "[s]" : "[%out+128]", space = isShared ? "shared" : "global";
      std::string text = std::string(".shared .align 4 .b8 s[4];\n") + kLoad +
                         "ld.global.b32 %r5, [%out+128]; setp.eq.u32 %p0, %tid, 0;\n"
                         "@%p0 st.shared.b32 [s], %r5;\n"
                         "atom." +
                         space + "." + operation + "." + type + " %r1, " + place +
                         ", %r0;\nst.global.b32 [%w2], %r1; ld.shared.b32 %r6, [s];\n";
      if (isShared)
        text += "st.global.b32 [%out+128], %r6;";
      ++count;
      if (!runBody(text, in, out)) {
        ++failures;
        continue;
      }
      uint32_t state = start;
      bool good = true;
      for (unsigned i = 0; i < 32; ++i) {
        good &= out[i] == state;
        state = fold(state, in[i]);
      }
      if (!good || out[32] != state) {
        ++failures;
        std::printf("atom.%s.%s.%s: 0x%x, expected 0x%x\n", space.c_str(), operation.c_str(),
                    type.c_str(), out[32], state);
      }
    }
  };
  using U = uint32_t;
  one("add", "u32", 5, [](U a, U b) { return a + b; });
  one("min", "s32", 5, [](U a, U b) { return U(std::min(int32_t(a), int32_t(b))); });
  one("min", "u32", 5, [](U a, U b) { return std::min(a, b); });
  one("max", "s32", 5, [](U a, U b) { return U(std::max(int32_t(a), int32_t(b))); });
  one("inc", "u32", 5, [](U a, U b) { return a >= b ? 0 : a + 1; });
  one("dec", "u32", 5, [](U a, U b) { return a == 0 || a > b ? b : a - 1; });
  one("and", "b32", ~0u, [](U a, U b) { return a & b; });
  one("or", "b32", 5, [](U a, U b) { return a | b; });
  one("xor", "b32", 5, [](U a, U b) { return a ^ b; });
  one("exch", "b32", 5, [](U, U b) { return b; });
  one("add", "f32", 0x3f800000, [](U a, U b) { return U(bitsOf(as<float>(a) + as<float>(b))); });
  one("add.noftz", "f16x2", 0, [](U a, U b) {
    return toHalf(fromHalf(a) + fromHalf(b)) | U(toHalf(fromHalf(a >> 16) + fromHalf(b >> 16)))
                                                   << 16;
  });
  std::printf("atomics: %u checks, %u failures\n", count, failures);
  return failures;
}

} // namespace ptxtest
