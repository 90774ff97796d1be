//===- LiveRanges.cpp - From which launch to which a storage is needed ----===//
#include "Plan.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::plan;

unsigned Plan::addStorage(Storage storage) {
  storage.parent = storages.size();
  storages.push_back(std::move(storage));
  return storages.size() - 1;
}

unsigned Plan::find(unsigned storage) {
  while (storages[storage].parent != storage)
    storage = storages[storage].parent;
  return storage;
}

SymExpr Plan::shiftOf(unsigned storage) {
  SymExpr shift = constant(0);
  for (; storages[storage].parent != storage; storage = storages[storage].parent)
    if (storages[storage].shift)
      shift = shift + storages[storage].shift;
  return shift;
}

bool Plan::isWhole(unsigned storage) {
  return storages[find(storage)].bytes == storages[storage].bytes;
}

void Plan::attach(unsigned piece, unsigned storage, SymExpr shift) {
  assert(isWhole(piece) && find(piece) != find(storage) && "cannot move a piece of something");
  piece = find(piece);
  assert(storages[piece].region == Place::Arena && "a fixed place cannot be moved");
  unsigned root = find(storage);
  SymExpr total = shiftOf(storage) + shift;
  Storage &moved = storages[piece], &holder = storages[root];
  moved.parent = root;
  moved.shift = total.isConstant(0) ? SymExpr() : total;
  if (holder.first < 0 || (moved.first >= 0 && moved.first < holder.first))
    holder.first = moved.first;
  holder.last = std::max(holder.last, moved.last);
}

void Plan::merge(unsigned a, unsigned b) {
  if (find(a) == find(b))
    return;
  if (!isWhole(b) || storages[find(b)].region != Place::Arena)
    std::swap(a, b);
  attach(b, a, constant(0));
}

void plan::computeRanges(Plan &plan) {
  for (Storage &storage : plan.storages)
    storage.first = storage.last = -1;
  auto touch = [&](unsigned id, int64_t i) {
    Storage &storage = plan.storages[plan.find(id)];
    if (storage.first < 0)
      storage.first = i;
    storage.last = i;
  };
  for (auto [i, item] : llvm::enumerate(plan.items)) {
    for (unsigned id : item.ins)
      touch(id, i);
    for (unsigned id : item.outs)
      touch(id, i);
    if (item.scratch)
      touch(*item.scratch, i);
  }
  // The caller's and the weights outlive the run.
  for (unsigned id = 0; id < plan.storages.size(); ++id)
    if (plan.find(id) == id && plan.storages[id].region != Place::Arena)
      plan.storages[id].last = plan.items.size();
}

SymExpr plan::roundUp(SymExpr bytes) {
  constexpr int64_t alignment = 64; // MLOPT_ALIGNMENT
  return bytes.isMultipleOf(alignment) ? bytes : bytes.ceilDiv(alignment) * alignment;
}

static void collectNames(Location loc, llvm::SmallSetVector<StringRef, 8> &names) {
  if (auto fused = dyn_cast<FusedLoc>(loc)) {
    for (Location inner : fused.getLocations())
      collectNames(inner, names);
  } else if (auto name = dyn_cast<NameLoc>(loc)) {
    // Import calls a node without a name "?".
    if (name.getName() != "?")
      names.insert(name.getName().getValue());
  } else if (auto call = dyn_cast<CallSiteLoc>(loc)) {
    collectNames(call.getCallee(), names);
  }
}

std::string plan::nodeNames(Location loc) {
  llvm::SmallSetVector<StringRef, 8> names;
  collectNames(loc, names);
  return llvm::join(names, ", ");
}
