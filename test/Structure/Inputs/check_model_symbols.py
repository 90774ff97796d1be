"""check_model_symbols.py FOLDER: compiles every small model as an object and a shared library for
each CPU level and prints the files' names, for check_symbols.py."""

import os
import sys

from common import LEVELS, MODELS, compile_model

for model in sorted(MODELS.glob("*.onnx")):
    for level in LEVELS:
        for suffix in (".o", ".so") if level == LEVELS[0] else (".o",):
            out = os.path.join(sys.argv[1], f"{model.stem}-{level}{suffix}")
            print(compile_model(model, out, f"--cpu={level}", "--header=none"))
