//===- MatrixMove.cpp - ldmatrix, stmatrix, movmatrix
//-------------------------------------------===//
//
// A matrix has 8 rows of 8 elements of 16 bits. Lane l gives the address of row l % 8 of matrix
// l / 8. In registers, lane l holds the elements 2 (l % 4) and 2 (l % 4) + 1 of row l / 4; with
// .trans, of column l / 4.
//
//===----------------------------------------------------------------------------------------------===//

#include "Lanes.h"
#include "MemoryAccess.h"

using namespace ptxemu;

namespace {

bool checkWhole(Warp &warp, const Inst &inst) {
  if (warp.active == ~0u)
    return true;
  warp.fail(ErrorKind::LaunchFailed, inst, __builtin_ctz(warp.active),
            "a matrix instruction needs all 32 lanes");
  return false;
}

struct Place {
  unsigned row, column;
};
/// Where half `i` of lane `lane` lies.
Place placeOf(unsigned lane, unsigned i, bool transposed) {
  unsigned major = lane / 4, minor = 2 * (lane % 4) + i;
  return transposed ? Place{minor, major} : Place{major, minor};
}

/// inst.a: matrices; b: transposed; c: space.
bool rows(Warp &warp, const Inst &inst, unsigned operand, Access kind, uint8_t **pointers) {
  if (!checkWhole(warp, inst))
    return false;
  uint64_t addresses[32];
  computeAddresses(warp, inst, operand, addresses);
  uint32_t mask = inst.a == 4 ? ~0u : (1u << 8 * inst.a) - 1;
  return resolve(warp, inst, Space(inst.c), mask, addresses, 16, kind, pointers);
}

void ldmatrix(Warp &warp, const Inst &inst) {
  uint8_t *pointers[32];
  if (!rows(warp, inst, inst.a, Access::Read, pointers))
    return;
  uint16_t values[4][8][8];
  for (unsigned i = 0; i < 8 * inst.a; ++i)
    std::memcpy(values[i / 8][i % 8], pointers[i], 16);
  for (unsigned matrix = 0; matrix < inst.a; ++matrix) {
    auto *d = warp.out<uint32_t>(inst, matrix);
    for (unsigned lane = 0; lane < 32; ++lane) {
      Place low = placeOf(lane, 0, inst.b), high = placeOf(lane, 1, inst.b);
      d[lane] = values[matrix][low.row][low.column] |
                uint32_t(values[matrix][high.row][high.column]) << 16;
    }
  }
}

void stmatrix(Warp &warp, const Inst &inst) {
  uint8_t *pointers[32];
  if (!rows(warp, inst, 0, Access::Write, pointers))
    return;
  for (unsigned matrix = 0; matrix < inst.a; ++matrix) {
    const auto *s = warp.in<uint32_t>(inst, 1 + matrix);
    for (unsigned lane = 0; lane < 32; ++lane)
      for (unsigned i = 0; i < 2; ++i) {
        Place place = placeOf(lane, i, inst.b);
        uint16_t value = s[lane] >> 16 * i;
        std::memcpy(pointers[8 * matrix + place.row] + 2 * place.column, &value, 2);
      }
  }
}

void movmatrix(Warp &warp, const Inst &inst) {
  if (!checkWhole(warp, inst))
    return;
  const auto *s = warp.in<uint32_t>(inst, 1);
  uint16_t values[8][8];
  for (unsigned lane = 0; lane < 32; ++lane)
    for (unsigned i = 0; i < 2; ++i)
      values[lane / 4][2 * (lane % 4) + i] = s[lane] >> 16 * i;
  auto *d = warp.out<uint32_t>(inst, 0);
  for (unsigned lane = 0; lane < 32; ++lane) {
    Place low = placeOf(lane, 0, true), high = placeOf(lane, 1, true);
    d[lane] = values[low.row][low.column] | uint32_t(values[high.row][high.column]) << 16;
  }
}

bool decodeMatrixMove(Decoder &d, Inst &inst) {
  const bool isLoad = d.opcode() == "ldmatrix";
  if (!d.take("sync") || !d.take("aligned") || !d.take("m8n8"))
    return d.error("expected .sync.aligned.m8n8");
  int matrices = d.takeOne({"x1", "x2", "x4"});
  inst.b = d.take("trans");
  Space space = d.takeOne({"shared", "shared::cta"}) >= 0 ? Space::Shared : Space::Generic;
  if (matrices < 0 || !d.take("b16") || !d.expect(2))
    return d.error("expected .x1, .x2 or .x4, .b16 and two operands");
  inst.a = 1u << matrices;
  inst.execute = isLoad ? ldmatrix : stmatrix;
  const Argument &values = d.argument(isLoad ? 0 : 1);
  size_t have = values.kind == Argument::Vector ? values.parts.size() : 1;
  if (have != inst.a)
    return d.error("expected " + std::to_string(inst.a) + " registers");
  auto registers = [&] {
    for (unsigned i = 0; i < inst.a; ++i) {
      const Argument &part = values.kind == Argument::Vector ? values.parts[i] : values;
      if (!(isLoad ? d.destination(inst, part, 4) : d.source(inst, part, 4)))
        return false;
    }
    return true;
  };
  if (isLoad && !registers())
    return false;
  if (!d.address(inst, isLoad ? 1 : 0, space))
    return false;
  inst.c = uint32_t(space);
  return isLoad || registers();
}

bool decodeMovmatrix(Decoder &d, Inst &inst) {
  if (!d.take("sync") || !d.take("aligned") || !d.take("m8n8") || !d.take("trans") ||
      !d.take("b16"))
    return d.error("expected .sync.aligned.m8n8.trans.b16");
  inst.execute = movmatrix;
  return plainOperands(d, inst, 1, 4);
}

} // namespace

const Opcode ptxemu::kMatrixMoveOpcodes[] = {{"ldmatrix", decodeMatrixMove},
                                             {"stmatrix", decodeMatrixMove},
                                             {"movmatrix", decodeMovmatrix},
                                             {nullptr, nullptr}};
