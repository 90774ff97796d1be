"""Checks of what `mlopt quantize` reports; see quantize-drop.test for the arguments of each."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree

import numpy as np

what, arguments = sys.argv[1], sys.argv[2:]


def load(path):
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)


STATIC = ("--calibrate=calibrate.npz", "--method=minmax")


def quantize(mlopt, folder, model, name, *more, code=0, form=STATIC):
    path = os.path.join(folder, name)
    done = subprocess.run(
        [
            mlopt,
            "quantize",
            os.path.join(folder, model),
            *form,
            "--no-timing",
            f"--report=quantization:{path}.json",
            "-o",
            path + ".onnx",
            *more,
        ],
        cwd=folder,
    )
    assert done.returncode == code, f"exit code {done.returncode}, expected {code}"
    return load(path + ".json")


if what == "accuracy":
    runner, mlopt, folder, reference, quantized, data, report = arguments
    with np.load(os.path.join(folder, data)) as file:
        x, labels = file["x"], file["labels"]
    np.save(os.path.join(folder, "x.npy"), x)
    correct = []
    for name in (reference, quantized):
        path, out = os.path.join(folder, name), os.path.join(folder, "y.npz")
        subprocess.run([mlopt, path, "-o", path + ".so", "--header=none"], check=True)
        given = f"--input=x:@{folder}/x.npy"
        subprocess.run([runner, "run", path + ".so", "-q", given, f"--output=@{out}"], check=True)
        with np.load(out) as file:
            correct.append(file["y"].argmax(1) == labels)
    found = load(report)["accuracy"]
    before, after = (float(c.mean()) for c in correct)
    half = 1.96 * np.sqrt((correct[0] != correct[1]).mean() / labels.size)
    assert before > 0.8, f"the model is no classifier: {before}"
    assert found["labels"] is True and found["samples"] == labels.size
    assert abs(found["float"] - before) < 1e-9, (found, before)
    assert abs(found["quantized"] - after) < 1e-9, (found, after)
    assert abs(found["drop"] - (before - after)) < 1e-9
    assert abs(found["half_width"] - half) < 1e-9, (found, half)
elif what == "forms":
    report, picture, *layers = arguments
    found = load(report)
    assert [row["layer"] for row in found["layers"]] == layers
    for row in found["layers"]:
        assert row["kept_as"] == "int" and row["sqnr_db"] > 20, row
        assert row["range"][0] <= 0 <= row["range"][1] and 0 <= row["clipped"] < 0.2
        assert row["method"] in ("minmax", "percentile", "entropy", "mse")
        assert row["float_us"] is None and row["int_us"] is None
        assert abs(row["sqnr_db"] + 10 * np.log10(row["relative_error"])) < 1e-6
    root = xml.etree.ElementTree.parse(picture).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    texts = " ".join(root.itertext())
    for layer in layers:
        assert layer in texts, layer
    bars = [r for r in root.iter("{http://www.w3.org/2000/svg}rect") if len(r)]
    assert len(bars) >= len(layers)
    for bar in bars:
        right = float(bar.get("x")) + float(bar.get("width"))
        assert right <= float(root.get("width")), "a bar leaves the picture"
elif what == "bound":
    mlopt, folder, model = arguments
    data = ["--metric=mse", "--data=" + os.path.join(folder, "unlabelled.npz")]
    whole = quantize(mlopt, folder, model, "whole", *data)["accuracy"]["drop"]
    assert whole > 0
    # The last layer alone costs less than all do.
    kept = quantize(mlopt, folder, model, "less", *data, f"--max-drop={whole * 75}%")
    rows = kept["layers"]
    assert kept["accuracy"]["drop"] <= 0.75 * whole, kept["accuracy"]
    back = [row for row in rows if row["kept_as"] == "float"]
    assert 0 < len(back) < len(rows), rows
    assert all(row["why"].startswith("costs too much") for row in back), back
    assert kept["candidates"] >= 2
elif what == "spoil":
    mlopt, folder, model, layer = arguments
    good = quantize(mlopt, folder, model, "good")["layers"]
    spoil = f"--force-internal-error=spoil-kernel@{layer}"
    bad = quantize(mlopt, folder, model, "bad", spoil)["layers"]
    for before, after in zip(good, bad):
        if before["layer"] == layer:
            assert after["sqnr_db"] < before["sqnr_db"] - 10, (before, after)
        else:
            assert after["relative_error"] == before["relative_error"], (before, after)
    data = ["--metric=mse", "--max-drop=1%", "--data=" + os.path.join(folder, "unlabelled.npz")]
    chosen = quantize(mlopt, folder, model, "chosen", spoil, *data)["layers"]
    for row in chosen:
        assert (row["kept_as"] == "float") == (row["layer"] == layer), chosen
elif what == "forms-spoil":
    # Dynamic and weight-only, too: a kernel that is wrong shows, and the search leaves it out.
    mlopt, folder = arguments
    layer, spoil = "down", "--force-internal-error=spoil-kernel@down"
    for form in ("--dynamic", "--weight-only"):
        data = ["--metric=mse", "--data=mlp_eval.npz"]
        ask = lambda name, *more: quantize(mlopt, folder, "mlp.onnx", name, *data, *more, form=[form])
        good, bad = ask("form_good"), ask("form_bad", spoil)
        assert not any("SQNR" in note for note in good["notes"]), good["notes"]
        for before, after in zip(good["layers"], bad["layers"]):
            assert before["sqnr_db"] > 10, (form, before)
            if before["layer"] == layer:
                assert after["sqnr_db"] < 1, (form, after)  # doubled: at least as large as the value
            else:
                assert after["relative_error"] == before["relative_error"], (form, before, after)
        if form == "--weight-only":
            continue  # the same search
        chosen = ask("form_chosen", spoil, "--max-drop=30%")["layers"]
        for row in chosen:
            assert (row["kept_as"] == "float") == (row["layer"] == layer), (form, chosen)
    # Without data the table says what it has.
    found = quantize(mlopt, folder, "mlp.onnx", "form_none", form=["--dynamic"])
    assert found["notes"] == ["SQNR is that of the weights; --data measures the kernels"], found
elif what == "nan":
    # A quantized model whose scores are no numbers keeps no bound, whatever the metric.
    mlopt, folder = arguments
    for metric, data in (("top1", "nan_labelled.npz"), ("mse", "nan.npz")):
        more = [f"--metric={metric}", "--max-drop=100%", f"--data={data}"]
        found = quantize(mlopt, folder, "nan.onnx", "nan_out", *more, code=5, form=["--weight-only"])
        assert found["accuracy"]["drop"] is None, found["accuracy"]
        assert not os.path.exists(os.path.join(folder, "nan_out.onnx"))
elif what == "times":
    found = load(arguments[0])
    assert found["float_us"] > 0 and found["quantized_us"] > 0
    for row in found["layers"]:
        assert row["float_us"] > 0 and row["int_us"] > 0, row
        assert row["float_us"] <= 2 * found["float_us"], row
else:
    sys.exit(f"unknown check '{what}'")
print(what + ": ok")
