"""check_sums.py FOLDER: means of thousands of numbers keep their bits in f32.

Adding n numbers of one sign one after the other loses more bits with each of them. In parts, the
error stays near the rounding of the result. LIMIT lies between what parts of 32 reach here (2.3e-7)
and what one chain does (1.2e-6).
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import helper

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "test" / "Structure" / "Inputs"))
from common import Report, compile_model  # noqa: E402

LIMIT = 4e-7


def model(folder, name, nodes, shape, weights=()):
    """One ONNX file with input x and output y."""
    inputs = [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, shape)]
    outputs = [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)]
    graph = helper.make_graph(nodes, name, inputs, outputs, list(weights))
    opsets = [helper.make_opsetid("", 17)]
    path = folder / f"{name}.onnx"
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(path))
    return path


def check(report, path, x, expected):
    import mlopt

    artefact = compile_model(path, path.with_suffix(".so"), "--header=none")
    (y,) = mlopt.InferenceSession(artefact, num_threads=1).run(None, {"x": x})
    error = float(np.sqrt((((y - expected) / expected) ** 2).mean()))
    print(f"{path.stem}: {x.size // y.size} numbers each, error {error:.2e}")
    report.expect(error <= LIMIT, f"{path.stem}: error {error:.2e} above {LIMIT:.0e}")


folder, report = pathlib.Path(sys.argv[1]), Report()
random = np.random.default_rng(0)

# Down the columns: vectors of columns.
x = random.random((5000, 48), np.float32) + np.float32(0.5)
node = helper.make_node("ReduceMean", ["x"], ["y"], axes=[0], keepdims=0)
check(report, model(folder, "columns", [node], x.shape), x, x.astype(np.float64).mean(0))

# Behind a convolution, whose result lies in blocks of channels. It doubles, so it rounds nothing.
x = random.random((1, 32, 20, 300), np.float32) + np.float32(0.5)
weight = np.zeros((32, 32, 1, 1), np.float32)
weight[range(32), range(32)] = 2
nodes = [
    helper.make_node("Conv", ["x", "w"], ["c"]),
    helper.make_node("GlobalAveragePool", ["c"], ["y"]),
]
path = model(folder, "plane", nodes, x.shape, [onnx.numpy_helper.from_array(weight, "w")])
check(report, path, x, 2 * x.astype(np.float64).mean((2, 3), keepdims=True))

# A half-empty last part, and sums that are not means.
x = random.random((4097, 3, 17), np.float32) + np.float32(0.5)
axes = onnx.numpy_helper.from_array(np.array([0, 1], np.int64), "axes")
node = helper.make_node("ReduceSum", ["x", "axes"], ["y"], keepdims=0)
path = model(folder, "two-axes", [node], x.shape, [axes])
check(report, path, x, x.astype(np.float64).sum((0, 1)))
report.end("sums")
