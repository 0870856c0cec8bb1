"""The file of the sequence models: what ``digitus train --preset lines`` writes.

A safetensors file. Arrays: ``network.parameters`` (p,) float16, ``scorer.parameters`` (q,),
``scorer.mean`` and ``scorer.spread`` (f,) float32. The header's key ``digitus_lines`` holds JSON:
format version, classes, channels, text weight, calibrations, risk-coverage curves of whole numbers,
and training record.
"""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.errors import ModelFileError
from digitus.models.error_bound import ErrorCurve
from digitus.models.file import refuse_nonfinite
from digitus.models.safe_file import DAMAGE, SEQUENCE_KEY, read_safe, write_safe
from digitus.models.sequence.line_image_format import MARKS
from digitus.nn.arrays import Floats

FORMAT_VERSION = 2
SHIPPED = "lines.safetensors"
CHANNELS_WITHOUT_ENTRY = (16, 32, 64, 96, 160, 160, 160)
"""Channels of the network in files that do not name them."""
_TRAIN = "train it again with `digitus train --preset lines`"


@dataclass(frozen=True, eq=False)
class ScorerWeights:
    """Weights of the arc scorer.

    Attributes:
        parameters: (q,) float64, of `digitus.models.sequence.arc_scorer.scorer_network`.
        mean: (f,) of the features on the training lines.
        spread: (f,) their standard deviation.
        text_weight: weight of the sequence network's log-probability of a whole text beside the
            lattice's.
    """

    parameters: NDArray[np.float64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    text_weight: float


@dataclass(frozen=True)
class NumberErrors:
    """Risk-coverage curves of whole numbers; ``--max-error`` of ``digitus read`` rests on them.

    Attributes:
        classifier: fingerprint of the digit model that they were measured with.
        pages: of numbers on synthetic pages.
        strings: of images of one string of digits each, half of them touching or overlapping.
    """

    classifier: str
    pages: ErrorCurve
    strings: ErrorCurve


@dataclass(frozen=True, eq=False)
class SequenceWeights:
    """Everything that the sequence models learn.

    Attributes:
        network: (p,) float32 parameters of the sequence network.
        channels: of its convolutions; see `digitus.models.sequence.sequence_network`.
        scorer: of the arcs.
        calibration: slope and offset of the log odds of digits.
        of_marks: the same of marks.
        errors: of whole numbers; None where they were not measured.
        record: how the file came about (JSON types).
    """

    network: Floats
    channels: tuple[int, ...]
    scorer: ScorerWeights
    calibration: tuple[float, float]
    of_marks: tuple[float, float]
    errors: NumberErrors | None = None
    record: dict[str, Any] = field(default_factory=dict)


def as_stored(parameters: Floats) -> Floats:
    """Round the sequence network's parameters to half precision, as the file holds them.

    The file is half as large; the probabilities change by less than 1e-3.
    """
    return parameters.astype(np.float16).astype(np.float32)


def save_sequence_file(weights: SequenceWeights, path: str | Path) -> None:
    """Write the file, whole or not at all.

    Raises:
        ModelFileError: if a parameter is NaN or infinite; such a file is never written.
        WriteError: if the place cannot be written.
    """
    scorer, errors = weights.scorer, weights.errors
    with np.errstate(over="ignore"):  # infinities are refused below
        network = weights.network.astype(np.float16)
    arrays: dict[str, Floats] = {
        "network.parameters": network,
        "scorer.parameters": scorer.parameters.astype(np.float32),
        "scorer.mean": scorer.mean.astype(np.float32),
        "scorer.spread": scorer.spread.astype(np.float32),
    }
    header = {
        "format_version": FORMAT_VERSION,
        "text_weight": scorer.text_weight,
        "classes": list(MARKS),
        "channels": list(weights.channels),
        "calibration": list(weights.calibration),
        "calibration_of_marks": list(weights.of_marks),
        "errors": None if errors is None else _describe_errors(errors),
        "record": weights.record,
    }
    refuse_nonfinite(arrays, path)
    write_safe(path, arrays, key=SEQUENCE_KEY, facts=header)


def read_sequence_file(path: str | Path) -> SequenceWeights:
    """Read the file.

    Raises:
        ModelFileError: if it is missing, damaged, another program's or of a newer format.
    """
    if not Path(path).is_file():
        raise ModelFileError(
            f"{path}: no such file; `digitus train --preset lines --out {path}` makes one"
        )
    try:
        arrays, header = read_safe(path, key=SEQUENCE_KEY)
        version = int(header["format_version"])
        if version != FORMAT_VERSION:
            what_to_do = "update digitus" if version > FORMAT_VERSION else _TRAIN
            raise ModelFileError(
                f"{path}: format {version} of the sequence models, this program reads "
                f"{FORMAT_VERSION}; {what_to_do}"
            )
        refuse_nonfinite(arrays, path)
        return _restore(arrays, header)
    except (*DAMAGE, KeyError) as error:
        raise ModelFileError(
            f"{path}: not a whole file of sequence models ({error!r}); {_TRAIN}"
        ) from error


@cache
def shipped_sequence_weights() -> SequenceWeights:
    """Load the weights that come with the program, once."""
    return read_sequence_file(Path(str(files("digitus.models") / "weights" / SHIPPED)))


def _restore(arrays: dict[str, Floats], header: dict[str, Any]) -> SequenceWeights:
    parameters, mean, spread = (
        arrays[f"scorer.{name}"].astype(np.float64) for name in ("parameters", "mean", "spread")
    )
    if header["classes"] != list(MARKS):
        raise ValueError(f"its marks are {header['classes']}, expected {list(MARKS)}")
    errors = header["errors"]
    text_weight = float(header["text_weight"])
    (slope, offset), (mark_slope, mark_offset) = (
        map(float, header[name]) for name in ("calibration", "calibration_of_marks")
    )
    numbers = [text_weight, slope, offset, mark_slope, mark_offset]
    if not np.isfinite(numbers).all():
        raise ValueError(f"text weight, slope or offset is not finite: {numbers}")
    scorer = ScorerWeights(parameters, mean, spread, text_weight)
    return SequenceWeights(
        arrays["network.parameters"].astype(np.float32),
        tuple(map(int, header.get("channels", CHANNELS_WITHOUT_ENTRY))),
        scorer,
        (slope, offset),
        (mark_slope, mark_offset),
        None if errors is None else _restore_errors(errors),
        dict(header["record"]),
    )


def _describe_errors(errors: NumberErrors) -> dict[str, Any]:
    return {
        "classifier": errors.classifier,
        "pages": errors.pages.to_json(),
        "strings": errors.strings.to_json(),
    }


def _restore_errors(entry: dict[str, Any]) -> NumberErrors:
    pages, strings = (ErrorCurve.from_json(entry[name]) for name in ("pages", "strings"))
    return NumberErrors(str(entry["classifier"]), pages, strings)
