"""The operations that compare.py compares with PyTorch: each of the dialect and the same in torch.

Reading this file needs no torch: `torch` and `F` look a function up when make.py calls it.
"""

import importlib

import numpy as np

#: By name: text, function and operands as given to `case`.
CASES = {}


class Lazy:
    """Functions of a module that is imported when the first is called."""

    def __init__(self, module):
        self.module = module

    def __getattr__(self, name):
        return lambda *values, **options: getattr(importlib.import_module(self.module), name)(*values, **options)


torch, F = Lazy("torch"), Lazy("torch.nn.functional")


class Data:
    """Values that are given, not random: `constant` operands get no derivative."""

    def __init__(self, values, constant=True):
        self.values, self.constant = np.asarray(values), constant


def case(name, text, function, **operands):
    """`text`: operation and attributes, `OP {ATTRIBUTES}`. `operands`: a shape (standard normal numbers),
    a Data, or None for an operand that is not there; in the order of the operation. `function` takes
    those that are there and gives a tensor or a tuple, None for a result that is not compared."""
    assert name not in CASES
    CASES[name] = (text, function, operands)


def operand_values(name):
    """The operands of a case by name, those that get a derivative, and the generator for what follows."""
    random = np.random.default_rng(sum(name.encode()))
    values, variables = {}, []
    for operand, data in CASES[name][2].items():
        if data is None:
            continue
        if not isinstance(data, Data):
            data = Data(random.standard_normal(data).astype("f"), constant=False)
        values[operand] = data.values
        if not data.constant:
            variables.append(operand)
    return values, variables, random


def result_weights(random, results):
    """What each result is multiplied by before the sum that is differentiated; None where it has no numbers."""
    return [random.standard_normal(r.shape).astype("f") if r.size else None for r in results]


def array(values):
    return "array<i64: " + ", ".join(str(v) for v in values) + ">"


def positive(*shape):
    random = np.random.default_rng(7)
    return Data((random.random(shape) + 0.5).astype("f"), constant=False)


def distinct(*shape):
    """All elements differ by at least 0.1: maxima are clear."""
    random = np.random.default_rng(8)
    return Data((random.permutation(int(np.prod(shape))).reshape(shape) * 0.1).astype("f"), constant=False)


# Elementwise -----------------------------------------------------------------------------------------

for name, function in {
    "abs": torch.abs, "neg": torch.neg, "exp": torch.exp, "sin": torch.sin, "cos": torch.cos,
    "tanh": torch.tanh, "sinh": torch.sinh, "cosh": torch.cosh, "asinh": torch.asinh, "atan": torch.atan,
    "erf": torch.erf, "sigmoid": torch.sigmoid, "softplus": F.softplus, "gelu": F.gelu,
}.items():
    case(name, name, function, x=[3, 5])
for name, function in {"sqrt": torch.sqrt, "log": torch.log, "tan": torch.tan}.items():
    case(name, name, function, x=positive(3, 5))
case("acosh", "acosh", torch.acosh, x=Data(np.linspace(1.1, 3, 6, dtype="f"), constant=False))
for name, function in {"asin": torch.asin, "acos": torch.acos, "atanh": torch.atanh}.items():
    case(name, name, function, x=Data(np.linspace(-0.9, 0.9, 6, dtype="f"), constant=False))
case("gelu_tanh", "gelu {tanh_approximation = true}", lambda x: F.gelu(x, approximate="tanh"), x=[3, 5])
for name, function in {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "max": torch.maximum,
                       "min": torch.minimum}.items():
    case(name, name, function, a=[2, 3, 4], b=[3, 1])
# Where two elements are equal each takes half.
TIES = Data(np.array([1, 2, 3, 4], "f"), constant=False)
case("max_equal", "max", torch.maximum, a=TIES, b=Data(np.array([1, 3, 3, 0], "f"), constant=False))
case("min_equal", "min", torch.minimum, a=TIES, b=Data(np.array([1, 3, 3, 0], "f"), constant=False))
case("div", "div", torch.div, a=[2, 3, 4], b=positive(3, 1))
case("pow", "pow", torch.pow, a=positive(2, 3), b=[3])
case("select", "select", torch.where, c=Data(np.array([[True], [False]])), a=[2, 3], b=[3])
for axis in (0, 1, 2):
    case(f"softmax_{axis}", f"softmax {{axis = {axis} : i64}}", lambda x, axis=axis: F.softmax(x, axis), x=[2, 3, 4])
    case(f"log_softmax_{axis}", f"softmax {{axis = {axis} : i64, log = true}}",
         lambda x, axis=axis: F.log_softmax(x, axis), x=[2, 3, 4])
for kind, function in {"sum": torch.sum, "mean": torch.mean, "max": torch.amax, "min": torch.amin}.items():
    case(f"reduce_{kind}", f"reduce {{kind = #mlopt<reduce_kind {kind}>, axes = {array([0, 2])}}}",
         lambda x, function=function: function(x, (0, 2)), x=[2, 3, 4])
case("reduce_prod", f"reduce {{kind = #mlopt<reduce_kind prod>, axes = {array([1])}}}", lambda x: torch.prod(x, 1),
     x=[2, 3, 4])
# Products ---------------------------------------------------------------------------------------------

for transpose_a in (False, True):
    for transpose_b in (False, True):
        def product(a, b, ta=transpose_a, tb=transpose_b):
            return (a.mT if ta else a) @ (b.mT if tb else b)

        flags = f" {{transpose_a = {str(transpose_a).lower()}, transpose_b = {str(transpose_b).lower()}}}"
        kind = "_ta" * transpose_a + "_tb" * transpose_b
        left, right = [4, 3] if transpose_a else [3, 4], [5, 4] if transpose_b else [4, 5]
        case("matmul" + kind, "matmul" + flags, product, a=left, b=right)
        case("matmul_batched" + kind, "matmul" + flags, product, a=[2, 1] + left, b=[3] + right)
        case("matmul_shared_right" + kind, "matmul" + flags, product, a=[2, 3] + left, b=right)
        case("matmul_shared_left" + kind, "matmul" + flags, product, a=left, b=[2] + right)

# Convolutions -----------------------------------------------------------------------------------------


def convolution(name, x, w, stride=1, begin=0, end=None, dilation=1, groups=1, bias=True):
    rank = len(x) - 2

    def each(value):
        return list(value) if isinstance(value, (list, tuple)) else [value] * rank

    stride, begin, dilation = each(stride), each(begin), each(dilation)
    end = begin if end is None else each(end)

    def function(x, w, b=None):
        pads = [pad for pair in reversed(list(zip(begin, end))) for pad in pair]
        return getattr(F, f"conv{rank}d")(F.pad(x, pads), w, b, stride, 0, dilation, groups)

    text = (f"conv {{strides = {array(stride)}, pads_begin = {array(begin)}, pads_end = {array(end)}, "
            f"dilations = {array(dilation)}, groups = {groups} : i64}}")
    case("conv_" + name, text, function, x=x, w=w, b=[w[0]] if bias else None)


convolution("plain", [2, 3, 6, 5], [4, 3, 3, 2])
convolution("padded", [2, 3, 6, 5], [4, 3, 3, 3], begin=1, bias=False)
convolution("strided", [2, 3, 9, 8], [4, 3, 3, 3], stride=2, begin=1)
convolution("asymmetric", [2, 2, 7, 6], [3, 2, 3, 2], stride=(2, 3), begin=(0, 1), end=(2, 0))
convolution("dilated", [1, 2, 8, 9], [3, 2, 3, 2], dilation=(2, 3), begin=2)
convolution("grouped", [2, 4, 5, 5], [6, 2, 3, 3], groups=2, begin=1)
convolution("grouped_strided", [2, 4, 6, 5], [6, 2, 3, 3], groups=2, stride=2)
convolution("depthwise", [2, 5, 6, 6], [5, 1, 3, 3], groups=5, begin=1)
convolution("depthwise_strided", [2, 5, 7, 6], [5, 1, 3, 3], groups=5, stride=2, begin=1)
convolution("pointwise", [2, 5, 3, 4], [7, 5, 1, 1])
convolution("one_dimension", [2, 3, 11], [4, 3, 4], stride=3, begin=1, end=2)
convolution("three_dimensions", [1, 2, 4, 5, 4], [3, 2, 2, 3, 2], stride=(1, 2, 1), begin=1)


def transposed(name, x, w, stride=1, pad=0, output_padding=0, dilation=1, groups=1):
    rank = len(x) - 2
    text = (f"conv_transpose {{strides = {array([stride] * rank)}, pads_begin = {array([pad] * rank)}, "
            f"pads_end = {array([pad] * rank)}, output_padding = {array([output_padding] * rank)}, "
            f"dilations = {array([dilation] * rank)}, groups = {groups} : i64}}")
    case("conv_transpose_" + name, text, lambda x, w, b: getattr(F, f"conv_transpose{rank}d")(
        x, w, b, stride, pad, output_padding, groups, dilation), x=x, w=w, b=[w[1] * groups])


transposed("plain", [2, 3, 4, 3], [3, 2, 3, 2])
transposed("strided", [2, 3, 4, 3], [3, 2, 3, 3], stride=2, pad=1, output_padding=1)
transposed("grouped", [1, 4, 3, 3], [4, 3, 2, 2], stride=3, groups=2)
transposed("dilated", [2, 2, 5], [2, 3, 3], dilation=2, pad=1)

# Pooling and resizing -----------------------------------------------------------------------------------


def pooling(name, kind, x, kernel, stride, pad=0, dilation=1, extra=0, more="", function=None):
    rank = len(kernel)
    text = (f"kernel = {array(kernel)}, strides = {array([stride] * rank)}, pads_begin = {array([pad] * rank)}, "
            f"pads_end = {array([pad] * rank)}, extra_end = {array([extra] * rank)}, "
            f"dilations = {array([dilation] * rank)}{more}")
    case("pool_" + name, f"pool {{kind = #mlopt<pool_kind {kind}>, {text}}}", function, x=x)


pooling("max", "max", distinct(2, 3, 6, 8), [2, 2], 2, function=lambda x: F.max_pool2d(x, 2))
pooling("max_rest", "max", distinct(2, 3, 7, 5), [2, 2], 2, function=lambda x: F.max_pool2d(x, 2))
pooling("max_overlapping", "max", distinct(2, 3, 9, 8), [3, 3], 2, 1, function=lambda x: F.max_pool2d(x, 3, 2, 1))
pooling("max_dilated", "max", distinct(1, 2, 9, 8), [3, 2], 1, 1, 2,
        function=lambda x: F.max_pool2d(x, (3, 2), 1, 1, 2))
pooling("max_ceil", "max", distinct(1, 2, 7, 7), [2, 2], 2, extra=1,
        function=lambda x: F.max_pool2d(x, 2, ceil_mode=True))
# All elements are equal: the first takes all.
pooling("max_equal", "max", Data(np.ones((1, 2, 6, 6), "f"), constant=False), [3, 3], 2, 1,
        function=lambda x: F.max_pool2d(x, 3, 2, 1))
pooling("max_equal_tiled", "max", Data(np.ones((1, 2, 6, 6), "f"), constant=False), [2, 2], 2,
        function=lambda x: F.max_pool2d(x, 2))
pooling("average", "average", [2, 3, 6, 8], [2, 2], 2, function=lambda x: F.avg_pool2d(x, 2))
pooling("average_overlapping", "average", [2, 3, 7, 8], [3, 3], 2, 1,
        function=lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False))
pooling("average_pads", "average", [2, 3, 7, 8], [3, 3], 2, 1, more=", count_include_pad = true",
        function=lambda x: F.avg_pool2d(x, 3, 2, 1))
pooling("average_ceil", "average", [2, 3, 8, 8], [3, 3], 2, 1, extra=1, more=", count_include_pad = true",
        function=lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True))
pooling("average_one_dimension", "average", [2, 3, 9], [3], 2, function=lambda x: F.avg_pool1d(x, 3, 2))
pooling("lp", "lp", positive(2, 3, 6, 6), [2, 2], 2, more=", p = 3 : i64", function=lambda x: F.lp_pool2d(x, 3, 2))
case("max_pool_with_indices", f"max_pool_with_indices {{kernel = {array([3, 2])}, strides = {array([2, 1])}, "
     f"pads_begin = {array([1, 1])}, pads_end = {array([1, 1])}, extra_end = {array([0, 0])}, "
     f"dilations = {array([1, 1])}}}",
     lambda x: (F.max_pool2d(x, (3, 2), (2, 1), 1), None), x=distinct(2, 3, 7, 5))


def resizing(name, mode, coordinate, nearest, x, size, function, more=""):
    scales = ", ".join(repr(float(out / old)) for out, old in zip(size, x))
    case("resize_" + name, f"resize {{mode = #mlopt<resize_mode {mode}>, coordinate = #mlopt<coordinate_mode "
         f"{coordinate}>, nearest = #mlopt<nearest_mode {nearest}>, scales = array<f64: {scales}>, "
         f"static_sizes = {array(size)}, roi = array<f64>{more}}}", function, x=x)


resizing("nearest", "nearest", "asymmetric", "floor", [2, 3, 4, 3], [2, 3, 8, 9],
         lambda x: F.interpolate(x, size=(8, 9), mode="nearest"))
resizing("nearest_uneven", "nearest", "asymmetric", "floor", [2, 3, 4, 6], [2, 3, 7, 4],
         lambda x: F.interpolate(x, size=(7, 4), mode="nearest"))
resizing("linear", "linear", "half_pixel", "floor", [2, 3, 4, 6], [2, 3, 7, 4],
         lambda x: F.interpolate(x, size=(7, 4), mode="bilinear"))
resizing("linear_corners", "linear", "align_corners", "floor", [2, 3, 4, 6], [2, 3, 7, 4],
         lambda x: F.interpolate(x, size=(7, 4), mode="bilinear", align_corners=True))
resizing("cubic", "cubic", "half_pixel", "floor", [1, 2, 4, 6], [1, 2, 7, 5],
         lambda x: F.interpolate(x, size=(7, 5), mode="bicubic"))

# Normalizations -----------------------------------------------------------------------------------------

EPSILON = "epsilon = 1.0e-5 : f64"
case("batch_norm", f"batch_norm {{{EPSILON}}}", lambda x, s, b, m, v: F.batch_norm(x, m, v, s, b),
     x=[4, 3, 2, 5], s=[3], b=[3], m=Data(np.array([0.1, -0.2, 0.3], "f")), v=Data(np.array([0.5, 1, 2], "f")))


def batch_norm_training(x, s, b):
    y = F.batch_norm(x, None, None, s, b, training=True)
    axes = [0, *range(2, x.ndim)]
    return y, x.mean(axes), x.var(axes, correction=0)


case("batch_norm_training", f"batch_norm_training {{{EPSILON}}}", batch_norm_training, x=[4, 3, 2, 5], s=[3], b=[3])
case("batch_norm_training_rank_2", f"batch_norm_training {{{EPSILON}}}", batch_norm_training, x=[6, 3], s=[3], b=[3])
case("layer_norm", f"layer_norm {{axis = 2 : i64, {EPSILON}}}", lambda x, s, b: F.layer_norm(x, [7], s, b),
     x=[2, 3, 7], s=[7], b=[7])
case("layer_norm_two_axes", f"layer_norm {{axis = 1 : i64, {EPSILON}}}",
     lambda x, s, b: F.layer_norm(x, [3, 7], s, b), x=[2, 3, 7], s=[3, 7], b=[3, 7])
case("layer_norm_bare", f"layer_norm {{axis = 1 : i64, {EPSILON}}}", lambda x: F.layer_norm(x, [7]), x=[3, 7], s=None,
     b=None)
case("rms_norm", f"rms_norm {{axis = 2 : i64, {EPSILON}}}", lambda x, s: F.rms_norm(x, [7], s, 1e-5), x=[2, 3, 7],
     s=[7])
case("group_norm", f"group_norm {{groups = 3 : i64, {EPSILON}}}", lambda x, s, b: F.group_norm(x, 3, s, b),
     x=[2, 6, 3, 2], s=[6], b=[6])
case("instance_norm", f"group_norm {{groups = 0 : i64, {EPSILON}}}",
     lambda x, s, b: F.instance_norm(x, weight=s, bias=b), x=[2, 3, 5], s=[3], b=[3])
case("lrn", "lrn {size = 3 : i64, alpha = 0.3 : f64, beta = 0.75 : f64, bias = 1.5 : f64}",
     lambda x: F.local_response_norm(x, 3, 0.3, 0.75, 1.5), x=[2, 6, 3])

# Attention ----------------------------------------------------------------------------------------------


def attention(name, shape, kv_heads=None, mask=None, layouts="bhsd", causal=False, value_depth=None):
    b, h, q, k, d = shape
    kv, dv = kv_heads or h, value_depth or d

    def sized(heads, sequence, depth):
        return [b, heads, sequence, depth] if layouts == "bhsd" else [b, sequence, heads, depth]

    def function(query, key, value, mask=None):
        swap = (lambda t: t.transpose(1, 2)) if layouts == "bshd" else (lambda t: t)
        return swap(F.scaled_dot_product_attention(swap(query), swap(key), swap(value), mask, 0.0, causal, scale=0.4,
                                                   enable_gqa=kv != h))

    text = f"attention {{scale = 0.4 : f64, layouts = [{', '.join([chr(34) + layouts + chr(34)] * 4)}]"
    case("attention_" + name, text + (", causal = true}" if causal else "}"), function, query=sized(h, q, d),
         key=sized(kv, k, d), value=sized(kv, k, dv), mask=mask)


attention("plain", (2, 3, 4, 5, 6))
attention("value_depth", (1, 2, 3, 4, 5), value_depth=3)
attention("sequence_major", (2, 3, 4, 5, 6), layouts="bshd")
attention("grouped", (2, 6, 4, 5, 3), kv_heads=2)
attention("grouped_sequence_major", (2, 6, 4, 5, 3), kv_heads=3, layouts="bshd")
attention("causal", (2, 2, 5, 5, 3), causal=True)
attention("float_mask", (2, 2, 4, 5, 3), mask=[2, 1, 4, 5])
attention("float_mask_broadcast", (2, 2, 4, 5, 3), mask=[4, 5])
attention("bool_mask", (2, 2, 4, 5, 3), mask=Data(np.tri(4, 5, 1, dtype=bool)))

# Windows ------------------------------------------------------------------------------------------------

WINDOWS = (f"strides = {array([2, 1])}, pads_begin = {array([1, 0])}, pads_end = {array([1, 0])}, "
           f"dilations = {array([1, 2])}")
case("unfold", f"unfold {{kernel = {array([3, 2])}, {WINDOWS}}}",
     lambda x: F.unfold(x, (3, 2), (1, 2), (1, 0), (2, 1)).reshape(2, 3, 3, 2, 3, 4), x=[2, 3, 5, 6])
case("fold", f"fold {{static_sizes = {array([5, 6])}, {WINDOWS}}}",
     lambda x: F.fold(x.reshape(2, 18, 12), (5, 6), (3, 2), (1, 2), (1, 0), (2, 1)), x=[2, 3, 3, 2, 3, 4])
