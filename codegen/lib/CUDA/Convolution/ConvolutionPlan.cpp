//===- ConvolutionPlan.cpp - How a GPU computes a convolution -------------===//
#include "ConvolutionPlan.h"
#include "Generic/ElementAt.h"

using namespace mlir;
using namespace mlopt;

using Form = GpuConvolutionForm;

static ArrayRef<int64_t> filterSizes(ConvOp op) {
  return cast<RankedTensorType>(op.getFilter().getType()).getShape();
}

std::optional<Form> mlopt::gpuConvolutionForm(ConvOp op, bool packable) {
  auto in = cast<RankedTensorType>(op.getInput().getType()),
       filter = cast<RankedTensorType>(op.getFilter().getType());
  Type element = in.getElementType();
  if (!(element.isF32() || element.isF16() || element.isBF16()) || in.getRank() > 5 ||
      !filter.hasStaticShape() || filter.getNumElements() == 0)
    return std::nullopt;
  int64_t groups = op.getGroups(), outputs = filter.getDimSize(0), inputs = filter.getDimSize(1);
  if (!packable)
    return Form::Gathered;
  if (groups > 1 && inputs == 1 && outputs == groups)
    return Form::Depthwise;
  return (groups == 1 ? inputs >= 8 : inputs % 8 == 0) ? Form::Staged : Form::Gathered;
}

LayoutWish mlopt::gpuConvolutionLayouts(ConvOp op, Form form) {
  MLIRContext *context = op.getContext();
  ArrayRef<int64_t> filter = filterSizes(op);
  unsigned rank = filter.size();
  int64_t channels = filter[1] * op.getGroups();
  LayoutWish wish;
  wish.result = getChannelsLastLayout(context, rank, filter[0]);
  LayoutAttr input = getChannelsLastLayout(context, rank, channels), weights;
  // Images of a few channels come and stay as they are.
  if (form == Form::Gathered && channels < 8)
    input = {};
  if (form == Form::Staged)
    weights = getFilterRowsLayout(context, rank, filter[1]);
  else if (form == Form::Depthwise)
    weights = getDepthwiseFilterLayout(context, rank, llvm::alignTo(filter[0], 8));
  wish.operands = {input, weights, LayoutAttr()};
  return wish;
}

/// A number for a size: one sample, and images of 224 pixels a side where a symbol says how large.
static int64_t estimate(SymExpr size, SymExpr batch) {
  std::optional<int64_t> v = size.evaluate([&](StringRef name) -> std::optional<int64_t> {
    bool inBatch = false;
    batch.forEachSymbol([&](StringRef other) { inBatch |= other == name; });
    return inBatch ? 1 : 224;
  });
  return std::max<int64_t>(1, v.value_or(1));
}

static TileMath mathOf(Type element, const TargetDescription &target) {
  if (!element.isF32())
    return TileMath::Half;
  return target.tf32 ? TileMath::Tf32 : TileMath::Fma;
}

bool ConvolutionPlan::tapsAreBits() const {
  int64_t bits = 0;
  for (const ConvolutionAxis &axis : shape.axes)
    bits += axis.isPadded() ? axis.kernel : 0;
  return bits <= 30;
}

OperandSpec ConvolutionPlan::spec(int64_t extent) const {
  OperandSpec s;
  s.math = tile.math;
  s.extent = extent;
  s.depth = tile.k;
  s.keepsRows = true;
  return s;
}

/// Tiles for elements that pass through registers: a thread fills one row, so that what it gathers
/// are constant taps, and the next step's elements wait in its registers.
static SmallVector<ContractionTile> gatheredTiles(TileMath math) {
  SmallVector<ContractionTile> tiles;
  auto add = [&](int64_t m, int64_t n, int64_t warpsM, int64_t warpsN) {
    ContractionTile t;
    t.math = math;
    t.m = m, t.n = n, t.k = 16;
    t.warpsM = warpsM, t.warpsN = warpsN, t.stages = 2;
    tiles.push_back(t);
  };
  add(128, 64, math == TileMath::Fma ? 4 : 2, math == TileMath::Fma ? 1 : 2);
  add(128, 32, 4, 1);
  add(64, 64, math == TileMath::Fma ? 2 : 1, math == TileMath::Fma ? 1 : 2);
  add(64, 32, 2, 1);
  return tiles;
}

/// Those of matrix products, and narrow ones: groups and early layers have few channels.
static SmallVector<ContractionTile> stagedTiles(TileMath math) {
  SmallVector<ContractionTile> tiles = contractionTiles(math, /*byElements=*/false);
  for (int64_t warps : {4, 2}) {
    ContractionTile t;
    t.math = math;
    t.m = 32 * warps, t.n = 32, t.k = 64 / t.elementBytes();
    t.warpsM = warps, t.warpsN = 1, t.stages = 4;
    if (math == TileMath::Fma)
      tiles.push_back(t);
  }
  return tiles;
}

void ConvolutionPlan::chooseTile(const TargetDescription &target) {
  const GpuDescription &gpu = *target.gpu;
  ContractionProblem problem;
  problem.math = mathOf(element, target);
  problem.m = estimate(pixels, shape.out[0]);
  problem.n = groupOutputs;
  problem.k = depth;
  problem.items = shape.groups;
  problem.byElements = form == Form::Gathered;
  double best = 0;
  for (ContractionTile t :
       problem.byElements ? gatheredTiles(problem.math) : stagedTiles(problem.math)) {
    // Threads copy whole passes over the rows of both tiles.
    int64_t rowsInPass = t.threads() * 16 / (t.k * t.elementBytes());
    if (t.lanesM != 4 || t.m % rowsInPass || t.n % rowsInPass || t.warpN() % 32 ||
        t.sharedBytes() > gpu.sharedBytes)
      continue;
    for (int64_t splits : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32}) {
      // A part has work for all its stages. Vectors of sums begin at whole vectors of channels.
      if (splits > 1 && (form != Form::Staged || !wholeVectors() ||
                         static_cast<int64_t>(llvm::divideCeil(depth, t.k)) < splits * t.stages))
        break;
      t.splits = splits;
      double ns = contractionTime(t, problem, gpu);
      if (!best || ns < best * 0.999) {
        best = ns;
        tile = t;
      }
    }
  }
  tile.blocksPerProcessor =
      std::min(tile.occupancy(gpu), gpu.registers / (tile.threads() * registers()));
  tile.blocksPerProcessor = std::max<int64_t>(1, tile.blocksPerProcessor);
}

/// Registers that a thread needs, about; no more blocks are asked for than these let in.
int64_t ConvolutionPlan::registers() const {
  // A piece of each row and column, or the fragments of a step.
  int64_t fragments = tile.math == TileMath::Fma
                          ? 4 * (tile.warpM() / tile.lanesM + tile.warpN() / tile.lanesN)
                          : tile.warpM() / 4 + tile.warpN() / 4;
  int64_t rowsInPass = std::max<int64_t>(1, tile.threads() / pieces());
  int64_t places = form == Form::Staged ? 6 * (tile.m / rowsInPass) + 3 * (tile.n / rowsInPass)
                                        : 3 * pieces() * pieceElements() + 24;
  return llvm::alignTo(tile.accumulators() + fragments + places + 40, 8);
}

ConvolutionPlan::ConvolutionPlan(KernelOp kernel, const TargetDescription &target,
                                 ShapeAnalysis &shapes, bool isScheduled)
    : op(cast<ConvOp>(kernel.getHeroOp())), shape(ConvolutionShape::of(op, shapes)),
      element(cast<RankedTensorType>(op.getInput().getType()).getElementType()) {
  unsigned filter = cast<BlockArgument>(op.getFilter()).getArgNumber();
  channelsLast = bool(layoutAt(kernel, cast<BlockArgument>(op.getInput()).getArgNumber()));
  form = *gpuConvolutionForm(op, bool(layoutAt(kernel, filter)));
  groupInputs = shape.inputsOfGroup();
  groupOutputs = shape.outputs() / shape.groups;
  inputStride = llvm::alignTo(groupInputs * shape.groups, 8);
  outputStride = llvm::alignTo(shape.outputs(), 8);
  pixels = shape.out[0];
  for (const ConvolutionAxis &axis : shape.axes)
    pixels = pixels * axis.out;
  DictionaryAttr params = isScheduled ? kernel.getScheduleAttr().getParams() : DictionaryAttr();
  if (form == Form::Depthwise) {
    lanes = 16 / getElementBytes(element);
    const ConvolutionAxis &column = shape.axes[ConvolutionShape::Column];
    std::optional<int64_t> width = column.out.getConstant();
    // A window of columns is read once for all of them; small images want more threads instead.
    columns = lanes == 8 ? 2 : 4;
    if (estimate(pixels, shape.out[0]) * outputStride / (lanes * columns) <
        target.gpu->processors * 256)
      columns = lanes == 8 ? 1 : 2;
    if (width)
      columns = std::min(columns, std::max<int64_t>(1, *width));
    if (params)
      columns = params.getAs<IntegerAttr>("columns").getInt();
    return;
  }
  tapDepth = llvm::alignTo(groupInputs, 8);
  depth = shape.taps() * (form == Form::Staged ? tapDepth : groupInputs);
  if (params)
    tile = ContractionTile::parse(params);
  else
    chooseTile(target);
}

SmallVector<GpuLaunch> ConvolutionPlan::launches() const {
  MLIRContext *context = op.getContext();
  auto c = [&](int64_t v) { return SymExpr::constant(context, v); };
  if (form == Form::Depthwise) {
    SymExpr wide = shape.axes[ConvolutionShape::Column].out.ceilDiv(columns);
    SymExpr units = shape.out[0] * shape.axes[ConvolutionShape::Depth].out *
                    shape.axes[ConvolutionShape::Row].out * wide * (outputStride / lanes);
    return {makeGpuLaunch(units.ceilDiv(128), 128)};
  }
  int64_t tables = form == Form::Gathered ? 2 * tile.k * tapBytes() : 0;
  GpuLaunch product =
      makeGpuLaunch(pixels.ceilDiv(tile.m), tile.threads(), tile.sharedBytes() + tables);
  product.grid[1] = c(columnTiles() * shape.groups);
  product.grid[2] = c(tile.splits);
  if (tile.splits == 1)
    return {product};
  return {product, makeGpuLaunch((pixels * (outputStride / 4)).ceilDiv(128), 128)};
}

SymExpr ConvolutionPlan::scratchBytes() const {
  if (form == Form::Depthwise || tile.splits == 1)
    return SymExpr::constant(op.getContext(), 0);
  return pixels * (tile.splits * outputStride * 4);
}
