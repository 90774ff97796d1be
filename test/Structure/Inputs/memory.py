"""What `inspect --format=json` says of memory, and the lower bound counted from it."""

import re

_NAME = r"\w.\[\]:/?"  # and "-", but not at the start
_TOKEN = re.compile(
    rf"\s*(?:('(?:[^'\\]|\\.)*')|(\d+)(?![{_NAME}\-])|([{_NAME}][{_NAME}\-]*)|(==|.))"
)
_FUNCTIONS = {
    "floordiv": lambda a, b: a // b,
    "ceildiv": lambda a, b: -(-a // b),
    "mod": lambda a, b: a % b,
    "min": min,
    "max": max,
}


class _Formula:
    """Evaluates a size expression as the metadata prints it, for given names."""

    def __init__(self, text, values):
        self.tokens = [m.groups() for m in _TOKEN.finditer(text.strip())]
        self.at, self.values = 0, values

    def _sign(self):
        return self.tokens[self.at][3] if self.at < len(self.tokens) else None

    def _take(self, *signs):
        if self._sign() in signs:
            self.at += 1
            return self.tokens[self.at - 1][3]
        return None

    def value(self):
        total = self._sum()
        if self.at != len(self.tokens):
            raise ValueError(f"not a formula: {self.tokens[self.at:]} is left")
        return total

    def _sum(self):
        total = self._product()
        while sign := self._take("+", "-"):
            total += self._product() if sign == "+" else -self._product()
        return total

    def _product(self):
        product = self._factor()
        while self._take("*"):
            product *= self._factor()
        return product

    def _factor(self):
        if self._take("-"):
            return -self._factor()
        if self._take("("):
            inner = self._sum()
            self._expect(")")
            return inner
        quoted, number, word, sign = self.tokens[self.at]
        self.at += 1
        if sign:
            raise ValueError(f"not a formula: unexpected {sign}")
        if number:
            return int(number)
        if quoted:
            return self.values[re.sub(r"\\(.)", r"\1", quoted[1:-1])]
        return self._call(word) if self._sign() == "(" else self.values[word]

    def _expect(self, sign):
        if not self._take(sign):
            raise ValueError(f"not a formula: no {sign}")

    def _call(self, name):
        self._expect("(")
        operands = [self._sum()]
        if name == "select":
            compare = self._take("==", "<")
            other = self._sum()
            chosen = operands[0] == other if compare == "==" else operands[0] < other
            self._expect(",")
            yes = self._sum()
            self._expect(",")
            no = self._sum()
            self._expect(")")
            return yes if chosen else no
        while self._take(","):
            operands.append(self._sum())
        self._expect(")")
        return _FUNCTIONS[name](*operands)


def evaluate(text, values):
    return _Formula(text, values).value()


def step_values(program, symbols, threads=1):
    """The symbols, `.threads` and the named values of a program for these sizes."""
    values = {**symbols, ".threads": threads}
    for step in program["memory"]["steps"]:
        values[step["name"]] = evaluate(step["formula"], values)
    return values


def at_sizes(program, symbols, threads=1):
    """The program with the bytes and places that its formulas give at these sizes."""
    values = step_values(program, symbols, threads)
    tensors = [
        {
            **t,
            "bytes": evaluate(t["bytes_formula"], values),
            "offset": evaluate(t["offset_formula"], values),
        }
        for t in program["memory"]["tensors"]
    ]
    arena = evaluate(program["memory"]["arena_formula"], values)
    return {**program, "memory": {**program["memory"], "tensors": tensors, "arena_bytes": arena}}

#: How many times the lower bound an arena may be.
LIMIT = 1.15
ALIGNMENT = 64


def rounded(count):
    """To whole places: what the planner places has a multiple of ALIGNMENT bytes."""
    return -(-count // ALIGNMENT) * ALIGNMENT


def bytes_alive(program, scratch=True):
    """For each launch of a program of the metadata the bytes that live then, on one thread."""
    alive = [0] * len(program["launches"])
    for tensor in program["memory"]["tensors"]:
        if scratch or not tensor["scratch"]:
            for launch in range(tensor["first"], tensor["last"] + 1):
                alive[launch] += rounded(tensor["bytes"])
    return alive


def overlaps(program):
    """Pairs of tensors that live at once and share bytes: there must be none."""
    places = [t for t in program["memory"]["tensors"] if t["bytes"]]
    for at, a in enumerate(places):
        for b in places[:at]:
            together = a["first"] <= b["last"] and b["first"] <= a["last"]
            touching = (
                a["offset"] < b["offset"] + b["bytes"] and b["offset"] < a["offset"] + a["bytes"]
            )
            if together and touching:
                yield a, b
