"""Turns the comparison of the Relu in the PTX of an artefact of layers.onnxtxt around, and corrects the hash of the tables:
alter_ptx.py ARTEFACT OUT.
"""

import hashlib
import re
import struct
import sys

with open(sys.argv[1], "rb") as stream:
    data = bytearray(stream.read())
# The header, not what the runtime compares it with.
image = data.index(b"MLOPTMOD" + struct.pack("<I", 568))
(link_offset,) = struct.unpack_from("<Q", data, image + 24)
end = image + link_offset


def turned(entry):
    return entry[0].replace(b"setp.le.f32", b"setp.ge.f32").replace(b"max.f32", b"min.f32")


before = bytes(data[image:end])
data[image:end] = re.sub(rb"\.entry max_0\(.*?\n}", turned, before, flags=re.DOTALL)
assert data[image:end] != before, "nothing to change"
# image_sha256 covers the tables with its own bytes zero.
data[image + 472 : image + 504] = bytes(32)
data[image + 472 : image + 504] = hashlib.sha256(data[image:end]).digest()
with open(sys.argv[2], "wb") as stream:
    stream.write(data)
