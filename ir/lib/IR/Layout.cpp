//===- Layout.cpp - The table of memory layouts ---------------------------===//
#include "mlopt/IR/Layout.h"
#include <cstring>

using namespace mlir;
using namespace mlopt;

static LayoutAttr make(MLIRContext *context, const Twine &name, ArrayRef<PhysicalDim> dims, int64_t perByte = 1) {
  SmallVector<int64_t> triples;
  for (PhysicalDim d : dims)
    triples.append({d.dim, d.divisor, d.modulus});
  SmallString<32> storage;
  return LayoutAttr::get(context, name.toStringRef(storage), triples, perByte);
}

LayoutAttr mlopt::getChannelBlockedLayout(MLIRContext *context, unsigned rank, int64_t block) {
  SmallVector<PhysicalDim> dims = {{0, 1, 0}, {1, block, 0}};
  for (unsigned i = 2; i < rank; ++i)
    dims.push_back({i, 1, 0});
  dims.push_back({1, 1, block});
  return make(context, "nc" + Twine(rank - 2) + "d" + Twine(block) + "c", dims);
}

LayoutAttr mlopt::getChannelsLastLayout(MLIRContext *context, unsigned rank, int64_t channels) {
  return getChannelBlockedLayout(context, rank, llvm::alignTo(channels, 8));
}

LayoutAttr mlopt::getPanelLayout(MLIRContext *context, unsigned rank, int64_t width,
                                 bool transposed) {
  int64_t n = transposed ? rank - 2 : rank - 1, k = transposed ? rank - 1 : rank - 2;
  SmallVector<PhysicalDim> dims;
  for (unsigned i = 0; i + 2 < rank; ++i)
    dims.push_back({i, 1, 0});
  dims.append({{n, width, 0}, {k, 1, 0}, {n, 1, width}});
  return make(context, (transposed ? "panel_t" : "panel") + Twine(width), dims);
}

LayoutAttr mlopt::getNibblePanelLayout(MLIRContext *context, int64_t width, bool transposed) {
  int64_t n = transposed ? 0 : 1, k = transposed ? 1 : 0;
  return make(context, (transposed ? "nibbles_t" : "nibbles") + Twine(width),
              {{n, width, 0}, {k, 8, 0}, {n, 1, width}, {k, 1, 8}}, /*perByte=*/2);
}

LayoutAttr mlopt::getBytePanelLayout(MLIRContext *context, unsigned rank, int64_t width, bool transposed) {
  int64_t n = transposed ? rank - 2 : rank - 1, k = transposed ? rank - 1 : rank - 2;
  SmallVector<PhysicalDim> dims;
  for (unsigned i = 0; i + 2 < rank; ++i)
    dims.push_back({i, 1, 0});
  dims.append({{n, width, 0}, {k, 4, 0}, {n, 1, width}, {k, 1, 4}});
  return make(context, (transposed ? "byte_panel_t" : "byte_panel") + Twine(width), dims);
}

LayoutAttr mlopt::getFilterLayout(MLIRContext *context, unsigned rank, int64_t outputBlock,
                                  int64_t inputBlock) {
  SmallVector<PhysicalDim> dims = {{0, outputBlock, 0}, {1, inputBlock, 0}};
  for (unsigned i = 2; i < rank; ++i)
    dims.push_back({i, 1, 0});
  if (inputBlock > 1)
    dims.push_back({1, 1, inputBlock});
  dims.push_back({0, 1, outputBlock});
  return make(context, "filter" + Twine(outputBlock) + "o" + Twine(inputBlock) + "i", dims);
}

LayoutAttr mlopt::getDepthwiseFilterLayout(MLIRContext *context, unsigned rank, int64_t block) {
  SmallVector<PhysicalDim> dims = {{0, block, 0}};
  for (unsigned i = 2; i < rank; ++i)
    dims.push_back({i, 1, 0});
  dims.push_back({0, 1, block});
  return make(context, "depthwise" + Twine(block), dims);
}

LayoutAttr mlopt::getFilterRowsLayout(MLIRContext *context, unsigned rank, int64_t inputs) {
  int64_t block = llvm::alignTo(inputs, 8);
  SmallVector<PhysicalDim> dims = {{0, 1, 0}};
  for (unsigned i = 2; i < rank; ++i)
    dims.push_back({i, 1, 0});
  dims.push_back({1, 1, block});
  return make(context, "filter_rows" + Twine(block) + "i", dims);
}

LayoutAttr mlopt::getByteFilterLayout(MLIRContext *context, unsigned rank, int64_t outputBlock,
                                      int64_t inputBlock) {
  assert(inputBlock % 4 == 0 && "products take four input channels");
  SmallVector<PhysicalDim> dims = {{0, outputBlock, 0}, {1, inputBlock, 0}};
  for (unsigned i = 2; i < rank; ++i)
    dims.push_back({i, 1, 0});
  if (inputBlock > 4)
    dims.push_back({1, 4, inputBlock / 4});
  dims.append({{0, 1, outputBlock}, {1, 1, 4}});
  return make(context, "bytes" + Twine(outputBlock) + "o" + Twine(inputBlock) + "i", dims);
}

LayoutAttr mlopt::getByteDepthwiseFilterLayout(MLIRContext *context, unsigned rank, int64_t block) {
  SmallVector<PhysicalDim> dims = {{0, block, 0}};
  for (unsigned i = 2; i + 1 < rank; ++i)
    dims.push_back({i, 1, 0});
  dims.append({{rank - 1, 4, 0}, {0, 1, block}, {rank - 1, 1, 4}});
  return make(context, "bytes_depthwise" + Twine(block), dims);
}

LayoutAttr mlopt::getRecurrentLayout(MLIRContext *context, int64_t hidden, int64_t block) {
  assert(hidden % block == 0 && "gates would share blocks");
  return make(context, "recurrent" + Twine(hidden) + "h" + Twine(block),
              {{0, 1, 0}, {1, block, hidden / block}, {2, 1, 0}, {1, hidden, 0}, {1, 1, block}});
}

SmallVector<PhysicalDim> mlopt::getPhysicalDims(LayoutAttr layout) {
  SmallVector<PhysicalDim> dims;
  ArrayRef<int64_t> t = layout.getTriples();
  for (size_t i = 0; i + 2 < t.size(); i += 3)
    dims.push_back({t[i], t[i + 1], t[i + 2]});
  return dims;
}

SymShape mlopt::getPhysicalShape(LayoutAttr layout, ArrayRef<SymExpr> shape) {
  if (!layout)
    return SymShape(shape.begin(), shape.end());
  SymShape out;
  for (PhysicalDim d : getPhysicalDims(layout))
    out.push_back(d.modulus ? SymExpr::constant(layout.getContext(), d.modulus)
                            : shape[d.dim].ceilDiv(d.divisor));
  return out;
}

SymExpr mlopt::getPhysicalElements(MLIRContext *context, LayoutAttr layout,
                                   ArrayRef<SymExpr> shape) {
  return numElements(context, getPhysicalShape(layout, shape));
}

SymExpr mlopt::getPhysicalBytes(MLIRContext *context, LayoutAttr layout, ArrayRef<SymExpr> shape, Type element) {
  SymExpr elements = getPhysicalElements(context, layout, shape);
  return layout && layout.getPerByte() > 1 ? elements.floorDiv(layout.getPerByte()) : elements * getElementBytes(element);
}

int64_t mlopt::getElementBytes(Type element) {
  return element.isIndex() ? 8 : std::max<int64_t>(1, element.getIntOrFloatBitWidth() / 8);
}

void mlopt::packElements(LayoutAttr layout, ArrayRef<int64_t> shape, int64_t elementBytes,
                         const char *source, char *destination) {
  size_t rank = shape.size();
  SmallVector<int64_t> strides(rank, 1);
  for (size_t i = rank; i-- > 1;)
    strides[i - 1] = strides[i] * shape[i];
  SmallVector<PhysicalDim> dims = getPhysicalDims(layout);
  SmallVector<int64_t> sizes;
  for (PhysicalDim d : dims)
    sizes.push_back(d.modulus ? d.modulus : (shape[d.dim] + d.divisor - 1) / d.divisor);
  int64_t total = 1;
  for (int64_t size : sizes)
    total *= size;
  SmallVector<int64_t> index(sizes.size(), 0), logical(rank, 0);
  bool nibbles = layout.getPerByte() > 1;
  assert((!nibbles || (elementBytes == 1 && sizes.back() % 2 == 0)) && "halves of bytes would be left");
  for (int64_t i = 0; i < total; ++i) {
    // Within the blocks the logical index is the sum of the parts.
    std::fill(logical.begin(), logical.end(), 0);
    for (auto [d, p] : llvm::zip_equal(dims, index))
      logical[d.dim] += p * d.divisor;
    int64_t offset = 0;
    bool inside = true;
    for (size_t k = 0; k < rank; ++k) {
      inside &= logical[k] < shape[k];
      offset += logical[k] * strides[k];
    }
    if (nibbles) {
      char value = inside ? source[offset] & 15 : 0;
      *destination = i % 2 ? *destination | static_cast<char>(value << 4) : value;
      destination += i % 2;
    } else {
      if (inside)
        std::memcpy(destination, source + offset * elementBytes, elementBytes);
      else
        std::memset(destination, 0, elementBytes);
      destination += elementBytes;
    }
    for (size_t k = sizes.size(); k-- > 0;) {
      if (++index[k] < sizes[k])
        break;
      index[k] = 0;
    }
  }
}
