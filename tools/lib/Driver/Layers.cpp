//===- Layers.cpp - Intermediate values as results ------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Layers.h"

#include "mlopt/Frontend/Locations.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace mlopt {

namespace {

/// Which nodes are computed together.
class Launches {
public:
  explicit Launches(const LaunchNodes &launches) : any(!launches.empty()) {
    for (auto [i, nodes] : llvm::enumerate(launches))
      for (const std::string &node : nodes)
        launchesOf[node].push_back(i);
  }

  bool knows(llvm::StringRef node) const { return !any || launchesOf.count(node); }
  bool together(llvm::StringRef a, llvm::StringRef b) const {
    auto first = launchesOf.find(a), second = launchesOf.find(b);
    return first != launchesOf.end() && second != launchesOf.end() &&
           llvm::any_of(first->second,
                        [&](size_t launch) { return llvm::is_contained(second->second, launch); });
  }

private:
  bool any;
  llvm::StringMap<llvm::SmallVector<size_t, 2>> launchesOf;
};

/// The node that `op`, or the operation of `block` that holds it, stands for.
llvm::StringRef nodeOf(Operation *op, Block &block) {
  Operation *top = block.findAncestorOpInBlock(*op);
  return top ? splitLocation(top->getLoc()).name : llvm::StringRef();
}

bool isExposed(Value value, llvm::StringRef node, Block &block, const Launches &launches) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getElementType().isIndex() || !launches.knows(node))
    return false;
  return llvm::any_of(value.getUsers(), [&](Operation *user) {
    llvm::StringRef other = nodeOf(user, block);
    return other != node && !isa<func::ReturnOp>(user) && !launches.together(node, other);
  });
}

} // namespace

std::vector<Layer> exposeLayers(func::FuncOp function, const LaunchNodes &launchNodes) {
  Launches launches(launchNodes);
  Block &block = function.getBody().front();
  Operation *end = block.getTerminator();
  Builder builder(function.getContext());
  llvm::DenseMap<Value, llvm::SmallVector<unsigned, 1>> returned;
  for (auto [i, value] : llvm::enumerate(end->getOperands()))
    returned[value].push_back(i);

  std::vector<Layer> layers;
  for (BlockArgument argument : block.getArguments())
    for (unsigned result : returned.lookup(argument))
      layers.push_back({"", "", result});
  for (Operation &op : block) {
    NodeLocation where = splitLocation(op.getLoc());
    bool constant = op.hasTrait<OpTrait::ConstantLike>();
    for (Value value : op.getResults()) {
      auto found = returned.find(value);
      if (found == returned.end() && !constant && !where.name.empty() &&
          isExposed(value, where.name, block, launches)) {
        unsigned number = function.getNumResults();
        auto name = builder.getNamedAttr(
            "mlopt.name", builder.getStringAttr("mlopt.layer." + std::to_string(number)));
        (void)function.insertResult(number, value.getType(), builder.getDictionaryAttr(name));
        end->insertOperands(end->getNumOperands(), value);
        layers.push_back({where.name.str(), where.opType.str(), number});
      } else if (found != returned.end()) {
        for (unsigned result : found->second)
          layers.push_back({where.name.str(), where.opType.str(), result});
      }
    }
  }
  return layers;
}

} // namespace mlopt
