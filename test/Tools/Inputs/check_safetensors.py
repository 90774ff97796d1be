"""Reads and writes of .safetensors files by mlopt-safetensors-test, against a reader of 20 lines and,
where it is installed, the reference implementation.

    check_safetensors.py TOOL FOLDER
"""

import glob
import json
import os
import random
import resource
import struct
import subprocess
import sys

import numpy as np

TOOL, FOLDER = sys.argv[1:3]
TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BOOL": "?", "I8": "i1", "I16": "<i2", "I32": "<i4"}
TYPES.update({"I64": "<i8", "U8": "u1", "U16": "<u2", "U32": "<u4", "U64": "<u8", "BF16": "<u2"})
NAMES = {np.dtype(code).str: name for name, code in TYPES.items() if name != "BF16"}


def path(name: str) -> str:
    return os.path.join(FOLDER, name)


def read(name: str, aligned: bool = False) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    with open(path(name), "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors, end = {}, 0
    for key, row in header.items():
        begin, stop = row["data_offsets"]
        assert begin == end, "a gap or another order than in the header"
        end = stop
        part = data[8 + length + begin : 8 + length + stop]
        tensors[key] = np.frombuffer(part, TYPES[row["dtype"]]).reshape(row["shape"])
        place = 8 + length + begin
        assert not aligned or place % tensors[key].itemsize == 0, "elements are not aligned"
    assert end == len(data) - 8 - length
    return tensors, metadata


def pack(header: object, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def write(name: str, data: bytes) -> str:
    with open(path(name), "wb") as file:
        file.write(data)
    return path(name)


def make(tensors: dict[str, np.ndarray], metadata: dict[str, str] | None = None) -> bytes:
    header: dict = {"__metadata__": metadata} if metadata else {}
    data = b""
    for name, array in tensors.items():
        part = array.tobytes()
        header[name] = {
            "dtype": NAMES[array.dtype.str],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(part)],
        }
        data += part
    return pack(header, data)


def run(*arguments: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True, **options)


def describe(files: list[str]) -> dict[str, str]:
    """What the tool says of each file, all in one process: one that crashes fails the test."""
    result = run("print", "-", input="\n".join(files) + "\n")
    assert result.returncode == 0, (result.returncode, result.stderr[-2000:])
    said: dict[str, str] = {}
    for line in result.stdout.splitlines():
        if not line.startswith("  "):
            name, _, text = line.partition(": ")
            said[name] = text
    assert len(said) == len(set(files))
    return said


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> None:
    assert a.keys() == b.keys(), (a.keys(), b.keys())
    for name in a:
        assert a[name].dtype == b[name].dtype and a[name].shape == b[name].shape, name
        assert a[name].tobytes() == b[name].tobytes(), name


def check_round_trip() -> None:
    rng = np.random.default_rng(1)
    tensors = {
        f"{code} \"quoted\" \\ \n \u00e9 \u6f22 \U0001f600": (rng.random((2, 3)) * 100).astype(code)
        for code in NAMES
    }
    tensors |= {"scalar": np.array(1.5, "<f4"), "empty": np.zeros((0, 3), "<f4"), "": np.ones(1, "<f8")}
    metadata = {"format": "x", "note": 'a "b"\n\u0001\u00e9'}
    write("in.safetensors", make(tensors, metadata))
    result = run("copy", path("in.safetensors"), path("out.safetensors"))
    assert result.returncode == 0, result.stdout
    got, got_metadata = read("out.safetensors", aligned=True)
    same(tensors, got)
    assert got_metadata == metadata
    # Equal contents in another order give equal bytes; a copy of a copy too.
    write("shuffled.safetensors", make(dict(sorted(tensors.items(), reverse=True)), metadata))
    for source in ("shuffled.safetensors", "out.safetensors"):
        assert run("copy", path(source), path("again.safetensors")).returncode == 0
        with open(path("out.safetensors"), "rb") as a, open(path("again.safetensors"), "rb") as b:
            assert a.read() == b.read(), source
    assert glob.glob(path("*.tmp*")) == []
    try:
        from safetensors.numpy import load_file, save_file
    except ImportError:
        print("reference implementation: not installed")
    else:
        same(tensors, dict(load_file(path("out.safetensors"))))
        save_file(tensors, path("reference.safetensors"))
        assert run("copy", path("reference.safetensors"), path("own.safetensors")).returncode == 0
        same(tensors, read("own.safetensors")[0])
    print("round trip: ok")


def record(shape: object = (2,), offsets: object = (0, 8), dtype: object = "F32") -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def check_errors() -> None:
    good = record([2], [0, 8])
    eight = bytes(8)
    cases = [
        (b"", "has 0 bytes"),
        (b"1234567", "has 7 bytes"),
        (pack(b""), "does not begin with '{'"),
        (pack(b" {}"), "does not begin with '{'"),
        (pack({"a": good}, eight)[:-1], "is cut off, or damaged: 'a' ends at byte 8"),
        (pack({"a": good}, eight)[:20], "is cut off, or is no .safetensors file"),
        (pack({"a": good}, eight, 2**63), "more than the 100000000"),
        (pack({"a": good}, eight, 2**64 - 1), "more than the 100000000"),
        (pack({"a": good}, eight, 10**8), "is cut off"),
        (pack({"a": good}, eight + b"x"), "nothing describes the last 1 bytes"),
        (pack({"a": record([2], [4, 12])}, bytes(12)), "nothing describes the 4 bytes before 'a'"),
        (pack({"a": good, "b": record([2], [4, 12])}, bytes(12)), "'b' overlaps 'a'"),
        (pack({"a": good, "b": good}, eight), "'b' overlaps 'a'"),
        (pack({"a": record([2], [8, 0])}, eight), "bytes 8 to 0"),
        (pack({"a": record([3], [0, 8])}, eight), "F32 [3] has 12 bytes"),
        (pack({"a": record([2], [0, 8], "F64")}, eight), "F64 [2] has 16 bytes"),
        (pack({"a": record([2**63], [0, 8])}, eight), "a size of more than 63 bits"),
        (pack({"a": record([2**64], [0, 8])}, eight), "a number of more than 64 bits"),
        (pack({"a": record([2**32, 2**32], [0, 8])}, eight), "an impossible shape"),
        (pack({"a": record([-2], [0, 8])}, eight), "not negative"),
        (pack({"a": record([2.0], [0, 8])}, eight), "expected ',' or ']'"),
        (pack({"a": record([1] * 65, [0, 8])}, eight), "more than 64 numbers"),
        (pack({"a": record([2], [0, 8, 8])}, eight), "3 data_offsets"),
        (pack({"a": record([2], [0, 8], "C64")}, eight), "element type 'C64'"),
        (pack({"a": record([2], [0, 8], 7)}, eight), "expected a string"),
        (pack({"a": {"dtype": "F32", "shape": [2]}}, eight), "no data_offsets for 'a'"),
        (pack({"a": good | {"extra": 1}}, eight), "unknown key 'extra' at 'a'"),
        (pack({"a": 1}, eight), "expected '{'"),
        (pack({"__metadata__": {"a": 1}}), "expected a string"),
        (pack([1]), "does not begin with '{'"),
        (pack(b'{"a":%b,"a":%b}' % ((json.dumps(good).encode(),) * 2), eight), "names 'a' twice"),
        (pack(b'{"__metadata__":{"a":"","a":""}}'), "'a' twice in its metadata"),
        (pack(b'{"a":{"dtype":"F32","dtype":"F32"'), "gives 'dtype' of 'a' twice"),
        (pack(b'{"__metadata__":{}} x'), "something follows"),
        (pack(b'{"\xff":1}'), "is not UTF-8"),
        (pack(b'{"\xc0\x80":1}'), "is not UTF-8"),
        (pack(b'{"\xed\xa0\x80":1}'), "is not UTF-8"),
        (pack(b'{"\\ud800":1}'), "the second half of a pair"),
        (pack(b'{"\\udc00":1}'), "no second half without a first"),
        (pack(b'{"\\u12g4":1}'), "four hexadecimal digits"),
        (pack(b'{"\\x":1}'), "an escape sequence"),
        (pack(b'{"a\nb":1}'), "no control character"),
        (pack(b'{"a'), "the end of a string"),
        (pack(b"{" * 100000), "expected a string"),
        (pack(b'{"a":' * 100000), "unknown key 'a' at 'a'"),
        (pack(json.dumps({"a": good}).encode().replace(b"[2]", b"[02]"), eight), "expected a number"),
    ]
    files = [write(f"bad{i}", data) for i, (data, _) in enumerate(cases)]
    said = describe(files)
    for file, (data, expected) in zip(files, cases):
        assert said[file].startswith("error: ") and expected in said[file], (data[:120], said[file])
    assert "cannot open: No such file" in describe([path("nothing")])[path("nothing")]
    assert "is no regular file" in describe(["/dev/zero", FOLDER])["/dev/zero"]
    # What is allowed: white space, no tensors, empty ones anywhere, any order in the header.
    fine = [
        pack(b"{}"),
        pack(b' \n{ } \t'[2:]),
        pack({"b": record([2], [8, 16]), "z": record([0], [8, 8]), "a": good}, bytes(16)),
        pack(json.dumps({"a\u00e9\U0001f600": good}).encode() + b"   ", eight),
    ]
    for text in describe([write(f"fine{i}", data) for i, data in enumerate(fine)]).values():
        assert text.endswith(" tensors"), text
    print("errors: ok")


def check_noise() -> None:
    """Headers with bytes changed, dropped and doubled: an answer, never a crash."""
    rng = random.Random(7)
    seed = make({"a": np.ones((2, 3), "<f4"), "b\u00e9": np.ones(5, "<i8")}, {"step": "3"})
    files = []
    for i in range(1500):
        data = bytearray(seed)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(data))
            kind = rng.randrange(4)
            if kind == 0:
                data[at] = rng.randrange(256)
            elif kind == 1:
                data[at] = rng.choice(b'{}[]",:\\0129 u')
            elif kind == 2:
                del data[at : at + rng.randint(1, 8)]
            else:
                data[at:at] = data[at : at + rng.randint(1, 16)]
        if rng.random() < 0.5 and len(data) > 8:  # a length that fits, so that the header is read
            end = data.rfind(b"}") + 1
            data[:8] = struct.pack("<Q", max(end - 8, 0))
        files.append(write(f"noise{i}", bytes(data)))
    said = describe(files)
    assert sum(text.startswith("error: ") for text in said.values()) > 1000
    for file in files:
        os.remove(file)
    print("noise: ok")


def check_failed_writes() -> None:
    """A disk that is full: an error, the old file stays, nothing else is left."""
    old = make({"a": np.arange(3, dtype="<f4")})
    write("big.safetensors", make({"a": np.zeros(100000, "<f4")}))
    result = run("copy", path("big.safetensors"), "/dev/full")
    assert result.returncode == 1 and "cannot write: No space left on device" in result.stdout
    write("kept.safetensors", old)
    write("kept.safetensors.previous", b"older")
    result = run(
        "copy", path("big.safetensors"), path("kept.safetensors"), "keep",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    assert result.returncode == 1 and "cannot write: File too large" in result.stdout, result
    for name, data in (("kept.safetensors", old), ("kept.safetensors.previous", b"older")):
        with open(path(name), "rb") as file:
            assert file.read() == data, name
    assert glob.glob(path("*.tmp*")) == []
    result = run("copy", path("big.safetensors"), path("no such folder/x.safetensors"))
    assert result.returncode == 1 and "cannot create: No such file" in result.stdout
    # The file that was there stays as FILE.previous, on asking.
    for step in range(3):
        source = write("new.safetensors", make({"a": np.full(3, step, "<f4")}))
        assert run("copy", source, path("kept.safetensors"), "keep").returncode == 0
        before = read("kept.safetensors.previous")[0]["a"]
        assert before.tolist() == ([0, 1, 2] if step == 0 else [step - 1] * 3)
        assert read("kept.safetensors")[0]["a"].tolist() == [step] * 3
    assert run("copy", source, path("first.safetensors"), "keep").returncode == 0
    assert not os.path.exists(path("first.safetensors.previous"))
    assert glob.glob(path("*.tmp*")) == []
    print("failed writes: ok")


check_round_trip()
check_errors()
check_noise()
check_failed_writes()
