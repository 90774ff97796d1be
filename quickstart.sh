#!/bin/bash
# Sets everything up and shows mlopt at work: installs what is needed, builds the compiler, compiles a trained
# text recogniser to native code, draws a line of text, reads it and compares.
#
# usage: ./quickstart.sh [--build-dir DIR] [--jobs N] [--no-install] [--help]
#
#   --build-dir DIR   where everything goes (default: build beside this script)
#   --jobs N          compilations at a time (default: by processors and memory)
#   --no-install      install no Debian packages; say which are missing
#
# Needs Debian 12, root or sudo for the packages, a network for packages and the model. A second run takes seconds.
# Exit code 0 if the text that was read is the text that was drawn.
set -uo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BUILD_DIR=$ROOT/build
INSTALL=1
JOBS=
# shellcheck source=.ci/lib.sh
. "$ROOT/.ci/lib.sh"

usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
usage_error() { say "$PROGRAM: $1"; usage >&2; exit 2; }

while [ $# -gt 0 ]; do
  case $1 in
    --help|-h) usage; exit 0 ;;
    --build-dir|--jobs) [ $# -ge 2 ] || usage_error "$1 needs a value" ;;&
    --build-dir) BUILD_DIR=$2; shift ;;
    --build-dir=*) BUILD_DIR=${1#*=} ;;
    --jobs|-j) JOBS=${2-}; shift ;;
    --jobs=*) JOBS=${1#*=} ;;
    --no-install) INSTALL=0 ;;
    *) usage_error "unknown option '$1'" ;;
  esac
  shift
done
JOBS=${JOBS:-$(default_jobs)}
case $JOBS in ''|*[!0-9]*|0) usage_error "--jobs needs a number above 0, got '$JOBS'" ;; esac
mkdir -p "$BUILD_DIR" || fail "build folder" "cannot create $BUILD_DIR" "choose another with --build-dir"
BUILD_DIR=$(cd "$BUILD_DIR" && pwd)

step_compile() {
  if ! compile_ocr_model; then
    show_log
    fail "compile the model" "mlopt could not compile $OCR_MODEL (its message is above)" \
      "'$BUILD_DIR/bin/mlopt explain CODE' describes the error; README says what works so far"
  fi
}

step_read() {
  run_python "$ROOT/examples/ocr/ocr.py" --model "$OCR_MODEL" --artefact "$OCR_ARTEFACT" ||
    fail "read the picture" "the text that was read is not the text that was drawn, or the run failed (see above)" \
      "run ./check.sh ocr for more detail"
}

prepare
stage "OCR model" step_ocr_model
stage "compile the model" step_compile
stage "read the picture" step_read
print_stage_times
say ""
say "done. Next: $BUILD_DIR/bin/mlopt --help, ./check.sh, README.md"
