//===- ElementAt.cpp - Any element of any value, on demand ----------------===//
#include "ElementAt.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace mlopt;

static Type elementOf(Value tensor) {
  return cast<RankedTensorType>(tensor.getType()).getElementType();
}

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

SmallVector<Value>
ElementAt::loop(Value lower, Value upper, ValueRange init,
                llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  return k.forLoop(lower, upper, 1, init, [&](Value iv, ValueRange carried) {
    Scope scope(*this);
    return body(iv, carried);
  });
}

SmallVector<Value> ElementAt::sizesOf(Value value) {
  SmallVector<Value> sizes;
  for (SymExpr size : k.shapes.shapeOf(value))
    sizes.push_back(k.size(size));
  return sizes;
}

Value ElementAt::linearize(ArrayRef<Value> index, ArrayRef<Value> sizes) {
  Value linear = k.index(0);
  for (auto [i, s] : llvm::zip_equal(index, sizes))
    linear = k.add(k.mul(linear, s), i);
  return linear;
}

SmallVector<Value> ElementAt::delinearize(Value linear, ArrayRef<Value> sizes) {
  SmallVector<Value> index(sizes.size());
  for (size_t i = sizes.size(); i-- > 0;) {
    if (i == 0) {
      index[0] = linear;
      break;
    }
    index[i] = k.rem(linear, sizes[i]);
    linear = k.floorDiv(linear, sizes[i]);
  }
  return index;
}

SmallVector<Value> ElementAt::mixed(ArrayRef<int64_t> statics, ValueRange dynamics) {
  SmallVector<Value> values;
  unsigned next = 0;
  for (int64_t s : statics)
    values.push_back(ShapedType::isDynamic(s) ? k.size(k.shapes.sizeOf(dynamics[next++]))
                                              : k.index(s));
  return values;
}

//===----------------------------------------------------------------------===//
// Loads and stores
//===----------------------------------------------------------------------===//

namespace {
/// Offset of an index in elements, and how far apart the lanes lie: a constant
/// step, or none where it is not constant.
struct Address {
  Value offset;
  std::optional<int64_t> step;
};
} // namespace

/// `strideOverride` (elements) replaces the stride of the dimensions before `axis`.
static std::optional<Address> addressOf(ElementAt &e, Value tensor, LayoutAttr layout,
                                        ArrayRef<Coord> index) {
  KernelBuilder &k = e.k;
  SymShape shape = k.shapes.shapeOf(tensor);
  Address address{k.index(0), int64_t(0)};
  if (!layout) {
    SymExpr stride = SymExpr::constant(k.b.getContext(), 1);
    for (size_t i = shape.size(); i-- > 0;) {
      address.offset = k.add(k.mul(index[i].base, k.size(stride)), address.offset);
      if (index[i].step) {
        std::optional<int64_t> c = stride.getConstant();
        if (c && address.step)
          address.step = *address.step + *c * index[i].step;
        else
          address.step = std::nullopt;
      }
      stride = stride * shape[i];
    }
    return address;
  }
  // A blocked layout: the lanes must stay inside one block or run along an
  // unblocked dimension.
  SmallVector<PhysicalDim> dims = getPhysicalDims(layout);
  SymShape physical = getPhysicalShape(layout, shape);
  SymExpr stride = SymExpr::constant(k.b.getContext(), 1);
  for (size_t i = dims.size(); i-- > 0;) {
    PhysicalDim d = dims[i];
    Coord c = index[d.dim];
    // A size within one block leaves nothing to divide.
    std::optional<int64_t> size = shape[d.dim].getConstant();
    bool oneBlock = size && *size <= d.divisor * std::max<int64_t>(d.modulus, 1);
    Value part = oneBlock && !d.modulus && d.divisor > 1 ? k.index(0) : k.floorDiv(c.base, k.index(d.divisor));
    if (d.modulus && !oneBlock)
      part = k.rem(part, k.index(d.modulus));
    address.offset = k.add(k.mul(part, k.size(stride)), address.offset);
    if (c.step && d.divisor == 1) {
      std::optional<int64_t> s = stride.getConstant();
      if (!s)
        address.step = std::nullopt;
      else if (address.step)
        address.step = *address.step + *s * c.step;
    }
    stride = stride * physical[i];
  }
  return address;
}

/// Whether the lanes lie in one block of every dimension that the layout cuts
/// (i1); null if none of those runs along the lanes.
static Value lanesInBlock(KernelBuilder &k, LayoutAttr layout, ArrayRef<Coord> index, int64_t lanes) {
  Value all;
  for (PhysicalDim d : layout ? getPhysicalDims(layout) : SmallVector<PhysicalDim>()) {
    int64_t step = index[d.dim].step;
    if (!d.modulus || !step)
      continue;
    Value last = k.add(k.rem(k.floorDiv(index[d.dim].base, k.index(d.divisor)), k.index(d.modulus)), (lanes - 1) * step);
    Value inside = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, last, k.index(d.modulus));
    all = all ? arith::AndIOp::create(k.b, k.loc, all, inside).getResult() : inside;
  }
  return all;
}

Value ElementAt::leaf(Value value, ArrayRef<Coord> index, int64_t lanes) {
  auto argument = cast<BlockArgument>(value);
  unsigned operand = argument.getArgNumber();
  Type element = elementOf(value), storage = storageType(element);
  Value ptr = k.operandPtr(operand);
  std::optional<Address> address = addressOf(*this, value, k.operandLayout(operand), index);
  LayoutAttr layout = k.operandLayout(operand);
  bool nibbles = layout && layout.getPerByte() > 1;
  ScalarMath m = scalarMath();
  if (lanes == 1 || address->step == 0) {
    Value loaded = nibbles ? nibbleAt(ptr, address->offset, element) : k.load(ptr, address->offset, storage);
    loaded = fromStorage(m, loaded, element);
    return k.splat(loaded, lanes);
  }
  // Neighbours share bytes: there is nothing to load at once.
  if (nibbles)
    return perLane(value, index, lanes);
  Value inBlock = lanesFromAnywhere ? lanesInBlock(k, layout, index, lanes) : Value();
  if (inBlock && address->step == 1) {
    Type type = k.vectorOf(computeType(element), lanes);
    auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{type}, inBlock, true);
    for (bool together : {true, false}) {
      OpBuilder::InsertionGuard guard(k.b);
      k.b.setInsertionPointToStart(together ? branch.thenBlock() : branch.elseBlock());
      Scope scope(*this);
      scf::YieldOp::create(k.b, k.loc, together ? fromStorage(m, contiguous(ptr, address->offset, storage, lanes), element)
                                                : perLane(value, index, lanes));
    }
    return branch.getResult(0);
  }
  if (inBlock)
    return perLane(value, index, lanes);
  if (address->step == 1)
    return fromStorage(m, contiguous(ptr, address->offset, storage, lanes), element);
  if (lanesFromAnywhere && address->step && !laneLimit) {
    Type type = k.vectorOf(storage, lanes);
    Value apart = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type));
    for (int64_t lane = 0; lane < lanes; ++lane) {
      Value one = k.load(ptr, k.add(address->offset, lane * *address->step), storage);
      apart = vector::InsertOp::create(k.b, k.loc, one, apart, ArrayRef<int64_t>{lane});
    }
    return fromStorage(m, apart, element);
  }
  return perLane(value, index, lanes);
}

Value ElementAt::nibbleAt(Value ptr, Value offset, Type element) {
  ScalarMath m = scalarMath();
  Value byte = k.load(ptr, k.floorDiv(offset, k.index(2)), k.b.getI8Type());
  Value odd = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ne, k.rem(offset, k.index(2)), k.index(0));
  // The half goes to the top, and down again with its sign or with zeros.
  Value top = arith::SelectOp::create(k.b, k.loc, odd, m.andI(byte, -16), m.shl(byte, 4));
  return element.isUnsignedInteger() ? m.shrU(top, 4) : m.shrS(top, 4);
}

Value ElementAt::contiguous(Value ptr, Value offset, Type storage, int64_t lanes) {
  if (laneFirst)
    return k.loadMasked(ptr, offset, storage, lanes, laneLimit, laneFirst);
  return laneLimit ? k.loadMasked(ptr, offset, storage, lanes, laneLimit) : k.load(ptr, offset, storage, lanes);
}

Value ElementAt::perLane(Value value, ArrayRef<Coord> index, int64_t lanes) {
  Type element = computeType(elementOf(value)), type = k.vectorOf(element, lanes);
  Value vec = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type));
  // Lanes beyond the limit may lie outside the operands: they are not computed.
  llvm::SaveAndRestore noLimit(laneLimit, Value()), noFirst(laneFirst, Value());
  Value limit = noLimit.get(), firstLane = noFirst.get();
  for (int64_t lane = 0; lane < lanes; ++lane) {
    Coords one;
    for (Coord c : index)
      one.push_back({k.add(c.base, lane * c.step), 0});
    Value v;
    if (!limit) {
      v = at(value, one, 1);
    } else {
      Value inside = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, k.index(lane), limit);
      if (firstLane) {
        Value begun = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sge, k.index(lane), firstLane);
        inside = arith::AndIOp::create(k.b, k.loc, inside, begun);
      }
      auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{element}, inside, true);
      OpBuilder::InsertionGuard guard(k.b);
      k.b.setInsertionPointToStart(branch.thenBlock());
      {
        Scope scope(*this);
        v = at(value, one, 1);
        if (v)
          scf::YieldOp::create(k.b, k.loc, v);
      }
      k.b.setInsertionPointToStart(branch.elseBlock());
      Value zero = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(element));
      scf::YieldOp::create(k.b, k.loc, zero);
      if (v)
        v = branch.getResult(0);
    }
    if (!v)
      return {};
    vec = vector::InsertOp::create(k.b, k.loc, v, vec, ArrayRef<int64_t>{lane});
  }
  return vec;
}

void ElementAt::storeResult(unsigned r, Value value, ArrayRef<Coord> index, int64_t lanes) {
  auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
  Value tensor = yield.getValues()[r];
  Type element = elementOf(tensor);
  std::optional<Address> address = addressOf(*this, tensor, k.resultLayout(r), index);
  ScalarMath m = scalarMath();
  Value stored = toStorage(m, value, element);
  Value ptr = k.resultPtr(r);
  if (lanes == 1)
    return k.store(stored, ptr, address->offset);
  if (address->step == 1) {
    if (laneLimit && k.resultLayout(r)) {
      // Padding of a layout holds zeros.
      Value zero = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(stored.getType()));
      stored = arith::SelectOp::create(k.b, k.loc, k.firstLanes(lanes, laneLimit), stored, zero);
    } else if (laneLimit) {
      return k.storeMasked(stored, ptr, address->offset, laneLimit);
    }
    return k.store(stored, ptr, address->offset);
  }
  // Lanes apart from one another: one after the other.
  for (int64_t lane = 0; lane < lanes; ++lane) {
    auto storeLane = [&] {
      Coords one;
      for (Coord c : index)
        one.push_back({k.add(c.base, lane * c.step), 0});
      Value scalar = vector::ExtractOp::create(k.b, k.loc, stored, ArrayRef<int64_t>{lane});
      k.store(scalar, ptr, addressOf(*this, tensor, k.resultLayout(r), one)->offset);
    };
    if (laneLimit)
      k.ifThen(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, k.index(lane), laneLimit), storeLane);
    else
      storeLane();
  }
}

//===----------------------------------------------------------------------===//
// Dispatch
//===----------------------------------------------------------------------===//

/// Whether a value has one element, whatever the sizes.
static bool isOneElement(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape() && type.getNumElements() == 1;
}

void ElementAt::computeScalars() {
  // A result of one element may take an operand's memory: only the thread that writes it reads.
  auto yield = cast<YieldOp>(k.kernel.getBody().front().getTerminator());
  if (isOneElement(yield.getValues()[0]))
    return;
  auto computeOne = [&](Value value) {
    at(value, Coords(cast<RankedTensorType>(value.getType()).getRank(), Coord{k.index(0), 0}), 1);
    scalars.insert(value);
  };
  for (Operation &op : k.kernel.getBody().front().without_terminator()) {
    // Limits and the like are then found once, not in the loop.
    if (isa<QuantizeOp, DequantizeOp>(op))
      for (Value parameter : op.getOperands().drop_front())
        if (isa<BlockArgument>(parameter) && isOneElement(parameter) && !scalars.contains(parameter))
          computeOne(parameter);
    if (!op.hasTrait<mlopt::OpTrait::Elementwise>() || isa<CheckFiniteOp>(op) || op.getNumResults() != 1 ||
        !isOneElement(op.getResult(0)))
      continue;
    bool fromScalars = llvm::all_of(op.getOperands(), [&](Value v) {
      return isOneElement(v) && (isa<BlockArgument>(v) || v.getDefiningOp<ConstantOp>() || scalars.contains(v));
    });
    if (!fromScalars)
      continue;
    computeOne(op.getResult(0));
  }
}

Value ElementAt::at(Value value, ArrayRef<Coord> index, int64_t lanes) {
  if (lanes > 1 && scalars.contains(value)) {
    Value one = at(value, Coords(index.size(), Coord{k.index(0), 0}), 1);
    return one ? k.splat(one, lanes) : one;
  }
  Key key{value, {}, lanes};
  for (Coord c : index) {
    // Equal constants are equal coordinates whichever operation made them.
    void *id = c.base.getAsOpaquePointer();
    if (auto constant = c.base.getDefiningOp<arith::ConstantOp>())
      id = const_cast<void *>(constant.getValue().getAsOpaquePointer());
    key.coords.push_back({id, c.step});
  }
  for (auto &scope : llvm::reverse(memo))
    for (auto &[known, result] : scope)
      if (known == key)
        return result;
  Value result = compute(value, index, lanes);
  if (result)
    memo.back().emplace_back(std::move(key), result);
  return result;
}

static Coords broadcastIndex(ElementAt &e, Value operand, ArrayRef<SymExpr> to, ArrayRef<Coord> index) {
  KernelBuilder &k = e.k;
  SymShape from = k.shapes.shapeOf(operand);
  Coords out;
  for (size_t i = 0; i < from.size(); ++i) {
    size_t j = i + to.size() - from.size();
    if (from[i].isConstant(1) && !to[j].isConstant(1)) {
      out.push_back({k.index(0), 0});
    } else if (from[i] == to[j] || from[i].getConstant()) {
      out.push_back(index[j]);
    } else {
      // Unknown whether it is broadcast: the coordinate is multiplied away at
      // run time. Lanes keep their step; callers version the innermost one.
      Value one = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.size(from[i]), k.index(1));
      Value base = arith::SelectOp::create(k.b, k.loc, one, k.index(0), index[j].base);
      out.push_back({base, index[j].step});
    }
  }
  return out;
}

/// Whether lanes of `index` meet a size of which it is unknown if it is 1.
static Value ambiguousLane(ElementAt &e, Value operand, ArrayRef<SymExpr> to, ArrayRef<Coord> index) {
  KernelBuilder &k = e.k;
  SymShape from = k.shapes.shapeOf(operand);
  for (size_t i = 0; i < from.size(); ++i) {
    size_t j = i + to.size() - from.size();
    if (index[j].step && !from[i].getConstant() && from[i] != to[j])
      return arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, k.size(from[i]), k.index(1));
  }
  return {};
}

/// Whether lanes that start at a multiple of their number in the slice do so in its input, in every row.
static bool keepsVectors(ElementAt &e, SliceOp slice, ArrayRef<Coord> index, int64_t lanes) {
  SymShape from = e.k.shapes.shapeOf(slice.getInput());
  for (size_t i = 0; i < index.size(); ++i) {
    int64_t start = slice.getStaticStarts()[i];
    if (index[i].step && (ShapedType::isDynamic(start) || start % lanes != 0 || !from[i].isMultipleOf(lanes)))
      return false;
  }
  return true;
}

Value ElementAt::broadcastAt(Value operand, ArrayRef<SymExpr> shape, ArrayRef<Coord> index, int64_t lanes) {
  Coords from = broadcastIndex(*this, operand, shape, index);
  Value one = lanes > 1 ? ambiguousLane(*this, operand, shape, index) : Value();
  if (!one)
    return at(operand, from, lanes);
  // One loop body for each case (ir.md section 1); the branch is predicted.
  Type type = k.vectorOf(computeType(elementOf(operand)), lanes);
  auto branch = scf::IfOp::create(k.b, k.loc, TypeRange{type}, one, true);
  for (bool broadcast : {true, false}) {
    OpBuilder::InsertionGuard guard(k.b);
    k.b.setInsertionPointToStart(broadcast ? branch.thenBlock() : branch.elseBlock());
    Scope scope(*this);
    Coords here = from;
    if (broadcast)
      for (Coord &c : here)
        c.step = 0;
    Value v = at(operand, here, lanes);
    if (!v)
      return {};
    scf::YieldOp::create(k.b, k.loc, v);
  }
  return branch.getResult(0);
}

Value ElementAt::compute(Value value, ArrayRef<Coord> index, int64_t lanes) {
  if (auto it = overrides.find(value); it != overrides.end())
    return it->second(index, lanes);
  if (isa<BlockArgument>(value))
    return leaf(value, index, lanes);
  Operation *op = value.getDefiningOp();
  unsigned number = cast<OpResult>(value).getResultNumber();

  if (auto constant = dyn_cast<ConstantOp>(op)) {
    auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
    if (!dense || !dense.isSplat()) {
      op->emitError("expects constants inside a kernel to be splats");
      return {};
    }
    Type element = elementOf(value), compute = computeType(element);
    Attribute attr;
    if (auto f = dyn_cast<FloatType>(element)) {
      APFloat v = dense.getSplatValue<APFloat>();
      bool lost;
      v.convert(cast<FloatType>(compute).getFloatSemantics(), APFloat::rmNearestTiesToEven, &lost);
      attr = FloatAttr::get(compute, v);
    } else {
      APInt v = dense.getSplatValue<APInt>();
      unsigned bits = compute.getIntOrFloatBitWidth();
      attr = IntegerAttr::get(compute, element.isUnsignedInteger() ? v.zextOrTrunc(bits) : v.sextOrTrunc(bits));
    }
    Value scalar = arith::ConstantOp::create(k.b, k.loc, cast<TypedAttr>(attr));
    return k.splat(scalar, lanes);
  }

  if (auto check = dyn_cast<CheckFiniteOp>(op))
    return checkFiniteAt(check, index, lanes);
  if (op->hasTrait<mlopt::OpTrait::Elementwise>()) {
    SmallVector<Value> operands;
    SymShape shape = k.shapes.shapeOf(value);
    for (Value operand : op->getOperands()) {
      if (isa<NoneType>(operand.getType())) {
        operands.push_back({});
        continue;
      }
      Value element = broadcastAt(operand, shape, index, lanes);
      if (!element)
        return {};
      operands.push_back(element);
    }
    FailureOr<Value> result = emitScalarOp(k.b, k.loc, op, operands, math);
    return failed(result) ? Value() : *result;
  }

  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<BroadcastOp>([&](BroadcastOp o) {
        SymShape shape = k.shapes.shapeOf(value);
        Coords from = broadcastIndex(*this, o.getInput(), shape, index);
        if (lanes > 1 && ambiguousLane(*this, o.getInput(), shape, index))
          return perLane(value, index, lanes);
        return at(o.getInput(), from, lanes);
      })
      .Case<RelayoutOp>([&](RelayoutOp o) { return at(o.getInput(), index, lanes); })
      .Case<TransposeOp>([&](TransposeOp o) {
        Coords from(index.size());
        for (auto [i, axis] : llvm::enumerate(o.getPermutation()))
          from[axis] = index[i];
        return at(o.getInput(), from, lanes);
      })
      .Case<ReshapeOp>([&](ReshapeOp o) {
        if (lanes > 1)
          return perLane(value, index, lanes);
        SmallVector<Value> here;
        for (Coord c : index)
          here.push_back(c.base);
        Coords from;
        for (Value v : delinearize(linearize(here, sizesOf(value)), sizesOf(o.getInput())))
          from.push_back({v, 0});
        return at(o.getInput(), from, 1);
      })
      .Case<SliceOp>([&](SliceOp o) {
        SmallVector<Value> starts = mixed(o.getStaticStarts(), o.getStarts());
        Coords from;
        for (auto [c, start, stride] : llvm::zip_equal(index, starts, o.getStrides()))
          from.push_back({k.add(k.mul(c.base, stride), start), c.step * stride});
        // What is whole vectors of the slice may lie across those of its input.
        llvm::SaveAndRestore<bool> aligned(k.alignedLanes, k.alignedLanes && keepsVectors(*this, o, index, lanes));
        return at(o.getInput(), from, lanes);
      })
      .Case<IotaOp>([&](IotaOp o) {
        Coord c = index[o.getAxis()];
        Value v = k.splat(c.base, lanes);
        if (lanes > 1 && c.step) {
          SmallVector<int64_t> steps;
          for (int64_t l = 0; l < lanes; ++l)
            steps.push_back(l * c.step);
          auto type = VectorType::get({lanes}, k.b.getI64Type());
          v = arith::AddIOp::create(k.b, k.loc, v, arith::ConstantOp::create(
                  k.b, k.loc, DenseElementsAttr::get(type, ArrayRef(steps))));
        }
        ScalarMath m = scalarMath();
        return emitCast(m, v, k.b.getI64Type(), elementOf(value));
      })
      .Case<FromSizesOp>([&](FromSizesOp o) {
        if (lanes > 1)
          return perLane(value, index, lanes);
        Value result = k.index(0);
        for (auto [i, size] : llvm::enumerate(o.getSizes())) {
          Value here = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, index[0].base, k.index(i));
          result = arith::SelectOp::create(k.b, k.loc, here, k.size(k.shapes.sizeOf(size)), result);
        }
        return result;
      })
      .Case<ReduceOp>([&](ReduceOp o) { return reduceAt(o, index, lanes); })
      .Case<MatmulOp>([&](MatmulOp o) { return matmulAt(o, index, lanes); })
      .Case<IntegerMatmulOp>([&](IntegerMatmulOp o) { return integerMatmulAt(o, index, lanes); })
      .Case<DequantizedMatmulOp>([&](DequantizedMatmulOp o) { return dequantizedMatmulAt(o, index, lanes); })
      .Case<DequantizeBlockedOp>([&](DequantizeBlockedOp o) { return dequantizeBlockedAt(o, index, lanes); })
      .Case<PoolOp>([&](PoolOp o) { return poolAt(o, index, lanes); })
      .Case<PadOp>([&](PadOp o) { return padAt(o, index, lanes); })
      .Case<ConcatOp>([&](ConcatOp o) { return concatAt(o, index, lanes); })
      .Case<GatherOp>([&](GatherOp o) { return gatherAt(o, index, lanes); })
      .Case<GatherNdOp>([&](GatherNdOp o) { return gatherNdAt(o, index, lanes); })
      .Case<UnfoldOp>([&](UnfoldOp o) { return unfoldAt(o, index, lanes); })
      .Case<FoldOp>([&](FoldOp o) { return foldAt(o, index, lanes); })
      .Case<BatchNormOp>([&](BatchNormOp o) { return batchNormAt(o, index, lanes); })
      .Case<AttentionOp>([&](AttentionOp o) { return attentionAt(o, index, lanes); })
      .Case<LrnOp>([&](LrnOp o) { return lrnAt(o, index, lanes); })
      .Default([&](Operation *) -> Value {
        if (lanes > 1)
          return perLane(value, index, lanes);
        SmallVector<Value> here;
        for (Coord c : index)
          here.push_back(c.base);
        return oneElement(op, number, here);
      });
}

Value ElementAt::oneElement(Operation *op, unsigned result, ArrayRef<Value> index) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<ConvOp>([&](ConvOp o) { return convAt(o, index); })
      .Case<IntegerConvOp>([&](IntegerConvOp o) { return integerConvAt(o, index); })
      .Case<ConvTransposeOp>([&](ConvTransposeOp o) { return convTransposeAt(o, index); })
      .Case<MaxPoolWithIndicesOp>([&](MaxPoolWithIndicesOp o) { return maxPoolIndexAt(o, result == 1, index); })
      .Case<ArgReduceOp>([&](ArgReduceOp o) { return argReduceAt(o, index); })
      .Case<GatherElementsOp>([&](GatherElementsOp o) { return gatherElementsAt(o, index); })
      .Case<ResizeOp>([&](ResizeOp o) { return resizeAt(o, index); })
      .Default([&](Operation *) -> Value {
        op->emitError("MLO3010: the generic route has no element-wise definition of '")
            << op->getName() << "' inside this kernel";
        return {};
      });
}
