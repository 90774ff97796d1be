"""fit_roots.py FOLDER: data for root.onnxtxt; the third pair of samples holds a 0, whose root has no gradient;
and the model mask.onnx with a parameter of -inf.
fit_roots.py CHECKPOINT STEP: checks that the checkpoint is of that step and holds no nan.
fit_roots.py CHECKPOINT poison: writes a nan to its parameters.
"""

import json
import struct
import sys

import numpy as np
import onnx

MASK = """
<ir_version: 8, opset_import: ["" : 17]>
masked (float[batch, 4] x, float[4, 4] w, float[4] mask, float[4, 3] v) => (float[batch, 3] logits)
{
  product = MatMul(x, w)
  sum = Add(product, mask)
  weights = Softmax(sum)
  logits = MatMul(weights, v)
}
"""
path = sys.argv[1]
if len(sys.argv) == 2:
    x = np.ones((8, 4), np.float32)
    x[4:6] = 0
    np.savez(path + "/roots.npz", x=x, target=np.ones((8, 4), np.float32))
    model = onnx.parser.parse_model(MASK)
    del model.graph.input[1:]  # they are initializers
    random = np.random.RandomState(0)
    for name, value in {
        "w": random.randn(4, 4),
        "mask": np.array([0, -np.inf, 0, 0]),
        "v": random.randn(4, 3),
    }.items():
        model.graph.initializer.append(onnx.numpy_helper.from_array(value.astype(np.float32), name))
    onnx.save(model, path + "/mask.onnx")
    sys.exit()
with open(path, "rb") as stream:
    content = bytearray(stream.read())
(length,) = struct.unpack("<Q", content[:8])
header = json.loads(content[8 : 8 + length])
if sys.argv[2] == "poison":
    begin = 8 + length + header["w"]["data_offsets"][0]
    content[begin : begin + 4] = struct.pack("<f", float("nan"))
    with open(path, "wb") as stream:
        stream.write(content)
    sys.exit()
values = np.frombuffer(content[8 + length :], np.float32)
if header["__metadata__"]["step"] != sys.argv[2] or np.isnan(values).any():
    sys.exit(f"step {header['__metadata__']['step']}, values {values}")
