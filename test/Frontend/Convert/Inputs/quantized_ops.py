"""quantized_ops.py MLOPT FOLDER [--record]: quantized operators against committed numbers.

The numbers in quantized_ops.json are ONNX Runtime's: `--record` runs it (package onnxruntime) and
writes them anew. Results that are integers may differ by one step (a quotient next to a tie), but
not more than one in twenty of them; floats by 1e-5 of the largest.
Each model is evaluated by the reference evaluator and, on x86-64, compiled.
"""

import json
import os
import platform
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "quantized_ops.json")
MICROSOFT = "com.microsoft"
U8, I8, F = np.uint8, np.int8, np.float32
TYPES = {
    U8: TensorProto.UINT8,
    I8: TensorProto.INT8,
    np.int32: TensorProto.INT32,
    F: TensorProto.FLOAT,
}


def ramp(*shape):
    """Values without a pattern that a wrong index could hit by accident."""
    count = int(np.prod(shape))
    return ((np.arange(count) * 37 % 101).astype(F) / 8 - 5).reshape(shape)


def integers(dtype, *shape):
    """The whole range of an 8-bit type."""
    count = int(np.prod(shape))
    return (np.arange(count) * 89 % 251 + 3).astype(U8).view(dtype).reshape(shape)


def model(name, op, operands, result, domain=MICROSOFT, **attributes):
    """One node. Operands: (name, value); x.. are inputs, others initializers, "" is omitted."""
    values = [(k, np.asarray(v)) for k, v in operands if k]
    names = [k for k, _ in operands]
    node = helper.make_node(op, names, ["y"], name=name, domain=domain, **attributes)
    graph = helper.make_graph(
        [node],
        name,
        [
            helper.make_tensor_value_info(k, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
            for k, v in values
            if k[0] == "x"
        ],
        [helper.make_tensor_value_info("y", TYPES[result], None)],
        [numpy_helper.from_array(v, k) for k, v in values if k[0] != "x"],
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    return made, {k: v for k, v in values if k[0] == "x"}


def quantized(name, value, scale, zero):
    """A tensor, its scale and its zero point; the latter two are initializers."""
    return [(name, value), (f"s{name}", F(scale)), (f"z{name}", value.dtype.type(zero))]


def packed(rows, blocks, size, bits):
    return integers(U8, rows, blocks, size * bits // 8)


def cases():
    a, b = integers(U8, 2, 3, 4), integers(U8, 3, 4)[::-1].copy()
    for dtype, zero in ((U8, 120), (I8, -7)):
        x = quantized("xa", a.view(dtype), 0.03, zero)
        y = [("ys", F(0.04)), ("yz", dtype(zero - 20))]
        other = quantized("xb", b.view(dtype), 0.017, zero + 11)
        tag = np.dtype(dtype).name
        yield f"add_{tag}", model(f"add_{tag}", "QLinearAdd", x + other + y, dtype)
        yield f"mul_{tag}", model(f"mul_{tag}", "QLinearMul", x + other + y, dtype)
        yield f"sigmoid_{tag}", model(
            f"sigmoid_{tag}", "QLinearSigmoid", x + [("ys", F(1 / 250)), ("yz", dtype(0))], dtype
        )
        yield f"leakyrelu_{tag}", model(
            f"leakyrelu_{tag}", "QLinearLeakyRelu", x + y, dtype, alpha=0.2
        )
        image = quantized("xa", integers(dtype, 1, 2, 5, 6), 0.03, zero)
        window = {"kernel_shape": [3, 2], "strides": [2, 1], "pads": [1, 0, 1, 1]}
        yield f"averagepool_{tag}", model(
            f"averagepool_{tag}", "QLinearAveragePool", image + y, dtype, **window
        )
        yield f"globalaveragepool_{tag}", model(
            f"globalaveragepool_{tag}", "QLinearGlobalAveragePool", image + y, dtype
        )
    x = quantized("xa", a, 0.03, 120)
    narrow = quantized("xa", a, 0.01, 120)
    softened = [("ys", F(1 / 256)), ("yz", U8(0))]
    for name, axis, opset in (("flat", 1, 12), ("axis", 1, 13), ("rows", -1, 13)):
        yield f"softmax_{name}", model(
            f"softmax_{name}", "QLinearSoftmax", narrow + softened, U8, axis=axis, opset=opset
        )
    wide = [("ys", F(0.05)), ("yz", U8(128))]
    image = quantized("xa", integers(U8, 1, 5, 6, 3), 0.03, 120)
    yield "globalaveragepool_last", model(
        "globalaveragepool_last", "QLinearGlobalAveragePool", image + wide, U8, channels_last=1
    )
    second = quantized("xb", integers(U8, 2, 2, 4), 0.05, 99)
    yield "concat", model("concat", "QLinearConcat", wide + x + second, U8, axis=1)

    # Products; weights are initializers, one scale per column or one.
    w, columns = integers(I8, 4, 5), np.abs(ramp(5)) / 50 + F(0.01)
    bias = ramp(5)
    yield "matmulintegertofloat", model(
        "matmulintegertofloat",
        "MatMulIntegerToFloat",
        [("xa", a), ("w", w), ("as", F(0.03)), ("s", columns), ("az", U8(120))]
        + [("", 0), ("c", bias)],
        F,
    )
    yield "dynamicquantizematmul", model(
        "dynamicquantizematmul",
        "DynamicQuantizeMatMul",
        [("xa", ramp(3, 4)), ("w", w), ("s", columns), ("z", np.zeros(5, I8)), ("c", bias)],
        F,
    )
    left = quantized("xa", integers(U8, 3, 4), 0.03, 120)
    right = [("w", w.T.copy()), ("ws", columns), ("wz", np.zeros(5, I8))]
    c = [("c", (ramp(5) * 40).astype(np.int32))]
    yield "qgemm", model("qgemm", "QGemm", left + right + c + wide, U8, transB=1, alpha=1.5)
    yield "qgemm_float", model("qgemm_float", "QGemm", left + right + c, F, transB=1)
    yield "qlinearmatmul", model(
        "qlinearmatmul",
        "QLinearMatMul",
        left + [("w", w), ("ws", columns), ("wz", np.zeros(5, I8))] + wide,
        U8,
        domain="",
    )
    filters = [("w", integers(I8, 4, 2, 3, 3)), ("ws", columns[:4]), ("wz", np.zeros(4, I8))]
    image = quantized("xa", integers(U8, 1, 2, 5, 6), 0.03, 120)
    yield "qlinearconv", model(
        "qlinearconv",
        "QLinearConv",
        image
        + filters
        + [("ys", F(0.4)), ("yz", U8(128)), ("c", np.array([400, -900, 50, 7], np.int32))],
        U8,
        domain="",
        pads=[1, 1, 1, 1],
        strides=[2, 1],
    )
    grouped = [("w", integers(U8, 4, 1, 3, 3)), ("ws", F(0.01)), ("wz", U8(131))]
    yield "qlinearconv_groups", model(
        "qlinearconv_groups",
        "QLinearConv",
        image + grouped + [("ys", F(0.05)), ("yz", U8(128))],
        U8,
        domain="",
        group=2,
        pads=[1, 0, 1, 1],
    )

    # Weights in blocks: (bits, K, block, zero points).
    for bits, k, block in ((4, 64, 32), (4, 40, 16), (8, 64, 32), (2, 64, 32)):
        blocks = -(-k // block)
        head = [
            ("xa", ramp(3, k)),
            ("w", packed(5, blocks, block, bits)),
            ("s", np.abs(ramp(5, blocks)) / 60 + F(0.01)),
        ]
        zeros = {
            "": [],
            "zeros": [("z", integers(U8, 5, -(-blocks * bits // 8)))],
            "float": [("z", np.abs(ramp(5, blocks)))],
        }
        if bits == 8:
            del zeros["float"]  # ONNX Runtime has no kernel for it
        for kind, operand in zeros.items():
            name = f"nbits_{bits}_{k}" + (f"_{kind}" if kind else "")
            yield name, model(
                name, "MatMulNBits", head + operand, F, K=k, N=5, bits=bits, block_size=block
            )
    yield "nbits_bias", model(
        "nbits_bias",
        "MatMulNBits",
        [
            ("xa", ramp(2, 3, 32)),
            ("w", packed(5, 2, 16, 4)),
            ("s", np.abs(ramp(5, 2)) / 60 + F(0.01)),
            ("", 0),
            ("", 0),
            ("c", ramp(5)),
        ],
        F,
        K=32,
        N=5,
        bits=4,
        block_size=16,
    )
    # ONNX Runtime's own QuantizeLinear and DequantizeLinear.
    yield "dequantizelinear_int16", model(
        "dequantizelinear_int16",
        "DequantizeLinear",
        [("xa", integers(I8, 6).astype(np.int16) * 200), ("s", F(0.01)), ("z", np.int16(-900))],
        F,
    )
    yield "quantizelinear_channels", model(
        "quantizelinear_channels",
        "QuantizeLinear",
        [("xa", ramp(2, 3, 4)), ("s", np.abs(ramp(3)) / 40), ("z", U8([7, 128, 250]))],
        U8,
        axis=1,
    )
    for dtype, zero in ((U8, 130), (I8, 0)):
        name = f"convinteger_{np.dtype(dtype).name}"
        yield name, model(
            name,
            "ConvInteger",
            [
                ("xa", integers(U8, 1, 2, 5, 6)),
                ("w", integers(dtype, 3, 2, 3, 2)),
                ("az", U8(120)),
                ("wz", dtype(zero)),
            ],
            np.int32,
            domain="",
            pads=[1, 1, 0, 1],
            strides=[1, 2],
        )


def record():
    import onnxruntime

    table = {}
    for name, (made, inputs) in cases():
        try:
            session = onnxruntime.InferenceSession(
                made.SerializeToString(), providers=["CPUExecutionProvider"]
            )
            y = session.run(None, inputs)[0]
        except Exception as error:
            print(f"{name}: not recorded: {str(error).splitlines()[0][:300]}")
            continue
        digits = [int(v) if y.dtype.kind in "iu" else float(f"{v:.8g}") for v in y.ravel()]
        table[name] = {"type": y.dtype.name, "shape": list(y.shape), "values": digits}
    with open(TABLE, "w", encoding="utf-8") as stream:
        rows = [f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in table.items()]
        stream.write("{\n" + ",\n".join(rows) + "\n}\n")


def compare(y, expected):
    want = np.array(expected["values"], expected["type"]).reshape(expected["shape"])
    if y.shape != want.shape or y.dtype != want.dtype:
        return f"{y.dtype.name} {y.shape}, expected {want.dtype.name} {want.shape}"
    differences = np.abs(y.astype(np.float64) - want.astype(np.float64))
    if y.dtype.kind == "f":
        if differences.max() <= 1e-5 * np.abs(want).max():
            return ""
    elif differences.max() <= 1 and np.count_nonzero(differences) <= y.size / 20:
        return ""
    count = np.count_nonzero(differences)
    return f"{count} of {y.size} differ, largest difference {differences.max()}"


def main():
    mlopt, folder = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    if "--record" in sys.argv:
        return record()
    with open(TABLE, encoding="utf-8") as stream:
        table = json.load(stream)
    failures = 0
    for name, (made, inputs) in cases():
        path = os.path.join(folder, f"{name}.onnx")
        onnx.save(made, path)
        feeds = []
        for key, value in inputs.items():
            np.save(os.path.join(folder, f"{name}_{key}.npy"), value)
            feeds.append(f"--input={key}:@{folder}/{name}_{key}.npy")
        for verb in ["eval"] + (["run"] if platform.machine() == "x86_64" else []):
            out = os.path.join(folder, f"{name}_{verb}")
            done = subprocess.run(
                [mlopt, verb, path, *feeds, f"--output=@{out}"], capture_output=True, text=True
            )
            if done.returncode:
                problem = f"exit code {done.returncode}: {done.stderr}"
            elif name not in table:
                problem = "no numbers are recorded"
            else:
                problem = compare(np.load(os.path.join(out, "y.npy")), table[name])
            print(f"{name} {verb}: {problem or 'ok'}")
            failures += bool(problem)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
