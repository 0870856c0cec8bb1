"""``digitus predict --explain``: a figure of the preprocessing and of changes of the answer."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from digitus.cli.predict.answers import SEVERAL, not_a_digit, runner_up
from digitus.cli.screen import percent
from digitus.errors import WriteError
from digitus.files import make_folder
from digitus.reader.results.file_names import STEM_CHARACTERS

if TYPE_CHECKING:
    from digitus.imaging import Preprocessed
    from digitus.plots import Explanation
    from digitus.recognizer import Prediction, Recognizer

_CUT_OUT = "the sheet was cut out of the photo and squared up"
_HINT = "if it holds several digits, or is a page, use `digitus read`"

Variants: TypeAlias = "Mapping[str, Prediction]"
"""Predictions of the changed patch, by the name of the change."""


class Explainer:
    """Writes a figure for each image, and returns what it shows in words.

    Args:
        recognizer: the one that read the image; reads the variants.
        folder: for the figures; created if missing.

    Attributes:
        written: number of figures written.
        failure: the first error in writing, after which no more figures are written, or None.

    Raises:
        WriteError: if the folder cannot be created.
    """

    def __init__(self, recognizer: "Recognizer", folder: Path) -> None:
        self.recognizer, self.folder = recognizer, make_folder(folder)
        self.written = 0
        self.failure: WriteError | None = None
        self._taken: set[str] = set()

    def explain(self, source: str, preprocessed: "Preprocessed", found: "Prediction") -> str:
        """Write the figure of an image; return in words what changes its answer."""
        variants = variants_of(found, self.recognizer)
        if self.failure is None:
            try:
                self._write(source, shown(preprocessed, found, variants))
            except WriteError as error:
                self.failure = error
        words = in_words(found, variants)
        return f"{words}; {_CUT_OUT}" if preprocessed.is_cut_out else words

    def _write(self, source: str, content: "Explanation") -> None:
        from digitus.plots import explanation, save_figure

        save_figure(explanation(content), self._free_path(source))
        self.written += 1

    def _free_path(self, source: str) -> Path:
        """Return a path named after the source, with a number if the name is taken.

        Names of this run are taken, and existing files that are not figures of Digitus: explaining
        photos/7.png into photos must not replace it.
        """
        from digitus.plots import is_saved_figure

        stem, number = Path(source).stem[:STEM_CHARACTERS], 1
        while True:
            name = f"{stem}.png" if number == 1 else f"{stem}-{number}.png"
            path = self.folder / name
            if name.casefold() not in self._taken and (
                not os.path.lexists(path) or is_saved_figure(path)
            ):
                self._taken.add(name.casefold())
                return path
            number += 1


def variants_of(found: "Prediction", recognizer: "Recognizer") -> Variants:
    """Predict the variants of a patch: inverted, thicker, thinner, deslanted.

    A blank and several digits have no variants.
    """
    from digitus.imaging.patch.variants import variants

    if found.patch is None or found.verdict == "several_digits":
        return {}
    patches = variants(found.patch)
    return dict(zip(patches, recognizer.predict_patches(list(patches.values())), strict=True))


def shown(preprocessed: "Preprocessed", found: "Prediction", variants: Variants) -> "Explanation":
    """Return the content of the figure."""
    from digitus.plots import Explanation, Variant

    title, note = _heading(found)
    has_several = found.verdict == "several_digits"
    return Explanation(
        title=title,
        note=f"{note}; {_CUT_OUT}" if preprocessed.is_cut_out else note,
        grey=preprocessed.grey,
        ink=preprocessed.writing if has_several else preprocessed.ink,
        ink_name="Ink, light on dark paper" if preprocessed.dark_paper else "Ink",
        patch=found.patch if has_several else preprocessed.patch,
        variants=[
            Variant(name, one.patch, _caption(one), is_changed=_differ(one, found))
            for name, one in variants.items()
        ],
    )


def in_words(found: "Prediction", variants: Variants) -> str:
    """Return the answer, which variants change it, and what else would help, in words.

    >>> from digitus.recognizer import Prediction
    >>> seven, one = Prediction("digit", 7, 0.982, 7), Prediction("digit", 1, 0.6, 1)
    >>> in_words(seven, {"inverted": seven, "thicker": one, "thinner": one})
    'reads 7 at 98.2 %; thicker or thinner it would be 1'
    """
    outcomes: dict[str, list[str]] = {}
    for name, one in variants.items():
        outcomes.setdefault(_outcome(one, found), []).append(name)
    unchanged = outcomes.pop("the same", [])
    if variants and not outcomes:
        outcomes = {"the same": unchanged}
    changes = [f"{_either(names)} it would be {what}" for what, names in outcomes.items()]
    is_no_digit = found.verdict == "not_a_digit" and not found.too_doubtful
    return "; ".join([_answer(found), *changes, *[_HINT] * is_no_digit])


def _answer(found: "Prediction") -> str:
    if found.digit is not None:
        return f"reads {found.digit} at {percent(found.confidence, 1)}"
    if found.best_guess is None:
        return "blank"
    if found.verdict == "several_digits":
        return SEVERAL
    why = "too doubtful" if found.too_doubtful else "not a digit"
    sure = f"{percent(found.confidence, 1)}, not a digit {percent(not_a_digit(found), 1)}"
    return f"{why}, {found.best_guess} at best ({sure})"


def _outcome(one: "Prediction", found: "Prediction") -> str:
    if not _differ(one, found):
        return "the same"
    return _kind_in_words(one)


def _heading(found: "Prediction") -> tuple[str, str]:
    """Return the figure's title and the note under it."""
    second = runner_up(found)
    if second is None:
        return "Blank", "Nothing is written."
    if found.verdict == "several_digits":
        return "More than one digit", "Use `digitus read`"
    note = f"{percent(found.confidence, 1)}, runner-up {second[0]} at {percent(second[1], 1)}"
    if found.digit is not None:
        return f"Read as {found.digit}", f"at {note}"
    title = "Too doubtful" if found.too_doubtful else "Not a digit"
    rest = f"not a digit at {percent(not_a_digit(found), 1)}"
    return title, f"{found.best_guess} at best, at {note}, {rest}"


def _caption(found: "Prediction") -> tuple[str, str]:
    """Return the two lines below a variant."""
    confidence = "" if found.confidence is None else percent(found.confidence, 1)
    guess = f"{found.best_guess}?  " if found.verdict == "not_a_digit" else ""
    return _kind_in_words(found), guess + confidence


def _kind_in_words(found: "Prediction") -> str:
    if found.digit is not None:
        return str(found.digit)
    if found.verdict == "not_a_digit":
        return "too doubtful" if found.too_doubtful else "no digit"
    return found.verdict


def _differ(one: "Prediction", other: "Prediction") -> bool:
    """Return whether two answers differ; the best guess of declined ones does not count."""
    return _kind(one) != _kind(other)


def _kind(found: "Prediction") -> tuple[str, int | None, bool]:
    return found.verdict, found.digit, found.too_doubtful


def _either(names: Sequence[str]) -> str:
    """Join names: ``a``, ``a or b``, ``a, b or c``."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
