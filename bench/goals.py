#!/usr/bin/env python3
"""Measures what compiling, loading and running a model cost, against fixed bounds.

    goals.py MODEL.onnx... [--build-dir build] [--threads 1,2] [--cores 2]

For each model (a file, or a folder of them):

    compile time       at most what COMPILE_SECONDS says of this name, on --cores CPUs
    compile memory     at most 2.5 times the weights + 300 MB: peak of resident memory
    load time          at most 50 ms: opening the artefact in a fresh process, median of 5
    process memory     at most 1.05 times the initialisers + the arena + 30 MB: peak of mlopt-run,
                       at each number of threads, with the inputs of MODEL.npz where it is there

Weights and initialisers are the bytes of the initialisers in the ONNX file, counted from their types
and dimensions. The arena is what the artefact says, but never more than 1.15 times its lower bound.
MB are 10^6 bytes. Each figure is printed beside its bound. Exit status: 0 when every bound holds, 1
when one is missed or could not be measured, 2 for a wrong command line.
"""

import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from bounds import Figure, judge  # noqa: E402

#: Seconds that a model of bench/models.py may take to compile on two CPUs.
COMPILE_SECONDS = {"bert": 30.0, "resnet50": 20.0}
LOAD_SECONDS = 0.05
LOADS = 5
MB = 10**6
#: Opens an artefact and prints the seconds; NumPy and the package are imported before.
LOAD = (
    "import sys, time, mlopt\nstart = time.perf_counter()\n"
    "mlopt.InferenceSession(sys.argv[1], num_threads=int(sys.argv[2]))\n"
    "print(time.perf_counter() - start)"
)


class Failure(Exception):
    """A program that failed; the text says which and what it said."""


def compile_memory_bound(weights):
    """Bytes that the compiler may hold at once."""
    return 2.5 * weights + 300 * MB


def process_memory_bound(initialisers, arena):
    """Bytes that a process running the model may hold at once."""
    return 1.05 * initialisers + arena + 30 * MB


def initialiser_bytes(path):
    """Bytes of all initialisers of an ONNX file, those of subgraphs too, from types and sizes."""
    import onnx

    def elements_bytes(tensor):
        bits = 4 if tensor.data_type in four_bits else 8 * onnx.helper.tensor_dtype_to_np_dtype(
            tensor.data_type
        ).itemsize
        return -(-math.prod(tensor.dims) * bits // 8)

    def of_graph(graph):
        total = sum(map(elements_bytes, graph.initializer))
        for sparse in graph.sparse_initializer:
            total += elements_bytes(sparse.values) + elements_bytes(sparse.indices)
        for node in graph.node:
            for attribute in node.attribute:
                total += of_graph(attribute.g) if attribute.HasField("g") else 0
                total += sum(map(of_graph, attribute.graphs))
        return total

    four_bits = {
        onnx.TensorProto.DataType.Value(name)
        for name in ("INT4", "UINT4", "FLOAT4E2M1")
        if name in onnx.TensorProto.DataType.keys()
    }
    return of_graph(onnx.load(str(path), load_external_data=False).graph)


def launch(command, cores=0):
    """(seconds, peak bytes) of a command that succeeds."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(HERE / "launch.py"), str(cores), *map(str, command)],
        capture_output=True,
        text=True,
        errors="replace",
    )
    result = json.loads(done.stdout) if done.returncode == 0 else {"code": done.returncode}
    if result["code"] != 0:
        said = " | ".join(done.stderr.strip().splitlines()[:2])
        raise Failure(f"{os.path.basename(str(command[0]))} exited with {result['code']}: {said}")
    return result["seconds"], result["peak_bytes"]


def load_seconds(build_dir, artefact, threads, count=LOADS):
    """Seconds that each of `count` fresh processes takes to open the artefact."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(build_dir / "python"),
        "MLOPT_BUILD_DIR": str(build_dir),
    }
    times = []
    for _ in range(count):
        done = subprocess.run(
            [sys.executable, "-c", LOAD, str(artefact), str(threads)],
            capture_output=True,
            text=True,
            env=environment,
        )
        if done.returncode:
            said = done.stderr.strip().splitlines()[-1:] or ["no message"]
            raise Failure(f"opening failed: {said[0]}")
        times.append(float(done.stdout))
    return times


def stored_inputs(path, folder):
    """Arguments of mlopt-run for the first case of MODEL.npz; none where it is not there."""
    import numpy as np

    stored = path.with_suffix(".npz")
    if not stored.exists():
        return []
    archive = np.load(stored)
    arguments = []
    for index, key in enumerate(k for k in archive.files if k.startswith("in:")):
        file = folder / f"input{index}.npy"
        np.save(file, archive[key])
        arguments.append(f"--input={key[3:]}:@{file}")
    return arguments


def arena_bytes(runner, artefact, threads):
    """Bytes of the arena for the run that is measured."""
    done = subprocess.run(
        [str(runner), "inspect", str(artefact), "--format=json", f"--threads={threads}"],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Failure(f"mlopt-run inspect exited with {done.returncode}: {done.stderr.strip()}")
    entry = json.loads(done.stdout)["entries"][0]
    if entry["symbols"]:
        raise Failure("the model has symbolic sizes; fix them: the arena depends on them")
    return min(entry["arena_bytes"], 1.15 * entry["arena_lower_bound"])


def figures_of(path, options, folder):
    """All figures of one model; one that cannot be measured is there without a value."""
    name, artefact = path.stem, folder / f"{path.stem}.so"
    compiler, runner = (options.build_dir / "bin" / tool for tool in ("mlopt", "mlopt-run"))
    weights = initialiser_bytes(path)
    figures = []

    def add(what, bound, unit, measure, scale=1.0, remark=""):
        shown = None if bound is None else bound / scale
        try:
            value = measure() / scale
        except (Failure, OSError, ValueError) as failure:
            # What fails misses, also where the figure would only be shown.
            value, shown, remark = None, shown or 0.0, str(failure)[:160]
        figures.append(Figure(f"{name}: {what}", value, shown, unit, remark))

    costs = []

    def compiled(index):
        if not costs:
            command = [compiler, path, "-o", artefact, "--header=none"]
            costs.append(launch(command, options.cores))
        return costs[0][index]

    cores = f"{options.cores} CPUs"
    add("compile time", options.compile_seconds.get(name), "s", lambda: compiled(0), remark=cores)
    of = f"weights {weights / MB:.1f} MB"
    add("compile memory", compile_memory_bound(weights), "MB", lambda: compiled(1), MB, of)
    if not artefact.exists():
        return figures
    for threads in options.threads:

        def load(threads=threads):
            return statistics.median(load_seconds(options.build_dir, artefact, threads))

        remark = f"{threads} thread(s), median of {LOADS} processes"
        add("load time", LOAD_SECONDS, "ms", load, 1e-3, remark)
        arguments = stored_inputs(path, folder)
        try:
            arena = arena_bytes(runner, artefact, threads)
        except (Failure, KeyError, ValueError) as failure:
            figures.append(Figure(f"{name}: process memory", None, 0.0, "MB", str(failure)[:160]))
            continue

        def run(threads=threads, arguments=arguments):
            command = [runner, "run", artefact, f"--threads={threads}", "--repeat=3", *arguments]
            return launch(command)[1]

        remark = f"{threads} thread(s), initialisers {weights / MB:.1f} MB, arena {arena / MB:.1f}"
        add("process memory", process_memory_bound(weights, arena), "MB", run, MB, remark)
    return figures


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0],
        epilog=__doc__.split("\n", 2)[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("models", nargs="+", type=pathlib.Path, metavar="MODEL")
    parser.add_argument(
        "--build-dir",
        type=pathlib.Path,
        default=HERE.parent / "build",
        metavar="DIR",
        help="the build, or the installed tree with the package in python/ (default: build)",
    )
    parser.add_argument("--threads", default="1,2", help="comma list (default 1,2)")
    parser.add_argument("--cores", type=int, default=2, help="CPUs for the compiler (default 2)")
    parser.add_argument(
        "--compile-seconds",
        action="append",
        default=[],
        metavar="NAME=S",
        help="bound for a model's compile time (default: "
        + ", ".join(f"{name}={seconds:g}" for name, seconds in COMPILE_SECONDS.items())
        + ")",
    )
    options = parser.parse_args(arguments)
    try:
        options.threads = [int(n) for n in options.threads.split(",")]
        given = {n: float(s) for n, s in (entry.split("=") for entry in options.compile_seconds)}
    except ValueError:
        parser.error("--threads wants numbers such as 1,2 and --compile-seconds wants NAME=SECONDS")
    if min(options.threads) < 1 or options.cores < 1:
        parser.error("--threads and --cores want numbers from 1")
    options.compile_seconds = {**COMPILE_SECONDS, **given}
    options.build_dir = options.build_dir.resolve()
    paths = [p for m in options.models for p in (sorted(m.glob("*.onnx")) if m.is_dir() else [m])]
    missing = [str(p) for p in paths if not p.is_file()]
    if missing or not paths:
        parser.error(f"no model at {', '.join(missing) or ', '.join(map(str, options.models))}")
    figures = []
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            figures += figures_of(path, options, pathlib.Path(folder))
    return judge(figures)


if __name__ == "__main__":
    sys.exit(main())
