//===- ModuleImage.cpp - The tables of an artefact ------------------------===//
#include "mlopt/Codegen/HostImage.h"
#include "mlopt/runtime/abi/module_abi.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using namespace mlopt;

namespace {

/// mlopt_dtype of an element type, MLOPT_DTYPE_INVALID if it has none.
uint32_t dtypeOf(Type element) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << element;
#define MLOPT_X(e, n, s, b)                                                                        \
  if (text == s)                                                                                   \
    return n;
  MLOPT_FOR_EACH_DTYPE(MLOPT_X)
#undef MLOPT_X
  return MLOPT_DTYPE_INVALID;
}

/// What an error of a kernel's data means, empty where it records none.
StringRef errorOf(KernelOp kernel) {
  if (!kernel || kernel.isExternal())
    return "";
  bool picks = false, checks = false;
  for (Operation &op : kernel.getBody().front()) {
    picks |= isa<GatherOp, GatherElementsOp, GatherNdOp, ScatterElementsOp, ScatterNdOp>(op);
    checks |= isa<CheckFiniteOp>(op);
  }
  if (picks && checks)
    return "index out of range or not finite";
  return picks ? "index out of range" : checks ? "not finite" : "";
}

class ImageBuilder {
public:
  explicit ImageBuilder(const ImageDescription &description) : d(description) {}

  FailureOr<ModuleImage> run() {
    mlopt_module header = {};
    std::memcpy(header.magic, MLOPT_MODULE_MAGIC, sizeof(header.magic));
    header.struct_size = sizeof(mlopt_module);
    header.abi_version = MLOPT_ABI_MAJOR << 16;
    header.flags = d.training ? MLOPT_MODULE_TRAINING : 0;
    header.arch = MLOPT_ARCH_X86_64;
    bytes.resize(sizeof(mlopt_module));
    header.name = text(d.name);
    header.prefix = text(d.prefix);
    header.producer = text(d.producer);
    image.links.push_back(d.weightsMode == WeightsMode::Embedded ? d.weightsSymbol : std::string());

    for (const ImageLevel &level : d.levels)
      levels.push_back({text(level.name), 0, level.features});
    codes.resize(d.levels.size() * d.entries.size());
    for (auto [e, entry] : llvm::enumerate(d.entries))
      if (failed(add(entry, e)))
        return failure();
    if (d.training && failed(addTraining()))
      return failure();
    std::vector<mlopt_gpu> gpu;
    if (!d.devices.empty())
      gpu.push_back(addDevices());
    // The oldest that knows what is used.
    if (!gpu.empty())
      header.abi_version |= 3;
    else if (llvm::any_of(tensors, [](const mlopt_tensor &t) { return t.dtype >= MLOPT_DTYPE_I4; }))
      header.abi_version |= 2;
    else if (d.training)
      header.abi_version |= 1;

    header.metadata_bytes = d.metadata.size();
    header.metadata_offset = append(d.metadata.c_str(), d.metadata.size() + 1, 1);
    header.entries = table(entries);
    header.symbols = table(symbols);
    header.tensors = table(tensors);
    header.dims = table(dims);
    header.levels = table(levels);
    header.codes = table(codes);
    header.launches = table(launches);
    header.checks = table(checks);
    if (d.training)
      header.training = table(training);
    if (!gpu.empty())
      header.gpu = table(gpu);
    header.weights.mode = d.weightsMode == WeightsMode::None       ? MLOPT_WEIGHTS_NONE
                          : d.weightsMode == WeightsMode::Embedded ? MLOPT_WEIGHTS_EMBEDDED
                                                                   : MLOPT_WEIGHTS_FILE;
    header.weights.bytes = d.weightsBytes;
    std::memcpy(header.weights.sha256, d.weightsHash.data(), 32);
    std::memcpy(header.source_sha256, d.sourceHash.data(), 32);
    bytes.resize(llvm::alignTo(bytes.size(), 8), '\0');
    header.link_offset = bytes.size();
    header.link_count = image.links.size();
    header.image_bytes = header.link_offset + 8 * header.link_count;
    if (bytes.size() > UINT32_MAX) {
      rt::ProgramOp program = d.entries.front().codes.front().program;
      program.emitError("the tables need more than 4 GiB");
      return failure();
    }
    std::memcpy(bytes.data(), &header, sizeof(header));
    auto digest =
        llvm::SHA256::hash(ArrayRef(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
    std::memcpy(bytes.data() + offsetof(mlopt_module, image_sha256), digest.data(), digest.size());
    image.bytes = std::move(bytes);
    return std::move(image);
  }

private:
  uint64_t append(const void *data, size_t size, size_t alignment) {
    bytes.resize(llvm::alignTo(bytes.size(), alignment), '\0');
    uint64_t offset = bytes.size();
    bytes.append(static_cast<const char *>(data), size);
    return offset;
  }

  mlopt_str text(StringRef s) {
    if (s.empty())
      return 0;
    auto [it, isNew] = strings.try_emplace(s, 0);
    if (isNew)
      it->second = append(s.str().c_str(), s.size() + 1, 1);
    return it->second;
  }

  template <typename Record> mlopt_table table(const std::vector<Record> &records) {
    uint64_t offset = append(records.data(), records.size() * sizeof(Record), 8);
    return {static_cast<uint32_t>(offset), static_cast<uint32_t>(records.size()), sizeof(Record),
            0};
  }

  uint32_t link(StringRef function) {
    image.links.push_back(function.str());
    return image.links.size() - 1;
  }

  LogicalResult add(rt::TensorAttr tensor, ArrayRef<rt::SymbolAttr> entrySymbols, bool isOutput,
                    rt::ProgramOp program) {
    mlopt_tensor record = {};
    record.name = text(tensor.getName());
    record.dtype = dtypeOf(tensor.getType().getElementType());
    if (record.dtype == MLOPT_DTYPE_INVALID)
      return program.emitError("MLO2002: tensor '")
             << tensor.getName() << "' has type " << tensor.getType() << ", which the C API lacks";
    record.donated = tensor.getDonated();
    record.dims.first = dims.size();
    for (SymExpr size : tensor.getShape()) {
      mlopt_dim dim = {MLOPT_DIM_COMPUTED, 0, 0};
      if (std::optional<int64_t> c = size.getConstant()) {
        dim = {MLOPT_DIM_CONSTANT, 0, *c};
      } else if (size.getKind() == SymExpr::Kind::Symbol) {
        for (auto [i, symbol] : llvm::enumerate(entrySymbols))
          if (symbol.getName() == size.getSymbolName())
            dim = {MLOPT_DIM_SYMBOL, 0, static_cast<int64_t>(i)};
      }
      if (dim.kind == MLOPT_DIM_COMPUTED && !isOutput)
        return program.emitError("input '") << tensor.getName() << "' has the size '" << size
                                            << "', which is no symbol of the program";
      dims.push_back(dim);
    }
    record.dims.count = dims.size() - record.dims.first;
    tensors.push_back(record);
    return success();
  }

  LogicalResult add(const ImageEntry &entry, size_t number) {
    SmallVector<rt::ProgramOp> programs =
        llvm::map_to_vector(entry.codes, [](const ImageEntry::Code &c) { return c.program; });
    SmallVector<rt::SymbolAttr> merged = mergeSymbols(programs);
    mlopt_entry record = {};
    record.name = text(entry.name);
    record.symbols = {static_cast<uint32_t>(symbols.size()), static_cast<uint32_t>(merged.size())};
    for (rt::SymbolAttr s : merged)
      symbols.push_back(
          {text(s.getName()),
           static_cast<uint32_t>(s.getElement() ? MLOPT_SYMBOL_ELEMENT : MLOPT_SYMBOL_DIM),
           static_cast<uint32_t>(s.getInput()), static_cast<uint32_t>(s.getPosition()),
           s.getMinimum(), s.getMaximum(), s.getUsual()});
    rt::ProgramOp first = programs.front();
    record.value_count = MLOPT_VALUE_OUTPUT_DIMS;
    record.inputs.first = tensors.size();
    for (rt::TensorAttr input : first.getInputList())
      if (failed(add(input, merged, false, first)))
        return failure();
    record.inputs.count = tensors.size() - record.inputs.first;
    record.outputs.first = tensors.size();
    for (rt::TensorAttr output : first.getOutputList()) {
      record.value_count += output.getType().getRank();
      if (failed(add(output, merged, true, first)))
        return failure();
    }
    record.outputs.count = tensors.size() - record.outputs.first;
    entries.push_back(record);
    for (auto [level, code] : llvm::enumerate(entry.codes))
      codes[level * d.entries.size() + number] = makeCode(code);
    return success();
  }

  /// The tensors that lie in the regions of a training module.
  LogicalResult addTraining() {
    rt::ProgramOp program = d.entries.front().codes.front().program;
    auto list = d.training.getAs<ArrayAttr>("tensors");
    if (!list)
      return program.emitError("attribute 'mlopt.training' has no list 'tensors'");
    for (Attribute attribute : list) {
      auto entry = dyn_cast<DictionaryAttr>(attribute);
      auto name = entry ? entry.getAs<StringAttr>("name") : StringAttr();
      auto region = entry ? entry.getAs<StringAttr>("region") : StringAttr();
      auto offset = entry ? entry.getAs<IntegerAttr>("offset") : IntegerAttr();
      auto shape = entry ? entry.getAs<DenseI64ArrayAttr>("shape") : DenseI64ArrayAttr();
      if (!name || name.empty() || !region || !offset || offset.getInt() < 0 || !shape ||
          llvm::any_of(shape.asArrayRef(), [](int64_t size) { return size < 0; }) ||
          (region != "parameters" && region != "buffers"))
        return program.emitError("attribute 'mlopt.training' has a tensor without a name, region "
                                 "('parameters' or 'buffers'), offset or shape: ")
               << attribute;
      mlopt_training_tensor record = {};
      record.name = text(name);
      record.region = region == "parameters" ? MLOPT_REGION_PARAMETERS : MLOPT_REGION_BUFFERS;
      record.dtype = MLOPT_DTYPE_F32;
      record.dims = {static_cast<uint32_t>(dims.size()), static_cast<uint32_t>(shape.size())};
      record.offset = offset.getInt();
      for (int64_t size : shape.asArrayRef())
        dims.push_back({MLOPT_DIM_CONSTANT, 0, size});
      training.push_back(record);
    }
    return success();
  }

  mlopt_code makeCode(const ImageEntry::Code &code) {
    mlopt_code record = {};
    record.sizes_link = link(code.functions.sizes);
    record.run_link = link(code.functions.run);
    describe(code.program, record.launches, record.checks);
    return record;
  }

  /// The launches and checks of a program.
  void describe(rt::ProgramOp program, mlopt_slice &ofLaunches, mlopt_slice &ofChecks) {
    ofLaunches.first = launches.size();
    ofChecks.first = checks.size();
    auto module = program->getParentOfType<ModuleOp>();
    for (Operation &op : program.getBody().front()) {
      if (auto launch = dyn_cast<rt::LaunchOp>(op))
        launches.push_back({text(launch.getKernel()), text(launch.getNodes().value_or("")),
                            text(errorOf(module.lookupSymbol<KernelOp>(launch.getKernel()))), 0});
      else if (auto copy = dyn_cast<rt::CopyOp>(op))
        launches.push_back({text("copy"), text(copy.getNodes().value_or("")), 0, 0});
      else if (auto check = dyn_cast<rt::CheckOp>(op))
        checks.push_back({text(check.getMessage()), 0});
    }
    ofLaunches.count = launches.size() - ofLaunches.first;
    ofChecks.count = checks.size() - ofChecks.first;
  }

  //--- GPUs ------------------------------------------------------------------//

  struct DeviceTables {
    std::vector<mlopt_gpu_target> targets;
    std::vector<mlopt_gpu_image> images;
    std::vector<mlopt_gpu_function> functions;
    std::vector<mlopt_gpu_weights> weights;
    std::vector<mlopt_gpu_code> codes;
    std::vector<mlopt_gpu_step> steps;
    std::vector<mlopt_gpu_node> nodes;
    std::vector<mlopt_gpu_param> params;
    std::vector<uint32_t> after;
  };

  template <typename Record> static mlopt_slice endOf(const std::vector<Record> &records) {
    return {static_cast<uint32_t>(records.size()), 0};
  }
  template <typename Record>
  static void close(mlopt_slice &slice, const std::vector<Record> &records) {
    slice.count = records.size() - slice.first;
  }

  mlopt_gpu addDevices() {
    DeviceTables t;
    for (const ImageDevice &device : d.devices) {
      mlopt_gpu_target target = {};
      target.name = text(device.name);
      target.architecture = device.architecture;
      target.tf32 = device.tf32;
      target.images = endOf(t.images);
      target.functions = endOf(t.functions);
      target.weights = endOf(t.weights);
      for (const GpuImage &image : device.images)
        add(image, t);
      for (const DeviceWeights::Piece &piece : device.weights.getPieces())
        t.weights.push_back({piece.offset, piece.bytes, piece.deviceOffset});
      target.weight_bytes = device.weights.getBytes();
      close(target.images, t.images);
      close(target.functions, t.functions);
      close(target.weights, t.weights);
      for (const ImageDevice::Code &code : device.codes)
        add(code, target.functions.first, t);
      t.targets.push_back(target);
    }
    return {table(t.targets), table(t.images), table(t.functions), table(t.weights), table(t.codes),
            table(t.steps),   table(t.nodes),  table(t.params),    table(t.after)};
  }

  void add(const GpuImage &image, DeviceTables &t) {
    for (const GpuFunction &f : image.functions)
      t.functions.push_back({text(f.name), text(f.kernel), static_cast<uint32_t>(t.images.size()),
                             f.registers.value_or(MLOPT_GPU_UNKNOWN),
                             f.spillBytes.value_or(MLOPT_GPU_UNKNOWN), f.sharedBytes});
    mlopt_gpu_image record = {};
    record.ptx_bytes = image.ptx.size() + 1;
    record.ptx_offset = append(image.ptx.c_str(), record.ptx_bytes, 8);
    record.cubin_bytes = image.cubin.size();
    if (record.cubin_bytes)
      record.cubin_offset = append(image.cubin.data(), record.cubin_bytes, 8);
    t.images.push_back(record);
  }

  void add(const ImageDevice::Code &code, uint32_t firstFunction, DeviceTables &t) {
    mlopt_gpu_code record = {};
    record.sizes_link = link(code.device.sizes);
    record.fill_link = link(code.device.fill);
    record.value_count = code.device.valueCount;
    describe(code.program, record.launches, record.checks);
    record.steps = endOf(t.steps);
    for (const DeviceProgram::Step &step : code.device.steps) {
      mlopt_gpu_step s = {step.kind,       endOf(t.nodes), step.repeatFrom,
                          step.repeatValue, endOf(t.after), 0};
      t.after.insert(t.after.end(), step.after.begin(), step.after.end());
      for (const DeviceProgram::Node &node : step.nodes) {
        mlopt_gpu_node n = {};
        n.function = node.function == MLOPT_GPU_UNKNOWN ? MLOPT_GPU_UNKNOWN
                                                        : firstFunction + node.function;
        std::copy(node.block, node.block + 3, n.block);
        n.first_value = node.firstValue;
        n.params = endOf(t.params);
        for (const DeviceProgram::Param &param : node.params)
          t.params.push_back({param.kind, param.index, param.value, 0});
        close(n.params, t.params);
        t.nodes.push_back(n);
      }
      close(s.nodes, t.nodes);
      close(s.after, t.after);
      t.steps.push_back(s);
    }
    close(record.steps, t.steps);
    t.codes.push_back(record);
  }

  const ImageDescription &d;
  ModuleImage image;
  std::string bytes;
  llvm::StringMap<uint32_t> strings;
  std::vector<mlopt_entry> entries;
  std::vector<mlopt_symbol> symbols;
  std::vector<mlopt_tensor> tensors;
  std::vector<mlopt_dim> dims;
  std::vector<mlopt_level> levels;
  std::vector<mlopt_code> codes;
  std::vector<mlopt_launch> launches;
  std::vector<mlopt_check> checks;
  std::vector<mlopt_training_tensor> training;
};

} // namespace

FailureOr<ModuleImage> mlopt::buildImage(const ImageDescription &description) {
  return ImageBuilder(description).run();
}
