#!/bin/bash
# Puts the sources and the test data of ONNX 1.22.0 into DEST/onnx.
#
# usage: cmake/fetch_onnx.sh DEST
#
# The Python wheel carries every C++ source, header and .proto file and the whole backend test suite.
# It is fetched with pip, pinned by its hash; nothing of it is committed here. A second run does nothing.
# The pip to use can be given as PIP="python3 -m pip" (the default).
set -euo pipefail

VERSION=1.22.0
SHA256=1d0a2bdb15eb2b3cb65c438f3423d9620d14fdce32f92380e6bb1b2e09568ef5

fail() { # step, reason, remedy
  echo "fetch_onnx: error in step '$1': $2" >&2
  echo "fetch_onnx: what to do: $3" >&2
  exit 1
}

if [ $# -ne 1 ] || [ "$1" = -h ] || [ "$1" = --help ]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0"
  [ $# -eq 1 ] && exit 0 || exit 2
fi
DEST=$1
STAMP=$DEST/.onnx-$VERSION-$SHA256
[ -e "$STAMP" ] && [ -e "$DEST/onnx/onnx-ml.proto" ] && exit 0

PIP=${PIP:-python3 -m pip}
command -v unzip >/dev/null || command -v python3 >/dev/null ||
  fail "look for tools" "neither unzip nor python3 is installed" "install the Debian package unzip or python3"
$PIP --version >/dev/null 2>&1 ||
  fail "look for pip" "'$PIP --version' does not run" "install the Debian package python3-pip, or set PIP to a pip that works"
mkdir -p "$DEST" || fail "create the folder" "cannot create $DEST" "choose a folder that you may write to"
TMP=$(mktemp -d "$DEST/.fetch.XXXXXX") || fail "create the folder" "cannot write to $DEST" "choose a folder that you may write to"
trap 'rm -rf "$TMP"' EXIT

# The hash names one file, the wheel for CPython 3.11; --platform and the rest make any Python 3 fetch that file.
echo "onnx==$VERSION --hash=sha256:$SHA256" >"$TMP/requirements.txt"
if ! $PIP download --quiet --no-deps --require-hashes --only-binary=:all: --disable-pip-version-check \
    --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 --implementation cp --abi cp311 --python-version 3.11 \
    --dest "$TMP" -r "$TMP/requirements.txt" >"$TMP/log" 2>&1; then
  sed 's/^/  /' "$TMP/log" >&2
  fail "download the wheel onnx==$VERSION" "pip failed (its message is above)" \
    "check the network and pip's index configuration, or unpack that wheel into $DEST by hand and configure with -DMLOPT_ONNX_SOURCE_DIR=$DEST"
fi

WHEEL=$(echo "$TMP"/onnx-"$VERSION"-*.whl)
[ -f "$WHEEL" ] || fail "find the wheel" "pip reported success but left no wheel" "run again; if it repeats, delete pip's cache"
mkdir "$TMP/unpacked"
if ! python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])' "$WHEEL" "$TMP/unpacked" 2>"$TMP/log" &&
   ! unzip -q -o "$WHEEL" -d "$TMP/unpacked" 2>"$TMP/log"; then
  sed 's/^/  /' "$TMP/log" >&2
  fail "unpack the wheel" "the archive could not be unpacked" "check the free space of $DEST"
fi
[ -f "$TMP/unpacked/onnx/checker.cc" ] && [ -f "$TMP/unpacked/onnx/onnx-ml.proto" ] ||
  fail "check the contents" "the wheel does not hold the C++ sources" "report this: the pinned hash and the contents disagree"

rm -rf "$DEST/onnx"
mv "$TMP/unpacked/onnx" "$DEST/onnx"
touch "$STAMP"
echo "fetch_onnx: ONNX $VERSION is in $DEST/onnx"
