"""A compiler for the suite's own test: what it answers depends on the name of the ONNX test."""

import json
import os
import shlex
import shutil
import sys
import time


def answer(arguments):
    """(exit code, messages) for one line of `eval`."""
    folder = os.path.dirname(arguments[0])
    test = os.path.basename(folder)
    outputs = next(a for a in arguments if a.startswith("--output=@"))[len("--output=@") :]
    if test in ("test_abs", "test_ceil"):  # right
        shutil.copy(os.path.join(folder, "test_data_set_0", "output_0.pb"), outputs)
    elif test == "test_acos":  # wrong
        source = os.path.join(folder, "test_data_set_0", "input_0.pb")
        shutil.copy(source, os.path.join(outputs, "output_0.pb"))
    elif test in ("test_add", "test_neg"):
        return 4, "m.onnx:/n (Foo): error: MLO2001: no conversion\n"
    elif test == "test_and2d":
        return 3, "m.onnx: error: MLO1005: not a model\n"
    elif test == "test_cos":
        os.abort()
    elif test == "test_sin":
        time.sleep(100)
    return 0, ""


for number, line in enumerate(sys.stdin, 1):
    code, messages = answer(shlex.split(line))
    print(json.dumps({"line": number, "exit": code, "stderr": messages}), flush=True)
