//===- IntegerConvolutionBody.cpp - Products of bytes in a convolution ----===//
#include "IntegerConvolutionBody.h"

using namespace mlir;
using namespace mlopt;

IntegerConvolutionBody::IntegerConvolutionBody(KernelOp kernel, const TargetDescription &target,
                                               ModuleOp module, const ConvolutionShape &shape,
                                               const IntegerConvolution &plan, bool flat, Type sum)
    : ConvolutionWalk(kernel, target, module, shape, plan.tile, plan.memory, flat, sum), plan(plan),
      byte(k.b.getI8Type()) {}

void IntegerConvolutionBody::prepare() {
  if (!plan.zero)
    return;
  auto type = cast<RankedTensorType>(plan.zero.getType());
  zeroPoint = e.at(plan.zero, Coords(type.getRank(), Coord{k.index(0), 0}), 1);
  padding = k.bytePtr(k.threadScratch(), k.index(plan.parkBytes));
  constexpr int64_t step = 16;
  Value zeros = k.splat(zeroPoint, step);
  k.forLoop(k.index(0), k.index(plan.paddingBytes), step,
            [&](Value at) { k.store(zeros, padding, at); });
}

Value IntegerConvolutionBody::initial(int64_t) {
  return arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(k.vectorOf(sum, tile.lanes)));
}

/// Back to bytes takes about as long as the products of a depthwise filter: no sum
/// is parked as long as the code stays small.
bool IntegerConvolutionBody::unrollsEpilogue(int64_t columns) {
  constexpr size_t mostOperations = 448;
  return columns == 1 || bodySize() * columns * tile.vectors <= mostOperations;
}

SmallVector<Value> IntegerConvolutionBody::atColumn(
    const Place &place, const KernelRow &row, int64_t j, ValueRange sums,
    llvm::function_ref<SmallVector<Value>(Value, Value, ValueRange)> add) {
  int64_t dilation = shape.axes[shape.Column].dilation;
  Value offset = k.add(row.offset, j * dilation * memory.pixel);
  if (!place.width)
    return add(row.ptr, offset, sums);
  Value position = k.add(place.left, j * dilation);
  Value inside =
      arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::ult, position, place.width);
  if (padding) {
    Value ptr =
        arith::SelectOp::create(k.b, k.loc, inside, k.elementPtr(row.ptr, offset, byte), padding);
    return add(ptr, k.index(0), sums);
  }
  auto branch = scf::IfOp::create(k.b, k.loc, sums.getTypes(), inside, true);
  OpBuilder::InsertionGuard guard(k.b);
  k.b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(k.b, k.loc, add(row.ptr, offset, sums));
  k.b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(k.b, k.loc, sums);
  return SmallVector<Value>(branch.getResults());
}

namespace {

class BlockedBytes : public IntegerConvolutionBody {
public:
  BlockedBytes(KernelOp kernel, const TargetDescription &target, ModuleOp module,
               const ConvolutionShape &shape, const IntegerConvolution &plan, bool flat)
      : IntegerConvolutionBody(kernel, target, module, shape, plan, flat,
                               IntegerType::get(module.getContext(), 32)),
        dot(k, tile.lanes) {}

private:
  void prepare() override {
    IntegerConvolutionBody::prepare();
    if (zeroPoint)
      zeros = dot.unsignedBytes(k.splat(zeroPoint, 4 * tile.lanes));
  }

  /// Products of four input channels at one kernel element. Columns outside of
  /// [first, last) lie in padding.
  void multiply(SmallVectorImpl<Value> &sums, Value weights, Value ptr, Value input,
                int64_t columns, int64_t first, int64_t last) {
    SmallVector<ByteDot::Operand> wv;
    for (int64_t v = 0; v < tile.vectors; ++v)
      wv.push_back(
          dot.signedBytes(k.load(w, k.add(weights, 4 * v * tile.lanes), byte, 4 * tile.lanes)));
    int64_t stride = shape.axes[shape.Column].stride * memory.pixel;
    for (int64_t c = 0; c < columns; ++c) {
      bool inside = first <= c && c < last;
      if (!inside && !zeroPoint)
        continue;
      ByteDot::Operand xv = zeros;
      if (inside) {
        Value four = LLVM::LoadOp::create(k.b, k.loc, k.b.getI32Type(),
                                          k.elementPtr(ptr, k.add(input, c * stride), byte),
                                          /*alignment=*/4);
        xv = dot.unsignedBytes(k.splat(four, tile.lanes));
      }
      for (int64_t v = 0; v < tile.vectors; ++v) {
        Value &sum = sums[c * tile.vectors + v];
        sum = dot.dot(sum, xv, wv[v]);
      }
    }
  }

  SmallVector<Value> addRow(const Place &place, const KernelRow &row, ValueRange sums) override {
    int64_t kernel = shape.axes[shape.Column].kernel, tap = memory.kernelRow / kernel;
    // The only block may be short.
    int64_t lanes = memory.pixel;
    if (memory.blocks == 1)
      lanes = std::min(lanes, shape.inputsOfGroup());
    int64_t quads = llvm::divideCeil(lanes, 4);
    SmallVector<Value> all(sums);
    for (int64_t j = 0; j < kernel; ++j) {
      auto [first, last] = place.meets(j);
      if (first >= last && !zeroPoint)
        continue;
      Value weights = k.add(row.weights, j * tap);
      all = atColumn(place, row, j, all,
                     [&, first = first, last = last](Value ptr, Value input, ValueRange s) {
                       return k.forLoop(
                           k.index(0), k.index(quads), 1, s, [&](Value quad, ValueRange inner) {
                             SmallVector<Value> t(inner);
                             multiply(t, k.add(weights, k.mul(quad, 4 * memory.panel)), ptr,
                                      k.add(input, k.mul(quad, 4)), place.columns, first, last);
                             return t;
                           });
                     });
    }
    return all;
  }

  ByteDot dot;
  ByteDot::Operand zeros; ///< the zero point, where padding adds products
};

} // namespace

std::unique_ptr<ConvolutionWalk>
mlopt::createBlockedBytes(KernelOp kernel, const TargetDescription &target, ModuleOp module,
                          const ConvolutionShape &shape, const IntegerConvolution &plan,
                          bool flat) {
  return std::make_unique<BlockedBytes>(kernel, target, module, shape, plan, flat);
}
