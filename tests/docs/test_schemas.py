"""What the program prints as JSON is valid by its schema, and the schemas refuse what is not."""

import json
from copy import deepcopy
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from PIL import Image
from referencing import Registry, Resource

from digitus.cli.main import digitus
from digitus.data import Samples
from digitus.models.sequence.line_image_format import MarkKind
from digitus.reader.pipeline.assembly import make_versions
from digitus.reader.results.reading import CellVerdict, PageReading, Reading
from digitus.reader.results.symbols import Symbol
from digitus.recognizer import Prediction

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "reference" / "schemas"
NAMES = ("predict", "read", "evaluate")


def schema(name):
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))


REGISTRY = Registry().with_resources(
    (found["$id"], Resource.from_contents(found)) for found in map(schema, NAMES)
)


def faults(name, value):
    """Return what the schema has against a value."""
    validator = Draft202012Validator(schema(name), registry=REGISTRY)
    return [error.message for error in validator.iter_errors(value)]


def printed(*words):
    done = CliRunner().invoke(digitus, list(map(str, words)), standalone_mode=False)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """Digits, a blank, a declined digit and a file that is no image, as `predict` prints them."""
    folder = tmp_path_factory.mktemp("images")
    Image.new("L", (40, 40), 255).save(folder / "blank.png")
    (folder / "bad.png").write_bytes(b"no image")
    examples = sorted((ROOT / "examples").glob("*.png"))
    return printed("predict", *examples, folder, "--min-confidence", "99.9%", "--json")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Lines, a grid, declined digits and a file that is no image, as `read` prints them."""
    bad = tmp_path_factory.mktemp("pages") / "bad.png"
    bad.write_bytes(b"no image")
    return printed("read", ROOT / "examples" / "pages", bad, "--min-confidence", "99%", "--json")


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """Scores of the shipped `mlp` on noise, of which most are misread."""
    pixels = np.random.default_rng(0).integers(0, 256, (40, 784), np.uint8)
    path = tmp_path_factory.mktemp("data") / "noise.npz"
    samples = Samples(pixels, np.arange(40) % 10, "noise")
    np.savez(path, x_train=samples.pixels.reshape(-1, 28, 28), y_train=samples.labels)
    return printed("evaluate", "--model", "mlp", "--data", path, "--json")


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_itself(name):
    Draft202012Validator.check_schema(schema(name))


def test_what_predict_prints_is_valid(answers):
    assert faults("predict", answers) == []
    assert {one["verdict"] for one in answers["results"]} == {"digit", "blank", "not_a_digit"}
    assert len(answers["errors"]) == 1


def test_what_read_prints_is_valid(pages):
    assert faults("read", pages) == []
    assert len(pages["pages"]) == 2
    assert len(pages["errors"]) == 1
    texts = [line["text"] for page in pages["pages"] for line in page["lines"]]
    assert any("?" in text for text in texts)
    assert any(page["grids"] for page in pages["pages"])


def test_what_evaluate_prints_is_valid(scores):
    assert faults("evaluate", scores) == []
    assert scores["errors"] > 0


def symbol(kind, left, digit=0, **more):
    return Symbol(kind, (left, 10, 8, 20), np.eye(10)[digit], 1.0, **{"confidence": 0.9} | more)


@pytest.fixture
def marked():
    """A page with a number of every mark, one that may be there, and something left out."""
    symbols = [symbol("digit", 0, 7)]
    for i, kind in enumerate((*get_args(MarkKind), "space")):
        symbols += [symbol(kind, 20 * i + 10), symbol("digit", 20 * i + 20, i % 10)]
    symbols += [symbol("comma", 300, is_read=False, confidence=0.2)]
    ((line,),) = make_versions([[[symbols]]])
    return Reading((PageReading("a.png", 1, 400, 50, (line,)),)).to_json()


def test_every_mark_is_valid(marked):
    assert faults("read", marked) == []
    kinds = {
        mark["kind"]
        for line in marked["pages"][0]["lines"]
        for number in line["numbers"]
        for mark in number["marks"]
    }
    assert set(get_args(MarkKind)) <= kinds


def test_the_schema_of_read_has_every_kind_of_mark_and_every_verdict():
    defined = schema("read")["$defs"]
    kinds = (*get_args(MarkKind), "space", "other")
    assert tuple(defined["mark"]["properties"]["kind"]["enum"]) == kinds
    assert set(defined["cell"]["properties"]["verdict"]["enum"]) == set(get_args(CellVerdict))


def test_an_image_of_several_digits_may_have_a_reading(pages):
    declined = Prediction("not_a_digit", None, 0.1, 3, 0.2, (5, 0.1), (0.1,) * 10)
    entry = declined.to_json("a.png") | {"verdict": "several_digits", "reading": pages}
    assert faults("predict", {"results": [entry], "errors": []}) == []
    entry["reading"] = {"pages": []}
    assert faults("predict", {"results": [entry], "errors": []}) != []


def changed(value, place, new):
    """Return a copy with one value changed, or removed where the new one is None."""
    value = deepcopy(value)
    node = value
    for key in place[:-1]:
        node = node[key]
    if new is None:
        del node[place[-1]]
    else:
        node[place[-1]] = new
    return value


NUMBER = ("pages", 0, "lines", 0, "numbers", 0)


@pytest.mark.parametrize(
    ("place", "new"),
    [
        (("errors",), None),
        (("pages", 0, "extra"), 1),
        ((*NUMBER, "value"), "7"),
        ((*NUMBER, "text"), "7=1"),
        ((*NUMBER, "alternatives"), []),
        ((*NUMBER, "confidence"), 1.5),
        ((*NUMBER, "marks"), [{"kind": "point", "box": [1, 2, 3], "in_text": True}]),
        ((*NUMBER, "digits", 0, "digit"), 10),
        (("pages", 0, "grids", 0, "rows", 0, 0, "verdict"), "unread"),
    ],
    ids=str,
)
def test_the_schema_of_read_refuses_what_is_not_documented(pages, place, new):
    assert pages["pages"][0]["grids"]  # grid.jpg comes first
    assert faults("read", changed(pages, place, new)) != []


@pytest.mark.parametrize(
    ("place", "new"),
    [
        (("results",), None),
        (("results", 0, "p_digit"), None),
        (("results", 0, "probabilities"), [0.5, 0.5]),
        (("results", 0, "error"), "broken"),
        (("results", 0, "verdict"), "letter"),
    ],
    ids=str,
)
def test_the_schema_of_predict_refuses_what_is_not_documented(answers, place, new):
    assert faults("predict", changed(answers, place, new)) != []


@pytest.mark.parametrize(("key", "new"), [("ece", None), ("n", 0), ("confusion", [[1]])])
def test_the_schema_of_evaluate_refuses_what_is_not_documented(scores, key, new):
    assert faults("evaluate", changed(scores, (key,), new)) != []
