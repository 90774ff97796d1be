# What the checks of the examples share; they source it with their own arguments: the build folder. HERE is then the
# example's folder, WORK one for files that goes at the end, CC, PYTHON and SANITIZE are those of the build.

[ $# -eq 1 ] && [ -d "$1" ] || { sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2; exit 2; }
BUILD=$(cd "$1" && pwd)
HERE=$(cd "$(dirname "$0")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
MODELS=$ROOT/test/Integration/models
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
PASSED=0
FAILED=0
SKIPPED=0

cached() { sed -n "s/^$1:[A-Z]*=//p" "$BUILD/CMakeCache.txt"; }
CC=$(cached CMAKE_C_COMPILER)
PYTHON=$BUILD/venv/bin/python
[ -x "$PYTHON" ] || PYTHON=$(cached MLOPT_PYTHON)
SANITIZE=$(cached MLOPT_SANITIZE)

# step WHAT COMMAND...: one check. Output is shown where it fails.
step() {
  local what=$1
  shift
  if "$@" >"$WORK/log" 2>&1; then
    PASSED=$((PASSED + 1))
    echo "ok: $what"
  else
    FAILED=$((FAILED + 1))
    echo "failed: $what"
    tail -n 40 "$WORK/log" | sed 's/^/   /'
    return 1
  fi
}

# skip WHAT WHY: a check that cannot be made here.
skip() {
  SKIPPED=$((SKIPPED + 1))
  echo "skipped: $1: $2"
}

finish() {
  echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
  exit $((FAILED > 0))
}
