"""interrupt.py MODEL FOLDER: stops the compiler at various times; a part of an output never stays.

A compilation that is stopped ends with exit code 130, or had finished before; the old output stays
as it was until the new one replaces it.
"""

import os
import signal
import subprocess
import sys
import time

from common import MLOPT, Report

model, root = sys.argv[1:]
out, temporary = os.path.join(root, "out"), os.path.join(root, "tmp")
os.makedirs(out)
os.makedirs(temporary)
artefact = os.path.join(out, "m.so")
report = Report()
for number in (signal.SIGINT, signal.SIGTERM):
    for milliseconds in (5, 20, 50, 50, 100, 200, 300, 400, 500, 700):
        with open(artefact, "w") as stream:
            stream.write("old")
        started = time.monotonic()
        process = subprocess.Popen(
            [MLOPT, model, "-o", artefact, "--header=none", "--cpu=x86-64-v2,x86-64-v3", "-j2"],
            env={**os.environ, "TMPDIR": temporary},
            stderr=subprocess.DEVNULL,
        )
        time.sleep(milliseconds / 1000)
        process.send_signal(number)
        code = process.wait(timeout=60)
        where = f"signal {int(number)} after {milliseconds} ms, exit code {code}"
        report.expect(
            code in (0, -number, 128 + signal.SIGINT),
            f"{where}: expected 130, or the signal itself at the very start, or an end before it",
        )
        report.expect(
            time.monotonic() - started < 30, f"{where}: the compiler took long to stop"
        )
        left = os.listdir(out) + os.listdir(temporary)
        report.expect(left == ["m.so"], f"{where}: left {left}")
        with open(artefact, "rb") as stream:
            start = stream.read(4)
        report.expect(
            start == (b"\x7fELF" if code == 0 else b"old") or start == b"\x7fELF",
            f"{where}: the output begins with {start!r}",
        )
report.end("interrupts")
