//===- UnfoldRows.cpp - Windows side by side, row by row ------------------===//
#include "UnfoldRows.h"

using namespace mlir;
using namespace mlopt;

/// Windows along the first spatial axis that are one piece of work, where other axes follow.
static constexpr int64_t kPiece = 8;
/// Vectors of a row that are written out, each with its mask.
static constexpr int64_t kMostVectors = 4;

UnfoldOp mlopt::unfoldedRows(KernelOp kernel) {
  Block &body = kernel.getBody().front();
  auto op = dyn_cast<UnfoldOp>(body.front());
  ArrayAttr layouts = kernel.getLayoutsAttr();
  bool plain = !layouts || llvm::none_of(layouts, [](Attribute a) { return isa<LayoutAttr>(a); });
  return op && body.getOperations().size() == 2 && plain && isa<BlockArgument>(op.getInput()) ? op : UnfoldOp();
}

/// Windows along each spatial axis.
static SymShape windowsOf(UnfoldOp op, ShapeAnalysis &shapes) {
  SymShape out = shapes.shapeOf(op.getResult());
  return SymShape(ArrayRef(out).drop_front(2 + op.getKernel().size()));
}

SymExpr mlopt::unfoldUnits(UnfoldOp op, ShapeAnalysis &shapes) {
  SymShape in = shapes.shapeOf(op.getInput()), windows = windowsOf(op, shapes);
  SymExpr units = in[0] * in[1];
  for (int64_t size : op.getKernel())
    units = units * size;
  return windows.size() > 1 ? units * windows[0].ceilDiv(kPiece) : units;
}

namespace {
class UnfoldEmitter {
public:
  UnfoldEmitter(UnfoldOp op, ElementAt &e) : op(op), e(e), k(e.k), windows(windowsOf(op, k.shapes)) {
    Type element = cast<RankedTensorType>(op.getInput().getType()).getElementType();
    bits = k.b.getIntegerType(8 * getElementBytes(element));
    width = k.target.lanes(getElementBytes(element));
    sizes = e.sizesOf(op.getInput());
    for (SymExpr w : windows)
      counts.push_back(k.size(w));
  }

  LogicalResult run() {
    size_t spatial = windows.size();
    SmallVector<Value> units = {sizes[0], sizes[1]};
    for (int64_t size : op.getKernel())
      units.push_back(k.index(size));
    if (spatial > 1)
      units.push_back(k.size(windows[0].ceilDiv(kPiece)));
    Value all = k.index(1);
    for (Value u : units)
      all = k.mul(all, u);
    auto [begin, end] = k.share(all);
    k.forLoop(begin, end, 1, [&](Value unit) {
      SmallVector<Value> at = e.delinearize(unit, units);
      Value from = k.index(0), upTo = counts[0];
      if (spatial > 1) {
        from = k.mul(at.pop_back_val(), kPiece);
        upTo = k.min(k.add(from, kPiece), upTo);
      }
      place = SmallVector<Value>(ArrayRef(at).drop_front(2));
      Value image = k.add(k.mul(at[0], sizes[1]), at[1]), result = image;
      for (auto [p, size] : llvm::zip_equal(place, op.getKernel()))
        result = k.add(k.mul(result, size), p);
      copy(0, image, result, from, upTo);
    });
    return success();
  }

private:
  Value compare(arith::CmpIPredicate p, Value a, Value b) { return arith::CmpIOp::create(k.b, k.loc, p, a, b); }
  Value ceilDiv(Value a, int64_t by) {
    return by == 1 ? a : arith::CeilDivSIOp::create(k.b, k.loc, a, k.index(by)).getResult();
  }
  Value clamp(Value v, Value low, Value high) { return k.max(low, k.min(v, high)); }

  /// Windows [from, upTo) along axis `d`; `image` and `result` number the rows of all
  /// axes before it.
  void copy(size_t d, Value image, Value result, Value from, Value upTo) {
    // The window at o sees the image at o * stride + shift.
    int64_t stride = op.getStrides()[d];
    Value shift = k.sub(k.mul(place[d], op.getDilations()[d]), k.index(op.getPadsBegin()[d]));
    Value first = clamp(ceilDiv(k.sub(k.index(0), shift), stride), from, upTo);
    Value last = clamp(ceilDiv(k.sub(sizes[2 + d], shift), stride), first, upTo);
    image = k.mul(image, sizes[2 + d]);
    result = k.mul(result, counts[d]);
    if (d + 1 == windows.size())
      return row(k.add(image, shift), result, first, last);
    Value inner = k.index(1);
    for (Value c : ArrayRef(counts).drop_front(d + 1))
      inner = k.mul(inner, c);
    zeros(k.mul(k.add(result, from), inner), k.mul(k.sub(first, from), inner));
    k.forLoop(first, last, 1, [&](Value o) {
      copy(d + 1, k.add(image, k.add(k.mul(o, stride), shift)), k.add(result, o), k.index(0), counts[d + 1]);
    });
    zeros(k.mul(k.add(result, last), inner), k.mul(k.sub(upTo, last), inner));
  }

  /// One row: windows [first, last) see the image from `image` on, the others nothing.
  void row(Value image, Value result, Value first, Value last) {
    int64_t stride = op.getStrides().back();
    Value in = k.operandPtr(0), out = k.resultPtr(0);
    std::optional<int64_t> count = windows.back().getConstant();
    if (stride == 1 && count && *count <= kMostVectors * width) {
      int64_t lanes = std::min<int64_t>(width, llvm::PowerOf2Ceil(*count));
      if (lanes > 1) {
        for (int64_t at = 0; at < *count; at += lanes) {
          Value v = k.loadMasked(in, k.add(image, at), bits, lanes, k.sub(last, k.index(at)), k.sub(first, k.index(at)));
          Value to = k.add(result, at);
          if (*count - at >= lanes)
            k.store(v, out, to);
          else
            k.storeMasked(v, out, to, k.index(*count - at));
        }
        return;
      }
    }
    zeros(result, first);
    Value whole = first;
    if (stride == 1) {
      whole = k.add(first, k.mul(k.floorDiv(k.sub(last, first), k.index(width)), width));
      k.forLoop(first, whole, width, [&](Value o) {
        k.store(k.load(in, k.add(image, o), bits, width), out, k.add(result, o));
      });
    }
    k.forLoop(whole, last, 1, [&](Value o) {
      k.store(k.load(in, k.add(image, k.mul(o, stride)), bits), out, k.add(result, o));
    });
    zeros(k.add(result, last), k.sub(counts.back(), last));
  }

  void zeros(Value offset, Value count) {
    Value out = k.resultPtr(0), whole = k.mul(k.floorDiv(count, k.index(width)), width);
    auto fill = [&](Value from, Value upTo, int64_t lanes) {
      k.forLoop(from, upTo, lanes, [&](Value i) {
        k.store(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(k.vectorOf(bits, lanes))), out, k.add(offset, i));
      });
    };
    fill(k.index(0), whole, width);
    fill(whole, count, 1);
  }

  UnfoldOp op;
  ElementAt &e;
  KernelBuilder &k;
  SymShape windows;
  Type bits;
  int64_t width;
  SmallVector<Value> sizes, counts, place;
};
} // namespace

LogicalResult mlopt::emitUnfoldRows(UnfoldOp op, ElementAt &e) { return UnfoldEmitter(op, e).run(); }
