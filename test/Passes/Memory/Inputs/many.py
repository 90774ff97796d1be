"""Plans a program of thousands of tensors with irregular lifetimes, as training makes them.

Usage: many.py MLOPT_OPT COUNT

The program computes COUNT tensors of six sizes and adds them up in a random order that is the
same in each run. Its plan must keep those alive together apart, lie within 5 % of the lower
bound, and be made within MOST_SECONDS of CPU time (a search that sorts all neighbours of a
tensor for each place takes minutes). Prints the outcome; ends with status 1 if it is wrong.
"""

import random
import re
import resource
import subprocess
import sys

MOST_SECONDS = 20
MOST_RATIO = 1.05
SIZES = [16 * s for s in (1, 3, 7, 13, 29, 61)]

KERNELS = """
mlopt.kernel @exp{0}(%x: tensor<{0}xf32>) -> tensor<{0}xf32>
    attributes {{hero = #mlopt.hero<elementwise>, dims = [[{0}], [{0}]], schedule = #plain}} {{
  %0 = mlopt.exp %x {{mlopt.hero_op}} : (tensor<{0}xf32>) -> tensor<{0}xf32>
  mlopt.yield %0 : tensor<{0}xf32>
}}
mlopt.kernel @add{0}(%x: tensor<{0}xf32>, %y: tensor<{0}xf32>) -> tensor<{0}xf32>
    attributes {{hero = #mlopt.hero<elementwise>, dims = [[{0}], [{0}], [{0}]],
                 schedule = #plain}} {{
  %0 = mlopt.add %x, %y {{mlopt.hero_op}} : (tensor<{0}xf32>, tensor<{0}xf32>) -> tensor<{0}xf32>
  mlopt.yield %0 : tensor<{0}xf32>
}}"""


def program(count):
    rng = random.Random(1)
    lines = [
        '#plain = #mlopt.schedule<emitter = "generic", phases = 1, scratchShared = <"0">, '
        'scratchPerThread = <"0">, units = <"1">, part = [], params = {}>'
    ]
    lines += [KERNELS.format(size) for size in SIZES]
    types = ", ".join(f"tensor<{size}xf32>" for size in SIZES)
    arguments = ", ".join(f"%a{size}: tensor<{size}xf32>" for size in SIZES)
    lines.append(f"func.func @many({arguments}) -> ({types}) {{")
    waiting = {size: [f"%a{size}"] for size in SIZES}
    made = 0

    def launch(kind, size, operands):
        nonlocal made
        of = f"tensor<{size}xf32>"
        lines.append(
            f"  %v{made} = mlopt.launch @{kind}{size}({', '.join(operands)}) : "
            f"({', '.join([of] * len(operands))}) -> {of}"
        )
        waiting[size].append(f"%v{made}")
        made += 1

    for _ in range(count):
        size = rng.choice(SIZES)
        launch("exp", size, [rng.choice(waiting[size])])
    while left := [size for size in SIZES if len(waiting[size]) > 1]:
        size = rng.choice(left)
        values = waiting[size]
        launch("add", size, [values.pop(rng.randrange(len(values))) for _ in range(2)])
    lines.append("  return " + ", ".join(waiting[size][0] for size in SIZES) + f" : {types}\n}}")
    return "\n".join(lines)


def main():
    plan = subprocess.run(
        [sys.argv[1], "--mlopt-plan"],
        input=program(int(sys.argv[2])),
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS)),
    ).stdout
    place = r"mlrt\.arena offset\((\d+)\) bytes\((\d+)\) live \[(\d+), (\d+)\]"
    tensors = [tuple(map(int, found)) for found in re.findall(place, plan)]
    arena, bound = map(int, re.search(r"arena_bytes\((\d+)\) lower_bound\((\d+)\)", plan).groups())
    clashes = 0
    for i, (offset, size, first, last) in enumerate(tensors):
        if offset + size > arena:
            sys.exit(f"a tensor at {offset} of {size} bytes lies outside of {arena} bytes")
        for other, length, begin, end in tensors[:i]:
            clashes += (
                first <= end and begin <= last and offset < other + length and other < offset + size
            )
    ratio = arena / bound
    print(f"{len(tensors)} tensors, {clashes} clashes, arena {ratio:.3f} times the lower bound")
    if clashes or ratio > MOST_RATIO:
        sys.exit(1)


main()
