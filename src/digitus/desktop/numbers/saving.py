"""Save the numbers of pages as CSV or as a workbook."""

from collections.abc import Sequence
from pathlib import Path

from digitus.desktop.answer.answer import ReadPage
from digitus.reader.export.crops import doubtful_crops
from digitus.reader.export.csv_tables import write_csv
from digitus.reader.export.workbook import write_workbook


def save_numbers(target: str | Path, pages: Sequence[ReadPage]) -> Path:
    """Write the numbers of pages; return the file.

    Args:
        target: a workbook if it ends with ``.xlsx``, else CSV; ``.csv`` is added if it has no
            suffix.
        pages: in the order of the rows.

    Raises:
        WriteError: if it cannot be written.
    """
    path = Path(target)
    if not path.suffix:
        path = path.with_name(f"{path.name}.csv")
    if path.suffix.lower() == ".xlsx":
        crops = [doubtful_crops(page.grey, page.on_picture) for page in pages]
        readings = [page.reading for page in pages]
        write_workbook(path, zip(readings, crops, strict=True))
    else:
        write_csv(path, [page.reading for page in pages])
    return path
