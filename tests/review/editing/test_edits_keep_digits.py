"""Whatever reviewers do, each digit that was read belongs to one cell, and undo takes it back."""

import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from digitus.errors import ReviewError
from digitus.review.page_results import DIGITS
from digitus.review.storage.schema import Cell, Digit
from digitus.review.store import ReviewStore

REVIEWERS = st.sampled_from(["Ann", "Bob"])
PICK = st.integers(0, 20)


@pytest.fixture
def machine_page(reading, image):
    """Read pages into a store; return its page."""

    def read(store):
        batch = store.make_batch("Scores")
        document = store.add_documents(batch["id"], [("scores.png", image)])[0]
        store.start_pages(document["id"], 1)
        work = store.next_work()
        store.save_page(work.page_id, reading, image, 1.0)
        return batch["id"], work.page_id

    return read


def test_edits_keep_every_digit_and_undo_gives_all_back(machine_page):
    class Edits(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            self.folder = tempfile.TemporaryDirectory()
            self.store = ReviewStore.open(None, Path(self.folder.name))
            self.batch, self.page = machine_page(self.store)
            self.boxes = self.digit_boxes()
            self.first = self.content()
            self.history = []

        def teardown(self):
            while self.history:
                self.take_back()
            assert self.content() == self.first
            self.store.close()
            self.folder.cleanup()

        def digit_boxes(self):
            with self.store._database.reading() as session:
                return sorted(one.box for one in session.scalars(select(Digit)))

        def content(self):
            page = self.store.page(self.page)
            return [
                [{**cell, "version": None} for cell in cells]
                for cells in (*(line["cells"] for line in page["lines"]), page["others"])
            ]

        def numbers(self):
            lines = self.store.page(self.page)["lines"]
            return [cell for line in lines for cell in line["cells"]]

        def edit(self, reviewer, **operation):
            before = self.content()
            self.store.edit(self.page, operation, reviewer)
            self.history.append((reviewer, before))

        def take_back(self):
            reviewer, before = self.history.pop()
            assert self.store.undo(self.batch, reviewer)["undone"]
            assert self.content() == before

        @rule(
            who=REVIEWERS,
            first=PICK,
            n=st.integers(2, 3),
            text=st.sampled_from([None, "20", "1234"]),
        )
        def join(self, who, first, n, text):
            numbers = self.numbers()
            chosen = numbers[first % len(numbers) :][:n]
            if len(chosen) > 1:
                self.edit(who, kind="join", cells=[seen(one) for one in chosen], text=text)

        @rule(who=REVIEWERS, at=PICK, cut=st.integers(1, 3), is_odd=st.booleans())
        def split(self, who, at, cut, is_odd):
            numbers = self.numbers()
            cell = numbers[at % len(numbers)]
            text = cell["text"].replace("?", "3")
            parts = [text[:cut], text[cut:] + "9" * is_odd]
            if all(DIGITS.intersection(part) for part in parts):
                self.edit(who, kind="split", cell=seen(cell), texts=parts)

        @rule(who=REVIEWERS, line=st.none() | st.integers(1, 3), position=st.integers(1, 4))
        def add(self, who, line, position):
            n_lines = len(self.store.page(self.page)["lines"])
            line = None if line is None else min(line, n_lines)
            self.edit(who, kind="add", line=line, position=position, text="55")

        @precondition(lambda self: len(self.numbers()) > 1)
        @rule(who=REVIEWERS, at=PICK)
        def delete(self, who, at):
            numbers = self.numbers()
            self.edit(who, kind="delete", cell=seen(numbers[at % len(numbers)]))

        @rule(who=REVIEWERS, at=PICK)
        def restore(self, who, at):
            deleted = self.store.page(self.page)["deleted"]
            if deleted:
                self.edit(who, kind="restore", cell=seen(deleted[at % len(deleted)]))

        @rule(who=REVIEWERS, at=PICK)
        def break_line(self, who, at):
            later = [cell for cell in self.numbers() if cell["position"] > 1]
            if later:
                self.edit(who, kind="break_line", before=seen(later[at % len(later)]))

        @rule(who=REVIEWERS, at=PICK)
        def join_lines(self, who, at):
            n_lines = len(self.store.page(self.page)["lines"])
            if n_lines > 1:
                self.edit(who, kind="join_lines", line=1 + at % (n_lines - 1))

        @rule(who=REVIEWERS, at=PICK, text=st.sampled_from(["7", "204", "-1.5"]))
        def confirm(self, who, at, text):
            numbers, before = self.numbers(), self.content()
            cell = numbers[at % len(numbers)]
            self.store.confirm(cell["id"], text, cell["version"], who)
            self.history.append((who, before))

        @precondition(lambda self: self.history)
        @rule()
        def undo(self):
            self.take_back()

        @invariant()
        def each_digit_belongs_to_one_cell(self):
            if hasattr(self, "boxes"):
                assert self.digit_boxes() == self.boxes
                with self.store._database.reading() as session:
                    places = defaultdict(list)
                    for digit in session.scalars(select(Digit).order_by(Digit.place)):
                        places[digit.cell_id].append(digit.place)
                    joined = select(Cell.id).where(Cell.joined_to.is_not(None))
                    assert not places.keys() & set(session.scalars(joined))
                assert all(found == list(range(len(found))) for found in places.values())

        @invariant()
        def each_line_is_numbered_without_gaps(self):
            if hasattr(self, "boxes"):
                lines = self.store.page(self.page)["lines"]
                places = [
                    [(one["line"], one["position"]) for one in line["cells"]] for line in lines
                ]
                assert places == [
                    [(at, position) for position in range(1, len(line) + 1)]
                    for at, line in enumerate(places, 1)
                ]

    few = settings(max_examples=8, stateful_step_count=12, deadline=None)
    run_state_machine_as_test(Edits, settings=few)


def seen(cell):
    return {"id": cell["id"], "version": cell["version"]}


def test_a_number_that_was_joined_is_not_restored_beside_it(store, page_id):
    lines = store.page(page_id)["lines"]
    cells = lines[1]["cells"][:2]
    store.edit(page_id, {"kind": "join", "cells": [seen(one) for one in cells]}, "Ann")
    joined = store.cell(cells[1]["id"])
    with pytest.raises(ReviewError, match="was joined"):
        store.edit(page_id, {"kind": "restore", "cell": seen(joined)}, "Ann")
    assert store.page(page_id)["deleted"] == []
