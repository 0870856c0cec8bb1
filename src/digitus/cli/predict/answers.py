"""Answers of ``digitus predict``: the threshold, the JSON, the table and what to check."""

from collections.abc import Sequence
from math import nextafter
from pathlib import Path
from sys import float_info
from typing import TYPE_CHECKING, Any, NamedTuple

from digitus.cli.screen import line, note, percent, short_percent, stdout, table
from digitus.errors import ModelFileError

if TYPE_CHECKING:
    from digitus.models import Model
    from digitus.models.error_bound import ErrorCurve
    from digitus.reader import Reading
    from digitus.recognizer import Prediction

SEVERAL = "more than one digit; use `digitus read`"
_GALLERY_COLUMNS = 120
_NAME_CHARACTERS = 28


class Answer(NamedTuple):
    """The prediction or the error of an input, and the explanation if one was asked for.

    ``reading`` is what `digitus.read` makes of an image of several digits; None for the others,
    and where it was not asked for. ``remark`` says what of the input was left out.
    """

    source: str
    prediction: "Prediction | None"
    error: str | None = None
    explanation: str | None = None
    reading: "Reading | None" = None
    remark: str = ""


def envelope(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the JSON of all answers: results and errors, each in the order of the inputs."""
    errors = [(one.source, one.error) for one in answers if one.prediction is None]
    return {
        "results": [_result(one, one.prediction) for one in answers if one.prediction is not None],
        "errors": [{"source": source, "error": error} for source, error in errors],
    }


def _result(answer: Answer, found: "Prediction") -> dict[str, Any]:
    result = found.to_json(answer.source)
    return result if answer.reading is None else result | {"reading": answer.reading.to_json()}


def least_confidence(
    model: "Model", *, min_confidence: float | None, max_error: float | None
) -> float:
    """Return the confidence below which answers are declined: the stricter of the two options.

    For an error bound, a message on stderr says on what data it was measured.

    Args:
        model: with the risk-coverage curve of its held-out digits.
        min_confidence: threshold on the confidence, 0 to 1; None is 0.
        max_error: largest share of wrong answers among those accepted, 0 to 1.

    Raises:
        ModelFileError: if the model has no curve, or the bound is too low for it.
    """
    chosen = min_confidence or 0.0
    if max_error is None:
        return chosen
    curve = _curve(model)
    threshold = _threshold(curve, max_error, name=model.name)
    note(_bound_message(curve, max_error, threshold=threshold, chosen=chosen))
    # Answers must exceed the threshold, which is the confidence of a wrong answer.
    return max(chosen, nextafter(threshold, 1.0) if threshold else 0.0)


def _curve(model: "Model") -> "ErrorCurve":
    if model.errors is None:
        raise ModelFileError(
            f"{model.name}: has no error curve, which --max-error needs; "
            f"choose another model, or use --min-confidence"
        )
    return model.errors


def _threshold(curve: "ErrorCurve", max_error: float, *, name: str) -> float:
    from digitus.models.error_bound import format_error_rate

    threshold = curve.threshold(max_error)
    if threshold is None:
        raise ModelFileError(
            f"{name}: the error bound {short_percent(max_error)} is too low for the "
            f"{curve.n:,} held-out digits on which it is measured; "
            f"the lowest is --max-error {format_error_rate(curve.least_error())}"
        )
    return threshold


def _bound_message(
    curve: "ErrorCurve", max_error: float, *, threshold: float, chosen: float
) -> str:
    accepted = (
        f"above a confidence of {short_percent(threshold)}" if threshold else "at any confidence"
    )
    stricter = f"; --min-confidence {short_percent(chosen)} is stricter" * (chosen > threshold)
    return (
        f"error bound {short_percent(max_error)}: answers are accepted {accepted}, measured on "
        f"{curve.n:,} held-out digits, of which {curve.kept_above(threshold):,} are accepted; "
        f"the bound holds with 95 % confidence for digits of their kind{stricter}"
    )


def show(answers: Sequence[Answer], *, gallery: bool, min_confidence: float) -> None:
    """Print the answers as a table, the number of answers to check, and the explanations.

    Args:
        answers: in the order of the inputs.
        gallery: whether to print the patches, too.
        min_confidence: the threshold, for the message.
    """
    read = [(one.source, one.prediction) for one in answers if one.prediction is not None]
    if not read:
        return
    screen = stdout()
    if gallery:
        screen.print(_gallery(read), width=min(screen.width, _GALLERY_COLUMNS))
    screen.print(_table(read))
    lines = [to_check([found for _, found in read], min_confidence=min_confidence)]
    lines += [f"{one.source}: {one.explanation}" for one in answers if one.explanation]
    for one in filter(None, lines):
        line(one)


def to_check(read: Sequence["Prediction"], *, min_confidence: float) -> str:
    """Return how many answers were declined, and why; an empty text if none was."""
    declined = [found for found in read if found.verdict == "not_a_digit"]
    several = sum(found.verdict == "several_digits" for found in read)
    doubtful = sum(found.too_doubtful for found in declined)
    reasons = {
        "declined as not a digit": len(declined) - doubtful,
        f"declined as too doubtful (confidence below {short_percent(min_confidence)})": doubtful,
        f"with {SEVERAL}": several,
    }
    why = ", ".join(f"{count:,} {reason}" for reason, count in reasons.items() if count)
    if not why:
        return ""
    guess = " The best guess is in brackets." if declined else ""
    return f"To check: {len(declined) + several:,} of {len(read):,}; {why}.{guess}"


def _table(read: Sequence[tuple[str, "Prediction"]]) -> object:
    from rich.text import Text

    rejects = any(found.p_digit is not None and found.p_digit < 1 for _, found in read)
    rows = table("image", "digit", "confidence", "runner-up", *["not a digit"] * rejects)
    for source, found in read:
        if found.verdict == "several_digits":
            rows.add_row(Text(source), _digit(found), "-", "-", *["-"] * rejects)
            continue
        second = runner_up(found)
        rows.add_row(
            Text(source),
            _digit(found),
            percent(found.confidence, 1),
            "-" if second is None else f"{second[0]}  {percent(second[1], 1):>6}",
            *[percent(not_a_digit(found), 1)] * rejects,
        )
    return rows


def not_a_digit(found: "Prediction") -> float | None:
    """Return the probability that the image is no digit; None for a blank."""
    return None if found.p_digit is None else 1 - found.p_digit


def runner_up(found: "Prediction") -> tuple[int, float] | None:
    """Return the second likeliest digit and the probability that it is right.

    Like the confidence, it includes the probability of being a digit at all.
    """
    if found.runner_up is None or found.probabilities is None or found.confidence is None:
        return None
    digit, share = found.runner_up
    probability = share * found.confidence / max(found.probabilities)
    return digit, max(probability, float_info.min)  # rounding alone makes it 0


def _digit(found: "Prediction") -> str:
    """Return the answer in Rich's markup."""
    if found.digit is not None:
        return f"[bold]{found.digit}[/]"
    if found.verdict == "several_digits":
        return "several"
    return found.verdict if found.best_guess is None else f"[dim]({found.best_guess})[/] ?"


def _gallery(read: Sequence[tuple[str, "Prediction"]]) -> object:
    """Return the patches side by side, each in a frame with its answer."""
    from rich.columns import Columns
    from rich.panel import Panel
    from rich.text import Text

    from digitus.imaging import blocks

    frames = []
    for source, found in read:
        image = "" if found.patch is None else blocks(found.patch)
        share = "" if found.verdict == "several_digits" else percent(found.confidence, 1)
        title = f"{_digit(found)}  {share}".rstrip()
        name = Text(Path(source).name[:_NAME_CHARACTERS], style="dim")
        frames.append(Panel(Text(image), title=title, subtitle=name, width=32))
    return Columns(frames)
