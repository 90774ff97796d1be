//===- Ptx.h - decoded PTX: what execution needs, and no text ---------------------------*- C++
//-*-===//
//
// A register of a warp is an array of 32 lanes of its declared width: 4 bytes in all for a
// predicate (one bit per lane), 64 for 16 bits, 128 for 32 bits, 256 for 64 bits, 512 for 128 bits.
// Operands are byte offsets into one of three banks; immediates are registers too, in the bank of
// the function's constants, so that no instruction has a second form.
//
//===----------------------------------------------------------------------------------------------===//
#ifndef MLOPT_TEST_CUDA_EMULATOR_PTX_H
#define MLOPT_TEST_CUDA_EMULATOR_PTX_H

#include "Machine.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace ptxemu {

enum class Type : uint8_t {
  None,
  Pred,
  B8,
  B16,
  B32,
  B64,
  B128,
  U8,
  U16,
  U32,
  U64,
  S8,
  S16,
  S32,
  S64,
  F16,
  BF16,
  F16x2,
  BF16x2,
  TF32,
  F32x2,
  F32,
  F64,
  U16x2,
  S16x2,
  U4,
  S4,
  B1,
  E4M3,
  E5M2,
  E4M3x2,
  E5M2x2,
};

/// Bytes of one value of a register of this type; 0 for Pred, and for parts of a byte.
unsigned bytesOf(Type type);
bool isSigned(Type type);
bool isFloat(Type type);
const char *nameOf(Type type);

enum class Space : uint8_t { Generic, Global, Shared, Local, Param, Const };

/// Windows of the generic address space; a device allocation is above all of them.
constexpr uint64_t kWindow = uint64_t(1) << 40;
constexpr uint64_t kSharedWindow = 1 * kWindow, kLocalWindow = 2 * kWindow,
                   kParamWindow = 3 * kWindow;

enum Bank : uint8_t { kRegisters = 0, kConstants = 1, kSpecials = 2 };

/// Fixed places in a frame's registers.
constexpr uint32_t kSink = 0;             ///< 512 bytes: where `_` is written
constexpr uint32_t kFrameLocalBase = 512; ///< u64 x 32: start of the frame's .local variables
constexpr uint32_t kFirstRegister = 768;

struct Operand {
  uint32_t offset = 0;
  Bank bank = kRegisters;
  uint8_t bytes = 0;   ///< per lane; 0 for a predicate
  bool negate = false; ///< of a predicate: !%p
};

/// Special registers that keep their value while a warp lives; u32 x 32 each, in this order.
enum Special : uint32_t {
  kTidX,
  kTidY,
  kTidZ,
  kNtidX,
  kNtidY,
  kNtidZ,
  kCtaidX,
  kCtaidY,
  kCtaidZ,
  kNctaidX,
  kNctaidY,
  kNctaidZ,
  kLaneid,
  kWarpid,
  kNwarpid,
  kSmid,
  kNsmid,
  kGridid,
  kLanemaskEq,
  kLanemaskLe,
  kLanemaskLt,
  kLanemaskGe,
  kLanemaskGt,
  kDynamicSmem,
  kTotalSmem,
  kZero,
  kOne,
  kWarpSize,
  kSpecialCount
};

enum class Flow : uint8_t {
  Next,
  Branch,
  BranchIndexed,
  Call,
  Return,
  Exit,
  Trap,
  Barrier,
  Yield,
  End
};

struct Warp;
struct Inst;
using Execute = void (*)(Warp &, const Inst &);

struct Inst {
  Execute execute = nullptr;
  const Operand *ops = nullptr;
  uint8_t count = 0; ///< of ops
  Flow flow = Flow::Next;
  bool guarded = false, guardNegated = false;
  bool targetExits = false;     ///< of a branch in a kernel: the target is a plain ret or exit
  uint32_t guard = 0;           ///< offset of the guard predicate
  uint32_t target = 0;          ///< instruction of a branch; function of a call
  uint32_t reconverge = 0;      ///< immediate post-dominator of a branch
  uint32_t table = 0;           ///< index into Function::tables or Function::calls
  int64_t imm = 0;              ///< displacement of an address, and the like
  uint32_t a = 0, b = 0, c = 0; ///< meaning belongs to the opcode's family
  uint32_t line = 0;
  const char *file = nullptr;
};

/// How one call passes values: byte offsets in the parameter areas of caller and callee.
struct CallSite {
  struct Copy {
    uint32_t caller, callee, bytes;
  };
  std::vector<Copy> arguments, results;
};

struct Function {
  std::string name;
  bool isEntry = false;
  std::vector<Inst> code;                    ///< the last is Flow::End
  std::vector<Operand> operands;             ///< of all instructions; Inst::ops points into it
  std::vector<uint8_t> constants;            ///< bank kConstants
  std::vector<std::vector<uint32_t>> tables; ///< targets of brx.idx
  std::vector<CallSite> calls;
  uint32_t registerBytes = kFirstRegister;
  uint32_t localBytes = 0; ///< .local variables, per lane
  uint32_t paramBytes = 0; ///< .param variables that are not kernel parameters, per lane
};

/// One kernel with what it can reach; function 0 is the kernel.
struct KernelCode {
  std::deque<Function> functions;
  uint32_t staticShared = 0; ///< dynamic shared memory begins here (rounded to its alignment)
  uint32_t dynamicAlignment = 16;
  uint32_t localBytes = 0; ///< of the deepest call chain, per lane
  bool ordered = false;    ///< atomics or spinning on global memory: blocks run one after another
};

struct Program {
  std::deque<KernelCode> kernels; ///< as Module::kernels()
  std::vector<std::string> lines; ///< the text, for messages
  unsigned target = 0;            ///< 90 for sm_90
};

} // namespace ptxemu

#endif
