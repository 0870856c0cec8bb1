"""Models by name or file; the shipped ones are loaded once."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from digitus.errors import ModelFileError
from digitus.models.file import read_model
from digitus.models.model import Model

SHIPPED = ("cnn", "mlp")
DEFAULT = "cnn"

_INPUTS, _CLASSES = 784, (10, 11)


def load_model(name_or_path: str | Path | None = None) -> Model:
    """Return a shipped model by name, a model file by path, or the default model.

    Raises:
        ModelFileError: if there is no such model, or its file is damaged.
    """
    name = DEFAULT if name_or_path is None else str(name_or_path)
    if name in SHIPPED:
        return _shipped(name)
    if not name or (not Path(name).exists() and Path(name).suffix == ""):
        raise ModelFileError(
            f"{name or 'an empty name'}: neither a shipped model ({', '.join(SHIPPED)}) nor "
            f"a file; `digitus train` makes one"
        )
    if Path(name).is_dir():
        raise ModelFileError(
            f"{name}: a folder, where a model file was wanted; name a file in it, or see "
            f"`digitus model import --help`"
        )
    return read_model(name)


def load_digit_model(name_or_path: str | Path | None = None) -> Model:
    """Load a model by name or file that reads images of digits.

    Raises:
        ModelFileError: if there is none, or it reads something else.
    """
    model = load_model(name_or_path)
    found = model.network.n_inputs, model.network.n_outputs
    if found[0] != _INPUTS or found[1] not in _CLASSES:
        raise ModelFileError(
            f"{name_or_path}: expected a network from {_INPUTS} pixels to {_CLASSES[0]} digits, "
            f"found {found[0]} inputs and {found[1]} outputs; choose another model"
        )
    return model


@cache
def _shipped(name: str) -> Model:
    return read_model(shipped_file(name), is_shipped=True)


def shipped_file(name: str) -> Path:
    """Return the file of a shipped model."""
    return Path(str(files("digitus.models") / "weights" / f"{name}.safetensors"))
