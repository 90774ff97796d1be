#!/usr/bin/env python3
"""Holds the learning rate that `mlopt-run fit` logs against the one that the artefact steps by.

    schedules.py --mlopt MLOPT --mlopt-run MLOPT_RUN --work DIR

The formulas of the schedules stand twice: in the compiled step and in the log of `fit`. The real rate
of a step shows in SGD without momentum: from parameters of 0 and with a gradient of 1 a step gives
the rate's negative, to the bit. Both are rounded to f32: they may differ by its last digit.
"""

import argparse
import csv
import pathlib
import subprocess
import sys

import numpy as np

STEPS, TOLERANCE = 60, 2.0**-23

#: Options of `mlopt train`, and of `fit`.
CASES = {
    "constant": (["--lr=0.05"], []),
    "warmup": (["--lr=0.05", "--warmup-steps=7"], []),
    "linear": (["--lr=0.3", "--schedule=linear", "--total-steps=60"], []),
    "linear_past_end": (["--lr=0.3", "--schedule=linear", "--warmup-steps=9", "--total-steps=50"], []),
    "cosine": (["--lr=0.7", "--schedule=cosine", "--total-steps=61"], []),
    "cosine_past_end": (["--lr=0.7", "--schedule=cosine", "--warmup-steps=5", "--total-steps=47"], []),
    "step": (["--lr=0.9", "--schedule=step", "--step-size=8"], []),
    "step_warmup": (["--lr=0.9", "--schedule=step", "--step-size=8", "--gamma=0.7", "--warmup-steps=11"], []),
    "given": (["--lr=input"], ["--lr=0.03"]),
    "given_cosine": (["--lr=input", "--schedule=cosine", "--warmup-steps=4", "--total-steps=60"], ["--lr=0.03"]),
}

MODEL = """<ir_version: 8, opset_import: ["" : 17]>
linear (float[n, 3] x) => (float[n, 2] y) <float[3, 2] w = {0, 0, 0, 0, 0, 0}> {
  y = MatMul(x, w)
}
"""


def logged_rates(arguments, name, artefact, options):
    log = arguments.work / f"{name}.csv"
    log.unlink(missing_ok=True)
    subprocess.run([arguments.mlopt_run, "fit", str(artefact), f"--data={arguments.work}/data.npz", "--batch=4",
                    f"--max-steps={STEPS}", f"--log={log}", *options], check=True, stdout=subprocess.DEVNULL)
    with open(log, newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lr"]]
    rates = {int(row["step"]): float(row["lr"]) for row in rows}
    return np.array([rates[step] for step in range(1, STEPS + 1)])


def real_rates(mlopt, artefact, options):
    rates = []
    with mlopt.TrainingSession(str(artefact), num_threads=1) as session:
        for step in range(STEPS):
            session.init()
            session.step_number = step
            for option in options:
                session.learning_rate = float(option.removeprefix("--lr="))
            session.gradients()["w"][...] = 1
            session.update()
            found = session.parameters()["w"]
            assert (found == found[0, 0]).all(), found
            rates.append(0.0 - float(found[0, 0]))
    return np.array(rates)


def same(left, right):
    return bool((np.abs(left - right) <= TOLERANCE * np.abs(right)).all())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlopt", required=True)
    parser.add_argument("--mlopt-run", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    import mlopt

    arguments.work.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(3)
    np.savez(arguments.work / "data.npz", x=random.standard_normal((20, 3)).astype("f"),
             target=random.standard_normal((20, 2)).astype("f"))
    model = arguments.work / "linear.onnxtxt"
    model.write_text(MODEL)
    failed = 0
    for name, (options, given) in CASES.items():
        artefact = arguments.work / f"{name}.so"
        subprocess.run([arguments.mlopt, "train", str(model), "--loss=mse", "--optimizer=sgd", *options, "-o",
                        str(artefact)], check=True)
        logged, real = logged_rates(arguments, name, artefact, given), real_rates(mlopt, artefact, given)
        # A log that is one step late would be seen, where the rate is not the same in all steps.
        varies = not same(logged[1:], real[:-1])
        good = same(logged, real) and varies == (name not in ("constant", "given"))
        failed += not good
        print(f"{name}: {'ok' if good else 'FAILED'}: {len(set(real))} rates from {real[0]:.6g} to {real[-1]:.6g}",
              flush=True)
        if not good:
            print(f" logged {logged}\n real {real}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
