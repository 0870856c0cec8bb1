"""Kinds of characters and pages: drawn reproducibly, true to their labels, and counted right."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from digitus.reader.results.reading import Cell, Grid
from digitus.synthesis.pages.page_truth import PageTruth, TrueCell, TrueGrid
from digitus.synthesis.pen.allographs import DIGITS

NUMBERS = ("number of 2 to 4 digits", "slash", "fraction with a horizontal bar", "printed word")
PAGES = ("ruled paper", "skewed by 20 degrees", "table with struck-out numbers", "curved paper")


@pytest.fixture
def kinds(script):
    return script("kinds")


@pytest.fixture
def alone(script):
    return script("drawn.alone")


@pytest.fixture
def numbers(script):
    return script("drawn.numbers")


@pytest.fixture
def pages(script):
    return script("drawn.pages")


@pytest.fixture
def scores(script):
    return script("drawn.scores")


def _rng(seed=0):
    return np.random.default_rng(seed)


def test_every_character_is_drawn_with_ink_of_its_own(alone):
    for name, draw in alone.ROWS.items():
        if name.startswith("any digit"):
            continue  # of MNIST
        drawn = draw(_rng(), 0)
        assert drawn.image.dtype == np.uint8, name
        assert np.ptp(drawn.image) > (2 if name in ("blank paper", "noise") else 100), name


def test_every_allograph_belongs_to_one_form_of_its_digit(alone):
    forms = [(digit, name) for digit, names in alone.FORMS.values() for name in names]
    assert sorted(forms) == sorted((digit, name) for digit in DIGITS for name in DIGITS[digit])


def test_a_form_is_drawn_as_its_digit(alone):
    for name, (digit, _) in alone.FORMS.items():
        assert alone.ROWS[name](_rng(), 0).digit == digit == int(name[0])


def test_what_shows_no_single_digit_has_no_right_answer(alone):
    for name in ("minus", "word", "two digits, apart", "struck-out digit", "Chinese numeral"):
        assert alone.ROWS[name](_rng(), 0).digit is None


def test_the_ten_digits_of_a_display_differ(script):
    display = script("drawn.script").display
    drawn = [display(str(digit), 40, _rng()).ink for digit in range(10)]
    assert len({(ink.shape, ink.tobytes()) for ink in drawn}) == 10


@pytest.mark.mnist
def test_digits_of_mnist_are_the_held_out_training_rows(script, mnist):
    held_out = script("drawn.script").held_out_digits()
    assert np.array_equal(held_out.pixels, mnist.train.pixels[55_000:60_000])
    assert np.array_equal(held_out.labels, mnist.train.labels[55_000:60_000])


@pytest.mark.parametrize("kind", NUMBERS)
def test_every_item_of_a_page_has_a_place_with_ink(numbers, kind):
    page = numbers.page_of(kind, _rng(), 0)
    assert len(page.places) == numbers.ROWS * numbers.COLUMNS
    assert 0 < sum(place.is_counted for place in page.places) < len(page.places)
    paper = np.median(page.image, axis=(0, 1))
    for place in page.places:
        left, top, width, height = place.box
        assert page.image[top : top + height, left : left + width].min() < paper.min() - 50


def test_items_are_numbers_of_their_kind(numbers):
    texts = {
        kind: [place.texts for place in numbers.page_of(kind, _rng(), 0).places if place.is_counted]
        for kind in NUMBERS
    }
    assert all(text.isdigit() for (text,) in texts["number of 2 to 4 digits"])
    assert all(text.count("/") == 1 for (text,) in texts["slash"])
    assert set(texts["printed word"]) == {()}


def test_a_form_in_a_number_is_the_one_that_the_row_names(numbers, monkeypatch):
    chosen = []
    script = numbers.Script
    monkeypatch.setattr(
        numbers, "Script", lambda *args, **named: chosen.append(named) or script(*args, **named)
    )
    page = numbers.page_of("7 with a bar, in a number", _rng(), 1)
    assert "bar" in chosen[0]["allographs"][7]
    assert not chosen[0]["mnist"]
    assert all("7" in place.texts[0] for place in page.places if place.is_counted)


@pytest.mark.parametrize("kind", PAGES)
def test_the_same_generator_draws_the_same_page(pages, kind):
    one, two, other = (pages.page_of(kind, _rng(seed), 0) for seed in (1, 1, 2))
    assert one.texts == two.texts
    assert one.texts
    assert np.array_equal(one.image, two.image)
    assert one.texts != other.texts


def test_a_page_turned_by_a_quarter_is_upright(pages):
    assert pages.page_of("turned by 90 degrees", _rng(), 0).image.shape == (960, 720, 3)
    assert pages.page_of("turned by 180 degrees", _rng(), 0).image.shape == (720, 960, 3)


def test_struck_out_numbers_are_none_of_the_texts(pages):
    page = pages.page_of("table with struck-out numbers", _rng(), 0)
    cells = [cell for row in page.truth.grids[0].rows for cell in row]
    assert page.texts == tuple(cell.text for cell in cells if cell.verdict == "digit")
    assert any(cell.verdict == "struck_out" for cell in cells)


@pytest.mark.parametrize("kind", ["photo without writing", "noise", "blank paper"])
def test_a_page_without_writing_has_no_texts(pages, kind):
    assert pages.page_of(kind, _rng(), 0).texts == ()


def _found(scores, *texts):
    return [scores.Found(one.rstrip("!"), one.endswith("!"), (0, 0, 9, 9)) for one in texts]


@pytest.mark.parametrize(
    ("true", "found", "wanted"),
    [
        (("12",), ("12",), "as_written"),
        (("12",), ("12!",), "flagged"),
        (("12",), ("13!",), "flagged"),
        (("12",), ("13",), "silent"),
        (("12",), ("1", "2"), "silent"),
        (("12",), ("1", "2!"), "silent"),
        (("12",), (), "nothing"),
        (("12", "3"), ("12", "3"), "as_written"),
        (("12", "3"), ("12",), "nothing"),
        (("12", "3"), ("12", "3!"), "flagged"),
        ((), (), "nothing"),
        ((), ("1!",), "flagged"),
        ((), ("1",), "silent"),
    ],
)
def test_a_number_has_one_outcome(scores, true, found, wanted):
    assert scores.outcome(true, _found(scores, *found)) == wanted


def _prediction(verdict, digit=None):
    return SimpleNamespace(verdict=verdict, digit=digit)


def test_verdicts_are_counted_by_name_whatever_they_are(scores):
    answers = [
        (3, _prediction("digit", 3)),
        (3, _prediction("digit", 8)),
        (3, _prediction("not_a_digit")),
        (3, _prediction("several_digits")),
    ]
    found = scores.score_alone(answers)
    assert (found["right"]["hits"], found["wrong"]["hits"], found["wrong"]["n"]) == (1, 1, 4)
    assert {name: one["hits"] for name, one in found["verdicts"].items()} == {
        "digit": 2,
        "not_a_digit": 1,
        "several_digits": 1,
    }


def test_each_digit_is_wrong_where_none_is(scores):
    found = scores.score_alone([(None, _prediction("digit", 0)), (None, _prediction("blank"))])
    assert found["right"]["share"] is None
    assert (found["wrong"]["hits"], found["wrong"]["n"]) == (1, 2)


def _reading(*numbers, size=(100, 60), grids=()):
    """A reading of numbers, each a text and the left and top of its box."""
    found = [
        SimpleNamespace(text=text.rstrip("!"), to_check=text.endswith("!"), box=(left, top, 20, 10))
        for text, left, top in numbers
    ]
    line = SimpleNamespace(numbers=found)
    page = SimpleNamespace(lines=[line], width=size[0], height=size[1], grids=grids)
    return SimpleNamespace(pages=[page])


def _item_page(numbers):
    places = (
        numbers.Place(("12",), (10, 10, 20, 10), is_counted=True),
        numbers.Place(("7",), (60, 10, 20, 10), is_counted=False),
        numbers.Place((), (10, 40, 20, 10), is_counted=True),
    )
    return numbers.ItemPage(np.zeros((60, 100, 3), np.uint8), places)


def test_what_is_read_counts_for_the_item_in_its_place(scores, numbers):
    page = _item_page(numbers)
    reading = _reading(("12", 10, 10), ("9", 60, 10))
    assert scores.outcomes_of(page, reading) == ["as_written", "nothing"]


def test_a_number_beside_all_items_counts_for_the_nearest(scores, numbers):
    reading = _reading(("12", 10, 10), ("1", 34, 42))
    assert scores.outcomes_of(_item_page(numbers), reading) == ["as_written", "silent"]


def test_places_are_found_on_a_page_that_was_made_smaller(scores, numbers):
    reading = _reading(("12", 5, 5), size=(50, 30))
    assert scores.outcomes_of(_item_page(numbers), reading) == ["as_written", "nothing"]


def test_numbers_where_none_is_are_counted_by_their_flag(scores, pages):
    page = pages.KindPage(np.zeros((60, 100, 3), np.uint8), ("12",))
    reading = _reading(("12", 0, 0), ("7777", 30, 0), ("8888!", 60, 0))
    found = scores.score_pages([(page, reading)])
    assert (found["as_written"]["hits"], found["as_written"]["n"]) == (1, 1)
    assert found["extra"] == {"flagged": 1, "silent": 1}
    assert found["pages"]["hits"] == 0
    assert found["cells"]["share"] is None


def test_cells_of_a_table_are_compared(scores, pages):
    box = (0, 0, 5, 9)
    rows = ((TrueCell("12", "digit", box), TrueCell("", "struck_out", box)),)
    truth = PageTruth(grids=(TrueGrid(rows),))
    read = Grid(box, ((Cell("12", "digit", 0.9, False, box), Cell("5", "digit", 0.9, False, box)),))
    page = pages.KindPage(np.zeros((60, 100, 3), np.uint8), ("12",), truth)
    found = scores.score_pages([(page, _reading(("12", 0, 0), grids=[read]))])
    assert (found["cells"]["hits"], found["cells"]["n"]) == (1, 2)


class _Seven:
    """Answers 7 to every image, and reads nothing on every page."""

    def predict(self, image):
        return _prediction("digit", 7)

    def read(self, image):
        return _reading(size=image.shape[1::-1])


@pytest.fixture
def run(kinds, monkeypatch, capsys):
    """Return a function that runs the command with readers of its own and returns its JSON."""
    monkeypatch.setattr(kinds, "Recognizer", lambda model: _Seven())
    monkeypatch.setattr(kinds, "Reader", lambda model: _Seven())

    def run_command(*words):
        monkeypatch.setattr("sys.argv", ["kinds.py", "--n", "1", *words])
        kinds.main()
        return capsys.readouterr().out

    return run_command


def test_the_command_measures_the_rows_that_are_named(run):
    found = json.loads(run("--rows", "minus; 7 with a bar; noise", "--json"))
    assert [*found] == ["characters", "numbers", "pages"]
    assert [*found["characters"]] == ["7 with a bar", "minus", "noise"]
    assert found["characters"]["7 with a bar"]["right"]["share"] == 1
    assert found["characters"]["minus"]["wrong"]["share"] == 1
    assert found["numbers"]["minus"]["nothing"]["share"] == 1
    assert found["pages"]["noise"]["pages"]["share"] == 1


def test_the_command_prints_a_line_for_each_row(run):
    text = run("--parts", "numbers,pages", "--rows", "minus; ruled paper")
    assert "nothing 100.0%" in text
    assert "ruled paper" in text


def test_a_row_that_does_not_exist_is_refused(run, capsys):
    with pytest.raises(SystemExit):
        run("--rows", "miinus")
    assert "unknown rows: miinus" in capsys.readouterr().err
