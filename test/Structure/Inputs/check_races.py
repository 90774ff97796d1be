"""check_races.py [--repeat N] FOLDER MODEL...: threads held up at random give the same bits.

Each model runs once on one thread; then N times (default 4) on 2, 3 and 5 threads in the runtime's
debug mode: memory is filled with NaN before the run and threads wait at random at the start and
behind barriers. A barrier that is missing lets a thread read what another one has not written yet,
or write what another one still reads. MODEL is a small model's name or a path; symbols take a few
sizes.
"""

import itertools
import os
import sys

import numpy as np
from common import MODELS, Report, cases_of, compile_model

import mlopt

DEBUG = "MLOPT_RT_DEBUG"
SIZES = {"n": [1, 3], "m": [2, 4]}


def feeds_of(name, session):
    """Inputs to run with: the stored cases, or random values at a few sizes."""
    if os.path.sep not in name:
        return [inputs for inputs, _ in cases_of(name)]
    random = np.random.default_rng(2)
    inputs = session.get_inputs()
    symbols = sorted({d for i in inputs for d in i.shape if isinstance(d, str)})
    feeds = []

    def values(shape):
        return random.standard_normal(shape).astype(np.float32)

    for sizes in itertools.product(*[SIZES[s] for s in symbols]):
        known = dict(zip(symbols, sizes, strict=True))
        feeds.append({i.name: values([known.get(d, d) for d in i.shape]) for i in inputs})
    return feeds


def check(name, folder, repeat, report):
    model = name if os.path.sep in name else MODELS / f"{name}.onnx"
    stem = os.path.basename(str(model)).removesuffix(".onnx")
    artefact = compile_model(model, os.path.join(folder, stem + ".so"), "--header=none")
    os.environ.pop(DEBUG, None)
    alone = mlopt.InferenceSession(artefact, num_threads=1)
    for number, feed in enumerate(feeds_of(name, alone)):
        expected = [np.asarray(r).tobytes() for r in alone.run(None, feed)]
        for threads in (2, 3, 5):
            os.environ[DEBUG] = "poison,delay"
            session = mlopt.InferenceSession(artefact, num_threads=threads)
            wrong = 0
            for _ in range(repeat):
                wrong += [np.asarray(r).tobytes() for r in session.run(None, feed)] != expected
            del os.environ[DEBUG]
            where = f"{stem}, case {number}, {threads} threads"
            report.expect(not wrong, f"{where}: {wrong} of {repeat} runs differ")


def main(arguments):
    repeat = 4
    if arguments[0] == "--repeat":
        repeat = int(arguments[1])
        arguments = arguments[2:]
    folder, *names = arguments
    report = Report()
    for name in names:
        check(name, folder, repeat, report)
    report.end("races")


main(sys.argv[1:])
