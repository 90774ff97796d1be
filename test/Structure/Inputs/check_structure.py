"""check_structure.py [--levels LEVELS] FOLDER MODEL[:LAUNCHES[:KERNELS]]...: what an artefact's
metadata says.

For each level of each model: every kernel has an emitter and a schedule; no contraction, convolution
or attention is on the generic route; launches and distinct kernels are at most as many as given; no
two tensors that live at once share bytes; the metadata's formulas give at other sizes what the code
computes; the arena is at most 1.15 times the largest sum over launches of the bytes alive, counted here
from the list of places. MODEL is a small model's name or a path; `@dim=size` after it fixes a symbol.
"""

import json
import os
import re
import subprocess
import sys

from common import MLOPT, MLOPT_RUN, MODELS, Report, compile_model
from memory import LIMIT, at_sizes, bytes_alive, overlaps, rounded

HEROES = {"contraction", "convolution", "depthwise", "attention", "conv", "conv_transpose"}
#: The sizes of a symbolic model when its arena is asked for.
USUAL = 8


def inspect(artefact, *options, tool=MLOPT_RUN):
    done = subprocess.run(
        [tool, "inspect", artefact, "--format=json", *options],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def check_memory(where, program, report):
    memory, launches = program["memory"], len(program["launches"])
    for t in memory["tensors"]:
        report.expect(
            0 <= t["first"] <= t["last"] < launches
            and t["offset"] + t["bytes"] <= memory["arena_bytes"],
            f"{where}: {t} lies outside the program or its arena",
        )
    clashes = list(overlaps(program))
    report.expect(not clashes, f"{where}: at once at the same place: {clashes[:3]}")
    bound = max(bytes_alive(program), default=0)
    arena = memory["arena_bytes"]
    report.expect(
        arena <= LIMIT * bound, f"{where}: arena of {arena} bytes is above {LIMIT} times {bound}"
    )
    report.expect(
        memory["lower_bound"] == bound,
        f"{where}: the lower bound stated is {memory['lower_bound']}, counted {bound}",
    )
    report.expect(
        memory["launches"] + memory["copies"] == launches,
        f"{where}: {memory['launches']} launches and {memory['copies']} copies stated, {launches} "
        "listed",
    )
    return arena, bound


def check(name, launches, kernels, folder, levels, report):
    name, *dims = name.split("@")
    model = name if os.path.sep in name else MODELS / f"{name}.onnx"
    stem = os.path.basename(str(model)).removesuffix(".onnx")
    artefact = compile_model(
        model,
        os.path.join(folder, stem + ".so"),
        f"--cpu={levels}",
        "--header=none",
        *[f"--dim={dim}" for dim in dims],
    )
    seen = inspect(artefact)
    report.expect(
        seen["metadata"] == inspect(artefact, tool=MLOPT)["metadata"],
        f"{stem}: mlopt and mlopt-run describe it differently",
    )
    for level in seen["metadata"]["levels"]:
        where = f"{stem} ({level['name']})"
        by_name = {k["name"]: k for k in level["kernels"]}
        for kernel in level["kernels"]:
            report.expect(
                kernel.get("emitter") and kernel.get("schedule"),
                f"{where}: kernel {kernel['name']} has no emitter or schedule",
            )
            report.expect(
                kernel["hero"] not in HEROES or kernel.get("emitter") != "generic",
                f"{where}: {kernel['hero']} {kernel['name']} is on the generic route",
            )
        report.expect(
            len(by_name) <= kernels, f"{where}: {len(by_name)} kernels, expected at most {kernels}"
        )
        for program in level["programs"]:
            used = {launch["kernel"] for launch in program["launches"]}
            report.expect(
                used - {"copy"} == set(by_name), f"{where}: kernels and launches do not agree"
            )
            count = len(program["launches"])
            report.expect(
                count <= launches, f"{where}: {count} launches, expected at most {launches}"
            )
            arena, bound = check_memory(where, program, report)
            generic = sorted(
                {k["hero"] for k in level["kernels"] if k.get("emitter") == "generic"}
            )
            print(
                f"{where}: {count} launches, {len(by_name)} kernels, arena {arena} = "
                f"{arena / max(bound, 1):.3f} times {bound}, generic: {' '.join(generic)}"
            )
    check_threads(stem, artefact, seen, report)
    check_formulas(stem, artefact, seen, report)


def scratch_of(kernel):
    """Bytes of scratch shared and per thread, or None where they depend on the run's sizes."""
    found = re.search(r'scratchShared = <"(\d+)">, scratchPerThread = <"(\d+)">', kernel["schedule"])
    return (int(found[1]), int(found[2])) if found else None


def check_threads(stem, artefact, seen, report):
    """The arena of the level in use on several threads, as the loaded code computes it."""
    level = seen["metadata"]["levels"][0]
    scratch = {k["name"]: scratch_of(k) for k in level["kernels"]} | {"copy": (0, 0)}
    usual = [f"--dim={s['name']}={USUAL}" for s in seen["entries"][0]["symbols"]]
    for threads in (1, 2, 5):
        entry = inspect(artefact, f"--threads={threads}", *usual)["entries"][0]
        where = f"{stem}: {threads} threads"
        if "arena_bytes" not in entry:
            report.expect(False, f"{where}: the loaded artefact tells no arena bytes")
            continue
        arena, bound = entry["arena_bytes"], entry["arena_lower_bound"]
        report.expect(
            arena <= LIMIT * bound, f"{where}: arena of {arena} bytes is above {LIMIT} times {bound}"
        )
        if usual or None in scratch.values():
            continue
        program = level["programs"][0]
        alive = bytes_alive(program, scratch=False)
        for launch, what in enumerate(program["launches"]):
            shared, each = scratch[what["kernel"]]
            alive[launch] += rounded(rounded(shared) + threads * rounded(each))
        report.expect(
            bound == max(alive),
            f"{where}: the lower bound stated is {bound}, counted {max(alive)}",
        )


def check_formulas(stem, artefact, seen, report):
    """The metadata's formulas at other sizes and threads give a sound plan, and what the loaded code
    computes."""
    symbols = [s["name"] for s in seen["entries"][0]["symbols"]]
    program = seen["metadata"]["levels"][0]["programs"][0]
    for threads, first in ((1, 1), (2, USUAL), (3, USUAL + 5)):
        sizes = {name: first + i for i, name in enumerate(symbols)}
        plan = at_sizes(program, sizes, threads)
        where = f"{stem}: formulas at {sizes}, {threads} threads"
        bound = max(bytes_alive(plan), default=0)
        flags = [f"--dim={k}={v}" for k, v in sizes.items()]
        entry = inspect(artefact, f"--threads={threads}", *flags)["entries"][0]
        arena = plan["memory"]["arena_bytes"]
        report.expect(
            (arena, bound) == (entry.get("arena_bytes"), entry.get("arena_lower_bound")),
            f"{where}: arena {arena}, bound {bound}; the code says {entry.get('arena_bytes')} and "
            f"{entry.get('arena_lower_bound')} {entry.get('arena_unknown', '')}",
        )
        report.expect(arena <= LIMIT * bound, f"{where}: arena {arena} is above the limit of {bound}")
        clashes = list(overlaps(plan))
        report.expect(not clashes, f"{where}: at once at the same place: {clashes[:2]}")


def main():
    arguments, levels = sys.argv[1:], "x86-64-v2,x86-64-v3,x86-64-v4"
    if arguments[0] == "--levels":
        levels, arguments = arguments[1], arguments[2:]
    report = Report()
    for argument in arguments[1:]:
        name, launches, kernels = (argument.split(":") + ["", ""])[:3]
        check(
            name, int(launches or 10**6), int(kernels or 10**6), arguments[0], levels, report
        )
    report.end("structure")


main()
