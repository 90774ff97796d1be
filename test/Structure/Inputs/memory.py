"""What `inspect --format=json` says of memory, and the lower bound counted from it."""

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
