"""The reference names the keys and columns that the program writes."""

import csv
import io
import json
import re
from itertools import repeat
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from digitus.cli.main import digitus
from digitus.data.mnist import VARIABLE
from digitus.reader.results.values import value_of
from digitus.web.page_models import page_models
from digitus.web.server import make_server

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def _output(*words: str) -> str:
    done = CliRunner().invoke(digitus, list(words), catch_exceptions=False, standalone_mode=False)
    return done.stdout


def _section(page: str, title: str) -> str:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return re.split(r"^## ", text.split(f"\n## {title}\n")[1], flags=re.M)[0]


def _example(title: str):
    (block,) = re.findall(r"^```json\n(.*?)^```", _section("outputs.md", title), flags=re.M | re.S)
    return json.loads(block)


def _first_cells(section: str) -> set[str]:
    """Return the names in code type that stand in the first column of the tables of a section."""
    rows = re.findall(r"^\|([^|]*)\|", section, flags=re.M)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def _keys(value):
    """Return the keys of nested objects, of lists those of the first entry that has some."""
    if isinstance(value, dict):
        return {key: _keys(one) for key, one in value.items()}
    if isinstance(value, list):
        return next((found for one in value if (found := _keys(one))), None)
    return None


@pytest.fixture(scope="module")
def pages():
    """What `digitus read --json` prints of a page with lines and one with a grid."""
    folder = ROOT / "examples" / "pages"
    files = [str(folder / name) for name in ("scores.jpg", "grid.jpg")]
    return json.loads(_output("read", *files, "--json"))


def test_the_example_of_predict_has_the_keys_that_the_program_prints(tmp_path):
    files = [str(ROOT / "examples" / "5-chalk.png"), str(tmp_path / "nowhere.png")]
    printed = json.loads(_output("predict", *files, "--json"))
    assert _keys(_example("`digitus predict --json`")) == _keys(printed)


def test_the_table_of_predict_explains_every_key():
    example = _example("`digitus predict --json`")
    keys = {key for part in ("results", "errors") for one in example[part] for key in one}
    assert _first_cells(_section("outputs.md", "`digitus predict --json`")) == keys


def test_the_example_of_read_has_the_keys_that_the_program_prints(pages):
    example = _keys(_example("`digitus read --json`"))
    assert example["errors"] == {"source": None, "error": None}
    scores, grid = (_keys(page) for page in pages["pages"])
    number = scores["lines"]["numbers"]
    marked = next(
        number
        for line in pages["pages"][0]["lines"]
        for number in line["numbers"]
        if number["marks"]
    )
    number["marks"] = _keys(marked["marks"])
    assert example["pages"]["lines"]["numbers"] == number
    assert example["pages"]["grids"] == grid["grids"]
    assert example["pages"].keys() == scores.keys()
    assert example["pages"]["lines"].keys() == scores["lines"].keys()


def test_the_columns_of_the_table_are_those_that_the_program_writes():
    page = str(ROOT / "examples" / "pages" / "scores.jpg")
    header = next(csv.reader(io.StringIO(_output("read", page, "--csv", "-"))))
    assert _first_cells(_section("outputs.md", "CSV (`--csv FILE`)")) == set(header)


def test_the_columns_of_grids_are_those_that_the_program_writes(tmp_path):
    page = str(ROOT / "examples" / "pages" / "grid.jpg")
    _output("read", page, "--grid-csv", str(tmp_path))
    (path,) = tmp_path.iterdir()
    header = next(csv.reader(io.StringIO(path.read_text("utf-8"))))
    blocks = {name.split("_1")[0] for name in header if name == "row" or name.endswith("_1")}
    named = _first_cells(_section("outputs.md", "Grids as CSV (`--grid-csv DIR`)"))
    assert {re.sub(r"_\d$", "", name) for name in named} == blocks


def test_the_sheet_of_numbers_has_the_columns_of_the_table_and_an_image(tmp_path):
    page, book = str(ROOT / "examples" / "pages" / "scores.jpg"), tmp_path / "out.xlsx"
    header = next(csv.reader(io.StringIO(_output("read", page, "--csv", "-"))))
    _output("read", page, "--xlsx", str(book))
    names = [cell.value for cell in openpyxl.load_workbook(book)["Numbers"][1]]
    assert names == [*(name.replace("_", " ") for name in header), "image"]


def test_the_values_in_the_table_of_numbers_are_those_of_the_program():
    rows = re.findall(r"^\| (`.*?) \| (.*?) ?\|", _section("outputs.md", "Numbers"), flags=re.M)
    told = dict[str, float | None]()
    for cell, values in rows[1:]:  # after the heading
        texts = re.findall(r"`([^`]+)`", cell)
        has_values = values[:1] in set("-0123456789")
        numbers = map(float, values.split(", ")) if has_values else repeat(None)
        told |= zip(texts, numbers, strict=has_values)
    assert told == {text: value_of(text) for text in told}
    assert len(told) > 15


def test_the_variable_of_the_data_folder_is_named():
    assert VARIABLE in _first_cells(_section("environment.md", "Environment variables"))


def test_every_extra_is_listed():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table = text.split("[project.optional-dependencies]")[1].split("\n[")[0]
    extras = set(re.findall(r"^(\w+) = \[", table, flags=re.M))
    assert _first_cells(_section("environment.md", "Extras")) == extras


@pytest.fixture(scope="module")
def addresses() -> set[str]:
    """The addresses that `digitus serve` answers, the files of the page aside."""
    server = make_server(page_models(None), lambda: pytest.fail("no image is asked for"))
    paths = server.app.openapi()["paths"]
    return {"/", "/openapi.json"} | set(paths)


def test_the_reference_of_http_names_every_address(addresses):
    rows = (REFERENCE / "http.md").read_text("utf-8").split("\n## ")[0]
    named = {re.sub(r"/NAME$", "/{name}", name) for name in _first_cells(rows)}
    assert {re.sub("/(train|test)$", "/{part}", name) for name in named} == addresses


def test_the_reference_of_http_names_the_facts_of_a_model():
    (keys,) = re.findall(
        r'"models": \[\{("name", "title".*?)\}', (REFERENCE / "http.md").read_text()
    )
    assert json.loads(f"[{keys}]") == list(page_models(None)[0].facts)
