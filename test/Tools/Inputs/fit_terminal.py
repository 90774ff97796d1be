"""fit_terminal.py MLOPT_RUN FOLDER: the line that a terminal shows, at most ten times a second, and nothing of
it with --quiet or where standard error is no terminal.
"""

import os
import pty
import re
import subprocess
import sys
import tempfile
import time

runner, folder = sys.argv[1:]


def fit(*options):
    """Standard output, what the terminal got, and the time."""
    primary, secondary = pty.openpty()
    lines = tempfile.TemporaryFile("w+")
    begin = time.monotonic()
    process = subprocess.Popen(
        [runner, "fit", f"{folder}/step.so", f"--data={folder}/train.npz", "--batch=1", *options],
        stdout=lines,
        stderr=secondary,
    )
    os.close(secondary)
    shown = b""
    while True:
        try:
            part = os.read(primary, 1 << 16)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(primary)
    if process.wait():
        sys.exit(f"exit code {process.returncode}: {shown}")
    lines.seek(0)
    return lines.read(), shown.decode(), time.monotonic() - begin


out, shown, duration = fit("--epochs=1000", f"--eval={folder}/test.npz")
line = re.compile(
    r"\r\x1b\[Kepoch \d+/1000  step \d+/50000  loss [0-9.e-]+(  accuracy [0-9.]+ %)?  \d+ samples/s  left [0-9:]+"
)
lines = line.findall(shown)
if not lines or not any(lines) or len(lines) > 10 * duration + 1:
    sys.exit(f"{len(lines)} lines in {duration:.2f} s: {shown[:1000]}")
if len(out.splitlines()) != 1000 or not shown.endswith("\r\x1b[K"):
    sys.exit(f"{len(out.splitlines())} lines of epochs; the terminal's line stays: {shown[-100:]!r}")
out, shown, _ = fit("--epochs=2", "--quiet")
if out or shown:
    sys.exit(f"--quiet prints {out}{shown}")
