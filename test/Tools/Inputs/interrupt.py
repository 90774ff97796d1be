"""Interrupts the compiler at various times: nothing may be left but a complete output."""

import os
import shutil
import signal
import subprocess
import sys
import time

mlopt, model, folder = sys.argv[1:]
out, temporary = os.path.join(folder, "interrupted"), os.path.join(folder, "interrupted_tmp")
for number in (signal.SIGINT, signal.SIGTERM):
    for delay in (0.01, 0.03, 0.05, 0.07, 0.09, 0.12):
        for made in (out, temporary):
            shutil.rmtree(made, ignore_errors=True)
            os.mkdir(made)
        process = subprocess.Popen(
            [mlopt, model, "-o", os.path.join(out, "m.so"), "--header=none"],
            env={**os.environ, "TMPDIR": temporary},
        )
        time.sleep(delay)
        process.send_signal(number)
        code = process.wait()
        left = os.listdir(out)
        if left not in ([], ["m.so"]) or os.listdir(temporary) or (code == 0 and not left):
            sys.exit(f"after {delay} s: exit {code}, left {left} and {os.listdir(temporary)}")
