#!/usr/bin/env python3
"""Makes operations.npz, what compare.py compares with: needs torch.

For each case of cases.py: its results `CASE/result/NUMBER` (empty for one that is not compared) and,
of their sum weighted with random numbers, the derivatives `CASE/by/OPERAND`. Computed in f64, stored
in f32.
"""

import numpy as np
import torch

from cases import CASES, operand_values, result_weights
from compare import STORED


def wide(array):
    tensor = torch.from_numpy(array)
    return tensor.double() if tensor.is_floating_point() else tensor


def main():
    torch.set_num_threads(1)
    arrays = {}
    for name, (_, function, _) in CASES.items():
        values, variables, random = operand_values(name)
        tensors = {operand: wide(value) for operand, value in values.items()}
        for operand in variables:
            tensors[operand].requires_grad_()
        results = function(*tensors.values())
        results = results if isinstance(results, tuple) else (results,)
        numbers = [np.zeros(0, "f") if r is None else r.detach().numpy().astype("f") for r in results]
        weights = result_weights(random, numbers)
        sum((r * wide(w)).sum() for r, w in zip(results, weights) if w is not None).backward()
        arrays |= {f"{name}/result/{i}": value for i, value in enumerate(numbers)}
        arrays |= {f"{name}/by/{operand}": tensors[operand].grad.numpy().astype("f") for operand in variables}
    np.savez_compressed(STORED, **arrays)
    print(f"{len(CASES)} operations, {len(arrays)} arrays, {STORED.stat().st_size} bytes")


if __name__ == "__main__":
    main()
