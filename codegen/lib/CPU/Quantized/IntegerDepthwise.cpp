//===- IntegerDepthwise.cpp - One filter of bytes per channel -------------===//
//
// Sums of 16 channels (or as many as fit) lie in one vector. Neighbouring
// pixels of a block are contiguous: four of them, 64 bytes, become groups of four
// bytes of one channel by one permutation, so that `vpdpbusd` adds up to four
// kernel columns at a time. Elsewhere every pixel is widened once and serves all
// kernel columns that meet it.
//
//===----------------------------------------------------------------------===//
#include "IntegerConvolutionBody.h"
#include <map>

using namespace mlir;
using namespace mlopt;

namespace {

/// Pixels in one product.
constexpr int64_t window = 4;

class DepthwiseWindows : public IntegerConvolutionBody {
public:
  DepthwiseWindows(KernelOp kernel, const TargetDescription &target, ModuleOp module,
                   const ConvolutionShape &shape, const IntegerConvolution &plan, bool flat)
      : IntegerConvolutionBody(kernel, target, module, shape, plan, flat,
                               IntegerType::get(module.getContext(), 32)),
        dot(k, tile.lanes) {
    for (int64_t lane = 0; lane < channelBlock; ++lane)
      for (int64_t pixel = 0; pixel < window; ++pixel)
        byChannel.push_back(pixel * channelBlock + lane);
  }

private:
  void prepare() override {
    IntegerConvolutionBody::prepare();
    Type bytes = k.vectorOf(byte, window * channelBlock);
    outside = zeroPoint ? k.splat(zeroPoint, window * channelBlock)
                        : arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(bytes));
  }

  Value masked(Value ptr, Value offset, Value mask) {
    return LLVM::MaskedLoadOp::create(k.b, k.loc, k.vectorOf(byte, window * channelBlock),
                                      k.elementPtr(ptr, offset, byte), mask, outside,
                                      k.b.getI32IntegerAttr(1));
  }

  /// The window at `offset` whose pixels [first, last) lie in the row.
  Value load(Value ptr, Value offset, int64_t first, int64_t last) {
    if (first == 0 && last == window)
      return k.load(ptr, offset, byte, window * channelBlock);
    SmallVector<bool> inside;
    for (int64_t i = 0; i < window * channelBlock; ++i)
      inside.push_back(first * channelBlock <= i && i < last * channelBlock);
    auto type = VectorType::get({window * channelBlock}, k.b.getI1Type());
    return masked(ptr, offset,
                  arith::ConstantOp::create(k.b, k.loc,
                                            DenseElementsAttr::get(type, ArrayRef<bool>(inside))));
  }

  /// The window at column `position` of a row of `width` columns; both may be anything.
  Value load(Value ptr, Value offset, Value position, Value width) {
    Value zero = k.index(0), four = k.index(window), ones = k.index(-1);
    auto clamp = [&](Value v) { return k.max(zero, k.min(v, four)); };
    auto shift = [&](Value v, Value pixels) -> Value {
      return arith::ShLIOp::create(k.b, k.loc, v, k.mul(pixels, channelBlock));
    };
    auto is4 = [&](Value v) -> Value {
      return arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, v, four);
    };
    Value first = clamp(k.sub(zero, position)), last = clamp(k.sub(width, position));
    // A shift by all 64 bits is not defined.
    Value below = arith::SelectOp::create(k.b, k.loc, is4(last), ones,
                                          k.sub(shift(k.index(1), last), k.index(1)));
    Value above = arith::SelectOp::create(k.b, k.loc, is4(first), zero, shift(ones, first));
    Value bits = arith::AndIOp::create(k.b, k.loc, below, above);
    auto type = VectorType::get({window * channelBlock}, k.b.getI1Type());
    return masked(ptr, offset, LLVM::BitcastOp::create(k.b, k.loc, type, bits));
  }

  /// Of one row of the kernel, a vector for each window.
  struct Weights {
    SmallVector<ByteDot::Operand> plain, moved;
  };

  /// Whether a window has room for one column more: a neighbour then takes the same
  /// windows, with its weights moved up by one byte.
  bool hasPairs() const {
    const ConvolutionAxis &axis = shape.axes[shape.Column];
    return axis.stride == 1 && axis.kernel % window == window - 1;
  }

  Weights weightsOf(Value offset, bool pairs) {
    Weights all;
    Type words = k.vectorOf(k.b.getI32Type(), channelBlock);
    auto by = [&](int64_t bits) {
      return k.splat(arith::ConstantOp::create(k.b, k.loc, k.b.getI32IntegerAttr(bits)),
                     channelBlock);
    };
    Value before;
    for (int64_t j = 0; j < memory.columnsRead / window; ++j) {
      Value here = LLVM::BitcastOp::create(
          k.b, k.loc, words,
          k.load(w, k.add(offset, j * window * channelBlock), byte, window * channelBlock));
      all.plain.push_back(dot.signedBytes(here));
      if (!pairs)
        continue;
      Value up = arith::ShLIOp::create(k.b, k.loc, here, by(8));
      if (before)
        up = arith::OrIOp::create(k.b, k.loc, up,
                                  arith::ShRUIOp::create(k.b, k.loc, before, by(24)));
      all.moved.push_back(dot.signedBytes(up));
      before = here;
    }
    return all;
  }

  SmallVector<Value> addRow(const Place &place, const KernelRow &row, ValueRange sums) override {
    const ConvolutionAxis &axis = shape.axes[shape.Column];
    int64_t windows = memory.columnsRead / window;
    SmallVector<Value> all(sums);
    // Without a neighbour there is nothing to share.
    bool pairs = hasPairs() && place.columns > 1;
    Weights weights = weightsOf(row.weights, pairs);
    // What is multiplied with the window at a pixel.
    struct Use {
      int64_t column, part;
      bool isMoved;
    };
    std::map<int64_t, SmallVector<Use>> uses;
    for (int64_t c = 0; c < place.columns; ++c)
      for (int64_t j = 0; j < windows; ++j) {
        bool isMoved = pairs && c % 2;
        uses[(c - isMoved) * axis.stride + j * window].push_back({c, j, isMoved});
      }
    for (auto &[pixel, here] : uses) {
      Value offset = k.add(row.offset, pixel * memory.pixel), bytes;
      if (place.width) {
        bytes = load(row.ptr, offset, k.add(place.left, pixel), place.width);
      } else {
        int64_t first = window, last = 0, c = here[0].column - here[0].isMoved;
        for (int64_t i = 0; i < window; ++i)
          if (meets(place, c, here[0].part * window + i)) {
            first = std::min(first, i);
            last = i + 1;
          }
        if (first < last)
          bytes = load(row.ptr, offset, first, last);
        else if (zeroPoint)
          bytes = outside;
        else
          continue;
      }
      ByteDot::Operand x =
          dot.unsignedBytes(vector::ShuffleOp::create(k.b, k.loc, bytes, bytes, byChannel));
      for (Use use : here)
        all[use.column] =
            dot.dot(all[use.column], x, (use.isMoved ? weights.moved : weights.plain)[use.part]);
    }
    return all;
  }

  ByteDot dot;
  SmallVector<int64_t> byChannel; ///< [pixel][channel] to [channel][pixel]
  Value outside;                  ///< a window of padding
};

class DepthwiseWidened : public IntegerConvolutionBody {
public:
  DepthwiseWidened(KernelOp kernel, const TargetDescription &target, ModuleOp module,
                   const ConvolutionShape &shape, const IntegerConvolution &plan, bool flat)
      : IntegerConvolutionBody(kernel, target, module, shape, plan, flat,
                               plan.depthwise == IntegerConvolution::Depthwise::Floats
                                   ? Type(Float32Type::get(module.getContext()))
                                   : Type(IntegerType::get(module.getContext(), 32))) {}

private:
  /// Bytes in the type of the sums.
  Value widened(Value bytes, bool isUnsigned) {
    Type words = k.vectorOf(k.b.getI32Type(), tile.lanes);
    Value v = isUnsigned ? arith::ExtUIOp::create(k.b, k.loc, words, bytes).getResult()
                         : arith::ExtSIOp::create(k.b, k.loc, words, bytes).getResult();
    return sum.isF32()
               ? arith::SIToFPOp::create(k.b, k.loc, k.vectorOf(sum, tile.lanes), v).getResult()
               : v;
  }

  Value multiply(Value x, Value y, Value to) {
    if (sum.isF32())
      return m.fma(x, y, to);
    return arith::AddIOp::create(k.b, k.loc, to, arith::MulIOp::create(k.b, k.loc, x, y));
  }

  void prepare() override {
    IntegerConvolutionBody::prepare();
    if (zeroPoint)
      zeros = widened(k.splat(zeroPoint, tile.lanes), true);
  }

  Value total(Value v) override {
    if (!sum.isF32())
      return v;
    return arith::FPToSIOp::create(k.b, k.loc,
                                   ScalarBuilder::withElement(v.getType(), k.b.getI32Type()), v);
  }

  SmallVector<Value> addRow(const Place &place, const KernelRow &row, ValueRange sums) override {
    const ConvolutionAxis &axis = shape.axes[shape.Column];
    Value lane = k.rem(channel, k.index(channelBlock));
    SmallVector<Value> all(sums), weights;
    for (int64_t j = 0; j < axis.kernel; ++j)
      weights.push_back(
          widened(k.load(w, k.add(row.weights, j * channelBlock), byte, tile.lanes), false));
    auto pixel = [&](Value ptr, Value offset) {
      return widened(k.load(ptr, k.add(offset, lane), byte, tile.lanes), true);
    };
    if (place.width) {
      for (int64_t j = 0; j < axis.kernel; ++j)
        all = atColumn(place, row, j, all, [&](Value ptr, Value offset, ValueRange s) {
          return SmallVector<Value>{multiply(pixel(ptr, offset), weights[j], s[0])};
        });
      return all;
    }
    // Output and kernel columns that meet at a pixel.
    std::map<int64_t, SmallVector<std::pair<int64_t, int64_t>>> uses;
    for (int64_t c = 0; c < place.columns; ++c)
      for (int64_t j = 0; j < axis.kernel; ++j)
        uses[c * axis.stride + j * axis.dilation].push_back({c, j});
    for (auto &[at, here] : uses) {
      bool inside = meets(place, here[0].first, here[0].second);
      if (!inside && !zeroPoint)
        continue;
      Value v = inside ? pixel(row.ptr, k.add(row.offset, at * memory.pixel)) : zeros;
      for (auto [c, j] : here)
        all[c] = multiply(v, weights[j], all[c]);
    }
    return all;
  }

  Value zeros;
};

} // namespace

std::unique_ptr<ConvolutionWalk>
mlopt::createDepthwiseBytes(KernelOp kernel, const TargetDescription &target, ModuleOp module,
                            const ConvolutionShape &shape, const IntegerConvolution &plan,
                            bool flat) {
  if (plan.depthwise == IntegerConvolution::Depthwise::Windows)
    return std::make_unique<DepthwiseWindows>(kernel, target, module, shape, plan, flat);
  return std::make_unique<DepthwiseWidened>(kernel, target, module, shape, plan, flat);
}
