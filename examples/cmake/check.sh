#!/bin/bash
# Installs mlopt, builds the CMake example against the installed tree and against the build folder, runs it, and sees
# that a changed model is compiled again.
#
# usage: check.sh BUILD_DIR
#
# The last line is `N passed, N failed, N skipped`. Exit code 0 if nothing failed, 1 if something did, 2 for usage.
set -u

source "$(dirname "$0")/../common.sh"

# Installed under one name and moved: nothing in the tree may know where it was.
install_moved() {
  DESTDIR='' cmake --install "$BUILD" --prefix "$WORK/first" && mv "$WORK/first" "$WORK/prefix"
}

# configure FOLDER GENERATOR OPTION...
configure() {
  local folder=$1 generator=$2
  shift 2
  cmake -S "$HERE" -B "$folder" -G "$generator" -DCMAKE_C_COMPILER="$CC" -DMODEL="$WORK/mlp.onnx" \
    ${SANITIZE:+-DCMAKE_C_FLAGS=-fsanitize=$SANITIZE} "$@"
}

runs_right() { # FOLDER
  "$1/classify" <"$WORK/x.f32" >"$WORK/y.txt" &&
    "$PYTHON" "$HERE/../c/arrays.py" compare "$MODELS/mlp.npz" out:probabilities <"$WORK/y.txt"
}

# Time stamps in nanoseconds of what a build made.
stamps() { stat -c '%y %n' "$1"/mlopt/mlp/*.a "$1/classify"; }

unchanged_stays() { # FOLDER
  local before
  before=$(stamps "$1") && cmake --build "$1" && [ "$before" = "$(stamps "$1")" ] ||
    { echo "something was built again"; return 1; }
}

touched_is_rebuilt() { # FOLDER
  local before after
  before=$(stamps "$1")
  sleep 1.1 # some file systems and makes count in seconds
  touch "$WORK/mlp.onnx"
  cmake --build "$1" || return 1
  after=$(stamps "$1")
  [ "$(diff <(echo "$before") <(echo "$after") | grep -c '^>')" -eq 2 ] ||
    { printf '%s\n' "before" "$before" "after" "$after"; return 1; }
}

cp "$MODELS/mlp.onnx" "$WORK/mlp.onnx"
"$PYTHON" "$HERE/../c/arrays.py" extract "$MODELS/mlp.npz" in:x >"$WORK/x.f32" || exit 1

if step "mlopt installs" install_moved; then
  for generator in Ninja "Unix Makefiles"; do
    if [ "$generator" != Ninja ] && ! command -v make >/dev/null; then
      skip "$generator" "there is no make"
      continue
    fi
    folder=$WORK/${generator// /-}
    step "$generator: configure" configure "$folder" "$generator" -DCMAKE_PREFIX_PATH="$WORK/prefix" &&
      step "$generator: build" cmake --build "$folder" &&
      step "$generator: the result is that of the framework" runs_right "$folder" &&
      step "$generator: a second build does nothing" unchanged_stays "$folder" &&
      step "$generator: a touched model is compiled again" touched_is_rebuilt "$folder"
  done
  folder=$WORK/shared
  step "SHARED: configure" configure "$folder" Ninja -DCMAKE_PREFIX_PATH="$WORK/prefix" -DKIND=SHARED &&
    step "SHARED: build" cmake --build "$folder" &&
    step "SHARED: the result is that of the framework" runs_right "$folder"
fi
folder=$WORK/build-tree
step "build folder: configure" configure "$folder" Ninja -Dmlopt_DIR="$BUILD/lib/cmake/mlopt" \
  -DMLOPT_HOST_COMPILER="$BUILD/bin/mlopt" &&
  step "build folder: build" cmake --build "$folder" &&
  step "build folder: the result is that of the framework" runs_right "$folder"
finish
