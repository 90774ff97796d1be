"""A model with integers of 2 and 4 bits at its interface, its inputs, and what it must give.

`small_integers.py write FOLDER` makes FOLDER/model.onnx, inputs.npz, a.pb (packed raw data), a32.pb
(packed int32_data) and wrong.npz; `small_integers.py check OUTPUTS` compares.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper

A = np.array([-8, 7, -1, 0, 3], np.int8)
B = np.array([[15, 0, 8, 1, 2], [9, 14, 3, 7, 6]], np.uint8)
C = np.array([-2, 1, -1], np.int8)
X = np.array([-9.7, -8.0, 7.9, 16.0, np.nan], np.float32)
K = np.array([[1, -2, 7], [-8, 0, -1]], np.int8)


def packed(values, per_byte):
    bits = 8 // per_byte
    flat = [int(v) & ((1 << bits) - 1) for v in values.ravel()]
    flat += [0] * (-len(flat) % per_byte)
    return bytes(
        sum(v << (bits * i) for i, v in enumerate(flat[at : at + per_byte]))
        for at in range(0, len(flat), per_byte)
    )


def tensor(name, dtype, values, per_byte, raw=True):
    data = packed(values, per_byte)
    proto = onnx.TensorProto(name=name, data_type=dtype, dims=values.shape)
    if raw:
        proto.raw_data = data
    else:
        proto.int32_data.extend(data)
    return proto


def write(folder):
    value = helper.make_tensor_value_info
    nodes = [
        helper.make_node("Cast", ["x"], ["y"], to=T.INT4),
        helper.make_node("Transpose", ["b"], ["z"], perm=[1, 0]),
        helper.make_node("Cast", ["a"], ["w"], to=T.FLOAT),
        helper.make_node("Cast", ["x"], ["v"], to=T.UINT2),
        helper.make_node("Cast", ["c"], ["u"], to=T.INT8),
        helper.make_node("Transpose", ["k"], ["kt"], perm=[1, 0]),
    ]
    inputs = [
        value("a", T.INT4, ["n"]),
        value("b", T.UINT4, [2, "n"]),
        value("c", T.INT2, [3]),
        value("x", T.FLOAT, ["n"]),
    ]
    outputs = [
        value("y", T.INT4, ["n"]),
        value("z", T.UINT4, ["n", 2]),
        value("w", T.FLOAT, ["n"]),
        value("v", T.UINT2, ["n"]),
        value("u", T.INT8, [3]),
        value("kt", T.INT4, [3, 2]),
    ]
    graph = helper.make_graph(nodes, "g", inputs, outputs, [tensor("k", T.INT4, K, 2)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 25)], ir_version=11)
    onnx.save(model, folder + "/model.onnx")
    np.savez(folder + "/inputs.npz", a=A, b=B, c=C, x=X)
    np.savez(folder + "/wrong.npz", a=A + 9, b=B, c=C, x=X)
    np.savez(folder + "/rest.npz", b=B, c=C, x=X)
    for name, raw in (("a", True), ("a32", False)):
        with open(f"{folder}/{name}.pb", "wb") as f:
            f.write(tensor("a", T.INT4, A, 2, raw).SerializeToString())


def check(path):
    got = np.load(path)
    want = {
        "y": np.array([7, -8, 7, 0, 0], np.int8),
        "z": B.T,
        "w": A.astype(np.float32),
        "v": np.array([3, 0, 3, 0, 0], np.uint8),
        "u": C,
        "kt": K.T,
    }
    for name, expected in want.items():
        assert got[name].dtype == expected.dtype, (name, got[name].dtype)
        np.testing.assert_array_equal(got[name], expected, err_msg=name)


write(sys.argv[2]) if sys.argv[1] == "write" else check(sys.argv[2])
