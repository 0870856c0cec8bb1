"""System S1's files: ``Theta1.txt`` and ``Theta2.txt``, a network of sigmoid units.

Each line is one unit: its bias, then its weights, ``%.18e``, separated by one space. Theta1 is
(h, 785), h = 100 in S1; Theta2 is (10, h + 1). Hidden and output units are sigmoids; pixels are
divided by 255. Eighteen decimals restore every float64 exactly.
"""

import io
from itertools import count
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from digitus.errors import ModelFileError
from digitus.models.formats.array_files import write_together
from digitus.models.formats.dense_network import (
    N_PIXELS,
    DenseNetwork,
    StoredLayer,
    dense_network_of,
    model_from,
    require,
)
from digitus.models.model import Model
from digitus.nn.activations import Sigmoid
from digitus.nn.arrays import Floats, Ints
from digitus.nn.network import Network

FILES = ("Theta1.txt", "Theta2.txt")

_MOST_CHARACTERS = 1 << 20  # of a line: 40,000 weights of a unit
_MOST_UNITS = 1 << 15  # of a layer

Matrix = NDArray[Any]


def predict(Theta1: Matrix, Theta2: Matrix, X: Matrix) -> Ints:
    """Return the digit (n,) of each row, the output of the largest sigmoid.

    Args:
        Theta1: (h, 785), column 0 the bias.
        Theta2: (10, h + 1), column 0 the bias.
        X: (n, 784) or one row (784,), pixels from 0 to 1.

    Raises:
        ValueError: if the shapes do not fit, or the weights hold NaN.
    """
    return _network(Theta1, Theta2).predict(X)


def probabilities(Theta1: Matrix, Theta2: Matrix, X: Matrix) -> Floats:
    """Return the ten sigmoid outputs (n, 10) of each row; arguments as in `predict`.

    Raises:
        ValueError: if the shapes do not fit, or the weights hold NaN.
    """
    return _network(Theta1, Theta2).probabilities(X)


def read_theta(source: str | Path | tuple[str | Path, str | Path]) -> Model:
    """Read the two files of a folder, or two files by their paths, as a float64 model.

    Raises:
        ModelFileError: if a file is missing, empty, not numbers, holds NaN or does not fit.
    """
    given = source if isinstance(source, tuple) else tuple(Path(source) / name for name in FILES)
    first, second = (Path(path) for path in given)
    thetas = _read_matrix(first), _read_matrix(second)
    return _model(*thetas, names=(first.name, second.name), source=first.parent)


def write_theta(model: Model, folder: str | Path) -> None:
    """Write a network of one hidden layer, sigmoid and sigmoid, as the two files of a folder.

    Raises:
        ModelFileError: if the network is another one, or its pixels are not divided by 255.
        WriteError: if the folder cannot be written.
    """
    dense = dense_network_of(model, form="theta")
    count = len(dense.layers) - 1
    require(count == 1, "theta", "one hidden layer", f"{count}")
    hidden = dense.activation.kind if dense.activation else "none"
    is_sigmoid = isinstance(dense.activation, Sigmoid) and dense.output == "sigmoid"
    require(is_sigmoid, "theta", "sigmoid units and outputs", f"{hidden} and {dense.output}")
    texts = (_text(layer) for layer in dense.layers)
    write_together(folder, dict(zip(FILES, texts, strict=True)))


def _text(layer: StoredLayer) -> bytes:
    content = io.BytesIO()
    np.savetxt(content, np.column_stack([layer.bias, layer.weight]), fmt="%.18e")
    return content.getvalue()


def _network(Theta1: Matrix, Theta2: Matrix) -> Network:
    try:
        thetas = np.asarray(Theta1), np.asarray(Theta2)
        return _model(*thetas, names=("Theta1", "Theta2"), source="theta").network
    except ModelFileError as error:
        raise ValueError(str(error)) from error


def _model(first: Matrix, second: Matrix, *, names: tuple[str, str], source: str | Path) -> Model:
    expected = N_PIXELS + 1
    layers = []
    for theta, name in zip((first, second), names, strict=True):
        if theta.ndim != 2 or theta.shape[1] != expected:
            raise ModelFileError(
                f"{source}: {name}: expected {expected} columns (a bias, then {expected - 1} "
                f"weights), found shape {theta.shape}; check that both belong to one network"
            )
        layers.append(StoredLayer(theta[:, 1:], theta[:, 0], name, name))
        expected = len(theta) + 1
    return model_from(DenseNetwork(layers, Sigmoid(), "sigmoid"), source, form="theta")


def _read_matrix(path: Path) -> NDArray[np.float64]:
    try:
        with path.open(encoding="ascii") as file:
            return _parse_matrix(file, path)
    except (OSError, UnicodeDecodeError) as error:
        raise ModelFileError(
            f"{path}: expected a text file of numbers, found {_reason(error)}; "
            f"the format is two files, {' and '.join(FILES)}"
        ) from error


def _parse_matrix(file: TextIO, path: Path) -> NDArray[np.float64]:
    rows: list[NDArray[np.float64]] = []
    for i in count(1):
        line = file.readline(_MOST_CHARACTERS + 1)
        if not line:
            break
        if len(line) > _MOST_CHARACTERS:
            raise ModelFileError(
                f"{path}, line {i}: expected at most {_MOST_CHARACTERS:,} characters, found more; "
                f"put each unit on a line of its own"
            )
        if line.strip():
            if len(rows) == _MOST_UNITS:
                raise ModelFileError(
                    f"{path}: expected at most {_MOST_UNITS:,} lines of numbers, found more; "
                    f"give the weights of one layer"
                )
            rows.append(_row(line, f"{path}, line {i}"))
            _refuse_ragged(rows, path)
    if not rows:
        raise ModelFileError(f"{path}: expected lines of numbers, found none; export it again")
    return np.stack(rows)


def _refuse_ragged(rows: list[NDArray[np.float64]], path: Path) -> None:
    if len(rows[-1]) != len(rows[0]):
        raise ModelFileError(
            f"{path}: expected {len(rows[0])} numbers in every line as in the first, "
            f"found {len(rows[-1])} in row {len(rows)}; export it again"
        )


def _row(line: str, place: str) -> NDArray[np.float64]:
    try:
        return np.array([float(word) for word in line.split()])
    except ValueError as error:
        raise ModelFileError(
            f"{place}: expected numbers separated by one space, found something else ({error}); "
            f"export it again"
        ) from error


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no file"
    return f"none ({error.strerror})" if isinstance(error, OSError) else "other characters"
