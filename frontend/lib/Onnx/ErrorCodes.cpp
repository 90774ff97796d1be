//===- ErrorCodes.cpp - The table of mlopt's diagnostics ------------------===//
#include "mlopt/Frontend/ErrorCodes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace mlopt {

static const ErrorInfo errorTable[] = {
    {1001, "model file not found", "The path given as the model names no file.",
     "Check the path; `-` reads standard input."},
    {1002, "model file not readable",
     "The model is a folder, a device, or the system refused to read it.",
     "Give a regular file that you may read."},
    {1003, "model file too large",
     "A serialized ONNX model cannot exceed 2 GiB (2147483647 bytes): that is a limit of Protobuf.",
     "Save the model with its weights as external data (onnx.save_model(..., "
     "save_as_external_data=True))."},
    {1004, "model file empty", "The file has no bytes.",
     "The export or the copy was cut short: make the file again."},
    {1005, "not an ONNX model",
     "The bytes are not a Protobuf ModelProto, or the file is truncated.",
     "Check that the file is complete and is ONNX; ONNX text needs the extension .onnxtxt or only "
     "printable characters."},
    {1006, "syntax error in ONNX text", "The text does not follow the ONNX textual syntax.",
     "Correct the line that is named."},
    {1007, "model without a graph",
     "The model has no graph, or the graph has neither nodes nor outputs.",
     "Export the model again."},
    {1008, "limit exceeded",
     "The model is larger than a limit of the importer: nodes, nesting, rank, tensor bytes, "
     "expanded functions.",
     "If the model is trustworthy, raise the limit that is named."},
    {1009, "bad dimension", "A dimension is negative, or the product of the dimensions overflows.",
     "Give the input's shape with --shape NAME=DIMS if the model marks unknown sizes by -1; else "
     "export again."},
    {1010, "bad tensor",
     "The number of bytes of a tensor does not fit its shape and type, or its type is not known.",
     "The file is damaged or was written by a faulty tool: export again."},
    {1011, "bad name",
     "A name that must be unique is used twice, is empty, or holds characters that are not "
     "allowed.",
     "Rename the value or operator in the tool that made the model."},
    {1012, "functions call each other in a cycle",
     "A model-local function reaches itself through calls, which cannot be expanded.",
     "Remove the recursion; ONNX does not allow it."},
    {1013, "the ONNX checker rejects the model",
     "ONNX's own checker found a violation of the standard; its message is given.",
     "Correct the export; onnx.checker.check_model in Python shows the same message."},
    {1014, "input of unknown rank",
     "An input's number of dimensions is not known, so no code can be made for it.",
     "Give it on the command line: --shape NAME=1x3x224x? (? is a size known at run time)."},
    {1015, "bad operator set import",
     "The model imports an operator set twice with different versions, or one below 1, or none.",
     "Correct opset_import."},
    {1016, "bad sparse tensor",
     "Indices of a sparse tensor are out of range, unsorted, or do not fit its values.",
     "Export again."},
    {1017, "undefined value", "A node or the graph uses a name that nothing before it defines.",
     "Nodes must be in topological order; export again."},
    {1018, "bad attribute",
     "An attribute's stated type and its contents disagree, or it refers to a function's attribute "
     "outside one.",
     "Export again."},
    {1019, "ONNX library failed",
     "The ONNX library reported an error that it does not explain further.",
     "Check the model with onnx.checker; report it if the checker accepts the model."},
    {1030, "external data outside the model's folder",
     "The location of external data is absolute, holds '..', or leads through a symbolic link.",
     "External data must lie beside the model or below its folder; copy the files there (a "
     "download cache may hold links: copy with cp -L)."},
    {1031, "external data not readable",
     "The file that holds a tensor's data does not exist or cannot be opened.",
     "Put the file where the model expects it: beside the model, under the name in the message."},
    {1032, "external data is not a plain file",
     "The file is a device, a pipe, a folder, or has more than one hard link.",
     "Copy the file so that it is a regular file with one name."},
    {1033, "external data out of range",
     "Offset and length of a tensor do not fit the file or the tensor's shape.",
     "The data file is truncated or belongs to another model."},
    {1034, "bad external data entry",
     "The description of external data has an unknown or repeated key, or a value that is no "
     "number.",
     "Save the model again."},
    {1035, "external data without a folder",
     "The model came from memory or standard input, so it is not known where its data files are.",
     "Give the model as a file."},
    {1040, "unknown dimension name", "--dim names a dimension that no input of the model has.",
     "The message lists the names that exist."},
    {1041, "bad dimension value", "A size given by --dim or --shape is not allowed there.",
     "Give a size of at least 1."},
    {1042, "unknown input name", "--shape, or --input of train, names an input that the model does not have.",
     "The message lists the inputs."},
    {1043, "shape does not fit the input",
     "--shape has another rank than the input, or contradicts a size that the model fixes.",
     "Give one size per dimension; ? leaves one open."},
    {1060, "weights file not readable",
     "The file that --load-weights names cannot be opened, or is no .safetensors file, or is "
     "damaged.",
     "Check the path; a checkpoint that was cut off has an older one beside it, with the suffix "
     ".previous."},
    {1061, "weights file holds an unknown name",
     "The file that --load-weights names holds a tensor that is no initializer of the model.",
     "Give the checkpoint of this model: tensors are found by the names of the model's "
     "initializers. Names that start with 'optimizer.' are passed over."},
    {1062, "weights file does not fit the model",
     "A tensor of the file that --load-weights names has another type or shape than the model's "
     "initializer of its name.",
     "Give the checkpoint of this model."},
    {1063, "weights file lacks initializers",
     "The model uses initializers that the file that --load-weights names does not hold.",
     "Give a whole checkpoint of this model."},
    {1201, "node breaks its operator's rules", "The operands, their shapes or the attributes of a node contradict the operator's definition.",
     "Run onnx.checker and shape inference on the model, and export it again."},
    {2001, "operator not supported",
     "mlopt has no conversion for this operator, or not for this form of it.",
     "All operators that are missing are listed; docs/ has the table of supported ones."},
    {2002, "type not supported",
     "A value has an element type or a kind (sequence, optional, map, string) that mlopt does not "
     "compile yet.",
     "Export the model without it."},
    {2003, "operator set not supported",
     "The model uses a newer operator set than this version of mlopt knows.",
     "Export with opset 27 or older, or update mlopt."},
    {2004, "IR version not supported",
     "The model's ir_version is newer than this version of mlopt knows.",
     "Save the model with an older ir_version, or update mlopt."},
    {2005, "attribute not supported",
     "An attribute has a kind that mlopt does not read (a sparse tensor outside Constant).",
     "Export the model without it."},
    {2401, "no parameter to train",
     "The model has no floating-point initializer of rank 1 or more that is read and not frozen.",
     "Export the model with its weights as initializers, loosen --freeze and --train-only, or name "
     "scalars with --train-scalar."},
    {2402, "loss without parameters",
     "Nothing that may be trained has an influence on the loss that has a derivative.",
     "Name another output for the loss, or loosen --freeze and --train-only."},
    {2403, "unknown or ambiguous name for training",
     "The output that the loss takes does not exist, or the target's name is taken.",
     "The message lists the outputs; --target=NAME gives the target another name."},
    {2404, "loss does not fit the model",
     "The output has a type, rank or size that the loss or the training form cannot take.",
     "The message says what is expected: choose another loss or another output."},
    {2405, "parameter type not trainable", "A parameter that the loss depends on is not f32.",
     "Freeze it with --freeze=NAME, or convert the model to f32."},
    {2406, "pattern without a match",
     "A pattern of --freeze, --train-only or --train-scalar is malformed or matches nothing.",
     "The message lists names of parameters; * and ? stand for any text and any character."},
    {2407, "training options contradict themselves",
     "An option of training is out of range or needs another one, or the module has no @main.",
     "Correct the option that is named."},
    {2501, "nothing to quantize",
     "The model has no Conv, MatMul or Gemm with constant float32 weights and a float32 activation, "
     "or none is left after the choice of layers.",
     "Check that the model is float32 and not quantized already; choose layers that it has."},
    {2502, "unknown layer or tensor for quantization",
     "A layer or tensor is named that the model does not have, or that cannot be quantized.",
     "`mlopt quantize --report=quantization` lists the layers."},
    {2503, "tensor without a range",
     "A tensor is to be stored as integers but calibration gave no range for it.",
     "Give calibration data that reach this part of the model."},
    {2504, "bad quantization parameter",
     "A scale, zero point, number of bits, group size or factor is out of range, or weights or "
     "activations hold infinities or NaN.",
     "Correct the option, or look for the layer in the model whose values are not finite."},
    {2505, "operator set too old for quantization",
     "Scales per channel need operator set 13 and weights in groups need 21; the model's is older "
     "and cannot be converted.",
     "Export the model again with a newer operator set."},
    {2506, "quantized model not writable",
     "The file cannot be written, or the result exceeds the 2 GiB of a Protobuf file.",
     "Check the path and the free space; quantize more layers or to 4 bits."},
    {2007, "operation not differentiable",
     "A derivative is asked for through an operation that has no gradient rule, or not for this form "
     "of it.",
     "All such operations are listed; freeze the parameters before them (--freeze), or export the "
     "model without them."},
};

ArrayRef<ErrorInfo> getErrorTable() { return errorTable; }

const ErrorInfo *findErrorInfo(unsigned code) {
  const ErrorInfo *it =
      llvm::find_if(errorTable, [&](const ErrorInfo &info) { return info.code == code; });
  return it == std::end(errorTable) ? nullptr : it;
}

std::string formatErrorCode(unsigned code) { return "MLO" + std::to_string(code); }

unsigned parseErrorCode(StringRef message) {
  unsigned code = 0;
  if (!message.consume_front("MLO") || message.consumeInteger(10, code) ||
      !message.starts_with(":"))
    return 0;
  return code;
}

int getExitCode(unsigned code) {
  if (code == 3001 || code == 3002 || code == 3011) // the compiler's own fault
    return 70;
  switch (code / 1000) {
  case 1:
    return 3;
  case 2:
    return 4;
  case 3:
    return 1;
  case 4:
    return 7;
  case 5:
    return 8;
  case 6:
    return 5;
  default:
    return 70;
  }
}

} // namespace mlopt
