//===- MicroKernel.cpp - Tiles of accumulators ----------------------------===//
#include "MicroKernel.h"
#include "mlopt/Codegen/ScalarTable.h"

using namespace mlir;
using namespace mlopt;

//===----------------------------------------------------------------------===//
// Functions inside the object
//===----------------------------------------------------------------------===//

static Attribute constantOf(Value v) {
  auto constant = v.getDefiningOp<arith::ConstantOp>();
  return constant ? constant.getValue() : Attribute();
}

void MicroKernel::outlined(StringRef key, ArrayRef<Value> values,
                           llvm::function_ref<void(ArrayRef<Value>)> body, size_t lastAreArguments) {
  SmallVector<Value> arguments;
  std::string name = key.str();
  llvm::raw_string_ostream os(name);
  auto constantAt = [&](size_t i) { return i + lastAreArguments < values.size() ? constantOf(values[i]) : Attribute(); };
  for (auto [i, v] : llvm::enumerate(values)) {
    if (Attribute constant = constantAt(i)) {
      os << '|' << constant;
      continue;
    }
    // Equal values are one argument.
    auto known = llvm::find(arguments, v);
    os << "|%" << known - arguments.begin();
    if (known == arguments.end())
      arguments.push_back(v);
  }
  LLVM::LLVMFuncOp &function = functions[name];
  if (!function) {
    OpBuilder::InsertionGuard guard(k.b);
    k.b.setInsertionPoint(k.function);
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(k.b.getContext()),
                                            llvm::to_vector(ValueRange(arguments).getTypes()));
    // A kernel may have several tile shapes, each an object of this class.
    auto module = k.function->getParentOfType<ModuleOp>();
    std::string symbol;
    for (size_t number = functions.size(); symbol.empty() || module.lookupSymbol(symbol); ++number)
      symbol = (k.function.getSymName() + "." + key + "." + Twine(number)).str();
    function = LLVM::LLVMFuncOp::create(k.b, k.loc, symbol, type, LLVM::Linkage::Internal);
    function.setPassthroughAttr(k.function.getPassthroughAttr());
    k.b.setInsertionPointToStart(function.addEntryBlock(k.b));
    SmallVector<Value> inside;
    for (auto [i, v] : llvm::enumerate(values)) {
      if (Attribute constant = constantAt(i))
        inside.push_back(arith::ConstantOp::create(k.b, k.loc, cast<TypedAttr>(constant)));
      else
        inside.push_back(function.getArgument(llvm::find(arguments, v) - arguments.begin()));
    }
    body(inside);
    LLVM::ReturnOp::create(k.b, k.loc, ValueRange{});
  }
  LLVM::CallOp::create(k.b, k.loc, function, arguments);
}

static std::string keyOf(StringRef what, Type element) {
  std::string key = what.str();
  llvm::raw_string_ostream(key) << '_' << element;
  return key;
}

Value MicroKernel::load(Type element, Value ptr, Value offset, int64_t lanes, Value count) {
  Type storage = storageType(element);
  return fromStorage(m, count ? k.loadMasked(ptr, offset, storage, lanes, count) : k.load(ptr, offset, storage, lanes),
                     element);
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

void MicroKernel::tile(int64_t height, const LeftMatrix &a, const RightColumns &b, Value begin, Value end, Value out,
                       Value outStride, bool add) {
  std::string key = (add ? "add" : "tile") + std::to_string(height);
  for (int64_t offset : b.offset)
    key += "_" + std::to_string(offset);
  SmallVector<Value> values = {a.ptr, a.rowStride, a.stepStride, b.stepStride, begin, end};
  values.append(b.ptr);
  values.append(b.limit);
  if (a.rowBytes)
    values.push_back(a.rowBytes);
  values.append({out, outStride});
  // Prefetching is the same at every call of a kernel. The stride of the output
  // is an argument even where it is known: one function serves several outputs.
  outlined(key, values, [&](ArrayRef<Value> v) {
    LeftMatrix left{v[0], v[1], v[2], a.rowBytes ? v[v.size() - 3] : Value()};
    RightColumns right = b;
    right.stepStride = v[3];
    ArrayRef<Value> columns = v.drop_front(6);
    right.ptr.assign(columns.begin(), columns.begin() + b.ptr.size());
    right.limit.assign(columns.begin() + b.ptr.size(), columns.begin() + b.ptr.size() + b.limit.size());
    Value to = v[v.size() - 2], stride = v.back();
    Type type = k.vectorOf(sum, blocking.lanes);
    SmallVector<Value> acc(height * blocking.vectors, arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type)));
    acc = accumulate(height, left, right, v[4], v[5], acc);
    // Added at the end: no chain of sums is longer than these steps.
    if (add)
      for (auto [value, before] : llvm::zip_equal(acc, loadTile(height, to, stride)))
        value = sum.isInteger() ? Value(arith::AddIOp::create(k.b, k.loc, before, value)) : m.add(before, value);
    storeTile(acc, to, stride);
  }, /*lastAreArguments=*/2);
}

MicroKernel::Factor MicroKernel::leftFactor(const LeftMatrix &a, Value along, int64_t row, bool) {
  // The offset is formed here, not before the loop: with a known stride it
  // is part of the instruction, and one register serves all rows.
  return {k.splat(k.load(a.ptr, k.add(along, k.mul(a.rowStride, row)), sum), blocking.lanes)};
}

MicroKernel::Factor MicroKernel::rightFactor(const RightColumns &b, Value ptr, Value offset, Value count) {
  return {load(b.element, ptr, offset, blocking.lanes, count)};
}

Value MicroKernel::multiply(const Factor &x, const Factor &weights, Value sum) {
  return m.fma(x.front(), weights.front(), sum);
}

SmallVector<Value> MicroKernel::accumulate(int64_t height, const LeftMatrix &a, const RightColumns &b, Value begin,
                                           Value end, ArrayRef<Value> acc) {
  int64_t bytes = getElementBytes(b.element);
  auto step = [&](Value at, SmallVectorImpl<Value> &sums, bool last) {
    Value depth = k.mul(at, b.stepStride), along = k.mul(at, a.stepStride);
    SmallVector<Factor> weights;
    for (int64_t v = 0; v < blocking.vectors; ++v) {
      Value offset = k.add(depth, b.offset[v]);
      weights.push_back(rightFactor(b, b.ptr[v], offset, b.limit.empty() ? Value() : b.limit[v]));
      // One prefetch for each cache line of the panel.
      if (b.prefetchBytes && b.offset[v] * bytes % k.target.cacheLineBytes == 0)
        k.prefetch(b.ptr[v], k.add(k.mul(offset, bytes), b.prefetchBytes));
    }
    for (int64_t row = 0; row < height; ++row) {
      Factor x = leftFactor(a, along, row, last);
      for (int64_t v = 0; v < blocking.vectors; ++v) {
        Value &sum = sums[row * blocking.vectors + v];
        sum = multiply(x, weights[v], sum);
      }
    }
  };
  SmallVector<Value> sums(acc);
  auto steps = [&](Value from, Value to, int64_t unroll, bool last) {
    sums = k.forLoop(from, to, unroll, sums, [&](Value at, ValueRange carried) {
      SmallVector<Value> next(carried);
      for (int64_t u = 0; u < unroll; ++u)
        step(k.add(at, u), next, last);
      return next;
    });
  };
  Value from = begin, whole = a.rowBytes ? k.min(end, k.floorDiv(a.rowBytes, k.index(4))) : end;
  if (blocking.unroll > 1) {
    Value rounds = k.floorDiv(k.sub(whole, begin), k.index(blocking.unroll));
    Value to = k.add(begin, k.mul(rounds, blocking.unroll));
    steps(from, to, blocking.unroll, /*last=*/false);
    from = to;
  }
  steps(from, whole, 1, /*last=*/false);
  if (a.rowBytes)
    steps(whole, end, 1, /*last=*/true);
  return sums;
}

SmallVector<Value> MicroKernel::loadTile(int64_t height, Value ptr, Value stride) {
  SmallVector<Value> acc;
  for (int64_t row = 0; row < height; ++row)
    for (int64_t v = 0; v < blocking.vectors; ++v)
      acc.push_back(k.load(ptr, k.add(k.mul(stride, row), v * blocking.lanes), sum, blocking.lanes));
  return acc;
}

void MicroKernel::storeTile(ArrayRef<Value> acc, Value ptr, Value stride) {
  for (auto [i, value] : llvm::enumerate(acc)) {
    int64_t row = i / blocking.vectors, v = i % blocking.vectors;
    k.store(value, ptr, k.add(k.mul(stride, row), v * blocking.lanes));
  }
}

//===----------------------------------------------------------------------===//
// Tiles of rows
//===----------------------------------------------------------------------===//

void MicroKernel::overTiles(Value begin, Value end, ArrayRef<int64_t> heights,
                            llvm::function_ref<void(Value, int64_t)> tile) {
  if (heights.empty())
    return;
  Value rows = k.sub(end, begin);
  Value tiles = k.floorDiv(k.add(rows, blocking.rows - 1), k.index(blocking.rows));
  Value divisor = k.max(tiles, k.index(1));
  Value low = k.floorDiv(rows, divisor), higher = k.rem(rows, divisor);
  k.forLoop(k.index(0), tiles, 1, [&](Value t) {
    // The first `higher` tiles have one row more.
    Value first = k.add(begin, k.add(k.mul(t, low), k.min(t, higher)));
    if (heights.size() == 1)
      return tile(first, heights.front());
    Value taller = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::slt, t, higher);
    Value height = arith::SelectOp::create(k.b, k.loc, taller, k.add(low, 1), low);
    Value which = arith::IndexCastOp::create(k.b, k.loc, k.b.getIndexType(), height);
    ArrayRef<int64_t> cases = heights.drop_back();
    auto branch = scf::IndexSwitchOp::create(k.b, k.loc, TypeRange{}, which, cases, cases.size());
    OpBuilder::InsertionGuard guard(k.b);
    for (size_t i = 0; i < heights.size(); ++i) {
      Region &region = i < cases.size() ? branch.getCaseRegions()[i] : branch.getDefaultRegion();
      k.b.setInsertionPointToStart(&region.emplaceBlock());
      tile(first, heights[i]);
      scf::YieldOp::create(k.b, k.loc);
    }
  });
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

void MicroKernel::packPanel(Type element, Value from, Value steps, Value columns, bool allColumns, Value stepStride,
                            Value columnStride, bool columnsContiguous, Value to, int64_t width) {
  outlined(keyOf(columnsContiguous ? "pack" : "turn", element), {from, steps, columns, stepStride, columnStride, to}, [&](ArrayRef<Value> v) {
    auto full = [&] {
      if (columnsContiguous)
        packContiguous(element, v[0], v[1], v[2], true, v[3], v[5], width);
      else
        packTransposed(element, v[0], v[1], {}, v[4], v[5], width);
    };
    if (allColumns)
      return full();
    Value complete = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, v[2], k.index(width));
    k.ifThen(complete, full, [&] {
      if (!columnsContiguous)
        packTransposed(element, v[0], v[1], v[2], v[4], v[5], width);
      else if (k.target.hasMasks)
        packContiguous(element, v[0], v[1], v[2], false, v[3], v[5], width);
      else
        packScalar(element, v[0], v[1], v[2], v[3], v[4], v[5], width);
    });
  });
}

void MicroKernel::packContiguous(Type element, Value from, Value steps, Value columns, bool all, Value stepStride, Value to,
                                 int64_t width) {
  int64_t lanes = blocking.lanes;
  k.forLoop(k.index(0), steps, 1, [&](Value step) {
    for (int64_t c = 0; c < width; c += lanes) {
      Value source = k.add(k.mul(step, stepStride), c);
      Value count = all ? Value() : k.max(k.index(0), k.min(k.sub(columns, k.index(c)), k.index(lanes)));
      k.store(load(element, from, source, lanes, count), to, k.add(k.mul(step, width), c));
    }
  });
}

/// Rows of a square become its columns, by perfect shuffles: interleaving rows
/// i and i + n/2 of each stage log2(n) times.
SmallVector<Value> MicroKernel::transpose(SmallVector<Value> rows) {
  int64_t n = rows.size();
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < n / 2; ++i) {
    low.append({i, n + i});
    high.append({n / 2 + i, n + n / 2 + i});
  }
  for (int64_t stage = 1; stage < n; stage *= 2) {
    SmallVector<Value> next(n);
    for (int64_t i = 0; i < n / 2; ++i) {
      next[2 * i] = vector::ShuffleOp::create(k.b, k.loc, rows[i], rows[i + n / 2], low);
      next[2 * i + 1] = vector::ShuffleOp::create(k.b, k.loc, rows[i], rows[i + n / 2], high);
    }
    rows = next;
  }
  return rows;
}

void MicroKernel::packTransposed(Type element, Value from, Value steps, Value columns, Value columnStride, Value to,
                                 int64_t width) {
  int64_t lanes = blocking.lanes;
  // Columns past the last one repeat it: nobody stores what they add up to.
  auto existing = [&](Value c) { return columns ? k.min(c, k.sub(columns, k.index(1))) : c; };
  Value whole = k.mul(k.floorDiv(steps, k.index(lanes)), lanes);
  k.forLoop(k.index(0), whole, lanes, [&](Value step) {
    // Groups of columns in a loop: the square fills the registers.
    k.forLoop(k.index(0), k.index(width), lanes, [&](Value c) {
      SmallVector<Value> square;
      for (int64_t i = 0; i < lanes; ++i)
        square.push_back(load(element, from, k.add(k.mul(existing(k.add(c, i)), columnStride), step), lanes));
      for (auto [i, row] : llvm::enumerate(transpose(square)))
        k.store(row, to, k.add(k.mul(k.add(step, i), width), c));
    });
  });
  k.forLoop(whole, steps, 1, [&](Value step) {
    k.forLoop(k.index(0), k.index(width), 1, [&](Value c) {
      Value x = load(element, from, k.add(k.mul(existing(c), columnStride), step), 1);
      k.store(x, to, k.add(k.mul(step, width), c));
    });
  });
}

void MicroKernel::packScalar(Type element, Value from, Value steps, Value columns, Value stepStride, Value columnStride, Value to,
                             int64_t width) {
  Value zero = arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(sum));
  k.forLoop(k.index(0), columns, 1, [&](Value c) {
    k.forLoop(k.index(0), steps, 1, [&](Value step) {
      Value x = load(element, from, k.add(k.mul(step, stepStride), k.mul(c, columnStride)), 1);
      k.store(x, to, k.add(k.mul(step, width), c));
    });
  });
  k.forLoop(columns, k.index(width), 1, [&](Value c) {
    k.forLoop(k.index(0), steps, 1, [&](Value step) { k.store(zero, to, k.add(k.mul(step, width), c)); });
  });
}

//===----------------------------------------------------------------------===//
// Narrow types
//===----------------------------------------------------------------------===//

void MicroKernel::widen(Type element, const LeftMatrix &from, Value rows, Value begin, Value end, Value to,
                        Value toStride) {
  outlined(keyOf("widen", element), {from.ptr, from.rowStride, from.stepStride, rows, begin, end, to, toStride},
           [&](ArrayRef<Value> v) {
    int64_t lanes = blocking.lanes;
    bool contiguous = constantOf(v[2]) == Attribute(k.b.getI64IntegerAttr(1));
    Value steps = k.sub(v[5], v[4]);
    Value whole = contiguous ? k.mul(k.floorDiv(steps, k.index(lanes)), lanes) : k.index(0);
    k.forLoop(k.index(0), v[3], 1, [&](Value row) {
      Value source = k.mul(row, v[1]), target = k.mul(row, v[7]);
      auto copy = [&](Value step, int64_t count) {
        Value x = load(element, v[0], k.add(source, k.mul(k.add(v[4], step), v[2])), count);
        k.store(x, v[6], k.add(target, step));
      };
      if (contiguous)
        k.forLoop(k.index(0), whole, lanes, [&](Value step) { copy(step, lanes); });
      k.forLoop(whole, steps, 1, [&](Value step) { copy(step, 1); });
    });
  });
}
