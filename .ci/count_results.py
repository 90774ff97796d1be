#!/usr/bin/env python3
"""Prints `PASSED FAILED SKIPPED` of a result file; reasons of skips go to standard error.

count_results.py lit FILE.json | onnx FILE.json | junit FILE.xml
"""

import json
import os
import re
import sys
import xml.etree.ElementTree

PASSED = {"PASS", "XFAIL", "FLAKYPASS"}
SKIPPED = {"UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def count_lit(path):
    with open(path) as stream:
        tests = json.load(stream)["tests"]
    for test in tests:
        if test["code"] in SKIPPED:
            reason = re.sub(r"\s+", " ", test.get("output", "")).strip() or test["code"].lower()
            print(f"   skipped: {test['name']}: {reason}", file=sys.stderr)
    passed = sum(t["code"] in PASSED for t in tests)
    skipped = sum(t["code"] in SKIPPED for t in tests)
    return passed, len(tests) - passed - skipped, skipped


def count_onnx(path):
    """Beside FILE.json, FILE.problems has one line for each thing that is wrong: each is a
    failure.
    """
    with open(path) as stream:
        results = json.load(stream)
    with open(os.path.splitext(path)[0] + ".problems") as stream:
        problems = [line.split(":", 1)[0] for line in stream if line.strip()]
    named = set(problems) & set(results)
    passed = sum(r["status"] == "pass" for n, r in results.items() if n not in named)
    skipped = sum(r["status"] == "unsupported" for n, r in results.items() if n not in named)
    return passed, len(problems), skipped


def count_junit(path):
    cases = list(xml.etree.ElementTree.parse(path).getroot().iter("testcase"))
    failed = sum(c.find("failure") is not None or c.find("error") is not None for c in cases)
    skipped = sum(c.find("skipped") is not None for c in cases)
    return len(cases) - failed - skipped, failed, skipped


def main():
    kinds = {"lit": count_lit, "onnx": count_onnx, "junit": count_junit}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(*kinds[sys.argv[1]](sys.argv[2]))
    except (OSError, ValueError, KeyError, xml.etree.ElementTree.ParseError) as error:
        print(f"count_results.py: {sys.argv[2]}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
