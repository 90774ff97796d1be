//===- Weights.cpp - Which weights, where, and their bytes ----------------===//
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlopt/Codegen/HostWeights.h"
#include "mlopt/IR/Layout.h"
#include "mlopt/runtime/abi/module_abi.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using namespace mlopt;

/// Row-major bytes of the elements as kernels see them. Either borrowed from
/// the attribute or held in `storage`; empty where the attribute has no bytes.
static ArrayRef<char> rawBytes(ElementsAttr elements, std::vector<char> &storage) {
  Type element = elements.getElementType();
  size_t size = getElementBytes(element), count = elements.getNumElements();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    return blob && blob->getData().size() == size * count ? blob->getData() : ArrayRef<char>();
  }
  auto dense = dyn_cast<DenseElementsAttr>(elements);
  if (!dense)
    return {};
  if (element.isInteger(1)) {
    // Stored as bits, used as bytes.
    for (bool value : dense.getValues<bool>())
      storage.push_back(value);
    return storage;
  }
  if (element.getIntOrFloatBitWidth() < 8) {
    // MLIR keeps the low bits of a byte, kernels see it extended.
    bool isUnsigned = element.isUnsignedInteger();
    for (const APInt &value : dense.getValues<APInt>())
      storage.push_back(static_cast<char>(isUnsigned ? value.getZExtValue() : value.getSExtValue()));
    return storage;
  }
  ArrayRef<char> raw = dense.getRawData();
  if (!dense.isSplat())
    return raw;
  storage.reserve(size * count);
  for (size_t i = 0; i < count; ++i)
    storage.insert(storage.end(), raw.begin(), raw.begin() + size);
  return storage;
}

/// Whether two tensors hold the same bytes. A type is compared too: the same
/// bytes in another type may be padded or packed otherwise.
static bool equalContents(ElementsAttr a, ElementsAttr b) {
  if (a.getType() != b.getType())
    return false;
  std::vector<char> x, y;
  return rawBytes(a, x) == rawBytes(b, y);
}

uint64_t WeightsPlan::place(ElementsAttr elements, LayoutAttr layout, uint64_t size) {
  auto [it, isNew] = known.try_emplace({elements, layout}, bytes);
  if (!isNew)
    return it->second;
  auto range = bySize.equal_range(size);
  for (auto same = range.first; same != range.second; ++same) {
    const Blob &blob = blobs[same->second];
    if (blob.layout == layout && equalContents(blob.elements, elements))
      return it->second = blob.offset;
  }
  bySize.emplace(size, blobs.size());
  blobs.push_back({elements, layout, bytes, size});
  uint64_t offset = bytes;
  bytes = llvm::alignTo(bytes + size, MLOPT_ALIGNMENT);
  return offset;
}

LogicalResult WeightsPlan::add(ModuleOp module) {
  WalkResult result = module.walk([&](rt::WeightOp weight) {
    ElementsAttr elements = weight.getConstantAttr();
    if (weight.getParameter()) {
      auto parameter = module.lookupSymbol<ParameterOp>(*weight.getParameter());
      if (!parameter) {
        weight.emitOpError("expects a parameter named '") << *weight.getParameter() << "'";
        return WalkResult::interrupt();
      }
      elements = parameter.getValue();
    }
    std::vector<char> storage;
    if (elements.getNumElements() && !isa<DenseElementsAttr>(elements) &&
        rawBytes(elements, storage).empty()) {
      weight.emitOpError("has no contents: its elements are not in memory");
      return WalkResult::interrupt();
    }
    uint64_t offset = place(elements, weight.getLayoutAttr(), weight.getBytes());
    weight.setOffset(offset);
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

Sha256 WeightsPlan::write(llvm::raw_ostream &os) const {
  llvm::SHA256 hash;
  uint64_t at = 0;
  auto put = [&](ArrayRef<char> data) {
    hash.update(ArrayRef(reinterpret_cast<const uint8_t *>(data.data()), data.size()));
    os.write(data.data(), data.size());
    at += data.size();
  };
  static const char zeros[MLOPT_ALIGNMENT] = {};
  for (const Blob &blob : blobs) {
    std::vector<char> storage, packed;
    ArrayRef<char> raw = rawBytes(blob.elements, storage);
    if (blob.layout) {
      packed.resize(blob.bytes);
      packElements(blob.layout, blob.elements.getShapedType().getShape(),
                   getElementBytes(blob.elements.getElementType()), raw.data(), packed.data());
      raw = packed;
    }
    put(raw);
    put(ArrayRef(zeros, llvm::offsetToAlignment(at, llvm::Align(MLOPT_ALIGNMENT))));
  }
  return hash.final();
}

Sha256 WeightsPlan::writeFile(llvm::raw_pwrite_stream &os) const {
  mlopt_weights_file header = {};
  std::memcpy(header.magic, MLOPT_WEIGHTS_MAGIC, 8);
  header.struct_size = sizeof(header);
  header.abi_version = MLOPT_ABI_VERSION;
  header.data_offset = 4096;
  header.data_bytes = bytes;
  uint64_t start = os.tell();
  os.write_zeros(header.data_offset);
  Sha256 hash = write(os);
  std::memcpy(header.sha256, hash.data(), hash.size());
  os.pwrite(reinterpret_cast<const char *>(&header), sizeof(header), start);
  return hash;
}
