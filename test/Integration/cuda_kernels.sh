#!/bin/bash
# Runs the kernels of test/Codegen/CUDA one by one on the machine's GPU and compares them with the reference.
#
# usage: cuda_kernels.sh BUILD_DIR [--emulator] [--filter TEXT] [--gpu ARCHITECTURE]
#
# Files and arguments are those of the RUN lines that run mlopt-cuda-kernel-test on the emulator (%cuda); what FileCheck
# looks at there (sectors, bank conflicts) only the emulator knows. Code is for the newest architecture that the GPU
# runs, of those that mlopt knows, unless --gpu names one.
#   --emulator     the driver of BUILD_DIR/test/Cuda/lib, with the architectures of the RUN lines
#   --filter TEXT  only files whose name has it
# The last line is `N passed, N failed, N skipped`, one for each kernel, architecture and set of sizes. Exit status 0 if
# nothing failed, 1 if something did, 2 for a wrong command line or no GPU.
set -uo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD_DIR= EMULATOR= FILTER= GPU=
usage_error() { echo "cuda_kernels.sh: $1" >&2; sed -n '/^set /q;2,$s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --filter|--gpu) [ $# -ge 2 ] || usage_error "$1 needs a value" ;;&
    --emulator) EMULATOR=1 ;;
    --filter) FILTER=$2; shift ;;
    --gpu) GPU=$2; shift ;;
    -*) usage_error "unknown option '$1'" ;;
    *) [ -z "$BUILD_DIR" ] || usage_error "one build folder is expected, got '$BUILD_DIR' and '$1'"; BUILD_DIR=$1 ;;
  esac
  shift
done
[ -n "$BUILD_DIR" ] || usage_error "the build folder is missing"
TOOL=$BUILD_DIR/bin/mlopt-cuda-kernel-test
[ -x "$TOOL" ] || { echo "cuda_kernels.sh: $TOOL is not there; build mlopt-cuda-kernel-test first" >&2; exit 2; }
TOOL=$(cd "$(dirname "$TOOL")" && pwd)/mlopt-cuda-kernel-test

# capability: that of the first GPU, as 90, or nothing.
capability() { nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -n 1 | tr -dc 0-9; }

if [ -n "$EMULATOR" ]; then
  DRIVER=$(cd "$BUILD_DIR/test/Cuda/lib" 2>/dev/null && pwd) ||
    { echo "cuda_kernels.sh: $BUILD_DIR/test/Cuda/lib is not there; build mlopt-fake-cuda first" >&2; exit 2; }
  export LD_LIBRARY_PATH=$DRIVER${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
elif [ -z "$GPU" ]; then
  FOUND=$(capability)
  [ -n "$FOUND" ] || { echo "cuda_kernels.sh: nvidia-smi tells of no GPU; give --gpu or --emulator" >&2; exit 2; }
  for known in 80 90 100; do
    [ "$FOUND" -lt "$known" ] || GPU=sm_$known
  done
  [ -n "$GPU" ] || { echo "cuda_kernels.sh: the GPU is sm_$FOUND, expected sm_80 or newer" >&2; exit 2; }
fi

PASSED=0 FAILED=0 SKIPPED=0
LOG=$(mktemp)
trap 'rm -f "$LOG"' EXIT

# run_line FILE ARGUMENTS: what follows `mlopt-cuda-kernel-test %s` in a RUN line, up to the pipe.
run_line() {
  local file=$1 status=0 ok bad words=()
  read -ra words <<<"$2"
  [ -z "$GPU" ] || words+=("--gpu=$GPU")
  timeout 300 "$TOOL" "$file" "${words[@]}" >"$LOG" 2>&1 </dev/null || status=$?
  ok=$(grep -c ' ok$' "$LOG")
  bad=$(grep -c ' FAILED' "$LOG")
  # One that ends early has failed, whatever it has printed.
  if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }; then
    bad=1
    echo "$(basename "$file"): status $status: $(tail -n 1 "$LOG")"
  fi
  grep ' FAILED' "$LOG"
  PASSED=$((PASSED + ok)) FAILED=$((FAILED + bad))
  echo "$(basename "$file"): $ok ok, $bad failed"
}

for file in "$ROOT"/test/Codegen/CUDA/*.mlir; do
  case $(basename "$file") in *"$FILTER"*) ;; *) continue ;; esac
  while IFS= read -r line; do
    arguments=${line#*mlopt-cuda-kernel-test %s}
    arguments=${arguments%%|*}
    # `--gpu` may be given once.
    [ -z "$GPU" ] || arguments=$(sed -E 's/--gpu[= ][^ ]+//g' <<<"$arguments")
    run_line "$file" "$arguments"
  done < <(grep -E 'RUN:.*%cuda .*mlopt-cuda-kernel-test %s' "$file")
done
[ $((PASSED + FAILED)) -gt 0 ] || { echo "no file has '$FILTER' in its name"; FAILED=1; }
echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
[ "$FAILED" -eq 0 ]
