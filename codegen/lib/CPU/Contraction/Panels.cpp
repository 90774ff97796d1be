//===- Panels.cpp - Weights in panels, as columns of tiles ----------------===//
#include "Panels.h"

using namespace mlir;
using namespace mlopt;

RightColumns mlopt::panelColumns(KernelBuilder &k, const ContractionBlocking &blocking,
                                 Type element, Value base, SymExpr n, Value depth, Value first) {
  RightColumns right;
  right.element = element;
  int64_t lanes = blocking.lanes, width = blocking.width();
  right.prefetchBytes = blocking.prefetchBytes;
  Value panels = k.size(n.ceilDiv(panelWidth)), panelElements = k.mul(depth, panelWidth);
  Value firstPanel = k.floorDiv(first, k.index(panelWidth));
  right.stepStride = k.index(panelWidth);
  for (int64_t v = 0; v < blocking.vectors; ++v) {
    int64_t which = v * lanes / panelWidth;
    right.offset.push_back(v * lanes % panelWidth);
    if (v && v * lanes % panelWidth) {
      right.ptr.push_back(right.ptr.back());
      continue;
    }
    Value number = k.add(firstPanel, which);
    if (which && !n.isMultipleOf(width))
      number = k.min(number, k.sub(panels, k.index(1)));
    Value offset = k.mul(number, panelElements);
    if (width < panelWidth)
      offset = k.add(offset, k.rem(first, k.index(panelWidth)));
    right.ptr.push_back(k.elementPtr(base, offset, element));
  }
  return right;
}
