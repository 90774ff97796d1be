"""check_fixed.py FOLDER: a model with symbolic sizes, and the same with the sizes fixed.

Both give the framework's results and each other's; the fixed one refuses other sizes.
"""

import os
import sys

import mlopt
from common import MODELS, TOLERANCE, Report, cases_of, compile_model, relative_error

folder, report = sys.argv[1], Report()
for name in ("bert_dynamic", "minilm"):
    model = MODELS / f"{name}.onnx"
    symbolic = mlopt.InferenceSession(
        compile_model(model, os.path.join(folder, f"{name}.so")), num_threads=1
    )
    symbols = symbolic.get_inputs()[0].shape
    cases = cases_of(name)
    for index, (inputs, outputs) in enumerate(cases):
        sizes = next(iter(inputs.values())).shape
        # All sizes fixed, and each of them alone.
        for kept in (None, *range(len(sizes))):
            dims = [
                f"--dim={symbol}={size}"
                for axis, (symbol, size) in enumerate(zip(symbols, sizes))
                if kept in (None, axis)
            ]
            where = f"{name}: case {index}: {' '.join(dims)}"
            path = os.path.join(folder, f"{name}-{index}-{kept}.so")
            with mlopt.InferenceSession(compile_model(model, path, *dims), num_threads=2) as fixed:
                shape = fixed.get_inputs()[0].shape
                for axis, size in enumerate(sizes):
                    wanted = size if kept in (None, axis) else symbols[axis]
                    report.expect(shape[axis] == wanted, f"{where}: the input has shape {shape}")
                results = fixed.run(list(outputs), inputs)
                others = symbolic.run(list(outputs), inputs)
                for output, got, other in zip(outputs, results, others):
                    error = relative_error(got, outputs[output])
                    report.expect(
                        error <= TOLERANCE, f"{where}: {output}: error {error:.1e}"
                    )
                    error = relative_error(got, other)
                    report.expect(
                        error <= TOLERANCE,
                        f"{where}: {output} differs from the symbolic one by {error:.1e}",
                    )
                try:
                    fixed.run(None, {k: v[:, :-1][:-1] for k, v in inputs.items()})
                    report.expect(False, f"{where}: another size is accepted")
                except mlopt.InvalidInputError as error:
                    report.expect(error.code == "MLO5105", f"{where}: {error}")
report.end("fixed sizes")
