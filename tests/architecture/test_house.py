"""The rooms of src/digitus: no import circles, small folders, one meaning for each name."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

import grimp
import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

SOURCE = Path(__file__).parents[2] / "src"
MOST_MODULES_IN_A_FOLDER = 16
NAMES_OF_SEVERAL_MODULES = {
    "activations": "the activations, and the compiled copies of them",
    "arrays": "the types of the arrays of imaging and of nn, which do not know each other",
    "command": "the click command of each chapter of cli",
    "corrections": "the format of corrected answers, and the window's dialogs for them",
    "data": "the room, and the command `digitus data`",
    "formats": "the formats of data sets, and those of models",
    "inside": "what the layers compute, and the window's view of it",
    "limits": "those of data files, and those of the server",
    "losses": "the losses, and the compiled copies of them",
    "model": "the model, and the command `digitus model`",
    "optimizers": "the optimizers, and the compiled copies of them",
    "risk_coverage": "the curve, and its plot",
    "sequence": "reading line images, and training what reads them",
    "work": "a page of a batch that waits, and the room of the server that does such work",
}
"""Names that may stand more than once, and why."""

Imports = Mapping[str, Iterable[str]]
"""A module, and the modules that it imports."""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """All imports of the package, those inside functions and for type checkers included."""
    return grimp.build_graph("digitus", include_external_packages=True, cache_dir=None)


def own_imports(graph: grimp.ImportGraph) -> Imports:
    """Return the imports among the modules of the package."""
    modules = {name for name in graph.modules if name.split(".")[0] == "digitus"}
    return {name: graph.find_modules_directly_imported_by(name) & modules for name in modules}


def circles(imports: Imports) -> list[list[str]]:
    """Return the groups of modules that import each other, directly or through others."""
    names = sorted(imports)
    number = {name: i for i, name in enumerate(names)}
    pairs = [(number[name], number[other]) for name in names for other in imports[name]]
    rows, cols = np.array(pairs, int).reshape(-1, 2).T
    matrix = coo_array((np.ones(len(pairs)), (rows, cols)), shape=(len(names), len(names)))
    _, group = connected_components(matrix, directed=True, connection="strong")
    sizes = Counter(group.tolist())
    return [
        [name for name in names if group[number[name]] == one]
        for one, size in sizes.items()
        if size > 1
    ]


def crowded_folders(files: Iterable[PurePath], *, most: int) -> dict[str, int]:
    """Return the folders that hold more than so many modules, `__init__` aside."""
    counts = Counter(str(file.parent) for file in files if file.stem != "__init__")
    return {folder: count for folder, count in counts.items() if count > most}


def ambiguous_names(modules: Iterable[str], *, allowed: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of several modules or folders.

    A module that is named like a folder that it lies in (`canvas/canvas.py`) has its meaning.
    """
    places = defaultdict(list)
    for module in sorted(modules):
        *folders, name = module.split(".")
        if folders and name not in folders:
            places[name].append(module)
    return {name: found for name, found in places.items() if len(found) > 1 and name not in allowed}


def reached(graph: grimp.ImportGraph, room: str, *forbidden: str) -> list[str]:
    """Return the modules of forbidden rooms that a room imports, directly or through others."""
    return sorted(
        name
        for name in graph.find_upstream_modules(room, as_package=room in packages(graph))
        if name.startswith(forbidden)
    )


def packages(graph: grimp.ImportGraph) -> set[str]:
    """Return the names of the modules that hold others."""
    return {name.rpartition(".")[0] for name in graph.modules}


def libraries(graph: grimp.ImportGraph, room: str) -> set[str]:
    """Return the libraries that the modules of a room import, without Python's own."""
    found = {
        name.split(".")[0]
        for module in graph.modules
        if module == room or module.startswith(f"{room}.")
        for name in graph.find_modules_directly_imported_by(module)
    }
    return found - sys.stdlib_module_names - {"digitus"}


def test_no_module_imports_itself_through_others(graph):
    assert circles(own_imports(graph)) == []


def test_a_circle_of_three_modules_is_found():
    assert circles({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}) == [["a", "b", "c"]]


def test_no_folder_holds_more_modules_than_a_chapter_has():
    files = [path.relative_to(SOURCE) for path in SOURCE.rglob("*.py")]
    assert crowded_folders(files, most=MOST_MODULES_IN_A_FOLDER) == {}


def test_a_crowded_folder_is_found():
    files = [PurePath("room", f"{i}.py") for i in range(4)] + [PurePath("room", "__init__.py")]
    assert crowded_folders(files, most=3) == {"room": 4}
    assert crowded_folders(files, most=4) == {}


def test_no_name_of_a_module_has_two_meanings(graph):
    assert ambiguous_names(own_imports(graph), allowed=NAMES_OF_SEVERAL_MODULES) == {}


def test_a_name_with_two_meanings_is_found_and_a_module_named_like_its_folder_is_not():
    modules = ["a", "a.x", "a.b", "a.b.b", "a.c", "a.c.x"]
    assert ambiguous_names(modules, allowed=()) == {"x": ["a.c.x", "a.x"]}
    assert ambiguous_names(modules, allowed=("x",)) == {}


@pytest.mark.parametrize("room", ["digitus.recognizer", "digitus.reader", "digitus.classifier"])
def test_inference_reaches_neither_synthesis_nor_training(graph, room):
    assert reached(graph, room, "digitus.synthesis", "digitus.training") == []


def test_training_is_seen_to_reach_synthesis(graph):
    assert reached(graph, "digitus.training", "digitus.synthesis") != []


def test_the_network_stands_on_numpy_and_scipy(graph):
    optional = {"numba", "llvmlite", "threadpoolctl"}  # compiled steps; the threads of BLAS
    assert libraries(graph, "digitus.nn") - optional == {"numpy", "scipy"}


def test_plots_is_the_only_room_that_imports_matplotlib(graph):
    importers = graph.find_modules_that_directly_import("matplotlib")
    assert [name for name in sorted(importers) if not name.startswith("digitus.plots.")] == []
    assert importers
