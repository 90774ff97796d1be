//===- ByteDot.cpp - Sums of four products of bytes -----------------------===//
#include "ByteDot.h"

using namespace mlir;
using namespace mlopt;

/// The same bits as elements of another type.
Value ByteDot::cast(Value v, Type element) {
  auto type = VectorType::get({lanes * 32 / element.getIntOrFloatBitWidth()}, element);
  return v.getType() == type ? v : Value(LLVM::BitcastOp::create(k.b, k.loc, type, v));
}

ByteDot::Operand ByteDot::unsignedBytes(Value x) {
  if (isDirect(k.target))
    return {cast(x, k.b.getI8Type()), {}, {}};
  Type half = k.b.getI16Type();
  Value v = cast(x, half);
  Value low = k.splat(arith::ConstantOp::create(k.b, k.loc, k.b.getI16IntegerAttr(255)), 2 * lanes);
  Value eight = k.splat(arith::ConstantOp::create(k.b, k.loc, k.b.getI16IntegerAttr(8)), 2 * lanes);
  return {
      {}, arith::AndIOp::create(k.b, k.loc, v, low), arith::ShRUIOp::create(k.b, k.loc, v, eight)};
}

ByteDot::Operand ByteDot::signedBytes(Value w) {
  if (isDirect(k.target))
    return {cast(w, k.b.getI8Type()), {}, {}};
  Value v = cast(w, k.b.getI16Type());
  Value eight = k.splat(arith::ConstantOp::create(k.b, k.loc, k.b.getI16IntegerAttr(8)), 2 * lanes);
  Value even =
      arith::ShRSIOp::create(k.b, k.loc, arith::ShLIOp::create(k.b, k.loc, v, eight), eight);
  return {{}, even, arith::ShRSIOp::create(k.b, k.loc, v, eight)};
}

Value ByteDot::pairs(Value x, Value w) {
  StringRef name = lanes == 16  ? "llvm.x86.avx512.pmaddw.d.512"
                   : lanes == 8 ? "llvm.x86.avx2.pmadd.wd"
                                : "llvm.x86.sse2.pmadd.wd";
  Type type = VectorType::get({lanes}, k.b.getI32Type());
  return LLVM::CallIntrinsicOp::create(k.b, k.loc, type, k.b.getStringAttr(name), ValueRange{x, w})
      .getResult(0);
}

Value ByteDot::dot(Value acc, const Operand &x, const Operand &w) {
  assert((lanes == 4 || lanes == 8 || lanes == 16) && "no such vectors");
  if (isDirect(k.target)) {
    // LLVM 22 selects AVX-VNNI's form of the 128- and 256-bit intrinsics where AVX-512 is missing.
    std::string name = "llvm.x86.avx512.vpdpbusd." + std::to_string(lanes * 32);
    return LLVM::CallIntrinsicOp::create(k.b, k.loc, acc.getType(), k.b.getStringAttr(name),
                                         ValueRange{acc, x.whole, w.whole})
        .getResult(0);
  }
  Value sum = arith::AddIOp::create(k.b, k.loc, acc, pairs(x.even, w.even));
  return arith::AddIOp::create(k.b, k.loc, sum, pairs(x.odd, w.odd));
}

Value mlopt::byteDot(KernelBuilder &k, Value acc, Value x, Value w) {
  ByteDot dot(k, cast<VectorType>(acc.getType()).getNumElements());
  return dot.dot(acc, dot.unsignedBytes(x), dot.signedBytes(w));
}
