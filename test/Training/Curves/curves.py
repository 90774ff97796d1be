#!/usr/bin/env python3
"""Trains three models with compiled code and compares each step's loss with PyTorch's.

    curves.py --mlopt MLOPT --work DIR [--threads N]... [--optimizer KIND]... [MODEL...]

For each model and optimizer: the artefact starts from the model's weights and takes 100 steps on the
stored data in the stored order. Every loss must lie within 1e-4 (relative) of PyTorch's f32 curve
(make.py), with SGD the weights after the last step within 1e-4 of its f64 ones, and losses and weights
of all numbers of threads must have the same bits. With --spoil=OPERATION that operation's gradient
rule gives derivatives that are 1 % too large: the comparison must fail with SGD. (AdamW divides by
their size: where all of a parameter's derivatives grow alike it takes the same steps.)
"""

import argparse
import pathlib
import subprocess
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
STEPS, BATCH = 100, 16
TOLERANCE, WEIGHT_TOLERANCE = 1e-4, 1e-4
OPTIMIZERS = {
    "sgd": ["--optimizer=sgd", "--momentum=0.9", "--weight-decay=1e-4"],
    "adamw": ["--optimizer=adamw"],
}


def compile_step(arguments, name, kind, rate, spoil):
    out = arguments.work / f"{name}-{kind}.so"
    command = [arguments.mlopt, "train", str(HERE / f"{name}.onnx"), "--loss=cross_entropy",
               f"--lr={rate!r}", *OPTIMIZERS[kind], *arguments.flag, "-o", str(out)]
    if spoil:
        command.append(f"--force-internal-error=spoil@{spoil}")
    subprocess.run(command, check=True)
    return out


def run(mlopt, artefact, arrays, expected, threads):
    """Losses, up to the first that is too far off, and the parameters after the last step."""
    session = mlopt.TrainingSession(str(artefact), num_threads=threads)
    session.init()
    samples, losses = len(arrays["x"]), []
    for i in range(STEPS):
        part = slice(i * BATCH % samples, i * BATCH % samples + BATCH)
        losses.append(session.step({"x": arrays["x"][part], "target": arrays["target"][part]}))
        if not abs(losses[-1] - expected[i]) <= TOLERANCE * abs(expected[i]):
            break
    return np.array(losses, np.float32), session.parameters()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlopt", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, action="append")
    parser.add_argument("--flag", action="append", default=[], help="another option of mlopt train")
    parser.add_argument("--optimizer", choices=OPTIMIZERS, action="append", help="may be repeated; all if none")
    parser.add_argument("--spoil", metavar="OPERATION", help="as mlopt.matmul")
    parser.add_argument("models", nargs="*")
    arguments = parser.parse_args()
    import mlopt

    arguments.work.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name in arguments.models or ["mlp", "cnn", "encoder"]:
        arrays = np.load(HERE / f"{name}.npz")
        for kind in arguments.optimizer or OPTIMIZERS:
            artefact = compile_step(arguments, name, kind, float(arrays[f"{kind}/lr"]), arguments.spoil)
            expected = arrays[f"{kind}/f32"]
            runs = [run(mlopt, artefact, arrays, expected, threads) for threads in arguments.threads or [1, 2]]
            losses, weights = runs[0]
            apart = np.abs(losses - expected[:len(losses)]) / np.abs(expected[:len(losses)])
            worst = max((np.abs(value - arrays[f"{kind}/after/{key}"]).max() / np.abs(value).max()
                         for key, value in weights.items() if f"{kind}/after/{key}" in arrays), default=0.0)
            same = all(np.array_equal(losses, other) and all(np.array_equal(weights[k], w[k]) for k in weights)
                       for other, w in runs[1:])
            compared = [key for key in weights if f"{kind}/after/{key}" in arrays]
            good = len(losses) == STEPS and apart.max() <= TOLERANCE and worst <= WEIGHT_TOLERANCE and same \
                and (kind != "sgd" or len(compared) == len(weights) > 0)
            failed += not good
            print(f"{name} {kind}: {'ok' if good else 'FAILED'}: loss {losses[0]:.4f} to {losses[-1]:.4f} in {len(losses)} "
                  f"steps, off by at most {apart.max():.1e} (step {apart.argmax()}), weights by {worst:.1e}, "
                  f"threads {'agree' if same else 'DIFFER'}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
