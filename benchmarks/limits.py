"""Write the measured tables of docs/reference/limits.md from the scores of held_out_pages.py.

    python benchmarks/held_out_pages.py --json > docs/held_out_pages.json
    python benchmarks/limits.py [SCORES.json] [--check]

With --check it only compares the page with what it would write; it exits with 1 if they differ.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
PAGE, SCORES = DOCS / "reference" / "limits.md", DOCS / "held_out_pages.json"
Scores = dict[str, Any]


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


def page_of(text: str, scores: Scores) -> str:
    """Return the page with both tables."""
    return filled(filled(text, "pages", pages_table(scores)), "marks", marks_table(scores))


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scores", type=Path, nargs="?", default=SCORES)
    parser.add_argument("--check", action="store_true", help="compare only")
    options = parser.parse_args()
    text = PAGE.read_text("utf-8")
    new = page_of(text, json.loads(options.scores.read_text("utf-8")))
    if options.check:
        return int(new != text)
    PAGE.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
