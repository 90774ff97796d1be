//===- MloptBase.td - Base classes of mlopt operations ------*- tablegen -*-===//
#ifndef MLOPT_IR_BASE_TD
#define MLOPT_IR_BASE_TD

include "mlopt/IR/MloptDialect.td"
include "mlopt/IR/MloptAttrs.td"
include "mlopt/IR/MloptInterfaces.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

def Mlopt_Float : AnyTypeOf<[F64, F32, F16, BF16], "floating point">;
def Mlopt_SignedInt : AnyTypeOf<[I8, I16, I32, I64], "signed integer">;
def Mlopt_UnsignedInt : AnyTypeOf<[UI8, UI16, UI32, UI64], "unsigned integer">;
def Mlopt_Int : AnyTypeOf<[I8, I16, I32, I64, UI8, UI16, UI32, UI64], "integer">;
def Mlopt_IntOrBool : AnyTypeOf<[I1, I8, I16, I32, I64, UI8, UI16, UI32, UI64], "integer or bool">;
def Mlopt_Number : AnyTypeOf<[F64, F32, F16, BF16, I8, I16, I32, I64, UI8, UI16, UI32, UI64], "number">;
/// Integers of 2 and 4 bits take a byte each in memory, but in packed weights.
def Mlopt_SmallInt : AnyTypeOf<[I<2>, I<4>, UI<2>, UI<4>], "integer of 2 or 4 bits">;
def Mlopt_Element : AnyTypeOf<[F64, F32, F16, BF16, I1, I8, I16, I32, I64, UI8, UI16, UI32, UI64,
                               I<2>, I<4>, UI<2>, UI<4>], "number or bool">;
def Mlopt_Byte : AnyTypeOf<[I8, UI8], "8-bit integer">;
def Mlopt_Storage : AnyTypeOf<[I<2>, I<4>, I8, I16, UI<2>, UI<4>, UI8, UI16], "storage integer of 2 to 16 bits">;
def Mlopt_WideStorage : AnyTypeOf<[I<2>, I<4>, I8, I16, I32, UI<2>, UI<4>, UI8, UI16], "storage integer of 2 to 32 bits">;

def Mlopt_FloatTensor : RankedTensorOf<[Mlopt_Float]>;
def Mlopt_NumberTensor : RankedTensorOf<[Mlopt_Number]>;
def Mlopt_IntTensor : RankedTensorOf<[Mlopt_Int]>;
def Mlopt_IntOrBoolTensor : RankedTensorOf<[Mlopt_IntOrBool]>;
def Mlopt_BoolTensor : RankedTensorOf<[I1]>;
def Mlopt_IndexTensor : RankedTensorOf<[I32, I64]>;
def Mlopt_Tensor : RankedTensorOf<[Mlopt_Element]>;
def Mlopt_OptionalTensor : AnyTypeOf<[Mlopt_Tensor, NoneType], "tensor or none">;
def Mlopt_ByteTensor : RankedTensorOf<[Mlopt_Byte]>;
def Mlopt_StorageTensor : RankedTensorOf<[Mlopt_Storage]>;
def Mlopt_WideStorageTensor : RankedTensorOf<[Mlopt_WideStorage]>;
def Mlopt_OptionalByteTensor : AnyTypeOf<[Mlopt_ByteTensor, NoneType], "tensor of 8-bit integers or none">;
def Mlopt_OptionalStorageTensor : AnyTypeOf<[Mlopt_StorageTensor, NoneType], "tensor of storage integers or none">;
def Mlopt_OptionalWideStorageTensor : AnyTypeOf<[Mlopt_WideStorageTensor, NoneType], "tensor of storage integers or none">;
def Mlopt_OptionalFloatTensor : AnyTypeOf<[Mlopt_FloatTensor, NoneType], "float tensor or none">;

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

class Mlopt_BaseOp<string mnemonic, list<Trait> traits = []>
    : Op<Mlopt_Dialect, mnemonic, traits>;

/// A pure operation on tensors whose result types follow from its operands and
/// attributes. Its class defines, in its family's .cpp,
///   static LogicalResult inferShapes(Adaptor, ShapeSource &, std::optional<Location>,
///                                    SmallVectorImpl<SymShape> &)   and
///   static LogicalResult inferElementTypes(Adaptor, std::optional<Location>, SmallVectorImpl<Type> &)
/// unless a base class below already does.
class Mlopt_Op<string mnemonic, list<Trait> traits = []>
    : Mlopt_BaseOp<mnemonic, !listconcat(traits, [Pure, InferTypeOpAdaptor,
        DeclareOpInterfaceMethods<SymbolicShapeOpInterface>])> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  code shapeDeclaration = [{
    /// Symbolic shape of each result; see Mlopt_Op.
    static ::llvm::LogicalResult inferShapes(Adaptor adaptor, ::mlopt::ShapeSource &source,
        std::optional<::mlir::Location> loc, ::llvm::SmallVectorImpl<::mlopt::SymShape> &shapes);
    /// Element type of each result; see Mlopt_Op.
    static ::llvm::LogicalResult inferElementTypes(Adaptor adaptor,
        std::optional<::mlir::Location> loc, ::llvm::SmallVectorImpl<::mlir::Type> &types);
    /// Static and dynamic sizes are compatible; rank and element type must agree.
    static bool isCompatibleReturnTypes(::mlir::TypeRange l, ::mlir::TypeRange r) {
      return ::mlopt::areCompatibleTypes(l, r);
    }
  }];
  let extraClassDeclaration = shapeDeclaration;
  code shapeDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(::mlir::MLIRContext *context,
        std::optional<::mlir::Location> loc, Adaptor adaptor,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      return ::mlopt::detail::inferTypes<$cppClass>(context, loc, adaptor, types);
    }
    ::llvm::LogicalResult $cppClass::reifySymbolicShapes(::mlopt::ShapeSource &source,
        ::llvm::SmallVectorImpl<::mlopt::SymShape> &shapes) {
      return inferShapes(Adaptor(getOperation()->getOperands(), *this), source, getLoc(), shapes);
    }
  }];
  let extraClassDefinition = shapeDefinition;
}

/// The result's element type is the first operand's.
class Mlopt_SameElementOp<string mnemonic, list<Trait> traits = []> : Mlopt_Op<mnemonic, traits> {
  let extraClassDefinition = shapeDefinition # [{
    ::llvm::LogicalResult $cppClass::inferElementTypes(Adaptor adaptor,
        std::optional<::mlir::Location> loc, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      types.assign(1, ::mlir::getElementTypeOrSelf(adaptor.getOperands()[0].getType()));
      return ::mlir::success();
    }
  }];
}

#endif // MLOPT_IR_BASE_TD
