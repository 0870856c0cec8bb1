"""A hand: how one person writes digits, marks and letters as strokes."""

from collections.abc import Sequence

import numpy as np

from held_out.shapes import DIGITS, LETTERS, MARKS, Points, strokes
from held_out.skeletons import clear_rows, keeps_its_form, skeleton_strokes


class Hand:
    """Writes characters as strokes of the pen, each time with some variation.

    Args:
        rng: chooses the shapes, the slant and the width of this hand.
        mnist: whether the digits are skeletons of MNIST's held-out rows; if not, they are shapes of
            this folder.
        upright: whether a 1 must stay far from a slash: then nothing slants by more than 5 degrees.
    """

    def __init__(self, rng: np.random.Generator, *, mnist: bool, upright: bool = False) -> None:
        self._mnist = mnist
        shapes = DIGITS | MARKS
        self._chosen = {key: found[rng.integers(len(found))] for key, found in shapes.items()}
        self._slant = rng.uniform(-0.02, 0.08) if upright else rng.uniform(-0.06, 0.2)
        self._width = rng.uniform(0.85, 1.12)
        self._looseness = rng.uniform(0.012, 0.028)
        self.gap = rng.uniform(0.12, 0.22)

    def character(self, character: str, rng: np.random.Generator) -> list[Points]:
        """Return a character's strokes, in heights of a digit; the ink starts at x = 0."""
        if character.isdigit() and self._mnist:
            digit = int(character)
            row = int(rng.choice(clear_rows()[digit]))
            while not keeps_its_form(row, digit):
                row = int(rng.choice(clear_rows()[digit]))
            found: Sequence[Points] = skeleton_strokes(row)
            slant = 0.0
        else:
            found = strokes(self._chosen.get(character) or LETTERS[character])
            slant = self._slant
        return self._varied(found, character, slant, rng)

    def _varied(
        self, found: Sequence[Points], character: str, slant: float, rng: np.random.Generator
    ) -> list[Points]:
        """Slant and bend strokes; marks keep their place above the baseline."""
        lively = 0.4 if character in MARKS else 1.0
        size = 1 + lively * rng.normal(scale=0.035)
        waves = rng.normal(scale=lively * self._looseness, size=(2, 2, 2))
        varied = []
        for points in found:
            x, y = points[:, 0] * self._width, points[:, 1]
            phase = np.column_stack([np.sin(np.pi * (y + 0.2)), np.sin(np.pi * (x + 0.3))])
            moved = np.column_stack([x + (1 - y) * slant, y]) + phase @ waves[0] * 1.5
            moved = moved + np.column_stack([x - x.mean(), y - y.mean()]) @ waves[1]
            varied.append((moved - (0, 1)) * size + (0, 1 + lively * rng.normal(scale=0.012)))
        left = min(points[:, 0].min() for points in varied)
        return [points - (left, 0) for points in varied]
