//===- IntegerConvolutionStore.cpp - Sums of four columns to 64 bytes -----===//
//
// A kernel that ends in a `quantize` writes blocks of 16 bytes, neighbours in a
// row. With AVX-512 the words of four columns are packed into one vector by three
// saturating packs and one permutation: fewer operations than limiting and
// narrowing each of them.
//
//===----------------------------------------------------------------------===//
#include "IntegerConvolutionBody.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlopt;

/// The `quantize` that ends the kernel, if it only rounds to ui8: its scale is 1, its zero point
/// one element.
static QuantizeOp lastQuantize(KernelOp kernel) {
  auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
  auto op = yield.getValues()[0].getDefiningOp<QuantizeOp>();
  if (!op || !op.getTo().isUnsignedInteger(8))
    return {};
  auto input = cast<RankedTensorType>(op.getInput().getType());
  auto constant = op.getScale().getDefiningOp<ConstantOp>();
  auto scale =
      constant ? dyn_cast<DenseFPElementsAttr>(constant.getValue()) : DenseFPElementsAttr();
  if (!input.getElementType().isF32() || !scale || !scale.isSplat() ||
      !scale.getElementType().isF32() || !scale.getSplatValue<APFloat>().isExactlyValue(1))
    return {};
  auto zero = dyn_cast<RankedTensorType>(op.getZero().getType());
  if (zero && (!zero.hasStaticShape() || zero.getNumElements() != 1))
    return {};
  return op;
}

bool IntegerConvolutionBody::storeTogether(Value start, ArrayRef<Value> sums) {
  QuantizeOp quantize = lastQuantize(k.kernel);
  int64_t columns = sums.size() / tile.vectors;
  if (!quantize || !k.target.hasMasks || tile.lanes != channelBlock || columns < 2 ||
      !unrollsEpilogue(columns))
    return false;
  constexpr int64_t together = 4;
  auto call = [&](StringRef name, Type type, ValueRange operands) -> Value {
    return LLVM::CallIntrinsicOp::create(k.b, k.loc, type, k.b.getStringAttr(name), operands)
        .getResult(0);
  };
  Type i32 = k.b.getI32Type(), words = k.vectorOf(i32, channelBlock),
       halves = k.vectorOf(k.b.getIntegerType(16), 2 * channelBlock),
       bytes = k.vectorOf(byte, 4 * channelBlock);
  Value none = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(words)), zero;
  if (auto type = dyn_cast<RankedTensorType>(quantize.getZero().getType());
      type && !isKnownZeroPoint(quantize.getZero())) {
    zero = e.at(quantize.getZero(), Coords(type.getRank(), Coord{k.index(0), 0}), 1);
    zero = k.splat(arith::ExtUIOp::create(k.b, k.loc, i32, zero), channelBlock);
  }
  Value rounding =
      arith::ConstantOp::create(k.b, k.loc, k.b.getI32IntegerAttr(4)); // the current mode: to even
  Value all = arith::ConstantOp::create(k.b, k.loc, k.b.getI16IntegerAttr(-1));
  // Below 2^31, and far above any byte. NaN stays and becomes -2^31, so 0.
  Value most =
      m.constF(arith::ConstantOp::create(
                   k.b, k.loc, k.b.getZeroAttr(k.vectorOf(k.b.getF32Type(), channelBlock))),
               65536);
  for (int64_t v = 0; v < tile.vectors; ++v) {
    ElementAt::Scope scope(e);
    Value c = k.add(channel, v * channelBlock), inside;
    limitLanes(c);
    if (Value limit = e.getLaneLimit())
      inside = k.firstLanes(channelBlock, limit);
    for (int64_t first = 0; first < columns; first += together) {
      int64_t count = std::min(together, columns - first);
      SmallVector<Value, 4> four;
      for (int64_t i = 0; i < count; ++i) {
        Value x = elementAt(quantize.getInput(), k.add(start, first + i), c,
                            sums[(first + i) * tile.vectors + v]);
        if (!x)
          return true;
        x = m.select(m.cmpF(ScalarBuilder::FPred::OLT, most, x), most, x);
        x = call("llvm.x86.avx512.mask.cvtps2dq.512", words, {x, none, all, rounding});
        if (zero)
          x = m.addI(x, zero);
        // Padding of a layout holds zeros.
        four.push_back(inside ? m.select(inside, x, none) : x);
      }
      four.resize(together, four.back());
      auto pack = [&](Value a, Value b) {
        return call("llvm.x86.avx512.packssdw.512", halves, {a, b});
      };
      Value packed = call("llvm.x86.avx512.packuswb.512", bytes,
                          {pack(four[0], four[1]), pack(four[2], four[3])});
      // Packs work in 128 bits: word 4 l + j holds channels 4 l .. 4 l + 3 of column j.
      SmallVector<int64_t> order;
      for (int64_t j = 0; j < together; ++j)
        for (int64_t l = 0; l < 4; ++l)
          order.push_back(4 * l + j);
      Value asWords = LLVM::BitcastOp::create(k.b, k.loc, words, packed);
      Value row = vector::ShuffleOp::create(k.b, k.loc, asWords, asWords, order);
      Value offset = resultOffset(k.add(start, first), c);
      Value ptr = k.elementPtr(k.resultPtr(0), offset, byte);
      for (int64_t at = 0, left = count; left > 0;) {
        int64_t here = left == 3 ? 2 : left;
        Value part = row;
        if (here < together) {
          SmallVector<int64_t> lanes = llvm::to_vector(llvm::seq<int64_t>(4 * at, 4 * (at + here)));
          part = vector::ShuffleOp::create(k.b, k.loc, row, row, lanes);
        }
        LLVM::StoreOp::create(k.b, k.loc, part, k.bytePtr(ptr, k.index(at * channelBlock)),
                              /*alignment=*/1);
        at += here;
        left -= here;
      }
    }
    e.setLaneLimit({});
  }
  return true;
}
