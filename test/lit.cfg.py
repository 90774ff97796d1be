"""lit configuration of mlopt's tests: see docs/Testing.md."""

import os
import platform
import shutil
import subprocess

import lit.formats

config.name = "mlopt"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".onnxtxt", ".c", ".test"]
config.excludes = ["Inputs", "Onnx", "Python", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.mlopt_obj_root, "test")

bin_dir = os.path.join(config.mlopt_obj_root, "bin")
lib_dir = os.path.join(config.mlopt_obj_root, "lib")
python_dir = os.path.join(config.mlopt_obj_root, "python")

config.environment["PATH"] = os.pathsep.join(
    [bin_dir, config.llvm_tools_dir, config.environment.get("PATH", "")]
)
# A variable that a function binds is not seen by the next one: tests do not pass by accident.
config.environment["FILECHECK_OPTS"] = "-enable-var-scope"
config.environment["PYTHONPATH"] = python_dir
config.environment["PYTHONDONTWRITEBYTECODE"] = "1"
config.environment["MLOPT_BUILD_DIR"] = config.mlopt_obj_root
config.environment["MLOPT_CACHE_DIR"] = os.path.join(config.test_exec_root, "cache")
for name in (
    "ASAN_OPTIONS",
    "UBSAN_OPTIONS",
    "LSAN_OPTIONS",
    "MLOPT_CPU_LEVEL",
    "MLOPT_PTXAS",
    "MLOPT_RT_DEBUG",
    "MLOPT_CHECK_ROUNDTRIP",
):
    if name in os.environ:
        config.environment[name] = os.environ[name]
# Small models run on one thread by themselves; what tests of threads look for needs them all.
config.environment.setdefault("MLOPT_RT_DEBUG", "gang")
sanitizer_flags = ""  # of programs that link our libraries
if "address" in config.sanitizers:
    # libMLIR is not instrumented: its containers look overflown, its registries leaked, and its
    # allocators hand out memory that our inlined parts of them have poisoned.
    config.environment.setdefault(
        "ASAN_OPTIONS", "detect_container_overflow=0:detect_leaks=0:allow_user_poisoning=0"
    )
    config.available_features.add("asan")
    sanitizer_flags = f" -fsanitize={config.sanitizers} -fno-sanitize=function"

# Longest name first: `%mlopt` is a prefix of the others.
for tool in ("mlopt-translate", "mlopt-opt", "mlopt-run", "mlopt"):
    config.substitutions.append((f"%{tool}", os.path.join(bin_dir, tool)))
# A program that finds the driver of the emulator: `%cuda %mlopt-run run x.so --device=cuda`.
cuda_dir = os.path.join(config.test_exec_root, "Cuda", "lib")
config.substitutions += [
    ("%cuda", f"env LD_LIBRARY_PATH={cuda_dir}"),
    ("%python", config.python_executable),
    ("%cxx", config.host_cxx),
    ("%cc", config.host_cc + sanitizer_flags),
    ("%rt_lib", os.path.join(lib_dir, "libmlopt_rt.so")),
    ("%rt_include", os.path.join(config.mlopt_src_root, "runtime", "include")),
    ("%lib_dir", lib_dir),
    ("%bin_dir", bin_dir),
    ("%src_root", config.mlopt_src_root),
    ("%obj_root", config.mlopt_obj_root),
    ("%onnx_data", os.path.join(config.onnx_source_dir, "onnx", "backend", "test", "data")),
]

# What this machine has. A test says `REQUIRES: x86-64-v4`; without it the test is reported as
# unsupported.
LEVELS = {
    "x86-64-v2": {"cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"},
    "x86-64-v3": {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave"},
    "x86-64-v4": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
}
# Beyond one of these: the processors that --cpu knows by name.
PROCESSORS = {
    "alderlake": ("x86-64-v3", {"avx_vnni"}),
    "icelake-server": ("x86-64-v4", {"avx512_vnni", "avx512vbmi"}),
    "znver4": ("x86-64-v4", {"avx512_vnni", "avx512vbmi", "avx512_bf16"}),
    "sapphirerapids": (
        "x86-64-v4",
        {"avx512_vnni", "avx512vbmi", "avx512_bf16", "amx_tile", "amx_int8"},
    ),
}


def cpu_flags():
    try:
        with open("/proc/cpuinfo") as stream:
            for line in stream:
                if line.startswith("flags"):
                    return set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return set()


config.available_features.add(platform.machine())
flags = cpu_flags()
for level, needed in LEVELS.items():
    if not needed <= flags:
        break
    config.available_features.add(level)
for processor, (level, needed) in PROCESSORS.items():
    if level in config.available_features and needed <= flags:
        config.available_features.add(processor)
if shutil.which(os.environ.get("MLOPT_PTXAS", "ptxas"), path=config.environment["PATH"]):
    config.available_features.add("ptxas")
if lit_config.params.get("slow"):
    config.available_features.add("slow")
for module, feature in (("sklearn", "scikit-learn"), ("onnxruntime", "onnxruntime")):
    look = f"import importlib.util as u, sys; sys.exit(not u.find_spec('{module}'))"
    if not subprocess.call([config.python_executable, "-c", look]):
        config.available_features.add(feature)
for tool in ("mlopt", "mlopt-opt", "mlopt-translate", "mlopt-run"):
    if os.path.exists(os.path.join(bin_dir, tool)):
        config.available_features.add(tool)
