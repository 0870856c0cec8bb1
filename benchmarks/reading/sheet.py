"""A contact sheet of images with their digits and what was read."""

from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

COLUMNS, CELL = 4, (380, 250)  # width and height of a cell with its caption, in pixels
CAPTION_PX, MARGIN_PX = 44, 6


def draw_sheet(entries: Iterable[tuple[Image.Image, str]], path: Path) -> None:
    """Save images with captions on one sheet."""
    entries = list(entries)
    rows = -(-len(entries) // COLUMNS) or 1
    sheet = Image.new("RGB", (COLUMNS * CELL[0], rows * CELL[1]), "white")
    for i, (image, caption) in enumerate(entries):
        corner = (i % COLUMNS * CELL[0] + MARGIN_PX, i // COLUMNS * CELL[1] + MARGIN_PX)
        _draw_entry(sheet, image, caption, corner)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


def caption(truth: str, found: str, name: str) -> str:
    """Return a caption of three lines: the true digits, those read, and the image."""
    return f"is   {truth}\nread {found}\n{name[-48:]}"


def opened(path: Path) -> Image.Image:
    """Open an image upright by its EXIF, as RGB."""
    with Image.open(path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def _draw_entry(sheet: Image.Image, image: Image.Image, text: str, corner: tuple[int, int]) -> None:
    room = (CELL[0] - 2 * MARGIN_PX, CELL[1] - CAPTION_PX - 2 * MARGIN_PX)
    small = ImageOps.contain(image.convert("RGB"), room)
    sheet.paste(small, corner)
    below = (corner[0], corner[1] + room[1])
    ImageDraw.Draw(sheet).multiline_text(below, text, fill="black", spacing=2)
