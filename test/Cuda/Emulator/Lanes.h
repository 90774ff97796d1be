//===- Lanes.h - loops over the active lanes --------------------------------------------*- C++
//-*-===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_LANES_H
#define MLOPT_TEST_CUDA_EMULATOR_LANES_H

#include "Decoder.h"
#include "Warp.h"

#include <cstring>

namespace ptxemu {

/// Calls `body(lane)` for the lanes of `mask`. A destination is either a source of the same
/// instruction or apart from it, lane by lane, so the full loop may be vectorised.
template <class Body> inline __attribute__((always_inline)) void lanes(uint32_t mask, Body body) {
  if (mask == ~0u) {
#pragma clang loop vectorize(assume_safety)
    for (unsigned lane = 0; lane < 32; ++lane)
      body(lane);
  } else {
    for (; mask; mask &= mask - 1)
      body(unsigned(__builtin_ctz(mask)));
  }
}

/// op 0 = F(op 1), F(op 1, op 2), F(op 1, op 2, op 3); all of the types given.
template <class D, class A, class F> void unary(Warp &warp, const Inst &inst) {
  D *d = warp.out<D>(inst, 0);
  const A *a = warp.in<A>(inst, 1);
  lanes(warp.active, [=](unsigned l) __attribute__((always_inline)) { d[l] = F::of(a[l]); });
}
template <class D, class A, class B, class F> void binary(Warp &warp, const Inst &inst) {
  D *d = warp.out<D>(inst, 0);
  const A *a = warp.in<A>(inst, 1);
  const B *b = warp.in<B>(inst, 2);
  lanes(warp.active, [=](unsigned l) __attribute__((always_inline)) { d[l] = F::of(a[l], b[l]); });
}
template <class D, class A, class B, class C, class F> void ternary(Warp &warp, const Inst &inst) {
  D *d = warp.out<D>(inst, 0);
  const A *a = warp.in<A>(inst, 1);
  const B *b = warp.in<B>(inst, 2);
  const C *c = warp.in<C>(inst, 3);
  lanes(warp.active,
        [=](unsigned l) __attribute__((always_inline)) { d[l] = F::of(a[l], b[l], c[l]); });
}

template <class To, class From> inline To bitCast(From from) {
  static_assert(sizeof(To) == sizeof(From), "same width");
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

/// Appends the destination and `sources` sources, all of `bytes`.
inline bool plainOperands(Decoder &d, Inst &inst, unsigned sources, unsigned bytes) {
  if (!d.expect(sources + 1) || !d.destination(inst, 0, bytes))
    return false;
  for (unsigned i = 1; i <= sources; ++i)
    if (!d.source(inst, i, bytes))
      return false;
  return true;
}

} // namespace ptxemu

#endif
