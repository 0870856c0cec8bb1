"""Export to ONNX: from raw pixels to calibrated probabilities.

The graph's input ``pixels`` is (n, 784) float32, 0..255 with ink high, any n; its output
``probabilities`` is (n, 10), each row's sum 1. Networks with an eleventh class have
another, ``digit`` (n, 1), the probability that it is a digit at all. Normalization, temperature and
softmax are part of the graph.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitus.errors import DigitusError, ModelFileError
from digitus.files import replacing
from digitus.json_values import dump_json
from digitus.models.file import refuse_nonfinite_network
from digitus.models.formats.onnx_graph import graph_of
from digitus.models.model import Model
from digitus.nn.arrays import Floats

OPSET, IR_VERSION = 13, 8
"""Versions of 2020 and 2021, which every current runtime supports."""
LARGEST_DIFFERENCE = 1e-5
_PROBE_ROWS = 64


def export_onnx(model: Model, path: str | Path) -> float:
    """Write a model, if onnxruntime computes the same probabilities from it.

    Returns:
        The largest difference between its probabilities and `Model.probabilities`.

    Raises:
        DigitusError: if onnx and onnxruntime are not installed.
        ModelFileError: if the difference is above 1e-5, or a parameter is NaN; no file is left.
        WriteError: if the place cannot be written.
    """
    refuse_nonfinite_network(model.network, path)
    content = _serialized(model)
    difference = _largest_difference(model, content)
    if not difference <= LARGEST_DIFFERENCE:  # also if overflow made it NaN
        raise ModelFileError(
            f"{path}: not written, as ONNX differs from our own output by {difference:.1e} where "
            f"{LARGEST_DIFFERENCE:.0e} is allowed; keep the model file"
        )
    with replacing(path) as draft:
        draft.write_bytes(content)
    return difference


def _serialized(model: Model) -> bytes:
    onnx, _ = _extra()
    file = onnx.helper.make_model(
        graph_of(model, onnx),
        producer_name="digitus",
        ir_version=IR_VERSION,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
    )
    scores = dump_json(model.record.get("scores", {}))
    onnx.helper.set_model_props(file, {"name": model.name, "scores": scores})
    onnx.checker.check_model(file)
    content: bytes = file.SerializeToString()
    return content


def _largest_difference(model: Model, content: bytes) -> float:
    _, onnxruntime = _extra()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    worst = 0.0
    for pixels in (probe := _probe(model.network.n_inputs)), probe[:1]:  # any number of rows
        (theirs,) = session.run(["probabilities"], {"pixels": pixels})
        worst = float(np.maximum(worst, np.abs(theirs - model.probabilities(pixels)).max()))
    return worst


def _probe(d: int) -> Floats:
    """Return rows to compare on: paper, full ink, noise, and mostly paper as in images."""
    rng = np.random.default_rng(0)
    pixels: NDArray[np.float32] = rng.integers(0, 256, (_PROBE_ROWS, d)).astype(np.float32)
    pixels[_PROBE_ROWS // 2 :] *= rng.random((_PROBE_ROWS // 2, d)) < 0.2  # the share of ink
    pixels[0], pixels[1] = 0, 255
    return pixels


def _extra() -> tuple[Any, Any]:
    try:
        import onnx
        import onnxruntime
    except ImportError as error:
        raise DigitusError(
            f"ONNX needs a package that is not installed ({error.name}); "
            f'get it with pip install "digitus[onnx]"'
        ) from error
    return onnx, onnxruntime
