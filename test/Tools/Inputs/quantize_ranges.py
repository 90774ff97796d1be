"""Histograms and ranges against NumPy: quantize_ranges.py TOOL FOLDER."""

import json
import math
import os
import subprocess
import sys

import numpy as np

tool, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
METHODS = ("minmax", "percentile", "entropy", "mse")


def ask(values, pieces=1, *more):
    path = os.path.join(folder, "values.npy")
    np.save(path, np.asarray(values, np.float32))
    done = subprocess.run(
        [tool, path, str(pieces), *more], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def scheme(low, high, signed):
    """Scale, zero point, lowest and highest integer, as docs/HowTo/Quantization.md has them."""
    low, high = min(low, 0.0), max(high, 0.0)
    if signed:
        return max(-low, high) / 127, 0, -127, 127
    scale = (high - low) / 255
    return scale, round(-low / scale), 0, 255


def loss(values, low, high, signed=False):
    scale, zero, least, most = scheme(low, high, signed)
    q = np.clip(np.rint(values / scale) + zero, least, most)
    return float(np.mean((values - (q - zero) * scale) ** 2))


def check_histogram(values):
    values = np.asarray(values, np.float32)
    whole = ask(values)
    assert ask(values, 17) == whole, "depends on the pieces"
    assert ask(values, 5, "backwards") == whole, "depends on the order"
    assert whole["count"] == values.size and whole["zeros"] == int((values == 0).sum())
    assert whole["minimum"] == values.min() and whole["maximum"] == values.max()
    counts = np.array(whole["counts"], np.int64)
    assert counts.size <= 4096, counts.size
    rest = values[values != 0].astype(np.float64)
    bins = np.floor(rest / whole["width"]).astype(np.int64) - whole["first"]
    assert (np.bincount(bins, minlength=counts.size) == counts).all()
    assert math.frexp(whole["width"])[0] == 0.5, "the width is a power of two"
    return whole


def entropy_costs(h, levels):
    """{end: divergence} of every 17th clip, straight from TensorRT's definition on the magnitudes."""
    sizes = {}
    for i, count in enumerate(h["counts"]):
        b = h["first"] + i
        sizes[b if b >= 0 else -1 - b] = sizes.get(b if b >= 0 else -1 - b, 0) + count
    magnitudes = np.array([sizes.get(i, 0) for i in range(max(sizes) + 1)], np.float64)
    costs = {}
    for end in range(levels, magnitudes.size + 1, 17):
        p = magnitudes[:end].copy()
        q = np.zeros(end)
        edges = [level * end // levels for level in range(levels + 1)]
        for a, b in zip(edges, edges[1:]):
            filled = p[a:b] > 0
            if filled.any():
                q[a:b] = np.where(filled, p[a:b].sum() / filled.sum(), 0)
        p[-1] += magnitudes[end:].sum()
        p, q = p / p.sum(), q / q.sum()
        at = p > 0
        costs[end] = float((p[at] * np.log(p[at] / np.maximum(q[at], 1e-4 / end))).sum())
    return costs


random = np.random.default_rng(7)
normal = random.standard_normal(20000).astype(np.float32)
outliers = np.concatenate([normal, [40.0, -35.0, 60.0]]).astype(np.float32)
relu = np.maximum(normal, 0)
DISTRIBUTIONS = {
    "normal": normal,
    "outliers": outliers,
    "relu": relu,
    "uniform": random.uniform(-3, 5, 20000).astype(np.float32),
    "shifted": (normal * 0.1 + 7).astype(np.float32),
    "negative": -relu,
    "wide": (normal * 10.0 ** random.uniform(-20, 20, normal.size)).astype(np.float32),
}
for name, values in DISTRIBUTIONS.items():
    h = check_histogram(values)
    width = h["width"]
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    assert h["minmax"]["low"] == low and h["minmax"]["high"] == high, name
    assert h["minmax"]["clipped"] == 0, name
    for signed in (False, True):
        found = ask(values, 3, *(["signed"] if signed else []), "percentile=99")
        for method in METHODS:
            m = found[method]
            scale, zero, _, _ = scheme(m["low"], m["high"], signed)
            assert abs(m["scale"] - scale) <= 1e-6 * scale, (name, method, signed)
            assert abs(m["zero"] - zero) <= 1 and m["low"] <= 0 <= m["high"], (name, method)
        # A hundredth of the values is left out, at both ends or at the one that is not 0.
        share = np.array([0.5, 99.5]) if low < 0 < high else np.array([1.0, 99.0])
        quantiles = np.percentile(values, share)
        p = found["percentile"]
        if low < 0:
            assert abs(p["low"] - quantiles[0]) <= 2 * width, (name, p, quantiles)
        if high > 0:
            assert abs(p["high"] - quantiles[1]) <= 2 * width, (name, p, quantiles)
        # The error on the histogram is that of the values, and no other clip is much better.
        m = found["mse"]
        assert m["mse"] <= min(found[other]["mse"] for other in METHODS) * 1.02, name
        if name == "wide":
            continue
        true = loss(values.astype(np.float64), m["low"], m["high"], signed)
        assert abs(m["mse"] - true) <= 0.05 * true + width**2, (name, signed, m["mse"], true)
        least = min(
            loss(values.astype(np.float64), low * f, high * f, signed)
            for f in np.linspace(0.05, 1, 39)
        )
        assert true <= 1.05 * least, (name, signed, true, least)
print("distributions: ok")

# The three outliers cost entropy and mse nothing; the min-max range is theirs.
h = ask(outliers)
assert h["minmax"]["high"] == 60 and h["entropy"]["high"] < 12 and h["mse"]["high"] < 60
for name in ("normal", "outliers", "relu"):
    h = ask(DISTRIBUTIONS[name])
    costs = entropy_costs(h, 256 if name == "relu" else 128)
    clip = round(max(-h["entropy"]["low"], h["entropy"]["high"]) / h["width"])
    # Not every clip is tried: what is taken is nearly as good as the best, and far from the worst.
    # The clip may lie beyond the largest value, which then is the range's end.
    cost = min((abs(end - clip), found) for end, found in costs.items())[1]
    assert cost <= 1.15 * min(costs.values()) + 1e-4, (name, clip, cost, min(costs.values()))
    assert cost < 0.5 * max(costs.values()), (name, clip)
print("entropy: ok")

# Tensors that say little get a scheme that is exact on them.
zero = ask(np.zeros(100))
for method in METHODS:
    assert zero[method]["scale"] == 1 and zero[method]["zero"] == 0, zero
for constant in (3.0, -0.25, 1e-30, 1e30):
    for signed in ([], ["signed"]):
        h = ask(np.full(100, constant), 1, *signed)
        for method in METHODS:
            m = h[method]
            q = round(constant / m["scale"])
            assert abs(q * m["scale"] - constant) <= 1e-6 * abs(constant), (constant, m)
one = ask([2.5])
assert one["minmax"]["high"] == 2.5 and one["count"] == 1
tiny = ask(np.full(10, 1e-44))
for method in METHODS:
    assert tiny[method]["scale"] >= 1.17e-38, tiny  # never denormal
odd = ask([1.0, np.nan, np.inf, -np.inf, -2.0])
assert odd["not_finite"] == 3 and odd["count"] == 2 and odd["minimum"] == -2
empty = ask(np.zeros(0), 1)
assert empty["count"] == 0 and empty["minmax"]["scale"] == 1
print("degenerate: ok")
