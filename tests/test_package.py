"""The package as a whole: what it exports, and what its parts may know."""

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

import digitus

SOURCE = Path(digitus.__file__).parent


@pytest.mark.parametrize("name", digitus.__all__)
def test_every_public_name_resolves(name):
    assert getattr(digitus, name).__module__.startswith("digitus.")


def test_dir_shows_the_public_names_and_subpackages_alone():
    names = set(dir(digitus))
    assert set(digitus.__all__) <= names
    assert names - set(digitus.__all__) - {"__version__"} == set(digitus._SUBPACKAGES)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        digitus.nothing  # noqa: B018  # the access is the test


def test_the_wheel_has_every_file_of_the_package(tmp_path):
    made = next(WheelBuilder(str(SOURCE.parents[1])).build(directory=str(tmp_path)))
    with ZipFile(made) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("digitus/")}
    found = (path for path in SOURCE.rglob("*") if path.is_file() and path.suffix != ".pyc")
    assert packed == {path.relative_to(SOURCE.parent).as_posix() for path in found}
    assert {
        "digitus/py.typed",
        "digitus/web/static/index.html",
        "digitus/review/storage/migrations/versions/0001_create_the_tables.py",
    } <= packed


def test_importing_digitus_loads_no_other_library():
    code = "import sys, digitus; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"numpy", "scipy", "sklearn", "matplotlib", "PIL", "click", "rich", "pooch"}
    assert heavy & set(loaded.stdout.split()) == set()


def test_a_first_prediction_loads_neither_scikit_learn_nor_matplotlib():
    code = "import sys, digitus; digitus.predict; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    names = {name.split(".")[0] for name in loaded.stdout.split()}
    assert {"sklearn", "matplotlib", "pandas", "scipy"} & names == set()


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.name)
def test_nothing_below_the_top_imports_the_top(path):
    if path == SOURCE / "__init__.py":
        return
    top = re.compile(r"^\s*(import digitus(\s|$)|from digitus import (?!__version__))", re.M)
    assert not top.search(path.read_text(encoding="utf-8"))
