//===- PackedWeights.cpp - ONNX Runtime's MatMulNBits ---------------------===//
//
// Weights of 2, 4 or 8 bits in blocks along K, packed into bytes by the model. They are unpacked
// here, a byte per element; how a kernel has them in memory is the layout's matter.
//
//===----------------------------------------------------------------------===//
#include "Quantization.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

/// Bytes of a constant of 8-bit elements; none if it is neither dense nor a resource in memory.
std::optional<ArrayRef<char>> getBytes(ElementsAttr value) {
  if (auto dense = dyn_cast_or_null<DenseElementsAttr>(value)) {
    if (!dense.isSplat())
      return dense.getRawData();
    return std::nullopt;
  }
  auto resource = dyn_cast_or_null<DenseResourceElementsAttr>(value);
  AsmResourceBlob *blob = resource ? resource.getRawHandle().getBlob() : nullptr;
  return blob ? std::optional(blob->getData()) : std::nullopt;
}

/// Operand i, a constant of `count` elements of type ui8; empty after an error.
SmallVector<char> readPacked(Node &n, unsigned i, StringRef what, int64_t count) {
  Value v = n.input(i);
  if (!v)
    return {};
  if (!n.elementOf(v).isUnsignedInteger(8)) {
    (void)n.unsupportedType("the " + what.str() + " have the element type " +
                            getTypeText(n.elementOf(v)) + ", expected uint8");
    return {};
  }
  if (!n.typeOf(v).hasStaticShape() || n.typeOf(v).getNumElements() != count) {
    (void)n.malformed("the " + what.str() + " have type " + getTypeText(v.getType()) +
                      "; K, N, bits and block_size ask for " + Twine(count) + " bytes");
    return {};
  }
  ElementsAttr value = n.largeConstantInput(i);
  if (auto dense = dyn_cast_or_null<DenseElementsAttr>(value); dense && dense.isSplat())
    return SmallVector<char>(count, static_cast<char>(dense.getSplatValue<APInt>().getZExtValue()));
  std::optional<ArrayRef<char>> bytes = getBytes(value);
  if (!bytes || static_cast<int64_t>(bytes->size()) != count) {
    (void)n.unsupported("the " + what.str() +
                        " are no constant; make them an initializer of the model");
    return {};
  }
  return SmallVector<char>(*bytes);
}

/// `rows` rows of `count` numbers of `bits` bits, of which each row begins at a multiple of
/// `rowBytes` with the lowest bits first, as a tensor of a byte each. `bias` is taken off.
ElementsAttr unpackRows(Node &n, ArrayRef<char> packed, int64_t rows, int64_t count,
                        int64_t rowBytes, unsigned bits, Type element, int bias) {
  auto type = RankedTensorType::get({rows, count}, element);
  auto owner = std::make_shared<std::vector<int8_t>>(static_cast<size_t>(rows * count));
  unsigned perByte = 8 / bits, mask = (1u << bits) - 1;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = 0; i < count; ++i) {
      unsigned byte = static_cast<uint8_t>(packed[row * rowBytes + i / perByte]);
      unsigned value = byte >> (bits * (i % perByte)) & mask;
      (*owner)[row * count + i] = static_cast<int8_t>(static_cast<int>(value) - bias);
    }
  ArrayRef<char> data(reinterpret_cast<const char *>(owner->data()), owner->size());
  AsmResourceBlob blob(
      data, /*dataAlignment=*/1, [owner](void *, size_t, size_t) mutable { owner.reset(); },
      /*dataIsMutable=*/false);
  auto &manager = DenseResourceElementsHandle::getManagerInterface(n.getContext());
  return DenseResourceElementsAttr::get(type, manager.insert("packed_weights", std::move(blob)));
}

/// A float parameter of N rows of `blocks` numbers, which may be given flat; null after an error.
Value rowsOfBlocks(Node &n, unsigned i, StringRef what, int64_t rows, int64_t blocks) {
  Value v = n.input(i);
  if (!v)
    return v;
  RankedTensorType type = n.typeOf(v);
  if (isa<FloatType>(type.getElementType()) && type.hasStaticShape() &&
      type.getNumElements() == rows * blocks)
    return n.reshape(v, n.sizesOf({rows, blocks}));
  (void)n.malformed("the " + what.str() + " have type " + getTypeText(type) +
                    ", expected floats of shape [" + Twine(rows) + ", " + Twine(blocks) + "]");
  return nullptr;
}

/// y = A (dequantized B)^T + bias, B of N rows along K. Without zero points they are the middle of
/// the range: the weights become signed integers.
LogicalResult matmulNBits(Node &n) {
  Value x = n.input(0);
  auto k = n.optIntAttr("K"), rows = n.optIntAttr("N"), block = n.optIntAttr("block_size");
  if (!x)
    return failure();
  int64_t bits = n.intAttr("bits", 4);
  for (std::optional<int64_t> size : {k, rows, block})
    if (!size || *size < 1 || *size > INT32_MAX / 2)
      return n.malformed("the attributes K, N and block_size must be positive numbers");
  if (bits != 2 && bits != 4 && bits != 8)
    return n.unsupported("weights of " + Twine(bits) + " bits; supported are 2, 4 and 8");
  if (*block * bits % 8 != 0)
    return n.malformed("blocks of " + Twine(*block) + " weights of " + Twine(bits) +
                       " bits are no whole bytes; block_size is a power of two from 16 on");
  if (n.has(4))
    return n.unsupported(
        "g_idx (weights whose columns are in another order); export the model without it");
  if (n.rankOf(x) < 1 ||
      (n.dimOf(x, n.rankOf(x) - 1).getConstant() && !n.dimOf(x, n.rankOf(x) - 1).isConstant(*k)))
    return n.malformed("A has type " + getTypeText(x.getType()) +
                       "; its last size must be K = " + Twine(*k));
  int64_t blocks = llvm::divideCeil(*k, *block), rowBytes = blocks * *block * bits / 8,
          zeroBytes = llvm::divideCeil(blocks * bits, 8);
  SmallVector<char> packed = readPacked(n, 1, "weights", *rows * rowBytes);
  Value scale = packed.empty() ? Value() : rowsOfBlocks(n, 2, "scales", *rows, blocks);
  if (!scale)
    return failure();

  Type plain = n.getBuilder().getIntegerType(bits, false),
       centred = n.getBuilder().getIntegerType(bits);
  Value zero = n.none(), offset;
  bool isSigned = !n.has(3);
  if (n.has(3)) {
    Value given = n.input(3);
    if (!given)
      return failure();
    if (isa<FloatType>(n.elementOf(given))) {
      if (!(offset = rowsOfBlocks(n, 3, "zero points", *rows, blocks)))
        return failure();
    } else {
      SmallVector<char> zeros = readPacked(n, 3, "zero points", *rows * zeroBytes);
      if (zeros.empty())
        return failure();
      zero = n.makeConstant(unpackRows(n, zeros, *rows, blocks, zeroBytes, bits, plain, 0));
    }
  }
  Value weights =
      n.makeConstant(unpackRows(n, packed, *rows, *k, rowBytes, bits, isSigned ? centred : plain,
                                isSigned ? 1 << (bits - 1) : 0));
  bool isRow = n.rankOf(x) == 1;
  if (isRow)
    x = n.unsqueeze(x, {0});
  Value y;
  if (offset) {
    // A zero point that is no integer: scale * q - scale * zero.
    scale = n.cast(scale, n.elementOf(x));
    Value shift = n.mul(scale, n.cast(offset, n.elementOf(x)));
    shift = n.reshape(n.broadcast(n.unsqueeze(shift, {2}), n.sizesOf({*rows, blocks, *block})),
                      n.sizesOf({*rows, blocks * *block}));
    shift = shift ? n.sliceAxis(shift, 1, n.size(0), n.size(*k)) : shift;
    Value wide =
        n.sub(n.create<DequantizeBlockedOp>(weights, scale, zero, int64_t(1), *block), shift);
    y = n.create<MatmulOp>(x, wide, false, true);
  } else {
    y = n.create<DequantizedMatmulOp>(x, weights, scale, zero, *block, true);
  }
  if (n.has(5)) {
    Value bias = n.input(5);
    if (!bias || failed(checkVector(n, bias, n.size(*rows), "bias", "column")))
      return failure();
    y = n.add(y, bias);
  }
  if (isRow && y)
    y = n.squeeze(y, {n.rankOf(y) - 2});
  return n.finish(y);
}

const Entry entries[] = {
    {"MatMulNBits", 1, matmulNBits, "com.microsoft"},
};

} // namespace

ArrayRef<Entry> getPackedWeightsEntries() { return entries; }

} // namespace mlopt::onnx
