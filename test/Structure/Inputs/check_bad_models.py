"""check_bad_models.py FOLDER: compiles every model of FOLDER/models; nothing is left of those refused.

What is wrong with a file decides the exit code: 3 for a damaged one, 4 for one that is not supported;
one with a few flipped bytes may be a good model as well. Each error has a code of that class.
"""

import glob
import os
import re
import subprocess
import sys

from common import MLOPT, Report

root = sys.argv[1]
out, temporary = os.path.join(root, "out"), os.path.join(root, "tmp")
os.mkdir(out)
os.mkdir(temporary)
CLASSES = {3: "MLO1", 4: "MLO2"}
report = Report()
for model in sorted(glob.glob(os.path.join(root, "models", "*.onnx"))):
    name = os.path.basename(model)
    before = set(os.listdir(os.path.dirname(model)))
    done = subprocess.run(
        [MLOPT, "compile", model, "-o", os.path.join(out, "m.so"), "-MD"],
        env={**os.environ, "TMPDIR": temporary},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
    )
    code, first = done.returncode, (done.stderr.splitlines() or ["nothing"])[0]
    allowed = {"flipped": (0, 3, 4), "unsuppo": (4,)}.get(name[:7], (3,))
    report.expect(code in allowed, f"{name}: exit code {code}, expected one of {allowed}: {first}")
    if code in CLASSES:
        errors = [line for line in done.stderr.splitlines() if re.search(r"(^|: )error: ", line)]
        report.expect(errors, f"{name}: no error is printed")
        for line in errors:
            report.expect(
                re.search(rf"error: {CLASSES[code]}\d\d\d: ", line), f"{name}: exit code {code}: {line}"
            )
    left = os.listdir(out)
    report.expect(
        bool(left) == (code == 0) and not os.listdir(temporary),
        f"{name}: exit code {code} leaves {left} and {os.listdir(temporary)}",
    )
    report.expect(
        set(os.listdir(os.path.dirname(model))) == before, f"{name}: a file beside the model is new"
    )
    for file in left:
        os.unlink(os.path.join(out, file))
report.end("bad models")
