#!/usr/bin/env python3
"""Makes optimizers.npz, what optimizers.py compares with: needs torch.

PyTorch's optimizers (torch.optim, torch.optim.lr_scheduler, clip_grad_norm_) take 1,000 steps on two
parameters, `w` [5, 7] and `b` [5], with gradients that do not depend on them: step i uses
`gradients(i)`. Stored for each case of optimizers.CASES: `CASE/w` and `CASE/b` after the last step in
f32, and `CASE/w64`, `CASE/b64` in f64.
"""

import math
import pathlib

import numpy as np
import torch

from optimizers import CASES, STEPS, given, gradients, initial


def factor(case, step):
    """On the learning rate, as the documentation of `mlopt train` defines it."""
    warm, total = case.get("warmup", 0), case.get("total", STEPS)
    if step < warm:
        return (step + 1) / warm
    at = min(1.0, (step - warm) / (total - warm))
    if case.get("schedule") == "linear":
        return 1 - at
    if case.get("schedule") == "cosine":
        return 0.5 * (1 + math.cos(math.pi * at))
    if case.get("schedule") == "step":
        return case["gamma"] ** ((step - warm) // case["size"])
    return 1.0


def run(case, dtype):
    parameters = {name: torch.nn.Parameter(torch.from_numpy(value).to(dtype)) for name, value in initial().items()}
    optimizer = getattr(torch.optim, case["torch"])(parameters.values(), lr=case["lr"], **case.get("options", {}))
    # What is given at run time is a factor on a rate of 1.
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: factor(case, step) * (given(step)[0] if "given" in case else 1))
    for step in range(STEPS):
        for name, value in gradients(step).items():
            parameters[name].grad = torch.from_numpy(value).to(dtype)
        if "clip" in case or "given" in case:
            torch.nn.utils.clip_grad_norm_(parameters.values(), case["clip"] if "clip" in case else given(step)[1])
        optimizer.step()
        scheduler.step()
    return {name: value.detach().numpy() for name, value in parameters.items()}


def main():
    arrays = {}
    for name, case in CASES.items():
        single, double = run(case, torch.float32), run(case, torch.float64)
        worst = max(np.abs(single[k] - double[k]).max() / np.abs(double[k]).max() for k in single)
        print(f"{name}: PyTorch's f32 is {worst:.1e} from its f64")
        for key, value in single.items():
            arrays[f"{name}/{key}"], arrays[f"{name}/{key}64"] = value, double[key]
    np.savez_compressed(pathlib.Path(__file__).parent / "optimizers.npz", **arrays)


if __name__ == "__main__":
    main()
