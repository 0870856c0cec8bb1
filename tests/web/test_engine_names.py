"""The engine of the page reads like `digitus.nn`: the same names in the same order."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import digitus.nn
import digitus.web

ENGINE = Path(digitus.web.__file__).parent / "static" / "engine"
NN = Path(digitus.nn.__file__).parent

OWN_MODULES = {"products", "random", "sparse_rows"}
"""What NumPy and its generators do in Python."""

OWN_NAMES = {
    "arrays": {"NONE", "allocate"},
    "gradient_check": {"asFloat64"},
    "inspection": {"derivatives"},
}
"""Exports without a twin: views of typed arrays, and the walk that two exports share."""

MODULES = sorted(path.stem for path in ENGINE.glob("*.js") if path.stem not in OWN_MODULES)
DEFINITION = re.compile(
    r"^(?P<export>export )?(?:async )?(?:function\*?|class) (?P<name>\w+)"
    r"|^    (?:get |static |async )*(?P<method>#?\w+)\(.*\{\}?$",
    re.MULTILINE,
)


def in_javascript(name: str) -> str:
    """Return what a name of Python is called there: `_draw_within` is drawWithin."""
    first, *others = name.strip("_").split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def of_python(path: Path) -> Iterator[str]:
    """Yield the functions and classes of a module, and the methods as Class.method."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            yield in_javascript(node.name)
        if isinstance(node, ast.ClassDef):
            yield node.name
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name != "__init__":
                    yield f"{node.name}.{in_javascript(part.name)}"


def of_javascript(path: Path) -> Iterator[str]:
    """Yield the same of a module of the page."""
    owner = ""
    for found in DEFINITION.finditer(path.read_text()):
        if found["name"]:
            owner = found["name"]
            yield owner
        elif found["method"] not in {"constructor", "for", "if"}:
            yield f"{owner}.{found['method'].strip('#')}"


@pytest.mark.parametrize("module", MODULES)
def test_what_is_in_both_engines_stands_in_the_same_order(module):
    python = list(of_python(NN / f"{module}.py"))
    page = list(of_javascript(ENGINE / f"{module}.js"))
    common = [name for name in page if name in python]
    assert len(common) > 1
    assert common == [name for name in python if name in page]


@pytest.mark.parametrize("module", MODULES)
def test_what_a_module_of_the_engine_exports_has_a_twin(module):
    text = (ENGINE / f"{module}.js").read_text()
    exports = set(re.findall(r"^export (?:function|class|const) (\w+)", text, re.MULTILINE))
    python = set(of_python(NN / f"{module}.py"))
    assert exports - python == OWN_NAMES.get(module, set())
