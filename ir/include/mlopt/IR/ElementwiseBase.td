//===- ElementwiseBase.td - Base class of operations on each element -*- tablegen -*-===//
#ifndef MLOPT_IR_ELEMENTWISEBASE_TD
#define MLOPT_IR_ELEMENTWISEBASE_TD

include "mlopt/IR/MloptBase.td"

/// Marks an operation that computes each result element from the operands'
/// elements at the same (broadcast) position.
def Mlopt_ElementwiseTrait : NativeOpTrait<"Elementwise"> { let cppNamespace = "::mlopt::OpTrait"; }

/// Shapes broadcast as NumPy does; all operands count.
class Mlopt_ElementwiseOp<string mnemonic, list<Trait> traits = []>
    : Mlopt_Op<mnemonic, !listconcat(traits, [Mlopt_ElementwiseTrait])> {
  code broadcastDefinition = shapeDefinition # [{
    ::llvm::LogicalResult $cppClass::inferShapes(Adaptor adaptor, ::mlopt::ShapeSource &source,
        std::optional<::mlir::Location> loc, ::llvm::SmallVectorImpl<::mlopt::SymShape> &shapes) {
      return ::mlopt::detail::inferBroadcast(adaptor.getOperands(), source, loc, shapes);
    }
  }];
  code firstElementDefinition = [{
    ::llvm::LogicalResult $cppClass::inferElementTypes(Adaptor adaptor,
        std::optional<::mlir::Location> loc, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      types.assign(1, ::mlir::getElementTypeOrSelf(adaptor.getOperands()[0].getType()));
      return ::mlir::success();
    }
  }];
  code boolElementDefinition = [{
    ::llvm::LogicalResult $cppClass::inferElementTypes(Adaptor adaptor,
        std::optional<::mlir::Location> loc, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      types.assign(1, ::mlir::IntegerType::get(adaptor.getOperands()[0].getContext(), 1));
      return ::mlir::success();
    }
  }];
}

#endif // MLOPT_IR_ELEMENTWISEBASE_TD
