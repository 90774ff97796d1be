//===- Work.cpp - How many threads a run pays for --------------------------===//
//
// Threads meet at barriers. Where the work between two of them is shorter than
// the meeting, further threads only make a run slower, above all where others
// want their CPUs. The estimate is coarse on purpose: it has to tell microseconds
// from milliseconds.
//
//===----------------------------------------------------------------------===//
#include "Plan.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

namespace {

// Picoseconds of one thread, of vector code on a CPU of these years.
constexpr int64_t product = 20, light = 200, heavy = 1000;
/// A run of this length is worth waking another thread, and so is this much
/// work for each barrier.
constexpr int64_t perThread = 20'000'000, perBarrier = 4'000'000;

SymExpr elementsOf(ShapeAnalysis &shapes, Value value) {
  SymExpr count = SymExpr::constant(shapes.getContext(), 1);
  for (SymExpr size : shapes.shapeOf(value))
    count = count * size;
  return count;
}

SymExpr workOf(Operation *op, ShapeAnalysis &shapes) {
  auto zero = SymExpr::constant(shapes.getContext(), 0);
  if (!op->getNumResults() || !isa<RankedTensorType>(op->getResult(0).getType()))
    return zero;
  SymExpr results = elementsOf(shapes, op->getResult(0));
  return llvm::TypeSwitch<Operation *, SymExpr>(op)
      .Case<ReshapeOp, ConstantOp, BroadcastOp>([&](auto) { return zero; })
      .Case<MatmulOp>([&](MatmulOp matmul) {
        SymShape lhs = shapes.shapeOf(matmul.getLhs());
        return results * lhs[lhs.size() - (matmul.getTransposeA() ? 2 : 1)] * product;
      })
      .Case<ConvOp>([&](ConvOp conv) {
        SymShape filter = shapes.shapeOf(conv.getFilter());
        for (SymExpr size : ArrayRef(filter).drop_front())
          results = results * size;
        return results * product;
      })
      // Four products of bytes take as long as one of floats.
      .Case<IntegerConvOp>([&](IntegerConvOp conv) {
        SymShape filter = shapes.shapeOf(conv.getFilter());
        SymExpr products = results;
        for (SymExpr size : ArrayRef(filter).drop_front())
          products = products * size;
        return products.ceilDiv(4) * product;
      })
      .Case<IntegerMatmulOp>([&](IntegerMatmulOp matmul) {
        return (results * shapes.shapeOf(matmul.getLhs()).back()).ceilDiv(4) * product;
      })
      .Case<DequantizedMatmulOp>([&](DequantizedMatmulOp matmul) {
        return results * shapes.shapeOf(matmul.getLhs()).back() * product;
      })
      .Case<ConvTransposeOp>([&](ConvTransposeOp conv) {
        SymExpr products = elementsOf(shapes, conv.getInput());
        SymShape filter = shapes.shapeOf(conv.getFilter());
        for (SymExpr size : ArrayRef(filter).drop_front())
          products = products * size;
        return products * light;
      })
      .Case<AttentionOp>([&](AttentionOp attention) {
        SymExpr keys = shapes.shapeOf(attention.getKey())[attention.isSequenceMajor(1) ? 1 : 2];
        return (elementsOf(shapes, attention.getQuery()) + results) * keys * (2 * product);
      })
      .Case<LstmOp, GruOp, RnnOp>([&](auto layer) {
        // For each step and item, the products with weights and recurrence of all directions.
        SymShape input = shapes.shapeOf(layer.getInput());
        SymExpr matrices =
            elementsOf(shapes, layer.getWeights()) + elementsOf(shapes, layer.getRecurrence());
        return input[0] * input[1] * matrices * product;
      })
      .Default([&](Operation *other) {
        // What it reads or what it writes, whichever is more; windows and sorting cost more.
        SymExpr most = results;
        for (Value operand : other->getOperands())
          if (isa<RankedTensorType>(operand.getType()))
            most = SymExpr::max(most, elementsOf(shapes, operand));
        bool cheap =
            isa<NegOp, AbsOp, AddOp, SubOp, MulOp, MaxOp, MinOp, CastOp, SelectOp, CompareOp,
                TransposeOp, SliceOp, ConcatOp, PadOp, ReduceOp, GatherOp>(other);
        return most * (cheap ? light : heavy);
      });
}

} // namespace

SymExpr plan::estimateWork(KernelOp kernel) {
  ShapeAnalysis shapes(kernel);
  SymExpr sum = SymExpr::constant(kernel.getContext(), 0);
  for (Operation &op : kernel.getBody().front())
    sum = sum + workOf(&op, shapes);
  return sum;
}

SymExpr plan::usefulThreads(Plan &plan) {
  SymExpr work = plan.constant(0);
  int64_t barriers = 0;
  for (const Item &item : plan.items) {
    work = work + (item.work ? item.work : plan.storages[item.ins[0]].bytes * light);
    barriers += item.barrierBefore + item.phases - 1;
  }
  return work.floorDiv(perThread + barriers * perBarrier) + 1;
}
