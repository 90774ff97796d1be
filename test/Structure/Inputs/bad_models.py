"""bad_models.py MODEL FOLDER: writes damaged models, one that needs a file that is missing, and one
with several operators that no compiler of tensors runs."""

import os
import random
import sys

import onnx
from onnx import parser

model, folder = sys.argv[1:]
with open(model, "rb") as stream:
    data = stream.read()


def write(name, contents):
    with open(os.path.join(folder, name), "wb") as stream:
        stream.write(contents)


write("empty.onnx", b"")
for part in (0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.9999):
    write(f"truncated-{part}.onnx", data[: int(len(data) * part)])
write("truncated-last.onnx", data[:-1])
noise = random.Random(1)
for size in (1, 2, 7, 100, 4096, 70000):
    write(f"noise-{size}.onnx", noise.randbytes(size))
write("zeros.onnx", bytes(4096))
for index in range(60):
    # The structure lies at both ends of the file, the weights between them.
    damaged = bytearray(data)
    for _ in range(noise.choice([1, 3, 20])):
        at = noise.randrange(3000)
        damaged[at if noise.random() < 0.5 else -1 - at] = noise.randrange(256)
    write(f"flipped-{index}.onnx", bytes(damaged))

external = onnx.load(model)
onnx.save_model(
    external,
    os.path.join(folder, "external.onnx"),
    save_as_external_data=True,
    location="gone.data",
    size_threshold=0,
)
os.unlink(os.path.join(folder, "gone.data"))

TEXTS = {
    "unsupported.onnx": """
<ir_version: 10, opset_import: ["" : 20, "my.domain" : 1]>
list (float[3, 3] x) => (float p, float[3, 3] q, int64[2, n] r)
{
  [first] p = Det (x)
  [second] q = my.domain.Magic (x)
  [third] r = NonZero (x)
}
""",
    "unsupported-type.onnx": """
<ir_version: 10, opset_import: ["" : 20]>
text (string[n] x) => (string[m] y)
{
  [upper] y = StringNormalizer <case_change_action = "UPPER"> (x)
}
""",
}
for name, text in TEXTS.items():
    onnx.save(parser.parse_model(text), os.path.join(folder, name))
