"""Size and shape of the code: lines, files, constants, and the stops from a command to its product.

    python benchmarks/structure.py [SRC] [--json]

SRC is the `src` folder of a checkout; default: this one. The commands run on the images in
`examples/` with the code of SRC, in a process of their own, and every Python call is counted.

  constants  module-level UPPER_CASE numbers, or tuples of numbers, of `imaging` and `reader`:
             parameters that stand outside a parameter class
  functions  different functions of the package that the command enters
  modules    different modules of the package that it enters
  changes    how often it passes from one module to another, generators not counted again
  depth      functions of the package on the stack at the first matrix product of a layer, the
             command's own among them
"""

import argparse
import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMANDS = {
    "predict": ["predict", "examples/7-light-on-dark.png"],
    "read": ["read", "examples/pages/scores.jpg"],
}
TUNED = ("imaging", "reader")

_TRACER = """
import json, sys
src, command = sys.argv[1], sys.argv[2:]
functions, modules, found = set(), set(), {"changes": 0, "depth": None}
last = None

def depth_of(frame):
    names = []
    while frame is not None:
        if "/digitus/" in frame.f_code.co_filename:
            names.append(frame.f_code.co_name)
        frame = frame.f_back
    return len(names)

def trace(frame, event, arg):
    global last
    if event != "call" or "/digitus/" not in frame.f_code.co_filename:
        return
    code = frame.f_code
    if code.co_name.startswith("<") or frame.f_lasti > 0:  # module bodies, resumed generators
        return
    functions.add((code.co_filename, code.co_qualname))
    modules.add(code.co_filename)
    if last is not None and last != code.co_filename:
        found["changes"] += 1
    last = code.co_filename
    is_layer = code.co_qualname in ("Dense.forward", "Convolution.forward")
    if found["depth"] is None and is_layer:
        found["depth"] = depth_of(frame)

from digitus.cli.main import run
sys.setprofile(trace)
try:
    code = run(command)
finally:
    sys.setprofile(None)
found |= {"functions": len(functions), "modules": len(modules)}
print(json.dumps(found), file=sys.stderr)
"""


def count_sources(package: Path) -> dict[str, Any]:
    """Count lines and files, and the files of each folder."""
    files = sorted(package.rglob("*.py"))
    folders = Counter(str(path.parent.relative_to(package)) for path in files)
    return {
        "files": len(files),
        "lines": sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files),
        "folders": len(folders),
        "most files in a folder": max(folders.values()),
        "fullest folders": dict(folders.most_common(4)),
        "constants": sum(
            count_constants(path) for room in TUNED for path in (package / room).rglob("*.py")
        ),
    }


def count_constants(path: Path) -> int:
    """Count module-level names in upper case that hold a number or a tuple of numbers."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return sum(
        is_number(node.value)
        for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for name in (target.elts if isinstance(target, ast.Tuple) else [target])
        if isinstance(name, ast.Name) and re.fullmatch(r"_?[A-Z][A-Z0-9_]*", name.id)
    )


def is_number(node: ast.expr) -> bool:
    """Return whether an expression is a number, arithmetic on numbers, or a tuple of them."""
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(is_number, node.elts))
    if isinstance(node, ast.BinOp):
        return is_number(node.left) and is_number(node.right)
    if isinstance(node, ast.UnaryOp):
        return is_number(node.operand)
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def count_stops(src: Path) -> dict[str, Any]:
    """Run both commands on the code in ``src`` and count their stops."""
    return {name: trace(src, command) for name, command in COMMANDS.items()}


def trace(src: Path, command: list[str]) -> dict[str, int]:
    """Count the calls of one command."""
    done = subprocess.run(
        [sys.executable, "-c", _TRACER, str(src), *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(src)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, int] = json.loads(done.stderr.splitlines()[-1])
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("src", type=Path, nargs="?", default=ROOT / "src")
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    src = options.src.resolve()
    found = count_sources(src / "digitus") | count_stops(src)
    if options.as_json:
        print(json.dumps(found, indent=1))
        return
    for name, value in found.items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
