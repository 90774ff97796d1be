//===- IntegerContractionEmitter.cpp - Matrix products of bytes -----------===//
//
// The float products' walk (ProductBody) with a step of k made of four bytes:
// panels of bytes are matrices of 32-bit words, and tiles, blocks and prefetching are
// those of f32. Sums are i32, exact modulo 2^32, whatever their order. Where the CPU has tile
// registers, products of enough rows are formed in those.
//
//===----------------------------------------------------------------------===//
#include "IntegerContractionEmitter.h"
#include "../Contraction/Panels.h"
#include "../Contraction/ProductBody.h"
#include "ByteKernel.h"
#include "Tiles.h"

using namespace mlir;
using namespace mlopt;

namespace {

enum class Form {
  Weights, ///< B in panels, packed when compiling
  Packed   ///< B packed into scratch, panel by panel
};
constexpr StringLiteral formNames[] = {"weights", "packed"};

/// Bytes of a step.
constexpr int64_t groupBytes = 4;

ProductValues productOf(IntegerMatmulOp op) {
  return {op.getResult(), op.getLhs(), op.getRhs(), /*transposeA=*/false, op.getTransposeB()};
}

LayoutAttr weightLayout(IntegerMatmulOp op) {
  auto type = cast<RankedTensorType>(op.getRhs().getType());
  return getBytePanelLayout(op.getContext(), type.getRank(), panelWidth, op.getTransposeB());
}

bool isProduct(IntegerMatmulOp op) {
  return elementOf(op.getLhs()).isUnsignedInteger(8) &&
         elementOf(op.getRhs()).isSignlessInteger(8) && isa<NoneType>(op.getLhsZero().getType()) &&
         isa<NoneType>(op.getRhsZero().getType());
}

Form formOf(KernelOp kernel, IntegerMatmulOp op) {
  return layoutAt(kernel, cast<BlockArgument>(op.getRhs()).getArgNumber()) ? Form::Weights
                                                                           : Form::Packed;
}

/// Appended to a form's name: rows are multiplied in tile registers.
constexpr StringLiteral tiledSuffix = "_tiles";

bool isTiled(KernelOp kernel) {
  auto name = kernel.getScheduleAttr().getParams().getAs<StringAttr>("form");
  return name && name.getValue().ends_with(tiledSuffix);
}

/// Columns of a unit.
int64_t groupWidth(Form form, const ContractionBlocking &b) {
  return form == Form::Weights ? std::max(b.width(), panelWidth) : b.width();
}

class IntegerContractionBody : public ProductBody {
public:
  IntegerContractionBody(KernelOp kernel, IntegerMatmulOp op, const TargetDescription &target,
                         ModuleOp module)
      : ProductBody(kernel, productOf(op), target, module,
                    IntegerType::get(kernel.getContext(), 32), groupBytes),
        tiles(k, e.math, blocking), form(formOf(kernel, op)) {
    // Behind the parked accumulators.
    panel = k.bytePtr(park, k.index(parkBytes(blocking, sumBytes)));
    if (isTiled(kernel)) {
      byTiles.emplace(tiles, panel);
      byTiles->begin();
      panel = k.bytePtr(panel, k.index(TileProducts::scratchBytes));
    }
  }

  LogicalResult emit() {
    LogicalResult result = run();
    if (byTiles) {
      k.b.setInsertionPoint(k.function.getBody().back().getTerminator());
      byTiles->end();
    }
    return result;
  }

private:
  MicroKernel &micro() override { return tiles; }
  int64_t unitWidth() const override { return groupWidth(form, blocking); }

  LeftMatrix leftMatrix() override {
    Value item = problem.merged ? k.index(0) : itemOffset(values.lhs, k.mul(rows, depth));
    return {k.bytePtr(a, item), depth, k.index(groupBytes),
            problem.depth.isMultipleOf(groupBytes) ? Value() : depth};
  }

  void beginUnit(Value column) override {
    if (form == Form::Packed && !blocking.rounds)
      pack(column, k.index(0), steps);
  }

  void pack(Value column, Value begin, Value groups) override {
    Value base = k.bytePtr(b, itemOffset(values.rhs, k.mul(depth, columns))), one = k.index(1);
    if (values.transposeB)
      tiles.packBytes({base, one, depth, depth, columns, false}, column, begin, groups, panel,
                      width);
    else
      tiles.packBytes({base, columns, one, depth, columns, true}, column, begin, groups, panel,
                      width);
  }

  RightColumns rightColumns(Value first) override {
    if (form == Form::Weights) {
      // Panels of the current batch item: [item][N / 32][K / 4][32] words.
      Value words = k.mul(k.size(problem.n.ceilDiv(panelWidth)), k.mul(steps, panelWidth));
      Value base = k.elementPtr(b, itemOffset(values.rhs, words), sum);
      return panelColumns(k, blocking, sum, base, problem.n, steps, first);
    }
    RightColumns right;
    right.element = sum;
    right.ptr.assign(blocking.vectors, panel);
    for (int64_t v = 0; v < blocking.vectors; ++v)
      right.offset.push_back(v * blocking.lanes);
    right.stepStride = k.index(width);
    return right;
  }

  void overRows(const LeftMatrix &left, const RightColumns &right, Value column, Value from,
                Value to) override {
    if (!byTiles)
      return ProductBody::overRows(left, right, column, from, to);
    std::optional<int64_t> m = problem.m.getConstant(), depthKnown = problem.depth.getConstant();
    if (m && depthKnown)
      return overBlocks(left, right, column, from, to);
    auto atLeast = [&](Value v, int64_t least) -> Value {
      return arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sge, v, k.index(least));
    };
    Value enough = arith::AndIOp::create(k.b, k.loc, atLeast(k.sub(to, from), TileProducts::rows),
                                         atLeast(depth, TileProducts::depth));
    auto scoped = [&](auto body) {
      return [&, body] {
        ElementAt::Scope scope(e);
        body();
      };
    };
    k.ifThen(enough, scoped([&] { overBlocks(left, right, column, from, to); }),
             scoped([&] { ProductBody::overRows(left, right, column, from, to); }));
  }

  /// At least 16 rows, 32 at a time. The last 16 may be some that were computed before: nothing is
  /// read past the matrix, and what follows the product sees each row once.
  void overBlocks(const LeftMatrix &left, const RightColumns &right, Value column, Value from,
                  Value to) {
    Value lastRow = k.sub(to, k.index(TileProducts::rows));
    k.forLoop(from, to, TileProducts::blockRows, [&](Value row) {
      ElementAt::Scope scope(e);
      Value first = k.min(row, lastRow), next = k.add(row, TileProducts::rows);
      Value second = k.min(next, lastRow);
      auto multiply = [&](bool two) {
        auto rowsAt = [&](Value r) { return k.bytePtr(left.ptr, k.mul(r, left.rowStride)); };
        Value stride = k.index(width * sumBytes);
        byTiles->multiply({rowsAt(first), two ? rowsAt(second) : Value(), left.rowStride, depth,
                           problem.depth.isMultipleOf(TileProducts::depth)},
                          right.ptr[0], park, k.bytePtr(park, k.mul(k.sub(second, first), stride)));
      };
      Value hasSecond = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, next, to);
      k.ifThen(hasSecond, [&] { multiply(true); }, [&] { multiply(false); });
      Value count = k.min(k.sub(to, row), k.index(TileProducts::blockRows));
      epilogue(row, count, column, k.mul(k.sub(row, first), width));
    });
  }

  ByteKernel tiles;
  std::optional<TileProducts> byTiles;
  Form form;
  Value panel;
};

class IntegerContractionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "integer_contraction"; }

  std::optional<LayoutWish> wishLayouts(Operation *hero,
                                        llvm::function_ref<bool(unsigned)> isParameter,
                                        const TargetDescription &) const override {
    auto op = dyn_cast<IntegerMatmulOp>(hero);
    if (!op || !isProduct(op) || !isParameter(1))
      return std::nullopt;
    LayoutWish wish;
    wish.operands = {LayoutAttr(), weightLayout(op), LayoutAttr(), LayoutAttr()};
    return wish;
  }

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    auto op = dyn_cast_or_null<IntegerMatmulOp>(kernel.getHeroOp());
    if (!op) {
      reason = "its hero is no matrix product of bytes";
      return false;
    }
    if (!isProduct(op)) {
      reason = "expects ui8 and i8 factors without zero points, which the phase `quantize` makes";
      return false;
    }
    auto a = dyn_cast<BlockArgument>(op.getLhs()), b = dyn_cast<BlockArgument>(op.getRhs());
    if (!a || !b) {
      reason = "expects both factors to be operands of the kernel";
      return false;
    }
    Attribute layout = layoutAt(kernel, b.getArgNumber());
    if (layoutAt(kernel, a.getArgNumber()) || (layout && layout != Attribute(weightLayout(op)))) {
      reason =
          "expects a row-major first factor and a row-major second one or one in panels of bytes";
      return false;
    }
    return Epilogue::suits(kernel, reason);
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel,
                                   const TargetDescription &target) const override {
    auto op = cast<IntegerMatmulOp>(kernel.getHeroOp());
    ShapeAnalysis shapes(kernel);
    ProductSizes p(productOf(op), shapes, groupBytes);
    Form form = formOf(kernel, op);
    ContractionSizes sizes{p.m.getConstant(), p.n.getConstant(), p.k.getConstant()};
    sizes.panelWidth = form == Form::Weights ? panelWidth : 0;
    sizes.leftRegisters = sizes.rightRegisters = ByteDot::operandRegisters(target);
    sizes.productRegisters = ByteDot::productRegisters(target);
    ContractionBlocking blocking = chooseBlocking(sizes, target);
    if (form == Form::Packed)
      choosePackedBlocking(blocking, sizes, target);

    std::string formName = formNames[static_cast<int>(form)].str();
    bool tiled = TileProducts::suits(sizes, target) && !blocking.rounds;
    if (tiled) {
      formName += tiledSuffix;
      chooseTiles(blocking, sizes);
    }

    SymExpr scratch = SymExpr::constant(
        kernel.getContext(), IntegerContractionBody::parkBytes(blocking, sizes.sumBytes) +
                                 (tiled ? TileProducts::scratchBytes : 0));
    if (form == Form::Packed)
      scratch =
          scratch + (blocking.rounds ? SymExpr::constant(kernel.getContext(), blocking.kc) : p.k) *
                        (blocking.width() * groupBytes);
    return productSchedule(kernel, name(), p, blocking, formName, groupWidth(form, blocking),
                           scratch);
  }

  /// Sums stay in registers over all of k; the few rows of a unknown number are vectors' work.
  static void chooseTiles(ContractionBlocking &b, const ContractionSizes &sizes) {
    b.rows = std::min<int64_t>(b.rows * b.vectors / 2, TileProducts::rows - 1);
    b.vectors = TileProducts::blockColumns / b.lanes;
    b.kc = 0;
    b.rowBlock = TileProducts::blockRows;
    if (b.unitRows)
      b.unitRows = 4 * TileProducts::blockRows;
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target,
                     ModuleOp module) const override {
    return IntegerContractionBody(kernel, cast<IntegerMatmulOp>(kernel.getHeroOp()), target, module)
        .emit();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createIntegerContractionEmitter() {
  return std::make_unique<IntegerContractionEmitter>();
}
