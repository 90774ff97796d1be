"""Checks the GPU part of `mlopt inspect --format=json`: gpu_inspect.py FILE ARCHITECTURE..."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as stream:
    described = json.load(stream)
assert [gpu["name"] for gpu in described["gpus"]] == sys.argv[2:], described["gpus"]
assert described["abi"] == "1.3", described["abi"]
for gpu, told in zip(described["gpus"], described["metadata"]["gpus"]):
    assert gpu["cubin_bytes"] > 0 and gpu["ptx_bytes"] > 0, gpu
    kernels = {kernel["kernel"] for kernel in gpu["kernels"]}
    assert kernels == {kernel["name"] for kernel in told["kernels"]}, kernels
    for kernel in gpu["kernels"]:
        assert 0 < kernel["registers"] <= 255 and kernel["emitter"], kernel
        assert kernel["shared_bytes"] >= 0 and kernel["spill_bytes"] == 0, kernel
    for kernel in told["kernels"]:
        for function in kernel["functions"]:
            assert {"name", "registers", "shared_bytes", "spill_bytes"} <= function.keys(), function
    for entry, program in zip(gpu["entries"], told["programs"]):
        assert entry["name"] == program["name"] and entry["launches"], entry
        assert len(entry["launches"]) == len(program["launches"])
        for number, launch in enumerate(entry["launches"]):
            # The host has sizes to compute, no launch.
            assert launch["device"] == "cuda", launch
            assert launch["kernel"] in kernels, launch
            assert launch["parts"] and all(0 <= earlier < number for earlier in launch["after"]), launch
        assert all(launch["device"] == "cuda" for launch in program["launches"]), program
for level in described["metadata"]["levels"]:
    for program in level["programs"]:
        assert all(launch["device"] == "cpu" for launch in program["launches"]), program


def nodes(described):
    """Names of the model's nodes that launches stand for."""
    launches = [launch for program in described["programs"] for launch in program["launches"]]
    return {name for launch in launches for name in launch["nodes"].split(", ")}


# What a CPU launches, the device launches too: nothing of it is left to the host.
for told in described["metadata"]["gpus"]:
    assert nodes(told) == nodes(described["metadata"]["levels"][0]), told["name"]
print("inspect ok")
