"""quantize_model.py FOLDER: a small classifier and data for the tests of `mlopt quantize`.

model.onnx      x f32 [batch, 1, 8, 8] -> Conv, Relu, Conv, Relu, Gemm -> y f32 [batch, 5]
fixed.onnx      the same with a batch of 4
calibrate.npz   x; folder/ has the same samples, ten in a file
eval.npz        x, labels;  unlabelled.npz  x
two.onnx, two.npz    two inputs of rank 2, one MatMul each
mlp.onnx, mlp.npz, mlp_eval.npz    x f32 [batch, 64] -> MatMul, Relu, MatMul
nan.onnx, nan.npz, nan_labelled.npz    a MatMul whose scores are no numbers for one of the samples
"""

import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def convolve(x, w, b, stride):
    """Padding 1, kernel 3 x 3, and relu."""
    x = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), (2, 3))[:, :, ::stride, ::stride]
    return np.maximum(np.einsum("nchwij,ocij->nohw", windows, w) + b[None, :, None, None], 0)


def save(path, nodes, inputs, outputs, weights):
    graph = helper.make_graph(
        nodes,
        "g",
        inputs,
        outputs,
        [numpy_helper.from_array(np.asarray(v, np.float32), n) for n, v in weights.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="test"
    )
    onnx.checker.check_model(model)
    onnx.save(model, path)


def value(name, *dims):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)


def main(folder):
    os.makedirs(os.path.join(folder, "folder"), exist_ok=True)
    at = lambda name: os.path.join(folder, name)
    random = np.random.default_rng(3)
    templates = random.standard_normal((5, 1, 8, 8))

    def sample(count):
        labels = random.integers(0, 5, count)
        x = templates[labels] + 2.2 * random.standard_normal((count, 1, 8, 8))
        return x.astype(np.float32), labels

    w1 = random.standard_normal((8, 1, 3, 3)) * 0.4
    b1 = random.standard_normal(8) * 0.1
    w2 = random.standard_normal((16, 8, 3, 3)) * 0.15
    b2 = random.standard_normal(16) * 0.1
    x, labels = sample(600)
    features = convolve(convolve(x, w1, b1, 1), w2, b2, 2).reshape(600, -1)
    # The last layer by least squares: trained as much as a test needs.
    a = np.hstack([features, np.ones((600, 1))])
    solved = np.linalg.solve(a.T @ a + 3 * np.eye(a.shape[1]), a.T @ np.eye(5)[labels])
    weights = {"w1": w1, "b1": b1, "w2": w2, "b2": b2, "w3": solved[:-1].T, "b3": solved[-1]}
    nodes = [
        helper.make_node("Conv", ["x", "w1", "b1"], ["c1"], "conv1", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"], "relu1"),
        helper.make_node(
            "Conv", ["r1", "w2", "b2"], ["c2"], "conv2", pads=[1, 1, 1, 1], strides=[2, 2]
        ),
        helper.make_node("Relu", ["c2"], ["r2"], "relu2"),
        helper.make_node("Flatten", ["r2"], ["f"], "flatten"),
        helper.make_node("Gemm", ["f", "w3", "b3"], ["y"], "fc", transB=1),
    ]
    for name, batch in (("model.onnx", "batch"), ("fixed.onnx", 4)):
        save(at(name), nodes, [value("x", batch, 1, 8, 8)], [value("y", batch, 5)], weights)
    np.savez(at("calibrate.npz"), x=x[:60])
    for i in range(6):
        np.savez(at(f"folder/{i}.npz"), x=x[10 * i : 10 * i + 10])
    x, labels = sample(400)
    np.savez(at("eval.npz"), x=x, labels=labels)
    np.savez(at("unlabelled.npz"), x=x)

    save(
        at("two.onnx"),
        [
            helper.make_node("MatMul", ["a", "wa"], ["pa"], "left"),
            helper.make_node("MatMul", ["b", "wb"], ["pb"], "right"),
            helper.make_node("Add", ["pa", "pb"], ["y"], "sum"),
        ],
        [value("a", "n", 32), value("b", "n", 16)],
        [value("y", "n", 8)],
        {"wa": random.standard_normal((32, 8)), "wb": random.standard_normal((16, 8))},
    )
    np.savez(
        at("two.npz"),
        a=random.standard_normal((20, 32)).astype(np.float32),
        b=random.standard_normal((20, 16)).astype(np.float32),
    )

    save(
        at("mlp.onnx"),
        [
            helper.make_node("MatMul", ["x", "w"], ["h"], "up"),
            helper.make_node("Relu", ["h"], ["r"], "relu"),
            helper.make_node("MatMul", ["r", "v"], ["y"], "down"),
        ],
        [value("x", "batch", 64)],
        [value("y", "batch", 32)],
        {
            "w": random.standard_normal((64, 128)) / 8,
            "v": random.standard_normal((128, 32)) / 11,
        },
    )
    x = random.standard_normal((100, 64)).astype(np.float32)
    x[:, 5] *= 30  # a channel of outliers
    np.savez(at("mlp.npz"), x=x)
    np.savez(at("mlp_eval.npz"), x=random.standard_normal((40, 64)).astype(np.float32))

    # Log of a negative number.
    save(
        at("nan.onnx"),
        [
            helper.make_node("MatMul", ["x", "w"], ["h"], "product"),
            helper.make_node("Log", ["h"], ["y"], "log"),
        ],
        [value("x", "batch", 32)],
        [value("y", "batch", 4)],
        {"w": random.uniform(0.5, 1, (32, 4))},
    )
    x = random.uniform(0.5, 1, (16, 32)).astype(np.float32)
    x[7] *= -1
    np.savez(at("nan.npz"), x=x)
    np.savez(at("nan_labelled.npz"), x=x, labels=np.zeros(16, np.int64))


if __name__ == "__main__":
    main(sys.argv[1])
