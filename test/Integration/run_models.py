#!/usr/bin/env python3
"""Compiles whole models with mlopt and compares them with the framework that made them.

    run_models.py --build-dir build [DIR] [NAME...] [--filter bert] [--threads 1,2]
    run_models.py --mlopt build/bin/mlopt --mlopt-run build/bin/mlopt-run [DIR] [NAME...]

For each MODEL.onnx of the folder DIR (default: models/ beside this file) the compiler makes one
artefact. Every case of MODEL.npz (inputs `in:NAME`, outputs `out:NAME`, further cases `1/in:NAME`,
...: see bench/models.py) runs through it at each number of threads: the largest error relative to
the largest value of that output must be at most --tolerance, and all numbers of threads must give
the same bits. With --debug-runtime each case runs once more on three threads in the runtime's debug
mode, memory filled with NaN before the run and threads held up at random; the bits must be the same
again. Models with symbolic sizes also run in further sizes, compared with ONNX Runtime
where that is installed. A model that expected_unsupported.json names (with its reason) must be
unsupported, and is skipped.

One line per check on standard output, then `N passed, N failed, N skipped`. Exit status: 0 when
nothing failed, 1 when something did, 2 usage.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = 2e-5
#: Threads of a run in the runtime's debug mode.
DEBUG_THREADS = 3
#: Sizes of the symbolic dimensions beside the stored cases: one, odd ones, and a vector multiple.
EXTRA_SIZES = [(1, 1), (2, 16), (5, 11), (1, 37)]


class Failure(Exception):
    """A check that did not hold; the text says what was found and what was expected."""


class Unsupported(Failure):
    """The compiler refused the model with the exit code for what it does not support."""


def stored_cases(archive):
    """The cases of an npz: [(inputs, outputs)], each a dict by name. See bench/models.py."""
    cases = {}
    for key in archive.files:
        found = re.fullmatch(r"(?:(\d+)/)?(in|out):(.*)", key)
        if found:
            label, kind, name = found.groups()
            cases.setdefault(int(label or 0), {"in": {}, "out": {}})[kind][name] = archive[key]
    return [(case["in"], case["out"]) for _, case in sorted(cases.items())]


def error_of(result, expected):
    """Largest error relative to the largest expected value; Failure on another shape or type."""
    result = np.asarray(result)
    if result.shape != expected.shape:
        raise Failure(f"shape {list(result.shape)}, expected {list(expected.shape)}")
    if result.dtype != expected.dtype:
        raise Failure(f"type {result.dtype}, expected {expected.dtype}")
    if not np.isfinite(result).all():
        raise Failure("the output is not finite")
    if expected.dtype.kind in "biu":
        return 0.0 if np.array_equal(result, expected) else float("inf")
    largest = float(np.abs(expected).max()) if expected.size else 0.0
    worst = float(np.abs(result.astype(np.float64) - expected).max()) if expected.size else 0.0
    return worst / largest if largest else worst


def execute(command, seconds):
    """Runs a program; raises Failure with its last lines when it fails."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, errors="replace"
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"{os.path.basename(command[0])} did not end within {seconds} s") from None
    if done.returncode:
        said = " | ".join((done.stderr.strip() or done.stdout.strip()).splitlines()[:3])
        kind = Unsupported if done.returncode == 4 else Failure
        raise kind(f"{os.path.basename(command[0])} exited with {done.returncode}: {said}")
    return done.stdout


class PackageRunner:
    """Runs an artefact through the Python package mlopt, in this process."""

    name = "package mlopt"

    def __init__(self, artefact, options, threads):
        import mlopt

        self.session = mlopt.InferenceSession(str(artefact), num_threads=threads)

    def run(self, inputs, outputs):
        try:
            return self.session.run(outputs, inputs)
        except Exception as error:
            raise Failure(f"run failed: {error}") from None


class ProgramRunner:
    """Runs an artefact through the program mlopt-run, one process per run."""

    name = "mlopt-run"

    def __init__(self, artefact, options, threads):
        self.command = [options.mlopt_run, "run", str(artefact), f"--threads={threads}"]

    def run(self, inputs, outputs):
        with tempfile.TemporaryDirectory() as folder:
            arguments = []
            for index, (name, value) in enumerate(inputs.items()):
                path = os.path.join(folder, f"input{index}.npy")
                np.save(path, value)
                arguments.append(f"--input={name}:@{path}")
            out = os.path.join(folder, "out")
            os.mkdir(out)
            execute([*self.command, *arguments, f"--output=@{out}"], 600)
            missing = [n for n in outputs if not os.path.exists(os.path.join(out, n + ".npy"))]
            if missing:
                raise Failure(
                    f"mlopt-run wrote no {missing[0]}.npy, only {sorted(os.listdir(out))}"
                )
            return [np.load(os.path.join(out, name + ".npy")) for name in outputs]


class DebugRunner:
    """A runner whose runs are in the runtime's debug mode: what is read before it is written is NaN,
    what is written too late is seen. The runtime asks the environment when a context is made, which
    may be in the constructor or in the first run."""

    MODE = "poison,delay"

    def __init__(self, runner_type, artefact, options, threads):
        with self:
            self.runner = runner_type(artefact, options, threads)

    def __enter__(self):
        self.before = os.environ.get("MLOPT_RT_DEBUG")
        os.environ["MLOPT_RT_DEBUG"] = self.MODE

    def __exit__(self, *_):
        if self.before is None:
            del os.environ["MLOPT_RT_DEBUG"]
        else:
            os.environ["MLOPT_RT_DEBUG"] = self.before

    def run(self, inputs, outputs):
        with self:
            return self.runner.run(inputs, outputs)


def resized(inputs, batch, length):
    """Token inputs of another batch and length: the stored ids repeated, the end of rows masked."""
    result = {}
    for name, value in inputs.items():
        values = value[value > 0] if name == "input_ids" else value
        rows = np.resize(values, (batch, length))
        if name == "attention_mask":
            rows[:] = 1
            for row in range(1, batch):
                rows[row, max(1, length - row) :] = 0
        result[name] = rows
    return result


class Suite:
    """Counts and prints the results."""

    def __init__(self):
        self.counts = {"PASS": 0, "FAIL": 0, "SKIP": 0}

    def add(self, verdict, text):
        self.counts[verdict] += 1
        print(f"{verdict} {text}", flush=True)

    def model(self, path, runner_type, options):
        """Compiles one model and checks its stored cases, then further sizes of a symbolic one."""
        name = path.stem
        expected = options.unsupported.get(name)
        with tempfile.TemporaryDirectory() as folder:
            artefact = os.path.join(folder, name + ".so")
            try:
                archive = np.load(path.with_suffix(".npz"))
                cases = stored_cases(archive)
                if not cases or not all(inputs and outputs for inputs, outputs in cases):
                    raise Failure(f"{name}.npz holds no complete case of in:NAME and out:NAME")
                start = time.monotonic()
                execute([options.mlopt, str(path), "-o", artefact, *options.flag], options.timeout)
                compiled = time.monotonic() - start
                runners = [
                    (f"{count} thread(s)", runner_type(artefact, options, count))
                    for count in options.threads
                ]
                if options.debug_runtime:
                    debug = DebugRunner(runner_type, artefact, options, DEBUG_THREADS)
                    # Twice: memory of the first run must not be what the second one reads.
                    where = f"{DEBUG_THREADS} threads, {debug.MODE}"
                    runners += [(where, debug), (f"{where}, again", debug)]
                worst = self.stored(runners, cases, options)
                if "check:similar" in archive.files:
                    self.similarity(archive, runners[0][1], cases[0])
                if expected:
                    raise Failure("it passes; remove it from expected_unsupported.json")
                self.add(
                    "PASS",
                    f"{name}: {len(cases)} case{'s' * (len(cases) > 1)}, "
                    f"error {worst:.1e}, compiled in {compiled:.1f} s, "
                    f"{os.path.getsize(artefact) / 1e6:.1f} MB",
                )
            except Unsupported as failure:
                self.add(
                    "SKIP" if expected else "FAIL",
                    f"{name}: {expected} ({failure})" if expected else f"{name}: {failure}",
                )
                return
            except Failure as failure:
                self.add("FAIL", f"{name}: {failure}")
                return
            if len(cases) > 1:
                self.sizes(path, runners[-1][1], cases[0], options)

    def stored(self, runners, cases, options):
        """Runs every case through every (text, runner); the largest error."""
        worst = 0.0
        for index, (inputs, outputs) in enumerate(cases):
            bits = None
            for how, runner in runners:
                results = runner.run(inputs, list(outputs))
                for output, result in zip(outputs, results, strict=True):
                    where = f"case {index}, {how}, output {output}"
                    try:
                        error = error_of(result, outputs[output])
                    except Failure as failure:
                        raise Failure(f"{where}: {failure}") from None
                    if error > options.tolerance:
                        raise Failure(f"{where}: error {error:.2e} above {options.tolerance:.0e}")
                    worst = max(worst, error)
                now = [np.asarray(result).tobytes() for result in results]
                if bits is not None and bits != now:
                    raise Failure(f"case {index}: {how} gives other bits than {runners[0][0]}")
                bits = now
        return worst

    def similarity(self, archive, runner, case):
        """Rows a and b of the embedding mean the same, row c does not: a.b must exceed a.c."""
        a, b, c = archive["check:similar"]
        rows = np.asarray(runner.run(case[0], list(case[1]))[0])
        near, far = float(rows[a] @ rows[b]), float(rows[a] @ rows[c])
        if near <= far:
            raise Failure(f"similar sentences score {near:.3f}, different ones {far:.3f}")

    def sizes(self, path, runner, case, options):
        """More sizes of the same artefact, compared with ONNX Runtime on the same inputs."""
        name = f"{path.stem}: sizes"
        if not importlib.util.find_spec("onnxruntime"):
            self.add("SKIP", f"{name}: onnxruntime is not installed")
            return
        import onnxruntime as ort

        session_options = ort.SessionOptions()
        session_options.intra_op_num_threads = 1
        session_options.log_severity_level = 3
        peer = ort.InferenceSession(str(path), session_options, providers=["CPUExecutionProvider"])
        worst = 0.0
        try:
            for batch, length in EXTRA_SIZES:
                inputs = resized(case[0], batch, length)
                expected = peer.run(list(case[1]), inputs)
                results = runner.run(inputs, list(case[1]))
                for output, result, wanted in zip(case[1], results, expected, strict=True):
                    error = error_of(result, wanted)
                    if error > options.tolerance:
                        raise Failure(
                            f"batch {batch}, sequence {length}: output {output}: "
                            f"error {error:.2e} above {options.tolerance:.0e}"
                        )
                    worst = max(worst, error)
            shown = ", ".join(f"{batch}x{length}" for batch, length in EXTRA_SIZES)
            self.add(
                "PASS", f"{name} {shown} against ONNX Runtime {ort.__version__}, error {worst:.1e}"
            )
        except Failure as failure:
            self.add("FAIL", f"{name}: {failure}")


def main():
    # Small models run on one thread by themselves; here all threads have to work.
    os.environ.setdefault("MLOPT_RT_DEBUG", "gang")
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "names",
        nargs="*",
        metavar="DIR or NAME",
        help="a folder of models, or run only these models",
    )
    parser.add_argument(
        "--build-dir",
        type=pathlib.Path,
        metavar="DIR",
        help="take compiler, runner and Python package from this build",
    )
    parser.add_argument("--mlopt", metavar="BIN", help="the compiler")
    parser.add_argument("--mlopt-run", metavar="BIN", help="the runner program")
    parser.add_argument(
        "--runtime",
        choices=["auto", "package", "program"],
        default="auto",
        help="auto: the Python package where it can be imported, else mlopt-run",
    )
    parser.add_argument("--filter", default="", help="regular expression on the model's name")
    parser.add_argument("--threads", default="1,2,3", help="numbers of threads (default 1,2,3)")
    parser.add_argument(
        "--debug-runtime",
        action="store_true",
        help="run every case in the runtime's debug mode too (memory poisoned, threads delayed)",
    )
    parser.add_argument("--tolerance", type=float, default=TOLERANCE, help="default 2e-5")
    parser.add_argument(
        "--flag",
        action="append",
        default=[],
        help="another flag of the compiler, repeatable, e.g. --flag=--cpu=x86-64-v3",
    )
    parser.add_argument("--timeout", type=int, default=600, help="seconds one compilation may take")
    options = parser.parse_args()
    options.models = HERE / "models"
    try:
        options.threads = [int(count) for count in options.threads.split(",")]
    except ValueError:
        parser.error("--threads wants numbers such as 1,2")

    if options.build_dir:
        options.mlopt = options.mlopt or str(options.build_dir / "bin" / "mlopt")
        options.mlopt_run = options.mlopt_run or str(options.build_dir / "bin" / "mlopt-run")
        sys.path.insert(0, str(options.build_dir / "python"))
    if not options.mlopt:
        parser.error("--build-dir or --mlopt is required")
    if not shutil.which(options.mlopt):
        parser.error(f"there is no program {options.mlopt}; build it, or name it with --mlopt")
    for name in [name for name in options.names if os.path.isdir(name)]:
        options.models = pathlib.Path(name)
        options.names.remove(name)

    package, reason = False, ""
    if options.runtime != "program":
        try:
            import mlopt  # noqa: F401

            package = True
        except Exception as error:  # a package that does not load is a reason to use the program
            reason = f" (the package mlopt cannot be imported: {error})"
            if options.runtime == "package":
                parser.error(f"the package mlopt cannot be imported: {error}")
    if not package and not options.mlopt_run:
        parser.error("--mlopt-run is required where the Python package mlopt cannot be imported")
    paths = sorted(options.models.glob("*.onnx"))
    known = {path.stem for path in paths}
    unknown = sorted(set(options.names) - known)
    if unknown or not paths:
        parser.error(f"no model {', '.join(unknown) or '*.onnx'} in {options.models}")

    runner_type = PackageRunner if package else ProgramRunner
    print(f"running through the {runner_type.name}, threads {options.threads}{reason}")
    options.unsupported = json.loads((HERE / "expected_unsupported.json").read_text())
    suite = Suite()
    for path in paths:
        if (
            options.names
            and path.stem not in options.names
            or not re.search(options.filter, path.stem)
        ):
            continue
        if not path.with_suffix(".npz").exists():
            suite.add("SKIP", f"{path.stem}: no {path.stem}.npz beside it")
            continue
        try:
            suite.model(path, runner_type, options)
        except Exception as error:
            suite.add("FAIL", f"{path.stem}: {type(error).__name__}: {error}")
    counts = suite.counts
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
