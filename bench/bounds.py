"""Figures against their bounds: what compare.py and goals.py decide by."""

import dataclasses
import math

#: The words that end the table when everything holds, and when something does not.
HOLDS, MISSES = "every bound holds", "missed"


@dataclasses.dataclass(frozen=True)
class Figure:
    """One measured value. `value` is None where nothing could be measured, which no bound forgives;
    `bound` is None where a figure is only shown. `remark` says how it was measured or why not."""

    what: str
    value: float | None
    bound: float | None = None
    unit: str = ""
    remark: str = ""

    @property
    def met(self):
        if self.bound is None:
            return True
        # Not `value > bound`: not a number meets no bound.
        return self.value is not None and self.value <= self.bound

    def cells(self):
        def number(value):
            return "-" if value is None else f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"

        verdict = "" if self.bound is None else "ok" if self.met else "MISSED"
        return [self.what, number(self.value), number(self.bound), self.unit, verdict, self.remark]


def table(figures):
    """The figures as lines of text, one each, with a head."""
    rows = [["figure", "measured", "bound", "unit", "", ""], *(f.cells() for f in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    lines = []
    for what, value, bound, unit, verdict, remark in rows:
        lines.append(
            f"{what:<{widths[0]}}  {value:>{widths[1]}}  {bound:>{widths[2]}}  "
            f"{unit:<{widths[3]}}  {verdict:<{widths[4]}}  {remark}".rstrip()
        )
    return lines


def judge(figures, show=print):
    """Prints all figures, then the ones that miss their bound once more. Returns the exit status:
    0 when there is a bound and every one holds, else 1."""
    for line in table(figures):
        show(line)
    missed = [f for f in figures if not f.met]
    held = sum(f.bound is not None for f in figures)
    show("")
    if missed:
        show(f"{MISSES} ({len(missed)} of {held} bounds):")
        for line in table(missed)[1:]:
            show("  " + line)
        return 1
    if not held:
        show("nothing was measured against a bound")
        return 1
    show(f"{HOLDS} ({held})")
    return 0


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))
