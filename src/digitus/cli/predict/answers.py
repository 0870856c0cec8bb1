"""What was read, as JSON for programs and as a table with words for people."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from digitus.cli.screen import percent, short_percent, stdout, table

if TYPE_CHECKING:
    from digitus.recognizer import Prediction

_GALLERY_COLUMNS = 120
_NAME_CHARACTERS = 28


class Answer(NamedTuple):
    """What came of one input: a prediction or an error, and what would change it."""

    source: str
    prediction: "Prediction | None"
    error: str | None = None
    explanation: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Fit for ``json.dumps``."""
        if self.prediction is None:
            return {"source": self.source, "error": self.error}
        return self.prediction.to_json(self.source)


def show(answers: Sequence[Answer], *, gallery: bool, min_confidence: float) -> None:
    """Print the table of all that was read, what is to be checked, and the explanations."""
    read = [(one.source, one.prediction) for one in answers if one.prediction is not None]
    if not read:
        return
    screen = stdout()
    if gallery:
        screen.print(_gallery(read), width=min(screen.width, _GALLERY_COLUMNS))
    screen.print(_table(read))
    lines = [to_check([found for _, found in read], min_confidence=min_confidence)]
    lines += [f"{one.source}: {one.explanation}" for one in answers if one.explanation]
    for line in filter(None, lines):
        click.echo(line)


def to_check(read: Sequence["Prediction"], *, min_confidence: float) -> str:
    """Say in words how many answers were declined, and why; nothing if none was."""
    declined = [found for found in read if found.verdict == "not_a_digit"]
    if not declined:
        return ""
    doubtful = sum(found.too_doubtful for found in declined)
    reasons = {
        "as not a digit": len(declined) - doubtful,
        f"as too doubtful (confidence below {short_percent(min_confidence)})": doubtful,
    }
    why = ", ".join(f"{count:,} declined {reason}" for reason, count in reasons.items() if count)
    return f"To check: {len(declined):,} of {len(read):,}; {why}. The best guess is in brackets."


def _table(read: Sequence[tuple[str, "Prediction"]]) -> object:
    from rich.text import Text

    rows = table("image", "digit", "confidence", "runner-up")
    for source, found in read:
        second = runner_up(found)
        rows.add_row(
            Text(source),
            _digit(found),
            percent(found.confidence, 1),
            "-" if second is None else f"{second[0]}  {percent(second[1], 1):>6}",
        )
    return rows


def runner_up(found: "Prediction") -> tuple[int, float] | None:
    """Return the second likeliest digit and the probability that it is right.

    As in the confidence, the probability of being a digit at all is a factor of it.
    """
    if found.runner_up is None or found.probabilities is None or found.confidence is None:
        return None
    digit, share = found.runner_up
    return digit, share * found.confidence / max(found.probabilities)


def _digit(found: "Prediction") -> str:
    """Write the answer in Rich's markup."""
    if found.digit is not None:
        return f"[bold]{found.digit}[/]"
    return found.verdict if found.best_guess is None else f"[dim]({found.best_guess})[/] ?"


def _gallery(read: Sequence[tuple[str, "Prediction"]]) -> object:
    """Lay the patches side by side, each in a frame with its answer."""
    from rich.columns import Columns
    from rich.panel import Panel
    from rich.text import Text

    from digitus.imaging import blocks

    frames = []
    for source, found in read:
        image = "" if found.patch is None else blocks(found.patch)
        title = f"{_digit(found)}  {percent(found.confidence, 1)}"
        name = Text(Path(source).name[:_NAME_CHARACTERS], style="dim")
        frames.append(Panel(Text(image), title=title, subtitle=name, width=32))
    return Columns(frames)
