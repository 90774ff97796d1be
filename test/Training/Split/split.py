#!/usr/bin/env python3
"""A step in two halves: `step_grad` and `step_update` around what a data-parallel trainer does.

    split.py --mlopt MLOPT --work DIR [MODEL...]

For each model of ../Curves, ten steps with clipping:
- AdamW: train_step, twice, and step_grad + step_update give parameters and statistics of the same bits,
  at one, two and three threads;
- SGD (Adam makes rounding noise large), models without batch norm: the gradients of two halves of a batch, averaged in the flat buffer,
  are the whole batch's to 1e-6 of the largest, and so are ten steps made with them to 1e-5.
"""

import argparse
import pathlib
import subprocess
import sys

import numpy as np

CURVES = pathlib.Path(__file__).parent.parent / "Curves"
STEPS, BATCH = 10, 16


def batches(arrays):
    for i in range(STEPS):
        part = slice(i * BATCH % 64, i * BATCH % 64 + BATCH)
        yield {"x": arrays["x"][part], "target": arrays["target"][part]}


def started(mlopt, artefact, threads):
    session = mlopt.TrainingSession(str(artefact), num_threads=threads)
    session.init(seed=5)
    return session


def whole(session, arrays):
    return [session.step(batch) for batch in batches(arrays)]


def split(session, arrays):
    losses = []
    for batch in batches(arrays):
        losses.append(session.grad(batch))
        session.update()
    return losses


def averaged(session, arrays):
    """What two workers and an all-reduce do. Returns the error of the first batch's gradients."""
    error = None
    for batch in batches(arrays):
        session.grad(batch)
        complete = session.flat_gradients.copy()
        total = np.zeros_like(complete)
        for half in (slice(0, BATCH // 2), slice(BATCH // 2, BATCH)):
            session.grad({key: value[half] for key, value in batch.items()})
            total += session.flat_gradients
        session.flat_gradients[...] = total / 2
        if error is None:
            error = np.abs(total / 2 - complete).max() / np.abs(complete).max()
        session.update()
    return error


def compiled(arguments, name, optimizer, *flags):
    artefact = arguments.work / f"{name}-{optimizer}.so"
    subprocess.run([arguments.mlopt, "train", str(CURVES / f"{name}.onnx"), "--loss=cross_entropy", "--clip-norm=1.0",
                    f"--optimizer={optimizer}", *flags, "-o", str(artefact)], check=True)
    return artefact


def state(session):
    return {**session.parameters(), **{f"buffer {k}": v for k, v in session.buffers().items()}}


def same(a, b):
    return a.keys() == b.keys() and all(np.array_equal(a[k], b[k]) for k in a)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlopt", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("models", nargs="*")
    arguments = parser.parse_args()
    import mlopt

    arguments.work.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name in arguments.models or ["mlp", "cnn", "encoder"]:
        arrays = np.load(CURVES / f"{name}.npz")
        artefact = compiled(arguments, name, "adamw", "--lr=0.001")
        first = started(mlopt, artefact, 1)
        losses = whole(first, arrays)
        expected = state(first)
        moved = not same(expected, state(started(mlopt, artefact, 1)))
        bits = moved and len(expected) > 2
        for threads in (1, 2, 3):
            for make in (whole, split):
                other = started(mlopt, artefact, threads)
                bits &= make(other, arrays) == losses and same(expected, state(other))
        print(f"{name}: {'same bits' if bits else 'FAILED: other bits'} in one and in two parts", flush=True)
        failed += not bits
        if any(key.startswith("buffer") for key in expected):
            continue
        artefact = compiled(arguments, name, "sgd", "--lr=0.05", "--momentum=0.9")
        session = started(mlopt, artefact, 2)
        error = averaged(session, arrays)
        complete = started(mlopt, artefact, 1)
        whole(complete, arrays)
        expected = state(complete)
        apart = max(np.abs(v - expected[k]).max() / np.abs(expected[k]).max() for k, v in state(session).items())
        good = error <= 1e-6 and apart <= 1e-5
        print(f"{name}: {'ok' if good else 'FAILED'}: halves averaged, gradients off by {error:.1e}, weights by "
              f"{apart:.1e}", flush=True)
        failed += not good
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
