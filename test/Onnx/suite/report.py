"""Judgement against the committed expectations, and the tables made from the results."""

from __future__ import annotations

import json

from .modes import CRASH, FAIL, PASS, UNSUPPORTED

STATUSES = (PASS, FAIL, UNSUPPORTED, CRASH)


def load_expectations(path: str) -> dict[str, str]:
    """{test: reason} of the tests that are expected to be unsupported; every other test is expected
    to pass.
    """
    try:
        with open(path) as stream:
            return json.load(stream)
    except FileNotFoundError:
        return {}


def judge(results: dict[str, dict], expected: dict[str, str]) -> list[str]:
    """What is wrong, one line each; an empty list means that the suite holds."""
    problems = []
    for name, result in sorted(results.items()):
        status = result["status"]
        if status in (FAIL, CRASH):
            problems.append(f"{name}: {status}: {result['reason']}")
        elif status == UNSUPPORTED and name not in expected:
            problems.append(f"{name}: expected to pass, but unsupported: {result['reason']}")
        elif status == PASS and name in expected:
            problems.append(f"{name}: stale expectation (it passes): remove its line")
    return problems


def unknown_expectations(all_names: set[str], expected: dict[str, str]) -> list[str]:
    return [
        f"{name}: stale expectation (no such test): remove its line"
        for name in sorted(set(expected) - all_names)
    ]


def write_expectations(path: str, results: dict[str, dict], kept: dict[str, str]) -> None:
    """One line a test, sorted, so that a change reads as a list of tests gained or lost."""
    merged = {n: r for n, r in kept.items() if n not in results}
    merged.update({n: r["reason"] for n, r in results.items() if r["status"] == UNSUPPORTED})
    with open(path, "w") as stream:
        lines = [f"{json.dumps(n)}: {json.dumps(r)}" for n, r in sorted(merged.items())]
        stream.write("{\n" + ",\n".join(lines) + "\n}\n")


def passing_operators(results: dict[str, dict]) -> dict[str, set[str]]:
    """Operators by domain of which an official test passes: the node tests of one operator, not the
    expanded forms.
    """
    found: dict[str, set[str]] = {}
    for name, result in results.items():
        if result["status"] != PASS or result["kind"] != "node" or "_expanded" in name:
            continue
        if len(result["operators"]) == 1:
            domain, operator = result["operators"][0]
            found.setdefault(domain, set()).add(operator)
    return found


def _row(label: str, results: list[dict]) -> str:
    counts = [sum(r["status"] == s for r in results) for s in STATUSES]
    return f"| {label} | {len(results)} | " + " | ".join(str(c) for c in counts) + " |"


def markdown(results: dict[str, dict], mode: str, reasons: int = 25) -> str:
    """The tables of README: by kind, by operator domain, and why tests are unsupported."""
    everything = list(results.values())
    head = "| tests | " + " | ".join(STATUSES) + " |\n|---|---|" + "---|" * len(STATUSES)
    lines = [f"ONNX backend tests, {mode}:", "", "| kind " + head]
    for kind in dict.fromkeys(r["kind"] for r in everything):
        lines.append(_row(kind, [r for r in everything if r["kind"] == kind]))
    lines += [_row("all", everything), "", "| domain of the operators " + head]
    domains: dict[str, list[dict]] = {}
    for result in everything:
        for domain in {d for d, _ in result["operators"]} or {"(none)"}:
            domains.setdefault(domain, []).append(result)
    lines += [_row(domain, found) for domain, found in sorted(domains.items())]
    operators = passing_operators(results)
    total = sum(len(names) for names in operators.values())
    lines += ["", f"Operators with a passing test: {total}.", ""]
    for domain, names in sorted(operators.items()):
        lines.append(f"- {domain} ({len(names)}): " + ", ".join(sorted(names)))
    counts: dict[str, int] = {}
    for result in everything:
        if result["status"] == UNSUPPORTED:
            counts[result["reason"]] = counts.get(result["reason"], 0) + 1
    if counts:
        lines += ["", "| tests | why unsupported |", "|---|---|"]
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        lines += [
            f"| {count} | {reason} |".replace("\n", " ") for reason, count in ranked[:reasons]
        ]
        if len(ranked) > reasons:
            lines.append(
                f"| {sum(c for _, c in ranked[reasons:])} | {len(ranked) - reasons} other reasons |"
            )
    return "\n".join(lines) + "\n"
