//===- ConvolutionOutput.cpp - From sums to the kernel's result -----------===//
#include "ConvolutionOutput.h"

using namespace mlir;
using namespace mlopt;

ConvolutionOutput::ConvolutionOutput(GpuBuilder &g, Value hero, Value bias, int64_t channels)
    : e(g), g(g), hero(hero), bias(bias && isa<RankedTensorType>(bias.getType()) ? bias : Value()),
      channels(channels) {}

Coords ConvolutionOutput::indexOf(const OutputPixel &pixel, Value channel, int64_t lanes) {
  Coords index = {
      {pixel[0], 0}, {channel, lanes > 1 ? 1 : 0}, {pixel[1], 0}, {pixel[2], 0}, {pixel[3], 0}};
  index.erase(index.begin() + 2,
              index.begin() + 2 + (5 - cast<RankedTensorType>(hero.getType()).getRank()));
  return index;
}

void ConvolutionOutput::storeLanes(ArrayRef<Coord> index, Value channel, Value sums,
                                   int64_t lanes) {
  Value v = sums;
  if (bias) {
    Value of = e.at(bias, Coord{channel, lanes > 1 ? 1 : 0}, lanes);
    if (!of) {
      result = failure();
      return;
    }
    v = e.scalar().add(v, of);
  }
  e.setOverride(hero, [&](ArrayRef<Coord>, int64_t) { return v; });
  auto yield = cast<YieldOp>(g.kernel.getBody().front().getTerminator());
  if (Value out = e.at(yield.getValues()[0], index, lanes))
    e.storeResult(0, out, index, lanes);
  else
    result = failure();
  e.clearOverride(hero);
}

void ConvolutionOutput::store(const OutputPixel &pixel, Value channel, Value sums, int64_t lanes) {
  ElementAt::Scope scope(e);
  Coords index = indexOf(pixel, channel, lanes);
  // Rows of every operand begin at a multiple of the lanes, or there is a limit.
  g.alignedLanes = channels % lanes == 0;
  if (lanes == 1 || channels % 8 == 0) {
    storeLanes(index, channel, sums, lanes);
    g.alignedLanes = false;
    return;
  }
  Value whole = arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::sle, g.add(channel, lanes),
                                      g.index(channels));
  g.ifThen(
      whole,
      [&] {
        ElementAt::Scope inner(e);
        storeLanes(index, channel, sums, lanes);
      },
      [&] {
        ElementAt::Scope inner(e);
        g.alignedLanes = false;
        e.setLaneLimit(g.max(g.sub(g.index(channels), channel), g.index(0)));
        storeLanes(index, channel, sums, lanes);
        e.setLaneLimit({});
      });
  g.alignedLanes = false;
}

void ConvolutionOutput::storePadding(const OutputPixel &pixel, Value channel) {
  auto yield = cast<YieldOp>(g.kernel.getBody().front().getTerminator());
  Type type = computeType(cast<RankedTensorType>(yield.getValues()[0].getType()).getElementType());
  Value zero = arith::ConstantOp::create(g.b, g.loc, g.b.getZeroAttr(type));
  e.storeResult(0, zero, indexOf(pixel, channel, 1), 1);
}
