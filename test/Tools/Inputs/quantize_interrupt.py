"""Interrupts `mlopt quantize` at various times: nothing may be left but a complete output."""

import os
import shutil
import signal
import subprocess
import sys
import time

mlopt, folder = sys.argv[1:]
out, temporary = os.path.join(folder, "interrupted"), os.path.join(folder, "interrupted_tmp")
command = [mlopt, "quantize", "model.onnx", "--calibrate=calibrate.npz", "--no-timing"]
command += ["--method=minmax"]
command += ["--data=eval.npz", "--max-drop=5%", "-q"]
command += ["--report=quantization:interrupted/r.json", "-o"]


def start(name):
    for made in (out, temporary):
        shutil.rmtree(made, ignore_errors=True)
        os.mkdir(made)
    return subprocess.Popen(
        [*command, os.path.join("interrupted", name)],
        cwd=folder,
        env={**os.environ, "TMPDIR": temporary},
    )


began = time.monotonic()
assert start("q.onnx").wait() == 0
whole = time.monotonic() - began
assert sorted(os.listdir(out)) == ["q.onnx", "r.json"] and not os.listdir(temporary)
with open(os.path.join(out, "q.onnx"), "rb") as stream:
    expected = stream.read()
stopped = 0
for name, shares in (("q.onnx", (0.05, 0.4, 0.9)), ("q.so", (0.2, 0.6, 0.95))):
    for share in shares:
        process = start(name)
        time.sleep(share * whole)
        process.send_signal(signal.SIGINT if stopped % 2 else signal.SIGTERM)
        code = process.wait()
        stopped += code == 130
        left = set(os.listdir(out))
        if not left <= {name, "r.json", "q.h"} or os.listdir(temporary) or code not in (0, 130):
            sys.exit(f"{name} after {share}: exit {code}, left {left}, {os.listdir(temporary)}")
        if "q.onnx" in left:
            with open(os.path.join(out, "q.onnx"), "rb") as stream:
                assert stream.read() == expected, "not the whole output"
assert stopped >= 3, stopped
