//===- Quantize.h - ONNX models -> quantized ONNX models --------*- C++ -*-===//
//
// The graph half of `mlopt quantize`: which nodes of a model can be integers, which tensors need a
// range, and the writing of the result as standard ONNX. Calibration, search and reports are the
// tool's. No MLIR here and no exception leaves: errors are llvm::Error whose message starts with a
// code (ErrorCodes.h). Nothing depends on hashes or addresses: equal calls write equal bytes.
//
// In every file that is written the node of a layer has the layer's name, and nodes that are added
// for it have names that start with it and a dot; what --shape, --dim and --load-weights change is
// in it.
//
// Order of the calls (static quantization):
//   load -> [smooth] -> writeObserved, run, statistics -> setRange for every observed().range
//   -> [setEnabled, setWeightScheme, correctBias] -> write
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_FRONTEND_QUANTIZE_H
#define MLOPT_FRONTEND_QUANTIZE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mlopt {

struct OnnxSource;    // Onnx.h
struct ImportOptions; // Onnx.h

namespace codes {
/// Codes of quantization; rows in ErrorCodes.cpp.
enum QuantizeCode : unsigned {
  NoQuantizableLayer = 2501, // nothing of the model (or nothing that is enabled) can be quantized
  UnknownLayer = 2502,       // a name that layers() does not have
  MissingRange = 2503,       // a tensor to quantize whose range was not set
  BadScheme = 2504,          // a scale, zero point, group size or factor that cannot be
  OpsetTooOld = 2505,        // the model's operator set cannot be raised to what is needed
  OutputNotWritable = 2506,  // the result does not fit a file or the file cannot be written
};
} // namespace codes

/// How an activation is stored: q = saturate(round_half_to_even(x / scale) + zero).
struct ActivationScheme {
  float scale = 1;
  int32_t zero = 0;
  bool isSigned = false; // s8 instead of u8
};

/// The scheme whose steps cover [low, high], widened to hold zero: asymmetric u8, or symmetric s8
/// (zero 0, -127..127). A range of one value 0 gets the scale 1 (every value is exact). The scale
/// is never denormal. Infinite or NaN bounds are the caller's error and give scale 0, which
/// setRange refuses.
ActivationScheme makeActivationScheme(double low, double high, bool isSigned = false);

/// How a layer's weights are stored.
struct WeightScheme {
  bool perChannel = true;     // one scale per output channel; else one for the tensor
  bool isAsymmetric = false;  // u8 with zero points; else s8 with zero 0, -127..127
  bool searchesScale = false; // the scale of least square error among 0.5 to 1 of the largest value
};

/// A node that can compute with integers. Shapes have -1 where a size is known at run time only,
/// and are empty where the rank is not known.
struct QuantizableLayer {
  std::string name;  // unique and stable: the node's name, else "<op>_<n>" (n counts such nodes)
  std::string op;    // Conv, MatMul or Gemm
  std::string input; // name of the float activation
  std::string otherInput; // the second activation of a product of two, empty otherwise
  std::string weight;     // name of the float initializer, empty for a product of two activations
  std::string bias;       // name of the initializer, also of a constant Add behind; empty: none
  std::string output;     // the node's own float result (before bias Add and activation)
  std::string activation; // Relu or Clip, joined behind; else empty
  std::vector<int64_t> inputShape, weightShape, outputShape;
  int64_t channels = 0;      // output channels; 0: not known (products of two activations)
  int64_t depth = 0;         // products per output element; 0: not known
  int64_t channelAxis = 0;   // of `output`, counted from 0; -1: the last one, rank not known
  int64_t inputChannels = 0; // extent of the input's channel axis, 0: not known
};

/// A node of a kind that could be quantized but is not, and why.
struct SkippedNode {
  std::string name, op, reason;
};

/// A float tensor whose values calibration must see. Where data is only moved from one tensor to
/// another both share one range: feed the values of all tensors with equal `range` to one
/// statistic.
struct ObservedTensor {
  std::string tensor;              // an output of the model that writeObserved writes
  std::string range;               // what setRange takes
  std::vector<int64_t> shape;      // -1: known at run time only
  std::vector<std::string> layers; // that read or write it; what the range is for
};

/// Layers that read one tensor, for `smooth`.
struct SmoothGroup {
  std::string input; // the tensor; a name that writeObserved can be given
  std::vector<std::string> layers;
  int64_t channels = 0;
  int64_t channelAxis = -1; // of the input, -1: the last one
  bool isExact = false;     // goes into constants in front; else a Mul node is added
};

/// Weight-only quantization.
struct WeightOnlyOptions {
  int bits = 4;            // 4 or 8
  int64_t group = 32;      // rows of K with one scale: 16 to 256, a power of two; 0: all of K
  bool isSymmetric = true; // s4/s8 with zero 0; else u4/u8 with a zero point per group
  bool useGptq = false;    // with addActivations; layers without activations: to nearest
  double damping = 0.01;   // of the mean of the Hessian's diagonal
};

/// What weight-only did to one layer.
struct WeightOnlyResult {
  std::string layer;
  std::string form; // "int4 group 32", "int8 per column", "float"
  std::string note; // why not what was asked, empty otherwise
  bool usedGptq = false;
  double relativeError = 0; // ||W - Q||^2 / ||W||^2, weighted by the Hessian where there is one
};

/// What has one scale at run time.
enum class DynamicRange {
  Row,    // the last axis of a MatMul's or Gemm's activation, symmetric; of a Conv's all of it
  Tensor, // the whole activation, asymmetric (DynamicQuantizeLinear)
};

struct QuantizeLoadOptions {
  /// The lowest operator set of the result: 13 for QDQ, 21 for weight-only.
  int64_t minimumOpset = 13;
  /// Whether products of two activations (attention) are layers too.
  bool includeProducts = false;
  /// Whether Conv layers are among the layers (false for dynamic quantization of language models).
  bool includeConv = true;
  /// --dim and --shape, limits; null: the defaults. Not kept.
  const ImportOptions *import = nullptr;
};

/// A model to be quantized. Not thread-safe; movable.
class QuantizableModel {
public:
  /// Reads and checks a model as importOnnx does (limits, external data, checker), takes constants
  /// as initializers, folds batch normalizations into the convolutions before them, raises the
  /// operator set and infers shapes. Error where the model is wrong or has nothing to quantize.
  static llvm::Expected<QuantizableModel> load(const OnnxSource &source,
                                               const QuantizeLoadOptions &options = {});
  QuantizableModel(QuantizableModel &&);
  QuantizableModel &operator=(QuantizableModel &&);
  ~QuantizableModel();

  /// In the model's order; all are enabled at first. Invalidated by smooth().
  llvm::ArrayRef<QuantizableLayer> layers() const;
  /// In the model's order.
  llvm::ArrayRef<SkippedNode> skipped() const;
  /// Names of inputs of the model (initializers excluded), in order.
  std::vector<std::string> inputs() const;
  std::vector<std::string> outputs() const;
  /// One line each: what was adapted when loading.
  llvm::ArrayRef<std::string> notes() const;
  int64_t opset() const;

  /// Tensors that calibration must see, for all layers(), whatever is enabled. In the model's
  /// order.
  std::vector<ObservedTensor> observed() const;
  /// Writes the float model (as prepared, smoothed) with the observed() tensors, and `more` (any
  /// tensors of the graph: inputs and outputs of layers, inputs of smooth groups), as outputs
  /// behind the model's own; each once, in the order given. Those that are inputs of the model are
  /// left out: their values are the caller's.
  llvm::Error writeObserved(llvm::StringRef path, llvm::ArrayRef<std::string> more = {},
                            bool withObserved = true) const;
  /// The float model alone, as prepared; what speed and accuracy are compared with.
  llvm::Error writeFloat(llvm::StringRef path) const;

  /// `range` as in ObservedTensor. Refuses scales that are not positive and finite and zero points
  /// outside of the type.
  llvm::Error setRange(llvm::StringRef range, const ActivationScheme &scheme);
  llvm::Error setWeightScheme(llvm::StringRef layer, const WeightScheme &scheme);
  llvm::Error setEnabled(llvm::StringRef layer, bool enabled);
  void setAllEnabled(bool enabled);
  bool isEnabled(llvm::StringRef layer) const;

  /// The range that a tensor has where it becomes integers, as in ObservedTensor; empty for tensors
  /// that none of layers() makes or reads.
  std::string getRangeOf(llvm::StringRef tensor) const;
  /// Scheme of a range, null where it was not set.
  const ActivationScheme *getRange(llvm::StringRef range) const;
  /// Relative square error of the layer's weights, ||W - Q(W)||^2 / ||W||^2, with its scheme. 0 for
  /// a product of two activations.
  llvm::Expected<double> getWeightError(llvm::StringRef layer) const;

  /// SmoothQuant (arXiv 2211.10438), before calibration: groups that share an input.
  std::vector<SmoothGroup> smoothGroups() const;
  /// Divides channel j of the group's input by max|x_j|^alpha / max|w_j|^(1-alpha) (1 where one of
  /// them is 0) and multiplies the layers' weights by it; the float function stays. `inputMaxima`:
  /// largest magnitude per channel. layers(), observed() and ranges start anew.
  llvm::Error smooth(llvm::StringRef groupInput, llvm::ArrayRef<float> inputMaxima,
                     double alpha = 0.5);

  /// Adds `delta` (per output channel, in units of the float output) to the layer's bias in what
  /// write() writes, while the layer is enabled: mean of the float output minus mean of the
  /// quantized one. Replaces what an earlier call gave; empty: none.
  llvm::Error correctBias(llvm::StringRef layer, llvm::ArrayRef<float> delta);

  /// Writes the model with the enabled layers quantized: QuantizeLinear/DequantizeLinear pairs,
  /// integer weights, i32 biases. Nothing enabled is an error. `more`: further tensors as outputs,
  /// as in writeObserved; a layer's `output` has the same name and meaning as in the float model.
  llvm::Error write(llvm::StringRef path, llvm::ArrayRef<std::string> more = {}) const;
  /// For measuring what each enabled layer's integers cost: the float model as it is, and beside
  /// each enabled layer, under the layer's name, the layer as write() deploys it, fed with the
  /// float path's input as integers and back. Outputs, instead of the model's, three per enabled
  /// layer in the order of layers(), f32: sum of squares of (float - quantized), of float, and the
  /// mean of (float - quantized) by output channel ([channels]; [] of all where the channels or the
  /// rank are not known).
  /// `withOutputs`: where the deployed layer's result becomes integers (behind its bias Add and
  /// activation), the comparison is made there, with the integers' rounding: the whole kernel that
  /// ships. Else at `output`, where biases can be corrected.
  llvm::Error writeSideBySide(llvm::StringRef path, bool withOutputs = false) const;
  /// The names of the nodes besides layers (Add, pools, movement) that write() puts between integer
  /// tensors.
  std::vector<std::string> joinedNodes() const;

  /// Activations quantized at run time (MatMulInteger, ConvInteger) for the enabled layers with
  /// weights; no ranges needed.
  /// `isSideBySide`: as writeSideBySide, of this form, at `output`.
  llvm::Error writeDynamic(llvm::StringRef path, DynamicRange range = DynamicRange::Row,
                           bool isSideBySide = false) const;

  /// For GPTQ: `rows` x `depth` values of the layer's input, row-major. Adds x^T x to the Hessian
  /// of the layer's input, which layers that share it share: give them for one layer of the group
  /// only. depth^2 doubles are kept per input; error (BadScheme) where they would exceed
  /// `maxHessianBytes` or depth is not the layer's.
  llvm::Error addActivations(llvm::StringRef layer, int64_t rows, int64_t depth,
                             const float *values);
  uint64_t maxHessianBytes = uint64_t(4) << 30;
  /// Rounds the weights of the layers that activations were added for, and drops their Hessians:
  /// the next layers have the memory. writeWeightOnly then takes these integers; its options must be
  /// the same.
  llvm::Error roundWithActivations(const WeightOnlyOptions &options);
  /// Weights of the enabled MatMul and Gemm layers as integers with a scale per group, activations
  /// in float. Needs operator set 21 (QuantizeLoadOptions::minimumOpset). `isSideBySide`: as
  /// writeSideBySide, of this form, at `output`; of a layer that stays float the differences are 0.
  llvm::Expected<std::vector<WeightOnlyResult>>
  writeWeightOnly(llvm::StringRef path, const WeightOnlyOptions &options,
                  bool isSideBySide = false) const;

  /// Whether what is written may have its elements in PATH.data where PATH would exceed
  /// `maxFileBytes`; else that is an error. Not at first.
  void setExternalData(bool isAllowed, uint64_t maxFileBytes = INT32_MAX);

  struct Impl; // Quantizer.h, internal

private:
  explicit QuantizableModel(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

} // namespace mlopt

#endif // MLOPT_FRONTEND_QUANTIZE_H
