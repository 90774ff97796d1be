"""fit_disk.py MLOPT_RUN FOLDER: a limit on the size of files stands for a full disk. The checkpoint
that is there stays, training stops with exit code 8, and goes on with the same bits once there is room.
"""

import os
import resource
import subprocess
import sys

runner, folder = sys.argv[1:]
path = os.path.join(folder, "disk.safetensors")
log = os.path.join(folder, "disk.csv")


def fit(*options, bytes=None, checkpoint=True):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes, resource.RLIM_INFINITY))

    command = [runner, "fit", f"{folder}/step.so", f"--data={folder}/train.npz", "--epochs=4"]
    command += ["--batch=16", f"--log={log}", *options]
    command += [f"--checkpoint={path}"] if checkpoint else []
    done = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=limit if bytes else None
    )
    return done.returncode, done.stderr


def expect(condition, what):
    if not condition:
        sys.exit(f"expected {what}")


def content(name):
    with open(name, "rb") as stream:
        return stream.read()


def rows():
    with open(log) as stream:
        return [line.rsplit(",", 1)[0] for line in stream]


expect(fit() == (0, ""), "a whole run")
whole, whole_rows = content(path), rows()
for name in (path, path + ".previous", log):
    os.remove(name)

# No room from the start.
code, message = fit(bytes=1000)
expect(code == 8 and "MLO5402" in message and "there is no checkpoint yet" in message, message)
expect(not os.path.exists(path), "no part of a checkpoint")
os.remove(log)

# One epoch, then no room.
expect(fit("--max-steps=4")[0] == 0, "an epoch")
one = content(path)
code, message = fit("--resume", bytes=1000)
expect(code == 8 and "MLO5402" in message, message)
expect("the checkpoint of step 4 is untouched" in message and "--resume" in message, message)
expect(content(path) == one, "the checkpoint of step 4")
expect(sorted(os.listdir(folder)).count("disk.safetensors") == 1, "one checkpoint")
expect(not [n for n in os.listdir(folder) if n.startswith("disk") and "tmp" in n], "no temporary")

expect(fit("--resume")[0] == 0, "the rest of the run")
expect(content(path) == whole and rows() == whole_rows, "the bits of an undisturbed run")

# The log's room ends within a row: what is there are whole rows.
code, message = fit("--force", bytes=200, checkpoint=False)
expect(code == 8 and "disk.csv: error: MLO5402: cannot be written" in message, message)
expect(content(log).endswith(b"\n") and 1 < len(rows()) < 16, "whole rows")
