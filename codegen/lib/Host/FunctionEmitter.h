//===- FunctionEmitter.h - Functions of a host program ----------*- C++ -*-===//
#ifndef MLOPT_CODEGEN_LIB_HOST_FUNCTIONEMITTER_H
#define MLOPT_CODEGEN_LIB_HOST_FUNCTIONEMITTER_H

#include "SizeEmitter.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlopt/RT/Mlrt.h"

namespace mlopt {

/// What the functions of a host program share.
class FunctionEmitter {
public:
  FunctionEmitter(rt::ProgramOp program, llvm::ArrayRef<rt::SymbolAttr> entrySymbols,
                  mlir::ModuleOp target)
      : program(program), entrySymbols(entrySymbols), target(target), b(target.getContext()),
        loc(program.getLoc()), sizes(b, loc) {
    ptr = mlir::LLVM::LLVMPointerType::get(b.getContext());
    i64 = b.getI64Type();
    i32 = b.getI32Type();
    for (auto step : program.getBody().front().getOps<rt::StepOp>())
      sizes.steps[step.getName()] = step.getValueAttr();
  }

protected:
  /// Begins a hidden function; `result` null: of i32.
  mlir::LLVM::LLVMFuncOp begin(llvm::StringRef name, llvm::ArrayRef<mlir::Type> arguments,
                               mlir::Type result = {}) {
    b.setInsertionPointToEnd(target.getBody());
    auto type = mlir::LLVM::LLVMFunctionType::get(result ? result : i32, arguments);
    auto function = mlir::LLVM::LLVMFuncOp::create(b, loc, name, type);
    function.setVisibility_(mlir::LLVM::Visibility::Hidden);
    function.setPassthroughAttr(b.getStrArrayAttr({"nounwind"}));
    b.setInsertionPointToStart(function.addEntryBlock(b));
    return function;
  }

  mlir::Value at(mlir::Value base, int64_t bytes) {
    if (bytes == 0)
      return base;
    return mlir::LLVM::GEPOp::create(b, loc, ptr, b.getI8Type(), base,
                                     llvm::ArrayRef<mlir::LLVM::GEPArg>{checked(bytes)});
  }
  mlir::Value at(mlir::Value base, mlir::Value bytes) {
    return mlir::LLVM::GEPOp::create(b, loc, ptr, b.getI8Type(), base, mlir::ValueRange{bytes});
  }
  /// Offsets in structures and pointer tables fit 32 bits.
  static mlir::LLVM::GEPArg checked(int64_t bytes) { return static_cast<int32_t>(bytes); }
  mlir::Value load(mlir::Type type, mlir::Value base, int64_t bytes) {
    return mlir::LLVM::LoadOp::create(b, loc, type, at(base, bytes));
  }

  /// Reads symbols from the table that `table` gives.
  void readSymbols(std::function<mlir::Value()> table, mlir::Value threads) {
    sizes.symbol = [this, table, threads](llvm::StringRef name) -> mlir::Value {
      if (name == rt::MlrtDialect::getThreadsSymbol())
        return threads;
      for (auto [i, symbol] : llvm::enumerate(entrySymbols))
        if (symbol.getName() == name)
          return load(i64, table(), 8 * i);
      program.emitError("symbol '") << name << "' is unknown to the entry point";
      broken = true;
      return sizes.constant(0);
    };
  }

  rt::ProgramOp program;
  llvm::ArrayRef<rt::SymbolAttr> entrySymbols;
  mlir::ModuleOp target;
  mlir::OpBuilder b;
  mlir::Location loc;
  SizeEmitter sizes;
  mlir::Type ptr, i64, i32;
  bool broken = false;
};

} // namespace mlopt

#endif // MLOPT_CODEGEN_LIB_HOST_FUNCTIONEMITTER_H
