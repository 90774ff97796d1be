"""usage: fuzz.py ONNX_TEST_DATA FOLDER COUNT MLOPT_TRANSLATE [SEED [TOOL_OPTION...]]

Changes bytes and fields of small models of the ONNX suite and imports them. A signal, a time-out or exit code 70 is a failure;
the models that cause one stay in FOLDER. Run with a large COUNT by hand to look for more.
"""
import glob
import os
import random
import subprocess
import sys

import onnx

data, folder, count, tool = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
random.seed(int(sys.argv[5]) if len(sys.argv) > 5 else 0)
options = sys.argv[6:]
corpus = sorted(f for f in glob.glob(os.path.join(data, "*", "*", "model.onnx")) if os.path.getsize(f) < 20000)
INTS = [0, 1, -1, 2, 3, 5, 16, 100, 1000, -2, -100, 2**31 - 1, 2**31, -(2**31), 2**40, 2**62, 2**63 - 1, -(2**63)]
FLOATS = [0.0, -1.0, 1e38, float("nan"), float("inf"), 0.5]


def mutate_bytes(content):
    content = bytearray(content)
    if random.random() < 0.2:
        return bytes(content[: random.randrange(len(content))])
    for _ in range(random.choice([1, 1, 2, 8])):
        at = random.randrange(len(content))
        content[at] = random.choice([0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)])
    return bytes(content)


def collect(message, found):
    """All set fields below a message, as (message, descriptor)."""
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.is_repeated:
            if len(value):
                found.append((message, field))
            if field.type == field.TYPE_MESSAGE:
                for item in value:
                    collect(item, found)
        elif message.HasField(field.name):
            found.append((message, field))
            if field.type == field.TYPE_MESSAGE:
                collect(value, found)
    return found


def mutate_field(owner, field, strings):
    value = getattr(owner, field.name)
    if field.type == field.TYPE_MESSAGE:
        if not field.is_repeated:
            owner.ClearField(field.name)
        elif random.random() < 0.5:
            del value[random.randrange(len(value))]
        else:
            value.add().CopyFrom(random.choice(value))
        return
    if field.type in (field.TYPE_STRING, field.TYPE_BYTES):
        new = random.choice(strings)
        new = new.encode() if field.type == field.TYPE_BYTES else new
    elif field.type in (field.TYPE_FLOAT, field.TYPE_DOUBLE):
        new = random.choice(FLOATS)
    elif field.type == field.TYPE_ENUM or field.name in ("data_type", "elem_type"):
        new = random.randrange(28)
    else:
        new = random.choice(INTS)
    if not field.is_repeated:
        setattr(owner, field.name, new)
    elif random.random() < 0.5:
        value[random.randrange(len(value))] = new
    elif random.random() < 0.5:
        value.append(new)
    else:
        del value[random.randrange(len(value))]


def mutate_fields(model):
    fields = collect(model, [])
    strings = ["", "x", "If", "Loop", "Conv", "Reshape", "com.microsoft"]
    for node in model.graph.node:
        strings += [*node.input, *node.output, node.op_type]
    for _ in range(random.choice([1, 1, 2, 4])):
        try:
            mutate_field(*random.choice(fields), strings)
        except (ValueError, IndexError, TypeError):
            pass  # the value does not fit the field, or an earlier change removed it
    return model.SerializeToString()


def run(files):
    try:
        return subprocess.run([tool, "--import-onnx", "--quiet", *options, *files], capture_output=True, timeout=120).returncode
    except subprocess.TimeoutExpired:
        return -1


failures = 0
for batch in range(0, count, 100):
    files = []
    for i in range(min(100, count - batch)):
        source = random.choice(corpus)
        if random.random() < 0.25:
            with open(source, "rb") as stream:
                content = mutate_bytes(stream.read())
        else:
            content = mutate_fields(onnx.load(source))
        files.append(os.path.join(folder, f"{i}.onnx"))
        with open(files[-1], "wb") as stream:
            stream.write(content)
    if run(files) in (0, 3, 4):
        continue
    for name in files:
        code = run([name])
        if code not in (0, 3, 4):
            failures += 1
            kept = os.path.join(folder, f"failure_{batch}_{failures}.onnx")
            os.replace(name, kept)
            print(f"{kept}: exit code {code}")
sys.exit(1 if failures else 0)
