#!/usr/bin/env python3
"""Reads a line of text with a PP-OCRv4 recogniser compiled by mlopt.

Draws a text line, prepares the picture as the model wants it, runs the model, decodes the result
and compares it with what was drawn:

    mlopt ch_PP-OCRv4_rec_infer.onnx -o rec.so
    ocr.py --model ch_PP-OCRv4_rec_infer.onnx --artefact rec.so

The model takes f32 [batch, 3, 48, width] and gives a distribution over 6625 characters for each
column of eight pixels. The characters themselves lie in the model's metadata, so --model is needed
too. Exit status: 0 the texts agree, 1 they differ, 2 usage, 3 a file is missing or malformed, 8 the
model could not be run. Needs numpy and Pillow, and the mlopt package (build/python on PYTHONPATH).
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TEXT = "Compilers turn models into code"
HEIGHT = 48


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number of more than 64 bits")


def _fields(data):
    """Yields (field number, bytes) of the length-delimited fields of one protobuf message."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 2:
            size, at = _varint(data, at)
            if at + size > len(data):
                raise ValueError("a field that is longer than the file")
            yield key >> 3, data[at : at + size]
            at += size
        elif kind == 0:
            _, at = _varint(data, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            raise ValueError(f"wire type {kind}")


def read_characters(model):
    """The characters of the recogniser by class: 0 is the blank of CTC, the last one is the space.

    They are the entry "character" of the ONNX file's metadata (ModelProto.metadata_props, field 14;
    an entry has key 1 and value 2), one per line. Raises ValueError when the file holds none.
    """
    try:
        for number, entry in _fields(memoryview(pathlib.Path(model).read_bytes())):
            if number == 14:
                pair = {key: bytes(value) for key, value in _fields(entry)}
                if pair.get(1) == b"character":
                    return ["", *pair[2].decode("utf-8").split("\n"), " "]
    except IndexError:
        raise ValueError(f"{model}: not an ONNX model: it ends in the middle of a field") from None
    except ValueError as error:
        raise ValueError(f"{model}: not an ONNX model: found {error}") from None
    raise ValueError(f"{model}: no entry 'character' in the metadata; give a PP-OCR recogniser")


def draw_line(text, size=48):
    """An RGB picture of one line of black text on white."""
    try:
        font = ImageFont.truetype("DejaVuSans.ttf", size)
    except OSError:
        font = ImageFont.load_default(size)  # Pillow's own, where DejaVu is not installed
    left, top, right, bottom = font.getbbox(text)
    margin = size // 12  # cropped as a text detector would; the model reads a wider one as a space
    image = Image.new("RGB", (right - left + 2 * margin, bottom - top + 2 * margin), "white")
    ImageDraw.Draw(image).text((margin - left, margin - top), text, font=font, fill="black")
    return image


def preprocess(image, width=None):
    """f32 [1, 3, 48, W]: blue, green, red; scaled to [-1, 1]. W keeps the ratio unless given.

    A given width that is larger pads on the right with zero, as PaddleOCR pads batches; a smaller
    one squeezes the line.
    """
    natural = max(8, round(image.width * HEIGHT / image.height))
    used = min(natural, width or natural)
    pixels = np.asarray(
        image.convert("RGB").resize((used, HEIGHT), Image.BILINEAR), dtype=np.float32
    )
    result = np.zeros((1, 3, HEIGHT, width or natural), np.float32)
    result[0, :, :, :used] = ((pixels[:, :, ::-1] / 255 - 0.5) / 0.5).transpose(2, 0, 1)
    return result


def decode(probabilities, characters):
    """Greedy CTC decoding of [batch, columns, classes], without repeats and blanks: the texts."""
    if probabilities.shape[2] != len(characters):
        raise ValueError(
            f"the model has {probabilities.shape[2]} classes but its metadata names "
            f"{len(characters)}"
        )
    texts = []
    for row in probabilities.argmax(axis=2):
        kept = [k for i, k in enumerate(row) if k != 0 and (i == 0 or k != row[i - 1])]
        texts.append("".join(characters[k] for k in kept))
    return texts


class RunnerSession:
    """The mlopt-run program behind the interface of a session; it starts a process per run."""

    def __init__(self, runner, artefact, threads):
        self.command = [str(runner), "run", str(artefact)] + (
            [f"--threads={threads}"] if threads else []
        )

    def run(self, _, feed):
        with tempfile.TemporaryDirectory() as folder:
            inputs = []
            for index, (name, value) in enumerate(feed.items()):
                path = os.path.join(folder, f"{index}.npy")
                np.save(path, value)
                inputs.append(f"--input={name}:@{path}")
            out = os.path.join(folder, "out")
            os.mkdir(out)
            subprocess.run(
                [*self.command, *inputs, f"--output=@{out}"], check=True, stdout=subprocess.DEVNULL
            )
            return [np.load(path) for path in sorted(pathlib.Path(out).glob("*.npy"))]


def open_session(arguments):
    if arguments.runtime == "onnxruntime":
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = arguments.threads
        options.log_severity_level = 3
        return ort.InferenceSession(arguments.model, options, providers=["CPUExecutionProvider"])
    if arguments.runtime == "mlopt-run":
        return RunnerSession(arguments.mlopt_run, arguments.artefact, arguments.threads)
    import mlopt

    options = {"num_threads": arguments.threads} if arguments.threads else {}
    return mlopt.InferenceSession(arguments.artefact or arguments.model, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--model", required=True, help="the recogniser as ONNX, with its characters"
    )
    parser.add_argument("--artefact", help="the same model compiled by mlopt")
    parser.add_argument("--text", default=TEXT, help=f"what to draw (default: {TEXT})")
    parser.add_argument("--runtime", default="mlopt", choices=["mlopt", "mlopt-run", "onnxruntime"])
    parser.add_argument(
        "--mlopt-run", default="mlopt-run", metavar="BIN", help="for --runtime=mlopt-run"
    )
    parser.add_argument("--threads", type=int, default=0, help="0: the runtime's default")
    parser.add_argument("--repeat", type=int, default=10, help="runs to time (default 10)")
    parser.add_argument("--save", metavar="PNG", help="write the drawn line to this file")
    arguments = parser.parse_args()
    if arguments.runtime == "mlopt-run" and not arguments.artefact:
        parser.error("--runtime=mlopt-run needs --artefact")

    try:
        characters = read_characters(arguments.model)
        size = os.path.getsize(arguments.artefact or arguments.model)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    image = draw_line(arguments.text)
    if arguments.save:
        image.save(arguments.save)
    pixels = preprocess(image)

    try:
        start = time.perf_counter()
        session = open_session(arguments)
        load = time.perf_counter() - start
        times = []
        for _ in range(max(arguments.repeat, 1)):
            start = time.perf_counter()
            output = session.run(None, {"x": pixels})[0]
            times.append(time.perf_counter() - start)
        text = decode(np.asarray(output), characters)[0]
    except Exception as error:  # whatever the runtime raises is reported, not traced
        print(f"error: {arguments.runtime} could not run the model: {error}", file=sys.stderr)
        return 8

    print(f"drawn    {arguments.text}")
    print(f"read     {text}")
    print(f"input    {'x'.join(map(str, pixels.shape))} f32")
    print(
        f"time     {statistics.median(times) * 1e3:.2f} ms per run (median of {len(times)}), "
        f"load {load * 1e3:.1f} ms"
    )
    print(f"file     {size / 1e6:.1f} MB, {arguments.runtime}")
    if text != arguments.text:
        print("error: the text that was read differs from the text that was drawn", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
