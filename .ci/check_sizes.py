#!/usr/bin/env python3
"""Lists sources above the soft limit and fails above the hard one: check_sizes.py [ROOT]."""

import os
import sys

SOFT, HARD = 600, 1000
FOLDERS = (
    "ir",
    "frontend",
    "passes",
    "codegen",
    "runtime",
    "tools",
    "python",
    "bench",
    "test",
    "cmake",
    ".ci",
    "examples",
)
SUFFIXES = (".cpp", ".h", ".c", ".td", ".py", ".pyi", ".sh", ".cmake", "CMakeLists.txt")


def main():
    root = os.path.abspath(
        sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..")
    )
    failed = 0
    for top in FOLDERS:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(n for n in names if n.endswith(SUFFIXES)):
                path = os.path.join(folder, name)
                with open(path, "rb") as stream:
                    lines = sum(1 for _ in stream)
                if lines > SOFT:
                    shown = os.path.relpath(path, root)
                    verdict = (
                        f"above the limit of {HARD}: split it"
                        if lines > HARD
                        else f"above the soft limit of {SOFT}"
                    )
                    print(f"{shown}: {lines} lines, {verdict}")
                    failed += lines > HARD
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
