#!/usr/bin/env python3
"""Measures mlopt on a GPU against PyTorch, and checks that the numbers are right.

    gpu.py --build-dir build [--json FILE]     where mlopt is built
    gpu.py --prepare DIR --build-dir build     no GPU needed: a folder for a machine without mlopt
    gpu.py --bundle DIR [--json FILE]          there: needs Python, NumPy and PyTorch

One call does, in this order and as far as --minutes last: what launches cost; conformance (small
models of every emitter in all types against exact arithmetic); BERT-base and ResNet-50 in f16 at
batch 1 and 32 with PyTorch eager and both modes of torch.compile, judged by the bounds below;
kernels one by one (products, softmax, norms, transposition, elementwise, attention); the other
models and types against eager; then those with torch.compile. ONNX Runtime takes part where it is
installed with CUDA or TensorRT and the models are at hand (--build-dir, --with-onnx).

Every step is written to the JSON as it ends, and a call with the same file goes on where the last
one stopped. Steps run in a process of their own: one that fails, hangs or leaves the GPU in error
is noted, and the rest goes on. What the emulator gives (its name is the card's) is marked so,
has no bounds on speed, and is never put into a file with figures of a card.

Bounds (batch 1: wall clock of one run and its wait; batch 32: time on the GPU): BERT-base and
ResNet-50 in f16 at batch 1 at most 1.0 of torch.compile `default` and 1.25 of its faster mode, at
batch 32 at most 2.0 of its faster mode. Errors: those of gpu_cases.py, and for models MODEL_ERRORS
or twice PyTorch's own, whichever is larger.
Exit status: 0; 1 when a bound is missed or a result is wrong; 2 for a wrong command line, no GPU,
or a bundle that cannot be read.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from bounds import judge  # noqa: E402
from gpu_results import Refusal, Results, figures  # noqa: E402
from gpu_worker import NAMES, RESTART, SECTIONS, Worker, steps  # noqa: E402

#: Seconds that a step may take before it counts as hung; the slow ones compile with torch.compile.
HUNG, HUNG_COMPILING = 60, 240


def drive(options):
    """Starts workers until all steps are done or the time is over; the exit status."""
    begin = time.time()
    environment = {**os.environ, "MLOPT_BENCH_DEADLINE": str(begin + 60 * options.minutes)}
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(pathlib.Path(options.bundle or options.build_dir).resolve() / "python")]
        + os.environ.get("PYTHONPATH", "").split(os.pathsep)
    )
    environment["MLOPT_BUILD_DIR"] = str(
        pathlib.Path(options.bundle or options.build_dir).resolve()
    )
    if options.emulator:
        folder = pathlib.Path(options.emulator).resolve()
        environment["LD_LIBRARY_PATH"] = f"{folder}:{os.environ.get('LD_LIBRARY_PATH', '')}"
        environment["CUDA_VISIBLE_DEVICES"] = ""  # PyTorch keeps off a card that may be there
    with tempfile.TemporaryDirectory(prefix="mlopt-gpu-") as work:
        command = [
            sys.executable,
            __file__,
            *sys.argv[1:],
            "--worker",
            "--work",
            work,
            "--json",
            options.json,
        ]
        for _ in range(12):
            status = supervise(command, environment, options.json)
            if status != RESTART:
                break
    if status == 2:
        return 2
    results = Results(options.json)
    if not results.data:
        print(
            f"gpu.py: the worker ended with status {status} before it wrote anything",
            file=sys.stderr,
        )
        return 1
    data = results.data
    data["seconds"] = round(data.get("seconds", 0) + time.time() - begin, 1)
    results.save()
    todo = [
        k
        for s, k, _ in steps(options, data["tiny"])
        if k not in data["steps"] and not (data["emulated"] and s == "compile")
    ]
    if todo:
        print(f"{len(todo)} steps are left, the first {todo[0]}: the same call goes on with them")
    remark = "EMULATOR, no figures of a GPU: " if data["emulated"] else ""
    print(f"\n{remark}{data['card']}, {data['date']}")
    return judge(figures(data))


def supervise(command, environment, path):
    """One worker; ends it when a step hangs. Its status, RESTART where another one must go on."""
    process = subprocess.Popen(command, env=environment)
    try:
        while True:
            try:
                status = process.wait(timeout=5)
                break
            except subprocess.TimeoutExpired:
                running = running_step(path)
                if running and time.time() - running[1] > running[2]:
                    process.kill()
                    process.wait()
                    Results(path).mark(running[0], "failed", error="hung")
                    return RESTART
    except BaseException:
        process.kill()
        process.wait()
        raise
    running = running_step(path)
    if status not in (0, 2, RESTART) and running:
        results = Results(path)
        results.mark(running[0], "failed", error=f"the process ended with status {status}")
        return RESTART
    return status


def running_step(path):
    """(key, since when, seconds it may take) of the step that a worker is at."""
    try:
        data = json.loads(pathlib.Path(path).read_text())
    except (OSError, ValueError):
        return None
    for key, step in data.get("steps", {}).items():
        if step["state"] == "running":
            slow = key.startswith("row/") and not data["tiny"]
            limit = 1e9 if data["emulated"] else HUNG_COMPILING if slow else HUNG
            return key, step["since"], limit
    return None


def prepare(options):
    import gpu_bundle

    gpus = "sm_90" if options.tiny else options.gpus
    work = pathlib.Path(options.prepare).with_name(pathlib.Path(options.prepare).name + ".work")
    maker = gpu_bundle.Maker(
        options.build_dir, work, gpus, options.tiny, cpu="x86-64-v3",
        ptxas="none" if options.tiny else None, jobs=options.jobs,
    )  # fmt: skip
    begin = time.time()
    manifest = gpu_bundle.write(
        maker, options.prepare, options.build_dir, options.models, options.precisions,
        limit=options.max_mib * 2**20,
        with_onnx=options.with_onnx,
    )  # fmt: skip
    for part, size in manifest["sizes"].items():
        print(f"{part}: {size / 2**20:.2f} MiB")
    whole = sum(manifest["sizes"].values()) / 2**20
    print(f"{options.prepare}: {whole:.1f} MiB, {time.time() - begin:.0f} s")
    for key, why in manifest["failed"].items():
        print(f"not in it: {key}: {why}")
    return 1 if any(not why.startswith("left out") for why in manifest["failed"].values()) else 0


def parse(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )

    def names(known):
        def split(text):
            found = [] if text == "none" else text.split(",")
            unknown = [n for n in found if n not in known]
            if unknown:
                raise argparse.ArgumentTypeError(f"'{unknown[0]}' is none of {', '.join(known)}")
            return found

        return split

    precisions = ("f16", "bf16", "tf32", "f32")
    parser.add_argument("--build-dir", default="build", help="where mlopt is built (default build)")
    parser.add_argument("--prepare", metavar="DIR", help="make a bundle there and stop")
    parser.add_argument("--bundle", metavar="DIR", help="take everything from a bundle")
    parser.add_argument("--gpus", default="sm_80,sm_90,sm_100", help="with --prepare")
    parser.add_argument(
        "--max-mib", type=float, default=44, help="with --prepare: add models up to it (default 44)"
    )
    parser.add_argument("--with-onnx", action="store_true", help="with --prepare: ONNX files, too")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="with --prepare")
    parser.add_argument("--tiny", action="store_true", help="small models and few cases")
    parser.add_argument(
        "--models", type=names(NAMES), default=list(NAMES), help="comma list, or none"
    )
    parser.add_argument("--precisions", type=names(precisions), default=list(precisions))
    parser.add_argument("--only", type=names(SECTIONS), help=f"of {','.join(SECTIONS)}")
    parser.add_argument(
        "--minutes", type=float, default=9.0, help="begin no step after (default 9)"
    )
    parser.add_argument(
        "--seconds", type=float, default=0.7, help="per engine and row (default 0.7)"
    )
    parser.add_argument("--json", default="gpu.json", help="results (default gpu.json)")
    parser.add_argument("--emulator", metavar="DIR", help="the folder of the emulator's driver")
    parser.add_argument("--verbose", action="store_true", help="traces of failures")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.prepare and options.bundle:
        parser.error("--prepare and --bundle exclude each other")
    return options


def main(arguments=None):
    options = parse(arguments)
    # A call that is ended takes its worker along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        if options.worker:
            return Worker(options, Results(options.json)).run()
        if options.prepare:
            return prepare(options)
        return drive(options)
    except (Refusal, OSError, ValueError, RuntimeError, ImportError) as error:
        if options.verbose:
            traceback.print_exc()
        print(f"gpu.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
