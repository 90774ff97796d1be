"""Compares folders of .npy files: every file of the first must be in the others, with the same bytes."""

import pathlib
import sys

first, *others = map(pathlib.Path, sys.argv[1:])
names = sorted(p.name for p in first.glob("*.npy"))
assert names, f"no arrays in {first}"
for other in others:
    for name in names:
        if (first / name).read_bytes() != (other / name).read_bytes():
            sys.exit(f"{other / name} differs from {first / name}")
