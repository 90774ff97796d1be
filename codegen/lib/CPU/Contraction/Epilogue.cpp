//===- Epilogue.cpp - From accumulators to the kernel's results -----------===//
#include "Epilogue.h"

using namespace mlir;
using namespace mlopt;

void Epilogue::storeRow(ArrayRef<Value> row, Value column, Source source) {
  auto whole = [&] {
    ElementAt::Scope scope(e);
    for (int64_t at = 0; at < width; at += lanes)
      element(row, k.add(column, at), source(k.index(at), lanes), lanes);
  };
  if (columns.isMultipleOf(width))
    return whole();
  Value full = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sle, k.add(column, width), k.size(columns));
  k.ifThen(full, whole, [&] {
    ElementAt::Scope scope(e);
    rowEnd(row, column, source);
  });
}

/// A row that ends inside the piece.
void Epilogue::rowEnd(ArrayRef<Value> row, Value column, Source source) {
  Value left = k.sub(k.size(columns), column);
  if (!k.target.hasMasks) {
    Value full = k.mul(k.floorDiv(left, k.index(lanes)), lanes);
    k.forLoop(k.index(0), full, lanes, [&](Value c) {
      ElementAt::Scope scope(e);
      element(row, k.add(column, c), source(c, lanes), lanes);
    });
    k.forLoop(full, left, 1, [&](Value c) {
      ElementAt::Scope scope(e);
      element(row, k.add(column, c), source(c, 1), 1);
    });
    return;
  }
  for (int64_t at = 0; at < width; at += lanes) {
    Value count = k.min(k.sub(left, k.index(at)), k.index(lanes));
    k.ifThen(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sgt, count, k.index(0)), [&] {
      ElementAt::Scope scope(e);
      e.setLaneLimit(count);
      element(row, k.add(column, at), source(k.index(at), lanes), lanes);
      e.setLaneLimit({});
    });
  }
}

void Epilogue::element(ArrayRef<Value> row, Value column, Value value, int64_t count) {
  e.setOverride(heroResult, [&](ArrayRef<Coord>, int64_t) { return value; });
  Coords index;
  for (Value v : row)
    index.push_back({v, 0});
  index.push_back({column, count > 1 ? 1 : 0});
  auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
  for (auto [r, out] : llvm::enumerate(yield.getValues())) {
    Value v = e.at(out, index, count);
    if (v)
      e.storeResult(r, v, index, count);
    else
      result = failure();
  }
  e.clearOverride(heroResult);
}

bool Epilogue::suits(KernelOp kernel, std::string &reason) {
  Operation *hero = kernel.getHeroOp();
  ShapeAnalysis shapes(kernel);
  SymShape out = shapes.shapeOf(hero->getResult(0));
  auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
  for (auto [i, value] : llvm::enumerate(yield.getValues()))
    if (shapes.shapeOf(value) != out || layoutAt(kernel, kernel.getFunctionType().getNumInputs() + i)) {
      reason = "expects row-major results of the hero's shape";
      return false;
    }
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (&op != hero && !op.hasTrait<mlopt::OpTrait::Elementwise>() &&
        !isa<ConstantOp, NoneOp, BroadcastOp, IotaOp, SliceOp, arith::ConstantOp>(op)) {
      reason = "expects elementwise operations beside the hero, got " + op.getName().getStringRef().str();
      return false;
    }
  return true;
}

SmallVector<int64_t> Epilogue::overwritable(KernelOp kernel) {
  SmallVector<int64_t> operands;
  for (BlockArgument argument : kernel.getBody().getArguments())
    if (!layoutAt(kernel, argument.getArgNumber()) && readsElementItWrites(kernel, argument))
      operands.push_back(argument.getArgNumber());
  return operands;
}
