from dataclasses import replace

import pytest

from digitus.errors import NotThere, ReviewError

ANN, BOB = "Ann", "Bob"


@pytest.fixture
def verify(store, batch_id):
    """Verify the digits of a group, all but the odd ones, given by their places in the group."""

    def verify_all_but(key, odd=()):
        items = store.group_items(batch_id, "digit", key)["items"]
        digits = [(one["cell_id"], one["index"], one["version"]) for one in items]
        right = [one for at, one in enumerate(digits) if at not in odd]
        return store.verify_digits(batch_id, right, ANN, [digits[at] for at in odd])

    return verify_all_but


def test_digits_are_grouped_by_what_was_read(store, batch_id):
    groups = {one["key"]: (one["n"], one["n_open"]) for one in store.groups(batch_id)}
    assert groups == {"0": (2, 2), "1": (1, 1), "2": (2, 2), "3": (2, 2), "4": (2, 2)} | {
        "5": (1, 1),
        "7": (1, 1),
    }


def test_numbers_are_grouped_by_text_and_by_length(store, batch_id):
    texts = [one["key"] for one in store.groups(batch_id, "text")]
    assert sorted(texts) == ["-3.5", "13", "20", "204", "4", "7"]
    lengths = {one["key"]: one["n"] for one in store.groups(batch_id, "length")}
    assert lengths == {"1": 2, "2": 3, "3": 1}


def test_a_text_that_no_number_has_is_a_group_without_members(store, batch_id):
    for key in ("none", "a\x00b", "\n"):
        assert store.group_items(batch_id, "text", key) == {"items": [], "total": 0}


def test_members_come_by_confidence_the_lowest_first(store, batch_id):
    found = store.group_items(batch_id, "length", "1")
    assert [one["confidence"] for one in found["items"]] == [0.5, 0.99]
    second = store.group_items(batch_id, "length", "1", offset=1, limit=1)
    assert second == {"items": found["items"][1:], "total": 2}
    assert store.group_items(batch_id, "text", "nobody wrote this") == {"items": [], "total": 0}


def test_a_number_is_confirmed_once_all_its_digits_are_verified(store, verify, batch_id):
    first = verify("2")
    assert [one["state"] for one in first["cells"]] == ["read", "read"]
    second = verify("0")
    assert [one["text"] for one in second["cells"] if one["state"] == "confirmed"] == ["20"]
    third = verify("4")
    assert sorted(one["text"] for one in third["cells"]) == ["204", "4"]
    assert {one["state"] for one in third["cells"]} == {"confirmed"}
    open_digits = {one["key"]: one["n_open"] for one in store.groups(batch_id)}
    assert [open_digits[key] for key in "024"] == [0, 0, 0]


def test_a_doubtful_mark_keeps_a_number_open(store, verify):
    verify("3")
    cells = verify("5")["cells"]
    assert [(one["text"], one["state"]) for one in cells] == [("-3.5", "read")]


def test_odd_digits_flag_their_numbers(store, verify, batch_id):
    odd = verify("0", odd=[1])["cells"]
    flagged = [one["text"] for one in odd if one["to_check"]]
    assert len(flagged) == 1
    assert store.batch(batch_id)["counts"]["to_check"] == 3  # the 7, the cell, and this one


def test_a_stale_digit_is_given_back_and_the_others_are_verified(store, batch_id):
    items = store.group_items(batch_id, "digit", "2")["items"]
    digits = [(one["cell_id"], one["index"], one["version"]) for one in items]
    store.confirm(digits[0][0], "999", digits[0][2], BOB)
    answer = store.verify_digits(batch_id, digits, ANN)
    assert [one["text"] for one in answer["conflicts"]] == ["999"]
    assert len(answer["cells"]) == 1


def test_verifying_is_undone_as_a_whole(store, verify, batch_id):
    before = store.groups(batch_id)
    verify("2")
    assert store.undo(batch_id, ANN)["undone"] == "verified 2 digits"
    assert store.groups(batch_id) == before


def test_many_numbers_are_confirmed_at_once_but_none_with_a_declined_digit(
    store, batch_id, image, page_id
):
    cells = store.cells(batch_id)["cells"]
    numbers = [(one["id"], one["version"]) for one in cells if one["text"]]
    stale = (numbers[0][0], 77)
    answer = store.confirm_many(batch_id, [stale, *numbers[1:]], ANN)
    assert len(answer["confirmed"]) == len(numbers) - 1
    assert [one["id"] for one in answer["conflicts"]] == [stale[0]]
    assert store.batch(batch_id)["counts"]["confirmed"] == len(numbers) - 1


@pytest.mark.parametrize(("by", "key"), [("color", "1"), ("digit", "x"), ("length", "²")])
def test_an_unknown_group_is_refused(store, batch_id, by, key):
    with pytest.raises(ReviewError, match="expected"):
        store.group_items(batch_id, by, key)


def test_a_cell_whose_text_has_other_digits_leaves_the_groups(store, batch_id):
    cell = next(one for one in store.cells(batch_id)["cells"] if one["text"] == "204")
    store.confirm(cell["id"], "20", cell["version"], ANN)
    assert sum(one["n"] for one in store.groups(batch_id)) == 8


def without(number, place):
    """Return a number with a declined digit, which is perhaps a 3."""
    likely = ((3, 0.6), (8, 0.2))
    gone = replace(
        number.digits[place],
        **{"digit": None, "verdict": "not_a_digit", "confidence": 0.6, "alternatives": likely},
    )
    texts = [number.text[:place] + sign + number.text[place + 1 :] for sign in "?38"]
    return replace(
        number,
        text=texts[0],
        to_check=True,
        digits=(*number.digits[:place], gone, *number.digits[place + 1 :]),
        alternatives=((texts[1], 0.6), (texts[2], 0.2)),
    )


@pytest.fixture
def declined(store, batch_id, reading, image):
    """Read a page with 2?4 and ? in the batch; return the items of the group of declined digits."""
    first = reading.lines[0]
    numbers = without(first.numbers[0], 1), without(first.numbers[1], 0)
    reading = replace(reading, lines=(replace(first, numbers=numbers),), grids=())
    document = store.add_documents(batch_id, [("more.png", image + b"more")])[0]
    store.start_pages(document["id"], 1)
    store.save_page(store.next_work().page_id, reading, image, 1.0)
    return store.group_items(batch_id, "digit", "?")["items"]


def place(item):
    return item["cell_id"], item["index"], item["version"]


def test_declined_digits_are_the_first_group_with_their_likeliest_digits(store, batch_id, declined):
    groups = store.groups(batch_id)
    assert (groups[0]["key"], groups[0]["n"], groups[0]["n_open"]) == ("?", 2, 2)
    assert [(one["best_guess"], one["verified"]) for one in declined] == [(3, False)] * 2


def test_a_typed_digit_takes_its_place_and_completes_a_number(store, batch_id, declined):
    within, alone = declined
    answer = store.verify_digits(batch_id, [], ANN, typed=[(*place(within), 9), (*place(alone), 5)])
    cells = [(one["text"], one["state"], one["to_check"]) for one in answer["cells"]]
    assert cells == [("294", "read", True), ("5", "confirmed", False)]
    assert store.groups(batch_id)[0]["key"] == "0"
    for digit in "24":
        items = store.group_items(batch_id, "digit", digit)["items"]
        of_number = [one for one in items if one["cell_id"] == within["cell_id"]]
        answer = store.verify_digits(batch_id, map(place, of_number), ANN)
    (done,) = answer["cells"]
    assert (done["text"], done["state"], done["read_text"]) == ("294", "confirmed", "2?4")
    assert [one["digit"] for one in done["digits"]] == [2, 9, 4]


def test_readings_that_a_typed_digit_excludes_are_left_out(store, batch_id, declined):
    within = declined[0]
    store.verify_digits(batch_id, [], ANN, typed=[(*place(within), 9)])
    changed = store.cell(within["cell_id"])
    assert changed["alternatives"] == []
    assert changed["confidence"] == pytest.approx(0.99**2)  # of the 2 and the 4
    store.undo(batch_id, ANN)
    again = store.cell(within["cell_id"])
    assert (again["text"], again["alternatives"][0]["text"]) == ("2?4", "234")
    store.verify_digits(batch_id, [], ANN, typed=[(again["id"], 1, again["version"], 3)])
    kept = [one["text"] for one in store.cell(within["cell_id"])["alternatives"]]
    assert kept == ["234"]


def test_a_digit_that_was_read_wrong_is_typed_too(store, batch_id):
    (seven,) = store.group_items(batch_id, "digit", "7")["items"]
    answer = store.verify_digits(batch_id, [], ANN, typed=[(*place(seven), 1)])
    assert [(one["text"], one["state"]) for one in answer["cells"]] == [("1", "confirmed")]
    assert store.undo(batch_id, ANN)["undone"] == "verified 1 digit"


def test_a_typed_digit_without_a_certain_place_is_given_back(store, batch_id, page_id):
    cell = next(one for one in store.cells(batch_id)["cells"] if one["text"] == "204")
    split = {"id": cell["id"], "version": cell["version"]}
    store.edit(page_id, {"kind": "split", "cell": split, "texts": ["2", "0554"]}, ANN)
    first = store.cell(cell["id"])
    typed = (first["id"], 0, first["version"], 3)
    answer = store.verify_digits(batch_id, [], ANN, typed=[typed])
    assert [one["text"] for one in answer["conflicts"]] == ["2"]
    assert store.cell(cell["id"]) == first


def test_a_typed_digit_of_a_place_that_is_none_is_refused(store, batch_id, declined):
    cell_id, _, version = place(declined[0])
    with pytest.raises(NotThere, match="there is no digit 3"):
        store.verify_digits(batch_id, [], ANN, typed=[(cell_id, 3, version, 1)])
