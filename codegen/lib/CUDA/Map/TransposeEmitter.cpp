//===- TransposeEmitter.cpp - Tiles that turn over in shared memory -------===//
#include "MapEmitter.h"
#include "StridedBody.h"
#include "TransposePlan.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

/// Scalar operations that are written out for one thread; beyond these its rows become a loop.
static constexpr int64_t kMostOps = 96;

namespace {

class TileEmitter {
public:
  TileEmitter(GpuBuilder &g, const TransposePlan &plan)
      : g(g), plan(plan), s(plan.kernel), last(s.sizes.size() - 1), group(plan.group), body(g, s) {}

  LogicalResult run() {
    locate();
    Value acrossSize = g.size(s.sizes[plan.across]), lastSize = g.size(s.sizes[last]);
    bool alwaysFull = s.sizes[plan.across].isMultipleOf(plan.side()) && s.sizes[last].isMultipleOf(plan.side());
    Value full;
    if (!alwaysFull)
      full = arith::AndIOp::create(g.b, g.loc, notAbove(g.add(acrossAt, plan.side()), acrossSize),
                                   notAbove(g.add(lastAt, plan.side()), lastSize));
    // Tiles within both ends need no tests.
    auto inside = [&](llvm::function_ref<void()> emit) {
      if (alwaysFull)
        return emit();
      g.ifThen(full, emit, [&] {
        guarded = true;
        emit();
        guarded = false;
      });
    };
    inside([&] { readTiles(); });
    g.barrier();
    inside([&] { writeRows(); });
    return result;
  }

private:
  Value notAbove(Value a, Value b) { return arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::sle, a, b); }
  Value below(Value a, Value b) { return arith::CmpIOp::create(g.b, g.loc, arith::CmpIPredicate::slt, a, b); }
  Value both(Value a, Value b) { return arith::AndIOp::create(g.b, g.loc, a, b); }

  /// Where this block's tile begins, and this thread in it.
  void locate() {
    SmallVector<Value> counts;
    for (auto [d, size] : llvm::enumerate(s.sizes))
      counts.push_back(g.size(d == plan.across || d == last ? size.ceilDiv(plan.side()) : size));
    Value rest = g.toI64(g.blockIdx());
    place.resize(s.sizes.size());
    for (size_t d = s.sizes.size(); d-- > 0;) {
      place[d] = d == 0 ? rest : g.rem(rest, counts[d]);
      rest = d == 0 ? rest : g.floorDiv(rest, counts[d]);
    }
    acrossAt = place[plan.across] = g.mul(place[plan.across], plan.side());
    lastAt = place[last] = g.mul(place[last], plan.side());
    SymExpr stride = SymExpr::constant(g.b.getContext(), 1);
    resultStrides.resize(s.sizes.size());
    for (size_t d = s.sizes.size(); d-- > 0; stride = stride * s.sizes[d])
      resultStrides[d] = stride;
    // Warps are rows of 32 threads.
    lane = g.bitAnd(g.threadIdx(), 31);
    warp = g.shiftRight(g.threadIdx(), 5);
  }

  /// Element number of a place that lies so far from the tile's first.
  Value address(SymExpr offset, ArrayRef<SymExpr> strides, Value across, Value along) {
    Value sum = g.size(offset);
    for (size_t d = 0; d < strides.size(); ++d)
      sum = g.add(sum, g.mul(place[d], g.size(strides[d])));
    sum = g.add(sum, g.mul(g.toI64(across), g.size(strides[plan.across])));
    return g.add(sum, g.mul(g.toI64(along), g.size(strides[last])));
  }

  /// Whether elements this far from the tile's first exist.
  Value exists(Value across, Value along) {
    return both(below(g.add(acrossAt, g.toI64(across)), g.size(s.sizes[plan.across])),
                below(g.add(lastAt, g.toI64(along)), g.size(s.sizes[last])));
  }

  /// Elements of read i; where the tile is cut, zeros for those that do not exist.
  Value loadIn(int i, Value across, Value along, int64_t lanes) {
    const StridedRead &r = s.reads[i];
    auto load = [&] {
      Type storage = storageType(r.element);
      Value ptr = g.elementPtr(g.operandPtr(r.operand), address(r.offset, r.strides, across, along), storage);
      return g.loadAligned(ptr, storage, lanes);
    };
    if (!guarded)
      return load();
    Type type = g.vectorOf(storageType(r.element), lanes);
    auto branch = scf::IfOp::create(g.b, g.loc, TypeRange{type}, exists(across, along), true);
    OpBuilder::InsertionGuard guard(g.b);
    g.b.setInsertionPointToStart(branch.thenBlock());
    scf::YieldOp::create(g.b, g.loc, load());
    g.b.setInsertionPointToStart(branch.elseBlock());
    scf::YieldOp::create(g.b, g.loc, arith::ConstantOp::create(g.b, g.loc, g.b.getZeroAttr(type)).getResult());
    return branch.getResult(0);
  }

  Value element(Value v, int64_t lane) {
    return isa<VectorType>(v.getType()) ? vector::ExtractOp::create(g.b, g.loc, v, ArrayRef<int64_t>{lane}).getResult()
                                        : v;
  }
  Value together(ArrayRef<Value> elements) {
    return elements.size() == 1 ? elements[0]
                                : vector::FromElementsOp::create(
                                      g.b, g.loc, VectorType::get({(int64_t)elements.size()}, elements[0].getType()),
                                      elements)
                                      .getResult();
  }

  /// Address of a cell: `key` is what its row is exchanged by.
  Value cell(int i, Value row, Value column, Value key) {
    int64_t bytes = plan.cellBytes(s.reads[i]);
    Value at = g.add(g.mul(row, 32 * bytes), g.mul(g.bitXor(column, key), bytes));
    return g.sharedPtr(g.add(at, plan.tileAt[i]));
  }

  /// From memory along `across` to cells along the last dimension.
  void readTiles() {
    struct Cell {
      Value ptr, value;
    };
    SmallVector<Cell> cells;
    for (size_t i = 0; i < s.reads.size(); ++i) {
      if (!plan.turned[i])
        continue;
      for (int64_t step = 0; step < 32 * 32 / TransposePlan::kBlock; ++step) {
        Value column = g.add(warp, step * (TransposePlan::kBlock / 32));
        Value along = g.mul(column, group);
        SmallVector<SmallVector<Value>> loaded(group); // [along][across]
        for (int64_t q = 0; q < group; ++q) {
          Value row = g.add(along, q);
          if (plan.wholeIn) {
            Value v = loadIn(i, g.mul(lane, group), row, group);
            for (int64_t j = 0; j < group; ++j)
              loaded[q].push_back(element(v, j));
          } else {
            for (int64_t j = 0; j < group; ++j)
              loaded[q].push_back(loadIn(i, g.add(lane, 32 * j), row, 1));
          }
        }
        for (int64_t j = 0; j < group; ++j) {
          SmallVector<Value> neighbours;
          for (int64_t q = 0; q < group; ++q)
            neighbours.push_back(loaded[q][j]);
          Value row = plan.wholeIn ? g.add(g.mul(lane, group), j) : g.add(lane, 32 * j);
          cells.push_back({cell(i, row, column, lane), together(neighbours)});
        }
      }
    }
    // Every load is on its way before the first is waited for.
    for (const Cell &c : cells)
      g.storeAligned(c.value, c.ptr);
  }

  /// From cells, with the operations of the kernel, to the results.
  void writeRows() {
    int64_t rows = plan.side() / (TransposePlan::kBlock / 32);
    auto one = [&](Value row) {
      if (plan.wholeOut)
        return writeRow(row, g.mul(lane, group), group);
      for (int64_t q = 0; q < group; ++q)
        writeRow(row, g.add(lane, 32 * q), 1);
    };
    if (rows * std::max<int64_t>(s.countOps(), 1) * group <= kMostOps) {
      for (int64_t step = 0; step < rows; ++step)
        one(g.add(warp, step * (TransposePlan::kBlock / 32)));
      return;
    }
    g.stridedLoop(warp, g.i32(plan.side()), g.i32(TransposePlan::kBlock / 32), {},
                  [&](Value row, ValueRange) -> SmallVector<Value> {
                    one(row);
                    return {};
                  });
  }

  /// `lanes` elements of the result, `along` from the tile's first.
  void writeRow(Value row, Value along, int64_t lanes) {
    auto write = [&] {
      SmallVector<Value> values = body.compute(lanes, [&](int i) { return readOut(i, row, along, lanes); });
      if (values.empty()) {
        result = failure();
        return;
      }
      body.store(values, address(SymExpr::constant(g.b.getContext(), 0), resultStrides, row, along));
    };
    if (guarded)
      g.ifThen(exists(row, along), write);
    else
      write();
  }

  Value readOut(int i, Value row, Value along, int64_t lanes) {
    const StridedRead &r = s.reads[i];
    if (!plan.turned[i])
      return body.load(i, address(r.offset, r.strides, row, along), lanes, *r.strides.back().getConstant());
    Type storage = storageType(r.element);
    // The lane that wrote the row.
    Value key = plan.wholeIn ? g.floorDiv(row, g.i32(group)) : g.bitAnd(row, 31);
    if (lanes == group)
      return g.loadAligned(cell(i, row, g.floorDiv(along, g.i32(group)), key), storage, lanes);
    Value ptr = cell(i, row, g.floorDiv(along, g.i32(group)), key);
    Value inCell = g.mul(g.rem(along, g.i32(group)), getElementBytes(r.element));
    ptr = LLVM::GEPOp::create(g.b, g.loc, ptr.getType(), g.b.getI8Type(), ptr, inCell);
    return g.loadAligned(ptr, storage, 1);
  }

  GpuBuilder &g;
  const TransposePlan &plan;
  const StridedKernel &s;
  size_t last;
  int64_t group;
  StridedBody body;
  SmallVector<Value> place; ///< of the tile's first element
  SmallVector<SymExpr> resultStrides;
  Value acrossAt, lastAt, lane, warp;
  bool guarded = false;
  LogicalResult result = success();
};

class CudaTransposeEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "cuda-transpose"; }

  bool accept(KernelOp kernel, const TargetDescription &target, std::string &reason) const override {
    ShapeAnalysis shapes(kernel);
    return planTranspose(kernel, shapes, target, reason).has_value();
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const override {
    MLIRContext *context = kernel.getContext();
    ShapeAnalysis shapes(kernel);
    std::string reason;
    TransposePlan plan = *planTranspose(kernel, shapes, target, reason);
    Builder b(context);
    SymExpr tiles = plan.tiles(context);
    DictionaryAttr params = b.getDictionaryAttr(
        {b.getNamedAttr("launch", encodeGpuLaunches(context, makeGpuLaunch(tiles, TransposePlan::kBlock,
                                                                            plan.sharedBytes))),
         b.getNamedAttr("lanes", b.getI64IntegerAttr(plan.group)),
         b.getNamedAttr("tile", b.getI64IntegerAttr(plan.side()))});
    SmallVector<int64_t> mayOverwrite;
    // What is not turned over is read by the thread that writes there.
    for (auto [i, argument] : llvm::enumerate(kernel.getBody().getArguments()))
      if (readsElementItWrites(kernel, argument))
        mayOverwrite.push_back(i);
    SymExprAttr zero = SymExpr::constant(context, 0).getAttr();
    return ScheduleAttr::get(context, name(), /*phases=*/1, zero, zero, mayOverwrite, {}, {}, {}, tiles.getAttr(),
                             {}, params);
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    GpuBuilder g(kernel, target, module);
    std::string reason;
    TransposePlan plan = *planTranspose(kernel, g.shapes, target, reason);
    LogicalResult result = TileEmitter(g, plan).run();
    g.finish();
    return result;
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createCudaTransposeEmitter() { return std::make_unique<CudaTransposeEmitter>(); }
