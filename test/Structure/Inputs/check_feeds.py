"""check_feeds.py FOLDER: wrong inputs of runs through the Python package, each with its error code.

The session stays usable: after every error the right inputs give the same bits as before.
"""

import os
import sys

import mlopt
import numpy as np
from common import MODELS, Report, cases_of, compile_model

report = Report()
# numpy's own wrong values
TEXT, OBJECT = np.array([["a"]]), np.array([[object()]])


def refuse(session, name, feed, code, kind, text):
    try:
        session.run(None, feed)
        report.expect(False, f"{name}: the run succeeds")
    except Exception as error:
        report.expect(
            isinstance(error, kind) and error.code == code and error.exit_code == 8,
            f"{name}: {type(error).__name__} {getattr(error, 'code', '')}: {error}, expected "
            f"{kind.__name__} {code}",
        )
        report.expect(text in str(error), f"{name}: '{error}' does not name {text}")


def check(name, folder, wrong):
    artefact = compile_model(MODELS / f"{name}.onnx", os.path.join(folder, name + ".so"))
    session = mlopt.InferenceSession(artefact, num_threads=2)
    inputs, _ = cases_of(name)[0]
    right = [value.tobytes() for value in session.run(None, inputs)]
    bad = mlopt.InvalidInputError
    first = next(iter(inputs))
    value = inputs[first]
    cases = [
        ("missing", {k: v for k, v in inputs.items() if k != first}, "MLO5102", bad, first),
        ("nothing", {}, "MLO5102", bad, first),
        ("unknown", {**inputs, "nobody": value}, "MLO5101", bad, "nobody"),
        ("float64", {**inputs, first: value.astype(np.float64)}, "MLO5103", bad, first),
        ("bool", {**inputs, first: value.astype(bool)}, "MLO5103", bad, first),
        ("text", {**inputs, first: TEXT}, "MLO5103", bad, first),
        ("object", {**inputs, first: OBJECT}, "MLO5103", bad, first),
        ("rank above", {**inputs, first: value[None]}, "MLO5104", bad, first),
        ("rank below", {**inputs, first: value[0]}, "MLO5104", bad, first),
        ("rank 0", {**inputs, first: value.dtype.type(1)}, "MLO5104", bad, first),
        *wrong(inputs),
    ]
    for label, feed, code, kind, text in cases:
        refuse(session, f"{name}: {label}", feed, code, kind, text)
        again = [result.tobytes() for result in session.run(None, inputs)]
        report.expect(again == right, f"{name}: after '{label}' a run gives other bits")
    session.close()


def fixed(inputs):
    first = next(iter(inputs))
    value, bad = inputs[first], mlopt.InvalidInputError
    longer = np.concatenate([value, value[..., :1]], axis=-1)
    yield "a longer row", {**inputs, first: longer}, "MLO5105", bad, first
    yield "a shorter row", {**inputs, first: value[..., :-1]}, "MLO5105", bad, first
    yield "an empty row", {**inputs, first: value[..., :0]}, "MLO5105", bad, first


def tokens(inputs):
    ids, bad = inputs["input_ids"], mlopt.InvalidInputError
    mask = "attention_mask"
    yield "sizes differ", {**inputs, mask: inputs[mask][:, :-1]}, "MLO5105", bad, mask
    for index in (10**6, -(10**6), 2**62, -(2**63)):
        other = ids.copy()
        other[-1, -1] = index
        yield f"index {index}", {**inputs, "input_ids": other}, "MLO5201", mlopt.RunError, "index"
    long = {k: np.ones((1, 4000), np.int64) for k in inputs}
    yield "more positions than there are", long, "MLO5111", bad, "4000"


def main():
    folder = sys.argv[1]
    check("mlp", folder, lambda inputs: [])
    check("mobilenetv2", folder, fixed)
    check("bert_dynamic", folder, tokens)
    report.end("feeds")


main()
