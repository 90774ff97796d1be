//===- DequantizedWeights.cpp - Packed weights as floats ------------------===//
//
// With 64-byte vectors a word of eight steps becomes floats by one shift and one
// permutation of a table of 16 floats (`vpermps` looks at the low 4 bits of an
// index only); narrower vectors shift, mask and convert.
//
//===----------------------------------------------------------------------===//
#include "DequantizedWeights.h"
#include "../Contraction/Panels.h"
#include "mlopt/Codegen/ScalarTable.h"

using namespace mlir;
using namespace mlopt;

std::optional<DequantizedWeights> DequantizedWeights::of(DequantizedMatmulOp op, std::string &reason) {
  auto refuse = [&](const Twine &why) {
    reason = why.str();
    return std::nullopt;
  };
  auto type = cast<RankedTensorType>(op.getWeights().getType());
  auto element = dyn_cast<IntegerType>(type.getElementType());
  if (!element || (element.getWidth() != 4 && element.getWidth() != 8))
    return refuse("expects weights of 4 or 8 bits");
  Type rows = getElementTypeOrSelf(op.getLhs().getType());
  if (!rows.isF32() && !rows.isF16() && !rows.isBF16())
    return refuse("expects a left operand of f32, f16 or bf16");
  if (getElementTypeOrSelf(op.getScale().getType()) != rows)
    return refuse("expects scales of the left operand's element type");
  if (!type.hasStaticShape())
    return refuse("expects weights of a constant size");
  DequantizedWeights w;
  w.element = rows;
  bool turned = op.getTransposeB();
  w.k = type.getDimSize(turned ? 1 : 0);
  w.n = type.getDimSize(turned ? 0 : 1);
  if (!w.k || !w.n)
    return refuse("expects weights that are not empty");
  w.block = std::min<int64_t>(op.getBlock(), w.k);
  // A block is whole groups of eight steps, and whole vectors of the left operand.
  if (w.block < w.k && w.block % 16)
    return refuse("expects blocks of a multiple of 16 steps, or one block; got " + Twine(w.block));
  w.nibbles = element.getWidth() == 4;
  w.isUnsigned = element.isUnsigned();
  w.hasZero = isa<RankedTensorType>(op.getZero().getType());
  auto parameter = [&](Value v, Parameter &p) {
    auto shape = dyn_cast<RankedTensorType>(v.getType());
    if (!shape)
      return true;
    if (!shape.hasStaticShape())
      return false;
    p.perBlock = shape.getDimSize(turned ? 1 : 0) > 1;
    p.perColumn = shape.getDimSize(turned ? 0 : 1) > 1;
    return true;
  };
  if (!parameter(op.getScale(), w.scale) || !parameter(op.getZero(), w.zero))
    return refuse("expects scales and zero points of a constant size");
  return w;
}

LayoutAttr DequantizedWeights::weightLayout(DequantizedMatmulOp op) const {
  MLIRContext *context = op.getContext();
  return nibbles ? getNibblePanelLayout(context, panelWidth, op.getTransposeB())
                 : getPanelLayout(context, 2, panelWidth, op.getTransposeB());
}

LayoutAttr DequantizedWeights::parameterLayout(DequantizedMatmulOp op, const Parameter &parameter) const {
  return parameter.perColumn ? getPanelLayout(op.getContext(), 2, panelWidth, op.getTransposeB()) : LayoutAttr();
}

//===----------------------------------------------------------------------===//
// Pointers
//===----------------------------------------------------------------------===//

/// Where a panel of scales or zero points starts, in elements.
static int64_t parameterStride(const DequantizedWeights &w, const DequantizedWeights::Parameter &p) {
  return p.perColumn ? panelWidth * (p.perBlock ? w.blocks() : 1) : 0;
}

int64_t WeightReader::groupBytes() const { return panelWidth * (w.nibbles ? 4 : 8); }

Value WeightReader::weightPanel(Value base, Value number) {
  int64_t bytes = w.nibbles ? llvm::divideCeil(w.k, 8) * groupBytes() : w.k * panelWidth;
  return k.bytePtr(base, k.mul(number, bytes));
}

Value WeightReader::scalePanel(Value base, Value number) {
  return k.bytePtr(base, k.mul(number, getElementBytes(w.element) * parameterStride(w, w.scale)));
}

Value WeightReader::zeroPanel(Value base, Value number) {
  return k.bytePtr(base, k.mul(number, parameterStride(w, w.zero)));
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

Value WeightReader::toFloat(Value integers) {
  return arith::SIToFPOp::create(k.b, k.loc, ScalarBuilder::withElement(integers.getType(), k.b.getF32Type()),
                                 integers);
}

WeightReader::Group WeightReader::group(Value panel, Value number, int64_t vector) {
  if (!w.nibbles)
    return {Value(), panel, k.add(k.mul(number, 8 * panelWidth), vector * lanes)};
  Value words = k.load(panel, k.add(k.mul(number, panelWidth), vector * lanes), k.b.getI32Type(), lanes);
  // Minus 8 modulo 16 is the other sign bit. The table knows it by itself.
  if (w.centre() && k.target.vectorBytes < 64)
    words = m.xorI(words, m.constI(words, static_cast<int32_t>(0x88888888)));
  return {words, panel, Value()};
}

Value WeightReader::step(const Group &group, int64_t i) {
  Type i32 = k.b.getI32Type(), f32 = k.b.getF32Type();
  if (!w.nibbles) {
    Value bytes = k.load(group.panel, k.add(group.first, i * panelWidth), k.b.getI8Type(), lanes);
    if (w.centre())
      bytes = m.xorI(bytes, m.constI(bytes, -128));
    Type wide = ScalarBuilder::withElement(bytes.getType(), i32);
    bool isSigned = !w.isUnsigned || w.centre();
    return toFloat(isSigned ? Value(arith::ExtSIOp::create(k.b, k.loc, wide, bytes))
                            : Value(arith::ExtUIOp::create(k.b, k.loc, wide, bytes)));
  }
  if (k.target.vectorBytes == 64) {
    SmallVector<float> table;
    for (int64_t v = 0; v < 16; ++v)
      table.push_back(w.isUnsigned ? v - w.centre() : v < 8 ? v : v - 16);
    auto type = VectorType::get({16}, f32);
    Value entries = arith::ConstantOp::create(k.b, k.loc, DenseElementsAttr::get(type, ArrayRef(table)));
    Value index = i ? m.shrU(group.words, 4 * i) : group.words;
    return LLVM::CallIntrinsicOp::create(k.b, k.loc, type, k.b.getStringAttr("llvm.x86.avx512.permvar.sf.512"),
                                         ValueRange{entries, index})
        .getResult(0);
  }
  if (w.isUnsigned && !w.centre())
    return toFloat(m.andI(i ? m.shrU(group.words, 4 * i) : group.words, 15));
  return toFloat(m.shrS(i < 7 ? m.shl(group.words, 28 - 4 * i) : group.words, 28));
}

//===----------------------------------------------------------------------===//
// Scales and zero points
//===----------------------------------------------------------------------===//

Value WeightReader::parameter(const DequantizedWeights::Parameter &p, Value panel, Value block, int64_t vector,
                              Type storage) {
  Value at = p.perBlock ? block : k.index(0);
  if (!p.perColumn)
    return k.splat(k.load(panel, at, storage), lanes);
  return k.load(panel, k.add(k.mul(at, panelWidth), vector * lanes), storage, lanes);
}

Value WeightReader::scale(Value panel, Value block, int64_t vector) {
  return fromStorage(m, parameter(w.scale, panel, block, vector, storageType(w.element)), w.element);
}

Value WeightReader::wholeZero(Value panel, Value block, int64_t vector) {
  Value bytes = parameter(w.zero, panel, block, vector, k.b.getI8Type());
  Type wide = ScalarBuilder::withElement(bytes.getType(), k.b.getI32Type());
  return w.isUnsigned ? Value(arith::ExtUIOp::create(k.b, k.loc, wide, bytes))
                      : Value(arith::ExtSIOp::create(k.b, k.loc, wide, bytes));
}

Value WeightReader::zero(Value panel, Value block, int64_t vector) {
  Value whole = wholeZero(panel, block, vector);
  return toFloat(w.centre() ? m.subI(whole, w.centre()) : whole);
}

//===----------------------------------------------------------------------===//
// Nibbles
//===----------------------------------------------------------------------===//

std::pair<Value, Value> WeightReader::nibbles(Value panel, Value number, int64_t vector) {
  Value words = k.load(panel, k.add(k.mul(number, panelWidth), vector * lanes), k.b.getI32Type(), lanes);
  // Signed ones plus 8 are their bits with the other sign.
  if (!w.isUnsigned)
    words = m.xorI(words, m.constI(words, static_cast<int32_t>(0x88888888)));
  return {m.andI(words, 0x0f0f0f0f), m.andI(m.shrU(words, 4), 0x0f0f0f0f)};
}

Value WeightReader::nibbleZero(Value panel, Value block, int64_t vector) {
  if (!w.hasZero)
    return Value();
  Value zero = wholeZero(panel, block, vector);
  return w.isUnsigned ? zero : m.addI(zero, 8);
}

Value WeightReader::lone(Value panel, Value step, Value nibbleZero, int64_t vector) {
  Type i32 = k.b.getI32Type();
  Value number = arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(), m.shrU(step, 3));
  Value words = k.load(panel, k.add(k.mul(number, panelWidth), vector * lanes), i32, lanes);
  if (!w.isUnsigned)
    words = m.xorI(words, m.constI(words, static_cast<int32_t>(0x88888888)));
  Value shift = k.splat(m.shl(m.andI(step, 7), 2), lanes);
  Value nibble = m.andI(arith::ShRUIOp::create(k.b, k.loc, words, shift), 15);
  if (nibbleZero)
    nibble = m.subI(nibble, nibbleZero);
  else if (!w.isUnsigned)
    nibble = m.subI(nibble, 8);
  return toFloat(nibble);
}
