#!/usr/bin/env python3
"""Writes a model with its weights in a file beside it: externalize.py MODEL FOLDER

FOLDER gets net.onnx and net.data.
"""

import os
import sys

import onnx

model, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
onnx.save_model(
    onnx.load(model),
    os.path.join(folder, "net.onnx"),
    save_as_external_data=True,
    location="net.data",
    size_threshold=0,
)
