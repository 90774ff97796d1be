#!/usr/bin/env python3
"""Measures quantized models: mlopt against its own f32 and against ONNX Runtime on the same file.

    quantize.py MODEL.onnx... --work DIR [--threads 1,2] [--quantizer onnxruntime|mlopt]
                [--kind auto|int8|int4] [--json FILE] [--check]

For each float MODEL.onnx (with the inputs of MODEL.npz from bench/models.py) a quantized model is
written to DIR, if it is not there yet: a QDQ model with u8 activations and s8 weights per channel,
calibrated on variations of the stored inputs, by ONNX Runtime's static quantizer or by `mlopt
quantize`; or, for a decode step (`*_decode.onnx`), int4 weights in groups of 32 (MatMulNBits, by
ONNX Runtime's weight-only quantizer). Then four engines run on the same inputs, interleaved as in
compare.py: mlopt and ONNX Runtime, each on the float and on the quantized file. The random weights
of these models say nothing of accuracy; what is shown beside the times is how far mlopt's quantized
outputs are from ONNX Runtime's on the same file.

--check holds the bounds: the quantized model at least 1.8 times as fast as mlopt's f32 (MobileNetV2
1.3 times, an int4 decode step 2.5 times) and at least as fast as ONNX Runtime on the same file.
Exit status: 0; 1 when a bound is missed; 2 for a wrong command line or a file that cannot be read.
"""

import argparse
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import compare  # noqa: E402
import int4  # noqa: E402
from bounds import Figure, judge  # noqa: E402

#: Times that f32 takes over the quantized model, at least.
SPEEDUP = {"mobilenetv2": 1.3, "int4": 2.5}
DEFAULT_SPEEDUP = 1.8
#: Samples for calibration.
SAMPLES = 8


def kind_of(path, given):
    if given != "auto":
        return given
    return "int4" if path.stem.endswith("_decode") else "int8"


def calibration(path):
    """Feeds for calibration: the stored inputs, floats with noise, and integers as they are."""
    inputs, _ = compare.load_inputs(path, 0, {})
    generator = np.random.default_rng(0)
    for i in range(SAMPLES):
        yield {
            name: value + generator.normal(0, 0.2, value.shape).astype(value.dtype)
            if i and np.issubdtype(value.dtype, np.floating)
            else value
            for name, value in inputs.items()
        }


class Feeds:
    """What ONNX Runtime's quantizer reads."""

    def __init__(self, path):
        self.feeds = calibration(path)

    def get_next(self):
        return next(self.feeds, None)


def quantize_onnxruntime(path, target):
    """Static QDQ. Products of two activations stay float, as its guide advises for transformers."""
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory() as folder:
        prepared = pathlib.Path(folder) / "prepared.onnx"
        quant_pre_process(str(path), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(target),
            Feeds(path),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"MatMulConstBOnly": True},
        )


def quantize_mlopt(path, target):
    """`mlopt quantize` with its defaults on the same data."""
    program = shutil.which("mlopt")
    if not program:
        raise OSError("--quantizer=mlopt needs mlopt on the PATH")
    with tempfile.TemporaryDirectory() as folder:
        for i, feed in enumerate(calibration(path)):
            np.savez(pathlib.Path(folder) / f"sample{i}.npz", **feed)
        command = [program, "quantize", str(path), f"--calibrate={folder}", "-o", str(target)]
        subprocess.run(command, check=True)


def quantize_int4(path, target):
    """Weights of products in 4 bits, groups of 32."""
    int4.quantize(path, target)


def quantized_file(path, kind, options):
    maker = (
        quantize_int4
        if kind == "int4"
        else {"onnxruntime": quantize_onnxruntime, "mlopt": quantize_mlopt}[options.quantizer]
    )
    suffix = "int4" if kind == "int4" else options.quantizer
    target = options.work / f"{path.stem}.{suffix}.onnx"
    if not target.exists():
        maker(path, target)
    return target


def distance(names, results, other_names, others):
    """Cosine similarity of all float outputs, laid end to end."""
    mine, other = dict(zip(names, results, strict=True)), dict(zip(other_names, others, strict=True))
    floats = [n for n in mine if np.issubdtype(np.asarray(mine[n]).dtype, np.floating)]
    a = np.concatenate([np.ravel(mine[n]).astype(np.float64) for n in floats])
    b = np.concatenate([np.ravel(other[n]).astype(np.float64) for n in floats])
    return float(a @ b / max(np.linalg.norm(a) * np.linalg.norm(b), 1e-300))


def measure(path, quantized, kind, threads, engines, options):
    inputs, _ = compare.load_inputs(path, 0, {})
    row = {"model": path.stem, "kind": kind, "threads": threads, "engines": {}}
    runs, held, outputs = {}, [], {}
    for key, (engine, file) in {
        "mlopt-f32": (engines["mlopt"], path),
        "mlopt-int": (engines["mlopt"], quantized),
        "onnxruntime-f32": (engines["onnxruntime"], path),
        "onnxruntime-int": (engines["onnxruntime"], quantized),
    }.items():
        try:
            session, run, names = engine.open(file, threads)
            outputs[key] = (names, run(inputs))
        except Exception as failure:  # a refusal of one engine must not hide the others' figures
            row["engines"][key] = {"failed": f"{type(failure).__name__}: {failure}"[:300]}
            continue
        held.append(session)
        runs[key] = run
        row["engines"][key] = {}
    if {"mlopt-int", "onnxruntime-int"} <= set(outputs):
        row["cosine"] = distance(*outputs["mlopt-int"], *outputs["onnxruntime-int"])
    for key, samples in compare.measure(runs, inputs, options.seconds).items():
        row["engines"][key].update(compare.summary(samples))
    if threads > 1:
        row["parallel_speedup"] = compare.parallel_speedup(threads)
    return row


def ratio(row, above, below):
    a, b = (row["engines"].get(key, {}).get("median_ms") for key in (above, below))
    return a / b if a and b else None


def show(row):
    cells = [f"{row['model']:<18}{row['kind']:<6}{row['threads']:>3}"]
    for key in ("mlopt-f32", "mlopt-int", "onnxruntime-f32", "onnxruntime-int"):
        ms = row["engines"][key].get("median_ms")
        cells.append(f"{ms:>12.3f}" if ms else f"{'failed':>12}")
    for above, below in (("mlopt-f32", "mlopt-int"), ("mlopt-int", "onnxruntime-int")):
        value = ratio(row, above, below)
        cells.append(f"{value:>9.2f}" if value else f"{'-':>9}")
    cells.append(f"{row['cosine']:>11.6f}" if "cosine" in row else f"{'-':>11}")
    print("".join(cells), flush=True)
    for key, result in row["engines"].items():
        if "failed" in result:
            print(f"    {key}: {result['failed']}")
    if compare.doubtful(row):
        print("    the CPUs share a core or are busy: do not trust this row")


def figures(rows):
    for row in rows:
        what = f"{row['model']} {row['kind']}, {row['threads']} thread(s)"
        remark = "the CPUs were shared or busy: measure again" if compare.doubtful(row) else ""
        wanted = SPEEDUP.get(row["kind"], SPEEDUP.get(row["model"], DEFAULT_SPEEDUP))
        share = ratio(row, "mlopt-int", "mlopt-f32")
        yield Figure(f"{what}: over its f32", share, 1 / wanted, "ratio", remark)
        peer = ratio(row, "mlopt-int", "onnxruntime-int")
        yield Figure(f"{what}: over ONNX Runtime", peer, 1.0, "ratio", remark)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("models", nargs="+", type=pathlib.Path, metavar="MODEL")
    parser.add_argument(
        "--work", type=pathlib.Path, required=True, metavar="DIR", help="for quantized models"
    )
    parser.add_argument("--threads", default="1", help="comma list, e.g. 1,2 (default 1)")
    parser.add_argument("--seconds", type=float, default=2.0, help="per engine, model and count")
    parser.add_argument("--quantizer", choices=("onnxruntime", "mlopt"), default="onnxruntime")
    parser.add_argument("--kind", choices=("auto", "int8", "int4"), default="auto")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--check", action="store_true", help="exit 1 if a bound is missed")
    options = parser.parse_args(arguments)
    try:
        counts = [int(n) for n in options.threads.split(",")]
    except ValueError:
        parser.error("--threads wants numbers such as 1,2")
    missing = [str(p) for p in options.models if not p.is_file()]
    if missing or min(counts) < 1:
        parser.error(f"no model at {', '.join(missing)}" if missing else "--threads from 1")
    options.work.mkdir(parents=True, exist_ok=True)

    engines = {"mlopt": compare.Mlopt(), "onnxruntime": compare.OnnxRuntime()}
    name, flags = compare.processor()
    print(f"CPU        {name}, {os.cpu_count()} CPUs; {flags}")
    print("engines    " + ", ".join(f"{e.title} {e.version}" for e in engines.values()))
    print("precision  f32 against the quantized file; int8: QDQ, u8 activations, s8 weights per")
    print("           channel; int4: weights in groups of 32, f32 activations")
    print("method     interleaved blocks; median ms per run")
    print(
        f"\n{'model':<18}{'kind':<6}{'thr':>3}{'mlopt f32':>12}{'mlopt int':>12}{'ORT f32':>12}"
        f"{'ORT int':>12}{'speed-up':>9}{'over ORT':>9}{'cos to ORT':>11}",
        flush=True,
    )
    rows = []
    for path in options.models:
        kind = kind_of(path, options.kind)
        try:
            quantized = quantized_file(path, kind, options)
            for threads in counts:
                rows.append(measure(path, quantized, kind, threads, engines, options))
                show(rows[-1])
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            print(f"error: {path}: {error}", file=sys.stderr)
            return 2
    if options.json:
        report = {
            "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "cpu": name,
            "cpu_flags": flags,
            "quantizer": options.quantizer,
            "engines": {k: e.version for k, e in engines.items()},
            "rows": rows,
        }
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    if options.check:
        print()
        return judge(list(figures(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
