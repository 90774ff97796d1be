#!/usr/bin/env python3
"""Writes the handwritten digits that scikit-learn bundles: train.npz, and the third that is held
out, test.npz; also one.npy, an image of the held-out third.

    make_data.py [FOLDER]
"""

import os
import sys

import numpy as np
from sklearn.datasets import load_digits


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "."
    digits = load_digits()
    images = (digits.images / 16).astype(np.float32)[:, None]  # [1797, 1, 8, 8], 0 to 1
    labels = digits.target.astype(np.int64)
    order = np.random.RandomState(0).permutation(len(labels))  # the same on every machine
    held_out, rest = np.split(order, [len(order) // 3])
    for name, part in (("train", rest), ("test", held_out)):
        np.savez(os.path.join(folder, f"{name}.npz"), image=images[part], label=labels[part])
    np.save(os.path.join(folder, "one.npy"), images[held_out[:1]])
    print(f"{len(rest)} images to train on, {len(held_out)} held out; one.npy is a {labels[held_out[0]]}")


if __name__ == "__main__":
    main()
