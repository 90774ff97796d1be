//===- Rearrange.cpp - ONNX operators that make or rearrange matrices -----===//
#include "Conversion.h"

using namespace mlir;

namespace mlopt::onnx {
namespace {

LogicalResult eyeLike(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  if (n.rankOf(x) != 2)
    return n.malformed("the operand has rank " + Twine(n.rankOf(x)) + ", expected 2");
  Type element = n.elementOf(x), index = n.getBuilder().getI64Type();
  if (auto dtype = n.optIntAttr("dtype")) {
    element = getElementType(n.getContext(), *dtype);
    if (!element)
      return n.unsupportedType("data type " + Twine(*dtype));
  }
  SymShape shape = n.shapeOf(x);
  Value row = n.add(n.iotaAlong(index, shape[0], 0, 2), n.scalarInt(index, n.intAttr("k", 0)));
  Value isOne = n.compare(ComparePredicate::eq, row, n.iotaAlong(index, shape[1], 1, 2));
  return n.finish(n.cast(isOne, element));
}

LogicalResult trilu(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  int64_t rank = n.rankOf(x);
  if (rank < 2)
    return n.malformed("the operand has rank " + Twine(rank) + ", expected at least 2");
  Type index = n.getBuilder().getI64Type();
  SymShape shape = n.shapeOf(x);
  Value row = n.iotaAlong(index, shape[rank - 2], 0, 2),
        column = n.iotaAlong(index, shape[rank - 1], 1, 2);
  if (n.has(1))
    row = n.add(row, n.scalarInput(1));
  Value keep = n.compare(n.boolAttr("upper", true) ? ComparePredicate::ge : ComparePredicate::le,
                         column, row);
  return n.finish(n.select(keep, x, n.scalarInt(n.elementOf(x), 0)));
}

/// Operand of shape [N, C, H, W] and a block size that is at least 1; null after a diagnostic.
Value readBlocks(Node &n, int64_t &block) {
  Value x = n.input(0);
  if (!x)
    return x;
  block = n.intAttr("blocksize", 0);
  if (n.rankOf(x) != 4 || block < 1 || block > INT32_MAX) {
    (void)n.malformed("expected an operand of rank 4 and a positive blocksize");
    return nullptr;
  }
  return x;
}

LogicalResult depthToSpace(Node &n) {
  int64_t block = 0;
  Value x = readBlocks(n, block);
  if (!x)
    return failure();
  SymShape s = n.shapeOf(x);
  SymExpr b = n.size(block), depth = s[1].floorDiv(block * block);
  if (auto c = s[1].getConstant(); c && *c % (block * block) != 0)
    return n.malformed("the number of channels is no multiple of the squared blocksize");
  std::string mode = n.stringAttr("mode", "DCR");
  if (mode != "DCR" && mode != "CRD")
    return n.malformed("mode is '" + mode + "', expected DCR or CRD");
  Value spread =
      mode == "DCR"
          ? n.transpose(n.reshape(x, {s[0], b, b, depth, s[2], s[3]}), {0, 3, 4, 1, 5, 2})
          : n.transpose(n.reshape(x, {s[0], depth, b, b, s[2], s[3]}), {0, 1, 4, 2, 5, 3});
  return n.finish(n.reshape(spread, {s[0], depth, s[2] * block, s[3] * block}));
}

LogicalResult spaceToDepth(Node &n) {
  int64_t block = 0;
  Value x = readBlocks(n, block);
  if (!x)
    return failure();
  SymShape s = n.shapeOf(x);
  for (int64_t axis : {2, 3})
    if (auto v = s[axis].getConstant(); v && *v % block != 0)
      return n.malformed("a spatial size is no multiple of the blocksize");
  SymExpr b = n.size(block), h = s[2].floorDiv(block), w = s[3].floorDiv(block);
  Value spread = n.transpose(n.reshape(x, {s[0], s[1], h, b, w, b}), {0, 3, 5, 1, 2, 4});
  return n.finish(n.reshape(spread, {s[0], s[1] * (block * block), h, w}));
}

LogicalResult reverseSequence(Node &n) {
  Value x = n.input(0), lengths = n.input(1);
  if (!x || !lengths)
    return failure();
  int64_t rank = n.rankOf(x), time = n.intAttr("time_axis", 0), batch = n.intAttr("batch_axis", 1);
  if (rank < 2 || time < 0 || time > 1 || batch < 0 || batch > 1 || time == batch ||
      n.rankOf(lengths) != 1)
    return n.malformed(
        "expected rank 2 or more, time_axis and batch_axis 0 and 1, and lengths of rank 1");
  Type index = n.getBuilder().getI64Type();
  SymShape shape = n.shapeOf(x), perBatch(rank, n.size(1));
  perBatch[batch] = shape[batch];
  Value length = n.reshape(n.cast(lengths, index), perBatch);
  Value position = n.iotaAlong(index, shape[time], time, rank);
  Value reversed = n.addScalar(n.sub(length, position), -1);
  Value source = n.select(n.compare(ComparePredicate::lt, position, length), reversed, position);
  return n.finish(n.create<GatherElementsOp>(x, n.broadcast(source, shape), time));
}

LogicalResult oneHot(Node &n) {
  Value indices = n.input(0), values = n.input(2);
  if (!indices || !values)
    return failure();
  SymExpr depth;
  if (auto sizes = n.sizesInput(1); sizes && sizes->size() == 1)
    depth = sizes->front();
  else if (auto number = n.constantFloats(1);
           number && number->size() == 1 && number->front() >= 0 && number->front() < 1e9)
    depth = n.size(static_cast<int64_t>(number->front()));
  else
    return n.unsupported("a depth that is computed from data");
  if (n.rankOf(values) != 1)
    return n.malformed("values has rank " + Twine(n.rankOf(values)) + ", expected 1");
  int64_t rank = n.rankOf(indices) + 1;
  auto axis = n.normalizeAxis(n.intAttr("axis", -1), rank);
  if (!axis)
    return failure();
  Type index = n.getBuilder().getI64Type();
  Value wide = n.unsqueeze(n.cast(indices, index), {*axis});
  Value depthValue = n.reshape(n.fromSizes({depth}), {});
  Value isNegative = n.compare(ComparePredicate::lt, wide, n.scalarInt(index, 0));
  wide = n.select(isNegative, n.add(wide, depthValue), wide);
  Value isHot = n.compare(ComparePredicate::eq, wide, n.iotaAlong(index, depth, *axis, rank));
  Value off = n.reshape(n.sliceAxis(values, 0, n.size(0), n.size(1)), {});
  Value on = n.reshape(n.sliceAxis(values, 0, n.size(1), n.size(1)), {});
  return n.finish(n.select(isHot, on, off));
}

LogicalResult centerCropPad(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto wanted = n.sizesInput(1);
  if (!wanted)
    return n.unsupported("a shape that is computed from data");
  int64_t rank = n.rankOf(x);
  SmallVector<int64_t> axes;
  for (int64_t i = 0; i < rank; ++i)
    axes.push_back(i);
  if (auto given = n.intsAttr("axes"))
    axes = *given;
  if (!n.normalizeAxes(axes, rank))
    return failure();
  if (wanted->size() != axes.size())
    return n.malformed("the shape has " + Twine(wanted->size()) + " sizes for " +
                       Twine(axes.size()) + " axes");
  SymShape in = n.shapeOf(x);
  SmallVector<SymExpr> starts(rank, n.size(0)), low(rank, n.size(0)), high(rank, n.size(0));
  SmallVector<int64_t> strides(rank, 1);
  SymShape cropped = in;
  for (auto [given, target] : llvm::zip_equal(axes, *wanted)) {
    int64_t axis = given < 0 ? given + rank : given;
    SymExpr zero = n.size(0), extra = SymExpr::max(in[axis] - target, zero),
            missing = SymExpr::max(target - in[axis], zero);
    starts[axis] = extra.floorDiv(2);
    cropped[axis] = SymExpr::min(in[axis], target);
    low[axis] = missing.floorDiv(2);
    high[axis] = missing - low[axis];
  }
  Value part = n.slice(x, starts, cropped, strides);
  return n.finish(part ? n.pad(part, n.scalarInt(n.elementOf(x), 0), low, high, PadMode::constant)
                       : part);
}

/// Sum of blocks at their places: scatter-add into the padded image, then crop.
LogicalResult col2Im(Node &n) {
  Value x = n.input(0);
  if (!x)
    return failure();
  auto image = n.constantInts(1), block = n.constantInts(2);
  if (!image || !block)
    return n.unsupported("an image or block shape that is known only at run time");
  int64_t dims = image->size();
  SmallVector<int64_t> strides, dilations, begin, end;
  if (n.rankOf(x) != 3 || block->size() != image->size() || dims == 0)
    return n.malformed("expected an operand of rank 3 and as many block sizes as image sizes");
  auto pads = n.intsAttr("pads").value_or(SmallVector<int64_t>(2 * dims, 0));
  if (failed(spatialAttr(n, "strides", dims, 1, strides)) ||
      failed(spatialAttr(n, "dilations", dims, 1, dilations)))
    return failure();
  if (static_cast<int64_t>(pads.size()) != 2 * dims)
    return n.malformed("pads has " + Twine(pads.size()) + " values, expected " + Twine(2 * dims));
  // Index of each (block position, window) pair in the flat padded image.
  int64_t blockSize = 1, windows = 1, imageSize = 1;
  SmallVector<int64_t> padded, counts;
  for (int64_t i = 0; i < dims; ++i) {
    if ((*image)[i] < 1 || (*block)[i] < 1 || pads[i] < 0 || pads[dims + i] < 0 ||
        (*image)[i] > 65536 || (*block)[i] > 65536 || pads[i] > 65536 || pads[dims + i] > 65536)
      return n.malformed("a size or pad is out of range");
    padded.push_back((*image)[i] + pads[i] + pads[dims + i]);
    int64_t rest = padded[i] - dilations[i] * ((*block)[i] - 1) - 1;
    if (rest < 0)
      return n.malformed("the block is larger than the padded image");
    counts.push_back(rest / strides[i] + 1);
    blockSize *= (*block)[i];
    windows *= counts[i];
    imageSize *= padded[i];
    if (blockSize * windows > (1 << 20) || imageSize > (1 << 28))
      return n.unsupported("an image of more than 1048576 block elements");
  }
  SymShape in = n.shapeOf(x);
  if (auto v = in[2].getConstant(); v && *v != windows)
    return n.malformed("the operand has " + Twine(*v) + " blocks, the image " + Twine(windows));
  SmallVector<int64_t> indices;
  for (int64_t b = 0; b < blockSize; ++b) {
    for (int64_t w = 0; w < windows; ++w) {
      int64_t flat = 0, restB = b, restW = w, scale = 1;
      for (int64_t i = dims - 1; i >= 0; --i) {
        flat += scale * (restB % (*block)[i] * dilations[i] + restW % counts[i] * strides[i]);
        restB /= (*block)[i];
        restW /= counts[i];
        scale *= padded[i];
      }
      indices.push_back(flat);
    }
  }
  SymExpr channels = in[1].floorDiv(blockSize), flatSize = n.size(blockSize * windows);
  Value updates = n.reshape(x, {in[0], channels, flatSize});
  Value target = n.broadcast(n.scalarInt(n.elementOf(x), 0), {in[0], channels, n.size(imageSize)});
  Value where = n.broadcast(n.ints(indices), {in[0], channels, flatSize});
  Value sum =
      n.create<ScatterElementsOp>(target, where, updates, int64_t(2), ScatterReduction::add);
  SymShape full{in[0], channels}, out{in[0], channels};
  SmallVector<SymExpr> starts{n.size(0), n.size(0)};
  for (int64_t i = 0; i < dims; ++i) {
    full.push_back(n.size(padded[i]));
    out.push_back(n.size((*image)[i]));
    starts.push_back(n.size(pads[i]));
  }
  return n.finish(n.slice(n.reshape(sum, full), starts, out, SmallVector<int64_t>(dims + 2, 1)));
}

/// a0 - a1 cos(2 pi k / N) + a2 cos(4 pi k / N), with N - 1 for N where not periodic.
LogicalResult window(Node &n, double a0, double a1, double a2) {
  auto given = n.sizesInput(0);
  if (!given || given->size() != 1)
    return n.unsupported("a size that is computed from data");
  int64_t dtype = n.intAttr("output_datatype", 1);
  Type to = getElementType(n.getContext(), dtype);
  if (!to)
    return n.unsupportedType("data type " + Twine(dtype));
  Type type = to.isF64() ? to : Type(n.getBuilder().getF32Type());
  SymExpr count = given->front(), period = n.boolAttr("periodic", true) ? count : count - 1;
  if (count.getConstant().value_or(0) < 0)
    return n.malformed("the size is negative");
  Value length = n.reshape(n.fromSizes({period}), {});
  if (!length)
    return failure();
  Value step = n.div(n.scalar(type, 6.283185307179586), n.cast(length, type));
  Value angle = n.mul(n.iota(type, {count}, 0), step);
  Value result = n.sub(n.scalar(type, a0), n.mulScalar(n.create<CosOp>(angle), a1));
  if (a2 != 0)
    result = n.add(result, n.mulScalar(n.create<CosOp>(n.mulScalar(angle, 2)), a2));
  return result ? n.finish(n.cast(result, to)) : failure();
}

LogicalResult blackmanWindow(Node &n) { return window(n, 0.42, 0.5, 0.08); }
LogicalResult hammingWindow(Node &n) { return window(n, 25.0 / 46, 1 - 25.0 / 46, 0); }
LogicalResult hannWindow(Node &n) { return window(n, 0.5, 0.5, 0); }

const Entry entries[] = {
    {"BlackmanWindow", 17, blackmanWindow},
    {"HammingWindow", 17, hammingWindow},
    {"HannWindow", 17, hannWindow},
    {"CenterCropPad", 18, centerCropPad},
    {"Col2Im", 18, col2Im},
    {"DepthToSpace", 1, depthToSpace},
    {"EyeLike", 9, eyeLike},
    {"OneHot", 9, oneHot},
    {"ReverseSequence", 10, reverseSequence},
    {"SpaceToDepth", 1, spaceToDepth},
    {"Trilu", 14, trilu},
};

} // namespace

ArrayRef<Entry> getRearrangeEntries() { return entries; }

} // namespace mlopt::onnx
