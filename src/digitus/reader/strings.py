"""Runs of ink -> pieces: candidates, one judgement of all, and the best way through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from digitus.reader.calibration import Calibration, shipped_calibration
from digitus.reader.decoding import decode
from digitus.reader.judging import judge_parts
from digitus.reader.parts import parts_of
from digitus.reader.pieces import InkRun, Piece
from digitus.reader.scores import Scorer, shipped_scorer
from digitus.reader.strips import StripReader, shipped_strip_reader
from digitus.recognizer import DigitModel


@dataclass(frozen=True, eq=False)
class Skills:
    """What was learned from strings.

    Attributes:
        strips: slides along a run.
        scorer: weights of the scores.
        calibration: makes confidences honest.
    """

    strips: StripReader
    scorer: Scorer
    calibration: Calibration


@cache
def shipped_skills() -> Skills:
    """Load what comes with the program."""
    return Skills(shipped_strip_reader(), shipped_scorer(), shipped_calibration())


def read_runs(
    model: DigitModel, runs: Sequence[InkRun], *, skills: Skills | None = None
) -> list[list[Piece]]:
    """Read runs of ink, all of a page at once.

    Args:
        model: judges single digits.
        runs: in any order.
        skills: learned from strings; None takes those that come with the program.

    Returns:
        For each run its pieces from left to right; none where there is no ink.
    """
    skills = skills or shipped_skills()
    parts = [parts_of(run) for run in runs]
    filled = [number for number, found in enumerate(parts) if len(found)]
    pieces: list[list[Piece]] = [[] for _ in runs]
    if filled:
        inked = [parts[number] for number in filled]
        seen = skills.strips.look([runs[number] for number in filled])
        judged = judge_parts(model, inked, seen)
        for number, found in zip(filled, decode(judged, skills.scorer), strict=True):
            pieces[number] = [piece.on_page(runs[number], skills.calibration) for piece in found]
    return pieces
