#!/usr/bin/env python3
"""Evaluates the functions of --mlopt-build-training with the reference and compares the results.

    functions.py --work DIR        (mlopt-opt and mlopt-eval in PATH)

Expected numbers are PyTorch's in f64, stored by make.py, or NumPy's for the random numbers, whose
generator is checked against the known answers of its authors (Random123, kat_vectors).
"""

import argparse
import pathlib
import re
import subprocess
import sys

import numpy as np

#: Of constants that the program holds in f32 (0.1 is 1.5e-9 off).
TOLERANCE = 2e-7


def rng(seed):
    return np.random.default_rng(seed)


def labels(shape, classes, ignored=None):
    values = rng(3).integers(0, classes, shape)
    if ignored is not None:
        values.reshape(-1)[::3] = ignored
    return values


X2 = rng(1).standard_normal((6, 5)).astype("f") * 3
X4 = rng(2).standard_normal((2, 3, 4, 2)).astype("f")
T2 = rng(4).standard_normal((6, 5)).astype("f")
#: name -> (prediction, target, options of the pass, torch function, its arguments)
LOSSES = {
    "cross_entropy": (X2, labels((6,), 5), "loss=cross_entropy", "cross_entropy", {}),
    "cross_entropy_ignored": (X2, labels((6,), 5, -100), "loss=cross_entropy", "cross_entropy", {}),
    "cross_entropy_class_ignored": (X2, labels((6,), 5, 2), "loss=cross_entropy ignore-index=2",
                                    "cross_entropy", {"ignore_index": 2}),
    "cross_entropy_smooth": (X2, labels((6,), 5, 4), "loss=cross_entropy ignore-index=4 label-smoothing=0.25",
                             "cross_entropy", {"ignore_index": 4, "label_smoothing": 0.25}),
    "cross_entropy_pixels": (X4, labels((2, 4, 2), 3, -1), "loss=cross_entropy ignore-index=-1",
                             "cross_entropy", {"ignore_index": -1}),
    "cross_entropy_last": (X4, labels((2, 3, 4), 2, -100), "loss=cross_entropy class-axis=-1", "cross_entropy", {}),
    "cross_entropy_middle": (X4, labels((2, 3, 2), 4), "loss=cross_entropy class-axis=2", "cross_entropy", {}),
    "cross_entropy_nothing": (X2, np.full((6,), -100), "loss=cross_entropy", "cross_entropy", {}),
    "cross_entropy_far": (X2 * 40, labels((6,), 5), "loss=cross_entropy", "cross_entropy", {}),
    "bce": (X2, (T2 > 0).astype("f"), "loss=bce_with_logits", "binary_cross_entropy_with_logits", {}),
    "bce_soft": (X2 * 30, (T2 + 3) / 6, "loss=bce_with_logits", "binary_cross_entropy_with_logits", {}),
    "bce_zero": (X2 * 0, (T2 > 0).astype("f"), "loss=bce_with_logits", "binary_cross_entropy_with_logits", {}),
    "mse": (X2, T2, "loss=mse", "mse_loss", {}),
    "l1": (np.where(X2 > 2, T2, X2).astype("f"), T2, "loss=l1", "l1_loss", {}),
    "huber": (X2, T2, "loss=huber huber-delta=1.5", "huber_loss", {"delta": 1.5}),
}



def class_axis(options):
    match = re.search(r"class-axis=(-?\d+)", options)
    return int(match[1]) if match else 1


STEPS = 6
P0 = rng(5).standard_normal((3, 7)).astype("f")
GRADIENTS = [rng(10 + i).standard_normal((3, 7)).astype("f") for i in range(STEPS)]
#: name -> (options of the pass, torch class, its arguments, run-time arguments, scheduler and clipping for torch)
OPTIMIZERS = {
    "adagrad": ("optimizer=adagrad lr=0.125 lr-decay=0.25 initial-accumulator=0.5 weight-decay=0.0625", "Adagrad",
                {"lr": 0.125, "lr_decay": 0.25, "initial_accumulator_value": 0.5, "weight_decay": 0.0625}, {}, {}),
    "sgd_step": ("optimizer=sgd lr=0.25 momentum=0.5 nesterov=true schedule=step step-size=2 gamma=0.5", "SGD",
                 {"lr": 0.25, "momentum": 0.5, "nesterov": True}, {}, {"step": (2, 0.5)}),
    "adam_inputs": ("optimizer=adam lr=input clip-norm=input weight-decay=0.125", "Adam",
                    {"lr": 0.0625, "weight_decay": 0.125}, {"mlopt.lr": 0.0625, "mlopt.clip_norm": 2.5}, {"clip": 2.5}),
    "adamw": ("optimizer=adamw lr=0.0625 beta1=0.5 beta2=0.75 eps=0.001 weight-decay=0.5", "AdamW",
              {"lr": 0.0625, "betas": (0.5, 0.75), "eps": 0.001, "weight_decay": 0.5}, {}, {}),
}

BN_X = rng(6).standard_normal((4, 3, 5)).astype("f") * 2 + 1
BN = {"scale": np.array([1.5, -0.5, 2], "f"), "bias": np.array([0.25, 1, -1], "f"),
      "mean": np.array([0.5, 0, -0.5], "f"), "variance": np.array([1, 2, 0.5], "f")}
BN_TARGET = rng(7).standard_normal((4, 3, 5)).astype("f")


# The program as text.

def tensor_type(array):
    element = {"f": "f32", "l": "i64"}[np.asarray(array).dtype.char]
    return "tensor<" + "".join(f"{n}x" for n in np.shape(array)) + element + ">"


def constant(array):
    """All bytes in hexadecimal: exact."""
    flat = np.asarray(array).reshape(-1)
    if flat.size == 1:
        text = "0x" + flat.astype(">f4").tobytes().hex() if flat.dtype.char == "f" else str(int(flat[0]))
        return f"dense<{text}> : {tensor_type(array)}"
    return f'dense<"0x{flat.tobytes().hex()}"> : {tensor_type(array)}'


def build(module, options, passes=("--mlopt-differentiate",)):
    """name -> (argument names, result names, body lines with the return)."""
    command = ["mlopt-opt", f"--mlopt-build-training={options}", *passes]
    text = subprocess.run(command, input=module, capture_output=True, text=True, check=False)
    if text.returncode:
        sys.exit(f"{command}\n{module}\n{text.stderr}")
    functions = {}
    for match in re.finditer(r"^  func\.func @(\w+)\((.*?)\) (?:-> (.*?) )?\{$\n(.*?)^  \}$", text.stdout, re.M | re.S):
        name, arguments, results, body = match.groups()
        functions[name] = (re.findall(r'mlopt\.name = "([^"]+)"', arguments),
                           re.findall(r'mlopt\.name = "([^"]+)"', results or ""), body)
    return functions, "\n".join(line for line in text.stdout.splitlines() if line.startswith("  mlopt.parameter"))


def closed(functions, calls):
    """A function without arguments that runs `calls`, (function, arguments by name), one after the
    other. An argument that is a function of the results so far by name is called; else an array.
    Returns (text of the body, result values by name of the last call)."""
    lines, results = [], {}
    for index, (name, given) in enumerate(calls):
        arguments, result_names, body = functions[name]
        mapping = {}
        for i, argument in enumerate(arguments):
            value = given.get(argument, results.get(argument))
            if isinstance(value, tuple):
                mapping[f"%arg{i}"] = value[0]
            else:
                mapping[f"%arg{i}"] = f"%c{index}_{i}"
                lines.append(f"    %c{index}_{i} = mlopt.constant {constant(value)}")
        def rename(match):
            return mapping.get(match.group(0), f"%v{index}_" + match.group(0)[1:])
        body = re.sub(r"%\w+", rename, body)
        *rest, last = body.rstrip().splitlines()
        lines += rest
        values, types = re.match(r"\s*return (.*?) : (.*)$", last).groups()
        for result, value, kind in zip(result_names, values.split(", "), types.split(", ")):
            results[result] = (value, kind)
    return "\n".join(lines), results


def evaluate(work, programs, parameters=""):
    """programs: name -> (body, results); name -> result name -> array, in mode exact."""
    text = "module {\n" + parameters + "\n"
    for name, (body, results) in programs.items():
        values = ", ".join(v for v, _ in results.values())
        types = ", ".join(t for _, t in results.values())
        text += f"  func.func @{name}() -> ({types}) {{\n{body}\n    return {values} : {types}\n  }}\n"
    path = work / "program.mlir"
    path.write_text(text + "}\n")
    run = subprocess.run(["mlopt-eval", "--mode=exact", str(path)], capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(f"mlopt-eval {path}\n{run.stderr}")
    found = {}
    for line in run.stdout.splitlines():
        head, values = line.split(" = ")
        name, _, index, _ = re.match(r"(\w+) (\w+) (\d+): (.*)", head).groups()
        key = list(programs[name][1])[int(index)]
        found.setdefault(name, {})[key] = np.array([float(v) for v in values.strip("[]").split(", ") if v])
    return found


FAILED = []


def failures():
    return FAILED


def check(what, found, expected, tolerance=TOLERANCE):
    expected = np.asarray(expected, "d").reshape(-1)
    found = np.asarray(found).reshape(-1)[: expected.size]
    scale = np.abs(expected).max() if expected.size and np.isfinite(expected).all() else 1
    same = np.allclose(found, expected, rtol=0, atol=tolerance * max(scale, 1e-30), equal_nan=True)
    if not same:
        FAILED.append(what)
        print(f"{what}: found {found[:8]}, expected {expected[:8]}")


def loss_module(x):
    kind = tensor_type(x)
    return f"""
mlopt.parameter @p = dense<0.0> : {kind}
func.func @main(%x: {kind} {{mlopt.name = "x"}}) -> ({kind} {{mlopt.name = "y"}}) {{
  %p = mlopt.get_parameter @p : {kind}
  %0 = mlopt.add %x, %p : ({kind}, {kind}) -> {kind}
  return %0 : {kind}
}}
"""


def check_losses(work, expected):
    programs = {}
    for name, (x, t, options, _, _) in LOSSES.items():
        functions, _ = build(loss_module(x), options)
        region = np.zeros(-(-x.size // 16) * 16, "f")
        data = {"mlopt.parameters": region, "x": x, "target": t, "mlopt.step": np.array(0)}
        programs[name] = closed(functions, [("step_grad", data)])
        if name.startswith("cross_entropy"):
            programs[name + "__eval"] = closed(functions, [("eval", data)])
    found = evaluate(work, programs)
    for name, (x, t, options, _, arguments) in LOSSES.items():
        check(name, found[name]["mlopt.loss"], expected[f"loss/{name}"])
        if name == "cross_entropy_nothing":
            continue  # gradients of 0 / 0
        check(name + " gradient", found[name]["mlopt.gradients"], expected[f"gradient/{name}"])
        padding = found[name]["mlopt.gradients"][x.size:]
        check(name + " padding", padding, np.zeros(padding.size), 0)
        if name.startswith("cross_entropy"):
            counted = t != arguments.get("ignore_index", -100)
            evaluated = found[name + "__eval"]
            check(name + " eval", evaluated["mlopt.loss"], expected[f"loss/{name}"])
            check(name + " correct", evaluated["mlopt.correct"], ((x.argmax(class_axis(options)) == t) & counted).sum(), 0)
            check(name + " count", evaluated["mlopt.count"], counted.sum(), 0)
    # A label that is no class cannot pass for one.
    wrong = LOSSES["cross_entropy"][1].copy()
    wrong[2] = 5
    functions, _ = build(loss_module(X2), "loss=cross_entropy")
    data = {"mlopt.parameters": np.zeros(32, "f"), "x": X2, "target": wrong, "mlopt.step": np.array(0)}
    found = evaluate(work, {"wrong": closed(functions, [("step_grad", data)])})
    check("label out of range", found["wrong"]["mlopt.loss"], np.nan)


def padded(array, size=16):
    flat = np.asarray(array, "f").reshape(-1)
    return np.concatenate([flat, np.zeros(-flat.size % size, "f")])


def check_optimizers(work, expected):
    programs, parameters = {}, ""
    module = f"""
mlopt.parameter @p = {constant(P0)}
func.func @main(%x: tensor<3x7xf32> {{mlopt.name = "x"}}) -> (tensor<3x7xf32> {{mlopt.name = "y"}}) {{
  %p = mlopt.get_parameter @p : tensor<3x7xf32>
  %0 = mlopt.mul %x, %p : (tensor<3x7xf32>, tensor<3x7xf32>) -> tensor<3x7xf32>
  return %0 : tensor<3x7xf32>
}}
"""
    for name, (options, _, _, run_time, _) in OPTIMIZERS.items():
        functions, parameters = build(module, "loss=mse " + options)
        calls = [("init", {})]
        for step, gradient in enumerate(GRADIENTS):
            given = {key: np.array(value, "f") for key, value in run_time.items()}
            given |= {"mlopt.gradients": padded(gradient), "mlopt.step": np.array(step)}
            calls.append(("step_update", given))
        programs[name] = closed(functions, calls)
        # train_step is step_grad and step_update in a row.
        x, t = np.abs(P0) + 1, P0 * 2
        data = {"x": x, "target": t, "mlopt.step": np.array(3)}
        data |= {key: np.array(value, "f") for key, value in run_time.items()}
        programs[name + "__one"] = closed(functions, [("init", {}), ("train_step", data)])
        programs[name + "__two"] = closed(functions, [("init", {}), ("step_grad", data), ("step_update", data)])
    found = evaluate(work, programs, parameters)
    for name, (_, _, _, _, extra) in OPTIMIZERS.items():
        check(name, found[name]["mlopt.parameters"], expected[f"optimizer/{name}"])
        for key, value in found[name].items():
            if value.size == 32:
                check(f"{name} {key} padding", value[21:], np.zeros(11), 0)
        if "clip" in extra:
            check(name + " norm", found[name]["mlopt.grad_norm"], np.linalg.norm(GRADIENTS[-1].astype("d")))
        for key, value in found[name + "__one"].items():
            check(f"{name} one step {key}", value, found[name + "__two"][key], 0)


def batch_norm_module():
    names = ["scale", "bias", "mean", "variance"]
    module = "".join(f"mlopt.parameter @{n} = {constant(BN[n])}\n" for n in names)
    gets = "\n".join(f"  %{n} = mlopt.get_parameter @{n} : tensor<3xf32>" for n in names)
    kind = tensor_type(BN_X)
    return module + f"""
func.func @main(%x: {kind} {{mlopt.name = "x"}}) -> ({kind} {{mlopt.name = "y"}}) {{
{gets}
  %y = mlopt.batch_norm %x, %scale, %bias, %mean, %variance {{epsilon = 1.0e-3 : f64, mlopt.momentum = 0.75 : f64}}
    : ({kind}, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> {kind}
  return %y : {kind}
}}
"""


def check_batch_norm(work, expected):
    module = batch_norm_module()
    functions, parameters = build(module, "loss=mse", ["--mlopt-differentiate", "--mlopt-decompose-training"])
    data = {"x": BN_X, "target": BN_TARGET, "mlopt.step": np.array(0)}
    programs = {"grad": closed(functions, [("init", {}), ("step_grad", data)]),
                "eval": closed(functions, [("init", {}), ("step_grad", data), ("eval", data)])}
    found = evaluate(work, programs, parameters)
    grad = found["grad"]
    check("batch norm loss", grad["mlopt.loss"], expected["batch_norm/loss"])
    for name, region, offset in (("scale", "gradients", 0), ("bias", "gradients", 16),
                                 ("mean", "buffers", 0), ("variance", "buffers", 16)):
        check(f"batch norm {name}", grad[f"mlopt.{region}"][offset:], expected[f"batch_norm/{name}"])
    check("batch norm eval", found["eval"]["mlopt.loss"], expected["batch_norm/eval"])


# Random numbers.

def philox(c0, c1, key):
    c0, c1 = np.asarray(c0, np.uint64), np.asarray(c1, np.uint64)
    key, low, shift = np.uint64(key), np.uint64(0xFFFFFFFF), np.uint64(32)
    for _ in range(10):
        product = np.uint64(0xD256D193) * c0
        c0, c1 = (product >> shift) ^ key ^ c1, product & low
        key = (key + np.uint64(0x9E3779B9)) & low
    return c0, c1


def split_mix(x):
    mask = (1 << 64) - 1
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & mask
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & mask
    return x ^ (x >> 31)


def words(seed, step, stream, count):
    golden, mask = 0x9E3779B97F4A7C15, (1 << 64) - 1
    key = split_mix((split_mix((seed + golden) & mask) + step * golden) & mask)
    return philox(np.arange(count), np.full(count, ((key >> 32) + stream) & 0xFFFFFFFF), key & 0xFFFFFFFF)[1]


def check_random(work, _):
    for counter, key, answer in (((0, 0), 0, (0xFF1DAE59, 0x6CD10DF2)),
                                 ((0xFFFFFFFF, 0xFFFFFFFF), 0xFFFFFFFF, (0x2C3F628B, 0xAB4FD7AD)),
                                 ((0x243F6A88, 0x85A308D3), 0x13198A2E, (0xDD7CE038, 0xF62A4C12))):
        check("philox2x32-10", np.array(philox(*counter, key), "d"), answer, 0)
    module = """
mlopt.parameter @p = dense<1.0> : tensor<40x50xf32>
func.func @main(%x: tensor<40x50xf32> {mlopt.name = "x"}) -> (tensor<40x50xf32> {mlopt.name = "y"}) {
  %p = mlopt.get_parameter @p : tensor<40x50xf32>
  %0 = mlopt.dropout %p {ratio = 0.25 : f64} : (tensor<40x50xf32>) -> tensor<40x50xf32>
  %1 = mlopt.mul %0, %x : (tensor<40x50xf32>, tensor<40x50xf32>) -> tensor<40x50xf32>
  %2 = mlopt.dropout %1 {ratio = 0.5 : f64} : (tensor<40x50xf32>) -> tensor<40x50xf32>
  return %2 : tensor<40x50xf32>
}
"""
    x = rng(8).standard_normal((40, 50)).astype("f")
    functions, parameters = build(module, "loss=mse init=random")
    data = {"x": x, "target": np.zeros((40, 50), "f"), "mlopt.seed": np.array(-7)}
    programs = {"init": closed(functions, [("init", data)])}
    for step in (0, 1):
        given = data | {"mlopt.parameters": np.ones(2000, "f"), "mlopt.step": np.array(step)}
        programs[f"step{step}"] = closed(functions, [("step_grad", given)])
    programs["eval"] = closed(functions, [("eval", data | {"mlopt.parameters": np.ones(2000, "f")})])
    found = evaluate(work, programs, parameters)
    bits = words(-7 & (1 << 64) - 1, (1 << 64) - 1, 0, 2000)
    uniform = ((bits >> np.uint64(8)).astype("d") - 2**23) / 2**23 / np.sqrt(50)
    check("uniform", found["init"]["mlopt.parameters"], uniform)
    masks = []
    for step in (0, 1):
        keep = [words(-7 & (1 << 64) - 1, step, stream, 2000) >= ratio * 2**32
                for stream, ratio in ((0, 0.25), (1, 0.5))]
        masks.append(keep)
        factor = keep[0] / 0.75 * keep[1] / 0.5
        y = factor * x.reshape(-1)
        check(f"dropout {step}", found[f"step{step}"]["mlopt.loss"], (y * y).mean())
        check(f"dropout gradient {step}", found[f"step{step}"]["mlopt.gradients"], 2 * y * factor * x.reshape(-1) / 2000)
        for mask, share in zip(keep, (0.75, 0.5)):
            check("share of elements", abs(mask.mean() - share) < 0.05, True, 0)
    check("masks differ", [(masks[0][0] != masks[1][0]).mean() > 0.3, (masks[0][1] != masks[1][1]).mean() > 0.4],
          [True, True], 0)
    check("no dropout in eval", found["eval"]["mlopt.loss"], (x.astype("d") ** 2).mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    work = parser.parse_args().work
    work.mkdir(parents=True, exist_ok=True)
    expected = np.load(pathlib.Path(__file__).parent / "functions.npz")
    for part in (check_losses, check_optimizers, check_batch_norm, check_random):
        part(work, expected)
    if FAILED:
        sys.exit(f"{len(FAILED)} differences: {', '.join(FAILED)}")


if __name__ == "__main__":
    main()
