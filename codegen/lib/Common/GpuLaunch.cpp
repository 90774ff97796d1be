//===- GpuLaunch.cpp - Grid and block of a GPU kernel ---------------------===//
#include "mlopt/Codegen/GpuLaunch.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlopt;

GpuLaunch mlopt::makeGpuLaunch(SymExpr blocks, int64_t threads, int64_t sharedBytes) {
  SymExpr one = SymExpr::constant(blocks.getContext(), 1);
  return {{blocks, one, one}, {threads, 1, 1}, sharedBytes};
}

ArrayAttr mlopt::encodeGpuLaunches(MLIRContext *context, ArrayRef<GpuLaunch> launches) {
  Builder b(context);
  SmallVector<Attribute> entries;
  for (const GpuLaunch &launch : launches) {
    SmallVector<Attribute> grid, block;
    for (int dim = 0; dim < 3; ++dim) {
      SymExpr size = launch.grid[dim] ? launch.grid[dim] : SymExpr::constant(context, 1);
      grid.push_back(size.getAttr());
      block.push_back(b.getI64IntegerAttr(launch.block[dim]));
    }
    entries.push_back(b.getDictionaryAttr({b.getNamedAttr("block", b.getArrayAttr(block)),
                                           b.getNamedAttr("grid", b.getArrayAttr(grid)),
                                           b.getNamedAttr("shared", b.getI64IntegerAttr(launch.sharedBytes))}));
  }
  return b.getArrayAttr(entries);
}

SmallVector<GpuLaunch> mlopt::readGpuLaunches(ScheduleAttr schedule) {
  SmallVector<GpuLaunch> launches;
  DictionaryAttr params = schedule.getParams();
  auto entries = params ? params.getAs<ArrayAttr>("launch") : ArrayAttr();
  if (!entries)
    return launches;
  for (Attribute entry : entries) {
    auto fields = cast<DictionaryAttr>(entry);
    GpuLaunch launch;
    for (int dim = 0; dim < 3; ++dim) {
      launch.grid[dim] = SymExpr(cast<SymExprAttr>(fields.getAs<ArrayAttr>("grid")[dim]));
      launch.block[dim] = cast<IntegerAttr>(fields.getAs<ArrayAttr>("block")[dim]).getInt();
    }
    launch.sharedBytes = fields.getAs<IntegerAttr>("shared").getInt();
    launches.push_back(std::move(launch));
  }
  return launches;
}
