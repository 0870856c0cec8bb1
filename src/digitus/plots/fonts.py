"""The font files that come with matplotlib, the same on every machine."""

from pathlib import Path


def font_files(*patterns: str) -> list[Path]:
    """Return the font files whose names match one of the patterns, pattern by pattern.

    >>> [path.name for path in font_files("cmr10", "DejaVuSans")]
    ['cmr10.ttf', 'DejaVuSans.ttf']
    """
    from matplotlib import get_data_path

    folder = Path(get_data_path()) / "fonts" / "ttf"
    return [path for pattern in patterns for path in sorted(folder.glob(f"{pattern}.ttf"))]
