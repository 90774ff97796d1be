"""Comparison of a result with the expected one: as the official runner, and exact for integers and
booleans.
"""

from __future__ import annotations

import numpy as np


def _compare_one(where: str, expected, actual, rtol: float, atol: float) -> str | None:
    if isinstance(expected, (list, tuple)) or expected is None:
        if expected is None or actual is None or not isinstance(actual, (list, tuple)):
            same = expected is None and actual is None
            return (
                None
                if same
                else f"{where}: expected {type(expected).__name__}, got {type(actual).__name__}"
            )
        if len(expected) != len(actual):
            return f"{where}: expected {len(expected)} elements, got {len(actual)}"
        for i, (e, a) in enumerate(zip(expected, actual)):
            problem = _compare_one(f"{where}[{i}]", e, a, rtol, atol)
            if problem:
                return problem
        return None
    expected, actual = np.asarray(expected), np.asarray(actual)
    if expected.shape != actual.shape:
        return f"{where}: expected shape {list(expected.shape)}, got {list(actual.shape)}"
    if expected.dtype.kind in "OSU":
        same = [str(x) for x in expected.ravel()] == [str(x) for x in actual.ravel()]
        return None if same else f"{where}: strings differ"
    if expected.dtype != actual.dtype:
        return f"{where}: expected type {expected.dtype}, got {actual.dtype}"
    if expected.dtype.kind in "biu":
        wrong = expected != actual
        rule = "exact"
    else:
        # float8, bfloat16, int4 and their like (kind V or f outside NumPy) widen exactly.
        e = expected.astype(expected.dtype if expected.dtype.kind == "c" else np.float64)
        a = actual.astype(e.dtype)
        wrong = ~np.isclose(a, e, rtol=rtol, atol=atol, equal_nan=True)
        rule = f"rtol {rtol:g}, atol {atol:g}"
    if not wrong.any():
        return None
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return (
        f"{where}: {int(wrong.sum())} of {expected.size} elements differ ({rule}); "
        f"first at {list(first)}: "
        f"expected {expected[first]}, got {actual[first]}"
    )


def compare_outputs(expected: list, actual: list, rtol: float, atol: float) -> str | None:
    """None if all agree, else what differs."""
    if len(expected) != len(actual):
        return f"expected {len(expected)} outputs, got {len(actual)}"
    for index, (e, a) in enumerate(zip(expected, actual)):
        problem = _compare_one(f"output {index}", e, a, rtol, atol)
        if problem:
            return problem
    return None
