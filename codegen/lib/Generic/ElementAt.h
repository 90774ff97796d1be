//===- ElementAt.h - Any element of any value, on demand --------*- C++ -*-===//
//
// The generic route's core: code for "element of this value at this index",
// pulled from the kernel's result back to its operands, for one element or for
// a vector of elements along one dimension. Operations whose result element is
// a function of few operand elements are covered here; heroes that need whole
// rows have emitters of their own (RowHeroes.cpp, OrderedHeroes.cpp).
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_GENERIC_ELEMENTAT_H
#define MLOPT_LIB_GENERIC_ELEMENTAT_H

#include "mlopt/Codegen/KernelBuilder.h"
#include "mlopt/Codegen/ScalarTable.h"

namespace mlopt {

/// Index along one dimension for `lanes` consecutive elements: lane l is at
/// base + l * step.
struct Coord {
  mlir::Value base; ///< i64
  int64_t step = 0;
};
using Coords = llvm::SmallVector<Coord, 6>;

/// What scalar semantics may use of a target.
inline MathOptions mathOptionsOf(const TargetDescription &target) {
  MathOptions options;
  options.hasFMA = target.hasFMA;
  options.hasF16C = target.hasF16C;
  options.hasAVX512 = target.hasMasks;
  options.gpu = target.gpu.has_value();
  return options;
}

/// Type in which products of `element` are summed; null where only the route
/// that takes everything multiplies.
inline mlir::Type sumType(mlir::Type element) {
  bool known = element.isF32() || element.isF64() || element.isF16() || element.isBF16();
  return known ? computeType(element) : mlir::Type();
}

class ElementAt {
public:
  explicit ElementAt(KernelBuilder &k) : k(k), math(mathOptionsOf(k.target)) {}

  /// Element(s) of `value` in compute type: a scalar for one lane, else a
  /// vector. Null after a diagnostic.
  mlir::Value at(mlir::Value value, llvm::ArrayRef<Coord> index, int64_t lanes);

  /// Computes here, for all that follows, what is one element and made of such
  /// elements alone (a learning rate, a correction by the step), and reads the
  /// scales and zero points that are one element.
  void computeScalars();

  /// Gives the elements of a value that the emitter computes itself.
  using Override = std::function<mlir::Value(llvm::ArrayRef<Coord>, int64_t)>;
  void setOverride(mlir::Value value, Override override) { overrides[value] = std::move(override); }
  void clearOverride(mlir::Value value) { overrides.erase(value); }

  /// With a limit only that many lanes lie inside the tensors; the others are
  /// not read (their values are of no matter).
  void setLaneLimit(mlir::Value limit) { laneLimit = limit; }
  /// Lanes along the last axis of this pad lie inside its input.
  void setPadInterior(PadOp pad) { padInterior = pad; }
  mlir::Value getLaneLimit() const { return laneLimit; }

  /// Stores element(s) in compute type to result `r` of the kernel at `index`;
  /// with a lane limit only those lanes.
  void storeResult(unsigned r, mlir::Value value, llvm::ArrayRef<Coord> index, int64_t lanes);

  /// Values found at an index are remembered while their code dominates what
  /// is emitted; a loop body or branch is a scope.
  struct Scope {
    explicit Scope(ElementAt &e) : e(e) { e.memo.emplace_back(); }
    ~Scope() { e.memo.pop_back(); }
    ElementAt &e;
  };

  /// Loop with loop-carried values whose body is a scope.
  llvm::SmallVector<mlir::Value>
  loop(mlir::Value lower, mlir::Value upper, mlir::ValueRange init,
       llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)> body);

  /// Flat row-major element number of an index into sizes.
  mlir::Value linearize(llvm::ArrayRef<mlir::Value> index, llvm::ArrayRef<mlir::Value> sizes);
  /// Index of a flat element number.
  llvm::SmallVector<mlir::Value> delinearize(mlir::Value linear, llvm::ArrayRef<mlir::Value> sizes);
  /// Sizes of a value as i64.
  llvm::SmallVector<mlir::Value> sizesOf(mlir::Value value);

  /// Mixed static / index-operand list as i64 values.
  llvm::SmallVector<mlir::Value> mixed(llvm::ArrayRef<int64_t> statics, mlir::ValueRange dynamics);

  /// A data-given index: wrapped if negative, 0 with `bad` (null: none yet) set if outside.
  mlir::Value checkedIndex(mlir::Value raw, mlir::Value size, mlir::Value &bad);

  ScalarBuilder scalar() { return ScalarBuilder(k.b, k.loc, math); }
  ScalarMath scalarMath() { return ScalarMath(k.b, k.loc, math); }

  KernelBuilder &k;
  MathOptions math;

private:
  mlir::Value compute(mlir::Value value, llvm::ArrayRef<Coord> index, int64_t lanes);
  /// Element(s) of an operand that broadcasts to `shape`, at an index into that.
  mlir::Value broadcastAt(mlir::Value operand, llvm::ArrayRef<SymExpr> shape, llvm::ArrayRef<Coord> index,
                          int64_t lanes);
  /// Element(s) of integers as i32, less their zero point (null or none: 0),
  /// which broadcasts to them.
  mlir::Value shiftedAt(mlir::Value value, mlir::Value zero, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value leaf(mlir::Value value, llvm::ArrayRef<Coord> index, int64_t lanes);
  /// The byte (i8) of the element of 4 bits at `offset` elements from `ptr`, where two share a byte:
  /// extended with its sign or with zeros, as elements of 4 bits lie elsewhere.
  mlir::Value nibbleAt(mlir::Value ptr, mlir::Value offset, mlir::Type element);
  /// The next `lanes` elements in memory, as many as the lane limit lets.
  mlir::Value contiguous(mlir::Value ptr, mlir::Value offset, mlir::Type storage, int64_t lanes);
  /// One lane after the other, for indices that are no affine function of the lane.
  mlir::Value perLane(mlir::Value value, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value oneElement(mlir::Operation *op, unsigned result, llvm::ArrayRef<mlir::Value> index);

  mlir::Value reduceAt(ReduceOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value matmulAt(MatmulOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value dequantizeBlockedAt(DequantizeBlockedOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value integerMatmulAt(IntegerMatmulOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value integerConvAt(IntegerConvOp op, llvm::ArrayRef<mlir::Value> index);
  mlir::Value dequantizedMatmulAt(DequantizedMatmulOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value convAt(ConvOp op, llvm::ArrayRef<mlir::Value> index);
  mlir::Value convTransposeAt(ConvTransposeOp op, llvm::ArrayRef<mlir::Value> index);
  mlir::Value poolAt(PoolOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value maxPoolIndexAt(MaxPoolWithIndicesOp op, bool wantIndex, llvm::ArrayRef<mlir::Value> index);
  mlir::Value argReduceAt(ArgReduceOp op, llvm::ArrayRef<mlir::Value> index);
  mlir::Value padAt(PadOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value concatAt(ConcatOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value gatherAt(GatherOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value gatherElementsAt(GatherElementsOp op, llvm::ArrayRef<mlir::Value> index);
  mlir::Value gatherNdAt(GatherNdOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value resizeAt(ResizeOp op, llvm::ArrayRef<mlir::Value> index);
  mlir::Value lrnAt(LrnOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value unfoldAt(UnfoldOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value foldAt(FoldOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value checkFiniteAt(CheckFiniteOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  /// Lanes [first, end) of the value where `inside` (i1) holds, 0 elsewhere; what
  /// lies outside is not read. One lane ignores first and end.
  mlir::Value guardedAt(mlir::Value value, llvm::ArrayRef<Coord> index, int64_t lanes, mlir::Value inside,
                        mlir::Value first, mlir::Value end);
  mlir::Value attentionAt(AttentionOp op, llvm::ArrayRef<Coord> index, int64_t lanes);
  mlir::Value batchNormAt(BatchNormOp op, llvm::ArrayRef<Coord> index, int64_t lanes);

  struct Key {
    mlir::Value value;
    llvm::SmallVector<std::pair<void *, int64_t>, 6> coords;
    int64_t lanes;
    bool operator==(const Key &o) const {
      return value == o.value && lanes == o.lanes && coords == o.coords;
    }
  };
  std::vector<std::vector<std::pair<Key, mlir::Value>>> memo{1};
  llvm::DenseMap<mlir::Value, Override> overrides;
  llvm::DenseSet<mlir::Value> scalars; ///< what computeScalars found
  mlir::Value laneLimit;
  /// With a first lane those before it are not read either (null: 0).
  mlir::Value laneFirst;
  PadOp padInterior;
  /// Lanes may start anywhere in a block of an operand's layout; elsewhere the
  /// walk keeps them inside one.
  bool lanesFromAnywhere = false;
};

/// Index of element k of a row (lhs) or column (rhs) of a product's operand of
/// shape `shape`, for the result's element at `index`.
Coords matrixIndex(KernelBuilder &k, const SymShape &shape, llvm::ArrayRef<Coord> index, bool transposed, bool isLhs,
                   mlir::Value kk);
/// Neutral element, and one step, of a reduction in compute type.
mlir::Value reductionNeutral(ScalarMath &m, ReduceKind kind, mlir::Type element, int64_t lanes);
mlir::Value reductionStep(ScalarMath &m, ReduceKind kind, mlir::Type element, mlir::Value a, mlir::Value b);
/// All lanes of a vector into one scalar, in a fixed order.
mlir::Value reduceLanes(KernelBuilder &k, ScalarMath &m, ReduceKind kind, mlir::Type element, mlir::Value v);
/// Count of elements as a value of the compute type.
mlir::Value countAs(ScalarMath &m, mlir::Value count, mlir::Type element);

} // namespace mlopt

#endif // MLOPT_LIB_GENERIC_ELEMENTAT_H
