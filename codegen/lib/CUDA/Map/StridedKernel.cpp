//===- StridedKernel.cpp - Kernels whose operands are read by strides -----===//
#include "StridedKernel.h"
#include "mlopt/IR/Layout.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::cuda;

bool StridedRead::isUniform() const {
  return llvm::all_of(strides, [](SymExpr s) { return s.isConstant(0); });
}

bool StridedKernel::isDense(const StridedRead &read) const {
  if (sizes.empty() || !read.offset.isConstant(0))
    return false;
  SymExpr stride = SymExpr::constant(sizes[0].getContext(), 1);
  for (size_t d = sizes.size(); d-- > 0;) {
    if (read.strides[d] != stride)
      return false;
    stride = stride * sizes[d];
  }
  return true;
}

int64_t StridedKernel::countOps() const {
  return llvm::count_if(nodes, [](const StridedNode &n) { return n.op && !n.uniform; });
}

namespace {

/// offset + sum over the walk's dimensions of position * factor.
struct Linear {
  SymExpr offset;
  SmallVector<SymExpr> factors;
  bool operator==(const Linear &o) const { return offset == o.offset && factors == o.factors; }
};
using IndexMap = SmallVector<Linear>;

class Analysis {
public:
  Analysis(KernelOp kernel, ShapeAnalysis &shapes, std::string &reason)
      : kernel(kernel), shapes(shapes), reason(reason), zero(constant(0)), one(constant(1)) {}

  std::optional<StridedKernel> run() {
    auto yield = cast<YieldOp>(kernel.getBody().front().getTerminator());
    SymShape shape = shapes.shapeOf(yield.getValues()[0]);
    unsigned inputs = kernel.getFunctionType().getNumInputs();
    LayoutAttr layout = layoutAt(kernel, inputs);
    for (auto [r, value] : llvm::enumerate(yield.getValues()))
      if (layoutAt(kernel, inputs + r) != layout ||
          ArrayRef<SymExpr>(shapes.shapeOf(value)) != ArrayRef<SymExpr>(shape))
        return refuse("its results lie in memory in different ways");
    IndexMap map;
    if (!walkOf(layout, shape, map))
      return std::nullopt;
    for (Value value : yield.getValues()) {
      int node = visit(value, map);
      if (node < 0)
        return std::nullopt;
      made.results.push_back(node);
    }
    collapse();
    return std::move(made);
  }

private:
  SymExpr constant(int64_t v) { return SymExpr::constant(kernel.getContext(), v); }

  std::nullopt_t refuse(const Twine &why) {
    if (reason.empty())
      reason = why.str();
    return std::nullopt;
  }
  int fail(const Twine &why) {
    refuse(why);
    return -2;
  }

  Linear nothing() { return {zero, SmallVector<SymExpr>(made.sizes.size(), zero)}; }
  void addTo(Linear &sum, const Linear &part, SymExpr factor) {
    sum.offset = sum.offset + part.offset * factor;
    for (auto [s, p] : llvm::zip_equal(sum.factors, part.factors))
      s = s + p * factor;
  }

  /// The dimensions of the walk, and each logical index in them.
  bool walkOf(LayoutAttr layout, ArrayRef<SymExpr> shape, IndexMap &map) {
    SmallVector<PhysicalDim> dims;
    if (layout) {
      if (layout.getPerByte() > 1)
        return refuse("elements of its result share bytes"), false;
      dims = getPhysicalDims(layout);
    } else {
      for (size_t i = 0; i < shape.size(); ++i)
        dims.push_back({static_cast<int64_t>(i), 1, 0});
    }
    SymShape physical = getPhysicalShape(layout, shape);
    if (numElements(kernel.getContext(), physical) != numElements(kernel.getContext(), shape))
      return refuse("the layout of its result has padding"), false;
    SmallVector<size_t> kept;
    for (size_t p = 0; p < dims.size(); ++p)
      if (!physical[p].isConstant(1)) {
        kept.push_back(p);
        made.sizes.push_back(physical[p]);
      }
    map.assign(shape.size(), nothing());
    for (auto [w, p] : llvm::enumerate(kept))
      map[dims[p].dim].factors[w] = constant(dims[p].divisor);
    return true;
  }

  int add(StridedNode node) {
    made.nodes.push_back(std::move(node));
    return made.nodes.size() - 1;
  }

  int read(Value argument, const Linear &address) {
    unsigned operand = cast<BlockArgument>(argument).getArgNumber();
    for (auto [i, n] : llvm::enumerate(made.nodes))
      if (n.read >= 0) {
        const StridedRead &r = made.reads[n.read];
        if (r.operand == operand && r.offset == address.offset && r.strides == address.factors)
          return i;
      }
    StridedRead r{operand, cast<RankedTensorType>(argument.getType()).getElementType(), address.offset,
                  address.factors};
    StridedNode node;
    node.value = argument;
    node.read = made.reads.size();
    node.uniform = r.isUniform();
    made.reads.push_back(std::move(r));
    return add(std::move(node));
  }

  int leaf(BlockArgument argument, const IndexMap &map) {
    LayoutAttr layout = layoutAt(kernel, argument.getArgNumber());
    SymShape shape = shapes.shapeOf(argument);
    if (layout && layout.getPerByte() > 1)
      return fail("elements of an operand share bytes");
    SymShape physical = getPhysicalShape(layout, shape);
    SmallVector<PhysicalDim> dims;
    if (layout)
      dims = getPhysicalDims(layout);
    else
      for (size_t i = 0; i < shape.size(); ++i)
        dims.push_back({static_cast<int64_t>(i), 1, 0});
    Linear address = nothing();
    SymExpr stride = one;
    for (size_t p = dims.size(); p-- > 0;) {
      const PhysicalDim &d = dims[p];
      if (!physical[p].isConstant(1)) {
        bool whole = d.divisor == 1 && (!d.modulus || shape[d.dim].getConstant().value_or(d.modulus + 1) <= d.modulus);
        if (!whole)
          return fail("an operand's layout cuts a dimension into blocks");
        addTo(address, map[d.dim], stride);
      }
      stride = stride * physical[p];
    }
    return read(argument, address);
  }

  /// An operand that broadcasts to `to`, at an index into that.
  std::optional<IndexMap> broadcast(Value operand, ArrayRef<SymExpr> to, const IndexMap &map) {
    SymShape from = shapes.shapeOf(operand);
    IndexMap out;
    for (size_t i = 0; i < from.size(); ++i) {
      size_t j = i + to.size() - from.size();
      if (from[i].isConstant(1))
        out.push_back(nothing());
      else if (from[i] == to[j] || from[i].getConstant())
        out.push_back(map[j]);
      else
        return refuse("it is unknown when compiling whether an operand is broadcast");
    }
    return out;
  }

  int node(Operation *op, Value value, ArrayRef<int> operands) {
    for (auto [i, n] : llvm::enumerate(made.nodes))
      if (n.op == op && ArrayRef<int>(n.operands) == operands)
        return i;
    StridedNode made;
    made.value = value;
    made.op = op;
    made.operands.assign(operands.begin(), operands.end());
    made.uniform = llvm::all_of(operands, [&](int o) { return o < 0 || this->made.nodes[o].uniform; });
    return add(std::move(made));
  }

  /// Number of the node, -1 for `none`, -2 where the value is not of the kind.
  int visit(Value value, const IndexMap &map) {
    if (isa<NoneType>(value.getType()))
      return -1;
    if (!isa<RankedTensorType>(value.getType()))
      return fail("an operand is no tensor");
    if (auto argument = dyn_cast<BlockArgument>(value))
      return leaf(argument, map);
    Operation *op = value.getDefiningOp();
    if (isa<ConstantOp>(op))
      return node(op, value, {});
    if (op->hasTrait<mlopt::OpTrait::Elementwise>() && op->getNumResults() == 1 && !isa<CheckFiniteOp>(op)) {
      SmallVector<int> operands;
      SymShape shape = shapes.shapeOf(value);
      for (Value operand : op->getOperands()) {
        if (isa<NoneType>(operand.getType())) {
          operands.push_back(-1);
          continue;
        }
        std::optional<IndexMap> from = broadcast(operand, shape, map);
        int n = from ? visit(operand, *from) : -2;
        if (n == -2)
          return -2;
        operands.push_back(n);
      }
      return node(op, value, operands);
    }
    if (auto o = dyn_cast<BroadcastOp>(op)) {
      std::optional<IndexMap> from = broadcast(o.getInput(), shapes.shapeOf(value), map);
      return from ? visit(o.getInput(), *from) : -2;
    }
    if (auto o = dyn_cast<RelayoutOp>(op))
      return visit(o.getInput(), map);
    if (auto o = dyn_cast<TransposeOp>(op)) {
      IndexMap from(map.size());
      for (auto [i, axis] : llvm::enumerate(o.getPermutation()))
        from[axis] = map[i];
      return visit(o.getInput(), from);
    }
    if (auto o = dyn_cast<SliceOp>(op)) {
      IndexMap from;
      unsigned next = 0;
      for (auto [at, start, stride] : llvm::zip_equal(map, o.getStaticStarts(), o.getStrides())) {
        Linear moved = nothing();
        addTo(moved, at, constant(stride));
        moved.offset = moved.offset +
                       (ShapedType::isDynamic(start) ? shapes.sizeOf(o.getStarts()[next++]) : constant(start));
        from.push_back(std::move(moved));
      }
      return visit(o.getInput(), from);
    }
    if (isa<ReshapeOp>(op)) {
      Linear flat = nothing();
      SymShape shape = shapes.shapeOf(value);
      SymExpr stride = one;
      for (size_t i = shape.size(); i-- > 0; stride = stride * shape[i])
        addTo(flat, map[i], stride);
      return visitFlat(value, flat);
    }
    return fail("'" + op->getName().getStringRef() + "' reads its operands in other ways than by strides");
  }

  /// The same for an element by its row-major number.
  int visitFlat(Value value, const Linear &flat) {
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      if (layoutAt(kernel, argument.getArgNumber()))
        return fail("an operand with a layout is reshaped");
      return read(argument, flat);
    }
    Operation *op = value.getDefiningOp();
    if (isa<ConstantOp>(op))
      return node(op, value, {});
    if (auto o = dyn_cast<ReshapeOp>(op))
      return visitFlat(o.getInput(), flat);
    if (!op->hasTrait<mlopt::OpTrait::Elementwise>() || op->getNumResults() != 1 || isa<CheckFiniteOp>(op))
      return fail("what is reshaped is not read in the order of memory");
    SmallVector<int> operands;
    SymShape shape = shapes.shapeOf(value);
    for (Value operand : op->getOperands()) {
      if (isa<NoneType>(operand.getType())) {
        operands.push_back(-1);
        continue;
      }
      SymShape from = shapes.shapeOf(operand);
      int n;
      if (llvm::all_of(from, [](SymExpr s) { return s.isConstant(1); }))
        n = visitFlat(operand, nothing());
      else if (ArrayRef<SymExpr>(from) == ArrayRef<SymExpr>(shape))
        n = visitFlat(operand, flat);
      else
        n = fail("a broadcast value is reshaped");
      if (n == -2)
        return -2;
      operands.push_back(n);
    }
    return node(op, value, operands);
  }

  /// Makes one of neighbouring dimensions along which all reads go on as the result does.
  void collapse() {
    for (size_t d = made.sizes.size(); d-- > 1;) {
      size_t outer = d - 1;
      bool together = llvm::all_of(made.reads, [&](const StridedRead &r) {
        return r.strides[outer] == r.strides[d] * made.sizes[d];
      });
      if (!together)
        continue;
      made.sizes[outer] = made.sizes[outer] * made.sizes[d];
      made.sizes.erase(made.sizes.begin() + d);
      for (StridedRead &r : made.reads) {
        r.strides[outer] = r.strides[d];
        r.strides.erase(r.strides.begin() + d);
      }
    }
  }

  KernelOp kernel;
  ShapeAnalysis &shapes;
  std::string &reason;
  SymExpr zero, one;
  StridedKernel made;
};

} // namespace

std::optional<StridedKernel> cuda::analyzeStrided(KernelOp kernel, ShapeAnalysis &shapes, std::string &reason) {
  return Analysis(kernel, shapes, reason).run();
}
