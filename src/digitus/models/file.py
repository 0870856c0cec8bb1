"""The model file: safetensors, arrays plus a JSON header. Never pickle.

The arrays are the network's parameters by name (``layer0.weight`` (d, h), ``layer0.bias`` (h,)).
The header's key ``digitus`` holds JSON: format version, architecture, normalizer, calibration,
training record.
"""

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from digitus.data.normalization import Normalizer
from digitus.errors import ModelFileError
from digitus.models.architecture import build, describe
from digitus.models.error_bound import ErrorCurve
from digitus.models.model import Model
from digitus.models.safe_file import DAMAGE, SEQUENCE_KEY, read_safe, write_safe
from digitus.nn.arrays import Floats
from digitus.nn.network import Network

FORMAT_VERSION = 2

_SCORES = {"n": int, "accuracy": float, "ece": float, "nll": float}
_RECORD = {
    "config": {"seed": int, "validation": int, "split_seed": int | None},
    "data": {"name": str, "sha256": str},
    "versions": {},
    "calibration": {"negatives": int | None, "negatives_accepted": int | None},
}


def save_model(model: Model, path: str | Path) -> None:
    """Write a model file; never half a file.

    Raises:
        ModelFileError: if a parameter is NaN or infinite, the weights overflow, or the record could
            not be read back; such a file is never written.
        WriteError: if the place cannot be written.
    """
    refuse_nonfinite_network(model.network, path)
    _refuse_overflow(model, path)
    _refuse_record(model.record, path)
    arrays = {name: values for name, values, _ in model.network.named_parameters()}
    header = {
        "format_version": FORMAT_VERSION,
        "name": model.name,
        "architecture": describe(model.network),
        "normalizer": model.normalizer.to_json(),
        "calibration": _describe_calibration(model),
        "record": model.record,
    }
    write_safe(path, arrays, key="digitus", facts=header)


def read_model(path: str | Path) -> Model:
    """Read a model file.

    Raises:
        ModelFileError: if the file is missing, damaged, another program's, of a newer format, or
            holds NaN, infinities, weights that overflow, arrays of the wrong shape or a record of
            another form.
    """
    arrays, header = _open(Path(path))
    model = _restore(header, Path(path))
    _refuse_record(model.record, path)
    _fill(model.network, arrays, path)
    refuse_nonfinite_network(model.network, path)
    _refuse_overflow(model, path)
    return model


def _restore(header: dict[str, Any], path: Path) -> Model:
    """Make the model of a header, its parameters zero."""
    try:
        return Model(
            str(header.get("name", path.stem)),
            build(header["architecture"]),
            Normalizer.from_json(header["normalizer"]),
            float(header["calibration"]["temperature"]),
            dict(header.get("record", {})),
            **_restore_calibration(header["calibration"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError, MemoryError) as error:
        raise ModelFileError(
            f"{path}: the header is incomplete ({error}); train or download the model again"
        ) from error


def _describe_calibration(model: Model) -> dict[str, Any]:
    errors = None if model.errors is None else model.errors.to_json()
    return {
        "temperature": model.temperature,
        "digit_threshold": model.digit_threshold,
        "errors": errors,
    }


def _restore_calibration(calibration: dict[str, Any]) -> dict[str, Any]:
    """Return threshold and error curve, which the oldest files lack."""
    errors = calibration.get("errors")
    return {
        "digit_threshold": float(calibration.get("digit_threshold", 0.0)),
        "errors": None if errors is None else ErrorCurve.from_json(errors),
    }


def _refuse_record(record: Mapping[str, Any], path: str | Path) -> None:
    """Refuse a training record whose entries have other fields; whole entries may be missing."""
    scores = record.get("scores", {})
    parts = dict.fromkeys(scores, _SCORES) if isinstance(scores, dict) else {}
    for name, wanted in {**_RECORD, "scores": parts}.items():
        if name in record and not _fits(record[name], wanted):
            raise ModelFileError(
                f"{path}: {name!r} in the training record is not what digitus writes there; "
                f"train or download the model again"
            )


def _fits(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return isinstance(value, wanted) and not (isinstance(value, float) and not isfinite(value))
    return isinstance(value, dict) and all(
        _fits(value.get(name), kind) for name, kind in wanted.items()
    )


def _open(path: Path) -> tuple[dict[str, Floats], dict[str, Any]]:
    if not path.is_file():
        raise ModelFileError(
            f"{path}: no such model file; `digitus train --preset mlp --out {path.name}` makes one"
        )
    try:
        arrays, header = read_safe(path, key="digitus")
        is_sequence_file = header is None and read_safe(path, key=SEQUENCE_KEY)[1] is not None
    except DAMAGE as error:
        raise ModelFileError(
            f"{path}: not a whole model file ({error}); train or download the model again"
        ) from error
    if is_sequence_file:
        raise ModelFileError(
            f"{path}: holds the sequence models of `digitus train --preset lines`, which read "
            f"lines; expected a model that reads single digits, such as cnn or mlp"
        )
    return arrays, _known(header, path)


def _known(header: Any, path: Path) -> dict[str, Any]:
    if not isinstance(header, dict):
        raise ModelFileError(
            f"{path}: a safetensors file of another program (no `digitus` in its header); "
            f"see `digitus model import --help` for formats that can be imported"
        )
    version = header.get("format_version")
    if version == 1:
        return _upgraded(header)
    if version != FORMAT_VERSION:
        raise ModelFileError(
            f"{path}: model format {version}, this program reads {FORMAT_VERSION}; update digitus"
        )
    return header


def _upgraded(header: dict[str, Any]) -> dict[str, Any]:
    """Rename the fields that format 1 named differently."""
    record, calibration = header.get("record"), header.get("calibration")
    if not (isinstance(record, dict | None) and isinstance(calibration, dict)):
        return header  # refused with the other incomplete headers
    record, calibration = dict(record or {}), dict(calibration)
    for entries, old, new in (
        (record, "plan", "config"),
        (calibration, "digit_from", "digit_threshold"),
    ):
        if old in entries:
            entries[new] = entries.pop(old)
    return {**header, "record": record, "calibration": calibration}


def _fill(network: Network, arrays: Mapping[str, Floats], path: str | Path) -> None:
    for name, values, _ in network.named_parameters():
        wanted = f"{values.dtype} of shape {values.shape}"
        found = _kind(arrays.get(name))
        if found != wanted:
            raise ModelFileError(
                f"{path}: {name}: expected {wanted}, found {found}; "
                f"train or download the model again"
            )
        values[...] = arrays[name]


def _kind(values: Floats | None) -> str:
    return "nothing" if values is None else f"{values.dtype} of shape {values.shape}"


def refuse_nonfinite(arrays: Mapping[str, Floats], path: str | Path) -> None:
    """Refuse arrays that hold NaN or infinities.

    Raises:
        ModelFileError: naming the array.
    """
    for name, values in arrays.items():
        if not np.isfinite(values).all():
            count = int(np.count_nonzero(~np.isfinite(values)))
            raise ModelFileError(
                f"{path}: {name} holds {count} values that are NaN or infinite; "
                f"these weights are broken, train the model again"
            )


def _refuse_overflow(model: Model, path: str | Path) -> None:
    """Refuse finite weights that overflow for an image of paper or of full ink."""
    images = np.array([[0], [255]], np.uint8).repeat(model.network.n_inputs, axis=1)
    try:
        model.classify(images)
    except ModelFileError as error:
        raise ModelFileError(f"{path}: {error}") from error


def refuse_nonfinite_network(network: Network, path: str | Path) -> None:
    """Refuse a network whose parameters hold NaN or infinities.

    Raises:
        ModelFileError: naming the array.
    """
    refuse_nonfinite({name: values for name, values, _ in network.named_parameters()}, path)
