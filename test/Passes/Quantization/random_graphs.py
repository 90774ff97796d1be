"""Random quantized graphs give the same before and after the phase `quantize`.

usage: random_graphs.py MLOPT_OPT MLOPT_EVAL FIRST LAST [FOLDER]

Each seed makes a program with arguments, which the passes see, and numbers for the arguments, which only the
reference evaluator gets, once for the program as it is and once for what the passes make of it. Integers may
differ by one step where a multiplier was rounded differently, in few elements; sums of integers not at all.
Prints one line for each seed that fails, and how often each operation stands in the results.
"""

import collections
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path


class Program:
    """Text of one function, and its arguments' numbers."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines, self.arguments, self.count = [], [], 0

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def emit(self, op, operands, types, result, attributes=""):
        v = self.name()
        self.lines.append(f"  {v} = mlopt.{op} {', '.join(operands)}{' ' + attributes if attributes else ''} : "
                          f"({', '.join(types)}) -> {result}")
        return v

    def numbers(self, shape, element, low, high):
        n = 1
        for size in shape:
            n *= size
        if element.startswith("f"):
            values = [f"{self.random.uniform(low, high):.6f}" for _ in range(n)]
        else:
            values = [str(self.random.randint(low, high)) for _ in range(n)]

        def nest(values, shape):
            if not shape:
                return values[0]
            step = len(values) // shape[0]
            return "[" + ", ".join(nest(values[i * step:(i + 1) * step], shape[1:]) for i in range(shape[0])) + "]"

        return nest(values, shape)

    def constant(self, shape, element, low, high):
        v = self.name()
        self.lines.append(
            f"  {v} = mlopt.constant dense<{self.numbers(shape, element, low, high)}> : {tensor(shape, element)}")
        return v

    def argument(self, shape, element, low, high, dynamic=()):
        v = f"%a{len(self.arguments)}"
        self.arguments.append((v, tensor(shape, element), tensor(shape, element, dynamic),
                               self.numbers(shape, element, low, high)))
        return v

    def none(self):
        v = self.name()
        self.lines.append(f"  {v} = mlopt.none : none")
        return v


def tensor(shape, element, dynamic=()):
    return "tensor<" + "".join(f"{'?' if i in dynamic else s}x" for i, s in enumerate(shape)) + f"{element}>"


RANGE = {"ui8": (0, 255), "i8": (-128, 127), "i4": (-8, 7), "ui4": (0, 15)}


class Tensor:
    """A value with its shape; `quantized` holds (element, scale, zero, zero's type)."""

    def __init__(self, value, shape, element="f32", dynamic=()):
        self.value, self.shape, self.element, self.dynamic = value, shape, element, dynamic

    @property
    def type(self):
        return tensor(self.shape, self.element, self.dynamic)


def parameters(p, shape, element, kind, low=0.01, high=0.1):
    """Scale and zero point: for the tensor, or along axis `kind`; a zero point is left out at times."""
    sizes = [] if kind is None else [n if i == kind else 1 for i, n in enumerate(shape)]
    scale = p.constant(sizes, "f32", low, high)
    choice = p.random.random()
    if choice < 0.4:
        zero, zero_type = p.none(), "none"
    else:
        lo, hi = RANGE[element]
        if choice < 0.5:
            lo = hi = {"ui8": 128, "i8": 0, "i4": 0, "ui4": 8}[element]
        zero, zero_type = p.constant(sizes, element, lo, hi), tensor(sizes, element)
    return scale, tensor(sizes, "f32"), zero, zero_type


def dequantize(p, t, q):
    scale, scale_type, zero, zero_type = q
    out = Tensor(None, t.shape, "f32", t.dynamic)
    out.value = p.emit("dequantize", [t.value, scale, zero], [t.type, scale_type, zero_type], out.type)
    return out


def quantize(p, t, element, q):
    scale, scale_type, zero, zero_type = q
    out = Tensor(None, t.shape, element, t.dynamic)
    out.value = p.emit("quantize", [t.value, scale, zero], [t.type, scale_type, zero_type], out.type,
                       f"{{to = {element}}}")
    return out


def round_trip(p, t):
    """What a quantizer puts around each tensor."""
    element = p.random.choice(["ui8", "i8"])
    q = parameters(p, t.shape, element, None)
    return dequantize(p, quantize(p, t, element, q), q)


def weights(p, shape, axis):
    element = p.random.choice(["i8", "ui8", "i8", "i4", "ui4"])
    low, high = RANGE[element]
    w = Tensor(p.constant(shape, element, low, high), shape, element)
    return dequantize(p, w, parameters(p, shape, element, p.random.choice([None, axis])))


def activation(p, t):
    kind = p.random.choice(["none", "relu", "relu6", "sigmoid"])
    if kind == "relu" or kind == "relu6":
        zero = p.constant([], "f32", 0, 0)
        t = Tensor(p.emit("max", [t.value, zero], [t.type, "tensor<f32>"], t.type), t.shape, "f32", t.dynamic)
    if kind == "relu6":
        six = p.constant([], "f32", 6, 6)
        t = Tensor(p.emit("min", [t.value, six], [t.type, "tensor<f32>"], t.type), t.shape, "f32", t.dynamic)
    if kind == "sigmoid":
        t = Tensor(p.emit("sigmoid", [t.value], [t.type], t.type), t.shape, "f32", t.dynamic)
    return t


def add_constant(p, t, axis):
    sizes = [n if i == axis else 1 for i, n in enumerate(t.shape)]
    b = p.constant(sizes, "f32", -1, 1)
    return Tensor(p.emit("add", [t.value, b], [t.type, tensor(sizes, "f32")], t.type), t.shape, "f32", t.dynamic)


def matmul(p, t):
    """x W, of a random form; t has rank 2 or 3."""
    k, n = t.shape[-1], p.random.choice([3, 5, 8])
    transposed = p.random.random() < 0.5
    shape = [n, k] if transposed else [k, n]
    w = weights(p, shape, 0 if transposed else 1)
    out = Tensor(None, t.shape[:-1] + [n], "f32", t.dynamic)
    attributes = "{transpose_b = true}" if transposed else ""
    out.value = p.emit("matmul", [t.value, w.value], [t.type, w.type], out.type, attributes)
    if p.random.random() < 0.5:
        out = add_constant(p, out, len(out.shape) - 1)
    return out


def product(p, t):
    """A product of two values of the run, x x^T."""
    t = round_trip(p, t)
    other = round_trip(p, t) if p.random.random() < 0.5 else t
    out = Tensor(None, t.shape[:-1] + [t.shape[-2]], "f32",
                 tuple(t.dynamic) + ((len(t.shape) - 1,) if len(t.shape) - 2 in t.dynamic else ()))
    out.value = p.emit("matmul", [t.value, other.value], [t.type, other.type], out.type, "{transpose_b = true}")
    return out


def convolution(p, t):
    channels = t.shape[1]
    groups = p.random.choice([1, 1, channels] + [g for g in (4, 8) if channels % g == 0])
    outputs = channels * p.random.choice([1, 1, 2]) if groups > 1 else p.random.choice([2, 4])
    pad, kernel = p.random.choice([(0, 1), (1, 3), (0, 3)])
    shape = [outputs, channels // groups, kernel, kernel]
    w = weights(p, shape, 0)
    bias_kind = p.random.choice(["none", "float"])
    if bias_kind == "none":
        bias, bias_type = p.none(), "none"
    else:
        bias, bias_type = p.constant([outputs], "f32", -1, 1), tensor([outputs], "f32")
    sizes = [s + 2 * pad - kernel + 1 for s in t.shape[2:]]
    out = Tensor(None, [t.shape[0], outputs] + sizes, "f32", t.dynamic)
    out.value = p.emit("conv", [t.value, w.value, bias], [t.type, w.type, bias_type], out.type,
                       f"{{strides = array<i64: 1, 1>, pads_begin = array<i64: {pad}, {pad}>, "
                       f"pads_end = array<i64: {pad}, {pad}>, dilations = array<i64: 1, 1>, groups = {groups} : i64}}")
    return out


def max_pool(p, t):
    sizes = [s - 1 for s in t.shape[2:]]
    out = Tensor(None, t.shape[:2] + sizes, "f32", t.dynamic)
    out.value = p.emit("pool", [t.value], [t.type], out.type,
                       "{kind = #mlopt<pool_kind max>, kernel = array<i64: 2, 2>, strides = array<i64: 1, 1>, "
                       "pads_begin = array<i64: 0, 0>, pads_end = array<i64: 0, 0>, extra_end = array<i64: 0, 0>, "
                       "dilations = array<i64: 1, 1>}")
    return out


def transpose(p, t):
    axes = list(range(len(t.shape)))
    axes[-1], axes[-2] = axes[-2], axes[-1]
    out = Tensor(None, [t.shape[a] for a in axes], "f32", tuple(i for i, a in enumerate(axes) if a in t.dynamic))
    out.value = p.emit("transpose", [t.value], [t.type], out.type,
                       f"{{permutation = array<i64: {', '.join(map(str, axes))}>}}")
    return out


def residual(p, t):
    """f(x) + g(x), both quantized."""
    a, b = round_trip(p, activation(p, t)), round_trip(p, t)
    out = Tensor(None, t.shape, "f32", t.dynamic)
    out.value = p.emit("add", [a.value, b.value], [a.type, b.type], out.type)
    return activation(p, out)


def build(seed):
    p = Program(seed)
    image = p.random.random() < 0.5
    shape = [p.random.choice([1, 2]), p.random.choice([2, 3, 16]), 5, 5] if image else \
        p.random.choice([[3, 7], [1, 16], [2, 3, 6]])
    dynamic = (0,) if p.random.random() < 0.5 else ()
    t = Tensor(p.argument(shape, "f32", -4, 4, dynamic), shape, "f32", dynamic)
    for _ in range(p.random.randint(1, 4)):
        if p.random.random() < 0.85:
            t = round_trip(p, t)
        choices = [residual, transpose] + ([convolution, convolution] if image else [matmul, matmul, product])
        if image and min(t.shape[2:]) < 4:
            choices = [residual]
        elif image:
            choices.append(max_pool)
        t = p.random.choice(choices)(p, t)
        t = activation(p, t)
    if p.random.random() < 0.7:
        element = p.random.choice(["ui8", "i8"])
        t = quantize(p, t, element, parameters(p, t.shape, element, None))
    return p, t


def text(p, t):
    header = ", ".join(f"{v}: {seen}" for v, _, seen, _ in p.arguments)
    return f"func.func @main({header}) -> {t.type} {{\n" + "\n".join(p.lines) + f"\n  return {t.value} : {t.type}\n}}\n"


def with_numbers(program, p):
    """The program with constants for its arguments."""
    header = re.search(r"func\.func @main\((.*?)\) ->", program)
    names = re.findall(r"(%\w+):", header.group(1))
    constants = []
    for name, (_, full, seen, numbers) in zip(names, p.arguments):
        raw = f"{name}_numbers"
        constants.append(f"  {raw if full != seen else name} = mlopt.constant dense<{numbers}> : {full}")
        if full != seen:
            constants.append(f"  {name} = mlopt.reshape {raw} {{static_sizes = array<i64: {', '.join(full[7:-1].split('x')[:-1])}>}}"
                             f" : ({full}) -> {seen}")
    start = header.start(1)
    program = program[:start] + program[header.end(1):]
    body = program.index("{\n", start) + 2
    return program[:body] + "\n".join(constants) + "\n" + program[body:]


def evaluate(tool, program, path):
    path.write_text(program)
    done = subprocess.run([tool, "--mode=typed", "--function=main", str(path)], capture_output=True, text=True)
    if done.returncode != 0:
        return None, done.stderr
    return [float(v) for v in re.search(r"= \[(.*)\]", done.stdout).group(1).split(", ")], ""


def check(seed, opt, eval_tool, folder, counts):
    p, t = build(seed)
    source = text(p, t)
    (folder / "in.mlir").write_text(source)
    passes = [opt, "--mlopt-graph-pipeline", "--mlopt-quantize-pipeline", str(folder / "in.mlir")]
    done = subprocess.run(passes, capture_output=True, text=True)
    if done.returncode != 0:
        return "passes: " + done.stderr[:400]
    counts.update(re.findall(r"mlopt\.(\w+)", done.stdout))
    before, why = evaluate(eval_tool, with_numbers(source, p), folder / "before.mlir")
    if before is None:
        return "before: " + why[:400]
    after, why = evaluate(eval_tool, with_numbers(done.stdout, p), folder / "after.mlir")
    if after is None:
        return "after: " + why[:400]
    if len(before) != len(after):
        return f"{len(before)} elements before, {len(after)} after"
    # A step of a tensor inside goes through the weights: a few steps of the result in a few elements.
    largest = max(map(abs, before)) or 1.0
    steps = sorted((abs(a - b) for a, b in zip(before, after)), reverse=True)
    tolerance = max(1.0, 0.02 * largest) if t.element != "f32" else 0.02 * largest + 1e-6
    if steps[0] > 4 * tolerance or sum(s > 0.5 * tolerance for s in steps) > 1 + 0.1 * len(steps):
        return f"largest difference {steps[0]:g} of {largest:g}, {sum(s > 0.5 * tolerance for s in steps)} of {len(steps)}"
    return None


def main():
    opt, eval_tool, first, last = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    counts, failures = collections.Counter(), 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[5] if len(sys.argv) > 5 else temporary)
        for seed in range(first, last):
            why = check(seed, opt, eval_tool, folder, counts)
            if why:
                failures += 1
                print(f"seed {seed}: {why}")
    for name in ("integer_matmul", "integer_conv", "dequantized_matmul", "quantize", "dequantize"):
        print(f"{name}: {counts[name]}")
    print(f"{failures} of {last - first} failed")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
