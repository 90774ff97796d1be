"""fit_interrupt.py MLOPT_RUN FOLDER [DATA]: interrupts `mlopt-run fit` at various moments and resumes it.

FOLDER has step.so, train.npz and test.npz. Every run must end with the checkpoint and the log
(without its last column, the time) of an undisturbed one.
"""

import fcntl
import os
import random
import signal
import subprocess
import sys
import time

runner, folder = sys.argv[1:3]
options = sys.argv[3:] or ["--epochs=20", "--batch=4"]
CHECKPOINT, LOG = (os.path.join(folder, name) for name in ("run.safetensors", "run.csv"))
random.seed(int.from_bytes(os.urandom(4), "little"))


def start(*more):
    command = [runner, "fit", f"{folder}/step.so", f"--data={folder}/train.npz"]
    command += [f"--eval={folder}/test.npz", "--seed=5", f"--checkpoint={CHECKPOINT}", f"--log={LOG}"]
    return subprocess.Popen(
        command + options + list(more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # A shell may have had this test ignore it, and the program would, too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def finish(process):
    message = process.communicate()[1]
    return process.returncode, message


def result():
    with open(CHECKPOINT, "rb") as stream:
        checkpoint = stream.read()
    with open(LOG) as stream:
        return checkpoint, [line.rsplit(",", 1)[0] for line in stream]


def clear():
    for name in os.listdir(folder):
        if name.startswith("run."):
            os.remove(os.path.join(folder, name))


def rows():
    try:
        with open(LOG, "rb") as stream:
            return stream.read().count(b"\n")
    except OSError:
        return 0


def fail(what):
    sys.exit(f"fit_interrupt.py: {what}")


clear()
code, message = finish(start("--threads=1"))
if code:
    fail(f"exit code {code}: {message}")
whole = result()
if len(whole[1]) < 60:
    fail(f"a run of {len(whole[1])} rows is too short to be interrupted")
leftovers = sorted(n for n in os.listdir(folder) if n.startswith("run."))
if leftovers != ["run.csv", "run.safetensors", "run.safetensors.previous"]:
    fail(f"left {leftovers}")

clear()
code, message = finish(start("--threads=2"))
if code or result() != whole:
    fail(f"other bits with two threads (exit code {code}: {message})")

# The saving of every step must not change them either.
expected = {signal.SIGKILL: -9, signal.SIGINT: 130, signal.SIGTERM: 143}
for number, saving in (
    (signal.SIGKILL, "--save-every=7"),
    (signal.SIGKILL, "--save-every=1"),
    (signal.SIGTERM, "--save-every=1000000"),
    (signal.SIGINT, "--save-every=13"),
):
    clear()
    # What a process that is long gone might have left.
    with open(CHECKPOINT + ".tmp999999999", "wb"):
        pass
    interruptions = 0
    for attempt in range(200):
        process = start("--resume", saving)
        if interruptions < 4:
            # Once some steps more are made, and a moment later.
            steps = rows() + random.randint(1, len(whole[1]) // 6)
            while rows() < steps and process.poll() is None:
                time.sleep(0.0005)
            time.sleep(random.uniform(0, 0.004))
            process.send_signal(number)
        code, message = finish(process)
        if code == 0:
            break
        # A signal that comes before the program takes it ends it as the system does.
        if code not in (expected[number], -number):
            fail(f"exit code {code} after signal {number}: {message}")
        if code > 0 and os.path.exists(CHECKPOINT) and "is saved in" not in message:
            fail(f"after signal {number}: {message}")
        interruptions += 1
    left = sorted(n for n in os.listdir(folder) if n.startswith("run."))
    if left != leftovers:
        fail(f"left {left}")
    if not interruptions:
        fail(f"no run was interrupted by signal {number}")
    if result() != whole:
        fail(f"other bits after {interruptions} interruptions by signal {number} ({saving})")
    print(f"{interruptions} interruptions by signal {number}: the same bits")

# One that a living process holds, of another machine on a shared folder perhaps, is not cleared away.
clear()
held = CHECKPOINT + ".tmp999999999"
with open(held, "wb") as stream:
    fcntl.flock(stream, fcntl.LOCK_EX)
    code, message = finish(start("--max-steps=1"))
    if code or not os.path.exists(held):
        fail(f"the file of another process is gone (exit code {code}: {message})")
