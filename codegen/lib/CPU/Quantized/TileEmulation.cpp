//===- TileEmulation.cpp - Tile operations as loops -----------------------===//
//
// The proof on machines without tile units: what the emitter makes for them, with
// each operation replaced by what the manual says it does. Registers lie on the
// stack of the function that uses them: no function leaves anything in one for another.
//
//===----------------------------------------------------------------------===//
#include "Tiles.h"

using namespace mlir;
using namespace mlopt;

namespace {

constexpr int64_t registerBytes = TileProducts::rows * TileProducts::depth;

class Emulation {
public:
  Emulation(LLVM::LLVMFuncOp function)
      : b(function.getContext()), loc(function.getLoc()),
        bytes(VectorType::get({TileProducts::depth}, b.getI8Type())),
        words(VectorType::get({TileProducts::columns}, b.getI32Type())) {
    b.setInsertionPointToStart(&function.getBody().front());
    Value size = constant(8 * registerBytes);
    state = LLVM::AllocaOp::create(b, loc, LLVM::LLVMPointerType::get(b.getContext()),
                                   b.getI8Type(), size, /*alignment=*/64);
  }

  LogicalResult replace(LLVM::CallIntrinsicOp op) {
    StringRef name = op.getIntrin();
    ValueRange args = op.getArgs();
    b.setInsertionPoint(op);
    if (!name.consume_front("llvm.x86."))
      return failure();
    if (name == "tilezero") {
      Value to = at(args[0]), zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(words));
      eachRow([&](Value row) { store(zero, to, times(row, TileProducts::depth)); });
    } else if (name == "tileloadd64") {
      Value to = at(args[0]);
      eachRow([&](Value row) {
        Value v = load(bytes, args[1], arith::MulIOp::create(b, loc, row, args[2]));
        store(v, to, times(row, TileProducts::depth));
      });
    } else if (name == "tilestored64") {
      Value from = at(args[0]);
      eachRow([&](Value row) {
        store(load(bytes, from, times(row, TileProducts::depth)), args[1],
              arith::MulIOp::create(b, loc, row, args[2]));
      });
    } else if (name == "tdpbusd") {
      multiply(at(args[0]), at(args[1]), at(args[2]));
    } else {
      return op.emitError("MLO3011: no loops stand for the tile operation '") << name << "'";
    }
    return success();
  }

private:
  Value constant(int64_t v) { return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(v)); }
  Value times(Value v, int64_t by) { return arith::MulIOp::create(b, loc, v, constant(by)); }
  Value pointer(Value base, Value offset) {
    return LLVM::GEPOp::create(b, loc, base.getType(), b.getI8Type(), base, offset);
  }
  Value at(Value number) {
    return pointer(state,
                   times(arith::ExtUIOp::create(b, loc, b.getI64Type(), number), registerBytes));
  }
  Value load(Type type, Value base, Value offset) {
    return LLVM::LoadOp::create(b, loc, type, pointer(base, offset), /*alignment=*/1);
  }
  void store(Value v, Value base, Value offset) {
    LLVM::StoreOp::create(b, loc, v, pointer(base, offset), /*alignment=*/1);
  }
  void eachRow(llvm::function_ref<void(Value)> body) {
    auto loop = scf::ForOp::create(b, loc, constant(0), constant(TileProducts::rows), constant(1));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    body(loop.getInductionVar());
  }

  /// sums[row][column] += the sum over 16 groups of four of left[row][group][i], unsigned, times
  /// right[group][column][i], signed.
  void multiply(Value sums, Value left, Value right) {
    Type word = b.getI32Type();
    auto shift = [&](auto op, Value v, int64_t bits) -> Value {
      Value by = arith::ConstantOp::create(
          b, loc, DenseElementsAttr::get(words, b.getI32IntegerAttr(bits)));
      return decltype(op)::create(b, loc, v, by);
    };
    eachRow([&](Value row) {
      Value rowOffset = times(row, TileProducts::depth);
      auto loop = scf::ForOp::create(b, loc, constant(0), constant(TileProducts::depth / 4),
                                     constant(1), load(words, sums, rowOffset));
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToStart(loop.getBody());
        Value group = loop.getInductionVar(), sum = loop.getRegionIterArg(0);
        Value four = load(word, left, arith::AddIOp::create(b, loc, rowOffset, times(group, 4)));
        Value x = vector::BroadcastOp::create(b, loc, words, four);
        Value w = load(words, right, times(group, TileProducts::depth));
        for (int64_t i = 0; i < 4; ++i) {
          Value xi = shift(arith::ShRUIOp(), shift(arith::ShLIOp(), x, 24 - 8 * i), 24);
          Value wi = shift(arith::ShRSIOp(), shift(arith::ShLIOp(), w, 24 - 8 * i), 24);
          sum = arith::AddIOp::create(b, loc, sum, arith::MulIOp::create(b, loc, xi, wi));
        }
        scf::YieldOp::create(b, loc, sum);
      }
      store(loop.getResult(0), sums, rowOffset);
    });
  }

  OpBuilder b;
  Location loc;
  VectorType bytes, words;
  Value state;
};

bool isTileOperation(LLVM::CallIntrinsicOp op) {
  StringRef name = op.getIntrin();
  return name.consume_front("llvm.x86.") &&
         (name.starts_with("tile") || name.starts_with("tdp") || name == "ldtilecfg");
}

/// Whether the configuration is what `tileConfiguration` says: a constant stored just before.
bool isKnownConfiguration(LLVM::CallIntrinsicOp op) {
  auto store = dyn_cast_or_null<LLVM::StoreOp>(op->getPrevNode());
  auto stored = store ? store.getValue().getDefiningOp<arith::ConstantOp>() : arith::ConstantOp();
  auto values = stored ? dyn_cast<DenseElementsAttr>(stored.getValue()) : DenseElementsAttr();
  return values && values.getElementType().isInteger(8) &&
         llvm::equal(values.getValues<int8_t>(), tileConfiguration());
}

} // namespace

LogicalResult mlopt::emulateTiles(ModuleOp module) {
  SmallVector<LLVM::CallIntrinsicOp> operations;
  int64_t configured = 0, released = 0;
  bool known = true;
  module.walk([&](LLVM::CallIntrinsicOp op) {
    if (!isTileOperation(op))
      return;
    operations.push_back(op);
    if (op.getIntrin() == "llvm.x86.ldtilecfg") {
      ++configured;
      known &= isKnownConfiguration(op);
    }
    released += op.getIntrin() == "llvm.x86.tilerelease";
  });
  if (operations.empty())
    return success();
  if (configured != 1 || released != 1 || !known)
    return operations.front().emitError(
        "MLO3011: expected tiles to be configured and released once, "
        "all as 16 rows of 64 bytes");
  llvm::DenseMap<Operation *, std::unique_ptr<Emulation>> functions;
  for (LLVM::CallIntrinsicOp op : operations) {
    auto function = op->getParentOfType<LLVM::LLVMFuncOp>();
    if (op.getIntrin() != "llvm.x86.ldtilecfg" && op.getIntrin() != "llvm.x86.tilerelease") {
      std::unique_ptr<Emulation> &emulation = functions[function];
      if (!emulation)
        emulation = std::make_unique<Emulation>(function);
      if (failed(emulation->replace(op)))
        return failure();
    }
    op.erase();
  }
  return success();
}
