#!/usr/bin/env python3
"""One artefact of the text-line recogniser reads lines of five widths in batches of one and six.

    ocr_widths.py --model ch_PP-OCRv4_rec_infer.onnx --artefact rec.so [--mlopt-run BIN]

Each of the ten inputs holds drawn text lines; the outputs are compared with ONNX Runtime's: the
largest error relative to the largest output must not exceed 2e-5 and the decoded texts must agree.
The arena of the artefact must be at most 1.15 times its lower bound at three of the widths.
Prints PASS/FAIL lines and `N passed, N failed, N skipped`. Exit status: 0, 1 when something failed,
2 usage. Where ONNX Runtime is not installed everything is skipped, and said so.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parents[1] / "examples" / "ocr"))
sys.path.insert(0, str(HERE.parent / "Structure" / "Inputs"))
import memory  # noqa: E402
import ocr  # noqa: E402
import run_models  # noqa: E402

WIDTHS = [101, 240, 320, 479, 713]
MEMORY_WIDTHS = [101, 320, 713]
BATCHES = [1, 6]
LINES = [
    "Compilers turn models into code",
    "one artefact for them",
    "48 rows of pixels",
    "any width",
    "code",
    "ok",
]


def lines_for(width, count):
    """`count` of the lines that fit into the width: the longest first, over and over."""
    fitting = [line for line in LINES if ocr.preprocess(ocr.draw_line(line)).shape[3] <= width]
    return [fitting[i % len(fitting)] for i in range(count)]


# How much farther from exact arithmetic than the peer a result may lie: measured are 0.8 to 1.4 at
# the levels x86-64-v2, x86-64-v3 and with AVX-512.
PEER_FACTOR = 1.5


def against_exact(options, pixels, result, expected, error):
    """At some widths this model amplifies f32 rounding beyond the tolerance in every runtime; both
    results are then held against the reference evaluator in f64. Returns a remark for the report."""
    if not options.mlopt:
        raise run_models.Failure(f"error {error:.2e} above {run_models.TOLERANCE:.0e}")
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/x.npy", pixels)
        command = [options.mlopt, "eval", options.model, f"--input=x:@{folder}/x.npy"]
        subprocess.run([*command, f"--output=@{folder}", "--mode=exact"], check=True)
        (path,) = [p for p in pathlib.Path(folder).glob("*.npy") if p.name != "x.npy"]
        exact = np.load(path).astype(np.float32)
    ours, theirs = run_models.error_of(result, exact), run_models.error_of(expected, exact)
    if theirs < run_models.TOLERANCE or ours > PEER_FACTOR * theirs:
        raise run_models.Failure(
            f"error {error:.2e}; from exact arithmetic {ours:.2e}, ONNX Runtime {theirs:.2e}"
        )
    return f" (from exact arithmetic {ours:.1e}, ONNX Runtime {theirs:.1e})"


def check_memory(suite, options, threads):
    """The artefact's arena for a batch of six, and what its metadata says of the usual sizes."""
    program = options.mlopt_run
    if not program and options.build_dir:
        program = str(options.build_dir / "bin" / "mlopt-run")
    program = program or shutil.which("mlopt-run")
    if not program:
        suite.add("SKIP", "ocr: memory: there is no program mlopt-run")
        return

    def inspect(*flags):
        command = [program, "inspect", options.artefact, "--format=json", *flags]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

    usual = inspect()
    batch, _, height, width = usual["entries"][0]["inputs"][0]["shape"]
    for level in usual["metadata"]["levels"]:
        plan, name = level["programs"][0], f"ocr: memory ({level['name']})"
        stated, counted = plan["memory"]["lower_bound"], max(memory.bytes_alive(plan))
        clashes = list(memory.overlaps(plan))
        if stated != counted or clashes:
            suite.add("FAIL", f"{name}: bound {stated}, counted {counted}; {clashes[:2]} overlap")
        else:
            suite.add("PASS", f"{name}: the lower bound is {counted} bytes at the usual sizes")
    for size in MEMORY_WIDTHS:
        sizes = {batch: 6, height: 48, width: size}
        flags = [f"--dim={k}={v}" for k, v in sizes.items() if isinstance(k, str)]
        entry = inspect(f"--threads={threads}", *flags)["entries"][0]
        arena, bound = entry.get("arena_bytes", 0), entry.get("arena_lower_bound", 0)
        # Counted from the formulas of the level in use, independently of what the code computes.
        named = {k: v for k, v in sizes.items() if isinstance(k, str)}
        plan = memory.at_sizes(usual["metadata"]["levels"][0]["programs"][0], named, threads)
        counted = (plan["memory"]["arena_bytes"], max(memory.bytes_alive(plan)))
        clashes = list(memory.overlaps(plan))
        good = 0 < arena <= memory.LIMIT * bound and counted == (arena, bound) and not clashes
        suite.add(
            "PASS" if good else "FAIL",
            f"ocr: memory: batch 6, width {size}, {threads} threads: arena {arena} bytes, lower "
            f"bound {bound}; from the formulas {counted[0]} and {counted[1]}",
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", required=True, help="the recogniser as ONNX")
    parser.add_argument("--artefact", required=True, help="the same model compiled by mlopt")
    parser.add_argument(
        "--mlopt-run", metavar="BIN", help="run through this program, not the package"
    )
    parser.add_argument("--mlopt", metavar="BIN", help="the compiler, for its reference evaluator")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--build-dir",
        type=pathlib.Path,
        metavar="DIR",
        help="take the Python package from this build",
    )
    options = parser.parse_args()
    if options.build_dir:
        sys.path.insert(0, str(options.build_dir / "python"))

    total = len(WIDTHS) * len(BATCHES)
    try:
        import onnxruntime as ort
    except ImportError:
        print(f"SKIP ocr: onnxruntime is not installed\n0 passed, 0 failed, {total} skipped")
        return 0
    session_options = ort.SessionOptions()
    session_options.intra_op_num_threads = options.threads
    session_options.log_severity_level = 3
    peer = ort.InferenceSession(options.model, session_options, providers=["CPUExecutionProvider"])
    output = peer.get_outputs()[0].name
    characters = ocr.read_characters(options.model)
    suite = run_models.Suite()
    try:
        runner_type = run_models.ProgramRunner if options.mlopt_run else run_models.PackageRunner
        runner = runner_type(options.artefact, options, options.threads)
    except Exception as error:
        for _ in range(total):
            suite.counts["FAIL"] += 1
        print(f"FAIL ocr: {options.artefact} cannot be opened: {error}")
        runner = None

    for width in WIDTHS if runner else []:
        for batch in BATCHES:
            name = f"ocr: batch {batch}, width {width}"
            pixels = np.concatenate(
                [ocr.preprocess(ocr.draw_line(line), width) for line in lines_for(width, batch)]
            )
            (expected,) = peer.run([output], {"x": pixels})
            try:
                (result,) = runner.run({"x": pixels}, [output])
                error = run_models.error_of(result, expected)
                remark = ""
                if error > run_models.TOLERANCE:
                    remark = against_exact(options, pixels, result, expected, error)
                texts = ocr.decode(np.asarray(result), characters)
                wanted = ocr.decode(expected, characters)
                if texts != wanted:
                    raise run_models.Failure(f"read {texts}, expected {wanted}")
                suite.add("PASS", f"{name}: error {error:.1e}{remark}, read '{texts[0]}'")
            except Exception as failure:
                suite.add("FAIL", f"{name}: {failure}")
    if runner:
        check_memory(suite, options, 2)
    counts = suite.counts
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
