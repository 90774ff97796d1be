//===- EmitImage.cpp - The image and the query functions as code ----------===//
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlopt/Codegen/HostImage.h"
#include "mlopt/runtime/abi/module_abi.h"

using namespace mlir;
using namespace mlopt;

/// Declares what a link names: hidden, so that its distance is a link-time constant.
static void declare(OpBuilder &b, Location loc, ModuleOp target, StringRef name, bool isFunction) {
  if (target.lookupSymbol(name))
    return;
  if (isFunction) {
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(b.getContext()), {});
    LLVM::LLVMFuncOp::create(b, loc, name, type).setVisibility_(LLVM::Visibility::Hidden);
    return;
  }
  auto global = LLVM::GlobalOp::create(b, loc, b.getI8Type(), /*isConstant=*/true,
                                       LLVM::Linkage::External, name, Attribute());
  global.setVisibility_(LLVM::Visibility::Hidden);
}

void mlopt::emitImage(const ModuleImage &image, const ImageDescription &description,
                      ModuleOp target) {
  MLIRContext *context = target.getContext();
  OpBuilder b = OpBuilder::atBlockEnd(target.getBody());
  Location loc = target.getLoc();
  Type ptr = LLVM::LLVMPointerType::get(context), i64 = b.getI64Type();
  std::string imageName = description.prefix + "_image";
  for (auto [i, name] : llvm::enumerate(image.links))
    if (!name.empty())
      declare(b, loc, target, name, /*isFunction=*/i != 0);

  auto bytesType = LLVM::LLVMArrayType::get(b.getI8Type(), image.bytes.size());
  auto linksType = LLVM::LLVMArrayType::get(i64, image.links.size());
  auto type = LLVM::LLVMStructType::getLiteral(context, {bytesType, linksType}, /*isPacked=*/true);
  auto global = LLVM::GlobalOp::create(b, loc, type, /*isConstant=*/true, LLVM::Linkage::External,
                                       imageName, Attribute(), /*alignment=*/MLOPT_ALIGNMENT);
  global.setVisibility_(LLVM::Visibility::Hidden);
  global.setSection(MLOPT_SECTION_IMAGE);
  OpBuilder init = OpBuilder::atBlockEnd(b.createBlock(&global.getInitializerRegion()));
  Value base = LLVM::PtrToIntOp::create(init, loc, i64,
                                        LLVM::AddressOfOp::create(init, loc, ptr, imageName));
  Value links = LLVM::UndefOp::create(init, loc, linksType);
  for (auto [i, name] : llvm::enumerate(image.links)) {
    Value entry;
    if (name.empty()) {
      entry = LLVM::ConstantOp::create(init, loc, i64, init.getI64IntegerAttr(0));
    } else {
      Value address =
          LLVM::PtrToIntOp::create(init, loc, i64, LLVM::AddressOfOp::create(init, loc, ptr, name));
      entry = LLVM::SubOp::create(init, loc, address, base);
    }
    links = LLVM::InsertValueOp::create(init, loc, links, entry, ArrayRef<int64_t>{int64_t(i)});
  }
  Value bytes = LLVM::ConstantOp::create(init, loc, bytesType, init.getStringAttr(image.bytes));
  Value whole = LLVM::UndefOp::create(init, loc, type);
  whole = LLVM::InsertValueOp::create(init, loc, whole, bytes, ArrayRef<int64_t>{0});
  whole = LLVM::InsertValueOp::create(init, loc, whole, links, ArrayRef<int64_t>{1});
  LLVM::ReturnOp::create(init, loc, whole);

  b.setInsertionPointToEnd(target.getBody());
  auto query = [&](const Twine &name) {
    auto function =
        LLVM::LLVMFuncOp::create(b, loc, name.str(), LLVM::LLVMFunctionType::get(ptr, {}));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(function.addEntryBlock(b));
    LLVM::ReturnOp::create(b, loc, Value(LLVM::AddressOfOp::create(b, loc, ptr, imageName)));
  };
  query(description.prefix + "_module_query");
  // The prefix may be "mlopt" itself.
  if (description.exportQuery && description.prefix != "mlopt")
    query(MLOPT_MODULE_QUERY_SYMBOL);
}
