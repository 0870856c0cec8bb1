"""Write the measured rates of docs/reference/limits.md from two records.

    python benchmarks/held_out_pages.py --json > docs/held_out_pages.json
    python benchmarks/kinds.py --n 3 --json > docs/kinds.json
    python benchmarks/limits.py [SCORES.json] [--kinds KINDS.json] [--check]

Two tables are those of held_out_pages.py. In all others, the first two cells of a row are written
by hand in the page: its name, which is that of kinds.py, and what it is meant to be; the rates
behind them are written here. With --check it only compares the page with what it would write; it
exits with 1 if they differ.
"""

import argparse
import json
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "reference" / "limits.md"
SCORES, KINDS = DOCS / "held_out_pages.json", DOCS / "kinds.json"
Scores = dict[str, Any]

NAMED = 8
"""Rows that the list of the worst ones names for each part, at most."""
LEAST = 0.1
"""Least share of silent mistakes of a row that it names."""


def pages_table(scores: Scores) -> str:
    """Return a row for each kind of page: shares, missed and silent numbers."""
    head = ["page", "wholly right", "digits right", "numbers right", "missed", "silent mistakes"]
    rows = [
        [
            kind,
            *(share(found[part]) for part in ("pages", "digits", "numbers")),
            f"{found['missed']:,}",
            f"{found['silent']:,}",
        ]
        for kind, found in scores.items()
    ]
    return table(head, rows)


def marks_table(scores: Scores) -> str:
    """Return a row for each mark: its recall and its precision."""
    rows = [
        [name.replace("_", " "), share(found["recall"]), share(found["precision"])]
        for name, found in scores["all"]["marks"].items()
    ]
    return table(["mark", "found of those written", "written of those found"], rows)


def share(part: Scores) -> str:
    """Return counts, share and 95 % interval; a dash where nothing was counted.

    >>> share({"hits": 3, "n": 4, "share": 0.75, "interval": [0.3, 0.95]})
    '3 of 4, 75.0 % (30.0 to 95.0)'
    """
    if part["share"] is None:
        return "-"
    low, high = (100 * bound for bound in part["interval"])
    return (
        f"{part['hits']:,} of {part['n']:,}, {100 * part['share']:.1f} % ({low:.1f} to {high:.1f})"
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def filled(text: str, name: str, content: str) -> str:
    """Put a content between the comments that name it.

    Raises:
        ValueError: if the page has no such place.
    """
    place = re.compile(rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- end -->)", flags=re.S)
    if not place.search(text):
        raise ValueError(f"{PAGE}: no place for {name}")
    return place.sub(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", text)


def character_rates(found: Scores) -> list[str]:
    """Return the rates of a character alone in an image."""
    others = dict(found["verdicts"])
    others.pop("digit", None)
    known = [others.pop(name, None) for name in ("not_a_digit", "blank", "several_digits")]
    if others:
        raise ValueError(f"{PAGE}: no column for the verdicts {', '.join(others)}")
    return [share(found["right"]), share(found["wrong"]), *map(short_share, known)]


def number_rates(found: Scores) -> list[str]:
    """Return the rates of numbers on a page."""
    middle = (short_share(found[name]) for name in ("flagged", "nothing"))
    return [share(found["as_written"]), *middle, share(found["silent"])]


def page_rates(found: Scores) -> list[str]:
    """Return the rates of a kind of page."""
    extra = found["extra"]
    return [
        share(found["pages"]),
        *number_rates(found),
        f"{extra['flagged'] + extra['silent']} ({extra['silent']})",
        share(found["cells"]),
    ]


RATES: dict[str, tuple[tuple[str, ...], Callable[[Scores], list[str]]]] = {
    "characters": (("right", "wrong digit", "declined", "blank", "several"), character_rates),
    "numbers": (("as written", "flagged", "nothing read", "silently wrong"), number_rates),
    "pages": (
        (
            *("pages wholly right", "as written", "flagged", "nothing read", "silently wrong"),
            *("too many (not flagged)", "cells right"),
        ),
        page_rates,
    ),
}
"""Names of the columns and the function that fills them, by part of kinds.py."""


def short_share(part: Scores | None) -> str:
    """Return a share alone; "0" for none.

    >>> short_share({"hits": 3, "n": 40, "share": 0.075, "interval": [0.03, 0.2]})
    '7.5 %'
    """
    if part is not None and part["share"] is None:
        return "-"
    return "0" if part is None or not part["hits"] else f"{100 * part['share']:.1f} %"


def with_rates(text: str, part: str, kinds: Scores) -> str:
    """Write the rates of a part behind the first two cells of the rows of its tables.

    Raises:
        ValueError: if the tables have not the rows of the record.
    """
    columns, rates = RATES[part]
    place = re.compile(rf"(<!-- {part}: [^\n]*-->\n\n)(.*?)(\n\n<!-- end -->)", flags=re.S)
    tables = [_cells(found[2]) for found in place.finditer(text)]
    names = [row[0] for rows in tables for row in rows[2:]]
    if sorted(names) != sorted(kinds[part]):
        differ = sorted(set(names) ^ set(kinds[part])) or sorted(names)
        raise ValueError(
            f"{PAGE}: its rows of {part} and those of the record differ in: {'; '.join(differ)}"
        )

    def rewritten(found: re.Match[str]) -> str:
        head, _, *rows = _cells(found[2])
        filled_rows = [[*row[:2], *rates(kinds[part][row[0]])] for row in rows]
        return f"{found[1]}{table([*head[:2], *columns], filled_rows)}{found[3]}"

    return place.sub(rewritten, text)


def worst(kinds: Scores) -> str:
    """Return a list of the rows with the most mistakes that nothing tells of, for each part."""
    characters, numbers, pages = (kinds[part] for part in RATES)
    declined = {
        name: {"share": sum(one["hits"] for one in _not_digits(row)) / row["right"]["n"]}
        for name, row in characters.items()
        if row["right"]["n"]
    }
    missed = {name: row["nothing"] for name, row in numbers.items() if row["as_written"]["n"]}
    invented = {
        name: row["extra"]["silent"] for name, row in pages.items() if row["extra"]["silent"]
    }
    listed = "; ".join(
        f"{name} {invented[name]} on {pages[name]['pages']['n']}"
        for name in sorted(invented, key=lambda name: -invented[name])[:NAMED]
    )
    lines = {
        "Alone in an image, taken for a digit that it is not": _most(_part(characters, "wrong")),
        "Alone in an image, a digit that is declined": _most(declined),
        "On a page, silently wrong": _most(_part(numbers, "silent")),
        "On a page, a number without any answer": _most(missed),
        "Kinds of pages, of whose numbers most are silently wrong": _most(_part(pages, "silent")),
        "Pages with numbers where none is written, not flagged": listed or "none",
    }
    return "\n".join(_wrapped(f"- {title}: {found}.") for title, found in lines.items())


def _part(rows: Scores, name: str) -> Scores:
    return {row: found[name] for row, found in rows.items()}


def _not_digits(row: Scores) -> list[Scores]:
    """Return the shares of all verdicts of a row but ``digit``."""
    return [found for verdict, found in row["verdicts"].items() if verdict != "digit"]


def _most(parts: Scores) -> str:
    """Return the rows with the greatest shares, of at least ``LEAST``."""
    shares = {name: part["share"] or 0.0 for name, part in parts.items()}
    named = sorted(shares, key=lambda name: -shares[name])
    found = [f"{name} {100 * shares[name]:.0f} %" for name in named if shares[name] >= LEAST]
    return "; ".join(found[:NAMED]) or f"none in {100 * LEAST:.0f} % or more"


def _wrapped(line: str) -> str:
    """Wrap a line of a list; a percent sign stays beside its number."""
    joined = line.replace(" %", "\0%")
    wrapped = textwrap.fill(joined, 115, subsequent_indent="  ", break_on_hyphens=False)
    return wrapped.replace("\0", " ")


def _cells(markdown: str) -> list[list[str]]:
    """Return the cells of the lines of a table."""
    return [[one.strip() for one in line.strip("| ").split("|")] for line in markdown.splitlines()]


def page_of(text: str, scores: Scores, kinds: Scores) -> str:
    """Return the page with all tables.

    Raises:
        ValueError: if a place or a row is missing, or the record has no such part.
    """
    if missing := RATES.keys() - kinds.keys():
        raise ValueError(f"the record of kinds.py has no {', '.join(missing)}; measure all parts")
    for name, content in {
        "held out": pages_table(scores),
        "marks": marks_table(scores),
        "worst": worst(kinds),
    }.items():
        text = filled(text, name, content)
    for part in RATES:
        text = with_rates(text, part, kinds)
    return text


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scores", type=Path, nargs="?", default=SCORES, help="of held_out_pages.py")
    parser.add_argument("--kinds", type=Path, default=KINDS, help="of kinds.py")
    parser.add_argument("--check", action="store_true", help="compare only")
    options = parser.parse_args()
    text = PAGE.read_text("utf-8")
    scores, kinds = (
        json.loads(path.read_text("utf-8")) for path in (options.scores, options.kinds)
    )
    new = page_of(text, scores, kinds)
    if options.check:
        return int(new != text)
    PAGE.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
