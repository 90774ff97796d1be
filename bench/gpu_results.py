"""What bench/gpu.py has measured: a JSON file that grows by steps, and the verdict on it."""

import json
import pathlib

from bounds import Figure

JUDGED = ("bert", "resnet50")


class Refusal(Exception):
    """A wrong call: told without a trace."""


class Results:
    """The JSON file; `steps` maps a step to "done", "failed" or "running"."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.data = json.loads(self.path.read_text()) if self.path.exists() else {}

    def begin(self, identity):
        """Goes on with what is there if it is of the same build and card."""
        old = self.data
        for key in ("emulated", "card", "tiny"):
            if old and old.get(key) != identity[key]:
                raise Refusal(
                    f"{self.path} holds figures with {key} {old.get(key)!r}, this is "
                    f"{identity[key]!r}; give another --json"
                )
        if old.get("made_by") != identity["made_by"]:
            self.data = {"steps": {}, "conformance": {}, "rows": {}, "micro": {}}
        self.data.update(identity)

    def save(self):
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self.data, indent=1) + "\n")
        part.replace(self.path)

    def mark(self, step, state, **rest):
        self.data["steps"][step] = {"state": state, **rest}
        self.save()

    def state(self, step):
        return self.data["steps"].get(step, {}).get("state")


def row_key(name, precision, batch):
    return f"{name}-{precision}-b{batch}"


# -- verdict --


def figures(data):
    """What is judged. Errors are shown as shares of their bounds; a step that failed misses its."""
    found = []
    wrong = [case for case in data["conformance"].values() if not case["ok"]]
    count = f"of {len(data['conformance'])}"
    found.append(Figure("wrong results of small models", float(len(wrong)), 0.0, "", count))
    for key, case in data["conformance"].items():
        if not case["ok"]:
            found.append(error_figure(key, case["error"], case["bound"]))
    for key, step in data["steps"].items():
        if step["state"] != "done":
            found.append(Figure(key, None, 0.0, "", step.get("error", step["state"])))
    for key, row in data["rows"].items():
        found.append(error_figure(key, row["engines"]["mlopt"]["error"], row["error_bound"]))
    for key, micro in data["micro"].items():
        if not micro.get("ok", True):
            found.append(error_figure(f"micro {key}", micro["error"], micro["error_bound"]))
    if not data["emulated"]:
        found += speed_figures(data["rows"])
    return found


def error_figure(what, error, bound):
    share = error / bound if bound else float(error > 0)
    return Figure(f"{what}: error", share, 1.0, "of bound", f"{error:.1e} of {bound:.1e}")


def speed_figures(rows):
    found = []
    for name in JUDGED:
        for batch, clock, default, faster in ((1, "latency", 1.0, 1.25), (32, "gpu", None, 2.0)):
            engines = rows.get(row_key(name, "f16", batch), {}).get("engines", {})

            def median(engine):
                return engines.get(engine, {}).get(clock, {}).get("median_us")

            ours, modes = median("mlopt"), [median("compile"), median("reduce-overhead")]
            best = min((m for m in modes if m), default=None)
            what = f"{name} in f16, batch {batch}, over torch.compile's"
            if default:
                ratio = ours / modes[0] if ours and modes[0] else None
                found.append(Figure(f"{what} default", ratio, default, "ratio"))
            ratio = ours / best if ours and all(modes) else None
            found.append(Figure(f"{what} faster mode", ratio, faster, "ratio"))
    return found
