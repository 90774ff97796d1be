"""What `inspect --format=json` says of a training module: the parts agree with each other."""

import json
import sys

with open(sys.argv[1]) as stream:
    data = json.load(stream)
training, stated = data["training"], data["metadata"]["training"]
assert stated["slots"] == ["momentum_buffer"] and len(stated["inputs"]) == 1, stated
ends = {}
for tensor in training["tensors"]:
    elements = 1
    for size in tensor["shape"]:
        elements *= size
    region = ends.setdefault(tensor["region"], [0, 0, 0])
    # Tensors follow each other at multiples of 64 bytes.
    assert tensor["offset"] == -(-region[0] // 16) * 16, tensor
    region[0] = tensor["offset"] + elements
    region[1] += 1
    region[2] += elements
assert set(ends) == {"parameters", "buffers"}, ends
for name, (end, count, elements) in ends.items():
    assert training[name] == stated[name], (training[name], stated[name])
    assert training[name] == {"tensors": count, "elements": elements, "bytes": -(-end // 16) * 64}
assert training["state_bytes"] == stated["state_bytes"] == training["parameters"]["bytes"]
kept = sum(training[name]["bytes"] for name in ends) + training["state_bytes"]
for entry in data["entries"]:
    names = {t["name"] for t in entry["inputs"] + entry["outputs"]}
    gradients = training["parameters"]["bytes"] if "mlopt.gradients" in names else 0
    assert entry["peak_bytes"] == kept + gradients + entry["arena_bytes"], entry["name"]
assert {e["name"] for e in data["entries"]} == {"init", "train_step", "step_grad", "step_update", "eval"}
