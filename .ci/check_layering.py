#!/usr/bin/env python3
"""Checks who may include and link whom: check_layering.py [ROOT]. Exit code 1 and one line for each
problem.

tools -> frontend -> ir <- passes <- codegen -> runtime/abi <- runtime <- python, bench
"""

import os
import re
import sys

# layer -> layers whose headers and libraries it may use
ALLOWED = {
    "ir": {"ir"},
    "frontend": {"frontend", "ir"},
    "passes": {"passes", "ir"},
    "codegen": {"codegen", "passes", "ir"},
    "runtime": {"runtime"},
    "tools": {"tools", "codegen", "frontend", "passes", "ir", "runtime"},
}
# Outside libraries by the start of the include, and the only layers that may name them.
OUTSIDE = [
    (("onnx/", "google/protobuf/"), {"frontend"}),
    (("mlir/", "mlir-c/"), {"ir", "frontend", "passes", "codegen", "tools"}),
    (("llvm/", "llvm-c/"), {"ir", "frontend", "passes", "codegen", "tools"}),
    (("lld/",), {"codegen", "tools"}),
]
SOURCES = (".h", ".hpp", ".c", ".cpp", ".td", ".inc", ".def")
INCLUDE = re.compile(r'^\s*#?\s*include\s+["<]([^">]+)[">]')
LIBRARY = re.compile(r"add_mlopt_(?:library|tool)\s*\(([^)]*)\)", re.S)


def files(root, layer, wanted):
    for folder, _, names in os.walk(os.path.join(root, layer)):
        for name in sorted(names):
            if wanted(name):
                yield os.path.join(folder, name)


def header_owner(root, include):
    """The layer that owns mlopt/X/...: the file itself, its .td (for a generated .inc), or the
    folder.
    """
    folder, name = os.path.split(include)
    first = "/".join(include.split("/")[:2])
    for candidate in (include, os.path.join(folder, name.split(".")[0] + ".td"), folder, first):
        owners = [l for l in ALLOWED if os.path.exists(os.path.join(root, l, "include", candidate))]
        if len(owners) == 1:
            return owners[0]
    return None


def check_includes(root, problems):
    for layer in ALLOWED:
        for path in files(root, layer, lambda n: n.endswith(SOURCES)):
            shown = os.path.relpath(path, root)
            with open(path, encoding="utf-8", errors="replace") as stream:
                for number, line in enumerate(stream, 1):
                    where = f"{shown}:{number}"
                    if layer != "tools" and re.search(
                        r"\bcl::(opt|list|alias)\s*<", line.split("//")[0]
                    ):
                        problems.append(f"{where}: cl::opt belongs into tools")
                    match = INCLUDE.match(line)
                    if match:
                        check_include(root, layer, path, match.group(1), where, problems)


def check_include(root, layer, path, include, where, problems):
    for starts, layers in OUTSIDE:
        if include.startswith(starts) and layer not in layers:
            problems.append(f"{where}: {layer} may not include {include}")
    if include.startswith("mlopt/"):
        owner = header_owner(root, include)
        if layer == "codegen" and owner == "runtime":
            if not include.startswith("mlopt/runtime/abi/"):
                problems.append(f"{where}: codegen may include only mlopt/runtime/abi of runtime")
        elif owner and owner not in ALLOWED[layer]:
            problems.append(f"{where}: {layer} may not include {include} of {owner}")
    elif ".." in include.split("/"):
        target = os.path.normpath(os.path.join(os.path.dirname(path), include))
        if not target.startswith(os.path.join(root, layer) + os.sep):
            problems.append(f"{where}: {include} leaves {layer}")


def check_links(root, problems):
    libraries = {}
    for layer in ALLOWED:
        for path in files(root, layer, lambda n: n == "CMakeLists.txt"):
            with open(path, encoding="utf-8") as stream:
                text = re.sub(r"#[^\n]*", "", stream.read())
            for body in LIBRARY.findall(text):
                words = body.split()
                links = words[words.index("LINK_LIBS") + 1 :] if "LINK_LIBS" in words else []
                libraries[words[0]] = (layer, links, os.path.relpath(path, root))
    for name, (layer, links, path) in sorted(libraries.items()):
        for link in links:
            owner = libraries.get(link, (None,))[0]
            if owner and owner not in ALLOWED[layer]:
                problems.append(f"{path}: {name} ({layer}) may not link {link} ({owner})")


def main():
    root = os.path.abspath(
        sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..")
    )
    problems = []
    check_includes(root, problems)
    check_links(root, problems)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
