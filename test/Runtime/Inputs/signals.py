"""signals.py MLOPT_RUN ARTEFACT FOLDER: ends a run by a signal; nothing half-written may be left."""

import os
import signal
import subprocess
import sys
import time

program, artefact, folder = sys.argv[1:]
output = os.path.join(folder, "y.npz")
for number, expected in ((signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)):
    # While it runs: a thousand million times would take hours.
    process = subprocess.Popen(
        [program, artefact, "--dim=n=64", "--repeat=1000000000", f"--output=@{output}"],
        preexec_fn=lambda: [signal.signal(n, signal.SIG_DFL) for n in (1, 2, 15)],
    )
    time.sleep(0.3)
    process.send_signal(number)
    code = process.wait(timeout=30)
    if code != expected or os.listdir(folder):
        sys.exit(f"{number}: exit code {code}, expected {expected}; left {os.listdir(folder)}")
    # Stopped at various times, also while it writes.
    for milliseconds in (1, 2, 3, 4, 5, 6, 8, 10, 15, 20):
        process = subprocess.Popen(
            [program, artefact, "--dim=n=1000", f"--output=@{output}", "-q"],
            preexec_fn=lambda: [signal.signal(n, signal.SIG_DFL) for n in (1, 2, 15)],
        )
        time.sleep(milliseconds / 1000)
        process.send_signal(number)
        code = process.wait(timeout=60)
        left = os.listdir(folder)
        # A signal before the program has begun ends it as well; and it may have finished.
        if code not in (0, expected, -number) or left not in ([], ["y.npz"]):
            sys.exit(f"{number} after {milliseconds} ms: exit code {code}, left {left}")
        if left:
            size = os.path.getsize(output)
            if size < 1000 * 16:
                sys.exit(f"{number} after {milliseconds} ms: {output} has {size} bytes")
            os.unlink(output)
print("ended by signals")
