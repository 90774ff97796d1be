//===- FitFinite.cpp - Whether what was trained may be kept --------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A finite loss says nothing about the step that follows it: a gradient that is
// no number makes parameters that are none (a square root at 0). So all values
// are looked at before they are saved.
//
//===----------------------------------------------------------------------===//

#include "Fit.h"

#include <cstring>

namespace mlopt::runner {

NotFinite countNotFinite(const void *f32, uint64_t bytes) {
  const auto *at = static_cast<const uint8_t *>(f32);
  NotFinite counts;
  // Values of a file lie anywhere. Without a branch this is a loop of vectors.
  for (uint64_t i = 0, n = bytes / sizeof(float); i < n; ++i) {
    uint32_t bits;
    std::memcpy(&bits, at + i * sizeof(float), sizeof(bits));
    bits &= 0x7fffffffu;
    counts.nans += bits > 0x7f800000u;
    counts.infinities += bits == 0x7f800000u;
  }
  return counts;
}

std::string FiniteCheck::look(const Trainer &trainer, bool first) {
  uint32_t count = mlopt_rt_train_tensor_count(trainer.get());
  infinities.resize(count);
  for (uint32_t i = 0; i < count; ++i) {
    mlopt_rt_train_tensor_t tensor = {};
    tensor.struct_size = sizeof(tensor);
    if (mlopt_rt_status_t status = mlopt_rt_train_tensor(trainer.get(), i, &tensor)) {
      std::string message = mlopt_rt_status_message(status);
      mlopt_rt_status_release(status);
      return message;
    }
    NotFinite found = countNotFinite(tensor.data, tensor.bytes);
    if (first)
      infinities[i] = found.infinities;
    if (!found.nans && found.infinities <= infinities[i])
      continue;
    std::string what = tensor.kind == MLOPT_RT_TRAIN_SLOT     ? std::string(tensor.slot) + " of "
                       : tensor.kind == MLOPT_RT_TRAIN_BUFFER ? "the running statistics "
                                                              : "the parameter ";
    uint64_t bad = found.nans + found.infinities;
    return what + "'" + tensor.name + "' holds " + (found.nans ? "nan" : "inf") + " (" +
           std::to_string(bad) + " of " + std::to_string(tensor.bytes / sizeof(float)) +
           " values are not finite)";
  }
  return {};
}

} // namespace mlopt::runner
