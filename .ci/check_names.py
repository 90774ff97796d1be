#!/usr/bin/env python3
"""Checks names that the eye slides over: check_names.py [ROOT]. Exit code 1 and one line for each
problem.

Files: CamelCase in the compiler's layers, snake_case in runtime and Python. Passes: `def FooBarPass
: Pass<"mlopt-foo-bar"` (or "convert-x-to-y") with FooBar.cpp or XToY.cpp beside the library. Words
of unfinished work are found everywhere.
"""

import os
import re
import sys

CAMEL = re.compile(r"^[A-Z][A-Za-z0-9]*\.(cpp|h|td|def|inc)$")
SNAKE = re.compile(r"^_?_?[a-z][a-z0-9_]*\.(c|h|cpp|py|pyi|def|inc|S)$")
TOOL_MAIN = re.compile(r"^mlopt(-[a-z]+)*\.cpp$")
STYLE = {
    "ir": CAMEL,
    "frontend": CAMEL,
    "passes": CAMEL,
    "codegen": CAMEL,
    "tools": CAMEL,
    "runtime": SNAKE,
    "python": SNAKE,
}
SUFFIXES = (".cpp", ".h", ".c", ".td", ".py", ".def")
PASS = re.compile(r'^def\s+(\w+)\s*:\s*Pass<"([^"]+)"', re.M)
# Built from halves so that this file does not find itself.
UNFINISHED = re.compile(
    r"\b(" + "|".join(a + b for a, b in (("TO", "DO"), ("FIX", "ME"), ("XX", "X"))) + r")\b"
)


def check_pass(root, shown, text, problems):
    sources = {
        n
        for layer in ("passes", "codegen", "ir", "frontend")
        for _, _, ns in os.walk(os.path.join(root, layer))
        for n in ns
    }
    for name, flag in PASS.findall(text):
        if not name.endswith("Pass"):
            problems.append(f"{shown}: {name}: the record of a pass ends in Pass")
        stem = name[:-4] if name.endswith("Pass") else name
        kebab = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", stem).lower()
        if flag not in (f"mlopt-{kebab}", kebab, f"mlopt-{kebab.replace('mlopt-', '')}"):
            problems.append(
                f"{shown}: {name}: flag '{flag}', expected 'mlopt-{kebab}' "
                f"(or '{kebab}' for a conversion)"
            )
        if not flag.startswith(("mlopt-", "convert-")):
            problems.append(
                f"{shown}: {name}: flag '{flag}' starts with neither mlopt- nor convert-"
            )
        plain = stem[len("Convert") :] if stem.startswith("Convert") else stem
        if not {f"{stem}.cpp", f"{plain}.cpp"} & sources:
            problems.append(f"{shown}: {name}: no file {stem}.cpp")


def main():
    root = os.path.abspath(
        sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..")
    )
    problems = []
    for layer, style in STYLE.items():
        for folder, folders, names in os.walk(os.path.join(root, layer)):
            folders[:] = [
                f for f in folders if not f.startswith((".", "__")) and f not in ("build", "dist")
            ]
            for name in sorted(n for n in names if n.endswith(SUFFIXES)):
                path = os.path.join(folder, name)
                shown = os.path.relpath(path, root)
                main_file = layer == "tools" and TOOL_MAIN.match(name)
                if not style.match(name) and not main_file and not name.startswith("__"):
                    problems.append(f"{shown}: the name does not follow the style of {layer}")
                with open(path, encoding="utf-8", errors="replace") as stream:
                    text = stream.read()
                for number, line in enumerate(text.splitlines(), 1):
                    if UNFINISHED.search(line):
                        problems.append(f"{shown}:{number}: a word of unfinished work")
                if name.endswith(".td"):
                    check_pass(root, shown, text, problems)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
