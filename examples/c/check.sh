#!/bin/bash
# Builds the C example against a build folder, runs it and compares its output with that of the framework.
#
# usage: check.sh BUILD_DIR
#
# The last line is `N passed, N failed, N skipped`. Exit code 0 if nothing failed, 1 if something did, 2 for usage.
set -u

source "$(dirname "$0")/../common.sh"

program() { LD_LIBRARY_PATH=$BUILD/lib "$WORK/run" "$@"; }

runs_right() {
  "$PYTHON" "$HERE/arrays.py" extract "$MODELS/mlp.npz" in:x >"$WORK/x.f32" &&
    program "$WORK/mlp.so" 13 37 <"$WORK/x.f32" >"$WORK/y.txt" &&
    "$PYTHON" "$HERE/arrays.py" compare "$MODELS/mlp.npz" out:probabilities <"$WORK/y.txt"
}

# refused TEXT ARGUMENT...: exit code 8 and a message that has TEXT.
refused() {
  local text=$1 code=0
  shift
  program "$@" <"$WORK/x.f32" >"$WORK/refused" 2>&1 || code=$?
  cat "$WORK/refused"
  [ "$code" -eq 8 ] && grep -q -- "$text" "$WORK/refused" || { echo "exit code $code, expected 8 and '$text'"; return 1; }
}

step "the model compiles" "$BUILD/bin/mlopt" "$MODELS/mlp.onnx" -o "$WORK/mlp.so"
[ "$FAILED" -eq 0 ] || finish
# shellcheck disable=SC2086
step "the program compiles" "$CC" ${SANITIZE:+-fsanitize=$SANITIZE} -std=c11 -Wall -Wextra -Werror \
  -I"$ROOT/runtime/include" "$HERE/main.c" -L"$BUILD/lib" -lmlopt_rt -o "$WORK/run"
[ "$FAILED" -eq 0 ] || finish
step "the result is that of the framework" runs_right
step "a wrong shape is refused" refused "MLO5105: input 'x' has shape" "$WORK/mlp.so" 12 37
step "a wrong rank is refused" refused "MLO5103\|MLO5104" "$WORK/mlp.so" 13
step "a missing artefact is refused" refused MLO5003 "$WORK/none.so" 13 37
head -c 2000 "$WORK/mlp.so" >"$WORK/short.so"
step "a damaged artefact is refused" refused "MLO500[46]" "$WORK/short.so" 13 37
finish
