#!/usr/bin/env python3
"""Compares the compiled optimizers with PyTorch's after 1,000 steps (optimizers.npz, by make.py).

    optimizers.py --mlopt MLOPT --work DIR [CASE...]

The model is a linear layer; its `step_update` gets gradients from a formula, not from a loss, so
that only the optimizer is at work. The parameters must lie within 1e-6 of PyTorch's, relative to the
largest element: of its f32 ones, or of its f64 ones where those are further away than that from its
f32 ones.
"""

import argparse
import pathlib
import subprocess
import sys

import numpy as np

STEPS, TOLERANCE = 1000, 1e-6


def given(step):
    """Learning rate and largest norm of the gradient where both are set at run time, as f32 holds them."""
    return float(np.float32(0.002 * (1 + step % 3))), 1.5 if step // 100 % 2 else 6.0


#: `torch`: class of torch.optim, `options`: its arguments; `flags`: the same for `mlopt train`. Where `given` is,
#: the function above says the rate and the norm of each step.
CASES = {
    "sgd": {"torch": "SGD", "lr": 0.01, "flags": ["--optimizer=sgd"]},
    "momentum": {"torch": "SGD", "lr": 0.01, "options": {"momentum": 0.9},
                 "flags": ["--optimizer=sgd", "--momentum=0.9"]},
    "nesterov": {"torch": "SGD", "lr": 0.01, "options": {"momentum": 0.8, "nesterov": True, "weight_decay": 0.02},
                 "flags": ["--optimizer=sgd", "--momentum=0.8", "--nesterov", "--weight-decay=0.02"]},
    "adam": {"torch": "Adam", "lr": 0.003, "flags": ["--optimizer=adam"]},
    "adam_decay": {"torch": "Adam", "lr": 0.003, "options": {"betas": (0.8, 0.95), "eps": 1e-6, "weight_decay": 0.05},
                   "flags": ["--optimizer=adam", "--betas=0.8,0.95", "--eps=1e-6", "--weight-decay=0.05"]},
    "adamw": {"torch": "AdamW", "lr": 0.002, "flags": ["--optimizer=adamw"]},
    "adagrad": {"torch": "Adagrad", "lr": 0.05, "options": {"weight_decay": 0.01},
                "flags": ["--optimizer=adagrad", "--weight-decay=0.01"]},
    "clipped": {"torch": "SGD", "lr": 0.02, "options": {"momentum": 0.9}, "clip": 1.5,
                "flags": ["--optimizer=sgd", "--momentum=0.9", "--clip-norm=1.5"]},
    "adagrad_decay": {"torch": "Adagrad", "lr": 0.05,
                      "options": {"lr_decay": 0.01, "initial_accumulator_value": 0.5, "eps": 1e-6},
                      "flags": ["--optimizer=adagrad", "--lr-decay=0.01", "--initial-accumulator=0.5", "--eps=1e-6"]},
    "step": {"torch": "SGD", "lr": 0.05, "options": {"momentum": 0.9}, "schedule": "step", "warmup": 20, "size": 150,
             "gamma": 0.7, "flags": ["--optimizer=sgd", "--momentum=0.9", "--schedule=step", "--warmup-steps=20",
                                     "--step-size=150", "--gamma=0.7"]},
    "given": {"torch": "SGD", "lr": 1.0, "options": {"momentum": 0.9}, "given": True,
              "flags": ["--optimizer=sgd", "--momentum=0.9", "--lr=input", "--clip-norm=input"]},
    "given_linear": {"torch": "AdamW", "lr": 1.0, "given": True, "schedule": "linear", "warmup": 30, "total": 1200,
                     "flags": ["--optimizer=adamw", "--lr=input", "--clip-norm=input", "--schedule=linear",
                               "--warmup-steps=30", "--total-steps=1200"]},
    "linear": {"torch": "SGD", "lr": 0.02, "schedule": "linear", "warmup": 50,
               "flags": ["--optimizer=sgd", "--schedule=linear", "--warmup-steps=50", "--total-steps=1000"]},
    "cosine": {"torch": "AdamW", "lr": 0.004, "schedule": "cosine", "warmup": 100, "total": 900,
               "flags": ["--optimizer=adamw", "--schedule=cosine", "--warmup-steps=100", "--total-steps=900"]},
}

MODEL = """<ir_version: 8, opset_import: ["" : 17]>
linear (float[n, 7] x) => (float[n, 5] y) <float[5, 7] w = {%s}, float[5] b = {%s}> {
  y = Gemm<transB = 1>(x, w, b)
}
"""


def initial():
    random = np.random.default_rng(1)
    return {"w": random.standard_normal((5, 7)).astype("f"), "b": random.standard_normal(5).astype("f")}


def gradients(step):
    """Seldom zero, of different sizes, with a trend: signs of the first moment change slowly."""
    random = np.random.default_rng(1000 + step)
    size = np.float32(0.1 + (step % 17) / 4)
    return {"w": (random.standard_normal((5, 7)) * size + np.sin(step / 90)).astype("f"),
            "b": (random.standard_normal(5) * size - 0.2).astype("f")}


def run(mlopt, artefact, case):
    session = mlopt.TrainingSession(str(artefact), num_threads=1)
    session.init()
    tensors = session.gradients()
    for step in range(STEPS):
        for name, value in gradients(step).items():
            tensors[name][...] = value
        if "given" in case:
            session.learning_rate, session.clip_norm = given(step)
        session.update()
    return session.parameters()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlopt", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("cases", nargs="*", default=[])
    arguments = parser.parse_args()
    import mlopt

    arguments.work.mkdir(parents=True, exist_ok=True)
    expected = np.load(pathlib.Path(__file__).parent / "optimizers.npz")
    model = arguments.work / "linear.onnxtxt"
    model.write_text(MODEL % tuple(", ".join(repr(float(v)) for v in value.ravel()) for value in initial().values()))
    failed = 0
    for name in arguments.cases or CASES:
        artefact = arguments.work / f"{name}.so"
        case = CASES[name]
        rate = [] if "given" in case else [f"--lr={case['lr']!r}"]
        subprocess.run([arguments.mlopt, "train", str(model), "--loss=mse", *rate, *case["flags"], "-o",
                        str(artefact)], check=True)
        found = run(mlopt, artefact, case)
        off = []
        for key in ("w", "b"):
            single, double = expected[f"{name}/{key}"], expected[f"{name}/{key}64"]
            largest = np.abs(double).max()
            off.append(min(np.abs(found[key] - single).max(), np.abs(found[key] - double).max()) / largest)
        failed += not max(off) <= TOLERANCE
        print(f"{name}: {'ok' if max(off) <= TOLERANCE else 'FAILED'}: off by {max(off):.1e}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
