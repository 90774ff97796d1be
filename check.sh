#!/bin/bash
# Runs the tests of mlopt, installing and building first what is missing.
#
# usage: ./check.sh [AREA...] [--models] [--cuda] [--bench] [--bench-train] [--bench-quantize] [--debug-runtime] [--models-dir DIR] [--build-dir DIR] [--jobs N]
#                   [--no-install] [--no-build] [--help]
#
# Areas (all of them by default):
#   lit              tests of the compiler, the runtime and the tools (lit + FileCheck)
#   onnx-reference   the ONNX backend suite on the reference evaluator
#   onnx             the ONNX backend suite on compiled models (with onnx-reference: both)
#   models-tiny      small exported models against the outputs of the framework, and in the runtime's debug mode
#   python           the Python package
#   ocr              the text recogniser: several widths and batches
#   examples         the C and the CMake example
#   quantize         `mlopt quantize` on the digits network and the text recogniser: is the accuracy kept; models that ONNX
#                    Runtime's quantizer wrote against ONNX Runtime
#   cuda             CUDA code on the emulator: a sample of the ONNX backend suite, small models in f32, tf32, f16 and bf16
#   cuda-suite       the whole ONNX backend suite assembled for sm_90, and run on the emulator; only by name
#   cuda-gpu         on a real GPU: kernel by kernel, the small models and the ONNX backend suite, then bench/gpu.py; only
#                    by name or with --cuda
#   models           full-size exported models; installs PyTorch; only by name or with --models
#   quantize-models  the sentence encoder quantized, and models that NNCF wrote; installs PyTorch and NNCF; only by name or
#                    with --models
#   bench            speed of the seven full-size models against ONNX Runtime at 1 and 2 threads (at most 1.7 times, the
#                    geometric mean at most 1.25), and what compiling, loading and running them may cost; wants a machine
#                    that does nothing else; only by name or with --bench
#   bench-train      training steps against PyTorch eager at 1 and 2 threads, BERT-base among them: at most its time and
#                    less memory; wants a machine that does nothing else; only by name or with --bench-train
#   bench-quantize   quantized models against mlopt's f32 and against ONNX Runtime at 1 and 2 threads; wants a machine that
#                    does nothing else; only by name or with --bench-quantize
#
#   --models         add the areas models and quantize-models
#   --cuda           the area cuda-gpu alone: everything there is to do with a GPU; nothing is fetched if it is built
#   --bench          add the area bench
#   --bench-train    add the area bench-train
#   --bench-quantize add the area bench-quantize
#   --debug-runtime  run compiled models in the runtime's debug mode (MLOPT_RT_DEBUG=poison,delay) and the ONNX suite on
#                    three threads; without an area: onnx and models-tiny
#   --models-dir DIR full-size models that bench/models.py wrote before; default: BUILD_DIR/models, written if missing
#   --build-dir DIR  default: build beside this script
#   --jobs N         compilations and tests at a time
#   --no-install     install no Debian packages; say which are missing
#   --no-build       test what is built
#
# The last line is `N passed, N failed, N skipped`, the sum over the areas. An ONNX test that is unsupported, and
# expected to be, counts as skipped; its reason is in the table. Exit code 0 if nothing failed, 1 if something did,
# 2 for a usage error.
set -uo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BUILD_DIR=$ROOT/build
INSTALL=1
BUILD=1
JOBS=
AREAS=()
# shellcheck source=.ci/lib.sh
. "$ROOT/.ci/lib.sh"

MODELS_DIR=
DEBUG_RUNTIME=
PASSED=0
FAILED=0
SKIPPED=0

usage() { sed -n '/^set /q;2,$s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
usage_error() { say "$PROGRAM: $1"; usage >&2; exit 2; }

while [ $# -gt 0 ]; do
  case $1 in
    --help|-h) usage; exit 0 ;;
    --build-dir|--models-dir|--jobs|-j) [ $# -ge 2 ] || usage_error "$1 needs a value" ;;&
    --build-dir) BUILD_DIR=$2; shift ;;
    --build-dir=*) BUILD_DIR=${1#*=} ;;
    --models-dir) MODELS_DIR=$2; shift ;;
    --models-dir=*) MODELS_DIR=${1#*=} ;;
    --jobs|-j) JOBS=$2; shift ;;
    --jobs=*) JOBS=${1#*=} ;;
    --no-install) INSTALL=0 ;;
    --no-build) BUILD=0 ;;
    --models) MODELS=1 ;;
    --cuda) CUDA=1 ;;
    --bench) BENCH=1 ;;
    --bench-train) BENCH_TRAIN=1 ;;
    --bench-quantize) BENCH_QUANTIZE=1 ;;
    --debug-runtime) DEBUG_RUNTIME=poison,delay ;;
    lit|onnx|onnx-reference|models-tiny|python|ocr|examples|quantize|cuda|cuda-suite|cuda-gpu|models|quantize-models|bench|bench-train|bench-quantize) AREAS+=("$1") ;;
    *) usage_error "unknown option or area '$1'" ;;
  esac
  shift
done
[ ${#AREAS[@]} -gt 0 ] || [ -z "$DEBUG_RUNTIME" ] || AREAS=(onnx models-tiny)
[ -z "${CUDA-}" ] || AREAS+=(cuda-gpu)
[ ${#AREAS[@]} -gt 0 ] || AREAS=(lit onnx-reference onnx models-tiny python ocr examples quantize cuda)
[ -z "${MODELS-}" ] || AREAS+=(models quantize-models)
[ -z "${BENCH-}" ] || AREAS+=(bench)
[ -z "${BENCH_TRAIN-}" ] || AREAS+=(bench-train)
[ -z "${BENCH_QUANTIZE-}" ] || AREAS+=(bench-quantize)
JOBS=${JOBS:-$(default_jobs)}
case $JOBS in ''|*[!0-9]*|0) usage_error "--jobs needs a number above 0, got '$JOBS'" ;; esac
mkdir -p "$BUILD_DIR" || fail "build folder" "cannot create $BUILD_DIR" "choose another with --build-dir"
BUILD_DIR=$(cd "$BUILD_DIR" && pwd)
RESULTS=$BUILD_DIR/results
mkdir -p "$RESULTS"
export MLOPT_CACHE_DIR=$BUILD_DIR/cache PYTHONDONTWRITEBYTECODE=1
[ -z "$DEBUG_RUNTIME" ] || export MLOPT_RT_DEBUG=$DEBUG_RUNTIME
if [ -n "$MODELS_DIR" ]; then
  ls "$MODELS_DIR"/*.onnx >/dev/null 2>&1 || usage_error "--models-dir: there is no .onnx file in '$MODELS_DIR'"
fi

# add PASSED FAILED SKIPPED: to the totals.
add() {
  PASSED=$((PASSED + $1))
  FAILED=$((FAILED + $2))
  SKIPPED=$((SKIPPED + $3))
  say "   $1 passed, $2 failed, $3 skipped"
}

# add_counted KIND FILE: adds what .ci/count_results.py finds; a file that is not there or broken is one failure.
add_counted() {
  local counts
  if counts=$("$PYTHON" "$ROOT/.ci/count_results.py" "$1" "$2"); then
    # shellcheck disable=SC2086
    add $counts
  else
    say "   no results: the run itself failed"
    add 0 1 0
  fi
}

# add_status STATUS WHAT: a script that tells only success or failure.
add_status() { if [ "$1" -eq 0 ]; then add 1 0 0; else say "   failed: $2"; add 0 1 0; fi; }

# add_summary STATUS LOG: a script whose last line is `N passed, N failed, N skipped`.
add_summary() {
  local line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$2" | tail -n 1)
  if [ -z "$line" ]; then add_status 1 "it ended with status $1 and no summary"; return; fi
  # shellcheck disable=SC2046
  set -- "$1" $(tr -dc '0-9 ' <<<"$line")
  [ "$1" -eq 0 ] || [ "$3" -gt 0 ] || set -- "$1" "$2" 1 "$4"
  add "$2" "$3" "$4"
}

# shown NAME COMMAND...: output on standard error and in RESULTS/NAME.log; the status is the command's.
shown() {
  local log=$RESULTS/$1.log
  shift
  "$@" </dev/null 2>&1 | tee "$log" >&2
  return "${PIPESTATUS[0]}"
}

area_lit() {
  rm -f "$RESULTS/lit.json"
  shown lit "$PYTHON" "$BUILD_DIR/venv/bin/lit" -sv -j "$JOBS" --timeout 600 -o "$RESULTS/lit.json" "$BUILD_DIR/test"
  add_counted lit "$RESULTS/lit.json"
}

onnx_suite() { # MODE
  local status=0 threads=1
  [ -z "$DEBUG_RUNTIME" ] || threads=3
  rm -f "$RESULTS/onnx-$1.json"
  shown "onnx-$1" run_python "$ROOT/test/Onnx/run_suite.py" --build-dir="$BUILD_DIR" --mode="$1" --jobs="$JOBS" --threads="$threads" \
    --json="$RESULTS/onnx-$1.json" --markdown="$RESULTS/onnx-$1.md" --problems="$RESULTS/onnx-$1.problems" || status=$?
  [ "$status" -gt 1 ] || cat "$RESULTS/onnx-$1.md" >&2
  add_counted onnx "$RESULTS/onnx-$1.json"
}
area_onnx_reference() { onnx_suite reference; }
area_onnx() { onnx_suite compiled; }

run_models() { # NAME FOLDER [OPTION]...
  local status=0 name=$1
  shift
  shown "$name" run_python "$ROOT/test/Integration/run_models.py" --build-dir="$BUILD_DIR" "$@" || status=$?
  add_summary "$status" "$RESULTS/$name.log"
}
area_models_tiny() { run_models models-tiny "$ROOT/test/Integration/models" --debug-runtime; }

# full_size_models: leaves the folder of the exported models in MODELS_DIR; false if they cannot be made.
full_size_models() {
  [ -z "$MODELS_DIR" ] || return 0
  say "   PyTorch and the exporters (about 1 GB the first time)"
  pip_install "models" "$ROOT/.ci/requirements-models.txt"
  local folder=$BUILD_DIR/models
  if [ ! -e "$folder/.complete-dynamic-minilm" ]; then
    mkdir -p "$folder"
    if ! logged export-models "$PYTHON" "$ROOT/bench/models.py" --out "$folder" --dynamic --minilm; then
      show_log
      add_status 1 "bench/models.py could not export the models"
      return 1
    fi
    touch "$folder/.complete-dynamic-minilm"
  fi
  MODELS_DIR=$folder
}

area_models() { full_size_models && run_models models "$MODELS_DIR"; }

# The models that the bounds of bench/compare.py are about.
SEVEN=(resnet50 mobilenetv2 vit convnext bert gpt2 lstm)

area_bench() {
  full_size_models || return
  local status=0 paths=("${SEVEN[@]/#/$MODELS_DIR/}")
  paths=("${paths[@]/%/.onnx}")
  shown bench-costs run_python "$ROOT/bench/goals.py" --build-dir "$BUILD_DIR" --threads 1,2 "${paths[@]}" || status=$?
  add_status "$status" "bench/goals.py: what compiling, loading and running cost"
  status=0
  shown bench-speed run_python "$ROOT/bench/compare.py" --threads 1,2 --max-ratio=1.7 --max-geomean=1.25 \
    --json "$RESULTS/compare.json" "${paths[@]}" || status=$?
  add_status "$status" "bench/compare.py: speed against ONNX Runtime"
}

area_bench_train() {
  say "   PyTorch and the exporters (about 1 GB the first time)"
  pip_install "models" "$ROOT/.ci/requirements-models.txt"
  local status=0
  shown bench-train run_python "$ROOT/bench/train.py" --check --threads 1,2 --mlopt "$BUILD_DIR/bin/mlopt" \
    --json "$RESULTS/train.json" || status=$?
  add_status "$status" "bench/train.py: training steps against PyTorch eager"
}

area_python() {
  rm -f "$RESULTS/python.xml"
  shown python run_python -m pytest -q -rs -p no:cacheprovider --junitxml="$RESULTS/python.xml" "$ROOT/test/Python"
  add_counted junit "$RESULTS/python.xml"
}

area_ocr() {
  local status=0
  step_ocr_model
  if ! compile_ocr_model; then
    show_log
    add_status 1 "the recogniser does not compile"
    return
  fi
  shown ocr run_python "$ROOT/examples/ocr/ocr.py" --model "$OCR_MODEL" --artefact "$OCR_ARTEFACT" || status=$?
  add_status "$status" "examples/ocr/ocr.py"
  status=0
  shown ocr-widths run_python "$ROOT/test/Integration/ocr_widths.py" --model "$OCR_MODEL" --artefact "$OCR_ARTEFACT" \
    --build-dir "$BUILD_DIR" --mlopt "$BUILD_DIR/bin/mlopt" || status=$?
  add_summary "$status" "$RESULTS/ocr-widths.log"
}

area_examples() {
  local script status found=
  for script in "$ROOT"/examples/*/check.sh; do
    [ -e "$script" ] || continue
    found=1
    status=0
    shown "example-$(basename "$(dirname "$script")")" bash "$script" "$BUILD_DIR" || status=$?
    add_status "$status" "$script"
  done
  [ -n "$found" ] || { say "   skipped: no example has a check.sh yet"; add 0 0 1; }
}

area_quantize() {
  local status=0
  step_ocr_model
  shown quantize run_python "$ROOT/test/Integration/quantized_models.py" --build-dir "$BUILD_DIR" --digits \
    --ocr "$OCR_MODEL" || status=$?
  add_summary "$status" "$RESULTS/quantize.log"
  status=0
  shown quantize-qdq run_python "$ROOT/test/Integration/qdq_models.py" --build-dir "$BUILD_DIR" || status=$?
  add_summary "$status" "$RESULTS/quantize-qdq.log"
}

# Small models on a GPU against the reference evaluator, and damaged code that must not pass.
cuda_models() { # NAME [OPTION]...
  local status=0 name=$1
  shift
  shown "$name" run_python "$ROOT/test/Integration/cuda_models.py" --build-dir "$BUILD_DIR" "$@" || status=$?
  add_summary "$status" "$RESULTS/$name.log"
}

cuda_suite() { # NAME OPTION...
  local status=0 name=$1
  shift
  rm -f "$RESULTS/$name.json"
  shown "$name" run_python "$ROOT/test/Onnx/run_suite.py" --build-dir="$BUILD_DIR" --mode=cuda --jobs="$JOBS" --quiet \
    --json="$RESULTS/$name.json" --problems="$RESULTS/$name.problems" "$@" || status=$?
  add_counted onnx "$RESULTS/$name.json"
}

area_cuda() {
  cuda_suite onnx-cuda --sample=420
  cuda_models cuda-models
  local status=0
  shown gpu-bench run_python "$ROOT/test/Integration/gpu_bench.py" --build-dir "$BUILD_DIR" || status=$?
  add_summary "$status" "$RESULTS/gpu-bench.log"
}
area_cuda_suite() {
  cuda_suite onnx-cuda-ptxas --compile-only --flag=--ptxas="${MLOPT_PTXAS:-$(command -v ptxas)}"
  cuda_suite onnx-cuda-emulated
}
area_cuda_gpu() {
  local status=0
  cuda_models cuda-models-gpu --real-gpu
  cuda_suite onnx-cuda-gpu --real-gpu
  shown cuda-kernels bash "$ROOT/test/Integration/cuda_kernels.sh" "$BUILD_DIR" || status=$?
  add_summary "$status" "$RESULTS/cuda-kernels.log"
  status=0
  shown bench-gpu run_python "$ROOT/bench/gpu.py" --build-dir "$BUILD_DIR" --json "$RESULTS/gpu.json" || status=$?
  add_status "$status" "bench/gpu.py: speed on the GPU against PyTorch"
}

area_quantize_models() {
  full_size_models || return
  pip_install "models" "$ROOT/.ci/requirements-models.txt"
  local status=0
  shown quantize-models run_python "$ROOT/test/Integration/quantized_models.py" --build-dir "$BUILD_DIR" \
    --minilm "$MODELS_DIR/minilm.onnx" || status=$?
  add_summary "$status" "$RESULTS/quantize-models.log"
  status=0
  shown quantize-nncf run_python "$ROOT/test/Integration/qdq_models.py" --build-dir "$BUILD_DIR" --nncf --only NNCF || status=$?
  add_summary "$status" "$RESULTS/quantize-nncf.log"
}

area_bench_quantize() {
  full_size_models || return
  pip_install "models" "$ROOT/.ci/requirements-models.txt"
  if [ ! -e "$MODELS_DIR/llama_decode.onnx" ] &&
    ! logged export-decode "$PYTHON" "$ROOT/bench/models.py" --out "$MODELS_DIR" --model llama_decode; then
    show_log
    add_status 1 "bench/models.py could not export the decode step"
    return
  fi
  local status=0 paths=(resnet50 mobilenetv2 bert minilm llama_decode)
  paths=("${paths[@]/#/$MODELS_DIR/}")
  shown bench-quantize run_python "$ROOT/bench/quantize.py" --check --threads 1,2 --work "$BUILD_DIR/quantized" \
    --json "$RESULTS/quantize.json" "${paths[@]/%/.onnx}" || status=$?
  add_status "$status" "bench/quantize.py: quantized models against f32 and ONNX Runtime"
}

# Whatever ends this script, its last line is the summary; an end before it is one failure more.
summary() {
  local status=$?
  trap - EXIT
  [ "$status" -eq 0 ] || { [ "$FINISHED" = 1 ] || FAILED=$((FAILED + 1)); }
  echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
  # A plain `exit` here would repeat the status from before this trap.
  exit $((FAILED > 0))
}
FINISHED=0
trap summary EXIT

if [ "$BUILD" = 1 ]; then
  BUILD_TARGETS=(all mlopt-test-depends)
  prepare
else
  stage "Python packages" step_python
  [ -x "$BUILD_DIR/bin/mlopt" ] ||
    fail "look for the build" "$BUILD_DIR/bin/mlopt is not there" "run without --no-build"
fi
step_check_python() { pip_install "Python packages of the tests" "$ROOT/.ci/requirements-check.txt"; }
stage "Python packages of the tests" step_check_python
stage "ptxas" step_ptxas
for area in "${AREAS[@]}"; do
  stage "$area" "area_${area//-/_}"
done
print_stage_times
say ""
FINISHED=1
