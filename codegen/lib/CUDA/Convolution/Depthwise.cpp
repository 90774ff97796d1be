//===- Depthwise.cpp - One filter per channel -----------------------------===//
//
// A thread has a vector of channels (16 bytes) and some neighbouring columns of a
// row of the output; neighbouring threads have the next channels. A row of the
// window is read once for all of its columns.
//
//===----------------------------------------------------------------------===//
#include "ImplicitProduct.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlopt;

namespace {

using Axis = ConvolutionShape;
using IPred = arith::CmpIPredicate;

class DepthwiseThread {
public:
  DepthwiseThread(KernelOp kernel, const TargetDescription &target, ModuleOp module)
      : g(kernel, target, module, 0), plan(kernel, target, g.shapes, /*isScheduled=*/true),
        shape(plan.shape), output(g, plan.op.getResult(), plan.op.getBias(), plan.shape.outputs()),
        m(output.e.scalarMath()), storage(storageType(plan.element)) {
    input = g.operandPtr(cast<BlockArgument>(plan.op.getInput()).getArgNumber());
    filter = g.operandPtr(cast<BlockArgument>(plan.op.getFilter()).getArgNumber());
  }

  LogicalResult run() {
    // By itself ptxas aims at more blocks, and spills for them.
    g.function->setAttr(NVVM::NVVMDialect::getMinctasmAttrName(), g.b.getI32IntegerAttr(1));
    Value number = g.add(g.mul(g.toI64(g.blockIdx()), g.launch.block[0]), g.toI64(g.threadIdx()));
    const ConvolutionAxis &column = shape.axes[Axis::Column];
    Value vectors = g.index(plan.outputStride / plan.lanes),
          wide = g.size(column.out.ceilDiv(plan.columns));
    auto digit = [&](Value size) {
      Value d = g.rem(number, size);
      number = g.floorDiv(number, size);
      return d;
    };
    channel = g.mul(digit(vectors), plan.lanes);
    first = g.mul(digit(wide), plan.columns);
    row = digit(g.size(shape.axes[Axis::Row].out));
    depth = digit(g.size(shape.axes[Axis::Depth].out));
    sample = number;
    Value inside = arith::CmpIOp::create(g.b, g.loc, IPred::slt, sample, g.size(shape.out[0]));
    g.ifThen(inside, [&] { store(sums()); });
    g.finish();
    return output.result;
  }

private:
  Value slt(Value a, Value b) { return arith::CmpIOp::create(g.b, g.loc, IPred::slt, a, b); }
  Value within(Value at, SymExpr size) {
    return arith::CmpIOp::create(g.b, g.loc, IPred::ult, at, g.size(size));
  }
  Value both(Value a, Value b) {
    if (!a || !b)
      return a ? a : b;
    return arith::AndIOp::create(g.b, g.loc, a, b);
  }

  Value loadVector(Value pointer, Value offset) {
    Value v = g.loadAligned(g.elementPtr(pointer, offset, storage), storage, plan.lanes);
    return fromStorage(m, v, plan.element);
  }

  /// Sums of all columns, f32 vectors.
  SmallVector<Value> sums() {
    Type sum = g.vectorOf(g.b.getF32Type(), plan.lanes);
    SmallVector<Value> acc(plan.columns,
                           arith::ConstantOp::create(g.b, g.loc, g.b.getZeroAttr(sum)));
    auto start = [&](int axis, Value at) {
      return g.sub(g.mul(at, shape.axes[axis].stride), g.index(shape.axes[axis].padBegin));
    };
    depthStart = start(Axis::Depth, depth);
    rowStart = start(Axis::Row, row);
    columnStart = start(Axis::Column, first);
    int64_t depths = shape.axes[Axis::Depth].kernel, rows = shape.axes[Axis::Row].kernel;
    // Rows of small windows are unrolled where their addresses differ by constants.
    bool known =
        shape.axes[Axis::Row].in.getConstant() && shape.axes[Axis::Column].in.getConstant();
    if (known && depths * rows * shape.axes[Axis::Column].kernel <= 25) {
      for (int64_t d = 0; d < depths; ++d)
        for (int64_t r = 0; r < rows; ++r)
          acc = addRow(g.index(d), g.index(r), acc);
      return acc;
    }
    return g.forLoop(g.index(0), g.index(depths * rows), 1, acc, [&](Value i, ValueRange carried) {
      return addRow(g.floorDiv(i, g.index(rows)), g.rem(i, g.index(rows)), carried);
    });
  }

  /// Adds the products of one row of the window.
  SmallVector<Value> addRow(Value d, Value r, ValueRange sums) {
    const ConvolutionAxis &a = shape.axes[Axis::Column], &rows = shape.axes[Axis::Row],
                          &depths = shape.axes[Axis::Depth];
    SmallVector<Value> acc(sums);
    Value id = g.add(depthStart, g.mul(d, depths.dilation)),
          ir = g.add(rowStart, g.mul(r, rows.dilation));
    Value meets;
    if (depths.isPadded())
      meets = both(meets, within(id, depths.in));
    if (rows.isPadded())
      meets = both(meets, within(ir, rows.in));
    Value line = g.add(g.mul(g.add(g.mul(sample, g.size(depths.in)), id), g.size(rows.in)), ir);
    Value base = g.mul(line, g.size(a.in));
    Value weights = g.mul(g.add(g.mul(d, rows.kernel), r), a.kernel * plan.outputStride);
    // Columns of the input that the outputs share are read once.
    llvm::MapVector<int64_t, Value> inputs;
    auto inputAt = [&](int64_t offset) {
      Value &v = inputs[offset];
      if (!v) {
        Value at = g.add(columnStart, offset), valid = meets;
        bool atEdge = a.isPadded() || !a.out.isMultipleOf(plan.columns);
        if (atEdge)
          valid = both(valid, within(at, a.in));
        Value place = g.add(g.mul(g.add(base, at), plan.outputStride), channel);
        if (!valid)
          return v = loadVector(input, place);
        // What lies in the padding is read at the filter instead, and dropped.
        Value pointer =
            arith::SelectOp::create(g.b, g.loc, valid, g.elementPtr(input, place, storage), filter);
        Value loaded = loadVector(pointer, g.index(0));
        Value zero = arith::ConstantOp::create(g.b, g.loc, g.b.getZeroAttr(loaded.getType()));
        v = arith::SelectOp::create(g.b, g.loc, valid, loaded, zero);
      }
      return v;
    };
    for (int64_t j = 0; j < a.kernel; ++j) {
      Value w = loadVector(filter, g.add(g.add(weights, j * plan.outputStride), channel));
      for (int64_t c = 0; c < plan.columns; ++c)
        acc[c] = m.fma(inputAt(c * a.stride + j * a.dilation), w, acc[c]);
    }
    return acc;
  }

  void store(ArrayRef<Value> sums) {
    const ConvolutionAxis &a = shape.axes[Axis::Column];
    for (int64_t c = 0; c < plan.columns; ++c) {
      Value column = g.add(first, c);
      auto one = [&] { output.store({sample, depth, row, column}, channel, sums[c], plan.lanes); };
      if (a.out.isMultipleOf(plan.columns) || c == 0)
        one();
      else
        g.ifThen(slt(column, g.size(a.out)), one);
    }
  }

  GpuBuilder g;
  ConvolutionPlan plan;
  const ConvolutionShape &shape;
  ConvolutionOutput output;
  ScalarMath m;
  Type storage;
  Value input, filter;
  Value sample, depth, row, first, channel; ///< i64: of the output
  Value depthStart, rowStart, columnStart;  ///< i64: where the first window begins in the input
};

} // namespace

LogicalResult mlopt::emitDepthwise(KernelOp kernel, const TargetDescription &target,
                                   ModuleOp module) {
  return DepthwiseThread(kernel, target, module).run();
}
