#!/usr/bin/env python3
"""Runs a command and prints its wall time and its peak memory as one line of JSON.

    launch.py CPUS COMMAND...

{"seconds": 1.6, "peak_bytes": 359000000, "code": 0}; `code` is the exit status, or minus the signal.
The command may use the first CPUS of the CPUs that this process has (0: all). Its standard output is
dropped.

A program of its own, small and without imports worth mentioning: Linux counts to the peak of a
process what its parent had resident when it forked.
"""

import os
import sys
import time


def main():
    count, command = int(sys.argv[1]), sys.argv[2:]
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        try:
            if count and hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.execvp(command[0], command)
        except OSError as error:
            os.write(2, f"{command[0]}: {error.strerror}\n".encode())
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    # In KiB on Linux, in bytes on macOS.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f'{{"seconds": {seconds:.6f}, "peak_bytes": {peak}, "code": {code}}}')


if __name__ == "__main__":
    main()
