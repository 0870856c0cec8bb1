"""Safetensors files with one JSON text in their header: the model file and the checkpoint."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from digitus.files import replacing
from digitus.json_values import parse_json
from digitus.nn.arrays import Floats

SEQUENCE_KEY = "digitus_lines"
"""Key in the header of a file of sequence models."""

DAMAGE = (
    *(SafetensorError, OSError, ValueError, TypeError),
    *(AttributeError, RecursionError, OverflowError),
)
"""Errors of reading a file that is damaged or of another program."""


def write_safe(
    path: str | Path, arrays: Mapping[str, Floats], *, key: str, facts: Mapping[str, Any]
) -> None:
    """Write arrays, and facts (JSON types) under a key of the header; never half a file.

    Raises:
        WriteError: if the place cannot be written.
    """
    plain = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    content = save(plain, metadata={key: json.dumps(facts)})
    with replacing(path) as draft:
        draft.write_bytes(content)  # not by the library, whose errors hide the cause


def read_safe(path: str | Path, *, key: str) -> tuple[dict[str, Floats], Any]:
    """Read the arrays, and the facts under a key of the header, or None if there are none.

    Raises:
        SafetensorError, OSError, ValueError, TypeError, AttributeError, RecursionError: if the
            file is damaged or holds kinds of numbers that NumPy lacks.
    """
    with safe_open(path, framework="numpy") as file:
        text = (file.metadata() or {}).get(key)
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no iterator
    return arrays, None if text is None else parse_json(text)
