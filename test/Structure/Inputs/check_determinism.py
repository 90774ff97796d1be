"""check_determinism.py FOLDER MODEL...: one model gives one output, byte by byte.

Whatever may differ between two builds differs: the folder and how the model is named, the number of
threads, time zone, locale, umask, the user's name and home, the size of the environment, the time.
"""

import filecmp
import os
import shutil
import subprocess
import sys
import time

from common import MLOPT, MODELS, Report

LEVELS = "--cpu=x86-64-v2,x86-64-v3"


def build(source, folder, out, *flags, where=None, umask=0o022, **environment):
    """Compiles to FOLDER/OUT.so, .h, .o and .a; returns the paths."""
    os.makedirs(folder, exist_ok=True)
    made = []
    for suffix in (".so", ".o", ".a"):
        path = os.path.join(folder, out + suffix)
        header = [] if suffix == ".so" else ["--header=none"]
        done = subprocess.run(
            [MLOPT, source, "-o", path, LEVELS, *header, *flags],
            cwd=where,
            env={**os.environ, **environment},
            umask=umask,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"{source}: exit code {done.returncode}\n{done.stderr}")
        made.append(path)
    return [*made, os.path.join(folder, out + ".h")]


def check(name, root, report):
    source = str(MODELS / f"{name}.onnx")
    first = build(source, os.path.join(root, "first"), name, "-j1")
    deep = os.path.join(root, "a folder", "with", "a longer name")
    os.makedirs(deep, exist_ok=True)
    shutil.copy(source, deep)
    time.sleep(1.1)  # another second on the clock
    others = {
        "-j2": build(source, os.path.join(root, "threads"), name, "-j2"),
        "a relative path, another folder": build(
            f"{name}.onnx", os.path.join(deep, "out"), name, where=deep
        ),
        "another zone, locale, umask, user": build(
            os.path.join(root, "first", "..", os.path.relpath(deep, root), f"{name}.onnx"),
            os.path.join(root, "environment"),
            name,
            where="/",
            umask=0o077,
            TZ="Pacific/Auckland",
            LC_ALL="de_DE.UTF-8",
            LANG="tr_TR.UTF-8",
            HOME="/nonexistent",
            USER="somebody",
            SOURCE_DATE_EPOCH="1",
            PADDING="x" * 5000,
        ),
    }
    for how, paths in others.items():
        for one, two in zip(first, paths):
            same = filecmp.cmp(one, two, shallow=False)
            report.expect(same, f"{name}: {how}: {os.path.basename(one)} differs: cmp {one} {two}")


report = Report()
for model in sys.argv[2:]:
    check(model, sys.argv[1], report)
report.end("determinism")
