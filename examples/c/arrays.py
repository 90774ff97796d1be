#!/usr/bin/env python3
"""The arrays of a test file as plain numbers, for programs that read and print those.

    arrays.py extract FILE.npz KEY > raw-bytes
    arrays.py compare FILE.npz KEY < printed-numbers

compare: as many numbers as the array has, in its order, with an error of at most 2e-5 of its
largest value. Exit status: 0, or 1 with what differs on standard error.
"""

import sys

import numpy as np

TOLERANCE = 2e-5


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("extract", "compare"):
        sys.exit(__doc__)
    array = np.load(sys.argv[2])[sys.argv[3]]
    if sys.argv[1] == "extract":
        sys.stdout.buffer.write(np.ascontiguousarray(array).tobytes())
        return
    words = sys.stdin.read().split()
    if len(words) != array.size:
        sys.exit(f"{len(words)} numbers, expected {array.size}: {' '.join(words[:8])}")
    error = np.abs(np.array(words, dtype=np.float64) - array.ravel()).max()
    error /= np.abs(array).max()
    if not error <= TOLERANCE:
        sys.exit(f"the largest error is {error:.3g} of the largest value, at most {TOLERANCE}")


if __name__ == "__main__":
    main()
