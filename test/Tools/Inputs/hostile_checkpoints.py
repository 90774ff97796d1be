"""hostile_checkpoints.py MLOPT_RUN FOLDER: checkpoints with numbers that cannot be, or that no run on these
data could have: exit code 3, MLO1072 with the number, and the file as it was. FOLDER/good.safetensors is of
step 8 with batches of 16 on 50 samples.
"""

import json
import struct
import subprocess
import sys

runner, folder = sys.argv[1:]
path = folder + "/hostile.safetensors"
with open(folder + "/good.safetensors", "rb") as stream:
    content = stream.read()
(length,) = struct.unpack("<Q", content[:8])
header, elements = json.loads(content[8 : 8 + length]), content[8 + length :]


def fit(changes, *options):
    metadata = {**header["__metadata__"], **changes}
    metadata = {k: v for k, v in metadata.items() if v is not None}
    text = json.dumps({**header, "__metadata__": metadata}).encode()
    text += b" " * (-len(text) % 8)
    written = struct.pack("<Q", len(text)) + text + elements
    with open(path, "wb") as stream:
        stream.write(written)
    command = [runner, "fit", f"{folder}/step.so", f"--data={folder}/train.npz", "--resume"]
    command += ["--epochs=3", f"--checkpoint={path}", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    with open(path, "rb") as stream:
        same = stream.read() == written
    return done.returncode, done.stderr, same


def refused(changes, expected, *options):
    code, message, same = fit(changes, *options)
    if code != 3 or "error: MLO1072: " + expected not in message or not same:
        sys.exit(f"{changes}: exit code {code}, {message}, expected MLO1072: {expected}")


large = str(2**63 - 1)
for key, least in (("step", 0), ("epoch", 0), ("position", 0), ("batch", 1), ("samples", 1)):
    for value in (str(least - 1), "-4", large, str(2**63), str(2**53), "", "1x", "1.5", "nan"):
        expected = f"has '{value}' as '{key}', expected a whole number from {least} to "
        refused({key: value}, expected)
        refused({key: value}, expected, "--batch=16")
refused({"shuffle": "2"}, "has '2' as 'shuffle', expected a whole number from 0 to 1")
refused({"seed": "1e3"}, "has '1e3' as 'seed'")
refused({"loss_sum": "nan"}, "has a 'loss_sum' that is not finite")
refused({"position": "64"}, "has the position 64, which is no begin of a batch of 16")
refused({"position": "8"}, "has the position 8, which is no begin of a batch of 16")
refused({"step": "7"}, "has step 7, but epoch 2 and position 0")
refused({"step": str(2**53 - 1)}, f"has step {2**53 - 1}, but epoch 2 and position 0")
refused({"epoch": str(2**53 - 1)}, f"has step 8, but epoch {2**53 - 1}")
refused({"step": "0", "position": "16"}, "has step 0, but epoch 2 and position 16")
refused({"batch": "17", "step": "7"}, "has step 7, but epoch 2 and position 0")
# As TrainingSession.save of Python writes it.
missing = {k: None for k in ("epoch", "position", "batch", "samples", "shuffle", "loss_sum")}
refused(missing, "does not say where its run stands: its metadata lack 'epoch', 'position', 'batch', 'samples', 'shuffle'; a checkpoint of TrainingSession.save")
refused({"batch": None}, "does not say where its run stands: its metadata lack 'batch';", "--batch=16")

# Largest batch that is one: an epoch is one step.
code, message, _ = fit({"batch": str(2**53 - 1), "step": "2"})
if code:
    sys.exit(f"one step an epoch: exit code {code}, {message}")
# What Python can give it in addition.
given = {"epoch": "2", "position": "0", "batch": "16", "samples": "50", "shuffle": "1"}
code, message, _ = fit({**missing, **given})
if code:
    sys.exit(f"of Python: exit code {code}, {message}")
