"""Shapes of signs and of digits of other scripts, in the notation of `synthesis.pen.allographs`."""

CURRENCY = {
    "euro": "88 14, 58 3, 28 16, 18 50, 28 84, 58 97, 88 86 / 4 40, 66 40 / 4 60, 60 60",
    "dollar": "84 20, 50 8, 20 22, 28 44, 72 56, 82 78, 50 92, 16 80 / 50 0, 50 100",
    "pound": "80 18, 60 3, 38 16, 40 50, 34 80, 12 96 > 50 92, 90 96 / 18 52, 66 52",
    "yen": "8 2 > 50 48 / 92 2 > 50 48 > 50 98 / 20 56, 80 56 / 20 74, 80 74",
    "cent": "80 32, 54 20, 24 34, 18 58, 34 80, 60 82, 82 70 / 56 4, 46 98",
}
"""Signs of currencies by name."""

DEGREE = "50 4, 14 30, 20 74, 54 94, 86 70, 82 26, 52 4"
"""A small circle."""

ROOT = "0 60 > 12 54 > 30 98 > 48 4"
"""A root without the line above its number."""

ARABIC = (
    "50 50",
    "40 2, 54 50, 58 98",
    "14 4, 30 40, 34 98 / 16 8, 40 26, 76 22, 84 2",
    "10 4, 28 40, 32 98 / 12 6, 26 24, 46 22, 50 4 / 50 6, 62 24, 84 20, 88 2",
    "76 4, 36 16, 34 36, 62 46 > 26 62, 30 88, 80 96",
    "50 6, 18 44, 16 80, 50 96, 84 80, 82 44, 50 6",
    "14 4, 60 6, 76 8 > 70 50, 72 98",
    "8 4 > 50 98 > 92 4",
    "8 98 > 50 4 > 92 98",
    "76 30, 50 6, 24 24, 34 48, 74 40, 76 12 > 74 60, 78 98",
)
"""Eastern Arabic digits from 0 to 9."""

DEVANAGARI = (
    "54 6, 18 30, 20 74, 52 94, 84 72, 80 26, 52 6",
    "62 34, 38 36, 34 12, 60 4, 74 30, 62 62, 38 76 > 60 82, 84 98",
    "22 20, 50 4, 76 18, 64 44, 24 60 > 50 66, 88 96",
    "24 14, 52 4, 74 18, 46 36 > 76 48, 64 70, 28 74 > 56 76, 86 98",
    "20 4, 78 70, 66 96, 36 92, 30 70, 80 4",
    "20 6, 22 50, 48 62, 74 46 / 76 4, 74 60, 84 98",
    "78 6, 34 14, 30 34, 60 44 > 28 58, 26 82, 60 84, 84 98",
    "60 40, 36 30, 50 8, 80 26, 76 66, 46 92, 14 70",
    "84 4, 30 26, 22 62, 50 90, 88 96",
    "70 30, 44 8, 26 26, 44 46, 70 40 > 36 56, 40 80, 78 98",
)
"""Devanagari digits from 0 to 9."""

CHINESE = (
    "4 50, 96 46",
    "22 20, 78 18 / 4 84, 96 80",
    "12 10, 88 8 / 22 48, 78 46 / 4 90, 96 88",
    "6 10 > 10 92 > 90 92 > 94 10 > 6 10 / 36 14, 32 50, 18 62 / 62 12, 62 50, 82 56",
    "10 8, 90 6 / 50 8, 34 92 / 18 46, 76 44, 70 92 / 2 94, 98 92",
    "46 2, 56 16 / 4 34, 96 32 / 34 50, 8 98 / 62 50, 92 98",
    "4 44, 96 34 / 46 2, 44 84, 60 96, 94 90, 94 76",
    "34 10, 30 50, 4 96 / 58 6, 68 50, 96 94",
    "40 2, 38 50, 4 96 / 6 34, 70 30, 68 88, 84 96, 98 84",
    "4 44, 96 42 / 50 2, 50 98",
)
"""Chinese numerals from one to ten."""

SEGMENTS = {
    "top": ((0.0, 0.0), (1.0, 0.0)),
    "upper right": ((1.0, 0.0), (1.0, 0.5)),
    "lower right": ((1.0, 0.5), (1.0, 1.0)),
    "bottom": ((0.0, 1.0), (1.0, 1.0)),
    "lower left": ((0.0, 0.5), (0.0, 1.0)),
    "upper left": ((0.0, 0.0), (0.0, 0.5)),
    "middle": ((0.0, 0.5), (1.0, 0.5)),
}
"""Start and end (x, y) of the segments of a seven-segment display, in a box 1 wide and 1 high."""

LIT = (
    ("top", "upper right", "lower right", "bottom", "lower left", "upper left"),
    ("upper right", "lower right"),
    ("top", "upper right", "middle", "lower left", "bottom"),
    ("top", "upper right", "middle", "lower right", "bottom"),
    ("upper left", "middle", "upper right", "lower right"),
    ("top", "upper left", "middle", "lower right", "bottom"),
    ("top", "upper left", "middle", "lower left", "lower right", "bottom"),
    ("top", "upper right", "lower right"),
    tuple(SEGMENTS),
    ("top", "upper right", "upper left", "middle", "lower right", "bottom"),
)
"""Names of the lit segments of the digits 0 to 9."""
