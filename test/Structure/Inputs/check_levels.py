"""check_levels.py FOLDER MODEL...: one artefact, the code of each CPU level against the others.

Each level, forced by MLOPT_CPU_LEVEL, gives the framework's results, those of the other levels, and
the same bits on 1, 2 and 3 threads. A level that this machine cannot run says so.
"""

import os
import sys

import mlopt
import numpy as np
from common import LEVELS, MODELS, TOLERANCE, Report, cases_of, compile_model, relative_error

NEEDED = {
    "x86-64-v2": "sse4_2",
    "x86-64-v3": "avx2",
    "x86-64-v4": "avx512vl",
    "host": "sse4_2",
}


def machine_flags():
    with open("/proc/cpuinfo") as stream:
        for line in stream:
            if line.startswith("flags"):
                return set(line.split(":", 1)[1].split())
    return set()


def results_at(artefact, level, threads, cases):
    os.environ["MLOPT_CPU_LEVEL"] = level
    with mlopt.InferenceSession(artefact, num_threads=threads) as session:
        if session.cpu_level != level:
            sys.exit(f"MLOPT_CPU_LEVEL={level} runs the code of {session.cpu_level}")
        return [session.run(list(outputs), inputs) for inputs, outputs in cases]


def bits(results):
    return [np.asarray(value).tobytes() for case in results for value in case]


def check(name, folder, report):
    wanted = [*LEVELS, "host"]
    artefact = compile_model(
        MODELS / f"{name}.onnx", os.path.join(folder, name + ".so"), f"--cpu={','.join(wanted)}"
    )
    cases = cases_of(name)
    flags, by_level = machine_flags(), {}
    for level in wanted:
        if NEEDED[level] not in flags:
            try:
                results_at(artefact, level, 1, cases[:1])
                report.expect(False, f"{name}: {level} runs on a machine without it")
            except mlopt.Error as error:
                report.expect(error.code == "MLO5007", f"{name}: {level}: {error}")
            continue
        results = by_level[level] = results_at(artefact, level, 1, cases)
        for threads in (2, 3):
            same = bits(results) == bits(results_at(artefact, level, threads, cases))
            report.expect(same, f"{name}: {level}: {threads} threads give other bits than 1")
        for index, ((_, outputs), got) in enumerate(zip(cases, results)):
            for (output, expected), value in zip(outputs.items(), got):
                error = relative_error(value, expected)
                report.expect(
                    error <= TOLERANCE, f"{name}: {level}: case {index}, {output}: error {error:.1e}"
                )
    levels = list(by_level)
    for at, level in enumerate(levels):
        for other in levels[:at]:
            for index, (a, b) in enumerate(zip(by_level[level], by_level[other])):
                error = max(map(relative_error, a, b))
                report.expect(
                    error <= TOLERANCE,
                    f"{name}: case {index}: {level} differs from {other} by {error:.1e}",
                )


def main():
    report = Report()
    for name in sys.argv[2:]:
        check(name, sys.argv[1], report)
    report.end("levels")


main()
