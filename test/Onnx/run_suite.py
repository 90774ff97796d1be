#!/usr/bin/env python3
"""Runs the ONNX backend test suite (onnx.backend.test, 1,914 tests) against mlopt.

    run_suite.py --build-dir=build --mode=compiled
    run_suite.py --build-dir=build --mode=reference --filter='test_(add|conv)'
    run_suite.py --build-dir=build --mode=cuda --sample=300

Mode cuda compiles for a GPU (sm_90 unless --flag says otherwise) and runs on it: on a real one with
--real-gpu, else on the emulator of BUILD/test/Cuda/lib.

Each test passes, fails (a wrong result), is unsupported (exit code 4, with the reasons) or crashes
(anything else: another exit code, a signal, no end in time). The suite holds if nothing fails or
crashes and exactly the tests listed in expectations/ are unsupported. Exit code 0 if it holds, 1 if
not, 2 for a usage error.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import multiprocessing
import os
import re
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(
        variable, "1"
    )  # the workers fork; NumPy's own threads would not survive it

# Small models run on one thread by themselves; with --threads all have to work.
os.environ.setdefault("MLOPT_RT_DEBUG", "gang")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from suite import cases as suite_cases  # noqa: E402
from suite import modes, report  # noqa: E402


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mode", choices=("reference", "compiled", "cuda"), default="compiled")
    parser.add_argument(
        "--build-dir", default=os.path.join(HERE, "..", "..", "build"), help="default: build"
    )
    parser.add_argument("--mlopt", help="the compiler (default: BUILD/bin/mlopt)")
    parser.add_argument("--data-dir", help="default: the data of the installed onnx package")
    parser.add_argument("--filter", help="regular expression: only tests whose name it finds")
    parser.add_argument(
        "--jobs",
        "-j",
        type=int,
        default=min(os.cpu_count() or 2, 8),
        help="workers (default: CPUs)",
    )
    parser.add_argument(
        "--timeout", type=float, default=30, help="seconds a test (20 times for kind real)"
    )
    parser.add_argument(
        "--flag", action="append", default=[], help="another flag for mlopt, repeatable"
    )
    parser.add_argument(
        "--threads", type=int, default=1, help="threads a compiled model runs on (default 1)"
    )
    parser.add_argument(
        "--sample", type=int, metavar="N", help="N tests spread over the suite, the same ones each time"
    )
    parser.add_argument("--compile-only", action="store_true", help="do not run what compiled")
    parser.add_argument(
        "--real-gpu", action="store_true", help="mode cuda: the machine's driver, not the emulator"
    )
    parser.add_argument("--no-batch", action="store_true", help="one mlopt process a test")
    parser.add_argument("--json", help="write {test: {status, reason, kind}} here")
    parser.add_argument("--markdown", help="write the summary tables here")
    parser.add_argument("--problems", help="write one line for each problem here")
    parser.add_argument(
        "--expectations", help="default: expectations/cpu.json or expectations/reference.json"
    )
    parser.add_argument(
        "--no-expectations",
        action="store_true",
        help="report only; nothing unsupported is an error",
    )
    parser.add_argument(
        "--update", action="store_true", help="rewrite the expectations from this run"
    )
    parser.add_argument("--list", action="store_true", help="list the tests and stop")
    parser.add_argument(
        "--quiet", "-q", action="store_true", help="no progress, no list of problems beyond 40"
    )
    return parser.parse_args()


def run_all(cases: list, settings: modes.Settings, jobs: int, quiet: bool) -> dict[str, dict]:
    results = {}
    counts = collections.Counter()
    start = last = time.monotonic()
    live = sys.stderr.isatty() and not quiet
    # The long ones first: they then never run alone at the end.
    ordered = sorted(cases, key=lambda c: c.kind != "real")
    context = multiprocessing.get_context("fork")
    with context.Pool(jobs, modes.start_worker, (settings,)) as pool:
        for result in pool.imap_unordered(modes.run_case, ordered):
            results[result.pop("name")] = result
            counts[result["status"]] += 1
            now = time.monotonic()
            if not quiet and (now - last > (0.5 if live else 30)):
                last = now
                said = ", ".join(f"{counts[s]} {s}" for s in report.STATUSES)
                line = f"{len(results)}/{len(cases)} ({now - start:.0f} s): {said}"
                print(
                    ("\r\033[K" if live else "") + line,
                    end="" if live else "\n",
                    file=sys.stderr,
                    flush=True,
                )
    if live:
        print("\r\033[K", end="", file=sys.stderr)
    return {c.name: results[c.name] for c in cases}


def sample(cases: list, count: int) -> list:
    """So many tests in an order that depends on nothing but their names, small ones only."""
    small = [c for c in cases if c.kind != "real"]
    small.sort(key=lambda c: hashlib.sha256(c.name.encode()).digest())
    return sorted(small[:count], key=lambda c: c.name)


def use_emulator(build_dir: str) -> None:
    """Starts this program again where the loader finds the emulator as the driver."""
    folder = os.path.join(build_dir, "test", "Cuda", "lib")
    found = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    if found[0] == folder:
        return
    if not os.path.exists(os.path.join(folder, "libcuda.so.1")):
        sys.exit(f"run_suite.py: {folder} has no libcuda.so.1; build mlopt-fake-cuda first")
    os.environ["LD_LIBRARY_PATH"] = os.pathsep.join([folder] + [p for p in found if p])
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable] + sys.argv)


def main() -> int:
    options = parse_arguments()
    data_dir = options.data_dir or suite_cases.default_data_dir()
    everything = suite_cases.load_cases(data_dir)
    cases = [c for c in everything if not options.filter or re.search(options.filter, c.name)]
    if options.sample:
        cases = sample(cases, options.sample)
    if options.list:
        print("\n".join(f"{c.kind} {c.name}" for c in cases))
        return 0
    if not cases:
        print(f"run_suite.py: no test matches '{options.filter}'", file=sys.stderr)
        return 2
    build_dir = os.path.abspath(options.build_dir)
    if options.mode == "cuda":
        if not options.real_gpu and not options.compile_only:
            use_emulator(build_dir)
        given = " ".join(options.flag)
        options.flag += [] if "--gpu" in given else ["--gpu=sm_90"]
        # The emulator reads PTX.
        options.flag += [] if "--ptxas" in given or options.real_gpu else ["--ptxas=none"]
        options.flag += [] if "--cpu" in given else ["--cpu=x86-64-v3"]
    mlopt = options.mlopt or os.path.join(build_dir, "bin", "mlopt")
    if not os.access(mlopt, os.X_OK):
        print(
            f"run_suite.py: {mlopt} is not there; build it first (ninja -C {build_dir} mlopt)",
            file=sys.stderr,
        )
        return 2
    if options.mode != "reference":
        sys.path.insert(0, os.path.join(build_dir, "python"))
        try:
            import mlopt as _  # noqa: F401  said once here, not by each worker
        except Exception as error:
            print(
                f"run_suite.py: the Python package in {build_dir}/python does not load: {error}",
                file=sys.stderr,
            )
            return 2
    settings = modes.Settings(
        options.mode,
        mlopt,
        os.path.join(build_dir, "python"),
        options.timeout,
        options.flag,
        not options.no_batch,
        options.threads,
        not options.compile_only,
    )
    start = time.monotonic()
    results = run_all(cases, settings, options.jobs, options.quiet)
    seconds = time.monotonic() - start

    name = "reference.json" if options.mode == "reference" else "cpu.json"
    path = options.expectations or os.path.join(HERE, "expectations", name)
    expected = {} if options.no_expectations else report.load_expectations(path)
    if options.update:
        report.write_expectations(path, results, expected)
        expected = report.load_expectations(path)
    problems = report.judge(results, expected)
    if options.no_expectations:
        problems = [p for p in problems if "expected to pass, but unsupported" not in p]
    if not options.filter and not options.sample:
        problems += report.unknown_expectations({c.name for c in everything}, expected)
        if len(everything) != suite_cases.EXPECTED_COUNT:
            problems.append(
                f"suite: {len(everything)} tests found in {data_dir}, "
                f"expected {suite_cases.EXPECTED_COUNT}"
            )

    if options.json:
        with open(options.json, "w") as stream:
            json.dump(results, stream, indent=0, sort_keys=True)
            stream.write("\n")
    if options.problems:
        with open(options.problems, "w") as stream:
            stream.writelines(p.replace("\n", " ") + "\n" for p in problems)
    summary = report.markdown(results, options.mode)
    if options.markdown:
        with open(options.markdown, "w") as stream:
            stream.write(summary)
    elif not options.quiet:
        print(summary)
    shown = problems[:40] if options.quiet else problems
    for problem in shown:
        print(problem)
    if len(shown) < len(problems):
        print(f"... and {len(problems) - len(shown)} more")
    counts = collections.Counter(r["status"] for r in results.values())
    said = ", ".join(f"{counts[s]} {s}" for s in report.STATUSES)
    print(
        f"{options.mode}: {len(results)} tests in {seconds:.0f} s: {said}; {len(problems)} problems"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
