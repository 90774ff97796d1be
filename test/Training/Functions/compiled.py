#!/usr/bin/env python3
"""Losses, dropout and batch statistics of compiled training functions.

    compiled.py --mlopt MLOPT --work DIR

Compares with functions.npz (PyTorch, see make.py) and with the masks that functions.py computes.
"""

import argparse
import pathlib
import subprocess
import sys

import numpy as np

from functions import BN, BN_TARGET, BN_X, LOSSES, batch_norm_module, check, failures, loss_module, rng, words

#: f32 arithmetic.
TOLERANCE = 2e-6
SEED = 11


def compile_step(arguments, name, module, *options):
    source, artefact = arguments.work / f"{name}.mlir", arguments.work / f"{name}.so"
    source.write_text(module)
    subprocess.run([arguments.mlopt, "train", str(source), *options, "-o", str(artefact)], check=True)
    return str(artefact)


def open_session(artefact, threads=1):
    import mlopt

    session = mlopt.TrainingSession(artefact, num_threads=threads)
    session.init(seed=SEED)
    return session


def check_losses(arguments, expected):
    for name, (x, t, options, _, _) in LOSSES.items():
        flags = [f"--{option}" for option in options.split()]
        session = open_session(compile_step(arguments, name, loss_module(x), "--optimizer=sgd", *flags))
        loss = session.grad(x=x, target=t)
        check(name, loss, expected[f"loss/{name}"], TOLERANCE)
        if name != "cross_entropy_nothing":
            check(name + " gradient", session.gradients()["p"], expected[f"gradient/{name}"], TOLERANCE)


def check_batch_norm(arguments, expected):
    session = open_session(compile_step(arguments, "norm", batch_norm_module(), "--loss=mse", "--optimizer=sgd"))
    check("batch norm loss", session.grad(x=BN_X, target=BN_TARGET), expected["batch_norm/loss"], TOLERANCE)
    found = session.gradients() | session.buffers()
    for name in BN:
        check(f"batch norm {name}", found[name], expected[f"batch_norm/{name}"], TOLERANCE)


def check_frozen_batch_norm(arguments, expected):
    """A frozen layer normalizes with the batch and moves its running statistics all the same."""
    for name, options, trained in (("freeze", ["--freeze=scale", "--freeze=mean", "--freeze=variance"], "bias"),
                                   ("only", ["--train-only=scale"], "scale")):
        session = open_session(compile_step(arguments, "norm_" + name, batch_norm_module(), "--loss=mse",
                                            "--optimizer=sgd", *options))
        check(f"{name} loss", session.grad(x=BN_X, target=BN_TARGET), expected["batch_norm/loss"], TOLERANCE)
        found = session.gradients() | session.buffers()
        check(f"{name} trains", set(found) == {trained, "mean", "variance"}, True, 0)
        for key, value in found.items():
            check(f"{name} {key}", value, expected[f"batch_norm/{key}"], TOLERANCE)


MIXED = """
mlopt.parameter @w = dense<1.0> : tensor<40x50xf32>
mlopt.parameter @scale = dense<1.5> : tensor<50xf32>
mlopt.parameter @bias = dense<0.25> : tensor<50xf32>
mlopt.parameter @mean = dense<0.0> : tensor<50xf32>
mlopt.parameter @variance = dense<1.0> : tensor<50xf32>
func.func @main(%x: tensor<?x40xf32> {mlopt.name = "x", mlopt.dims = ["n", 40]}) -> (tensor<?x50xf32> {mlopt.name = "y"}) {
  %w = mlopt.get_parameter @w : tensor<40x50xf32>
  %s = mlopt.get_parameter @scale : tensor<50xf32>
  %b = mlopt.get_parameter @bias : tensor<50xf32>
  %m = mlopt.get_parameter @mean : tensor<50xf32>
  %v = mlopt.get_parameter @variance : tensor<50xf32>
  %0 = mlopt.dropout %x {ratio = 0.25 : f64} : (tensor<?x40xf32>) -> tensor<?x40xf32>
  %1 = mlopt.matmul %0, %w : (tensor<?x40xf32>, tensor<40x50xf32>) -> tensor<?x50xf32>
  %2 = mlopt.batch_norm %1, %s, %b, %m, %v {epsilon = 1.0e-5 : f64, mlopt.momentum = 0.9 : f64} : (tensor<?x50xf32>, tensor<50xf32>, tensor<50xf32>, tensor<50xf32>, tensor<50xf32>) -> tensor<?x50xf32>
  %3 = mlopt.tanh %2 : (tensor<?x50xf32>) -> tensor<?x50xf32>
  %4 = mlopt.dropout %3 {ratio = 0.5 : f64} : (tensor<?x50xf32>) -> tensor<?x50xf32>
  return %4 : tensor<?x50xf32>
}
"""


def check_bits(arguments, _):
    """The bits of five steps, however they are made, and dropout that changes with step and seed."""
    artefact = compile_step(arguments, "mixed", MIXED, "--loss=mse", "--optimizer=adamw", "--clip-norm=0.5", "--init=random")
    data = [{"x": rng(20 + i).standard_normal((33, 40)).astype("f"),
             "target": rng(30 + i).standard_normal((33, 50)).astype("f")} for i in range(5)]
    states = []
    for threads, split in ((1, False), (2, False), (1, True), (2, True)):
        session = open_session(artefact, threads)
        losses = []
        for batch in data:
            if split:
                losses.append(session.grad(**batch))
                session.update()
            else:
                losses.append(session.step(**batch))
        states.append(session.state_dict() | {"losses": np.array(losses)})
    for state in states[1:]:
        for key, value in state.items():
            check(f"bits of {key}", np.array_equal(value, states[0][key]), True, 0)

    losses = []
    for step, seed in ((0, 1), (1, 1), (0, 2), (0, 1)):
        session.init(seed=SEED)
        session.step_number, session.seed = step, seed
        losses.append(session.grad(**data[0]))
    check("dropout by step and seed", [losses[0] != losses[1], losses[0] != losses[2], losses[0] == losses[3]],
          [True] * 3, 0)


def check_dropout(arguments, _):
    module = """
mlopt.parameter @p = dense<1.0> : tensor<40x50xf32>
func.func @main(%x: tensor<40x50xf32> {mlopt.name = "x"}) -> (tensor<40x50xf32> {mlopt.name = "y"}) {
  %p = mlopt.get_parameter @p : tensor<40x50xf32>
  %0 = mlopt.mul %p, %x : (tensor<40x50xf32>, tensor<40x50xf32>) -> tensor<40x50xf32>
  %1 = mlopt.dropout %0 {ratio = 0.3 : f64} : (tensor<40x50xf32>) -> tensor<40x50xf32>
  return %1 : tensor<40x50xf32>
}
"""
    session = open_session(compile_step(arguments, "dropout", module, "--loss=mse", "--optimizer=sgd"))
    x = rng(8).standard_normal((40, 50)).astype("f")
    keep = (words(SEED, 0, 0, 2000) >= np.floor(0.3 * 2**32)).reshape(40, 50)
    y = x.astype("d") * keep / 0.7
    check("dropout", session.grad(x=x, target=np.zeros_like(x)), (y * y).mean(), TOLERANCE)
    check("dropout gradient", session.gradients()["p"], 2 * y * y / y.size, TOLERANCE)


def check_masks(arguments, _):
    """Dropouts of an ONNX model, of one tensor with one ratio and of a constant: each has its own mask."""
    count = 100_000
    # Digits of base 4 in the derivative: which masks kept the element.
    model = f"""<ir_version: 8, opset_import: ["" : 17]>
g (float[{count}] x) => (float y)
<float[{count}] w = {{{",".join(["0"] * count)}}}, float[1] ratio = {{0.25}}, float[1] four = {{4}}, float[1] sixteen = {{16}}>
{{
  one = Constant<value = float[1] {{1}}>()
  shape = Shape(x)
  ones = Expand(one, shape)
  p = Add(x, w)
  a = Dropout(p, ratio)
  b = Dropout(p, ratio)
  c = Dropout(p, ratio)
  d = Dropout(ones, ratio)
  b4 = Mul(b, four)
  c16 = Mul(c, sixteen)
  ab = Add(a, b4)
  abc = Add(ab, c16)
  all = Mul(abc, d)
  y = ReduceSum<keepdims = 0>(all)
}}
"""
    source, artefact = arguments.work / "masks.onnxtxt", arguments.work / "masks.so"
    source.write_text(model)
    subprocess.run([arguments.mlopt, "train", str(source), "--loss=output:y", "--optimizer=sgd", "--lr=1",
                    "--train-only=w", "-o", str(artefact)], check=True)
    expected = [words(SEED, 0, stream, count) >= 2**30 for stream in range(4)]
    for thread_count in (1, 2):
        session = open_session(str(artefact), thread_count)
        session.grad(x=np.ones(count, "f"))
        gradient = session.gradients()["w"].copy()
        digits = np.rint(gradient.astype("d") * 9 / 16).astype(int)
        check("masks", digits, (expected[0] + 4 * expected[1] + 16 * expected[2]) * expected[3], 0)
        kept = [digits[digits > 0] >> shift & 1 for shift in (0, 2, 4)]
        rows = np.corrcoef(expected)
        check("independent", np.abs(rows - np.eye(4)).max() < 0.02, True, 0)
        check("different", [(kept[i] != kept[j]).any() for i, j in ((0, 1), (0, 2), (1, 2))], [True] * 3, 0)
        session.init(seed=SEED)
        session.step(x=np.ones(count, "f"))
        check("masks of train_step", np.array_equal(session.parameters()["w"], -gradient), True, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlopt", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    expected = np.load(pathlib.Path(__file__).parent / "functions.npz")
    for part in (check_losses, check_batch_norm, check_frozen_batch_norm, check_dropout, check_masks, check_bits):
        part(arguments, expected)
    if failures():
        sys.exit(f"{len(failures())} differences: {', '.join(failures())}")


if __name__ == "__main__":
    main()
