#!/usr/bin/env python3
"""Measures mlopt, ONNX Runtime and OpenVINO on the same models, interleaved, in one process.

    compare.py MODEL.onnx... [--threads 1,2] [--json FILE] [--max-ratio=1.7] [--max-geomean=1.25]

Each engine opens the model with the same number of threads and runs on the inputs of MODEL.npz
(from bench/models.py; random ones where there is none). Measuring is round robin: every round gives
each engine one block of consecutive runs, so that drift of the machine meets all of them alike. The
first runs of a block wake the engine's threads and are not counted, and a pause before each block
lets the spinning threads of the one before it stop. Reported: the median, the 10th and 90th
percentile, the ratio of mlopt to each peer (below 1: mlopt is faster) and the error against the
stored outputs.

An engine that is not installed or refuses a model is said so in its place; that is not an error.

--max-ratio bounds the time of each model and number of threads, --max-geomean the geometric mean of
each number of threads, both as ratios of medians, mlopt over ONNX Runtime. A table says which bounds
hold and which are missed; a model that one of the two did not run misses its bound.
Exit status: 0; 1 when a bound is missed; 2 for a wrong command line or a file that cannot be read.
"""

import argparse
import collections
import datetime
import importlib
import json
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from bounds import Figure, geometric_mean, judge  # noqa: E402

TYPES = {
    "float": np.float32,
    "double": np.float64,
    "float16": np.float16,
    "int64": np.int64,
    "int32": np.int32,
    "int8": np.int8,
    "uint8": np.uint8,
    "bool": np.bool_,
}
#: Pause before each block, seconds: longer than the engines spin for work.
PAUSE = 0.02
#: Length of a block, seconds.
BLOCK = 0.1
#: Products of large numbers keep the integer multiplier busy, as a kernel does the FMA units.
BURN = (
    "import sys, time\nx = 7 ** 9000\nprint('ready', flush=True)\nsys.stdin.readline()\n"
    "s = time.perf_counter()\nfor _ in range(1500): x * x\nprint(time.perf_counter() - s)"
)


def processor():
    """The CPU's name and the vector extensions that matter here."""
    name, flags = platform.processor() or "unknown", ""
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
        field = {
            k.strip(): v.strip() for k, _, v in (line.partition(":") for line in text.splitlines())
        }
        name = (
            f"{field.get('model name', name)} (family {field.get('cpu family')}, "
            f"model {field.get('model')})"
        )
        have = field.get("flags", "").split()
        flags = " ".join(
            f
            for f in ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile")
            if f in have
        )
    except OSError:
        pass
    return name, flags


def parallel_speedup(count):
    """How much more work `count` processes do at once than one.

    About `count` on cores of their own, about 1 while the virtual CPUs share one core.
    """

    def burn(processes):
        running = [
            subprocess.Popen(
                [sys.executable, "-c", BURN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(processes)
        ]
        for process in running:
            process.stdout.readline()
        for process in running:
            process.stdin.write("\n")
            process.stdin.flush()
        times = [float(process.stdout.readline()) for process in running]
        for process in running:
            process.communicate()
        return max(times)

    samples = [(burn(1), burn(count)) for _ in range(3)]
    return count * min(alone for alone, _ in samples) / statistics.median(t for _, t in samples)


class Mlopt:
    title = "mlopt"

    def __init__(self):
        self.module = importlib.import_module("mlopt")
        self.version = getattr(self.module, "__version__", "of unknown version")
        self.artefacts = None

    def open(self, path, threads):
        artefact = self.artefacts / (path.stem + ".so") if self.artefacts else None
        source = artefact if artefact and artefact.exists() else path
        session = self.module.InferenceSession(str(source), num_threads=threads)
        return (
            session,
            lambda feed: session.run(None, feed),
            [o.name for o in session.get_outputs()],
        )


class OnnxRuntime:
    title = "ONNX Runtime"

    def __init__(self):
        self.module = importlib.import_module("onnxruntime")
        self.version = self.module.__version__

    def open(self, path, threads):
        options = self.module.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = self.module.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        return (
            session,
            lambda feed: session.run(None, feed),
            [o.name for o in session.get_outputs()],
        )


class OpenVino:
    title = "OpenVINO"

    def __init__(self):
        self.module = importlib.import_module("openvino")
        self.version = self.module.__version__.split("-")[0]

    def open(self, path, threads):
        # f32 is asked for: by default OpenVINO computes in bf16 where the CPU has it.
        model = self.module.Core().compile_model(
            str(path),
            "CPU",
            {
                "INFERENCE_PRECISION_HINT": "f32",
                "PERFORMANCE_HINT": "LATENCY",
                "NUM_STREAMS": "1",
                "INFERENCE_NUM_THREADS": str(threads),
            },
        )
        request = model.create_infer_request()

        def run(feed):
            results = request.infer(feed, share_inputs=True, share_outputs=True)
            return [results[i] for i in range(len(model.outputs))]

        return (model, request), run, [o.get_any_name() for o in model.outputs]


ENGINES = {"mlopt": Mlopt, "onnxruntime": OnnxRuntime, "openvino": OpenVino}
#: The engine that --max-ratio and --max-geomean compare with.
PEER = "onnxruntime"


def load_inputs(path, case, sizes):
    """Inputs and stored outputs of a model; random inputs where there is no npz beside it."""
    stored = path.with_suffix(".npz")
    if stored.exists():
        archive = np.load(stored)
        start = f"{case}/" if case else ""
        inputs, outputs = (
            {
                key[len(start + kind) :]: archive[key]
                for key in archive.files
                if key.startswith(start + kind)
            }
            for kind in ("in:", "out:")
        )
        if not inputs:
            raise ValueError(f"{stored}: no case {case}")
        return inputs, outputs
    session = OnnxRuntime().open(path, 1)[0]
    generator = np.random.default_rng(0)
    inputs = {}
    for value in session.get_inputs():
        shape = [d if isinstance(d, int) else sizes.get(d) for d in value.shape]
        if None in shape:
            raise ValueError(
                f"{path}: input {value.name} has sizes {value.shape}; give --dim NAME=N"
            )
        kind = TYPES.get(value.type[len("tensor(") : -1])
        if kind is None:
            raise ValueError(
                f"{path}: input {value.name} has type {value.type}; give {stored.name}"
            )
        inputs[value.name] = (
            generator.standard_normal(shape).astype(kind)
            if np.issubdtype(kind, np.floating)
            else np.ones(shape, kind)
        )
    return inputs, {}


def relative_error(names, results, expected):
    """Largest error relative to an output's largest value; None where no outputs are stored."""
    got = dict(zip(names, results, strict=True))
    errors = []
    for name, value in expected.items():
        result = np.asarray(got[name])
        if result.shape != value.shape:
            return math.inf
        errors.append(float(np.abs(result - value).max() / max(np.abs(value).max(), 1e-30)))
    return max(errors) if errors else None


def measure(runs, feed, seconds):
    """Round robin over {engine: run}. Returns {engine: [seconds of each counted run]}."""
    times = collections.defaultdict(list)
    block = {}
    for key, run in runs.items():
        for _ in range(2):
            run(feed)
        start = time.perf_counter()
        run(feed)
        once = time.perf_counter() - start
        block[key] = max(2, min(200, round(BLOCK / max(once, 1e-6))))
        times[key] = []
    rounds = 0
    spent = collections.Counter()
    while rounds < 5 or (min(spent.values()) < seconds and rounds < 1000):
        # The order turns with each round, so no engine always follows the same other one.
        order = list(runs)
        order = order[rounds % len(order) :] + order[: rounds % len(order)]
        for key in order:
            run = runs[key]
            time.sleep(PAUSE)
            begin = time.perf_counter()
            run(feed)
            if block[key] > 10:
                run(feed)
            for _ in range(block[key]):
                start = time.perf_counter()
                run(feed)
                times[key].append(time.perf_counter() - start)
            spent[key] += time.perf_counter() - begin
        rounds += 1
    return times


def summary(samples):
    ordered = sorted(samples)
    return {
        "median_ms": statistics.median(ordered) * 1e3,
        "p10_ms": ordered[len(ordered) // 10] * 1e3,
        "p90_ms": ordered[len(ordered) * 9 // 10] * 1e3,
        "runs": len(ordered),
    }


def compare(path, threads, engines, options):
    """One model at one number of threads: a row of the result."""
    inputs, expected = load_inputs(path, options.case, options.dim)
    row = {
        "model": path.stem,
        "threads": threads,
        "inputs": {k: list(v.shape) for k, v in inputs.items()},
        "engines": {},
    }
    runs, held = {}, []
    for key, engine in engines.items():
        start = time.perf_counter()
        try:
            session, run, names = engine.open(path, threads)
            opened = time.perf_counter() - start
            error = relative_error(names, run(inputs), expected)
        except Exception as failure:  # a refusal of one engine must not hide the others' figures
            row["engines"][key] = {
                "failed": f"{type(failure).__name__}: {failure}".splitlines()[0][:160]
            }
            continue
        held.append(session)
        runs[key] = run
        row["engines"][key] = {"open_s": opened, "error": error}
    for key, samples in (measure(runs, inputs, options.seconds) if runs else {}).items():
        row["engines"][key].update(summary(samples))
    if threads > 1:
        row["parallel_speedup"] = parallel_speedup(threads)
    return row


def ratio(row, peer):
    ours, theirs = (row["engines"].get(key, {}).get("median_ms") for key in ("mlopt", peer))
    return ours / theirs if ours and theirs else None


def show(row, engines):
    cells = [f"{row['model']:<20}{row['threads']:>3}"]
    for key in engines:
        result = row["engines"][key]
        if "median_ms" not in result:
            cells.append(f"{'failed':>13}         ")
            continue
        against = ratio(row, key) if key != "mlopt" else None
        cells.append(
            f"{result['median_ms']:>13.3f}"
            + (f" ({against:.2f}x)".ljust(9) if against else " " * 9)
        )
    errors = [
        f"{r['error']:.0e}" if r.get("error") is not None else "-" for r in row["engines"].values()
    ]
    cells.append("  " + " ".join(errors))
    print("".join(cells))
    for key, result in row["engines"].items():
        if "failed" in result:
            print(f"    {engines[key].title}: {result['failed']}")
    speedup = row.get("parallel_speedup")
    if speedup is not None:
        doubt = "; the CPUs share a core or are busy: do not trust this row"
        doubt = doubt if doubtful(row) else ""
        print(
            f"    {row['threads']} processes do {speedup:.2f} times the work of one{doubt}",
            flush=True,
        )


def geometric_means(rows, engines):
    """[(threads, peer, mean, models counted, models)] of the ratios mlopt / peer."""
    result = []
    for threads in sorted({row["threads"] for row in rows}):
        picked = [row for row in rows if row["threads"] == threads]
        for peer in engines:
            ratios = [r for r in (ratio(row, peer) for row in picked) if r and peer != "mlopt"]
            if ratios:
                mean = geometric_mean(ratios)
                result.append((threads, peer, mean, max(ratios), len(ratios), len(picked)))
    return result


def doubtful(row):
    """Whether the machine had not the CPUs that the row asks for, while it was measured."""
    speedup = row.get("parallel_speedup")
    return speedup is not None and speedup <= 0.8 * row["threads"]


def bounded(rows, max_ratio, max_geomean):
    """The ratios to PEER as figures with their bounds; a bound of None is not asked for."""
    figures = []
    for row in rows if max_ratio is not None else []:
        against = ratio(row, PEER)
        failed = [k for k in ("mlopt", PEER) if "median_ms" not in row["engines"].get(k, {})]
        remark = f"not run by {', '.join(failed)}" if failed else ""
        if doubtful(row) and not failed:
            remark = "the CPUs were shared or busy: measure again"
        what = f"{row['model']}, {row['threads']} thread(s)"
        figures.append(Figure(what, against, max_ratio, "ratio", remark))
    for threads in sorted({row["threads"] for row in rows}) if max_geomean is not None else []:
        ratios = [ratio(row, PEER) for row in rows if row["threads"] == threads]
        # A mean without the models that failed would hide them.
        mean = None if None in ratios else geometric_mean(ratios)
        what = f"geometric mean, {threads} thread(s)"
        figures.append(Figure(what, mean, max_geomean, "ratio", f"{len(ratios)} models"))
    return figures


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "models", nargs="+", type=pathlib.Path, metavar="MODEL", help=".onnx file or a folder"
    )
    parser.add_argument("--threads", default="1", help="comma list, e.g. 1,2 (default 1)")
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="per engine, model and thread count"
    )
    parser.add_argument(
        "--engines", default=",".join(ENGINES), help=f"default: {','.join(ENGINES)}"
    )
    parser.add_argument(
        "--artefacts",
        type=pathlib.Path,
        metavar="DIR",
        help="use DIR/MODEL.so where it exists instead of compiling into mlopt's cache",
    )
    parser.add_argument(
        "--case", type=int, default=0, help="which stored case of the npz (default 0)"
    )
    parser.add_argument(
        "--dim", action="append", default=[], metavar="NAME=N", help="size of a symbol"
    )
    parser.add_argument(
        "--json", type=pathlib.Path, metavar="FILE", help="write every figure to FILE"
    )
    parser.add_argument(
        "--max-ratio",
        type=float,
        metavar="R",
        help="bound for each model: mlopt's median over ONNX Runtime's (goal: 1.7)",
    )
    parser.add_argument(
        "--max-geomean",
        type=float,
        metavar="R",
        help="bound for the geometric mean over the models (goal: 1.25)",
    )
    options = parser.parse_args(arguments)

    try:
        counts = [int(n) for n in options.threads.split(",")]
        options.dim = {name: int(n) for name, n in (entry.split("=") for entry in options.dim)}
    except ValueError:
        parser.error("--threads wants numbers such as 1,2 and --dim wants NAME=N")
    if min(counts) < 1:
        parser.error("--threads wants numbers from 1")
    wanted = options.engines.split(",")
    unknown = sorted(set(wanted) - set(ENGINES))
    if unknown:
        parser.error(f"unknown engine {', '.join(unknown)}; known: {', '.join(ENGINES)}")
    paths = [p for m in options.models for p in (sorted(m.glob("*.onnx")) if m.is_dir() else [m])]
    missing = [str(p) for p in paths if not p.is_file()]
    if missing or not paths:
        parser.error(f"no model at {', '.join(missing) or ', '.join(map(str, options.models))}")

    engines = {}
    for key in wanted:
        try:
            engines[key] = ENGINES[key]()
        except Exception as error:
            print(f"{ENGINES[key].title}: not measured, it cannot be imported ({error})")
    if "mlopt" in engines:
        engines["mlopt"].artefacts = options.artefacts
    name, flags = processor()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"CPU        {name}, {os.cpu_count()} CPUs; {flags}")
    print("engines    " + (", ".join(f"{e.title} {e.version}" for e in engines.values()) or "none"))
    print("precision  f32; OpenVINO with INFERENCE_PRECISION_HINT=f32")
    print(
        "method     interleaved blocks; median ms per run; in brackets mlopt's time over the peer's"
    )
    print(
        f"machine    load {load:.2f} at the start"
        + ("; other work runs, figures are rough" if load > 0.5 else "")
    )
    bounds = options.max_ratio is not None or options.max_geomean is not None
    if bounds and not {"mlopt", PEER} <= set(engines):
        print(f"no bound can hold: mlopt and {ENGINES[PEER].title} must both be measured")
        return 1
    if not engines:
        return 0
    print(
        f"\n{'model':<20}{'thr':>3}"
        + "".join(f"{e.title:>13}{'':9}" for e in engines.values())
        + "  error ("
        + ", ".join(engines)
        + ")",
        flush=True,
    )

    rows = []
    for path in paths:
        for threads in counts:
            try:
                row = compare(path, threads, engines, options)
            except (OSError, ValueError, ImportError) as error:
                print(f"error: {error}", file=sys.stderr)
                return 2
            rows.append(row)
            show(row, engines)
    means = geometric_means(rows, engines)
    print()
    for threads, peer, mean, worst, counted, total in means:
        print(
            f"geometric mean, {threads} thread(s), mlopt over {engines[peer].title}: {mean:.3f} "
            f"(worst {worst:.2f}; {counted} of {total} models)"
        )
    if "mlopt" in engines and not means:
        print("no model ran both on mlopt and on a peer: there is no ratio")
    if options.json:
        report = {
            "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "cpu": name,
            "cpu_flags": flags,
            "cpus": os.cpu_count(),
            "load_at_start": load,
            "precision": "f32",
            "engines": {k: e.version for k, e in engines.items()},
            "rows": rows,
            "geometric_means": [
                dict(zip(("threads", "peer", "mean", "worst", "counted", "models"), m))
                for m in means
            ],
        }
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    if bounds:
        print()
        return judge(bounded(rows, options.max_ratio, options.max_geomean))
    return 0


if __name__ == "__main__":
    sys.exit(main())
