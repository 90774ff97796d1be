//===- HostTensor.h - A tensor in host memory ---------------------*- C++ -*-===//
#ifndef MLOPT_REFERENCE_HOSTTENSOR_H
#define MLOPT_REFERENCE_HOSTTENSOR_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <memory>
#include <string>

namespace mlopt {

/// A dense row-major tensor in host memory, or "none" (an omitted operand).
/// The data is in one of two forms:
///  * native: the storage format of the element type (bool one byte 0 or 1,
///    f16 and bf16 two bytes, integers little endian), maybe borrowed;
///  * wide: eight bytes an element, a double for floating point (not
///    necessarily rounded to the element type) and an int64_t for all else
///    (ui64 as its bit pattern, bool 0 or 1). The evaluator computes on this form.
/// For f64, i64, ui64 and index the two are the same bytes.
/// Copies share the data; it is written only through the `mutable` views, by
/// the one who made it.
class HostTensor {
public:
  /// None.
  HostTensor() = default;
  /// A new wide tensor, all zero. The caller has checked that the size is sane.
  static HostTensor zeros(mlir::Type element, llvm::ArrayRef<int64_t> shape);
  /// A wide tensor of rank 0 of type `index`.
  static HostTensor index(mlir::MLIRContext *context, int64_t value);
  /// A native tensor over bytes that outlive it. Failure if the number of bytes
  /// does not go with type and shape; `why` then says so.
  static llvm::FailureOr<HostTensor> borrow(mlir::Type element, llvm::ArrayRef<int64_t> shape,
                                            llvm::ArrayRef<char> bytes, std::string *why = nullptr);
  /// A native tensor that owns a copy of `bytes`. Failure as `borrow`.
  static llvm::FailureOr<HostTensor> copy(mlir::Type element, llvm::ArrayRef<int64_t> shape,
                                          llvm::ArrayRef<char> bytes, std::string *why = nullptr);
  /// The value of a DenseElementsAttr or DenseResourceElementsAttr; borrows the
  /// attribute's bytes where they are in native form. Failure for other
  /// attributes and for a resource without data; `why` then says so.
  static llvm::FailureOr<HostTensor> fromElements(mlir::ElementsAttr attr,
                                                  std::string *why = nullptr);
  /// As an attribute, rounded to the element type. Not for none.
  mlir::DenseElementsAttr toElements() const;

  bool isNone() const { return !elementType; }
  mlir::Type getElementType() const { return elementType; }
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  int64_t getRank() const { return shape.size(); }
  int64_t getNumElements() const { return numElements; }
  bool isFloat() const { return mlir::isa<mlir::FloatType>(elementType); }
  bool isUnsigned() const { return elementType.isUnsignedInteger() || elementType.isInteger(1); }
  bool isWide() const { return wide; }

  /// This tensor in wide form (shares the data if it is already).
  HostTensor toWide() const;
  /// This tensor in native form, floating point rounded to nearest even,
  /// integers reduced to their low bits (shares the data if it is already).
  HostTensor toNative() const;
  /// The same data in another shape of as many elements.
  HostTensor reshaped(llvm::ArrayRef<int64_t> newShape) const;

  /// The bytes of the current form.
  llvm::ArrayRef<char> bytes() const;
  /// Views of a wide tensor: floating point; all other types; bit patterns of any type.
  llvm::ArrayRef<double> doubles() const;
  llvm::ArrayRef<int64_t> integers() const;
  llvm::ArrayRef<uint64_t> words() const;
  llvm::MutableArrayRef<double> mutableDoubles();
  llvm::MutableArrayRef<int64_t> mutableIntegers();
  llvm::MutableArrayRef<uint64_t> mutableWords();

  /// Element i as a double (integers are converted), in either form.
  double getDouble(int64_t i) const;
  /// Element i of an integer, bool or index tensor, in either form.
  int64_t getInteger(int64_t i) const;

  /// Rounds or wraps a wide tensor's elements to `type` in place.
  void roundTo(mlir::Type type);

private:
  mlir::Type elementType;
  llvm::SmallVector<int64_t, 4> shape;
  int64_t numElements = 0;
  bool wide = false;
  std::shared_ptr<char[]> owner; // null if borrowed
  char *data = nullptr;
};

/// Bytes of one element in native form: 1 for bool, 8 for index.
unsigned getNativeBytes(mlir::Type element);
/// `value` rounded to nearest even in a floating-point type of the dialect.
double roundToFloatType(double value, mlir::Type type);
/// The low bits of `value`, extended as the integer type's sign says.
int64_t wrapToIntegerType(int64_t value, mlir::Type type);

} // namespace mlopt

#endif // MLOPT_REFERENCE_HOSTTENSOR_H
