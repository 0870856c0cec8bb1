"""Import and export of other formats: recognize a format, read it, write it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from digitus.data.normalization import Normalizer
from digitus.errors import ModelFileError
from digitus.models.file import read_model
from digitus.models.formats import npy_files, theta
from digitus.models.formats.npy_files import read_npy, write_npy
from digitus.models.formats.npz_file import read_npz, write_npz
from digitus.models.formats.onnx_file import export_onnx
from digitus.models.formats.pickle_file import read_pickle
from digitus.models.formats.theta import read_theta, write_theta
from digitus.models.model import Model

FORMATS = ("theta", "npy", "npz", "onnx")
"""Formats that a model can be exported to."""

_WANTED = (
    "expected a folder with Theta1.txt and Theta2.txt or with W1.npy, b1.npy and so on, or a file "
    ".npz, .pkl, .pickle or .safetensors"
)
_FOLDER_FILES = dict.fromkeys(theta.FILES, "theta") | dict.fromkeys(npy_files.FILES, "npy")
_READERS: dict[str, Callable[[Path], Model]] = {"theta": read_theta, "own": read_model}
_READERS_WITH_ACTIVATION: dict[str, Callable[..., Model]] = {
    "npy": read_npy,
    "npz": read_npz,
    "pickle": read_pickle,
}
_WRITERS: dict[str, Callable[[Model, str | Path], None]] = {
    "theta": write_theta,
    "npy": write_npy,
    "npz": write_npz,
}
_SUFFIXES = {".npz": "npz", ".pkl": "pickle", ".pickle": "pickle", ".safetensors": "own"}


def import_model(
    source: str | Path, *, activation: str | None = None, normalizer: Normalizer | None = None
) -> Model:
    """Read a network of one of the five original systems, or a model file.

    Args:
        source: a folder or a file; its name and contents decide the format.
        activation: of the hidden units, for formats that do not name it (npy, npz, pickle); None
            takes that of the system.
        normalizer: of its pixels; None divides them by 255.

    Raises:
        ModelFileError: if the format is not known, or the file is damaged or does not fit.
        ValueError: if there is no such activation.
    """
    form, place = _recognize(Path(source))
    if form in _READERS_WITH_ACTIVATION:
        model = _READERS_WITH_ACTIVATION[form](place, activation=activation)
    elif activation is None:
        model = _READERS[form](place)
    else:
        raise ModelFileError(f"{source}: its activation is known; do not choose one")
    return model if normalizer is None else replace(model, normalizer=normalizer)


def _recognize(source: Path) -> tuple[str, Path]:
    if source.is_dir():
        held = sorted(path.name for path in source.iterdir())
        known = [name for name in _FOLDER_FILES if name in held]
        if known:
            return _FOLDER_FILES[known[0]], source
        found = f"a folder with {', '.join(held[:5]) or 'nothing'}"
    elif source.name in _FOLDER_FILES:
        return _FOLDER_FILES[source.name], source.parent
    elif source.suffix.lower() in _SUFFIXES:
        return _SUFFIXES[source.suffix.lower()], source
    else:
        found = f"a file {source.suffix or 'without an ending'}" if source.exists() else "nothing"
    raise ModelFileError(f"{source}: {_WANTED}; found {found}")


def export_model(model: Model, format: str, target: str | Path) -> str:
    """Write a model in another format; return a sentence about what was written.

    Args:
        model: to write.
        format: one of `FORMATS`.
        target: a folder for ``theta`` and ``npy``, else a file.

    Raises:
        ModelFileError: if the format cannot hold the model.
        WriteError: if the target cannot be written.
        DigitusError: if ONNX is not installed.
        ValueError: if there is no such format.
    """
    if format == "onnx":
        difference = export_onnx(model, target)
        return f"{target}: written; largest difference from our own output {difference:.1e}"
    if format not in _WRITERS:
        raise ValueError(f"the format must be one of {', '.join(FORMATS)}, not {format!r}")
    _WRITERS[format](model, target)
    return f"{target}: written in the {format} format{_left_out(model)}"


def _left_out(model: Model) -> str:
    if model.temperature == 1:
        return ""
    return f"; it cannot hold the calibration (temperature {model.temperature:.3g})"
