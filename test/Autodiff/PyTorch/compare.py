#!/usr/bin/env python3
"""Compares operations and their derivatives with PyTorch's, in double precision (operations.npz, by make.py).

    compare.py --mlopt-opt MLOPT_OPT --mlopt MLOPT --work DIR [--mlopt-run MLOPT_RUN] [CASE...]

All results of each operation of cases.py are weighted by random numbers and added up. `mlopt-opt
--mlopt-differentiate` makes the derivatives by each operand and `mlopt eval --mode=exact` evaluates
them and the results: they must lie within 1e-6 of PyTorch's, relative to the largest. With
--mlopt-run they are compiled and run, in single precision: within 2e-5.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

import numpy as np

from cases import CASES, array, operand_values, result_weights

TOLERANCE = {"exact": 1e-6, "compiled": 2e-5}
STORED = pathlib.Path(__file__).parent / "operations.npz"


def tensor_type(values):
    element = {"float32": "f32", "bool": "i1"}[str(values.dtype)]
    return "tensor<" + "".join(f"{size}x" for size in values.shape) + element + ">"


def load():
    """By case: results in order (empty for one that is not compared), and derivatives by operand."""
    expected = {}
    with np.load(STORED) as stored:
        for key in stored.files:
            name, kind, operand = key.split("/")
            results, derivatives = expected.setdefault(name, ([], {}))
            if kind == "result":
                results.append(stored[key])
            else:
                derivatives[operand] = stored[key]
    return expected


def build(name, results, derivatives):
    """The module and the input values by name. It returns what `load` has under these names: `result0`
    and so on, `by_OPERAND`."""
    text, _, operands = CASES[name]
    inputs, variables, random = operand_values(name)
    if variables != list(derivatives):
        raise SystemExit(f"{name}: operations.npz has derivatives by {list(derivatives)}, cases.py by {variables}: "
                         "run make.py")
    names = ["%none" if data is None else "%" + operand for operand, data in operands.items()]
    types = ["none" if data is None else tensor_type(inputs[operand]) for operand, data in operands.items()]

    # The type of a result that is not compared is that of the first, as indices.
    result_types = [tensor_type(r) if r.size else tensor_type(results[0]).replace("f32", "i64") for r in results]
    operation, _, attributes = text.partition(" ")
    lines = ["  %none = mlopt.none : none"] if "%none" in names else []
    lines.append(f"  %y:{len(results)} = mlopt.{operation} {', '.join(names)} {attributes} : ({', '.join(types)}) "
                 f"-> ({', '.join(result_types)})")
    total, returned = None, []
    for i, weight in enumerate(result_weights(random, results)):
        if weight is None:
            continue
        inputs[f"weight{i}"] = weight
        kind = result_types[i]
        returned.append((f"%y#{i}", kind, f"result{i}"))
        lines += [f"  %p{i} = mlopt.mul %y#{i}, %weight{i} : ({kind}, {kind}) -> {kind}",
                  f"  %s{i} = mlopt.reduce %p{i} {{kind = #mlopt<reduce_kind sum>, axes = "
                  f"{array(range(weight.ndim))}}} : ({kind}) -> tensor<f32>"]
        if total is not None:
            lines.append(f"  %t{i} = mlopt.add {total}, %s{i} : (tensor<f32>, tensor<f32>) -> tensor<f32>")
        total = f"%s{i}" if total is None else f"%t{i}"
    by = ", ".join(tensor_type(inputs[n]) for n in variables)
    lines.append(f"  %g:{len(variables)} = mlopt.gradient {total}, {', '.join('%' + n for n in variables)} : "
                 f"(tensor<f32>, {by}) -> ({by})")
    returned += [(f"%g#{i}", tensor_type(inputs[n]), f"by_{n}") for i, n in enumerate(variables)]
    arguments = ", ".join(f'%{n}: {tensor_type(v)} {{mlopt.name = "{n}"}}' for n, v in inputs.items())
    signature = ", ".join(f'{kind} {{mlopt.name = "{n}"}}' for _, kind, n in returned)
    lines.append(f"  return {', '.join(v for v, _, _ in returned)} : {', '.join(kind for _, kind, _ in returned)}")
    return "\n".join([f"func.func @main({arguments}) -> ({signature}) {{", *lines, "}", ""]), inputs


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mlopt-opt", required=True)
    parser.add_argument("--mlopt", required=True)
    parser.add_argument("--mlopt-run", help="compile and run in place of the reference evaluator")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--scale", type=float, default=1.0, help="factor on what is compared, to test the test")
    parser.add_argument("--spoil", metavar="OPERATION", default="", help="its rule gives 1 %% too much")
    parser.add_argument("cases", nargs="*", help="names; all if none")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    stored = load()
    if list(stored) != list(CASES):
        raise SystemExit(f"{STORED.name} and cases.py differ in {sorted(set(stored) ^ set(CASES))}: run make.py")
    chosen = options.cases or list(CASES)
    modules = []
    for name in chosen:
        module, inputs = build(name, *stored[name])
        np.savez(options.work / f"{name}.in.npz", **inputs)
        (options.work / f"{name}.out.npz").unlink(missing_ok=True)
        modules.append(module)
    source = options.work / "all.mlir"
    source.write_text("// -----\n".join(modules))
    differentiate = "--mlopt-differentiate" + f"=spoil={options.spoil}" * bool(options.spoil)
    made = subprocess.run([options.mlopt_opt, differentiate, "--split-input-file", str(source)],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    for name, module in zip(chosen, re.split(r"^// -----$", made, flags=re.M), strict=True):
        (options.work / f"{name}.mlir").write_text(module)
    errors = (run if options.mlopt_run else evaluate)(options, chosen)
    tolerance = TOLERANCE["compiled" if options.mlopt_run else "exact"]
    counts, bad = {"result": 0, "by_": 0}, 0
    for name, error in zip(chosen, errors, strict=True):
        results, derivatives = stored[name]
        expected = {f"result{i}": r for i, r in enumerate(results) if r.size}
        expected |= {f"by_{n}": d for n, d in derivatives.items()}
        counts["by_"] += len(derivatives)
        counts["result"] += len(expected) - len(derivatives)
        if error:
            bad += len(expected)
            print(f"{name}: {error}")
            continue
        with np.load(options.work / f"{name}.out.npz") as found:
            for key, want in expected.items():
                got = found[key].astype(np.float64) * options.scale
                off = np.abs(got - want).max() / max(np.abs(want).max(), 1e-3) if got.shape == want.shape else np.inf
                if not off <= tolerance:
                    bad += 1
                    print(f"{name}: {key} is off by {off:.2g}\n got {got}\n want {want}")
    print(f"{len(chosen)} operations, {counts['by_']} derivatives and {counts['result']} results compared, {bad} wrong")
    return 1 if bad else 0


def batch(command, lines):
    """What each line of a command's batch mode reports as an error; empty if nothing."""
    answers = subprocess.run([*command, "--batch=-"], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, text=True,
                             check=False).stdout.splitlines()
    return [answer["stderr"] if answer["exit"] else "" for answer in map(json.loads, answers)]


def evaluate(options, names):
    return batch([options.mlopt, "eval"],
                 [f"{options.work}/{name}.mlir --mode=exact --input=@{options.work}/{name}.in.npz "
                  f"--output=@{options.work}/{name}.out.npz" for name in names])


def run(options, names):
    errors = batch([options.mlopt, "compile"], [f"{options.work}/{n}.mlir -o {options.work}/{n}.so" for n in names])
    for i, name in enumerate(names):
        if not errors[i]:
            ran = subprocess.run([options.mlopt_run, f"{options.work}/{name}.so",
                                  f"--input=@{options.work}/{name}.in.npz",
                                  f"--output=@{options.work}/{name}.out.npz"], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, check=False)
            errors[i] = ran.stdout if ran.returncode else ""
    return errors


if __name__ == "__main__":
    sys.exit(main())
