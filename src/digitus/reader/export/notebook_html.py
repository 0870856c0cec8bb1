"""A reading as HTML for notebooks: each page with its boxes, and the numbers as a table.

All styles stand in the elements: notebooks drop style sheets. Text that comes from outside is
escaped.
"""

from collections.abc import Iterator
from html import escape

from digitus.imaging.data_uri import png_data_uri
from digitus.palette import OVERLAY_ON_LIGHT_PAPER
from digitus.percent import percent
from digitus.reader.export.csv_tables import numbers_in_order, other_texts
from digitus.reader.results.file_names import readable
from digitus.reader.results.grid_numbers import place_in_grid
from digitus.reader.results.reading import Number, PageReading, Reading

_WIDTH_PX = 600
_MOST_ROWS = 200
"""Rows of a page's table; a notebook keeps its outputs in its file."""
_MOST_PAGES = 10
_HEADS = ("line", "number", "text", "value", "confidence", "to check", "alternatives", "cell")


def reading_html(reading: Reading) -> str:
    """Return the first pages with their boxes and tables, and the errors."""
    parts = [_page_html(page) for page in reading.pages[:_MOST_PAGES]]
    more = len(reading.pages) - _MOST_PAGES
    parts += [f"<p>and {more:,} more pages</p>"] if more > 0 else []
    parts += [f"<p>{escape(error.error)}</p>" for error in reading.errors]
    return f"<div>{''.join(parts)}</div>"


def _page_html(page: PageReading) -> str:
    title = escape(f"{readable(page.source)}, page {page.page}")
    return f"<p><b>{title}</b></p>{_drawing(page)}{_table(page)}"


def _drawing(page: PageReading) -> str:
    """Return the page as SVG: its image where there is one, and a box for each number."""
    image = ""
    if page.preview is not None:
        uri = png_data_uri(page.preview)
        image = f'<image href="{uri}" width="{page.width}" height="{page.height}"/>'
    boxes = "".join(_rectangle(number, max(page.width, page.height)) for number in page.numbers)
    return (
        f'<svg viewBox="0 0 {page.width} {page.height}" width="{min(page.width, _WIDTH_PX)}" '
        f'style="max-width: 100%; background: white">{image}{boxes}</svg>'
    )


def _rectangle(number: Number, long_side_px: int) -> str:
    """Return the box of a number, dashed if it is to be checked, with its text as a tool tip."""
    left, top, width, height = number.box
    colors, pen = OVERLAY_ON_LIGHT_PAPER, max(1, long_side_px // 500)
    color = colors.doubtful if number.to_check else colors.sure
    dashes = f' stroke-dasharray="{4 * pen} {2 * pen}"' if number.to_check else ""
    tip = escape(f"{number.text}, {percent(number.confidence)}")
    return (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="transparent" '
        f'stroke="{color}" stroke-width="{pen}"{dashes}><title>{tip}</title></rect>'
    )


def _table(page: PageReading) -> str:
    rows = list(_rows(page))
    if not rows:
        return "<p>no number found</p>"
    more = len(rows) - _MOST_ROWS
    rest = f"<p>and {more:,} more numbers</p>" if more > 0 else ""
    head = "".join(f"<th>{name}</th>" for name in _HEADS)
    return f"<table><tr>{head}</tr>{''.join(rows[:_MOST_ROWS])}</table>{rest}"


def _rows(page: PageReading) -> Iterator[str]:
    for line, place, number in numbers_in_order(page):
        cell = place_in_grid(number, page)
        fields = (
            f"{line}",
            f"{place}",
            number.text,
            "" if number.value is None else f"{number.value}",
            percent(number.confidence),
            "check" if number.to_check else "",
            other_texts(number) if number.to_check else "",
            f"grid {cell.grid}, row {cell.row}, column {cell.column}" if cell else "",
        )
        yield f"<tr>{''.join(f'<td>{escape(field)}</td>' for field in fields)}</tr>"
