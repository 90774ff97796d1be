#!/bin/bash
# Trains with the C program and with the Python script against a build folder, and checks what they give.
#
# usage: check.sh BUILD_DIR
#
# The last line is `N passed, N failed, N skipped`. Exit code 0 if nothing failed, 1 if something did, 2 for usage.
set -u

source "$(dirname "$0")/../common.sh"

program() { LD_LIBRARY_PATH=$BUILD/lib "$WORK/train" "$WORK/step.so" "$@" <"$WORK/data.bin"; }

data() {
  "$PYTHON" -c "import numpy, sys
d = numpy.load(sys.argv[1])
sys.stdout.buffer.write(d['x'].tobytes() + d['target'].tobytes())" "$ROOT/test/Training/Curves/mlp.npz" >"$WORK/data.bin"
}

# 30 epochs, and 10 and 20 from a checkpoint, end with the same bits.
goes_on() {
  program 64 20 30 "$WORK/whole.bin" >"$WORK/whole.txt" && program 64 20 10 "$WORK/part.bin" >/dev/null &&
    program 64 20 20 "$WORK/part.bin" >"$WORK/part.txt" && cmp "$WORK/whole.bin" "$WORK/part.bin" &&
    diff <(tail -n 1 "$WORK/whole.txt") <(tail -n 1 "$WORK/part.txt")
}

learns() {
  cat "$WORK/whole.txt"
  "$PYTHON" -c "import sys
losses = [float(l.split()[-1]) for l in open(sys.argv[1]) if l.startswith('epoch')]
sys.exit(not (len(losses) == 30 and losses[-1] < losses[0] / 2))" "$WORK/whole.txt"
}

# refused TEXT ARGUMENT...: exit code 8 and a message that has TEXT.
refused() {
  local text=$1 code=0
  shift
  program "$@" >"$WORK/refused" 2>&1 || code=$?
  cat "$WORK/refused"
  [ "$code" -eq 8 ] && grep -q -- "$text" "$WORK/refused" || { echo "exit code $code, expected 8 and '$text'"; return 1; }
}

python_script() {
  env MLOPT="$BUILD/bin/mlopt" MLOPT_BUILD_DIR="$BUILD" PYTHONPATH="$BUILD/python" DIGITS_FOLDER="$WORK" "$PYTHON" "$HERE/digits.py"
}

step "the training step compiles" "$BUILD/bin/mlopt" train "$ROOT/test/Training/Curves/mlp.onnx" --loss=cross_entropy \
  --optimizer=adamw --lr=0.01 -o "$WORK/step.so"
[ "$FAILED" -eq 0 ] || finish
# shellcheck disable=SC2086
step "the program compiles" "$CC" ${SANITIZE:+-fsanitize=$SANITIZE} -std=c11 -Wall -Wextra -Werror \
  -I"$ROOT/runtime/include" "$HERE/main.c" -L"$BUILD/lib" -lmlopt_rt -o "$WORK/train"
step "the data are there" data
[ "$FAILED" -eq 0 ] || finish
step "a checkpoint is gone on from" goes_on
step "the loss falls" learns
step "wrong sizes are refused" refused "MLO5105: input 'x' has shape" 64 10 1 "$WORK/none.bin"
head -c 1000 "$WORK/whole.bin" >"$WORK/short.bin"
step "a checkpoint that is cut off is refused" refused "MLO5003: loading ended at tensor" 64 20 1 "$WORK/short.bin"
if [ -n "$SANITIZE" ]; then
  skip "the Python script" "a sanitizer's runtime is not in Python"
elif "$PYTHON" -c "import onnx, sklearn" 2>/dev/null; then
  step "the Python script reads 98 % of the digits" python_script
else
  skip "the Python script" "scikit-learn or onnx is not installed"
fi
finish
