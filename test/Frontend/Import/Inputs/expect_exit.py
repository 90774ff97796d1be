"""usage: expect_exit.py CODE COMMAND...: succeeds if the command ends with that exit code."""
import subprocess
import sys

code = subprocess.call(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
if code != int(sys.argv[1]):
    sys.exit(f"expected exit code {sys.argv[1]}, got {code}")
