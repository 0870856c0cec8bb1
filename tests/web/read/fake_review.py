"""A small stand-in for the review API: its states and refusals, held in memory, without reading."""

import copy
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np
from PIL import Image

from digitus.imaging import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place

WIDTH, HEIGHT = 900, 640
DIGIT_PX, LEFT_PX, TOP_PX, COLUMN_PX, LINE_PX = 44, 90, 70, 270, 82
SURE = 0.991

Json = dict[str, Any]

ME = "Reviewer 4F2"
SCORES = [
    ["17", ("204", 0.62), "58"],
    ["23", "196", "61"],
    ["9", ("187", 0.81), "40"],
    ["31", "210", "77"],
]
GRID = [["1", "12", "15"], ["2", "9", ("36", 0.71)], ["3", "20"]]
RESOURCES = {"models": [], "mnist": {"problem": "MNIST's images are not here."}, "review": True}
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


class RefusedError(Exception):
    """An answer other than the one that was hoped for."""

    def __init__(self, status: int, sentence: str, **more: Any) -> None:
        super().__init__(sentence)
        self.status, self.problem = status, {"status": status, "detail": sentence, **more}


@dataclass
class FakeReview:
    """The state of a server that keeps batches.

    Attributes:
        batches: by id; each holds its name and whether it was cancelled.
        pages: by id, with lines of ids of cells.
        cells: by id.
        images: PNG of each page.
        changes: what server-sent events tell, in order: batch, event and its data.
        undo: for each change that can be undone: reviewer, batch, sentence, pages and cells before.
        is_away: whether the server does not answer.
        told: number of changes that each browser's page knows.
        refuse_names: file names that are refused, with a sentence.
        held: changes that are not answered before `resume`; None if each is answered at once.
    """

    batches: dict[int, Json] = field(default_factory=dict)
    pages: dict[int, Json] = field(default_factory=dict)
    cells: dict[int, Json] = field(default_factory=dict)
    images: dict[int, bytes] = field(default_factory=dict)
    changes: list[tuple[int, str, Json]] = field(default_factory=list)
    undo: list[tuple[str, int, str, Json, Json]] = field(default_factory=list)
    is_away: bool = False
    told: dict[Any, int] = field(default_factory=dict)
    refuse_names: dict[str, str] = field(default_factory=dict)
    held: list[Any] | None = None
    n_made: int = 0

    # -- making content

    def new_id(self) -> int:
        """Return an id that no other thing has."""
        self.n_made += 1
        return self.n_made

    def make_batch(self, name: str) -> int:
        """Make an empty batch; return its id."""
        made = self.new_id()
        self.batches[made] = {"name": name, "is_cancelled": False}
        return made

    def make_page(
        self,
        batch: int,
        source: str,
        lines: list[list[str | tuple[str, float]]],
        *,
        is_grid: bool = False,
        state: str = "read",
        error: str | None = None,
    ) -> int:
        """Draw a page and make it as if it had been read; return its id.

        Args:
            batch: its id.
            source: name of the file.
            lines: what is read of the numbers, with "?" for a declined digit, which is drawn as 3;
                those with a confidence are to be checked.
            is_grid: whether the numbers stand in a grid.
            state: waiting, reading, read or failed.
            error: sentence of a failed page.
        """
        made = self.new_id()
        n_before = sum(page["batch_id"] == batch for page in self.pages.values())
        strokes: list[Any] = []
        page: Json = {
            "id": made,
            "batch_id": batch,
            "position": n_before + 1,
            "source": source,
            "page": 1,
            "state": state,
            "error": error,
            "width": WIDTH,
            "height": HEIGHT,
            "lines": [],
            "grids": [],
        }
        for row, texts in enumerate(lines):
            page["lines"].append([])
            for col, one in enumerate(texts):
                text, confidence = one if isinstance(one, tuple) else (one, SURE)
                cell = self._make_cell(made, text, confidence, row, col, strokes)
                if is_grid:
                    cell.update(grid=1, row=row + 1, column=col + 1)
                page["lines"][row].append(cell["id"])
        if is_grid:
            page["grids"] = [{"box": [LEFT_PX - 30, TOP_PX - 30, 800, 560]}]
        ink = render_strokes(strokes, width=WIDTH, height=HEIGHT, pen_px=5)
        buffer = io.BytesIO()
        Image.fromarray((244 - 200 * ink).astype(np.uint8)).save(buffer, "PNG")
        self.pages[made], self.images[made] = page, buffer.getvalue()
        self.tell_page(made)
        return made

    def _make_cell(
        self, page: int, text: str, confidence: float, row: int, col: int, strokes: list[Any]
    ) -> Json:
        rng = np.random.default_rng(10 * row + col)
        left, top = LEFT_PX + col * COLUMN_PX, TOP_PX + row * LINE_PX
        digits = []
        for at, sign in enumerate(one for one in text if one.isdigit() or one == "?"):
            x = left + at * (DIGIT_PX - 8)
            value = None if sign == "?" else int(sign)
            drawn = draw_digit(3 if value is None else value, rng, freedom=0.4)
            strokes.extend(place(drawn, size=DIGIT_PX, left=x, top=top))
            box = [x, top, DIGIT_PX - 8, DIGIT_PX]
            digits.append({"digit": value, "confidence": SURE, "box": box, "verified": False})
        if digits:
            digits[-1]["confidence"] = confidence
        other = str((int(text[-1]) + 6) % 10) if text[-1:].isdigit() else "0"
        made = self.new_id()
        self.cells[made] = {
            "id": made,
            "page_id": page,
            "line": row + 1,
            "position": col + 1,
            "grid": None,
            "row": None,
            "column": None,
            "box": [left, top, max(1, len(text)) * (DIGIT_PX - 8), DIGIT_PX],
            "text": text,
            "verdict": "digit",
            "read_text": text,
            "value": int(text) if text.isdigit() else None,
            "confidence": confidence,
            "to_check": confidence < 0.9,
            "state": "read",
            "alternatives": [
                {"text": text.replace("?", "3"), "probability": confidence},
                {"text": text[:-1] + other, "probability": (1 - confidence) * 0.8},
                {"text": "1" + text[:-1], "probability": (1 - confidence) * 0.1},
            ],
            "digits": digits,
            "confirmed_by": None,
            "confirmed_at": None,
            "version": 1,
            "locked_by": None,
        }
        return self.cells[made]

    # -- what the page sees

    def cells_of(self, batch: int) -> list[Json]:
        """Return the cells of a batch in the order of reading."""
        pages = [page for page in self.pages.values() if page["batch_id"] == batch]
        ids = [cell for page in pages for line in page["lines"] for cell in line]
        return [self.cells[one] for one in ids]

    def cell(self, text: str) -> Json:
        """Return the first cell with a text."""
        return next(cell for cell in self.cells.values() if cell["text"] == text)

    def counts(self, cells: list[Json]) -> Json:
        """Count the cells that are not deleted."""
        there = [cell for cell in cells if cell["state"] != "deleted"]
        return {
            "numbers": len(there),
            "to_check": sum(cell["to_check"] for cell in there),
            "confirmed": sum(cell["state"] in ("confirmed", "added") for cell in there),
        }

    def batch_json(self, batch: int) -> Json:
        """Return a batch as the API does."""
        pages = [page for page in self.pages.values() if page["batch_id"] == batch]
        states = [page["state"] for page in pages]
        n_waiting = states.count("waiting") + states.count("reading")
        if self.batches[batch]["is_cancelled"]:
            state = "cancelled"
        else:
            state = "reading" if n_waiting else "done"
        counts = {
            "documents": len({page["source"] for page in pages}),
            "pages": len(pages),
            "waiting": n_waiting,
            "read": states.count("read"),
            "failed": states.count("failed"),
        }
        return {
            "id": batch,
            "name": self.batches[batch]["name"],
            "created_at": "2026-11-30T20:00:00Z",
            "state": state,
            "counts": counts | self.counts(self.cells_of(batch)),
            "seconds_left": 14 * n_waiting if n_waiting else None,
        }

    def page_json(self, page: int, *, whole: bool = False) -> Json:
        """Return a page as the API does."""
        found = self.pages[page]
        cells = [self.cells[one] for line in found["lines"] for one in line]
        shown = {key: value for key, value in found.items() if key not in ("lines", "grids")}
        shown["counts"] = self.counts(cells)
        if whole:
            shown["lines"] = [
                {"cells": [self.cells[one] for one in line]} for line in found["lines"]
            ]
            shown["grids"] = [self._grid_json(found, grid) for grid in found["grids"]]
            shown["others"], shown["warnings"] = [], []
            shown["deleted"] = [
                cell
                for cell in self.cells.values()
                if cell["page_id"] == page and cell["state"] == "deleted"
            ]
        return shown

    def _grid_json(self, page: Json, grid: Json) -> Json:
        rows = []
        for r, line in enumerate(page["lines"]):
            row = []
            for c in range(3):
                at = [LEFT_PX - 20 + c * COLUMN_PX, TOP_PX - 16 + r * LINE_PX, 250, 76]
                cell = self.cells[line[c]] if c < len(line) else None
                row.append(
                    {
                        "cell": cell and cell["id"],
                        "verdict": "digit" if cell else "blank",
                        "text": cell["text"] if cell else "",
                        "box": at,
                    }
                )
            rows.append(row)
        return {"box": grid["box"], "rows": rows}

    def tell_batch(self, batch: int) -> None:
        """Tell the browsers of the batch as it is now."""
        self.changes.append((batch, "batch", self.batch_json(batch)))

    def tell_page(self, page: int) -> None:
        """Tell the browsers of a page, and of its batch."""
        batch = self.pages[page]["batch_id"]
        self.changes.append((batch, "page", self.page_json(page)))
        self.tell_batch(batch)

    def tell_cell(self, cell: Json) -> None:
        """Tell the browsers of a changed cell."""
        batch = self.pages[cell["page_id"]]["batch_id"]
        told = {key: cell[key] for key in ("id", "page_id", "version")}
        self.changes.append((batch, "cell", told))
        self.tell_page(cell["page_id"])

    # -- changing

    def remember(self, batch: int, reviewer: str, sentence: str) -> None:
        """Keep the state before a change."""
        state = copy.deepcopy((self.pages, self.cells))
        self.undo.append((reviewer, batch, sentence, *state))

    def checked(self, wanted: Json) -> Json:
        """Return a cell; refuse an older version of it."""
        cell = self.cells[wanted.get("id") or wanted["cell_id"]]
        if cell["version"] != wanted["version"]:
            raise RefusedError(
                409,
                "somebody has changed this number meanwhile; look at it as it is now",
                cells=[cell],
            )
        return cell

    def confirm(self, cell: Json, text: str, reviewer: str) -> Json:
        """Confirm a cell."""
        cell.update(text=text, value=int(text) if text.isdigit() else None, confidence=None)
        cell.update(state="confirmed", to_check=False, confirmed_by=reviewer, locked_by=None)
        cell["version"] += 1
        for digit in cell["digits"]:
            digit["verified"] = True
        self.tell_cell(cell)
        return cell

    def edit(self, page: int, body: Json) -> None:
        """Mend a page."""
        found = self.pages[page]
        kind = body["kind"]
        self.remember(found["batch_id"], body["reviewer"], f"changed {kind}")
        if kind == "join":
            first, *others = [self.checked(one) for one in body["cells"]]
            first["text"] += "".join(one["text"] for one in others)
            last = others[-1]["box"]
            first["box"][2] = last[0] + last[2] - first["box"][0]
            first["alternatives"] = []
            for one in others:
                self._line_of(found, one["id"]).remove(one["id"])
                first["digits"] += self.cells.pop(one["id"])["digits"]
            self._touch(first)
        elif kind == "split":
            cell = self.checked(body["cell"])
            line = self._line_of(found, cell["id"])
            at = line.index(cell["id"])
            line.remove(cell["id"])
            line[at:at] = [self._copy(cell, text) for text in body["texts"]]
        elif kind == "add":
            line = found["lines"][body["line"] - 1] if body["line"] is not None else []
            if body["line"] is None:
                found["lines"].append(line)
            base = self.cells[line[0]] if line else {**next(iter(self.cells.values()))}
            added = self._copy(base, body["text"], state="added")
            line.insert(max(body["position"], 1) - 1, added)
            if body.get("box"):
                self.cells[added]["box"] = body["box"]
        elif kind in ("delete", "restore"):
            cell = self.checked(body["cell"])
            cell["state"] = "deleted" if kind == "delete" else "read"
            if kind == "delete":
                self._line_of(found, cell["id"]).remove(cell["id"])
                cell["to_check"] = False
            else:
                found["lines"][(cell["line"] or 1) - 1].insert(cell["position"] - 1, cell["id"])
            self._touch(cell)
        elif kind == "break_line":
            cell = self.checked(body["before"])
            line = self._line_of(found, cell["id"])
            at = line.index(cell["id"])
            found["lines"].insert(found["lines"].index(line) + 1, line[at:])
            del line[at:]
        else:
            found["lines"][body["line"] - 1] += found["lines"].pop(body["line"])
        for number, line in enumerate(found["lines"], 1):
            for position, one in enumerate(line, 1):
                self.cells[one].update(line=number, position=position)
        self.tell_page(page)

    def _line_of(self, page: Json, cell: int) -> list[int]:
        return next(line for line in page["lines"] if cell in line)

    def _copy(self, cell: Json, text: str, state: str = "read") -> int:
        made = self.new_id()
        self.cells[made] = {
            **copy.deepcopy(cell),
            "id": made,
            "text": text,
            "read_text": None,
            "state": state,
            "to_check": False,
            "alternatives": [],
            "version": 1,
        }
        return made

    def _touch(self, cell: Json) -> None:
        cell["version"] += 1
        self.tell_cell(cell)

    def verify(self, body: Json) -> Json:
        """Verify digits, and flag those that are odd."""
        changed, conflicts = [], []
        for one, is_odd in [(one, False) for one in body["digits"] + body["typed"]] + [
            (one, True) for one in body["odd"]
        ]:
            try:
                cell = self.cells[one["cell_id"]]
                if cell["version"] != one["version"] and cell not in changed:
                    raise RefusedError(409, "", cells=[cell])
            except RefusedError:
                conflicts.append(cell)
                continue
            digit = cell["digits"][one["index"]]
            if is_odd:
                cell["to_check"] = True
            else:
                digit["verified"] = True
            if "digit" in one:
                digit["digit"] = one["digit"]
                cell["text"] = "".join(str(each["digit"]) for each in cell["digits"])
                cell["to_check"] = False
            changed.append(cell)
        for cell in {one["id"]: one for one in changed}.values():
            if all(digit["verified"] for digit in cell["digits"]) and not cell["to_check"]:
                cell.update(state="confirmed", confirmed_by=body["reviewer"], confidence=None)
            self._touch(cell)
        return {"cells": changed, "conflicts": conflicts}

    def groups(self, batch: int, by: str) -> dict[str, list[Json]]:
        """Return the items of all groups."""
        found: dict[str, list[Json]] = {}
        for cell in self.cells_of(batch):
            if cell["state"] == "deleted":
                continue
            base = {"cell_id": cell["id"], "version": cell["version"], "page_id": cell["page_id"]}
            if by == "digit":
                for index, digit in enumerate(cell["digits"]):
                    value = digit["digit"]
                    item = (
                        base | digit | {"index": index, "best_guess": 3 if value is None else value}
                    )
                    found.setdefault("?" if value is None else str(value), []).append(item)
            else:
                key = cell["text"] if by == "text" else str(len(cell["text"]))
                item = {"index": None, "best_guess": None, "box": cell["box"]}
                item["confidence"] = cell["confidence"]
                item["verified"] = cell["state"] == "confirmed"
                found.setdefault(key, []).append(base | item)
        for items in found.values():
            items.sort(key=lambda one: one["confidence"] or 1)
        return dict(sorted(found.items(), key=lambda one: (by != "digit" or one[0] != "?", one[0])))

    # -- HTTP

    def handle(self, route: Any) -> None:
        """Answer a request of Playwright."""
        request = route.request
        if self.held is not None and request.method != "GET":
            self.held.append(route)
            return
        if self.is_away:
            route.abort("connectionrefused")
            return
        address = urlsplit(request.url)
        query = {key: values[0] for key, values in parse_qs(address.query).items()}
        for method, pattern, answer in self.routes():
            found = re.fullmatch(pattern, address.path)
            if found and method == request.method:
                first, *others = [*found.groups(), ""]
                words = [int(first), *map(unquote, others[:-1])] if first else []
                try:
                    answer(route, query, *words)
                except RefusedError as error:
                    route.fulfill(
                        status=error.status,
                        content_type="application/problem+json",
                        body=json.dumps(error.problem),
                    )
                return
        route.fulfill(status=404, json={"detail": f"{address.path}: not in the fake."})

    def resume(self) -> None:
        """Answer the changes that were held, and those after them at once."""
        held, self.held = self.held or [], None
        for route in held:
            self.handle(route)

    def routes(self) -> list[tuple[str, str, Callable[..., None]]]:
        """Return method, path and answer of every request."""

        def listed(route: Any, _: Json) -> None:
            route.fulfill(json={"batches": [self.batch_json(one) for one in self.batches]})

        def made(route: Any, _: Json) -> None:
            batch = self.make_batch(route.request.post_data_json["name"])
            route.fulfill(status=201, json=self.batch_json(batch))

        def one(route: Any, _: Json, batch: int) -> None:
            if batch not in self.batches:
                raise RefusedError(404, "This batch is not there any more; choose another.")
            route.fulfill(json=self.batch_json(batch))

        def rename(route: Any, _: Json, batch: int) -> None:
            self.batches[batch]["name"] = route.request.post_data_json["name"]
            self.tell_batch(batch)
            route.fulfill(json=self.batch_json(batch))

        def delete(route: Any, _: Json, batch: int) -> None:
            del self.batches[batch]
            self.pages = {k: v for k, v in self.pages.items() if v["batch_id"] != batch}
            route.fulfill(status=204)

        def cancel(route: Any, _: Json, batch: int) -> None:
            self.batches[batch]["is_cancelled"] = True
            self.tell_batch(batch)
            route.fulfill(json=self.batch_json(batch))

        def documents(route: Any, _: Json, batch: int) -> None:
            body = route.request.post_data_buffer or b""
            names = re.findall(rb'filename="([^"]+)"', body)
            accepted, refused = [], []
            for name in (one.decode() for one in names):
                if name in self.refuse_names:
                    refused.append({"name": name, "error": self.refuse_names[name]})
                    continue
                accepted.append({"id": name, "name": name, "state": "waiting", "error": None})
                self.make_page(batch, name, [["17", "204"]], state="waiting")
            route.fulfill(status=202, json={"documents": accepted, "refused": refused})

        def pages(route: Any, _: Json, batch: int) -> None:
            found = [k for k, page in self.pages.items() if page["batch_id"] == batch]
            route.fulfill(json={"pages": [self.page_json(one) for one in found]})

        def page(route: Any, _: Json, one: int) -> None:
            route.fulfill(json=self.page_json(one, whole=True))

        def image(route: Any, _: Json, one: int) -> None:
            route.fulfill(body=self.images[one], content_type="image/png")

        def crop(route: Any, query: Json, one: int) -> None:
            cell = self.cells[one]
            box = cell["digits"][int(query["digit"])]["box"] if "digit" in query else cell["box"]
            left, top, width, height = box
            buffer = io.BytesIO()
            with Image.open(io.BytesIO(self.images[cell["page_id"]])) as whole:
                whole.crop((left - 6, top - 6, left + width + 6, top + height + 6)).save(
                    buffer, "PNG"
                )
            route.fulfill(body=buffer.getvalue(), content_type="image/png")

        def retry(route: Any, _: Json, one: int) -> None:
            self.pages[one].update(state="waiting", error=None)
            self.tell_page(one)
            route.fulfill(status=202, json=self.page_json(one))

        def cells(route: Any, query: Json, batch: int) -> None:
            found = [
                cell
                for cell in self.cells_of(batch)
                if cell["to_check"] and cell["state"] != "deleted"
            ]
            limit = int(query["limit"])
            route.fulfill(json={"cells": found[:limit], "total": len(found)})

        def lock(route: Any, _: Json, one: int) -> None:
            cell = self.cells[one]
            cell["locked_by"] = cell["locked_by"] or route.request.post_data_json["reviewer"]
            route.fulfill(json=cell)

        def unlock(route: Any, query: Json, one: int) -> None:
            if one in self.cells and self.cells[one]["locked_by"] == query["reviewer"]:
                self.cells[one]["locked_by"] = None
            route.fulfill(status=204)

        def confirm(route: Any, _: Json, one: int) -> None:
            body = route.request.post_data_json
            cell = self.checked({"id": one, "version": body["version"]})
            batch = self.pages[cell["page_id"]]["batch_id"]
            self.remember(batch, body["reviewer"], f"confirmed {body['text']}")
            route.fulfill(json=self.confirm(cell, body["text"], body["reviewer"]))

        def confirm_many(route: Any, _: Json, batch: int) -> None:
            body = route.request.post_data_json
            self.remember(batch, body["reviewer"], "confirmed a group")
            done = [
                self.confirm(self.checked(one), self.cells[one["id"]]["text"], body["reviewer"])
                for one in body["cells"]
            ]
            route.fulfill(json={"confirmed": done, "conflicts": []})

        def flag(route: Any, _: Json, one: int) -> None:
            cell = self.checked({"id": one, **route.request.post_data_json})
            cell.update(to_check=True, state="read")
            self._touch(cell)
            route.fulfill(json=cell)

        def verify(route: Any, _: Json, batch: int) -> None:
            body = route.request.post_data_json
            self.remember(batch, body["reviewer"], "verified a group")
            route.fulfill(json=self.verify(body))

        def groups(route: Any, query: Json, batch: int) -> None:
            found = [
                {"key": key, "n": len(items), "n_open": sum(not one["verified"] for one in items)}
                for key, items in self.groups(batch, query["by"]).items()
            ]
            route.fulfill(json={"groups": found})

        def group(route: Any, query: Json, batch: int, by: str, key: str) -> None:
            items = self.groups(batch, by).get(key, [])
            start = int(query["offset"])
            shown = items[start : start + int(query["limit"])]
            route.fulfill(json={"items": shown, "total": len(items)})

        def edit(route: Any, _: Json, one: int) -> None:
            self.edit(one, route.request.post_data_json)
            route.fulfill(json=self.page_json(one, whole=True))

        def undo(route: Any, _: Json, batch: int) -> None:
            reviewer = route.request.post_data_json["reviewer"]
            found = [i for i, one in enumerate(self.undo) if one[:2] == (reviewer, batch)]
            if not found:
                route.fulfill(json={"undone": None, "cells": []})
                return
            sentence, before, cells = self.undo.pop(found[-1])[2:]
            changed = [k for k, cell in cells.items() if self.cells.get(k) != cell]
            versions = {k: cell["version"] for k, cell in self.cells.items()}
            self.pages, self.cells = before, cells
            for one in changed:
                self.cells[one]["version"] = versions.get(one, 1) + 1
                self.cells[one]["locked_by"] = None
                self.tell_cell(self.cells[one])
            route.fulfill(json={"undone": sentence, "cells": [self.cells[one] for one in changed]})

        def export(route: Any, _: Json, batch: int, kind: str) -> None:
            rows = "\n".join(cell["text"] for cell in self.cells_of(batch))
            name = f'attachment; filename="numbers.{kind}"'
            route.fulfill(body=rows, headers={"Content-Disposition": name})

        def events(route: Any, _: Json, batch: int) -> None:
            if batch not in self.batches:
                raise RefusedError(404, "This batch is not there any more; choose another.")
            # Playwright does not see Last-Event-ID, which Chromium adds later.
            first = self.told.get(route.request.frame.page, len(self.changes))
            self.told[route.request.frame.page] = len(self.changes)
            told = [
                f"id: {number}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"
                for number, (of, kind, data) in enumerate(self.changes[first:], first + 1)
                if of == batch
            ]
            body = f"retry: 150\nid: {max(first, len(self.changes))}\n\n" + "".join(told)
            route.fulfill(body=body, content_type="text/event-stream")

        b, p, c = r"/api/batches/(\d+)", r"/api/pages/(\d+)", r"/api/cells/(\d+)"
        return [
            ("GET", "/api/batches", listed),
            ("POST", "/api/batches", made),
            ("GET", b, one),
            ("PATCH", b, rename),
            ("DELETE", b, delete),
            ("POST", f"{b}/cancel", cancel),
            ("POST", f"{b}/documents", documents),
            ("GET", f"{b}/pages", pages),
            ("GET", f"{b}/events", events),
            ("GET", f"{b}/cells", cells),
            ("POST", f"{b}/confirm", confirm_many),
            ("POST", f"{b}/verify", verify),
            ("POST", f"{b}/undo", undo),
            ("GET", f"{b}/groups", groups),
            ("GET", rf"{b}/groups/(\w+)/([^/]+)", group),
            ("GET", rf"{b}/export/(\w+)", export),
            ("GET", p, page),
            ("GET", f"{p}/image", image),
            ("POST", f"{p}/retry", retry),
            ("POST", f"{p}/edits", edit),
            ("GET", f"{c}/crop", crop),
            ("POST", f"{c}/lock", lock),
            ("DELETE", f"{c}/lock", unlock),
            ("POST", f"{c}/confirm", confirm),
            ("POST", f"{c}/flag", flag),
        ]
