"""A model of products with constant weights of 4 bits whose columns share scales, and what it must give.

`nibble_weights.py write FOLDER` makes FOLDER/model.onnx and inputs of 1, 5 and 12 rows;
`nibble_weights.py run FOLDER COMMAND...` runs a compiled one on each of them and compares. Weights are stored as DequantizeLinear (one scale, a scale per block) and as
MatMulNBits (transposed), small ones and such as stay outside of the code, with one or more columns,
blocks, signs, with and without zero points, and with values that are all equal.
"""

import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

# name, type, K, N, scales, zero point (none, one number, or different ones)
PRODUCTS = [
    (f"{kind}_{k}x{n}_{scales}_{zero}", kind, k, n, scales, zero)
    for kind, k, n, scales, zero in (
        ("i4", 16, 2, "one", "same"),
        ("i4", 64, 1, "blocks", "some"),
        ("i4", 300, 33, "one", "none"),
        ("u4", 64, 1, "one", "none"),
        ("u4", 64, 1, "blocks", "same"),
        ("u4", 300, 33, "one", "some"),
    )
]
# name, K, N, block, zero points
PACKED = [
    (f"nbits_{k}x{n}_{block}_{zero}", k, n, block, zero)
    for k, n, block, zero in (
        (16, 1, 16, "none"),
        (20, 1, 32, "some"),
        (96, 1, 32, "same"),
        (256, 40, 128, "same"),
    )
]


def model():
    """The model, and for each output the input's name and the matrix to multiply it by."""
    random = np.random.default_rng(7)
    nodes, constants, expected = [], [], {}

    def constant(name, values):
        constants.append(numpy_helper.from_array(values, name))
        return name

    for name, kind, k, n, scales, zero in PRODUCTS:
        low = -8 if kind == "i4" else 0
        dtype = T.INT4 if kind == "i4" else T.UINT4
        weights = random.integers(low, low + 16, (k, n))
        if zero == "same" and n == 2:
            weights[:] = 5
        shape = () if scales == "one" else (k // 16, n)
        scale = np.asarray(random.uniform(0.01, 0.1, shape), np.float32)
        point = {"none": np.zeros(shape, int), "same": np.full(shape, 3)}.get(
            zero, np.asarray(random.integers(low, low + 16, shape))
        )
        inputs = [name + "_w", constant(name + "_s", scale)]
        constants.append(helper.make_tensor(name + "_w", dtype, [k, n], weights.ravel().tolist()))
        if zero != "none":
            constants.append(helper.make_tensor(name + "_z", dtype, shape, point.ravel().tolist()))
            inputs.append(name + "_z")
        blocked = {} if scales == "one" else {"axis": 0, "block_size": 16}
        nodes.append(helper.make_node("DequantizeLinear", inputs, [name + "_d"], **blocked))
        nodes.append(helper.make_node("MatMul", [f"x{k}", name + "_d"], [name]))
        if scales == "blocks":
            scale, point = np.repeat(scale, 16, 0), np.repeat(point, 16, 0)
        expected[name] = (f"x{k}", k, (weights - point) * scale.astype(np.float64))

    for name, k, n, block, zero in PACKED:
        blocks = -(-k // block)
        weights = random.integers(0, 16, (n, blocks * block))
        scale = random.uniform(0.01, 0.1, (n, blocks)).astype(np.float32)
        point = {"none": np.full((n, blocks), 8), "same": np.full((n, blocks), 5)}.get(
            zero, random.integers(0, 16, (n, blocks))
        )
        halves = (weights[:, ::2] | weights[:, 1::2] << 4).astype(np.uint8)
        inputs = [f"x{k}", constant(name + "_w", halves.reshape(n, blocks, block // 2))]
        inputs.append(constant(name + "_s", scale))
        if zero != "none":
            even = np.pad(point, ((0, 0), (0, blocks % 2)))
            inputs.append(constant(name + "_z", (even[:, ::2] | even[:, 1::2] << 4).astype(np.uint8)))
        nodes.append(
            helper.make_node(
                "MatMulNBits", inputs, [name], domain="com.microsoft", K=k, N=n, bits=4, block_size=block
            )
        )
        real = (weights - np.repeat(point, block, 1)) * np.repeat(scale.astype(np.float64), block, 1)
        expected[name] = (f"x{k}", k, real[:, :k].T)

    graph = helper.make_graph(
        nodes,
        "nibbles",
        [helper.make_tensor_value_info(f"x{k}", T.FLOAT, ["m", k]) for k in sizes(expected)],
        [helper.make_tensor_value_info(name, T.FLOAT, ["m", e[2].shape[1]]) for name, e in expected.items()],
        constants,
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10), expected


def sizes(expected):
    return sorted({k for _, k, _ in expected.values()})


ROWS = (1, 5, 12)


def main():
    folder = sys.argv[2]
    made, expected = model()
    if sys.argv[1] == "write":
        onnx.save(made, folder + "/model.onnx")
        random = np.random.default_rng(11)
        for rows in ROWS:
            values = {f"x{k}": random.standard_normal((rows, k)).astype(np.float32) for k in sizes(expected)}
            np.savez(f"{folder}/inputs{rows}.npz", **values)
        return
    wrong = []
    for rows in ROWS:
        given, made = f"{folder}/inputs{rows}.npz", f"{folder}/outputs{rows}.npz"
        subprocess.run([*sys.argv[3:], f"--input=@{given}", f"--output=@{made}"], check=True)
        inputs, outputs = np.load(given), np.load(made)
        assert set(outputs.files) == set(expected), outputs.files
        for name, (operand, _, matrix) in expected.items():
            exact = inputs[operand].astype(np.float64) @ matrix
            error = np.abs(outputs[name] - exact).max() / np.abs(exact).max()
            if not error < 2e-5:
                wrong.append(f"{name}, {rows} rows: {error:.2g} of the range")
    assert not wrong, "\n".join(wrong)


main()
