//===- DequantizedPlan.cpp - Schedule of products with packed weights -----===//
#include "DequantizedPlan.h"

using namespace mlir;
using namespace mlopt;

static constexpr StringLiteral formNames[] = {"stream", "panel", "either"};

DequantizedPlan DequantizedPlan::choose(std::optional<int64_t> rows, const DequantizedWeights &w,
                                        const TargetDescription &target) {
  DequantizedPlan plan;
  plan.form = !rows ? DequantizedForm::Either : *rows <= streamRows ? DequantizedForm::Stream : DequantizedForm::Panel;
  ContractionSizes sizes;
  sizes.m = rows;
  sizes.n = w.n;
  sizes.k = w.k;
  sizes.panelWidth = panelWidth;
  ContractionBlocking &b = plan.blocking = chooseBlocking(sizes, target);
  b.prefetchBytes = 0; // the panel stays in a cache
  if (b.width() > panelWidth) {
    // A tile stays inside one panel; taller then, for as many accumulators.
    b.rows = std::min<int64_t>(b.rows * b.width() / panelWidth, streamRows);
    b.vectors = panelWidth / b.lanes;
  }
  if (rows)
    b.rows = std::min(b.rows, std::max<int64_t>(1, *rows));
  // Pieces of a long panel, each written and then read by a block of rows while it
  // stays in the second-level cache. Whole groups of steps.
  b.kc = b.rowBlock = 0;
  if (w.k * panelWidth * 4 > target.l2Bytes / 4) {
    int64_t pieces = llvm::divideCeil(w.k * panelWidth * 4, target.l2Bytes / 8);
    b.kc = llvm::alignTo(llvm::divideCeil(w.k, pieces), groupSteps);
    b.rowBlock = 8 * b.rows;
  }
  plan.accumulators = target.vectorRegisters / 2;
  plan.digits = plan.form != DequantizedForm::Panel && RowDigits::suits(w, target);
  return plan;
}

DictionaryAttr DequantizedPlan::print(MLIRContext *context) const {
  Builder builder(context);
  SmallVector<NamedAttribute> params;
  blocking.print(context, params);
  params.push_back(builder.getNamedAttr("accumulators", builder.getI64IntegerAttr(accumulators)));
  params.push_back(builder.getNamedAttr("digits", builder.getI64IntegerAttr(digits)));
  params.push_back(builder.getNamedAttr("form", builder.getStringAttr(formNames[static_cast<int>(form)])));
  return builder.getDictionaryAttr(params);
}

DequantizedPlan DequantizedPlan::parse(DictionaryAttr params) {
  DequantizedPlan plan;
  plan.blocking = ContractionBlocking::parse(params);
  plan.accumulators = params.getAs<IntegerAttr>("accumulators").getInt();
  plan.digits = params.getAs<IntegerAttr>("digits").getInt() != 0;
  StringRef form = params.getAs<StringAttr>("form").getValue();
  plan.form = static_cast<DequantizedForm>(llvm::find(formNames, form) - formNames);
  return plan;
}
