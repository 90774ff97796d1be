"""Weights and inputs of bench/gpu.py: the same bits everywhere, and small when compressed.

A tensor's values come from one table by integer arithmetic, whatever the versions of NumPy and
PyTorch are, on the machine that compiles and on the one that measures. A matrix's rows are pieces
of the table that start at different places; so a file of weights, packed in any order, compresses
to less than a hundredth.
"""

import zlib

import numpy as np

#: A prime: shifts by any number below it reach every element.
TABLE_SIZE = 4093


def _table():
    """TABLE_SIZE values of mean 0 and variance 1, nearly normal: sums of four 16-bit integers."""
    x = (np.arange(1, TABLE_SIZE + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)).astype(
        np.uint64
    )
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    x ^= x >> np.uint64(31)
    parts = sum(((x >> np.uint64(16 * i)) & np.uint64(0xFFFF)).astype(np.int64) for i in range(4))
    values = (parts / 65536.0 - 2.0) * 1.7320508075688772
    return ((values - values.mean()) * 4096).round() / 4096


TABLE = _table().astype(np.float32)


def pattern(name, shape):
    """The table's values in an order that the name chooses; rows (the first axis) are shifts."""
    seed = zlib.crc32(name.encode())
    step, start = 1 + seed % (TABLE_SIZE - 1), seed // TABLE_SIZE % TABLE_SIZE
    if len(shape) < 2:
        return TABLE[(np.arange(int(np.prod(shape))) + start) % TABLE_SIZE].reshape(shape)
    width = int(np.prod(shape[1:]))
    begins = (np.arange(shape[0], dtype=np.int64) * step + start) % TABLE_SIZE
    windows = np.lib.stride_tricks.sliding_window_view(np.resize(TABLE, TABLE_SIZE + width), width)
    return windows[begins].reshape(shape)
