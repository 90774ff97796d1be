//===- Evaluation.h - What one operation's function sees ----------*- C++ -*-===//
#ifndef MLOPT_LIB_REFERENCE_EVALUATION_H
#define MLOPT_LIB_REFERENCE_EVALUATION_H

#include "mlopt/IR/Mlopt.h"
#include "mlopt/Reference/Evaluator.h"
#include "llvm/ADT/StringMap.h"
#include <array>
#include <functional>

namespace mlopt::reference {

using Shape = llvm::SmallVector<int64_t, 4>;

/// The evaluation of one operation: wide operands in, wide results out. A
/// function need not round its results: the evaluator does, as the mode says.
class Evaluation {
public:
  Evaluation(mlir::Operation *op, llvm::ArrayRef<HostTensor> operands, EvaluationMode mode,
             int64_t maxElements)
      : op(op), operands(operands), mode(mode), maxElements(maxElements),
        results(op->getNumResults()) {}

  /// The value of an operand of the operation.
  const HostTensor &operator[](mlir::Value operand) const;
  const HostTensor &operand(unsigned i) const { return operands[i]; }
  /// The value of an operand of type index.
  int64_t index(mlir::Value operand) const { return (*this)[operand].integers()[0]; }
  /// Mixed sizes (ShapeOps.td) as numbers.
  Shape mixed(llvm::ArrayRef<int64_t> statics, mlir::ValueRange dynamics) const;

  /// Makes result `i` with the element type of the operation's result, all
  /// zero. Null after an error if the shape does not go with the result's type
  /// or is too large.
  HostTensor *allocate(unsigned i, llvm::ArrayRef<int64_t> shape);
  /// Makes result `i` a tensor that exists already (maybe shared).
  llvm::LogicalResult share(unsigned i, HostTensor tensor);

  /// Keeps the message of the first error; always failure.
  llvm::LogicalResult fail(const llvm::Twine &message);

  mlir::Operation *op;
  llvm::ArrayRef<HostTensor> operands;
  EvaluationMode mode;
  int64_t maxElements;
  llvm::SmallVector<HostTensor> results;
  std::string error;

private:
  llvm::LogicalResult checkShape(unsigned i, llvm::ArrayRef<int64_t> shape);
};

/// The functions of all operations, by operation name.
class Registry {
public:
  using Function = std::function<llvm::LogicalResult(mlir::Operation *, Evaluation &)>;

  template <typename OpT, typename Fn> void add(Fn fn) {
    table[OpT::getOperationName()] = [fn](mlir::Operation *op, Evaluation &e) {
      return fn(llvm::cast<OpT>(op), e);
    };
  }
  /// Null if there is none.
  const Function *find(llvm::StringRef name) const;
  static const Registry &get();

private:
  llvm::StringMap<Function> table;
};

void registerStructure(Registry &);
void registerIndex(Registry &);
void registerElementwise(Registry &);
void registerReduction(Registry &);
void registerContraction(Registry &);
void registerConvolution(Registry &);
void registerPooling(Registry &);
void registerResize(Registry &);
void registerNormalization(Registry &);
void registerAttention(Registry &);
void registerShape(Registry &);
void registerIndexing(Registry &);
void registerRecurrent(Registry &);
void registerTraining(Registry &);
void registerQuantize(Registry &);

//===----------------------------------------------------------------------===//
// Index arithmetic
//===----------------------------------------------------------------------===//

int64_t product(llvm::ArrayRef<int64_t> sizes);
/// Row-major strides in elements.
Shape rowMajorStrides(llvm::ArrayRef<int64_t> shape);
/// Strides that read a tensor of shape `from` as one of shape `to`: aligned at
/// the end, 0 where a size of 1 is repeated.
Shape broadcastStrides(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);
/// NumPy's broadcast of two shapes; failure if sizes clash.
llvm::FailureOr<Shape> broadcastShape(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b);
/// "[2, 3]".
std::string toString(llvm::ArrayRef<int64_t> shape);
/// Coordinates of a row-major position.
Shape coordinatesOf(int64_t flat, llvm::ArrayRef<int64_t> shape);

/// Calls fn(position, offsets) for each position of `shape` in row-major order;
/// offsets[k] is the coordinates' product with strides[k].
template <size_t N, typename Fn>
void walk(llvm::ArrayRef<int64_t> shape, const std::array<Shape, N> &strides, Fn fn,
          std::array<int64_t, N> offsets = {}) {
  int64_t total = product(shape), rank = shape.size();
  Shape at(rank, 0);
  for (int64_t position = 0; position < total; ++position) {
    fn(position, offsets);
    for (int64_t d = rank - 1; d >= 0; --d) {
      for (size_t k = 0; k < N; ++k)
        offsets[k] += strides[k][d];
      if (++at[d] < shape[d])
        break;
      for (size_t k = 0; k < N; ++k)
        offsets[k] -= strides[k][d] * shape[d];
      at[d] = 0;
    }
  }
}

/// A shape seen from one axis: outer positions, the axis, inner positions.
/// Element (o, a, i) stands at (o * size + a) * inner + i.
struct AxisView {
  int64_t outer = 1, size = 1, inner = 1;
  AxisView(llvm::ArrayRef<int64_t> shape, int64_t axis)
      : outer(product(shape.take_front(axis))), size(shape[axis]),
        inner(product(shape.drop_front(axis + 1))) {}
  int64_t at(int64_t o, int64_t a, int64_t i) const { return (o * size + a) * inner + i; }
};

} // namespace mlopt::reference

#endif // MLOPT_LIB_REFERENCE_EVALUATION_H
