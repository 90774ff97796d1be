#!/usr/bin/env python3
"""Checks what a shared library needs of the machine that it runs on: check_needs.py LIBRARY PREFIX

It may need libc.so.6 and libm.so.6, and of them no symbol of a version above GLIBC_2.34; it exports
`mlopt_module_query` and names that begin with PREFIX_; it has no run path and no executable stack.
"""

import re
import subprocess
import sys

LIBRARIES = {"libc.so.6", "libm.so.6"}
NEWEST = (2, 34)


def readelf(option, library):
    return subprocess.run(
        ["llvm-readelf", "--wide", option, library], check=True, capture_output=True, text=True
    ).stdout


def main():
    library, prefix = sys.argv[1:]
    problems = []
    dynamic = readelf("--dynamic", library)
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    if "libc.so.6" not in needed or needed - LIBRARIES:
        problems.append(f"needs {sorted(needed)}, expected libc.so.6 and at most libm.so.6 beside it")
    if re.search(r"\((RPATH|RUNPATH|TEXTREL)\)", dynamic):
        problems.append("has a run path or text relocations")

    exported = set()
    for line in readelf("--dyn-symbols", library).splitlines():
        fields = line.split()
        if len(fields) < 8 or not fields[0][:-1].isdigit() or fields[4] == "LOCAL":
            continue
        section, name = fields[6], fields[7]
        if section != "UND":
            exported.add(name.split("@")[0])
            continue
        version = re.search(r"@(\w+?)_([\d.]+)", name)
        if not version:
            if fields[4] != "WEAK":
                problems.append(f"needs {name} of no version")
        elif version[1] != "GLIBC" or tuple(map(int, version[2].split("."))) > NEWEST:
            problems.append(f"needs {name}, expected at most GLIBC_{NEWEST[0]}.{NEWEST[1]}")
    wanted = {"mlopt_module_query", f"{prefix}_module_query"}
    if not wanted <= exported:
        problems.append(f"does not export {sorted(wanted - exported)}")
    foreign = {n for n in exported - wanted if not n.startswith(prefix + "_")}
    if foreign:
        problems.append(f"exports {sorted(foreign)}")
    stack = re.search(r"GNU_STACK.*", readelf("--program-headers", library))
    if not stack or " RWE" in stack[0]:
        problems.append("has an executable stack")
    if problems:
        sys.exit("\n".join(f"{library} {problem}" for problem in problems))
    print(f"needs {' '.join(sorted(needed))}; exports {' '.join(sorted(exported))}")


if __name__ == "__main__":
    main()
