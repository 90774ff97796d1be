"""run_time_sizes.py MLOPT FOLDER [--onnxruntime]: sizes that only a run knows.

Each model runs with sizes that the standard allows, against NumPy's numbers, and with sizes that it
does not allow, which must end with exit code 8 and MLO5111. With --onnxruntime that program's
answers are compared instead of mlopt's: what it accepts and refuses.
"""

import os
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

F, I = TensorProto.FLOAT, TensorProto.INT64


def ramp(*shape):
    count = int(np.prod(shape))
    return ((np.arange(count) * 37 % 101).astype(np.float32) / 8 - 5).reshape(shape)


def layer_norm(x, scale, bias=0.0):
    mean = x.mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-5) * scale + bias


def model(op, inputs, constants=(), outputs=1, opset=18, **attributes):
    names = [key for key, *_ in inputs] + [key for key, _ in constants]
    results = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(op, names, results, name="node", **attributes)
    graph = helper.make_graph(
        [node],
        op,
        [helper.make_tensor_value_info(*entry) for entry in inputs],
        [helper.make_tensor_value_info(r, F, None) for r in results],
        [numpy_helper.from_array(np.array(v), key) for key, v in constants],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)


def cases():
    """(name, model, [(feed, expected outputs or None where it must be refused)])"""
    x, scale = ramp(3, 8), ramp(8)
    norm = model(
        "LayerNormalization", [("x", F, [3, "n"]), ("s", F, ["k"]), ("b", F, ["l"])], epsilon=1e-5
    )
    one = np.array([1.5], np.float32)
    yield "layer_norm", norm, [
        ({"x": x, "s": scale, "b": one}, [layer_norm(x, scale, one)]),
        ({"x": x, "s": one, "b": scale}, [layer_norm(x, one, scale)]),
        ({"x": x, "s": scale[:4], "b": one}, None),
        ({"x": x[:, :1].copy(), "s": scale, "b": one}, None),
    ]
    gemm = model("Gemm", [("a", F, ["m", 4]), ("b", F, [4, "n"]), ("c", F, ["p", "q"])])
    a, b, c = ramp(3, 4), ramp(4, 5), ramp(3, 5)
    yield "gemm", gemm, [
        ({"a": a, "b": b, "c": c}, [a @ b + c]),
        ({"a": a, "b": b, "c": c[:1]}, [a @ b + c[:1]]),
        ({"a": a, "b": b, "c": c[:, :1].copy()}, [a @ b + c[:, :1]]),
        ({"a": a, "b": b, "c": c[:2]}, None),
        ({"a": a[:1], "b": b, "c": c}, None),
        ({"a": a, "b": b[:, :1].copy(), "c": c}, None),
    ]
    wide = ramp(2, 7)
    split = model("Split", [("x", F, [2, "n"])], [("split", [3, 4])], outputs=2, axis=1)
    yield "split", split, [
        ({"x": wide}, [wide[:, :3], wide[:, 3:]]),
        ({"x": ramp(2, 8)}, None),
        ({"x": ramp(2, 6)}, None),
    ]
    sizes = model("Split", [("x", F, [2, "n"]), ("split", I, [2])], outputs=2, axis=1)
    yield "split_sizes", sizes, [
        ({"x": wide, "split": np.array([5, 2])}, [wide[:, :5], wide[:, 5:]]),
        ({"x": wide, "split": np.array([0, 7])}, [wide[:, :0], wide]),
        ({"x": wide, "split": np.array([5, 1])}, None),
        ({"x": wide, "split": np.array([8, -1])}, None),
    ]
    equal = model("Split", [("x", F, [2, "n"])], outputs=2, axis=1, opset=13)
    yield "split_equal", equal, [
        ({"x": ramp(2, 6)}, [ramp(2, 6)[:, :3], ramp(2, 6)[:, 3:]]),
        ({"x": wide}, None),
    ]
    expand = model("Expand", [("x", F, ["n", "m"]), ("shape", I, [2])])
    column = ramp(3, 1)
    yield "expand", expand, [
        ({"x": column, "shape": np.array([3, 4])}, [np.broadcast_to(column, (3, 4))]),
        ({"x": column, "shape": np.array([1, 4])}, [np.broadcast_to(column, (3, 4))]),
        ({"x": x, "shape": np.array([1, 1])}, [x]),
        ({"x": x, "shape": np.array([3, 4])}, None),
        ({"x": x, "shape": np.array([2, 8])}, None),
    ]
    fixed = model("Expand", [("x", F, [3, 1]), ("shape", I, [2])])
    yield "expand_fixed", fixed, [
        ({"x": column, "shape": np.array([1, 2])}, [np.broadcast_to(column, (3, 2))]),
        ({"x": column, "shape": np.array([2, 2])}, None),
    ]
    gather = model("GatherND", [("x", F, ["b", 4]), ("i", I, ["c", 2, 1])], batch_dims=1, opset=13)
    index = np.array([[[0], [3]], [[2], [1]]])
    yield "gather_nd", gather, [
        ({"x": ramp(2, 4), "i": index}, [np.take_along_axis(ramp(2, 4), index[:, :, 0], 1)]),
        # The standard asks for equal batch sizes; 1 is not spread.
        ({"x": ramp(1, 4), "i": index}, None),
    ]


def by_mlopt(tool, path, folder, feed):
    arguments = []
    for key, value in feed.items():
        np.save(os.path.join(folder, f"{key}.npy"), value)
        arguments.append(f"--input={key}:@{folder}/{key}.npy")
    done = subprocess.run(
        [tool, "run", path, *arguments, f"--output=@{folder}/out"], capture_output=True, text=True
    )
    if done.returncode == 0:
        return lambda i: np.load(f"{folder}/out/y{i}.npy")
    if done.returncode == 8 and "MLO5111" in done.stderr:
        return None
    raise SystemExit(f"exit code {done.returncode}: {done.stderr}")


def by_onnxruntime(tool, path, folder, feed):
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    try:
        return onnxruntime.InferenceSession(path).run(None, feed).__getitem__
    except Exception:
        return None


def main():
    tool, folder = sys.argv[1:3]
    os.makedirs(folder, exist_ok=True)
    run = by_onnxruntime if "--onnxruntime" in sys.argv else by_mlopt
    failures = 0
    for name, made, trials in cases():
        path = os.path.join(folder, f"{name}.onnx")
        onnx.save(made, path)
        for number, (feed, expected) in enumerate(trials):
            result, problem = run(tool, path, folder, feed), ""
            if (result is None) != (expected is None):
                problem = "refused" if result is None else "not refused"
            for i, want in enumerate(expected or []):
                y = result(i) if result else want
                if y.shape != want.shape or not np.allclose(y, want, rtol=1e-5, atol=1e-5):
                    problem = f"output {i} is {y.tolist()}, expected {want.tolist()}"
            print(f"{name} {number}: {problem or 'ok'}")
            failures += bool(problem)
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
