//===- Conversion.h - The table of ONNX conversions -------------*- C++ -*-===//
//
// Step two of the ONNX frontend (architecture.md section 3): one forward walk
// over the imported `onnx` operations with a builder, driven by a table with
// one entry per operator. No ONNX or Protobuf header is included here.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_ONNX_CONVERT_CONVERSION_H
#define MLOPT_LIB_ONNX_CONVERT_CONVERSION_H

#include "mlopt/IR/Compose/ComposeBuilder.h"

namespace mlopt::onnx {

/// How a conversion failed; decides the diagnostic's code and with it the exit code.
enum class FailureKind {
  None,
  Malformed,       ///< MLO1201: the node breaks the operator's rules
  UnsupportedType, ///< MLO2002
  Unsupported,     ///< MLO2005: an attribute, a form or a run-time value
};

/// Values of constants by the value that stands for them (parameters included, but for those that
/// are trained).
using ConstantMap = llvm::DenseMap<mlir::Value, mlir::ElementsAttr>;

/// What an entry sees: one imported node with its operands already converted.
///
/// It is a ComposeBuilder: `create` gives null on failure and takes null. An
/// operand index beyond the last operand is an omitted operand. The first
/// failed check wins; an entry ends with `return n.finish(value)`.
class Node : public ComposeBuilder {
public:
  Node(mlir::Operation *op, llvm::ArrayRef<mlir::Value> operands, mlir::OpBuilder &builder,
       ShapeAnalysis &shapes, const ConstantMap &constants, int64_t opset, bool training = false,
       bool inference = false)
      : ComposeBuilder(builder, op->getLoc(), shapes), op(op), operands(operands),
        constants(constants), opset(opset), training(training), inference(inference) {}

  mlir::Operation *getOp() const { return op; }
  /// Operator name, such as "Conv".
  llvm::StringRef getType() const;
  /// Version of the node's domain.
  int64_t getOpset() const { return opset; }
  /// Whether the model is to be trained (ConvertOnnxOptions::training).
  bool isTraining() const { return training; }
  /// Whether training_mode does not count (ConvertOnnxOptions::inference).
  bool isInference() const { return inference; }
  unsigned getNumOperands() const { return operands.size(); }
  unsigned getNumResults() const { return op->getNumResults(); }
  /// Whether operand i is given (not omitted).
  bool has(unsigned i) const;
  /// Whether anybody uses result i.
  bool hasResult(unsigned i) const;

  /// Operand i, a ranked tensor of an element type of mlopt; null after an error.
  mlir::Value input(unsigned i);
  /// The operand, or `mlopt.none` where omitted; null after an error.
  mlir::Value inputOrNone(unsigned i);
  /// The tensors of operand i if it is a sequence, of which there may be none.
  std::optional<llvm::SmallVector<mlir::Value>> sequenceInput(unsigned i);
  /// A sequence of tensors as a value: a cast that later conversions look through and that nothing
  /// is left of afterwards. Its type is that of result 0.
  mlir::Value makeSequence(mlir::ValueRange tensors);

  // Attributes with defaults (ONNX: int, float, string and lists of them).
  int64_t intAttr(llvm::StringRef name, int64_t fallback) const;
  std::optional<int64_t> optIntAttr(llvm::StringRef name) const;
  bool boolAttr(llvm::StringRef name, bool fallback) const { return intAttr(name, fallback) != 0; }
  double floatAttr(llvm::StringRef name, double fallback) const;
  std::optional<double> optFloatAttr(llvm::StringRef name) const;
  std::string stringAttr(llvm::StringRef name, llvm::StringRef fallback) const;
  std::optional<llvm::SmallVector<int64_t>> intsAttr(llvm::StringRef name) const;
  std::optional<llvm::SmallVector<double>> floatsAttr(llvm::StringRef name) const;
  std::optional<llvm::SmallVector<std::string>> stringsAttr(llvm::StringRef name) const;
  mlir::Attribute rawAttr(llvm::StringRef name) const { return op->getAttr(name); }

  /// Elements of operand i if it is a constant of at most 4 KiB.
  std::optional<mlir::DenseElementsAttr> constantInput(unsigned i);
  /// Elements of operand i if it is a constant of any size that is not trained; null otherwise.
  mlir::ElementsAttr largeConstantInput(unsigned i);
  /// A constant of any size: an operation where it is small, a parameter of the module otherwise.
  mlir::Value makeConstant(mlir::ElementsAttr value);
  using ConstantBuilder = std::function<mlir::Value(mlir::ElementsAttr)>;
  /// What makeConstant calls.
  void setConstantBuilder(ConstantBuilder builder) { constantBuilder = std::move(builder); }
  /// constantInput as integers; also the elements of an operand that has none, and
  /// of one that shape arithmetic knows.
  std::optional<llvm::SmallVector<int64_t>> constantInts(unsigned i);
  std::optional<llvm::SmallVector<double>> constantFloats(unsigned i);
  /// Elements of a small integer operand as expressions (constants included).
  std::optional<llvm::SmallVector<SymExpr>> sizesInput(unsigned i);
  /// Whether the expression depends on the elements of a function argument:
  /// those may be negative, which SymExpr does not consider.
  bool dependsOnElements(SymExpr e);
  /// An operand of one element as a scalar tensor; null after an error.
  mlir::Value scalarInput(unsigned i);

  /// The axis in [0, rank), or none after `malformed`.
  std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank);
  /// All of them, sorted; none after `malformed` (out of range, or twice).
  std::optional<llvm::SmallVector<int64_t>> normalizeAxes(llvm::ArrayRef<int64_t> axes,
                                                          int64_t rank);

  /// Sets the results; failure if one is null.
  llvm::LogicalResult finish(mlir::ValueRange values);
  llvm::ArrayRef<mlir::Value> getConverted() const { return results; }

  // All return failure. `unsupported`: exit code 4, `malformed`: exit code 3.
  llvm::LogicalResult unsupported(const llvm::Twine &reason) {
    return setFailure(FailureKind::Unsupported, reason);
  }
  llvm::LogicalResult unsupportedType(const llvm::Twine &reason) {
    return setFailure(FailureKind::UnsupportedType, reason);
  }
  llvm::LogicalResult malformed(const llvm::Twine &reason) {
    return setFailure(FailureKind::Malformed, reason);
  }
  FailureKind getFailureKind() const;
  std::string getReason() const;

private:
  llvm::LogicalResult setFailure(FailureKind kind, const llvm::Twine &reason);

  mlir::Operation *op;
  llvm::SmallVector<mlir::Value> operands;
  const ConstantMap &constants;
  ConstantBuilder constantBuilder;
  int64_t opset;
  bool training, inference;
  llvm::SmallVector<mlir::Value> results;
  FailureKind kind = FailureKind::None;
  std::string reason;
};

using ConvertFn = llvm::LogicalResult (*)(Node &);

/// One row: an operator, the first opset of its domain at which the entry
/// holds (a later row of the same operator takes over from its own `since`),
/// the function, and the domain ("" for ai.onnx).
struct Entry {
  llvm::StringRef name;
  int64_t since;
  ConvertFn convert;
  llvm::StringRef domain = "";
};

// The families' tables.
llvm::ArrayRef<Entry> getElementwiseEntries();
llvm::ArrayRef<Entry> getActivationEntries();
llvm::ArrayRef<Entry> getReductionEntries();
llvm::ArrayRef<Entry> getShapeEntries();
llvm::ArrayRef<Entry> getRearrangeEntries();
llvm::ArrayRef<Entry> getSequenceEntries();
llvm::ArrayRef<Entry> getResizeEntries();
llvm::ArrayRef<Entry> getSamplingEntries();
llvm::ArrayRef<Entry> getIndexingEntries();
llvm::ArrayRef<Entry> getContractionEntries();
llvm::ArrayRef<Entry> getConvolutionEntries();
llvm::ArrayRef<Entry> getPoolingEntries();
llvm::ArrayRef<Entry> getNormalizationEntries();
llvm::ArrayRef<Entry> getRecurrentEntries();
llvm::ArrayRef<Entry> getQuantizeEntries();
llvm::ArrayRef<Entry> getQuantizedProductEntries();
llvm::ArrayRef<Entry> getQuantizedElementwiseEntries();
llvm::ArrayRef<Entry> getPackedWeightsEntries();
llvm::ArrayRef<Entry> getLossEntries();
llvm::ArrayRef<Entry> getDropoutEntries();
llvm::ArrayRef<Entry> getOptimizerEntries();

/// The row for an operator at an opset, or null. Domain "ai.onnx" is "".
const Entry *findEntry(llvm::StringRef domain, llvm::StringRef name, int64_t opset);

/// Splits "onnx.Conv" into ("", "Conv") and "onnx.com.microsoft.Gelu" into ("com.microsoft",
/// "Gelu").
std::pair<llvm::StringRef, llvm::StringRef> splitOperatorName(llvm::StringRef name);

/// Whether mlopt computes with this element type.
bool isSupportedElement(mlir::Type type);

/// The MLIR type of a TensorProto.DataType, null if mlopt has none.
mlir::Type getElementType(mlir::MLIRContext *context, int64_t dataType);

/// Elements of an elements attribute of at most 4 KiB as DenseElementsAttr.
std::optional<mlir::DenseElementsAttr> getSmallElements(mlir::ElementsAttr value);

/// Resolves `auto_pad` and `pads` (Conv, ConvTranspose, pools) into begin and
/// end pads for `kernel` positions; failure after a diagnostic. `extents` are
/// the dilated kernel sizes, `spatial` the sizes of the spatial axes.
llvm::LogicalResult resolvePads(Node &n, llvm::ArrayRef<SymExpr> spatial,
                                llvm::ArrayRef<int64_t> extents, llvm::ArrayRef<int64_t> strides,
                                llvm::SmallVectorImpl<int64_t> &begin,
                                llvm::SmallVectorImpl<int64_t> &end);

/// Cuts x along an axis into parts of these sizes, which make it up; none after a diagnostic.
std::optional<llvm::SmallVector<mlir::Value>> splitAlong(Node &n, mlir::Value x, int64_t axis,
                                                         llvm::ArrayRef<SymExpr> parts);

/// An attribute with one positive integer per spatial axis; failure after a diagnostic.
llvm::LogicalResult spatialAttr(Node &n, llvm::StringRef name, int64_t count, int64_t fallback,
                                llvm::SmallVectorImpl<int64_t> &values);

} // namespace mlopt::onnx

#endif // MLOPT_LIB_ONNX_CONVERT_CONVERSION_H
