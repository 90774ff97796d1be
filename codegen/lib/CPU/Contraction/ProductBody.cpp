//===- ProductBody.cpp - What kernels of matrix products share ------------===//
#include "ProductBody.h"

using namespace mlir;
using namespace mlopt;

ProductSizes::ProductSizes(const ProductValues &values, ShapeAnalysis &shapes,
                           int64_t stepElements) {
  MLIRContext *context = values.result.getContext();
  SymShape a = shapes.shapeOf(values.lhs), b = shapes.shapeOf(values.rhs),
           out = shapes.shapeOf(values.result);
  depth = a[a.size() - (values.transposeA ? 2 : 1)];
  k = depth.ceilDiv(stepElements);
  n = out.back();
  bool sharedB = llvm::all_of(ArrayRef(b).drop_back(2), [](SymExpr s) { return s.isConstant(1); });
  merged = sharedB && (!values.transposeA || out.size() == 2);
  batch.assign(out.begin(), out.end() - (merged ? out.size() : 2));
  rowDims.assign(out.begin() + batch.size(), out.end() - 1);
  items = numElements(context, batch);
  m = numElements(context, rowDims);
}

ProductBody::ProductBody(KernelOp kernel, const ProductValues &values,
                         const TargetDescription &target, ModuleOp module, Type sum,
                         int64_t stepElements)
    : k(kernel, target, module), e(k), values(values), problem(values, k.shapes, stepElements),
      blocking(ContractionBlocking::parse(kernel.getScheduleAttr().getParams())),
      element(elementOf(values.lhs)), sum(sum), sumBytes(getElementBytes(sum)),
      width(blocking.width()), after(e, values.result, problem.n, blocking.lanes, width) {
  a = k.operandPtr(cast<BlockArgument>(values.lhs).getArgNumber());
  b = k.operandPtr(cast<BlockArgument>(values.rhs).getArgNumber());
  rows = k.size(problem.m);
  columns = k.size(problem.n);
  depth = k.size(problem.depth);
  steps = k.size(problem.k);
  park = k.threadScratch();
  auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
  plain = yield.getValues().size() == 1 && yield.getValues()[0] == values.result &&
          elementOf(values.result) == sum;
}

int64_t ProductBody::parkBytes(const ContractionBlocking &b, int64_t sumBytes) {
  return llvm::alignTo(std::max(b.rows, b.rowBlock) * b.width() * sumBytes, 64);
}

LogicalResult ProductBody::run() {
  int64_t groupWidth = unitWidth();
  Value groups = k.size(problem.n.ceilDiv(groupWidth)), parts = k.size(partsOfRows());
  Value units = k.mul(k.mul(k.size(problem.items), groups), parts);
  auto [begin, end] = k.share(units);
  k.forLoop(begin, end, 1, [&](Value unit) {
    ElementAt::Scope scope(e);
    Value part = k.rem(unit, parts), rest = k.floorDiv(unit, parts);
    Value column = k.mul(k.rem(rest, groups), groupWidth);
    item = e.delinearize(k.floorDiv(rest, groups), valuesOf(problem.batch));
    LeftMatrix left = leftMatrix();
    Value from = k.floorDiv(k.mul(rows, part), parts),
          to = k.floorDiv(k.mul(rows, k.add(part, 1)), parts);
    beginUnit(column);
    // Columns [first, first + width) of the group, if there are any.
    auto eachTile = [&](llvm::function_ref<void(Value)> body) {
      for (int64_t at = 0; at < groupWidth; at += width) {
        Value first = k.add(column, at);
        auto tiles = [&] {
          ElementAt::Scope inner(e);
          body(first);
        };
        if (at == 0 || problem.n.isMultipleOf(groupWidth))
          tiles();
        else
          k.ifThen(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, first, columns),
                   tiles);
      }
    };
    if (!preparesRows() || blocking.kc)
      return eachTile([&](Value first) { overRows(left, rightColumns(first), first, from, to); });
    // Prepared once for all columns of the group.
    micro().overTiles(from, to, heights(), [&](Value row, int64_t height) {
      ElementAt::Scope inner(e);
      LeftMatrix tile = tileRows(left, row, height, k.index(0), steps);
      eachTile([&](Value first) { parkedTile(tile, rightColumns(first), row, height, first); });
    });
  });
  k.finish();
  return after.getResult();
}

SymExpr ProductBody::partsOfRows() {
  return blocking.unitRows ? problem.m.ceilDiv(blocking.unitRows)
                           : SymExpr::constant(k.b.getContext(), 1);
}

SmallVector<Value> ProductBody::valuesOf(ArrayRef<SymExpr> shape) {
  SmallVector<Value> values;
  for (SymExpr s : shape)
    values.push_back(k.size(s));
  return values;
}

Value ProductBody::itemOffset(Value operand, Value matrixElements) {
  SymShape shape = k.shapes.shapeOf(operand);
  ArrayRef<SymExpr> own = ArrayRef<SymExpr>(shape).drop_back(2);
  Value offset = k.index(0);
  for (size_t i = 0; i < own.size(); ++i) {
    // Aligned at the end; merged rows have no batch.
    int64_t j = static_cast<int64_t>(problem.batch.size()) + i - own.size();
    Value at = j < 0 || own[i].isConstant(1) || problem.merged ? k.index(0) : item[j];
    if (j >= 0 && !problem.merged && !own[i].getConstant() && own[i] != problem.batch[j]) {
      Value one =
          arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.size(own[i]), k.index(1));
      at = arith::SelectOp::create(k.b, k.loc, one, k.index(0), at);
    }
    offset = k.add(k.mul(offset, k.size(own[i])), at);
  }
  return k.mul(offset, matrixElements);
}

/// Heights that tiles of rows can have.
SmallVector<int64_t> ProductBody::heights() {
  std::optional<int64_t> m = problem.m.getConstant();
  if (!m)
    return llvm::to_vector(llvm::seq_inclusive<int64_t>(1, blocking.rows));
  llvm::SetVector<int64_t> all;
  int64_t parts = blocking.unitRows ? llvm::divideCeil(*m, blocking.unitRows) : 1;
  for (int64_t p = 0; p < parts; ++p) {
    int64_t part = *m * (p + 1) / parts - *m * p / parts;
    int64_t blocks = blocking.kc ? llvm::divideCeil(part, blocking.rowBlock) : 1;
    for (int64_t i = 0; i < blocks; ++i)
      for (int64_t h : tileHeights(part * (i + 1) / blocks - part * i / blocks, blocking.rows))
        all.insert(h);
  }
  SmallVector<int64_t> sorted(all.begin(), all.end());
  llvm::sort(sorted);
  return sorted;
}

LeftMatrix ProductBody::rowsFrom(const LeftMatrix &left, Value row) {
  LeftMatrix tile = left;
  tile.ptr = k.elementPtr(left.ptr, k.mul(row, left.rowStride), element);
  return tile;
}

/// A tile over all of k by way of the park.
void ProductBody::parkedTile(const LeftMatrix &tile, const RightColumns &right, Value row,
                             int64_t height, Value column) {
  ElementAt::Scope scope(e);
  micro().tile(height, tile, right, k.index(0), steps, park, k.index(width), /*add=*/false);
  epilogue(row, k.index(height), column);
}

void ProductBody::overRows(const LeftMatrix &left, const RightColumns &right, Value column,
                           Value from, Value to) {
  Value stride = k.index(width);
  if (!blocking.kc) {
    micro().overTiles(from, to, heights(), [&](Value row, int64_t height) {
      auto parked = [&] { parkedTile(rowsFrom(left, row), right, row, height, column); };
      auto direct = [&] {
        Value at0 = k.add(
            k.mul(k.add(k.mul(e.linearize(item, valuesOf(problem.batch)), rows), row), columns),
            column);
        Value out = k.elementPtr(k.resultPtr(0), at0, sum);
        micro().tile(height, rowsFrom(left, row), right, k.index(0), steps, out, columns,
                     /*add=*/false);
      };
      if (!plain)
        return parked();
      if (problem.n.isMultipleOf(width))
        return direct();
      Value full = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sle,
                                         k.add(column, width), columns);
      k.ifThen(full, direct, parked);
    });
    return;
  }
  // Blocks of k inside blocks of rows, the sums going on in the park.
  Value count = k.sub(to, from);
  Value blocks = k.floorDiv(k.add(count, blocking.rowBlock - 1), k.index(blocking.rowBlock));
  k.forLoop(k.index(0), blocks, 1, [&](Value block) {
    Value first = k.add(from, k.floorDiv(k.mul(count, block), blocks));
    Value last = k.add(from, k.floorDiv(k.mul(count, k.add(block, 1)), blocks));
    Value zero =
        k.splat(arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(sum)), blocking.lanes);
    k.forLoop(k.index(0), k.mul(k.sub(last, first), width), blocking.lanes,
              [&](Value i) { k.store(zero, park, i); });
    k.forLoop(k.index(0), steps, blocking.kc, [&](Value step) {
      Value until = k.min(k.add(step, blocking.kc), steps);
      RightColumns part = right;
      if (blocking.rounds) {
        pack(column, step, k.sub(until, step));
        for (Value &ptr : part.ptr)
          ptr = k.elementPtr(ptr, k.sub(k.index(0), k.mul(step, width)), sum);
      }
      micro().overTiles(first, last, heights(), [&](Value row, int64_t height) {
        Value out = k.elementPtr(park, k.mul(k.sub(row, first), width), sum);
        micro().tile(height, tileRows(left, row, height, step, until), part, step, until, out,
                     stride, /*add=*/true);
      });
    });
    epilogue(first, k.sub(last, first), column);
  });
}

//--- from the park to the result ----------------------------------------//

void ProductBody::epilogue(Value firstRow, Value count, Value column, Value parked) {
  ElementAt::Scope scope(e);
  // Coordinates of the first row; later ones by counting up.
  SmallVector<Value> sizes = valuesOf(problem.rowDims);
  SmallVector<Value> row = coordinates(firstRow, sizes);
  k.forLoop(k.index(0), count, 1, row, [&](Value i, ValueRange at) {
    ElementAt::Scope inner(e);
    SmallVector<Value> here(at);
    Value offset = k.mul(i, width);
    if (parked)
      offset = k.add(parked, offset);
    SmallVector<Value> place(item);
    place.append(here);
    after.storeRow(place, column, [&](Value c, int64_t lanes) {
      return k.load(park, k.add(offset, c), sum, lanes);
    });
    return nextRow(here, sizes);
  });
}

/// As delinearize, but sizes of 1 cost nothing.
SmallVector<Value> ProductBody::coordinates(Value linear, ArrayRef<Value> sizes) {
  SmallVector<Value> at(sizes.size(), k.index(0)), some, where;
  SmallVector<size_t> axes;
  for (size_t i = 0; i < sizes.size(); ++i)
    if (!problem.rowDims[i].isConstant(1)) {
      axes.push_back(i);
      some.push_back(sizes[i]);
    }
  for (auto [axis, v] : llvm::zip_equal(axes, e.delinearize(linear, some)))
    at[axis] = v;
  return at;
}

SmallVector<Value> ProductBody::nextRow(ArrayRef<Value> row, ArrayRef<Value> sizes) {
  SmallVector<Value> next(row);
  Value carry = k.index(1);
  for (size_t i = sizes.size(); i-- > 0;) {
    if (problem.rowDims[i].isConstant(1))
      continue;
    Value up = k.add(row[i], carry);
    if (i == 0) {
      next[i] = up;
      break;
    }
    Value over = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, up, sizes[i]);
    next[i] = arith::SelectOp::create(k.b, k.loc, over, k.index(0), up);
    carry = arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(), over);
  }
  return next;
}

LeftMatrix ProductBody::tileRows(const LeftMatrix &left, Value row, int64_t, Value, Value) {
  return rowsFrom(left, row);
}

ScheduleAttr mlopt::productSchedule(KernelOp kernel, StringRef emitter, const ProductSizes &sizes,
                                    const ContractionBlocking &blocking, StringRef form,
                                    int64_t unitWidth, SymExpr scratch) {
  MLIRContext *context = kernel.getContext();
  Builder builder(context);
  SmallVector<NamedAttribute> params;
  blocking.print(context, params);
  params.push_back(builder.getNamedAttr("form", builder.getStringAttr(form)));
  SymExpr units = sizes.items * sizes.n.ceilDiv(unitWidth);
  if (blocking.unitRows)
    units = units * sizes.m.ceilDiv(blocking.unitRows);
  SymExpr zero = SymExpr::constant(context, 0);
  return ScheduleAttr::get(context, emitter, 1, zero.getAttr(), scratch.getAttr(),
                           Epilogue::overwritable(kernel), {}, {}, {}, units.getAttr(), {},
                           builder.getDictionaryAttr(params));
}
