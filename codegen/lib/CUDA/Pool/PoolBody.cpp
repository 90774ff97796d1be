//===- PoolBody.cpp - Windows, and images as one window -------------------===//
//
// A thread has one pixel of the output: a vector of channels where they are last,
// else one channel (threads run along the width). Taps are unrolled, and those in
// the padding read the tensor's first element instead, which is dropped: no branch
// keeps loads apart.
//
//===----------------------------------------------------------------------===//
#include "../Convolution/ConvolutionOutput.h"
#include "PoolPlan.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlopt;

namespace {

using IPred = arith::CmpIPredicate;

/// Taps that are unrolled.
constexpr int64_t kUnrolled = 49;

class PoolBody {
public:
  PoolBody(KernelOp kernel, const TargetDescription &target, ModuleOp module)
      : g(kernel, target, module), op(cast<PoolOp>(kernel.getHeroOp())),
        argument(cast<BlockArgument>(op.getInput())),
        plan(op, layoutAt(kernel, argument.getArgNumber()), g.shapes),
        output(g, op.getResult(), Value(), plan.channels.getConstant().value_or(8)),
        m(output.e.scalarMath()), storage(storageType(plan.element)),
        compute(computeType(plan.element)), input(g.operandPtr(argument.getArgNumber())) {}

  LogicalResult run() {
    // By itself ptxas aims at more blocks, and spills for them.
    g.function->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(), g.b.getI32IntegerAttr(1));
    int64_t inBlock = plan.threads / plan.sharing;
    Value thread = g.threadIdx(), part = g.i32(0);
    Value number = g.toI64(thread);
    if (plan.isWhole) {
      // Channels last: lanes along vectors of channels, a warp for each part of the image.
      // Row-major: a warp for each image.
      part = plan.channelsLast ? g.floorDiv(thread, g.i32(inBlock))
                               : g.rem(thread, g.i32(plan.sharing));
      number = g.toI64(plan.channelsLast ? g.rem(thread, g.i32(inBlock))
                                         : g.floorDiv(thread, g.i32(plan.sharing)));
    }
    number = g.add(g.mul(g.toI64(g.blockIdx()), inBlock), number);
    place(number);
    inside = arith::CmpIOp::create(g.b, g.loc, IPred::slt, sample, g.size(plan.samples));
    if (plan.isWhole)
      whole(part);
    else
      g.ifThen(inside, [&] { store(finish(window(), count())); });
    g.finish();
    return output.result;
  }

private:
  //--- where --------------------------------------------------------------//

  void place(Value number) {
    auto digit = [&](SymExpr size) {
      Value d = g.rem(number, g.size(size));
      number = g.floorDiv(number, g.size(size));
      return d;
    };
    if (plan.channelsLast)
      channel = g.mul(digit(plan.vectors()), plan.lanes);
    for (int axis : {2, 1, 0})
      at[axis] = digit(plan.axes[axis].out);
    if (!plan.channelsLast)
      channel = digit(plan.channels);
    sample = number;
  }

  /// Elements before pixel 0 of the sample (and channel, if row-major), and from one index of an
  /// axis to the next.
  Value stride(int axis) {
    SymExpr s = SymExpr::constant(g.b.getContext(), plan.channelsLast ? plan.channelStride : 1);
    for (int inner = axis + 1; inner < 3; ++inner)
      s = s * plan.axes[inner].in;
    return g.size(s);
  }
  Value imageOffset() {
    Value image = plan.channelsLast ? sample : g.add(g.mul(sample, g.size(plan.channels)), channel);
    Value offset = g.mul(image, g.mul(stride(0), g.size(plan.axes[0].in)));
    return plan.channelsLast ? g.add(offset, channel) : offset;
  }

  Value load(Value offset, Value valid) {
    Value pointer = g.elementPtr(input, offset, storage);
    if (valid)
      pointer = arith::SelectOp::create(g.b, g.loc, valid, pointer, input);
    return fromStorage(m, g.loadAligned(pointer, storage, plan.lanes), plan.element);
  }

  //--- what is combined ----------------------------------------------------//

  ReduceKind kind() { return op.getKind() == PoolKind::max ? ReduceKind::max : ReduceKind::sum; }
  Value neutral() { return reductionNeutral(m, kind(), plan.element, plan.lanes); }
  Value step(Value a, Value b) { return reductionStep(m, kind(), plan.element, a, b); }
  Value power(Value x) {
    if (op.getKind() != PoolKind::lp)
      return x;
    x = m.abs(x);
    return op.getP() == 1   ? x
           : op.getP() == 2 ? m.mul(x, x)
                            : m.pow(x, m.constF(x, static_cast<double>(op.getP())));
  }
  Value finish(Value v, Value count) {
    if (op.getKind() == PoolKind::average)
      return m.div(v, g.splat(m.intToFloat(count, compute), plan.lanes));
    if (op.getKind() != PoolKind::lp || op.getP() == 1)
      return v;
    if (op.getP() == 2)
      return m.sqrt(v);
    return m.pow(v, m.div(m.constF(v, 1.0), m.constF(v, static_cast<double>(op.getP()))));
  }

  //--- windows ------------------------------------------------------------//

  Value start(int axis) {
    return g.sub(g.mul(at[axis], plan.axes[axis].stride), g.index(plan.axes[axis].padBegin));
  }

  Value window() {
    Value image = imageOffset(), starts[3] = {start(0), start(1), start(2)};
    for (int axis = 0; axis < 3; ++axis)
      image = g.add(image, g.mul(starts[axis], stride(axis)));
    auto tap = [&](ArrayRef<Value> of, Value acc) {
      Value offset = image, valid;
      for (int axis = 0; axis < 3; ++axis) {
        const PoolAxis &a = plan.axes[axis];
        Value moved = g.mul(of[axis], a.dilation);
        offset = g.add(offset, g.mul(moved, stride(axis)));
        if (!a.isPadded())
          continue;
        Value meets =
            arith::CmpIOp::create(g.b, g.loc, IPred::ult, g.add(starts[axis], moved), g.size(a.in));
        valid = valid ? arith::AndIOp::create(g.b, g.loc, valid, meets).getResult() : meets;
      }
      Value next = step(acc, power(load(offset, valid)));
      return valid ? arith::SelectOp::create(g.b, g.loc, valid, next, acc).getResult() : next;
    };
    const PoolAxis &rows = plan.axes[1], &columns = plan.axes[2];
    auto line = [&](Value d, Value r, Value acc) {
      if (columns.kernel <= kUnrolled) {
        for (int64_t c = 0; c < columns.kernel; ++c)
          acc = tap({d, r, g.index(c)}, acc);
        return acc;
      }
      return g.forLoop(g.index(0), g.index(columns.kernel), 1, acc,
                       [&](Value c, ValueRange carried) -> SmallVector<Value> {
                         return {tap({d, r, c}, carried[0])};
                       })[0];
    };
    int64_t lines = plan.axes[0].kernel * rows.kernel;
    Value acc = neutral();
    if (plan.taps() <= kUnrolled) {
      for (int64_t i = 0; i < lines; ++i)
        acc = line(g.index(i / rows.kernel), g.index(i % rows.kernel), acc);
      return acc;
    }
    return g.forLoop(g.index(0), g.index(lines), 1, acc,
                     [&](Value i, ValueRange carried) -> SmallVector<Value> {
                       return {line(g.floorDiv(i, g.index(rows.kernel)),
                                    g.rem(i, g.index(rows.kernel)), carried[0])};
                     })[0];
  }

  /// Elements that an average divides by (i64).
  Value count() {
    Value all = g.index(1);
    for (int axis = 0; axis < 3; ++axis) {
      const PoolAxis &a = plan.axes[axis];
      if (!a.isPadded()) {
        all = g.mul(all, a.kernel);
        continue;
      }
      // Taps [first, last) lie in the input, or in it and its padding.
      Value from = start(axis), end = g.size(a.in), first = g.index(0);
      auto tapsUpTo = [&](Value limit) {
        Value room =
            arith::CeilDivSIOp::create(g.b, g.loc, g.sub(limit, from), g.index(a.dilation));
        return g.max(g.min(room, g.index(a.kernel)), g.index(0));
      };
      if (op.getCountIncludePad())
        end = g.add(end, a.padEnd);
      else if (a.padBegin)
        first = tapsUpTo(g.index(0));
      all = g.mul(all, g.sub(tapsUpTo(end), first));
    }
    return all;
  }

  void store(Value v) { output.store({sample, at[0], at[1], at[2]}, channel, v, plan.lanes); }

  //--- the image as one window ---------------------------------------------//

  Value slice(Value v, int64_t from, int64_t lanes) {
    if (lanes == plan.lanes)
      return v;
    SmallVector<int64_t> picked = llvm::to_vector(llvm::seq<int64_t>(from, from + lanes));
    return vector::ShuffleOp::create(g.b, g.loc, v, v, picked);
  }
  Value join(Value a, Value b) {
    int64_t lanes = cast<VectorType>(a.getType()).getNumElements() +
                    cast<VectorType>(b.getType()).getNumElements();
    return vector::ShuffleOp::create(g.b, g.loc, a, b,
                                     llvm::to_vector(llvm::seq<int64_t>(0, lanes)));
  }

  void whole(Value part) {
    Value pixels = g.index(plan.taps()), image = imageOffset();
    // Threads without a window read that of the first sample.
    image = arith::SelectOp::create(g.b, g.loc, inside, image, g.index(0));
    int64_t pixelStride = plan.channelsLast ? plan.channelStride : 1;
    Value sum = g.stridedLoop(g.toI64(part), pixels, g.index(plan.sharing), neutral(),
                              [&](Value pixel, ValueRange carried) -> SmallVector<Value> {
                                Value v = load(g.add(image, g.mul(pixel, pixelStride)), Value());
                                return {step(carried[0], power(v))};
                              })[0];
    if (!plan.channelsLast) {
      for (int64_t other = plan.sharing / 2; other > 0; other /= 2)
        sum = step(sum, g.shuffleXor(sum, other));
      Value first = arith::CmpIOp::create(g.b, g.loc, IPred::eq, part, g.i32(0));
      g.ifThen(arith::AndIOp::create(g.b, g.loc, inside, first),
               [&] { store(finish(sum, pixels)); });
      return;
    }
    // Pieces of 16 bytes of all threads, then the next ones: no bank is met twice.
    int64_t inPiece = std::min<int64_t>(plan.lanes, 16 / getElementBytes(compute)),
            pieces = plan.lanes / inPiece;
    int64_t bytes = inPiece * getElementBytes(compute), inBlock = plan.threads / plan.sharing;
    auto placeOf = [&](int64_t part, int64_t piece) {
      Value thread = g.add(g.threadIdx(), part * inBlock + piece * plan.threads);
      return g.sharedPtr(g.mul(thread, bytes));
    };
    for (int64_t p = 0; p < pieces; ++p)
      g.storeAligned(slice(sum, p * inPiece, inPiece), placeOf(0, p));
    g.barrier();
    Value first = arith::CmpIOp::create(g.b, g.loc, IPred::eq, part, g.i32(0));
    g.ifThen(arith::AndIOp::create(g.b, g.loc, inside, first), [&] {
      Value all = sum;
      for (int64_t p = 1; p < plan.sharing; ++p) {
        Value other = g.loadAligned(placeOf(p, 0), compute, inPiece);
        for (int64_t piece = 1; piece < pieces; ++piece)
          other = join(other, g.loadAligned(placeOf(p, piece), compute, inPiece));
        all = step(all, other);
      }
      store(finish(all, pixels));
    });
  }

  GpuBuilder g;
  PoolOp op;
  BlockArgument argument;
  PoolPlan plan;
  ConvolutionOutput output;
  ScalarMath m;
  Type storage, compute;
  Value input;
  Value sample, channel, at[3]; ///< i64: of the output
  Value inside;                 ///< i1: this thread's window exists
};

} // namespace

LogicalResult mlopt::emitPool(KernelOp kernel, const TargetDescription &target, ModuleOp module) {
  return PoolBody(kernel, target, module).run();
}
