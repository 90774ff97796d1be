//===- ExplainVerb.cpp - mlopt explain CODE -------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Driver/Diagnostics.h"
#include "Driver/Verbs.h"

#include "mlopt/Frontend/ErrorCodes.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace mlopt {

/// Codes of the driver and of the tools that read data. Those of import stand
/// with the importer, those of the runtime are repeated here from status.h,
/// which states them without a page of their own.
static const ExplainedCode driverCodes[] = {
    {1050, "data file not readable",
     "A tensor file is missing, or is no .npy, .npz or TensorProto.",
     "Check the path given with --input; np.save and onnx.numpy_helper write files that are read."},
    {1051, "data does not fit the input",
     "A value has another element type or shape than the model's input.",
     "The message names both; convert the array."},
    {1052, "module text not valid",
     "A .mlir file does not follow MLIR's syntax, or breaks a rule of the dialects.",
     "Correct the line that is named; mlopt --emit=mlir writes files that are read."},
    {1071, "no array for an input",
     "The data of 'mlopt-run fit' hold no array with the name of an input of the training step.",
     "The message lists both sides; name the array as the input, or give --map=INPUT=ARRAY."},
    {1072, "checkpoint not readable",
     "The file of --checkpoint, or of TrainingSession.load, is cut off, damaged or no checkpoint, "
     "holds nan, or its numbers contradict each other. It is left as it is.",
     "FILE.previous is the checkpoint before: rename it to FILE and use --resume, or begin anew "
     "with --force."},
    {1073, "checkpoint or log of another run",
     "The file of --checkpoint, of TrainingSession.load or of --log belongs to another model, "
     "optimizer, batch size, seed or data, or the log is no log: going on would not give the run "
     "that was begun. It is left as it is.",
     "Give the artefact and the options of that run, or another name."},
    {1074, "file would be overwritten",
     "The checkpoint or the log is there already, and neither --resume nor --force is given.",
     "--resume goes on with it, --force begins anew."},
    {1081, "data without samples",
     "What --calibrate or --data of 'mlopt quantize' names holds no array, or an empty one.",
     "Give a .npz file with an array per input of the model and the samples along the first axis, or "
     "a folder of such files."},
    {1082, "names of data do not fit the model",
     "The data of 'mlopt quantize' lack an array for an input, or hold one that is none.",
     "The message lists the inputs; np.savez(FILE, NAME=ARRAY, ...) gives arrays their names. An "
     "array named labels is allowed."},
    {1083, "data not finite",
     "An array of the data of 'mlopt quantize' holds an infinite value or none.",
     "The message names the file, the array and the element: remove the sample, or find what made "
     "it."},
    {1084, "fewer samples than a batch",
     "The data of 'mlopt quantize' do not fill one batch of the model.",
     "Give more samples, or a smaller batch with --dim or --shape."},
    {1085, "labels do not fit the output",
     "The array labels of --data has another shape than the output that the metric looks at.",
     "The message states both shapes; --metric-output=NAME chooses another output."},
    {1086, "activation not finite",
     "A tensor of the model takes an infinite value or none on the calibration data: no range can "
     "hold it.",
     "Keep the layers that read it in float with --keep-float, or correct the model or the data."},
    {3001, "a pass failed",
     "A pass of the compiler could not do its work on this module, or found it inconsistent: an "
     "internal error of the compiler.",
     "An internal error, exit code 70: report it with the folder that the message names; "
     "--disable-pass=NAME may help until it is corrected."},
    {3002, "a phase cannot begin",
     "The module is not in the form that the phase expects: an internal error of the compiler "
     "(exit code 70), or a pass that was disabled.",
     "Do not disable passes that change the form of the module."},
    {3003, "cannot write the output", "The output could not be created or written.",
     "Check that the folder exists, that it may be written, and that the disk is not full."},
    {3004, "unknown pass", "--disable-pass or --print-after names a pass that does not exist.",
     "mlopt --list-passes lists them."},
    {3010, "no code for an operation", "A kernel holds an operation, or a form of it, for which no emitter of the target generates code.",
     "Report the model with the message; -O0 gives every operation a kernel of its own."},
    {3011, "machine code not made",
     "LLVM did not accept the code of a kernel or of the host program: an internal error of the "
     "compiler. Messages of LLVM may stand before.",
     "Report it with the model; another --cpu level or -O level may help until it is corrected."},
    {4001, "unknown target",
     "The CPU level or GPU architecture is not known, or this compiler has no code generator for it.",
     "mlopt --list-targets lists them."},
    {4002, "linking failed", "The linker did not accept what the compiler made.",
     "The linker's message follows; check the disk's free space, else report it."},
    {4003, "toolchain not available",
     "A file or program that the output needs is missing: the runtime's core or stub libraries "
     "beside the compiler, cc for --emit=exe, or the program of --ptxas.",
     "Install mlopt completely; --emit=exe needs a C++ compiler in PATH. Without --ptxas the one "
     "that is found is taken, and none is needed."},
    {4004, "ptxas failed",
     "The assembler of GPU code could not be run, or did not accept what the compiler made; its text "
     "follows.",
     "Use a ptxas that knows the architecture (CUDA 12.8 or later knows all), or --ptxas=none: the "
     "driver compiles PTX when the model is loaded."},
    {5001, "invalid argument",
     "A call of the runtime's C API had a null handle, a wrong struct_size or an index out of "
     "range.",
     "Correct the call."},
    {5002, "out of memory", "Memory for the arena, an output or a handle could not be had.",
     "Use smaller sizes; mlopt inspect prints the arena's size."},
    {5003, "file not readable", "A file is missing or cannot be read or written.",
     "Check the path."},
    {5004, "bad artefact",
     "The file is no mlopt artefact, is damaged, or was overwritten while it was in use.",
     "Compile the model again; replace a file that is in use by renaming another."},
    {5005, "other runtime version", "The artefact was made for another version of the runtime.",
     "Compile it with the version that runs it."},
    {5006, "hash mismatch", "Bytes of the artefact differ from what the compiler wrote.",
     "Copy or compile it again."},
    {5007, "CPU level",
     "No CPU level of the artefact runs on this CPU, or the forced one does not.",
     "Compile with --cpu for this machine, for example --cpu=x86-64-v2,x86-64-v3."},
    {5008, "weights missing",
     "The weights are outside the artefact and were not found, or belong to another one.",
     "Keep ARTEFACT.weights beside the artefact, or give --weights."},
    {5009, "busy", "The context is running in another thread.", "Make one context per thread."},
    {5101, "unknown name", "No input, output, symbol or entry point has the name.",
     "The message lists those that exist."},
    {5102, "missing input", "An input was not given, or was given twice.", "Give each input once."},
    {5103, "wrong type", "A tensor's element type differs from the model's.", "Convert the array."},
    {5104, "wrong rank", "A tensor's number of dimensions differs from the model's.",
     "Reshape the array."},
    {5105, "wrong size", "A size is not one that the model takes.",
     "mlopt inspect prints the shapes and the ranges of symbols."},
    {5106, "null data", "A tensor that is not empty has a null pointer.", "Give its memory."},
    {5107, "misaligned data", "Data is not aligned to its element.", "Use memory from malloc."},
    {5108, "buffer too small", "A buffer has fewer bytes than its shape needs.",
     "The message states both."},
    {5109, "not dense", "Strides are not those of a dense row-major tensor.",
     "Copy it (np.ascontiguousarray)."},
    {5110, "arena too small", "The caller's arena cannot hold this run.",
     "mlopt_rt_module_arena_bytes gives the size."},
    {5111, "sizes do not combine", "The sizes of the inputs contradict each other in this model.",
     "The message names the node."},
    {5112, "overlap", "An output shares memory with another tensor.", "Give each its own memory."},
    {5201, "bad data",
     "A kernel met a value that it cannot use, for example an index out of range.",
     "The message names the node and the element."},
    {5301, "no GPU",
     "There is no CUDA driver (libcuda.so.1), it finds no GPU, or none of that number.",
     "Install NVIDIA's driver, see what nvidia-smi lists, or run with --device=cpu."},
    {5302, "driver too old",
     "The CUDA driver is older than CUDA 12.0, or cannot translate the PTX of the artefact.",
     "Update the driver, or compile with a ptxas and --gpu for the GPU at hand."},
    {5303, "no code for the GPU", "The artefact has no code for GPUs, or for this one.",
     "Compile it with --gpu, for example --gpu=sm_90."},
    {5304, "GPU out of memory", "There is no memory left on the GPU for weights, arena or tensors.",
     "Use smaller sizes, another GPU, or end other programs that use this one."},
    {5305, "driver call failed",
     "A call of the CUDA driver failed. The message names the call, the driver's error and, where it "
     "is known, the kernel and its nodes; with MLOPT_RT_DEBUG=delay it is.",
     "After an error such as an illegal address the process must be started again."},
    {5401, "training is not finite",
     "The loss of a step, what the steps have made of parameters, running statistics or optimizer "
     "state, the loss of --eval, or with --check-finite a result of an operation, is infinite or no "
     "number. Training stops; nothing of it is saved, the last checkpoint stays as it was.",
     "Lower the learning rate, clip the gradients (--clip-norm), look at the data; an artefact of "
     "'mlopt train --check-finite' names the first operation."},
    {5402, "checkpoint or log not written",
     "The disk is full, or the file cannot be written. Training stops; the checkpoint that was "
     "there before is untouched.",
     "Make room or choose another folder, then run the same command with --resume."},
    {6001, "verification failed",
     "The artefact's results differ from the reference by more than the tolerances allow.",
     "The message names the worst output; --rtol and --atol set the tolerances. If they are "
     "sensible, report it with the model."},
    {6002, "accuracy bound not kept",
     "No choice of layers of 'mlopt quantize' keeps the drop of --max-drop on --data. There is no "
     "output.",
     "The table says what each layer costs. Raise the bound, give more and better samples to "
     "--calibrate, or try --smooth, --bias-correction, --dynamic or --weight-only --bits=8."},
    {6003, "quantization does not pay",
     "With --max-drop, 'mlopt quantize' keeps layers in float that are not faster as integers on this "
     "machine; these are all. There is no output.",
     "Compile the float model. Try another form (--dynamic, --weight-only), other --threads, or a "
     "larger batch; --no-timing quantizes without regard to time."},
};

std::vector<ExplainedCode> getExplainedCodes() {
  std::vector<ExplainedCode> rows(std::begin(driverCodes), std::end(driverCodes));
  for (const ErrorInfo &info : getErrorTable())
    rows.push_back({info.code, info.title, info.explanation, info.remedy});
  llvm::sort(rows, [](const ExplainedCode &a, const ExplainedCode &b) { return a.code < b.code; });
  return rows;
}

static void print(const ExplainedCode &row, bool json) {
  int exit = getExitCode(row.code);
  if (json) {
    llvm::outs() << llvm::json::Value(llvm::json::Object{{"code", formatErrorCode(row.code)},
                                                         {"title", row.title},
                                                         {"explanation", row.explanation},
                                                         {"remedy", row.remedy},
                                                         {"exit", exit}})
                 << "\n";
    return;
  }
  llvm::outs() << formatErrorCode(row.code) << ": " << row.title << " (exit code " << exit
               << ")\n\n"
               << row.explanation << "\n\nWhat to do: " << row.remedy << "\n";
}

int runExplain(const CommandLine &line) {
  Diagnostics diagnostics(line.compile);
  std::vector<ExplainedCode> rows = getExplainedCodes();
  if (line.positional.empty()) {
    if (line.compile.json) {
      for (const ExplainedCode &row : rows)
        print(row, true);
      return kExitOk;
    }
    for (const ExplainedCode &row : rows)
      llvm::outs() << formatErrorCode(row.code) << "  " << row.title << "\n";
    return kExitOk;
  }
  for (llvm::StringRef given : line.positional) {
    llvm::StringRef digits = given;
    if (digits.size() > 3 && digits.take_front(3).equals_insensitive("MLO"))
      digits = digits.drop_front(3);
    unsigned code = 0;
    if (digits.getAsInteger(10, code))
      return diagnostics.usage("'" + given + "' is no error code, expected one such as MLO1001");
    auto it = llvm::find_if(rows, [&](const ExplainedCode &row) { return row.code == code; });
    if (it == rows.end())
      return diagnostics.usage("no error has the code '" + given +
                               "'; 'mlopt explain' without a code lists all");
    print(*it, line.compile.json);
  }
  return kExitOk;
}

} // namespace mlopt
