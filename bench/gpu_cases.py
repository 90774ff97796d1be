"""Small models for bench/gpu.py: cases of conformance, and kernels that are measured one by one.

A case is a graph of one or a few operators of ONNX, a type and the shapes of its inputs; several
sets of shapes where sizes are symbolic. The lists are data, so that the machine with the GPU needs
no ONNX: only `onnx_model`, which runs where artefacts are made, imports it.
"""

import dataclasses

import numpy as np
from gpu_driver import narrow
from gpu_pattern import pattern

#: Largest error that passes, of the largest value, against exact arithmetic.
TOLERANCES = {"f64": 1e-11, "f32": 2e-5, "tf32": 1.5e-3, "f16": 1.5e-3, "bf16": 1e-2}
FLOATS = ("f32", "f16", "bf16")


@dataclasses.dataclass(frozen=True)
class Case:
    """`nodes`: (operator, names of its inputs, attributes) each. The case's inputs are "a", "b" and
    so on, the result of node i is "i"; the last is the output. `integers` gives the bound of inputs
    that are indices."""

    name: str
    nodes: tuple
    shapes: tuple  # sets of shapes: one tuple of sizes for each input
    dtype: str = "f32"
    symbols: tuple = ()  # shapes to declare, with names, where they differ from the first set
    integers: dict = dataclasses.field(default_factory=dict)
    constants: tuple = ()  # inputs that are weights of the model
    tolerance: float = 0.0

    @property
    def inputs(self):
        return [chr(ord("a") + i) for i in range(len(self.shapes[0]))]

    @property
    def bound(self):
        return self.tolerance or TOLERANCES.get(self.dtype, 0.0)

    @property
    def key(self):
        return f"{self.name}-{self.dtype}"

    def feed(self, index, constants=False):
        """The inputs of set `index`, or the constants; bf16 as its bits."""
        found = {}
        for name, shape in zip(self.inputs, self.shapes[index], strict=True):
            if (name in self.constants) != constants:
                continue
            values = np.ascontiguousarray(pattern(f"{self.name}/{name}", shape))
            if name in self.integers:
                found[name] = (np.abs(values) * 4096).astype(np.int64) * 31 % self.integers[name]
            elif self.dtype == "bf16":
                found[name] = narrow(values)
            elif self.dtype[0] == "i":
                found[name] = (values * 20).astype(f"int{self.dtype[1:]}")
            else:
                found[name] = values.astype(
                    {"f16": np.float16, "f64": np.float64}.get(self.dtype, np.float32)
                )
        return found


def _onnx_type(dtype):
    from onnx import TensorProto as T

    return {
        "f32": T.FLOAT, "tf32": T.FLOAT, "f16": T.FLOAT16, "bf16": T.BFLOAT16, "f64": T.DOUBLE,
        "i8": T.INT8, "i32": T.INT32, "i64": T.INT64,
    }[dtype]  # fmt: skip


def onnx_model(case):
    """The case as a ModelProto."""
    from onnx import TensorProto, helper

    kind = _onnx_type(case.dtype)
    nodes, result = [], ""
    for i, (operator, inputs, attributes) in enumerate(case.nodes):
        result = f"n{i}"
        names = [f"n{n}" if n.isdigit() else n for n in inputs.split()]
        fixed = {k: v for k, v in attributes.items() if not isinstance(v, np.ndarray)}
        for key, value in attributes.items():
            if isinstance(value, np.ndarray):  # an operator's input that is a list of integers
                nodes.append(
                    helper.make_node(
                        "Constant", [], [f"{result}_{key}"],
                        value=helper.make_tensor(key, TensorProto.INT64, value.shape, value),
                    )
                )  # fmt: skip
                names.append(f"{result}_{key}")
        nodes.append(helper.make_node(operator, names, [result], **fixed))
    declared = case.symbols or case.shapes[0]
    values, weights = [], []
    data = case.feed(0, constants=True)
    for name, shape in zip(case.inputs, declared, strict=True):
        of = TensorProto.INT64 if name in case.integers else kind
        if name in case.constants:
            raw = data[name].tobytes()
            weights.append(helper.make_tensor(name, of, shape, raw, raw=True))
        else:
            values.append(helper.make_tensor_value_info(name, of, shape))
    output = helper.make_tensor_value_info(result, kind, None)
    output.type.tensor_type.ClearField("shape")
    graph = helper.make_graph(nodes, case.key, values, [output], weights)
    opsets = [helper.make_opsetid("", 23)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def _one(operator, inputs="a", **attributes):
    return ((operator, inputs, attributes),)


def _axes(*axes):
    return np.array(axes, np.int64)


def conformance(tiny=False):
    """All cases; with `tiny` some small ones of each kind."""
    found = []

    def add(name, nodes, *shapes, types=FLOATS, **rest):
        found.extend(Case(name, nodes, shapes, t, **rest) for t in types)

    matrix = (*FLOATS, "tf32")
    for m, n, k in ((5, 33, 64), (1, 1000, 520), (130, 131, 257), (257, 192, 96), (128, 256, 512)):
        shapes = (m, k), (k, n), (n,)
        epilogue = (("MatMul", "a b", {}), ("Add", "0 c", {}), ("Relu", "1", {}))
        add(f"gemm-{m}x{n}x{k}", epilogue, shapes, types=matrix)
        add(f"gemm-weights-{m}x{n}x{k}", epilogue, shapes, types=matrix, constants=("b", "c"))
    add("gemm-batched", _one("MatMul", "a b"), ((3, 2, 17, 40), (3, 2, 40, 24)), types=matrix)
    add("gemm-broadcast", _one("MatMul", "a b"), ((3, 2, 17, 40), (40, 19)), types=matrix)
    add(
        "gemm-turned",
        _one("Gemm", "a b c", transA=1, transB=1, alpha=0.5),
        ((64, 48), (80, 64), (80,)),
        types=matrix,
    )
    add("gemm-long", _one("MatMul", "a b"), ((8, 4096), (4096, 40)), types=matrix)
    add("gemm-symbolic", (("MatMul", "a b", {}), ("Gelu", "0", {})),
        ((7, 48), (48, 33)), ((64, 48), (48, 33)), ((1, 48), (48, 33)), types=matrix,
        symbols=(("m", 48), (48, 33)))  # fmt: skip
    add("gemm-f64", _one("MatMul", "a b"), ((33, 40), (40, 17)), types=("f64",))
    for name, x, w, rest in (
        ("3x3", (2, 24, 19, 17), (40, 24, 3, 3), {"pads": [1, 1, 1, 1]}),
        ("7x7-stem", (1, 3, 37, 45), (16, 3, 7, 7), {"pads": [3] * 4, "strides": [2, 2]}),
        ("1x1", (2, 40, 14, 14), (72, 40, 1, 1), {}),
        ("grouped", (1, 24, 15, 15), (48, 8, 3, 3), {"pads": [1] * 4, "group": 3}),
        ("depthwise", (2, 40, 15, 13), (40, 1, 3, 3), {"pads": [1] * 4, "group": 40}),
        ("dilated", (1, 16, 21, 21), (24, 16, 3, 3), {"dilations": [2, 2]}),
        ("1d", (2, 16, 50), (24, 16, 5), {"pads": [2, 2]}),
        ("3d", (1, 8, 9, 8, 7), (12, 8, 3, 3, 3), {"pads": [1] * 6}),
    ):
        nodes = (("Conv", "a b c", rest), ("Relu", "0", {}))
        constants = ("b", "c")
        add(f"conv-{name}", nodes, (x, w, w[:1]), types=matrix, constants=constants)
    add(
        "conv-transposed",
        _one("ConvTranspose", "a b", strides=[2, 2]),
        ((1, 16, 9, 9), (16, 24, 3, 3)),
        constants=("b",),
    )
    add(
        "pool-max",
        _one("MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4),
        ((2, 24, 19, 17),),
    )
    add("pool-average", _one("AveragePool", kernel_shape=[3, 3], pads=[1] * 4), ((2, 24, 19, 17),))
    add("pool-global", _one("GlobalAveragePool"), ((2, 40, 7, 7),))
    for b, h, s, t, d, causal in (
        (2, 3, 33, 40, 64, 0),
        (1, 4, 100, 100, 64, 1),
        (1, 2, 5, 7, 8, 0),
        (1, 2, 130, 257, 128, 0),
    ):
        shapes = (b, h, s, d), (b, h, t, d), (b, h, t, d)
        add(f"attention-{s}x{t}x{d}", _one("Attention", "a b c", is_causal=causal), shapes)
    for rows, width in ((3, 5), (13, 1000), (4, 5000), (2, 20001)):
        add(f"softmax-{width}", _one("Softmax", axis=-1), ((rows, width),))
        add(
            f"norm-{width}",
            _one("LayerNormalization", "a b c", axis=-1),
            ((rows, width), (width,), (width,)),
        )
    add("rms-norm", _one("RMSNormalization", "a b", axis=-1), ((9, 576), (576,)))
    add("log-softmax-inner", _one("LogSoftmax", axis=1), ((2, 17, 5),))
    for operator in ("ReduceSum", "ReduceMax", "ReduceMean", "ReduceL2"):
        add(f"{operator}-last", _one(operator, axes=_axes(-1)), ((37, 129),))
        add(f"{operator}-first", _one(operator, axes=_axes(0)), ((129, 37),))
    add("sum-of-all", _one("ReduceSum", keepdims=0), ((70, 300),))
    add("turn", _one("Transpose", perm=[1, 0]), ((70, 150),), types=(*FLOATS, "i8", "i64"))
    add(
        "turn-inner",
        _one("Transpose", perm=[0, 2, 1, 3]),
        ((2, 33, 4, 20),),
        types=(*FLOATS, "i64"),
    )
    chain = (("Add", "a b", {}), ("Mul", "0 c", {}), ("Sigmoid", "1", {}), ("Mul", "1 2", {}))
    add("map-broadcast", chain, ((5, 1, 33), (4, 33), (5, 4, 1)), types=(*FLOATS, "f64"))
    add("map-wide", chain, ((64, 1024), (1024,), (64, 1)))
    add(
        "map-integers",
        (("Add", "a b", {}), ("Mul", "0 a", {})),
        ((5, 33), (33,)),
        types=("i8", "i32", "i64"),
    )
    add(
        "map-symbolic",
        (("Add", "a b", {}), ("Tanh", "0", {})),
        ((3, 64), (64,)),
        ((70, 64), (64,)),
        ((1, 64), (64,)),
        symbols=(("n", 64), (64,)),
    )
    for operator in ("Exp", "Erf", "Sin", "Softplus", "Gelu", "Sqrt"):
        nodes = (("Abs", "a", {}), (operator, "0", {})) if operator == "Sqrt" else _one(operator)
        add(f"map-{operator}", nodes, ((7, 129),), types=("f32", "f16", "f64"))
    add(
        "gather",
        _one("Gather", "a b", axis=0),
        ((99, 48), (2, 13)),
        integers={"b": 99},
        types=(*FLOATS, "i64"),
    )
    add(
        "gather-elements",
        _one("GatherElements", "a b", axis=1),
        ((9, 30), (9, 12)),
        integers={"b": 30},
    )
    add(
        "scatter-max",
        _one("ScatterElements", "a b c", axis=0, reduction="max"),
        ((9, 30), (4, 30), (4, 30)),
        integers={"b": 9},
    )
    add("concat", _one("Concat", "a b", axis=1), ((3, 5, 8), (3, 7, 8)), types=(*FLOATS, "i8"))
    add("cumulate", (("CumSum", "a", {"axis": np.array(1)}),), ((5, 70),), types=("f32", "i64"))
    add("largest", (("Softmax", "a", {}), ("ReduceMax", "0", {"axes": _axes(1)})), ((5, 70),))
    if tiny:
        wanted = (
            "gemm-5x33x64",
            "gemm-symbolic",
            "conv-1d",
            "pool-global",
            "attention-5x7x8",
            "softmax-5",
            "turn",
            "map-broadcast",
            "gather",
        )
        found = [c for c in found if c.name in wanted and c.dtype in ("f32", "f16", "tf32")]
    return found


@dataclasses.dataclass(frozen=True)
class Micro:
    """One kernel to measure. `flops` and `moved` (bytes that must go over the bus) of one run;
    `peer` names what PyTorch does (gpu_peers.py)."""

    case: Case
    peer: str
    flops: float
    moved: float


BYTES = {"f32": 4, "tf32": 4, "f16": 2, "bf16": 2}


def micro(tiny=False):
    """The kernels that are measured one by one. None has weights: their artefacts are small."""
    found = []

    def add(name, nodes, shapes, peer, types, flops=0.0, moved=0):
        for t in types:
            found.append(Micro(Case(name, nodes, (shapes,), t), peer, flops, moved * BYTES[t]))

    types = ("f16",) if tiny else ("f16", "bf16", "tf32", "f32")
    sizes = [(64, 64, 64)] if tiny else [(n, n, n) for n in (512, 1024, 2048, 4096, 8192)]
    if not tiny:
        # Products of BERT-base at batch 1 and 32 with a sequence of 128.
        sizes += [(128, 768, 768), (128, 3072, 768), (128, 768, 3072)]
        sizes += [(4096, 768, 768), (4096, 3072, 768), (4096, 768, 3072)]
    for m, n, k in sizes:
        shapes = (m, k), (k, n)
        moved = m * k + k * n + m * n
        add(
            f"gemm-{m}x{n}x{k}",
            _one("MatMul", "a b"),
            shapes,
            "matmul",
            types,
            2.0 * m * n * k,
            moved,
        )
    halves = ("f16",) if tiny else ("f16", "f32")
    for rows, width in [(16, 64)] if tiny else [(16384, 1024), (4096, 8192), (256, 65536)]:
        count = rows * width
        add(
            f"softmax-{rows}x{width}",
            _one("Softmax", axis=-1),
            ((rows, width),),
            "softmax",
            halves,
            moved=2 * count,
        )
        shapes = (rows, width), (width,), (width,)
        norm = _one("LayerNormalization", "a b c", axis=-1)
        add(f"norm-{rows}x{width}", norm, shapes, "norm", halves, moved=2 * count + 2 * width)
    side = 64 if tiny else 8192
    add(
        f"turn-{side}",
        _one("Transpose", perm=[1, 0]),
        ((side, side),),
        "turn",
        halves,
        moved=2 * side**2,
    )
    add(f"add-{side}", _one("Add", "a b"), ((side, side),) * 2, "add", halves, moved=3 * side**2)
    gelu = (("Add", "a b", {}), ("Gelu", "0", {}))
    add(f"bias-gelu-{side}", gelu, ((side, side), (side,)), "bias_gelu", halves, moved=2 * side**2)
    for b, h, s, d in (
        [(1, 2, 16, 16)]
        if tiny
        else [(1, 12, 128, 64), (32, 12, 128, 64), (4, 16, 2048, 64), (2, 16, 4096, 128)]
    ):
        attention = _one("Attention", "a b c")
        shape, kinds = (b, h, s, d), ("f16",) if tiny else ("f16", "bf16")
        add(
            f"attention-{b}x{h}x{s}x{d}",
            attention,
            (shape,) * 3,
            "attention",
            kinds,
            4.0 * b * h * s * s * d,
            4 * b * h * s * d,
        )
    return found


def chain(length, tiny=False):
    """Kernels that depend on each other and do next to nothing: what a node of a graph costs."""
    nodes = tuple(("Softmax", str(i - 1) if i else "a", {"axis": -1}) for i in range(length))
    return Case(f"chain-{length}", nodes, (((1, 8),),))


CHAINS = (8, 64)
