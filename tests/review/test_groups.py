import pytest

from digitus.errors import ReviewError

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
