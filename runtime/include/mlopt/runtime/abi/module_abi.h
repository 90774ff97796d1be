/*===-- module_abi.h - The contract between generated code and the runtime ----------*- C -*-===*\
|*
|* Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
|* See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
|*
|* The only thing that the compiler and the runtime share. Standalone C11 (stdint and stddef),
|* also valid C++. Every structure that crosses the border starts with its size or lies in a
|* table that states the size of its records, so that a field can be added at an end without a
|* new major version.
|*
|* A module is
|*   - the *image*: one contiguous read-only object, header first (`mlopt_module`), in the ELF
|*     section MLOPT_SECTION_IMAGE, aligned to MLOPT_ALIGNMENT. It holds tables, strings, the
|*     metadata and, last, the link table. Nothing in it needs a dynamic relocation;
|*   - code, in the ELF section MLOPT_SECTION_CODE;
|*   - weights, in the ELF section MLOPT_SECTION_WEIGHTS, in a file, or in memory that the caller
|*     brings;
|*   - one exported function, `<prefix>_module_query`, which returns the address of the header. A
|*     shared library exports `mlopt_module_query` as well.
|*
|* How the compiler writes an image
|*   Bytes [0, link_offset) are known before the link: fill a buffer with the structures below
|*   and emit it as `<{ [link_offset x i8], [link_count x i64] }>` with align 64. Entry i of the
|*   link table is the link-time constant `sub (ptrtoint @function_i, ptrtoint @image)`; on
|*   x86-64 ELF that is one R_X86_64_PC64 relocation, which the static linker resolves. Entry 0
|*   is always that of the embedded weights, or 0.
|*
|* What each hash covers (SHA-256), in the order in which they are stamped
|*   1. `weights.sha256`: the `weights.bytes` bytes of weights. It is the identity of the weights
|*      too, and known before the link.
|*   2. `source_sha256`: the model file as read, for information. All zero if unknown.
|*   3. `ranges[i].sha256`: the bytes [offset, offset + bytes) relative to the header, as they
|*      are in the file; written after the link, because relocation changes them.
|*      MLOPT_RANGE_CODE: the section of code; MLOPT_RANGE_CONSTANTS: the read-only data that the
|*      code reads; MLOPT_RANGE_LINK: the link table. A range with bytes = 0 is not checked
|*      (objects and archives: their last link is not ours).
|*   4. `image_sha256`: bytes [0, link_offset) of the image with the 32 bytes of `image_sha256`
|*      itself taken as zero. The link table is outside of it, so this hash survives any later
|*      link; but it does cover `ranges`.
|*   A range must lie within the file-backed part of one PT_LOAD segment.
|*
\*===---------------------------------------------------------------------------------===*/

#ifndef MLOPT_RUNTIME_ABI_MODULE_ABI_H
#define MLOPT_RUNTIME_ABI_MODULE_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*===---- Constants ---------------------------------------------------------------------===*/

/** Version of this contract: major << 16 | minor. A runtime takes modules of its own major version
 * and of any minor version up to its own; a module states the oldest one that knows all it uses.
 * Minor 1: training modules (`mlopt_module.training`). Minor 2: element types I4 to UI2. Minor 3:
 * code for GPUs (`mlopt_module.gpu`). */
#define MLOPT_ABI_MAJOR 1u
#define MLOPT_ABI_MINOR 3u
#define MLOPT_ABI_VERSION ((MLOPT_ABI_MAJOR << 16) | MLOPT_ABI_MINOR)

/** First 8 bytes of a module's header, and of a weights file. No terminating zero. */
#define MLOPT_MODULE_MAGIC "MLOPTMOD"
#define MLOPT_WEIGHTS_MAGIC "MLOPTWTS"

/** Alignment in bytes of the image, the weights and the arena, and of every tensor placed in the
 * latter two. */
#define MLOPT_ALIGNMENT 64u

/** Largest rank of a tensor that crosses the C API. */
#define MLOPT_MAX_RANK 32u

/** Names of the ELF sections. The header is the first thing in the first section of its name. */
#define MLOPT_SECTION_IMAGE ".mlopt.image"
#define MLOPT_SECTION_CODE ".mlopt.text"
#define MLOPT_SECTION_WEIGHTS ".mlopt.weights"

/** The exported query function of a shared library; `<prefix>_module_query` is the same function.
 */
#define MLOPT_MODULE_QUERY_SYMBOL "mlopt_module_query"

/** Suffix of the weights file beside an artefact: `model.so` has `model.so.weights`. */
#define MLOPT_WEIGHTS_SUFFIX ".weights"

/** X(enumerator, number, name as in MLIR, bits of an element in memory). bool is `i1` and takes one
 * byte, 0 or 1; signed integers are `iN`, unsigned ones `uiN`. Integers of 2 and 4 bits take one
 * byte too, extended by their sign (or by zeros). */
#define MLOPT_FOR_EACH_DTYPE(X)                                                                    \
  X(F64, 1, "f64", 64)                                                                             \
  X(F32, 2, "f32", 32)                                                                             \
  X(F16, 3, "f16", 16)                                                                             \
  X(BF16, 4, "bf16", 16)                                                                           \
  X(BOOL, 5, "i1", 8)                                                                              \
  X(I8, 6, "i8", 8)                                                                                \
  X(I16, 7, "i16", 16)                                                                             \
  X(I32, 8, "i32", 32)                                                                             \
  X(I64, 9, "i64", 64)                                                                             \
  X(UI8, 10, "ui8", 8)                                                                             \
  X(UI16, 11, "ui16", 16)                                                                          \
  X(UI32, 12, "ui32", 32)                                                                          \
  X(UI64, 13, "ui64", 64)                                                                          \
  X(F8E4M3FN, 14, "f8E4M3FN", 8)                                                                   \
  X(F8E5M2, 15, "f8E5M2", 8)                                                                       \
  X(F8E4M3FNUZ, 16, "f8E4M3FNUZ", 8)                                                               \
  X(F8E5M2FNUZ, 17, "f8E5M2FNUZ", 8)                                                               \
  X(I4, 18, "i4", 8)                                                                               \
  X(UI4, 19, "ui4", 8)                                                                             \
  X(I2, 20, "i2", 8)                                                                               \
  X(UI2, 21, "ui2", 8)

typedef enum mlopt_dtype {
  MLOPT_DTYPE_INVALID = 0,
#define MLOPT_X(e, n, s, b) MLOPT_DTYPE_##e = n,
  MLOPT_FOR_EACH_DTYPE(MLOPT_X)
#undef MLOPT_X
} mlopt_dtype;

/** X(enumerator, bit, LLVM's name of the feature): what code of a level may use, and so what the
 * CPU and the operating system must offer. */
#define MLOPT_FOR_EACH_CPU_FEATURE(X)                                                              \
  X(SSE3, 0, "sse3")                                                                               \
  X(SSSE3, 1, "ssse3")                                                                             \
  X(SSE4_1, 2, "sse4.1")                                                                           \
  X(SSE4_2, 3, "sse4.2")                                                                           \
  X(POPCNT, 4, "popcnt")                                                                           \
  X(CX16, 5, "cx16")                                                                               \
  X(SAHF, 6, "sahf")                                                                               \
  X(AVX, 7, "avx")                                                                                 \
  X(AVX2, 8, "avx2")                                                                               \
  X(BMI, 9, "bmi")                                                                                 \
  X(BMI2, 10, "bmi2")                                                                              \
  X(F16C, 11, "f16c")                                                                              \
  X(FMA, 12, "fma")                                                                                \
  X(LZCNT, 13, "lzcnt")                                                                            \
  X(MOVBE, 14, "movbe")                                                                            \
  X(AVX512F, 15, "avx512f")                                                                        \
  X(AVX512BW, 16, "avx512bw")                                                                      \
  X(AVX512CD, 17, "avx512cd")                                                                      \
  X(AVX512DQ, 18, "avx512dq")                                                                      \
  X(AVX512VL, 19, "avx512vl")                                                                      \
  X(AVX512VNNI, 20, "avx512vnni")                                                                  \
  X(AVX512BF16, 21, "avx512bf16")                                                                  \
  X(AVX512FP16, 22, "avx512fp16")                                                                  \
  X(AVX512IFMA, 23, "avx512ifma")                                                                  \
  X(AVX512VBMI, 24, "avx512vbmi")                                                                  \
  X(AVX512VBMI2, 25, "avx512vbmi2")                                                                \
  X(AVX512BITALG, 26, "avx512bitalg")                                                              \
  X(AVX512VPOPCNTDQ, 27, "avx512vpopcntdq")                                                        \
  X(AVXVNNI, 28, "avxvnni")                                                                        \
  X(AVXVNNIINT8, 29, "avxvnniint8")                                                                \
  X(AVXNECONVERT, 30, "avxneconvert")                                                              \
  X(AVXIFMA, 31, "avxifma")                                                                        \
  X(GFNI, 32, "gfni")                                                                              \
  X(VAES, 33, "vaes")                                                                              \
  X(VPCLMULQDQ, 34, "vpclmulqdq")                                                                  \
  X(AMX_TILE, 35, "amx-tile")                                                                      \
  X(AMX_INT8, 36, "amx-int8")                                                                      \
  X(AMX_BF16, 37, "amx-bf16")                                                                      \
  X(AMX_FP16, 38, "amx-fp16")                                                                      \
  X(AVX512VP2INTERSECT, 39, "avx512vp2intersect")                                                  \
  X(PREFETCHW, 40, "prfchw")                                                                       \
  X(ADX, 41, "adx")                                                                                \
  X(AES, 42, "aes")                                                                                \
  X(PCLMUL, 43, "pclmul")                                                                          \
  X(SHA, 44, "sha")

#define MLOPT_X(e, b, s) static const uint64_t MLOPT_CPU_##e = (uint64_t)1 << (b);
MLOPT_FOR_EACH_CPU_FEATURE(MLOPT_X)
#undef MLOPT_X

/** The psABI levels as masks. Each contains the one below. */
#define MLOPT_CPU_LEVEL_V1 UINT64_C(0)
#define MLOPT_CPU_LEVEL_V2 UINT64_C(0x7f)
#define MLOPT_CPU_LEVEL_V3 UINT64_C(0x7fff)
#define MLOPT_CPU_LEVEL_V4 UINT64_C(0xfffff)

/** `mlopt_module.arch`: the ELF machine number. */
#define MLOPT_ARCH_X86_64 62u

/*===---- The image ---------------------------------------------------------------------===*/

/** Offset from the header of a zero-terminated UTF-8 string in [0, link_offset); 0 means none. */
typedef uint32_t mlopt_str;

/** A table of `count` records of `stride` bytes at `offset` from the header (8-byte aligned, inside
 * [0, link_offset)). `stride` is the writer's sizeof of the record: a reader uses the fields that
 * both know. */
typedef struct mlopt_table {
  uint32_t offset;
  uint32_t count;
  uint32_t stride;
  uint32_t reserved;
} mlopt_table;

/** A run of consecutive records of a table. */
typedef struct mlopt_slice {
  uint32_t first;
  uint32_t count;
} mlopt_slice;

/** Kinds of a dimension. */
enum {
  MLOPT_DIM_CONSTANT = 0, /**< `value` is the size */
  MLOPT_DIM_SYMBOL = 1,   /**< `value` is the index of a symbol within the entry point's symbols */
  MLOPT_DIM_COMPUTED = 2  /**< known from `sizes` only; outputs only */
};

/** One dimension of a tensor (table `dims`). */
typedef struct mlopt_dim {
  uint32_t kind;
  uint32_t reserved;
  int64_t value;
} mlopt_dim;

/** Where the run-time value of a symbol comes from. */
enum {
  MLOPT_SYMBOL_DIM = 0, /**< size of axis `position` of input `input` */
  MLOPT_SYMBOL_ELEMENT =
      1 /**< element `position` (flat) of input `input`, an integer tensor, sign extended to i64 */
};

/** A size that is known when a run begins (table `symbols`). The runtime reads it from its source,
 * checks minimum <= value <= maximum, and checks that every input dimension that names it has the
 * same size. */
typedef struct mlopt_symbol {
  mlopt_str name;
  uint32_t source;   /**< MLOPT_SYMBOL_DIM or MLOPT_SYMBOL_ELEMENT */
  uint32_t input;    /**< index within the entry point's inputs */
  uint32_t position; /**< axis, or flat index of the element */
  int64_t minimum;
  int64_t maximum; /**< inclusive; INT64_MAX for no bound */
  int64_t usual;   /**< the size that the plan was made for */
} mlopt_symbol;

/** Flags of a tensor. */
enum {
  MLOPT_TENSOR_OPTIONAL = 1u << 0, /**< reserved for inputs that may be absent */
  MLOPT_TENSOR_SCALAR_HOST =
      1u << 1 /**< read by the host program for its values (shapes); informative */
};

/** An input or output (table `tensors`). Dense, row-major. */
typedef struct mlopt_tensor {
  mlopt_str name;
  uint32_t dtype;   /**< mlopt_dtype */
  mlopt_slice dims; /**< in table `dims`; count is the rank */
  uint32_t flags;
  int32_t donated; /**< output: index of the input whose storage it must share, or -1 */
  uint32_t reserved[2];
} mlopt_tensor;

/** Something callable (table `entries`). Entry 0 is the default, usually "main". */
typedef struct mlopt_entry {
  mlopt_str name;
  uint32_t value_count; /**< number of int64 that `sizes` writes: MLOPT_VALUE_OUTPUT_DIMS + sum of
                           the ranks of the outputs */
  mlopt_slice symbols;  /**< in table `symbols` */
  mlopt_slice inputs;   /**< in table `tensors` */
  mlopt_slice outputs;  /**< in table `tensors` */
  uint32_t reserved[2];
} mlopt_entry;

/** What `sizes` writes: places in `values`. */
enum {
  MLOPT_VALUE_ARENA_BYTES =
      0, /**< bytes of the arena for these symbols and threads, scratch included; multiple of 64 */
  MLOPT_VALUE_LOWER_BOUND =
      1, /**< planner's lower bound of the former in bytes, or 0; informative */
  MLOPT_VALUE_THREADS =
      2, /**< more threads than this cost a run of these sizes more than they save; below 1: 1 */
  MLOPT_VALUE_OUTPUT_DIMS = 3 /**< from here: the dimensions of output 0, of output 1, ... */
};

/** A CPU level (table `levels`), best first: the runtime takes the first whose features the CPU
 * has. */
typedef struct mlopt_level {
  mlopt_str name; /**< "x86-64-v3", "znver5", ... */
  uint32_t reserved;
  uint64_t features; /**< MLOPT_CPU_* that the CPU must have */
} mlopt_level;

/** The code of one entry point at one level (table `codes`): record level * entry count + entry. */
typedef struct mlopt_code {
  uint32_t sizes_link;  /**< index in the link table of the `mlopt_sizes_fn` */
  uint32_t run_link;    /**< index in the link table of the `mlopt_run_fn` */
  mlopt_slice launches; /**< in table `launches`: number i is the i-th launch of the host program */
  mlopt_slice checks;   /**< in table `checks`: what a non-zero result of `sizes` means */
  uint32_t
      max_threads; /**< more threads than this are of no use (widest partition); 0 = no bound */
  uint32_t reserved;
} mlopt_code;

/** A launch (table `launches`), for errors and profiles. */
typedef struct mlopt_launch {
  mlopt_str kernel; /**< name of the kernel */
  mlopt_str nodes;  /**< names of the model's nodes it stands for, joined by ", " */
  mlopt_str error;  /**< what a recorded error means ("index out of range"), or 0 where the kernel
                       records none */
  uint32_t reserved;
} mlopt_launch;

/** A host check (table `checks`). */
typedef struct mlopt_check {
  mlopt_str message; /**< e.g. "node 'Add_3': dimensions 'a' and 'b' must be equal or 1" */
  uint32_t reserved;
} mlopt_check;

/** Bytes with a hash, relative to the header. See the top of this file. */
typedef struct mlopt_range {
  int64_t offset;
  uint64_t bytes;
  uint8_t sha256[32];
} mlopt_range;

enum {
  MLOPT_RANGE_CODE = 0,
  MLOPT_RANGE_CONSTANTS = 1,
  MLOPT_RANGE_LINK = 2,
  MLOPT_RANGE_COUNT = 4
};

/** Where the weights are. */
enum {
  MLOPT_WEIGHTS_NONE = 0,     /**< the module has none */
  MLOPT_WEIGHTS_EMBEDDED = 1, /**< at header + link table entry 0 */
  MLOPT_WEIGHTS_FILE =
      2 /**< a file of the format `mlopt_weights_file`, or the caller's memory (its data alone) */
};

typedef struct mlopt_weights {
  uint32_t mode;
  uint32_t reserved;
  uint64_t bytes;
  uint8_t sha256[32]; /**< hash of the bytes, and the identity that a weights file must show */
} mlopt_weights;

/** Start of a weights file. The data follow at `data_offset`, a multiple of 4096. */
typedef struct mlopt_weights_file {
  uint8_t magic[8]; /**< MLOPT_WEIGHTS_MAGIC */
  uint32_t struct_size;
  uint32_t abi_version;
  uint64_t data_offset;
  uint64_t data_bytes;
  uint8_t sha256[32]; /**< equal to `mlopt_weights.sha256` */
} mlopt_weights_file;

/** Flags of a module. */
enum {
  MLOPT_MODULE_TRAINING = 1u << 0 /**< the entry points are those of a training program: `init`,
                                     `train_step`, ...; see train.h */
};

/** The flat memories of a training module that hold tensors of the model. */
enum { MLOPT_REGION_PARAMETERS = 0, MLOPT_REGION_BUFFERS = 1, MLOPT_REGION_COUNT = 2 };

/** Inputs and outputs of a training module's entry points that are not the caller's. A name that
 * is an input and an output of one entry point is one memory. Regions are flat: tensors in them lie
 * at the offsets that the table `training` states, padding between them is zero and stays so. */
#define MLOPT_TRAIN_PREFIX "mlopt."
#define MLOPT_TRAIN_PARAMETERS "mlopt.parameters"
#define MLOPT_TRAIN_BUFFERS "mlopt.buffers"
#define MLOPT_TRAIN_STATE "mlopt.state." /* and the name of the optimizer's slot */
#define MLOPT_TRAIN_GRADIENTS "mlopt.gradients"
#define MLOPT_TRAIN_STEP "mlopt.step"           /* i64: 0 for the first step */
#define MLOPT_TRAIN_LR "mlopt.lr"               /* f32 */
#define MLOPT_TRAIN_CLIP_NORM "mlopt.clip_norm" /* f32 */
#define MLOPT_TRAIN_SEED "mlopt.seed"           /* i64 */
#define MLOPT_TRAIN_LOSS "mlopt.loss"           /* f32 */
#define MLOPT_TRAIN_GRAD_NORM "mlopt.grad_norm" /* f32 */
#define MLOPT_TRAIN_CORRECT "mlopt.correct"     /* i64 */
#define MLOPT_TRAIN_COUNT "mlopt.count"         /* i64 */

/** A tensor of the model within a region (table `training`). The slots of the optimizer have the
 * layout of the parameters. */
typedef struct mlopt_training_tensor {
  mlopt_str name;   /**< as in the model: the key in checkpoints */
  uint32_t region;  /**< MLOPT_REGION_* */
  uint32_t dtype;   /**< mlopt_dtype */
  mlopt_slice dims; /**< in table `dims`; all of them constant */
  uint32_t reserved;
  uint64_t offset; /**< in elements from the start of the region */
} mlopt_training_tensor;

/*===---- Code for GPUs -----------------------------------------------------------------===*/

/** Everything for GPUs (table `mlopt_module.gpu`, one record or none). For one architecture an
 * entry point is a list of steps, the numbers of its launches and copies, each with the numbers that
 * it must follow: no pointers, and every number that depends on sizes is an int64 of the array
 * that the code's `fill` writes. The runtime makes a CUDA graph of it, or launches it in order. */
typedef struct mlopt_gpu {
  mlopt_table targets;   /**< mlopt_gpu_target, oldest architecture first */
  mlopt_table images;    /**< mlopt_gpu_image */
  mlopt_table functions; /**< mlopt_gpu_function */
  mlopt_table weights;   /**< mlopt_gpu_weights */
  mlopt_table codes;     /**< mlopt_gpu_code, targets x entries: record target * entries + entry */
  mlopt_table steps;     /**< mlopt_gpu_step */
  mlopt_table nodes;     /**< mlopt_gpu_node */
  mlopt_table params;    /**< mlopt_gpu_param */
  mlopt_table after;     /**< uint32_t: numbers of steps of the same code */
} mlopt_gpu;

/** One architecture. The runtime takes the newest that the device runs: one with machine code for
 * the device's own compute capability (same major, minor not above), else PTX that is not newer
 * than it. */
typedef struct mlopt_gpu_target {
  mlopt_str name;        /**< "sm_90" */
  uint32_t architecture; /**< compute capability times ten: 90 */
  mlopt_slice images;
  mlopt_slice functions;
  mlopt_slice weights;   /**< what of the weights kernels of this architecture read */
  uint64_t weight_bytes; /**< of device memory, a multiple of 256 */
  uint32_t tf32;         /**< 1: products of f32 round their operands to tf32 */
  uint32_t reserved;
} mlopt_gpu_target;

/** Kernels that are loaded together (cuModuleLoadData). Offsets are from the header; 8-byte
 * aligned. */
typedef struct mlopt_gpu_image {
  uint64_t ptx_offset, ptx_bytes;     /**< text, a terminating zero included */
  uint64_t cubin_offset, cubin_bytes; /**< machine code; 0 bytes where the compiler had no ptxas */
} mlopt_gpu_image;

#define MLOPT_GPU_UNKNOWN UINT32_MAX

/** A function of an image. */
typedef struct mlopt_gpu_function {
  mlopt_str name;   /**< of the symbol */
  mlopt_str kernel; /**< name of the kernel that it is (a phase of) */
  uint32_t image;   /**< in table `images` */
  uint32_t registers, spill_bytes; /**< of a thread, by ptxas; MLOPT_GPU_UNKNOWN without it */
  uint32_t shared_bytes; /**< of a block, at most: the dynamic bytes that a launch may ask for */
} mlopt_gpu_function;

/** Bytes of the weights that go to device memory. */
typedef struct mlopt_gpu_weights {
  uint64_t offset, bytes, device_offset;
} mlopt_gpu_weights;

/** The code of one entry point for one architecture. */
typedef struct mlopt_gpu_code {
  uint32_t sizes_link;  /**< as in `mlopt_code`; called with threads = 1; the arena is the device's */
  uint32_t fill_link;   /**< index in the link table of the `mlopt_gpu_fill_fn` */
  uint32_t value_count; /**< number of int64 that `fill` writes */
  uint32_t reserved;
  mlopt_slice launches; /**< in table `launches`: one per step */
  mlopt_slice checks;   /**< in table `checks` */
  mlopt_slice steps;
} mlopt_gpu_code;

enum { MLOPT_GPU_KERNEL = 0, MLOPT_GPU_COPY = 1 };

/** A launch, or a copy of bytes within device memory: params target, source; the node's first value
 * is the number of bytes. The nodes of a launch run one after the other; those from `repeat_from` on
 * run as often as values[repeat_value] says, with the number of the turn as MLOPT_GPU_TURN. */
typedef struct mlopt_gpu_step {
  uint32_t kind;
  mlopt_slice nodes;
  uint32_t repeat_from;  /**< within the slice; its count where nothing repeats */
  uint32_t repeat_value; /**< MLOPT_GPU_UNKNOWN where nothing repeats */
  mlopt_slice after;     /**< steps that must have ended */
  uint32_t reserved;
} mlopt_gpu_step;

/** One kernel of the device. With a grid of 0 there is nothing to do. */
typedef struct mlopt_gpu_node {
  uint32_t function;    /**< in table `functions`; MLOPT_GPU_UNKNOWN: a copy */
  uint32_t block[3];    /**< threads */
  uint32_t first_value; /**< grid x, y, z and dynamic shared bytes: values[first_value + 0..3] */
  mlopt_slice params;   /**< 8 bytes each, in the order of the kernel's arguments */
  uint32_t reserved;
} mlopt_gpu_node;

/** What a parameter is. Pointers are a base plus values[value] bytes. */
enum {
  MLOPT_GPU_INPUT = 0,   /**< base: input `index` */
  MLOPT_GPU_OUTPUT = 1,  /**< base: output `index` */
  MLOPT_GPU_WEIGHTS = 2, /**< base: the device's weights */
  MLOPT_GPU_ARENA = 3,   /**< base: the device's arena */
  MLOPT_GPU_VALUE = 4,   /**< values[value] itself */
  MLOPT_GPU_ERROR = 5,   /**< pointer to the error slot on the device */
  MLOPT_GPU_TURN = 6,    /**< number of the turn, 0 before the first */
  MLOPT_GPU_NULL = 7     /**< null pointer */
};

typedef struct mlopt_gpu_param {
  uint32_t kind;
  uint32_t index;
  uint32_t value; /**< index in values; MLOPT_GPU_UNKNOWN: an offset of 0 */
  uint32_t reserved;
} mlopt_gpu_param;

/** Header of a module. */
typedef struct mlopt_module {
  uint8_t magic[8];         /**< MLOPT_MODULE_MAGIC */
  uint32_t struct_size;     /**< the writer's sizeof(mlopt_module) */
  uint32_t abi_version;     /**< oldest MLOPT_ABI_VERSION that knows what the module uses */
  uint64_t image_bytes;     /**< link_offset + 8 * link_count */
  uint64_t link_offset;     /**< offset of the link table, a multiple of 8; everything below it is
                               covered by `image_sha256` */
  uint32_t link_count;      /**< number of int64 in the link table, at least 1 */
  uint32_t flags;           /**< MLOPT_MODULE_* */
  uint32_t arch;            /**< MLOPT_ARCH_* */
  mlopt_str name;           /**< name of the model */
  mlopt_str prefix;         /**< prefix of the exported C names */
  mlopt_str producer;       /**< compiler and version, "mlopt 0.1.0" */
  uint64_t metadata_offset; /**< free-form JSON (UTF-8, zero-terminated) for `inspect`: kernels,
                               launches, plan, flags */
  uint64_t metadata_bytes;  /**< without the terminating zero */
  mlopt_table entries;      /**< mlopt_entry */
  mlopt_table symbols;      /**< mlopt_symbol */
  mlopt_table tensors;      /**< mlopt_tensor */
  mlopt_table dims;         /**< mlopt_dim */
  mlopt_table levels;       /**< mlopt_level, best first */
  mlopt_table codes;        /**< mlopt_code, levels x entries */
  mlopt_table launches;     /**< mlopt_launch */
  mlopt_table checks;       /**< mlopt_check */
  mlopt_weights weights;
  mlopt_range ranges[MLOPT_RANGE_COUNT];
  uint8_t source_sha256[32];
  uint8_t image_sha256[32];
  mlopt_table training; /**< mlopt_training_tensor; from minor 1 on, before that zero */
  mlopt_table gpu;      /**< mlopt_gpu; from minor 3 on, before that zero */
  uint64_t reserved[4];
} mlopt_module;

/** The exported entry of a module: `<prefix>_module_query`. */
typedef const mlopt_module *(*mlopt_module_query_fn)(void);

/*===---- Calls into generated code -----------------------------------------------------===*/

/** Straight-line size program: from `symbols` and the number of threads to `values` (see
 * MLOPT_VALUE_*). Pure; any thread may call it. `arena` grows monotonically with `threads`, so a
 * plan for T threads serves fewer.
 *  \returns 0, or 1 + the index (within the code's checks) of the first check that does not hold;
 * `values` is then undefined. */
typedef int32_t (*mlopt_sizes_fn)(const int64_t *symbols, int64_t threads, int64_t *values);

/** Straight-line program of a `mlopt_gpu_code`: from `symbols` to `values` (all that launches need:
 * grids, shared bytes, offsets, sizes, bytes of copies). Pure; any thread may call it. */
typedef void (*mlopt_gpu_fill_fn)(const int64_t *symbols, int64_t *values);

typedef struct mlopt_run_frame mlopt_run_frame;

/** What the runtime offers to generated code during a run. */
typedef struct mlopt_services {
  uint32_t struct_size;
  uint32_t reserved;
  /** Returns when all `threads` threads of the gang have called it; what they wrote before is then
   * visible to all. With threads = 1 it returns at once (generated code need not call it). */
  void (*barrier)(const mlopt_run_frame *frame, int64_t thread, int64_t threads);
  /** Monotonic clock in nanoseconds. */
  uint64_t (*clock_ns)(void);
} mlopt_services;

/** Everything that one run needs; the same object for all threads of the gang. Read-only for
 * generated code. */
struct mlopt_run_frame {
  uint32_t struct_size;
  uint32_t flags; /**< none defined */
  const void *const
      *inputs;          /**< one per input; element-aligned; not null unless the tensor is empty */
  void *const *outputs; /**< one per output; element-aligned */
  const int64_t *symbols; /**< one per symbol of the entry point */
  const int64_t *values;  /**< what `sizes` wrote for the number of threads that the run reserved
                             (not of the gang) */
  const uint8_t *weights; /**< base of the weights, 64-byte aligned; null if there are none */
  uint8_t *arena;         /**< values[MLOPT_VALUE_ARENA_BYTES] bytes, 64-byte aligned */
  uint64_t *error;        /**< error slot, UINT64_MAX when no error; see MLOPT_ERROR_* */
  const mlopt_services *services;
  uint64_t *profile; /**< null, or 2 * launches stamps: thread 0 writes [2 i] before launch i and [2
                        i + 1] after */
  void *gang;        /**< the runtime's; generated code passes the frame back unchanged */
  void *reserved[5];
};

/** The host program: every thread of the gang calls it with the same frame and its own `thread` in
 * [0, threads). `threads` is at most the number the arena was sized for.
 *  \returns 0; non-zero ends the run early with whatever is in the error slot (all threads return
 * the same). */
typedef int32_t (*mlopt_run_fn)(const mlopt_run_frame *frame, int64_t thread, int64_t threads);

/** The error slot: launch number << 40 | flat output index. A kernel takes the atomic unsigned
 * minimum, so that the first launch and the first index win at any number of threads. An index too
 * large for 40 bits saturates. */
#define MLOPT_ERROR_NONE UINT64_MAX
#define MLOPT_ERROR_INDEX_BITS 40
#define MLOPT_ERROR_INDEX_MASK ((UINT64_C(1) << MLOPT_ERROR_INDEX_BITS) - 1)

/*===---- Layout, fixed for this major version ------------------------------------------===*/

#ifdef __cplusplus
#define MLOPT_ABI_ASSERT(c, m) static_assert(c, m)
#else
#define MLOPT_ABI_ASSERT(c, m) _Static_assert(c, m)
#endif
MLOPT_ABI_ASSERT(sizeof(mlopt_table) == 16, "table");
MLOPT_ABI_ASSERT(sizeof(mlopt_dim) == 16, "dim");
MLOPT_ABI_ASSERT(sizeof(mlopt_symbol) == 40, "symbol");
MLOPT_ABI_ASSERT(sizeof(mlopt_tensor) == 32, "tensor");
MLOPT_ABI_ASSERT(sizeof(mlopt_entry) == 40, "entry");
MLOPT_ABI_ASSERT(sizeof(mlopt_level) == 16, "level");
MLOPT_ABI_ASSERT(sizeof(mlopt_code) == 32, "code");
MLOPT_ABI_ASSERT(sizeof(mlopt_launch) == 16, "launch");
MLOPT_ABI_ASSERT(sizeof(mlopt_check) == 8, "check");
MLOPT_ABI_ASSERT(sizeof(mlopt_range) == 48, "range");
MLOPT_ABI_ASSERT(sizeof(mlopt_training_tensor) == 32, "training tensor");
MLOPT_ABI_ASSERT(sizeof(mlopt_weights) == 48, "weights");
MLOPT_ABI_ASSERT(sizeof(mlopt_weights_file) == 64, "weights file");
MLOPT_ABI_ASSERT(offsetof(mlopt_module, entries) == 72, "module header");
MLOPT_ABI_ASSERT(offsetof(mlopt_module, weights) == 200, "module header");
MLOPT_ABI_ASSERT(offsetof(mlopt_module, image_sha256) == 472, "module header");
MLOPT_ABI_ASSERT(offsetof(mlopt_module, training) == 504, "module header");
MLOPT_ABI_ASSERT(offsetof(mlopt_module, gpu) == 520, "module header");
MLOPT_ABI_ASSERT(sizeof(mlopt_gpu) == 144, "gpu");
MLOPT_ABI_ASSERT(sizeof(mlopt_gpu_target) == 48, "gpu target");
MLOPT_ABI_ASSERT(sizeof(mlopt_gpu_image) == 32, "gpu image");
MLOPT_ABI_ASSERT(sizeof(mlopt_gpu_function) == 24, "gpu function");
MLOPT_ABI_ASSERT(sizeof(mlopt_gpu_weights) == 24, "gpu weights");
MLOPT_ABI_ASSERT(sizeof(mlopt_gpu_code) == 40, "gpu code");
MLOPT_ABI_ASSERT(sizeof(mlopt_gpu_step) == 32, "gpu step");
MLOPT_ABI_ASSERT(sizeof(mlopt_gpu_node) == 32, "gpu node");
MLOPT_ABI_ASSERT(sizeof(mlopt_gpu_param) == 16, "gpu param");
MLOPT_ABI_ASSERT(sizeof(mlopt_module) == 568, "module header");
MLOPT_ABI_ASSERT(offsetof(mlopt_run_frame, inputs) == 8, "run frame");
MLOPT_ABI_ASSERT(offsetof(mlopt_run_frame, gang) == 80, "run frame");
MLOPT_ABI_ASSERT(sizeof(mlopt_run_frame) == 128, "run frame");
#undef MLOPT_ABI_ASSERT

#ifdef __cplusplus
}
#endif

#endif /* MLOPT_RUNTIME_ABI_MODULE_ABI_H */
