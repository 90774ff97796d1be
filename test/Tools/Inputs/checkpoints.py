"""checkpoints.py FILE: checks that FILE is a checkpoint, and writes beside it others that are not of its
model: FILE.weights without metadata, FILE.short without a tensor, FILE.shape with another shape.
"""

import json
import struct
import sys

path = sys.argv[1]
with open(path, "rb") as stream:
    content = stream.read()
(length,) = struct.unpack("<Q", content[:8])
header, elements = json.loads(content[8 : 8 + length]), content[8 + length :]
metadata = header["__metadata__"]
expected = {"format": "mlopt-checkpoint-1", "step": "8", "epoch": "2", "position": "0", "seed": "0"}
for key, value in expected.items():
    if metadata.get(key) != value:
        sys.exit(f"{key} is {metadata.get(key)}, expected {value}")
slots = {f"optimizer.{slot}.{name}" for slot in ("exp_avg", "exp_avg_sq") for name in ("w1", "b1", "w2")}
if set(header) != {"__metadata__", "w1", "b1", "w2"} | slots or header["w2"]["shape"] != [8, 3]:
    sys.exit(f"unexpected tensors: {header}")


def write(suffix, header, elements):
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + suffix, "wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text + elements)


write(".weights", {k: v for k, v in header.items() if k != "__metadata__"}, elements)
write(".shape", {**header, "w2": {**header["w2"], "shape": [3, 8]}}, elements)
first, last = header["w2"]["data_offsets"]
short = {k: v for k, v in header.items() if k != "w2"}
for name, tensor in short.items():
    if name != "__metadata__" and tensor["data_offsets"][0] >= last:
        tensor["data_offsets"] = [offset - (last - first) for offset in tensor["data_offsets"]]
write(".short", short, elements[:first] + elements[last:])
