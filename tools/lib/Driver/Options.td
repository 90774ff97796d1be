//===- Options.td - The command line of mlopt ------------------------------===//
//
// Part of mlopt, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for details. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table for all verbs: help, parsing, suggestions and shell completion come
// from it. An option with a value is written `--name=VALUE` or `--name VALUE`.
//
//===----------------------------------------------------------------------===//
include "llvm/Option/OptParser.td"

def CompileVis : OptionVisibility;
def CheckVis : OptionVisibility;
def InspectVis : OptionVisibility;
def RunVis : OptionVisibility;
def BenchVis : OptionVisibility;
def VerifyVis : OptionVisibility;
def ExplainVis : OptionVisibility;
def EvalVis : OptionVisibility;
def TrainVis : OptionVisibility;
def QuantizeVis : OptionVisibility;

class Vis<list<OptionVisibility> verbs> {
  list<OptionVisibility> List = verbs;
}
def All : Vis<[CompileVis, CheckVis, InspectVis, RunVis, BenchVis, VerifyVis, ExplainVis, EvalVis, TrainVis, QuantizeVis]>;
def OnlyCompile : Vis<[CompileVis]>;
def OnlyTrain : Vis<[TrainVis]>;
def OnlyQuantize : Vis<[QuantizeVis]>;
// Verbs that write what they compile.
def Writing : Vis<[CompileVis, TrainVis, QuantizeVis]>;
// Verbs that may compile a model.
def Compiling : Vis<[CompileVis, RunVis, BenchVis, VerifyVis, TrainVis, QuantizeVis]>;
// Verbs that import a model.
def Importing : Vis<[CompileVis, CheckVis, InspectVis, RunVis, BenchVis, VerifyVis, EvalVis, TrainVis, QuantizeVis]>;
def Running : Vis<[RunVis, BenchVis]>;
def Feeding : Vis<[RunVis, BenchVis, VerifyVis, EvalVis]>;

def grp_output : OptionGroup<"<output>">, HelpText<"Output">;
def grp_model : OptionGroup<"<model>">, HelpText<"Model">;
def grp_training : OptionGroup<"<training>">, HelpText<"Training">;
def grp_quantization : OptionGroup<"<quantization>">, HelpText<"Quantization">;
def grp_code : OptionGroup<"<code>">, HelpText<"Code">;
def grp_data : OptionGroup<"<data>">, HelpText<"Data">;
def grp_running : OptionGroup<"<running>">, HelpText<"Running">;
def grp_look : OptionGroup<"<look>">, HelpText<"Looking inside">;
def grp_build : OptionGroup<"<build>">, HelpText<"Build systems">;
def grp_general : OptionGroup<"<general>">, HelpText<"General">;

class Where<Vis verbs, OptionGroup g> {
  list<OptionVisibility> Visibility = verbs.List;
  OptionGroup Group = g;
}

multiclass Val<string name, string meta, string help, Vis verbs, OptionGroup g> {
  def "" : Joined<["--"], name#"=">, MetaVarName<meta>, HelpText<help>, Where<verbs, g>;
  def _separate : Separate<["--"], name>, Alias<!cast<Option>(NAME)>, Where<verbs, g>;
}
class Switch<string name, string help, Vis verbs, OptionGroup g>
    : Flag<["--"], name>, HelpText<help>, Where<verbs, g>;
// Another tool's spelling of an option; not shown.
class Hidden<string name, Option of, Vis verbs>
    : Joined<["--", "-"], name>, Alias<of>, Where<verbs, grp_general>, Flags<[HelpHidden]>,
      HelpText<"Another tool's name of an option above">;

// Output
def o : JoinedOrSeparate<["-"], "o">, MetaVarName<"<file>">, Where<Writing, grp_output>,
    HelpText<"Output file (- for text on standard output; default: the model's name with the suffix of --emit)">;
defm emit : Val<"emit", "so|obj|archive|exe|mlir|llvm|asm|ptx",
    "Kind of output (default: by the suffix of -o, else so); ptx: the kernels of the first --gpu", Writing, grp_output>;
defm prefix : Val<"prefix", "<name>", "Prefix of the exported C names (default: from the output's name)", Writing, grp_output>;
defm header : Val<"header", "<file>|none", "The model's C header (default: beside the output, with suffix .h; of train: none)", Writing, grp_output>;
def weights : Joined<["--"], "weights=">, MetaVarName<"embed|file">, Where<Compiling, grp_output>,
    HelpText<"Weights in the output or in OUT.weights (default: embed up to 1 GiB); of run and bench: the weights file">,
    HelpTextForVariants<[QuantizeVis], "int8|uint8|int4: what weights become (default int8, of --weight-only int4); embed|file as in compile">;
def weights_separate : Separate<["--"], "weights">, Alias<weights>, Where<Compiling, grp_output>;
def save_temps : Switch<"save-temps", "Keep objects, assembly, PTX and IR of the phases beside the output", Writing, grp_output>;

// Model
defm dim : Val<"dim", "<name>=<size>", "Fix a symbolic size; <low>..<high>[@<usual>] bounds it", Importing, grp_model>;
defm shape : Val<"shape", "<input>:1x3xHx?", "Shape of an input; ? stays open", Importing, grp_model>;

defm load_weights : Val<"load-weights", "<file.safetensors>",
    "Take the model's weights from a file, by their names, such as a checkpoint of training",
    Vis<[CompileVis, RunVis, BenchVis, VerifyVis, EvalVis, TrainVis, QuantizeVis]>, grp_model>;
def allow_missing_weights : Switch<"allow-missing-weights",
    "The file of --load-weights need not hold all of them: the model's stay, as frozen ones do",
    Vis<[CompileVis, RunVis, BenchVis, VerifyVis, EvalVis, TrainVis, QuantizeVis]>, grp_model>;

def inference : Switch<"inference",
    "A model that was exported in training mode: batch normalizations use their statistics, dropout is left out (the default with --load-weights)",
    Vis<[CompileVis, CheckVis, RunVis, BenchVis, VerifyVis, EvalVis]>, grp_model>;

// Training
defm loss : Val<"loss", "<loss>",
    "cross_entropy (logits and integer labels), bce_with_logits, mse, l1, huber, or output:NAME, an output of the model with one element", OnlyTrain, grp_training>;
defm optimizer : Val<"optimizer", "sgd|adam|adamw|adagrad", "How parameters are updated (formulas and defaults are PyTorch's)", OnlyTrain, grp_training>;
defm prediction : Val<"prediction", "<output>", "Output of the model that the loss compares with the target (default: the first)", OnlyTrain, grp_training>;
defm target : Val<"target", "<name>", "Name of the data of the loss's target (default: target)", OnlyTrain, grp_training>;
defm lr : Val<"lr", "<x>|input", "Learning rate (default 0.001; of adagrad 0.01), or input: given at each step", OnlyTrain, grp_training>;
defm momentum : Val<"momentum", "<x>", "sgd: momentum (default 0)", OnlyTrain, grp_training>;
def nesterov : Switch<"nesterov", "sgd: Nesterov's momentum", OnlyTrain, grp_training>;
defm weight_decay : Val<"weight-decay", "<x>", "Weight decay (default 0, of adamw 0.01)", OnlyTrain, grp_training>;
defm betas : Val<"betas", "<x>,<x>", "adam, adamw: decay of the two averages (default 0.9,0.999)", OnlyTrain, grp_training>;
defm eps : Val<"eps", "<x>", "adam, adamw, adagrad: added to the denominator (default 1e-8, of adagrad 1e-10)", OnlyTrain, grp_training>;
defm lr_decay : Val<"lr-decay", "<x>", "adagrad: learning-rate decay by step (default 0)", OnlyTrain, grp_training>;
defm initial_accumulator : Val<"initial-accumulator", "<x>", "adagrad: first value of the sum (default 0)", OnlyTrain, grp_training>;
defm schedule : Val<"schedule", "constant|linear|cosine|step", "Course of the learning rate after the warm-up: constant, down to 0 at --total-steps, or times --gamma every --step-size steps (default constant)", OnlyTrain, grp_training>;
defm warmup_steps : Val<"warmup-steps", "<n>", "Raise the learning rate linearly over the first n steps (default 0)", OnlyTrain, grp_training>;
defm total_steps : Val<"total-steps", "<n>", "Step at which linear and cosine reach 0, warm-up included", OnlyTrain, grp_training>;
defm step_size : Val<"step-size", "<n>", "Schedule step: steps between two changes", OnlyTrain, grp_training>;
defm gamma : Val<"gamma", "<x>", "Schedule step: factor of a change (default 0.1)", OnlyTrain, grp_training>;
defm clip_norm : Val<"clip-norm", "<x>|input", "Scale gradients down to this global norm (default: not), or input: given at each step", OnlyTrain, grp_training>;
defm init : Val<"init", "weights|random", "First values: the model's weights, or random ones from the seed of the run (default weights)", OnlyTrain, grp_training>;
defm freeze : Val<"freeze", "<glob>", "Do not train parameters of such names (repeatable)", OnlyTrain, grp_training>;
defm train_only : Val<"train-only", "<glob>", "Train only parameters of such names (repeatable)", OnlyTrain, grp_training>;
defm train_scalar : Val<"train-scalar", "<glob>", "Train scalar initializers of such names too, which are constants otherwise (repeatable)", OnlyTrain, grp_training>;
defm batch_norm : Val<"batch-norm", "train|frozen", "Batch normalization with the batch's statistics, or with the model's (default train)", OnlyTrain, grp_training>;
defm ignore_index : Val<"ignore-index", "<n>", "cross_entropy: label that does not count (default -100)", OnlyTrain, grp_training>;
defm class_axis : Val<"class-axis", "<n>", "cross_entropy: axis of the classes in the logits, negative from the end (default 1; language models: -1)", OnlyTrain, grp_training>;
defm label_smoothing : Val<"label-smoothing", "<x>", "cross_entropy: share of the target spread over all classes (default 0)", OnlyTrain, grp_training>;
defm huber_delta : Val<"huber-delta", "<x>", "huber: where the square ends (default 1)", OnlyTrain, grp_training>;
def check_finite : Switch<"check-finite", "End a run at the first result that is infinite or no number, and name its node; slower", Writing, grp_code>;

// Quantization
defm calibrate : Val<"calibrate", "<dir>|<file.npz>", "Samples that show the ranges of activations: an array per input, samples along the first axis", OnlyQuantize, grp_quantization>;
defm method : Val<"method", "minmax|percentile|entropy|mse|auto", "How ranges are found; auto measures each with the layers that read the tensor (default auto)", OnlyQuantize, grp_quantization>;
defm percentile : Val<"percentile", "<x>", "Share of the values inside the range, percent (default 99.99)", OnlyQuantize, grp_quantization>;
def smooth : Flag<["--"], "smooth">, HelpText<"As --smooth=0.5">, Where<OnlyQuantize, grp_quantization>;
def smooth_of : Joined<["--"], "smooth=">, MetaVarName<"<alpha>">, HelpText<"Move outliers of activations into the weights (SmoothQuant)">, Where<OnlyQuantize, grp_quantization>;
def bias_correction : Switch<"bias-correction", "Correct biases by the mean error of each channel", OnlyQuantize, grp_quantization>;
def symmetric_activations : Switch<"symmetric-activations", "Activations as s8 with zero point 0 instead of u8", OnlyQuantize, grp_quantization>;
def per_tensor : Switch<"per-tensor", "One scale for all weights of a layer instead of one per output channel", OnlyQuantize, grp_quantization>;
def products : Switch<"products", "Products of two activations (attention) become integers, too", OnlyQuantize, grp_quantization>;
def dynamic : Flag<["--"], "dynamic">, HelpText<"As --dynamic=row">, Where<OnlyQuantize, grp_quantization>;
def dynamic_of : Joined<["--"], "dynamic=">, MetaVarName<"row|tensor">, HelpText<"Ranges of activations at run time, of each row or of the tensor: no calibration">, Where<OnlyQuantize, grp_quantization>;
def weight_only : Switch<"weight-only", "Only weights become integers; for large products with few rows", OnlyQuantize, grp_quantization>;
defm bits_of_weights : Val<"bits", "4|8", "--weight-only: bits of a weight (default 4)", OnlyQuantize, grp_quantization>;
defm group : Val<"group", "<n>", "--weight-only: weights that share a scale, 16 to 256 (default 32)", OnlyQuantize, grp_quantization>;
defm rounding : Val<"rounding", "nearest|gptq", "--weight-only: each weight to the nearest integer, or by the error of the products (needs --calibrate; default nearest)", OnlyQuantize, grp_quantization>;
defm keep_float : Val<"keep-float", "<regex>", "Leave layers whose name holds a match as they are (repeatable)", OnlyQuantize, grp_quantization>;
defm max_drop : Val<"max-drop", "<x>%", "Bound of the loss of accuracy on --data; exit code 5 and no output if it cannot be kept", OnlyQuantize, grp_quantization>;
defm metric : Val<"metric", "top1|cos|mse|psnr", "What accuracy is (default top1)", OnlyQuantize, grp_quantization>;
defm metric_output : Val<"metric-output", "<name>", "Output that --metric looks at (default: the first)", OnlyQuantize, grp_quantization>;
defm data : Val<"data", "<dir>|<file.npz>", "Samples to measure accuracy on; an array named labels holds what is right", OnlyQuantize, grp_quantization>;
def no_timing : Switch<"no-timing", "Do not measure times: the choice of layers is reproducible", OnlyQuantize, grp_quantization>;

// Code
def O : Joined<["-"], "O">, MetaVarName<"0|1|2|3">, Where<Compiling, grp_code>, HelpText<"Optimization level (default 2)">;
defm cpu : Val<"cpu", "<level>[,<level>]", "CPU levels of the code (default host); of run and bench on an artefact: the level to use", Compiling, grp_code>;
defm gpu : Val<"gpu", "<architecture>[,<architecture>]",
    "Code for GPUs as well, such as sm_80 or sm_90: PTX, and machine code where there is ptxas", Compiling, grp_code>;
defm ptxas : Val<"ptxas", "<path>|none",
    "The assembler of machine code for GPUs (default: MLOPT_PTXAS, else the one in PATH, CUDA_HOME or CUDA_PATH); none: PTX only", Compiling, grp_code>;
defm f32_matmul : Val<"f32-matmul", "ieee|tf32",
    "Products of f32 on a GPU: as on the CPU, or rounded to 10 bits of mantissa for tensor cores (default ieee)", Compiling, grp_code>;
def list_targets : Switch<"list-targets", "List the CPU levels and GPU architectures and stop", Writing, grp_code>;
defm disable_pass : Val<"disable-pass", "<name>", "Leave a pass out (repeatable)", Compiling, grp_code>;

// Data
def input : Joined<["--"], "input=">, MetaVarName<"<input>">, Where<Vis<[RunVis, BenchVis, VerifyVis, EvalVis, TrainVis]>, grp_data>,
    HelpText<"NAME:VALUE; the value is @FILE (.npy, .pb, .npz), or SHAPExTYPE=FILL such as 1x3xf32=rand; not given: random values">,
    HelpTextForVariants<[TrainVis], "train: INPUT=NAME, the name of an input's data; NAME where the model has one input (default: the input's own name; repeatable)">;
def input_separate : Separate<["--"], "input">, Alias<input>, Where<Vis<[RunVis, BenchVis, VerifyVis, EvalVis, TrainVis]>, grp_data>;
defm output : Val<"output", "@<dir>|@<file.npz>|-", "Where results go: one .npy each, one .npz, or as text", Feeding, grp_data>;
defm seed : Val<"seed", "<n>", "Seed of random values (default 0)", Feeding, grp_data>;

// Running
defm threads : Val<"threads", "<n>", "Threads at most (default: all CPUs)", Vis<[RunVis, BenchVis, VerifyVis, QuantizeVis]>, grp_running>;
defm device : Val<"device", "cpu|cuda[:<n>]", "Where to run (default cpu); a model is compiled for --gpu then, without it for the oldest architecture", Vis<[RunVis, BenchVis, VerifyVis]>, grp_running>;
defm repeat : Val<"repeat", "<n>", "Run n times", Vis<[RunVis]>, grp_running>;
defm entry : Val<"entry", "<name>", "Entry point (default: the first)", Running, grp_running>;
def verify_weights : Switch<"verify-weights", "Check the hash of the weights when loading", Running, grp_running>;
def profile : Switch<"profile", "Print the time of each launch", Running, grp_running>;
defm warmup : Val<"warmup", "<seconds>", "Run this long before measuring (default 0.5)", Vis<[BenchVis]>, grp_running>;
defm duration : Val<"duration", "<seconds>", "Measure this long (default 3)", Vis<[BenchVis]>, grp_running>;
defm iterations : Val<"iterations", "<n>", "Measure n runs instead", Vis<[BenchVis]>, grp_running>;
defm export : Val<"export", "<file.json>", "Write the result", Vis<[BenchVis]>, grp_running>;
defm baseline : Val<"baseline", "<file.json>", "Compare with an earlier result; exit code 5 if slower", Vis<[BenchVis]>, grp_running>;
defm tolerance : Val<"tolerance", "<percent>", "Slowdown against the baseline that is accepted (default 10)", Vis<[BenchVis]>, grp_running>;
defm reference : Val<"reference", "<model>", "The model that the artefact was made from", Vis<[VerifyVis]>, grp_running>;
def layers_of : Joined<["--"], "layers=">, MetaVarName<"kernels|nodes">, Where<Vis<[VerifyVis]>, grp_data>,
    HelpText<"Compare intermediate values, name the first node that differs: at the ends of kernels (as --layers), or after every node">;
def layers : Flag<["--"], "layers">, Where<Vis<[VerifyVis]>, grp_data>, Flags<[HelpHidden]>,
    HelpText<"As --layers=kernels">;
defm rtol : Val<"rtol", "<x>", "Relative tolerance (default 1e-4)", Vis<[VerifyVis]>, grp_running>;
defm atol : Val<"atol", "<x>", "Absolute tolerance, relative to the largest value of the output (default 1e-5)", Vis<[VerifyVis]>, grp_running>;
defm mode : Val<"mode", "typed|exact", "Round each result to its type, or compute in f64 (default typed)", Vis<[EvalVis]>, grp_running>;
def check_hashes : Switch<"check", "Check the hashes of the weights as well", Vis<[InspectVis]>, grp_running>;

// Looking inside
defm compile_to : Val<"compile-to", "input|graph|quantize|fuse|plan|kernels|object", "Stop after a phase and print the module", Writing, grp_look>;
defm print_after : Val<"print-after", "<pass>", "Print the module after a pass on standard error (repeatable; all for every pass)", Compiling, grp_look>;
def list_passes : Switch<"list-passes", "List the passes of each phase and stop", Writing, grp_look>;
def time_phases : Switch<"time-phases", "Print the time of each phase", Compiling, grp_look>;
def report : Joined<["--"], "report=">, MetaVarName<"memory,fusion">, Where<Writing, grp_look>, HelpText<"Print what was decided">,
    HelpTextForVariants<[QuantizeVis], "memory,fusion as in compile; quantization[:FILE.json|:FILE.svg], a table of the layers (repeatable)">;
def report_separate : Separate<["--"], "report">, Alias<report>, Where<Writing, grp_look>;
def verify_each : Switch<"verify-each", "Verify the IR after every pass", Compiling, grp_look>;

defm reproducer_dir : Val<"reproducer-dir", "<dir>",
    "Folder for what an internal error leaves for a report (default: OUT.mlopt-repro)", Compiling, grp_look>;
def force_internal_error : Joined<["--"], "force-internal-error=">, MetaVarName<"crash@<pass>|crash@<phase>|fail@<phase>|spoil@<operation>|spoil-kernel@<layer>">, Where<Compiling, grp_look>,
    HelpText<"For tests: crash before a pass or in a phase, fail after a phase, make an operation's gradient 1 % too large, or a layer's integer kernel wrong">, Flags<[HelpHidden]>;

// Build systems
def MD : Flag<["-"], "MD">, HelpText<"Write a depfile">, Where<Writing, grp_build>;
def MF : JoinedOrSeparate<["-"], "MF">, MetaVarName<"<file>">, HelpText<"Name of the depfile (default: OUT.d)">, Where<Writing, grp_build>;
def j : JoinedOrSeparate<["-"], "j">, MetaVarName<"<n>">, HelpText<"Compile kernels on n threads (default: all CPUs)">, Where<Compiling, grp_build>;
defm batch : Val<"batch", "-|<file>", "Read one command line per line, answer each with a line of JSON", Vis<[CompileVis, EvalVis, CheckVis]>, grp_build>;
defm timeout : Val<"timeout", "<seconds>", "With --batch: end a line that takes longer", Vis<[CompileVis, EvalVis, CheckVis]>, grp_build>;

// General
def help : Flag<["--", "-"], "help">, HelpText<"Print this">, Where<All, grp_general>;
def help_short : Flag<["-"], "h">, Alias<help>, Where<All, grp_general>, Flags<[HelpHidden]>;
def help_hidden : Flag<["--"], "help-hidden">, HelpText<"Print the other tools' spellings too">, Where<All, grp_general>;
def version : Flag<["--"], "version">, HelpText<"Print the version">, Where<All, grp_general>;
defm format : Val<"format", "text|json", "Form of what is printed, diagnostics included", All, grp_general>;
defm completion : Val<"completion", "bash", "Print a completion script for the shell", OnlyCompile, grp_general>;
def v : Flag<["-"], "v">, HelpText<"Say more">, Where<All, grp_general>;
def verbose : Flag<["--"], "verbose">, Alias<v>, Where<All, grp_general>, Flags<[HelpHidden]>;
def q : Flag<["-"], "q">, HelpText<"Print nothing but errors">, Where<All, grp_general>;
def quiet : Flag<["--"], "quiet">, Alias<q>, Where<All, grp_general>, Flags<[HelpHidden]>;

// What users of other tools type
def mcpu : Hidden<"mcpu=", cpu, Compiling>;
def march : Hidden<"march=", cpu, Compiling>;
def saveEngine : Hidden<"saveEngine=", o, OnlyCompile>;
def warmUp : Hidden<"warmUp=", warmup, Vis<[BenchVis]>>;
def onnx : Joined<["--", "-"], "onnx=">, Where<Importing, grp_general>, Flags<[HelpHidden]>;
def EmitLib : Flag<["--", "-"], "EmitLib">, Alias<emit>, AliasArgs<["so"]>, Where<OnlyCompile, grp_general>, Flags<[HelpHidden]>,
    HelpText<"As --emit=so">;
