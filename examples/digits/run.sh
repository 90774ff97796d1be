#!/bin/bash
# Trains a network on handwritten digits and uses it, from the command line alone.
#
# usage: run.sh [FOLDER]     (default: digits-run)
#
# mlopt and mlopt-run come from PATH, python3 (or $PYTHON) needs scikit-learn and onnx. Exit code 0 if the network
# reads 98 % of the held-out digits.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
FOLDER=${1:-digits-run}
PYTHON=${PYTHON:-python3}
mkdir -p "$FOLDER"
cd "$FOLDER"

# 1. Data and a model with random weights.
"$PYTHON" "$HERE/make_data.py"
"$PYTHON" "$HERE/make_model.py"

# 2. Compile the training step: loss, gradients and update in one program. 12 epochs of 38 batches are 456 steps.
mlopt train digits.onnx --loss=cross_entropy --target=label --optimizer=adamw --lr=0.005 \
  --schedule=cosine --total-steps=456 -o digits-train.so

# 3. Train. Killed and started again, this goes on where it was.
mlopt-run fit digits-train.so --data=train.npz --eval=test.npz --epochs=12 --batch=32 --seed=1 \
  --checkpoint=digits.safetensors --log=digits.csv --resume

# 4. Make an inference artefact of the model and the trained weights, and read a digit.
mlopt compile digits.onnx --load-weights=digits.safetensors -o digits.so
mlopt-run digits.so --input=image:@one.npy --output=logits:@logits.npy

"$PYTHON" - <<'PROGRAM'
import csv
import sys

import numpy as np

print("one.npy is read as", np.load("logits.npy").argmax())
accuracy = float(list(csv.DictReader(open("digits.csv")))[-1]["accuracy"])
print(f"{accuracy:.2%} of the held-out digits")
sys.exit(accuracy < 0.98)
PROGRAM
