"""Reads the GPU tables of an artefact of pieces.onnx (module_abi.h), calls `fill` for some sizes and checks what it writes."""

import ctypes
import struct
import sys

KERNEL, COPY = 0, 1
INPUT, OUTPUT, WEIGHTS, ARENA, VALUE, ERROR, TURN, NULL = range(8)
UNKNOWN = 0xFFFFFFFF

library = ctypes.CDLL(sys.argv[1])
library.mlopt_module_query.restype = ctypes.c_void_p
base = library.mlopt_module_query()


def read(offset, text):
    return struct.unpack(text, ctypes.string_at(base + offset, struct.calcsize(text)))


def records(table, text):
    """The records of a table whose own record is (offset, count, stride, reserved)."""
    offset, count, stride, _ = table
    assert stride >= struct.calcsize(text), (stride, text)
    return [read(offset + i * stride, text) for i in range(count)]


def name(offset):
    return ctypes.string_at(base + offset).decode() if offset else ""


def cut(rows, first, count):
    assert first + count <= len(rows)
    return rows[first : first + count]


(link_offset,) = read(24, "<Q")
gpu = read(read(520, "<4I")[0], "<36I")
names = "targets images functions weights codes steps nodes params after".split()
tables = {n: gpu[4 * i : 4 * i + 4] for i, n in enumerate(names)}
functions = records(tables["functions"], "<6I")
weights = records(tables["weights"], "<3Q")
steps = records(tables["steps"], "<8I")
nodes = records(tables["nodes"], "<8I")
params = records(tables["params"], "<4I")
after = [a for (a,) in records(tables["after"], "<I")]
launches = records(read(168, "<4I"), "<4I")
(target,) = records(tables["targets"], "<8IQ2I")
(code,) = records(tables["codes"], "<10I")
sizes_link, fill_link, value_count, _, first_launch, launch_count, _, _, first_step, step_count = code
assert name(target[0]) == "sm_90" and target[1] == 90 and target[9] == 0, target

# Both weights, once each, at aligned places of the device.
assert [size for _, size, _ in weights] == [6 * 8 * 4, 8 * 8 * 4], weights
assert [place for _, _, place in weights] == [0, 256] and target[8] == 512, (weights, target)

assert step_count == launch_count == len(steps) == 4, steps
fill = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(base + read(link_offset + 8 * fill_link, "<q")[0])


def describe(n):
    """What each launch does for N = n: kernel, grid, and where its buffers lie."""
    symbols, values = (ctypes.c_int64 * 1)(n), (ctypes.c_int64 * (value_count + 1))()
    values[value_count] = -7
    fill(symbols, values)
    assert values[value_count] == -7, "written beyond the end"
    described = []
    for number, step in enumerate(cut(steps, first_step, step_count)):
        kind, first_node, node_count, repeat_from, repeat_value, first_after, after_count, _ = step
        assert repeat_from == node_count == 1 and repeat_value == UNKNOWN, step
        ((function, x, y, z, first_value, first_param, param_count, _),) = cut(nodes, first_node, node_count)
        kernel = name(launches[first_launch + number][0])
        operands = []
        for param, index, value, _ in cut(params, first_param, param_count):
            assert value == UNKNOWN or value < value_count, value
            offset = 0 if value == UNKNOWN else values[value]
            operands.append((param, index, offset) if param <= ARENA else (param, offset))
        if kind == COPY:
            assert function == UNKNOWN and kernel == "copy"
            extent = values[first_value]
        else:
            assert name(functions[function][1]) == kernel
            assert 1 <= x * y * z <= 1024
            extent = [values[first_value + i] for i in range(4)]
            # Thread, threads, error slot, number of the launch.
            assert operands[-4:] == [(VALUE, 0), (VALUE, 1), (ERROR, 0), (VALUE, number)], operands
        described.append((kernel, cut(after, first_after, after_count), extent, operands))
    return described


def buffers(operands):
    return [o for o in operands if o[0] <= ARENA]


for n in (1, 5, 1000, 100000):
    copies = [step for step in describe(n) if step[0] == "copy"]
    assert [(extent, operands) for _, _, extent, operands in copies] == [
        (n * 6 * 4, [(OUTPUT, 1, 0), (INPUT, 0, 0)])
    ], copies
    first, second, sums = [step for step in describe(n) if step[0] != "copy"]
    place = buffers(first[3])[-1]
    assert place[0] == ARENA and buffers(first[3]) == [(INPUT, 0, 0), (WEIGHTS, 0, 0), place], first
    assert buffers(second[3]) == [place, (WEIGHTS, 0, 256), (OUTPUT, 0, 0)], second
    # The other half of the concatenation begins after n rows, at a multiple of 16 bytes whatever n is.
    assert buffers(sums[3]) == [place, (OUTPUT, 0, n * 8 * 4)], sums
    assert (second[1], sums[1]) == ([0], [0]), (second, sums)
    for step in (first, second, sums):
        assert (VALUE, n) in step[3], step
        assert step[2][0] >= 1 and step[2][1] <= 65535 and step[2][2] <= 65535, step
one, many = describe(1), describe(100000)
assert any(a[2] != b[2] for a, b in zip(one, many) if a[0] != "copy"), "no grid grows"
# Without rows there is nothing to do.
empty = describe(0)
assert 0 in empty[0][2][:3] and [step[2] for step in empty if step[0] == "copy"] == [0], empty
print("tables ok")
