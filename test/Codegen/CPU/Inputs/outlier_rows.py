"""outlier_rows.py MLOPT CPU DIR: products of rows that have outliers with weights of 4 bits.

Bounds each element's error by a multiple of the f32 rounding unit times the sum of the magnitudes
of its terms (what weighs 0 counts nothing), and checks that no row's bits depend on another row.
Prints the largest multiple of each model, and "ok".
"""

import pathlib
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

UNIT = 2.0**-24
#: What sums of 352 terms in f32 may have; seldom do rounding errors add up.
LARGEST = 32
STEPS, COLUMNS = 352, 70
#: Steps that some columns' weights are 0 at.
FREE = [0, 37, 70]


def weights(rng, lowest, block, with_zero):
    w = rng.integers(lowest, lowest + 16, (STEPS, COLUMNS))
    zero = rng.integers(lowest + 3, lowest + 12, (STEPS // block, COLUMNS)) if with_zero else None
    nothing = np.zeros_like(w) if zero is None else np.repeat(zero, block, 0)
    # A third of the columns weigh outliers with 0, a third all but a few steps with 0.
    for step in FREE:
        w[step, ::3] = nothing[step, ::3]
    w[:, 1::3] = np.where(rng.random((STEPS, 1)) < 0.02, w, nothing)[:, 1::3]
    return w, zero, w - nothing


def model(path, rng, element, block, with_zero):
    lowest = -8 if element == TensorProto.INT4 else 0
    w, zero, differences = weights(rng, lowest, block, with_zero)
    scale = rng.uniform(0.01, 0.1, (STEPS // block, COLUMNS)).astype(np.float32)
    initializers = [
        helper.make_tensor("w", element, w.shape, w.flatten().tolist()),
        numpy_helper.from_array(scale, "s"),
    ]
    if with_zero:
        initializers.append(helper.make_tensor("z", element, zero.shape, zero.flatten().tolist()))
    parameters = [t.name for t in initializers]
    nodes = [
        helper.make_node("DequantizeLinear", parameters, ["wide"], axis=0, block_size=block),
        helper.make_node("MatMul", ["x", "wide"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", STEPS])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", COLUMNS])],
        initializers,
    )
    opsets = [helper.make_opsetid("", 21)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10), path)
    return differences * np.repeat(scale.astype(np.float64), block, 0)


def rows(rng):
    """Eight rows: plain ones, of outliers, with NaN, with infinity, of all magnitudes."""
    x = rng.normal(size=(8, STEPS)).astype(np.float32)
    for row, size in ((1, 10.0), (2, 1e3), (3, 1e6), (4, 30.0)):
        x[row, FREE] *= size
    x[3, 5] = 1e6
    x[5, 37] = np.nan
    x[6, 70] = -np.inf
    x[7] *= np.exp2(rng.uniform(-40, 40, STEPS)).astype(np.float32)
    return x


def run(mlopt, cpu, path, x):
    data = path.with_suffix(".npz")
    np.savez(data, x=x)
    command = [mlopt, "run", path, "-q", f"--cpu={cpu}", f"--input=x:@{data}", f"--output=@{data}"]
    subprocess.run(command, check=True)
    with np.load(data) as outputs:
        return outputs["y"]


def errors(x, y, wide):
    """Each row's largest error in units of rounding of its terms' magnitudes."""
    exact = x.astype(np.float64) @ wide
    magnitudes = np.abs(x).astype(np.float64) @ np.abs(wide)
    return (np.abs(y - exact) / (UNIT * magnitudes)).max(1)


def main():
    mlopt, cpu, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    rng = np.random.default_rng(5)
    forms = {
        "signed": (TensorProto.INT4, 32, False),
        "zeros": (TensorProto.UINT4, 16, True),
        "whole": (TensorProto.INT4, STEPS, True),
        "plain": (TensorProto.UINT4, 32, False),
    }
    failed = False
    for name, (element, block, with_zero) in forms.items():
        path = folder / f"{name}.onnx"
        wide = model(path, rng, element, block, with_zero)
        x = rows(rng)
        y = run(mlopt, cpu, path, x)
        # Rows 5 and 6 alone are not finite; then all rows are.
        others = x.copy()
        others[[0, 5, 6, 7]] = rows(rng)[[4, 1, 2, 0]]
        z = run(mlopt, cpu, path, others)
        finite = [0, 1, 2, 3, 4, 7]
        multiples = np.append(errors(x[finite], y[finite], wide), errors(others, z, wide))
        print(name, "multiples of the unit:", *(f"{m:.2f}" for m in multiples))
        with np.errstate(invalid="ignore"):
            infinite = -np.inf * wide[70]
        checks = {
            "error": multiples.max() <= LARGEST,
            "nan": np.isnan(y[5]).all(),
            "infinity": np.array_equal(y[6], infinite.astype(np.float32), equal_nan=True),
            "independent": np.array_equal(y[1:5], z[1:5]),
        }
        for check, passed in checks.items():
            if not passed:
                print(f"{name}: {check} failed")
                failed = True
    print("failed" if failed else "ok")


if __name__ == "__main__":
    main()
