"""Makes data files for mlopt_run.test from DIR/x.npy (f32 [3, 4] = 0, 1, ...) without NumPy."""

import os
import struct
import sys
import zipfile

folder = sys.argv[1]


def write(name, data):
    with open(os.path.join(folder, name), "wb") as stream:
        stream.write(data)


def npy(descr, fortran, shape, data, version=1):
    text = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }" % (descr, fortran, shape)
    text += " " * (63 - (10 + len(text)) % 64) + "\n"
    length = struct.pack("<H", len(text)) if version == 1 else struct.pack("<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text.encode() + data


with open(os.path.join(folder, "x.npy"), "rb") as stream:
    plain = stream.read()
values = [float(i) for i in range(12)]
columns = [values[4 * r + c] for c in range(4) for r in range(3)]
raw = struct.pack("<12f", *values)
write("fortran.npy", npy("<f4", True, (3, 4), struct.pack("<12f", *columns)))
write("big.npy", npy(">f4", False, (3, 4), struct.pack(">12f", *values)))
write("version2.npy", npy("<f4", False, (3, 4), raw, 2))
for name, method in (("stored.npz", zipfile.ZIP_STORED), ("deflated.npz", zipfile.ZIP_DEFLATED)):
    with zipfile.ZipFile(os.path.join(folder, name), "w", method) as archive:
        with archive.open("x.npy", "w", force_zip64=True) as entry:
            entry.write(plain)
# TensorProto: dims = 3, 4; data_type = FLOAT; name = "x"; raw_data, or packed float_data.
head = b"\x08\x03\x08\x04\x10\x01\x42\x01x"
write("raw.pb", head + b"\x4a\x30" + raw)
write("typed.pb", b"\x0a\x02\x03\x04\x10\x01\x22\x30" + raw)

# Files that must be refused.
write("cut.npy", plain[:-1])
write("object.npy", npy("|O", False, (3, 4), raw))
write("huge.npy", npy("<f4", False, (1 << 40, 1 << 40), raw))
write("noise.npy", bytes(range(256)))
write("cut.pb", (head + b"\x4a\x30" + raw)[:-3])
write("short.pb", head + b"\x4a\x04" + raw[:4])
write("string.pb", b"\x08\x01\x10\x08\x32\x01a")
with open(os.path.join(folder, "deflated.npz"), "rb") as stream:
    deflated = stream.read()
write("cut.npz", deflated[:-30])
at = deflated.index(b"\x78", 60) if b"\x78" in deflated[60:] else 70
write("flipped.npz", deflated[:90] + bytes([deflated[90] ^ 0x10]) + deflated[91:])
