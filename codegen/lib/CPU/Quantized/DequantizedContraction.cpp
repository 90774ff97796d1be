//===- DequantizedContraction.cpp - Products with packed weights ----------===//
//
// A unit of work is a panel of 32 columns (of some rows where there are few columns). Few
// rows stream: the weights minus their zero points become floats in registers and serve
// all rows at once; a block is summed by itself, times its scales. Where bytes multiply
// in one instruction, 4-bit weights meet rows of integers (RowDigits.h) instead. More rows
// share a panel of floats in scratch, which the tiles of the float products read. Of how
// many rows there are at run time is found out there. Rows of f16 and bf16 are widened to
// f32 first.
// Both go through a parking place in scratch to what follows in the kernel.
// No sum is divided among threads.
//
//===----------------------------------------------------------------------===//
#include "DequantizedContraction.h"
#include "../Contraction/Epilogue.h"
#include "../Contraction/Panels.h"
#include "DequantizedPlan.h"

using namespace mlir;
using namespace mlopt;

namespace {

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

class DequantizedBody {
public:
  DequantizedBody(KernelOp kernel, const DequantizedWeights &w, const TargetDescription &target, ModuleOp module)
      : k(kernel, target, module), e(k), op(cast<DequantizedMatmulOp>(kernel.getHeroOp())), w(w),
        plan(DequantizedPlan::parse(kernel.getScheduleAttr().getParams())), lanes(plan.blocking.lanes),
        m(k.b, k.loc, e.math), reader(k, e.math, w, lanes), rowDigits(k, e.math, w, lanes),
        micro(k, e.math, plan.blocking, k.b.getF32Type()),
        streamed(k, e.math, streamBlocking(plan.blocking), k.b.getF32Type()),
        after(e, op.getResult(), SymExpr::constant(k.b.getContext(), w.n), lanes, panelWidth) {
    SymShape shape = k.shapes.shapeOf(op.getLhs());
    rowDims.assign(shape.begin(), shape.end() - 1);
    rowCount = numElements(k.b.getContext(), rowDims);
    rows = k.size(rowCount);
    auto pointer = [&](Value v) { return k.operandPtr(cast<BlockArgument>(v).getArgNumber()); };
    x = pointer(op.getLhs());
    weights = pointer(op.getWeights());
    scales = pointer(op.getScale());
    zeros = w.hasZero ? pointer(op.getZero()) : scales;
    park = k.threadScratch();
    digits = k.bytePtr(park, k.index(plan.parkBytes()));
    wide = k.bytePtr(digits, k.index(plan.digitBytes(w)));
    floats = k.bytePtr(wide, k.index(plan.wideBytes(w)));
  }

  LogicalResult run() {
    int64_t panels = llvm::divideCeil(w.n, panelWidth);
    int64_t unitRows = plan.blocking.unitRows;
    Value parts = unitRows ? k.size(rowCount.ceilDiv(unitRows)) : k.index(1);
    auto [begin, end] = k.share(k.mul(k.index(panels), parts));
    Value few;
    if (plan.form == DequantizedForm::Either)
      few = arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::sle, rows, k.index(streamRows));
    auto choose = [&](llvm::function_ref<void()> stream, llvm::function_ref<void()> panel) {
      if (plan.form == DequantizedForm::Either)
        return k.ifThen(few, stream, panel);
      plan.form == DequantizedForm::Stream ? stream() : panel();
    };
    choose([&] { prepareRows(); }, [] {});
    k.forLoop(begin, end, 1, [&](Value unit) {
      ElementAt::Scope scope(e);
      Value part = k.rem(unit, parts), panel = k.floorDiv(unit, parts);
      choose(
          [&] {
            ElementAt::Scope inner(e);
            streamed.overTiles(k.index(0), rows, heights(streamed.blocking),
                               [&](Value row, int64_t height) { streamTile(panel, row, height); });
          },
          [&] {
            ElementAt::Scope inner(e);
            Value from = k.floorDiv(k.mul(rows, part), parts), to = k.floorDiv(k.mul(rows, k.add(part, 1)), parts);
            panelRows(panel, from, to);
          });
    });
    k.finish();
    return after.getResult();
  }

private:
  static ContractionBlocking streamBlocking(ContractionBlocking b) {
    b.rows = streamRows;
    b.kc = b.rowBlock = b.unitRows = 0;
    return b;
  }

  /// Where a row starts, in its own elements; of the stream, as f32.
  Value rowPtr(Value row) { return k.elementPtr(x, k.mul(row, w.k), w.element); }
  Value streamedRow(Value row) {
    return k.elementPtr(w.isNarrow() ? wide : x, k.mul(row, w.k), k.b.getF32Type());
  }

  Value zeroVector() {
    Type type = k.vectorOf(k.b.getF32Type(), lanes);
    return arith::ConstantOp::create(k.b, k.loc, k.b.getZeroAttr(type));
  }

  /// Heights that tiles of rows can have.
  SmallVector<int64_t> heights(const ContractionBlocking &b) {
    std::optional<int64_t> count = rowCount.getConstant();
    if (!count)
      return llvm::to_vector(llvm::seq_inclusive<int64_t>(1, b.rows));
    llvm::SetVector<int64_t> all;
    int64_t parts = b.unitRows ? llvm::divideCeil(*count, b.unitRows) : 1;
    for (int64_t p = 0; p < parts; ++p) {
      int64_t part = *count * (p + 1) / parts - *count * p / parts;
      int64_t blocks = b.kc ? llvm::divideCeil(part, b.rowBlock) : 1;
      for (int64_t i = 0; i < blocks; ++i)
        for (int64_t h : tileHeights(part * (i + 1) / blocks - part * i / blocks, b.rows))
          all.insert(h);
    }
    SmallVector<int64_t> sorted(all.begin(), all.end());
    llvm::sort(sorted);
    return sorted;
  }

  //--- few rows -------------------------------------------------------------//

  void prepareRows() {
    if (w.isNarrow())
      micro.widen(w.element, {x, k.index(w.k), k.index(1)}, rows, k.index(0), k.index(w.k), wide, k.index(w.k));
    if (plan.digits)
      streamed.outlined("digits", {streamedRow(k.index(0)), rows, digits},
                        [&](ArrayRef<Value> v) { rowDigits.pack(v[0], v[1], streamRows, v[2]); });
  }

  void streamTile(Value panel, Value row, int64_t height) {
    ElementAt::Scope scope(e);
    int64_t all = panelWidth / lanes;
    Value weightPanel = reader.weightPanel(weights, panel), scalePanel = reader.scalePanel(scales, panel);
    Value zeroPanel = reader.zeroPanel(zeros, panel);
    auto inFloats = [&](Value row, int64_t height, Value out) {
      int64_t vectors = std::min<int64_t>(all, 4);
      while (vectors > 1 && height * vectors > plan.accumulators)
        vectors /= 2;
      streamed.outlined("stream" + std::to_string(height),
                        {streamedRow(row), weightPanel, scalePanel, zeroPanel, out}, [&](ArrayRef<Value> v) {
                          for (int64_t first = 0; first < all; first += vectors)
                            streamColumns(v, height, first, vectors);
                        });
    };
    auto inDigits = [&](Value row, int64_t height, Value out) {
      // Beside the sums: weights of a step, a broadcast, totals.
      int64_t together = all;
      while (together > 1 && height * together * RowDigits::digits > plan.accumulators + 2)
        together /= 2;
      int64_t parts = llvm::divideCeil(height * RowDigits::digits, plan.accumulators + 8);
      streamed.outlined("integers" + std::to_string(height), {row, weightPanel, scalePanel, zeroPanel, digits, out},
                        [&](ArrayRef<Value> v) {
                          for (int64_t first = 0; first < all; first += together)
                            for (int64_t part = 0; part < parts; ++part)
                              digitColumns(v, height * part / parts, height * (part + 1) / parts, first, together);
                        });
    };
    if (!plan.digits) {
      inFloats(row, height, park);
    } else {
      // Row by row where one has no digits: always the same sums for the others, and for it.
      k.ifThen(
          rowDigits.fits(digits), [&] { inDigits(row, height, park); },
          [&] {
            k.forLoop(k.index(0), k.index(height), 1, [&](Value i) {
              Value one = k.add(row, i), out = k.elementPtr(park, k.mul(i, panelWidth), k.b.getF32Type());
              k.ifThen(
                  rowDigits.fits(digits, one), [&] { inDigits(one, 1, out); }, [&] { inFloats(one, 1, out); });
            });
          });
    }
    epilogue(row, k.index(height), panel);
  }

  /// Vectors [first, first + vectors) of the panel, times all rows of the tile.
  void streamColumns(ArrayRef<Value> v, int64_t height, int64_t first, int64_t vectors) {
    Value rowsPtr = v[0], panel = v[1], scalePanel = v[2], zeroPanel = v[3], out = v[4];
    Type f32 = k.b.getF32Type();
    // Enough chains of sums to hide the latency of a product.
    int64_t chains = 1, tile = height * vectors;
    while (2 * chains * tile <= plan.accumulators / 2 && chains < groupSteps)
      chains *= 2;
    int64_t unroll = tile <= 4 ? 4 : 1;

    auto group = [&](Value number, int64_t steps, ArrayRef<Value> zero, ArrayRef<Value> before) {
      SmallVector<Value> acc(before);
      SmallVector<WeightReader::Group> groups;
      for (int64_t j = 0; j < vectors; ++j)
        groups.push_back(reader.group(panel, number, first + j));
      for (int64_t i = 0; i < steps; ++i) {
        SmallVector<Value> weight;
        for (int64_t j = 0; j < vectors; ++j) {
          weight.push_back(reader.step(groups[j], i));
          // At each weight: what weighs 0 must not round, however large it is.
          if (w.hasZero)
            weight.back() = m.sub(weight.back(), zero[j]);
        }
        Value step = k.add(k.mul(number, groupSteps), i);
        for (int64_t r = 0; r < height; ++r) {
          Value factor = k.splat(k.load(rowsPtr, k.add(step, r * w.k), f32), lanes);
          for (int64_t j = 0; j < vectors; ++j) {
            Value &sum = acc[(r * vectors + j) * chains + i % chains];
            sum = m.fma(factor, weight[j], sum);
          }
        }
      }
      return acc;
    };
    auto block = [&](Value number, int64_t steps, ValueRange before) {
      SmallVector<Value> acc(tile * chains, zeroVector());
      Value start = k.mul(number, w.block / groupSteps);
      int64_t groups = steps / groupSteps, together = std::min(groups, unroll);
      int64_t looped = together ? groups / together * together : 0;
      SmallVector<Value> zero;
      for (int64_t j = 0; w.hasZero && j < vectors; ++j)
        zero.push_back(reader.zero(zeroPanel, number, first + j));
      auto round = [&](Value at, ValueRange sums) {
        SmallVector<Value> next(sums);
        for (int64_t u = 0; u < together; ++u)
          next = group(k.add(k.add(start, at), u), groupSteps, zero, next);
        return next;
      };
      if (looped > together)
        acc = k.forLoop(k.index(0), k.index(looped), together, acc, round);
      else if (together)
        acc = round(k.index(0), acc);
      for (int64_t g = looped; g < groups; ++g)
        acc = group(k.add(start, g), groupSteps, zero, acc);
      if (steps % groupSteps)
        acc = group(k.add(start, groups), steps % groupSteps, zero, acc);

      SmallVector<Value> totals(before);
      for (int64_t j = 0; j < vectors; ++j) {
        Value scale = reader.scale(scalePanel, number, first + j);
        for (int64_t r = 0; r < height; ++r) {
          MutableArrayRef<Value> chain(&acc[(r * vectors + j) * chains], chains);
          for (int64_t c = chains; c > 1; c /= 2)
            for (int64_t i = 0; i < c / 2; ++i)
              chain[i] = m.add(chain[i], chain[c / 2 + i]);
          Value &total = totals[r * vectors + j];
          total = m.fma(scale, chain[0], total);
        }
      }
      return totals;
    };

    SmallVector<Value> totals(tile, zeroVector());
    totals = k.forLoop(k.index(0), k.index(w.k / w.block), 1, totals,
                       [&](Value number, ValueRange before) { return block(number, w.block, before); });
    if (w.k % w.block)
      totals = block(k.index(w.k / w.block), w.k % w.block, totals);
    for (int64_t r = 0; r < height; ++r)
      for (int64_t j = 0; j < vectors; ++j)
        k.store(totals[r * vectors + j], out, k.index(r * panelWidth + (first + j) * lanes));
  }

  /// The same of rows [firstRow, lastRow) of the tile with rows of integers.
  void digitColumns(ArrayRef<Value> v, int64_t firstRow, int64_t lastRow, int64_t first, int64_t vectors) {
    int64_t height = lastRow - firstRow;
    Value panel = v[1], scalePanel = v[2], zeroPanel = v[3], out = v[5];
    constexpr int64_t digits = RowDigits::digits;
    SmallVector<RowDigits::Row> rowsOfTile;
    for (int64_t r = 0; r < height; ++r)
      rowsOfTile.push_back(rowDigits.row(v[4], k.add(v[0], firstRow + r), streamRows));
    auto block = [&](Value number, int64_t steps, ValueRange before) {
      SmallVector<Value> acc;
      for (int64_t j = 0; j < vectors; ++j) {
        Value zero = reader.nibbleZero(zeroPanel, number, first + j);
        for (const RowDigits::Row &row : rowsOfTile)
          acc.append(rowDigits.start(row, number, zero));
      }
      Value start = k.mul(number, w.block / groupSteps);
      auto group = [&](Value at, ValueRange sums) {
        SmallVector<Value> next(sums);
        Value which = k.add(start, at);
        for (int64_t j = 0; j < vectors; ++j) {
          auto [low, high] = reader.nibbles(panel, which, first + j);
          for (auto [r, row] : llvm::enumerate(rowsOfTile))
            rowDigits.add(row, which, low, high,
                          MutableArrayRef(next).slice((j * height + r) * digits, digits));
        }
        return next;
      };
      // A block of a few groups is straight code.
      int64_t groups = llvm::divideCeil(steps, groupSteps);
      if (groups * height <= groupSteps)
        for (int64_t g = 0; g < groups; ++g)
          acc = group(k.index(g), acc);
      else
        acc = k.forLoop(k.index(0), k.index(groups), 1, acc, group);
      SmallVector<Value> totals(before);
      for (int64_t j = 0; j < vectors; ++j) {
        Value scale = reader.scale(scalePanel, number, first + j);
        for (auto [r, row] : llvm::enumerate(rowsOfTile)) {
          ArrayRef<Value> sums = ArrayRef(acc).slice((j * height + r) * digits, digits);
          Value &total = totals[j * height + r];
          total = m.fma(rowDigits.end(row, number, sums), scale, total);
        }
      }
      return totals;
    };
    SmallVector<Value> totals(height * vectors, zeroVector());
    totals = k.forLoop(k.index(0), k.index(w.k / w.block), 1, totals,
                       [&](Value number, ValueRange before) { return block(number, w.block, before); });
    if (w.k % w.block)
      totals = block(k.index(w.k / w.block), w.k % w.block, totals);
    for (auto [r, row] : llvm::enumerate(rowsOfTile)) {
      SmallVector<Value> ofRow;
      for (int64_t j = 0; j < vectors; ++j)
        ofRow.push_back(totals[j * height + r]);
      ofRow = addRests(v, row, first, ofRow);
      for (int64_t j = 0; j < vectors; ++j)
        k.store(ofRow[j], out, k.index((firstRow + r) * panelWidth + (first + j) * lanes));
    }
  }

  /// `totals` of vectors [first, ...) of a row, with the products of what its integers lack.
  SmallVector<Value> addRests(ArrayRef<Value> v, const RowDigits::Row &row, int64_t first, ArrayRef<Value> totals) {
    Value panel = v[1], scalePanel = v[2], zeroPanel = v[3];
    return k.forLoop(k.index(0), row.count, 1, totals, [&](Value i, ValueRange before) {
      SmallVector<Value> next(before);
      Value step = k.load(row.steps, i, k.b.getI32Type());
      Value factor = k.splat(k.load(row.rests, i, k.b.getF32Type()), lanes);
      Value number = arith::ExtUIOp::create(k.b, k.loc, k.b.getI64Type(), step);
      number = k.floorDiv(number, k.index(w.block));
      for (auto [j, total] : llvm::enumerate(next)) {
        int64_t vector = first + j;
        Value weight = reader.lone(panel, step, reader.nibbleZero(zeroPanel, number, vector), vector);
        total = m.fma(m.mul(factor, weight), reader.scale(scalePanel, number, vector), total);
      }
      return next;
    });
  }

  //--- more rows --------------------------------------------------------------//

  /// Writes steps [begin, end) of a panel as floats [end - begin][32] to scratch; `begin` is
  /// a multiple of a group, and so is `end`, or the last step.
  void widen(Value panel, Value begin, Value end) {
    micro.outlined("floats",
                   {reader.weightPanel(weights, panel), reader.scalePanel(scales, panel),
                    reader.zeroPanel(zeros, panel), floats, begin, end},
                   [&](ArrayRef<Value> v) {
                     Value from = v[4], to = v[5], lastBlock = k.floorDiv(k.sub(to, k.index(1)), k.index(w.block));
                     k.forLoop(k.floorDiv(from, k.index(w.block)), k.add(lastBlock, 1), 1, [&](Value number) {
                       Value first = k.max(from, k.mul(number, w.block));
                       Value until = k.min(to, k.mul(k.add(number, 1), w.block));
                       for (int64_t j = 0; j < panelWidth / lanes; ++j)
                         widenBlock(v, number, first, until, j);
                     });
                   });
  }

  /// Steps [first, until), of one block, of a vector of columns.
  void widenBlock(ArrayRef<Value> v, Value number, Value first, Value until, int64_t vector) {
    Value scale = reader.scale(v[1], number, vector);
    Value zero = w.hasZero ? reader.zero(v[2], number, vector) : Value();
    auto group = [&](Value which, int64_t count) {
      WeightReader::Group weights = reader.group(v[0], which, vector);
      for (int64_t i = 0; i < count; ++i) {
        Value value = reader.step(weights, i);
        if (zero)
          value = m.sub(value, zero);
        Value step = k.sub(k.add(k.mul(which, groupSteps), i), v[4]);
        k.store(m.mul(value, scale), v[3], k.add(k.mul(step, panelWidth), vector * lanes));
      }
    };
    Value whole = k.floorDiv(until, k.index(groupSteps));
    k.forLoop(k.floorDiv(first, k.index(groupSteps)), whole, 1, [&](Value which) { group(which, groupSteps); });
    if (w.k % groupSteps)
      k.ifThen(arith::CmpIOp::create(k.b, k.loc, arith::CmpIPredicate::eq, until, k.index(w.k)),
               [&] { group(whole, w.k % groupSteps); });
  }

  /// Sums of steps [begin, end) for a tile, all columns of the panel, to `out`.
  void panelTile(Value row, int64_t height, Value begin, Value end, Value out, bool add) {
    LeftMatrix left{rowPtr(row), k.index(w.k), k.index(1)};
    if (w.isNarrow()) {
      micro.widen(w.element, left, k.index(height), begin, end, wide, k.index(w.k));
      left.ptr = k.elementPtr(wide, k.sub(k.index(0), begin), k.b.getF32Type());
    }
    for (int64_t at = 0; at < panelWidth; at += plan.blocking.width()) {
      RightColumns right;
      right.element = k.b.getF32Type();
      Value columns = k.sub(k.index(at), plan.blocking.kc ? k.mul(begin, panelWidth) : k.index(0));
      right.ptr.assign(plan.blocking.vectors, k.elementPtr(floats, columns, right.element));
      for (int64_t v = 0; v < plan.blocking.vectors; ++v)
        right.offset.push_back(v * lanes);
      right.stepStride = k.index(panelWidth);
      micro.tile(height, left, right, begin, end,
                 k.elementPtr(out, k.index(at), right.element), k.index(panelWidth), add);
    }
  }

  void panelRows(Value panel, Value from, Value to) {
    const ContractionBlocking &b = plan.blocking;
    if (!b.kc) {
      widen(panel, k.index(0), k.index(w.k));
      micro.overTiles(from, to, heights(b), [&](Value row, int64_t height) {
        ElementAt::Scope scope(e);
        panelTile(row, height, k.index(0), k.index(w.k), park, /*add=*/false);
        epilogue(row, k.index(height), panel);
      });
      return;
    }
    // Blocks of k inside blocks of rows, the sums going on in the park.
    Value count = k.sub(to, from), blocks = k.floorDiv(k.add(count, b.rowBlock - 1), k.index(b.rowBlock));
    k.forLoop(k.index(0), blocks, 1, [&](Value block) {
      ElementAt::Scope scope(e);
      Value first = k.add(from, k.floorDiv(k.mul(count, block), blocks));
      Value last = k.add(from, k.floorDiv(k.mul(count, k.add(block, 1)), blocks));
      k.forLoop(k.index(0), k.mul(k.sub(last, first), panelWidth), lanes,
                [&](Value i) { k.store(zeroVector(), park, i); });
      k.forLoop(k.index(0), k.index(w.k), b.kc, [&](Value step) {
        Value until = k.min(k.add(step, b.kc), k.index(w.k));
        widen(panel, step, until);
        micro.overTiles(first, last, heights(b), [&](Value row, int64_t height) {
          Value out = k.elementPtr(park, k.mul(k.sub(row, first), panelWidth), k.b.getF32Type());
          panelTile(row, height, step, until, out, /*add=*/true);
        });
      });
      epilogue(first, k.sub(last, first), panel);
    });
  }

  //--- from the park to the result --------------------------------------------//

  void epilogue(Value firstRow, Value count, Value panel) {
    Value column = k.mul(panel, panelWidth);
    k.forLoop(k.index(0), count, 1, [&](Value i) {
      ElementAt::Scope scope(e);
      Value offset = k.mul(i, panelWidth);
      after.storeRow(coordinates(k.add(firstRow, i)), column, [&](Value c, int64_t count) {
        return k.load(park, k.add(offset, c), k.b.getF32Type(), count);
      });
    });
  }

  /// As delinearize, but sizes of 1 cost nothing.
  SmallVector<Value> coordinates(Value row) {
    SmallVector<Value> at(rowDims.size(), k.index(0)), sizes;
    SmallVector<size_t> axes;
    for (size_t i = 0; i < rowDims.size(); ++i)
      if (!rowDims[i].isConstant(1)) {
        axes.push_back(i);
        sizes.push_back(k.size(rowDims[i]));
      }
    for (auto [axis, v] : llvm::zip_equal(axes, e.delinearize(row, sizes)))
      at[axis] = v;
    return at;
  }

  KernelBuilder k;
  ElementAt e;
  DequantizedMatmulOp op;
  DequantizedWeights w;
  DequantizedPlan plan;
  int64_t lanes;
  ScalarMath m;
  WeightReader reader;
  RowDigits rowDigits;
  MicroKernel micro, streamed;
  Epilogue after;
  SymShape rowDims;
  SymExpr rowCount;
  Value rows, x, weights, scales, zeros, park, digits, wide, floats;
};

//===----------------------------------------------------------------------===//
// The emitter
//===----------------------------------------------------------------------===//

class DequantizedContractionEmitter : public KernelEmitter {
public:
  StringRef name() const override { return "dequantized_contraction"; }

  std::optional<LayoutWish> wishLayouts(Operation *hero, llvm::function_ref<bool(unsigned)> isParameter,
                                        const TargetDescription &) const override {
    auto op = dyn_cast<DequantizedMatmulOp>(hero);
    std::string reason;
    std::optional<DequantizedWeights> w = op ? DequantizedWeights::of(op, reason) : std::nullopt;
    if (!w || !isParameter(1) || !isParameter(2) || (w->hasZero && !isParameter(3)))
      return std::nullopt;
    LayoutWish wish;
    wish.operands = {LayoutAttr(), w->weightLayout(op), w->parameterLayout(op, w->scale)};
    if (w->hasZero)
      wish.operands.push_back(w->parameterLayout(op, w->zero));
    return wish;
  }

  bool accept(KernelOp kernel, const TargetDescription &, std::string &reason) const override {
    auto op = dyn_cast_or_null<DequantizedMatmulOp>(kernel.getHeroOp());
    if (!op) {
      reason = "its hero is no product with quantized weights";
      return false;
    }
    std::optional<DequantizedWeights> w = DequantizedWeights::of(op, reason);
    if (!w)
      return false;
    SmallVector<std::pair<Value, LayoutAttr>> operands = {{op.getLhs(), LayoutAttr()},
                                                          {op.getWeights(), w->weightLayout(op)},
                                                          {op.getScale(), w->parameterLayout(op, w->scale)}};
    if (w->hasZero)
      operands.push_back({op.getZero(), w->parameterLayout(op, w->zero)});
    for (auto [value, layout] : operands) {
      auto argument = dyn_cast<BlockArgument>(value);
      if (!argument) {
        reason = "expects rows, weights, scales and zero points to be operands of the kernel";
        return false;
      }
      if (layoutAt(kernel, argument.getArgNumber()) != layout) {
        reason = "expects row-major rows, and constant weights, scales and zero points in panels";
        return false;
      }
    }
    return Epilogue::suits(kernel, reason);
  }

  FailureOr<ScheduleAttr> schedule(KernelOp kernel, const TargetDescription &target) const override {
    auto op = cast<DequantizedMatmulOp>(kernel.getHeroOp());
    MLIRContext *context = kernel.getContext();
    std::string reason;
    DequantizedWeights w = *DequantizedWeights::of(op, reason);
    ShapeAnalysis shapes(kernel);
    SymShape rowDims = shapes.shapeOf(op.getLhs());
    rowDims.pop_back();
    SymExpr rows = numElements(context, rowDims);
    DequantizedPlan plan = DequantizedPlan::choose(rows.getConstant(), w, target);
    SymExpr units = SymExpr::constant(context, llvm::divideCeil(w.n, panelWidth));
    if (plan.blocking.unitRows)
      units = units * rows.ceilDiv(plan.blocking.unitRows);
    int64_t bytes = plan.parkBytes() + plan.digitBytes(w) + plan.wideBytes(w) + plan.panelBytes(w);
    SymExpr scratch = SymExpr::constant(context, bytes);
    return ScheduleAttr::get(context, name(), 1, SymExpr::constant(context, 0).getAttr(), scratch.getAttr(),
                             Epilogue::overwritable(kernel), {}, {}, {}, units.getAttr(), {}, plan.print(context));
  }

  LogicalResult emit(KernelOp kernel, const TargetDescription &target, ModuleOp module) const override {
    std::string reason;
    DequantizedWeights w = *DequantizedWeights::of(cast<DequantizedMatmulOp>(kernel.getHeroOp()), reason);
    return DequantizedBody(kernel, w, target, module).run();
  }
};

} // namespace

std::unique_ptr<KernelEmitter> mlopt::createDequantizedContractionEmitter() {
  return std::make_unique<DequantizedContractionEmitter>();
}
