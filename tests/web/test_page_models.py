"""Model files in the browser: the probabilities, refusals and written files equal Python's."""

import base64
import json
import struct
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import load_file, save, save_file

from digitus.cli.main import run
from digitus.data.normalization import Normalizer
from digitus.errors import ModelFileError
from digitus.models.architecture import build, dense_chain
from digitus.models.file import read_model, save_model
from digitus.nn.activations import ReLU
from digitus.synthesis.pen.pen_drawings import pen_patches

WEIGHTS = Path(str(files("digitus.models"))) / "weights"
N_PATCHES = 500

BYTES = """
    const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const textOf = (array) => {
        const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    };
"""
CLASSIFY = f"""async ({{ load }}, {{ models, patches }}) => {{
    {BYTES}
    const {{ readModel }} = await load("models/safetensors.js");
    const {{ title }} = await load("models/architecture.js");
    return models.map((file) => {{
        const model = readModel(bytesOf(file).buffer, "a.safetensors");
        const found = model.classify(new Float32Array(bytesOf(patches).buffer));
        return {{
            title: title(model.network),
            probabilities: textOf(found.probabilities),
            pDigit: textOf(found.pDigit),
            input: textOf(model.input(new Float32Array(bytesOf(patches).buffer, 0, 784))),
        }};
    }});
}}"""
REFUSALS = f"""async ({{ load }}, models) => {{
    {BYTES}
    const {{ readModel }} = await load("models/safetensors.js");
    return models.map((file) => {{
        try {{
            return {{ name: readModel(bytesOf(file).buffer, "m.safetensors").name }};
        }} catch (error) {{
            return {{ kind: error.constructor.name, message: error.message }};
        }}
    }});
}}"""
WRITE = f"""async ({{ load }}, {{ architectures, patches, record }}) => {{
    {BYTES}
    const {{ build }} = await load("models/architecture.js");
    const {{ Model }} = await load("models/model.js");
    const {{ Normalizer }} = await load("models/normalizer.js");
    const {{ Random }} = await load("engine/random.js");
    const {{ writeModel }} = await load("models/safetensors.js");
    const x = new Float32Array(bytesOf(patches).buffer);
    const pixels = Uint8Array.from(x, (value) => Math.round(255 * value));
    return architectures.map((architecture, i) => {{
        const network = build(architecture);
        network.initialize(new Random(i));
        const normalizer = Normalizer.fit(["unit", "std", "zscore", "none"][i % 4], pixels);
        const model = new Model({{
            name: `run ${{i}}`, network, normalizer, record,
            temperature: 1 + i / 4, digitThreshold: i / 8,
        }});
        return {{
            file: textOf(writeModel(model)), probabilities: textOf(model.classify(x).probabilities),
        }};
    }});
}}"""


def as_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def doubles(text: str) -> NDArray[np.float64]:
    return np.frombuffer(base64.b64decode(text), np.float64)


@pytest.fixture(scope="module")
def patches() -> NDArray[np.float32]:
    """Patches of synthetic drawings, (n, 784)."""
    drawn, _ = pen_patches(N_PATCHES, np.random.default_rng(3))
    return np.ascontiguousarray(drawn.reshape(N_PATCHES, 784), np.float32)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A small model file with all entries of the shipped one's header, to be damaged."""
    path = tmp_path / "m.safetensors"
    shipped = read_model(WEIGHTS / "mlp.safetensors")
    network = build(dense_chain((784, 6, 10), ReLU()))
    network.parameters[...] = np.linspace(-1, 1, network.parameters.size)
    save_model(replace(shipped, network=network), path)
    return path


def test_the_shipped_models_give_the_probabilities_of_python(
    run_module: Any, patches: NDArray[np.float32]
) -> None:
    paths = [WEIGHTS / "cnn.safetensors", WEIGHTS / "mlp.safetensors"]
    argument = {
        "models": [as_text(path.read_bytes()) for path in paths],
        "patches": as_text(patches.tobytes()),
    }
    results = run_module(CLASSIFY, argument)
    assert [result["title"] for result in results] == ["784-24c-48c-48c-96c-96-11", "784-128-64-10"]
    for path, result in zip(paths, results, strict=True):
        model = read_model(path)
        wanted = model.classify(patches * 255)
        found = doubles(result["probabilities"]).reshape(-1, 10)
        assert np.abs(found - wanted.probabilities).max() <= 1e-4
        assert np.abs(doubles(result["pDigit"]) - wanted.p_digit).max() <= 1e-4
        row = np.frombuffer(base64.b64decode(result["input"]), np.float32)
        np.testing.assert_array_equal(row, model.normalizer.apply(patches[0] * 255))


def chain(*hidden: Any, output: str = "softmax_cross_entropy", dtype: str = "float32") -> Any:
    layers = [{"kind": kind} if isinstance(kind, str) else kind for kind in hidden]
    layers.append({"kind": "dense", "width": 10})
    return {"inputs": 784, "layers": layers, "loss": {"kind": output}, "dtype": dtype}


ARCHITECTURES = [
    chain({"kind": "dense", "width": 30}, "relu", {"kind": "dropout", "share": 0.25}),
    chain("input_bias", {"kind": "dense", "width": 12}, "tanh"),
    chain({"kind": "dense", "width": 25}, "sigmoid", output="sigmoid_binary_cross_entropy"),
    chain({"kind": "dense", "width": 9}, {"kind": "leaky_relu", "slope": 0.1}, dtype="float64"),
    chain(
        {"kind": "convolution", "channels": 4, "size": 3, "padding": 1, "shape": [28, 28, 1]},
        {"kind": "max_pooling", "size": 2, "shape": [28, 28, 4]},
        {"kind": "batch_normalization", "shape": [14, 14, 4]},
        "relu",
    ),
]
RECORD = {
    "config": {"seed": 3, "validation": 0, "split_seed": None, "hidden": [30], "rate": 1},
    "scores": {"test": {"n": 100, "accuracy": 1, "ece": 0, "nll": 0.25}},
}


def test_written_files_are_read_by_python(
    run_module: Any,
    patches: NDArray[np.float32],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    some = patches[:100]
    argument = {
        "architectures": ARCHITECTURES,
        "patches": as_text(some.tobytes()),
        "record": RECORD,
    }
    labels = np.arange(100) % 10
    np.savez(tmp_path / "data.npz", x=as_bytes(some), y=labels)
    for i, result in enumerate(run_module(WRITE, argument)):
        path = tmp_path / f"{i}.safetensors"
        path.write_bytes(base64.b64decode(result["file"]))
        model = read_model(path)
        found = doubles(result["probabilities"]).reshape(-1, 10)
        assert np.abs(found - model.probabilities(some * 255)).max() <= 1e-5
        assert (model.name, model.temperature, model.digit_threshold) == (
            f"run {i}",
            1 + i / 4,
            i / 8,
        )
        assert model.record == RECORD
        pixels = as_bytes(some)
        kind = ("unit", "std", "zscore", "none")[i % 4]
        wanted = Normalizer.fit(kind, pixels)  # type: ignore[arg-type]
        assert model.normalizer.mean == pytest.approx(wanted.mean, rel=1e-12)
        assert model.normalizer.std == pytest.approx(wanted.std, rel=1e-12)
        if i > 1:
            continue
        capsys.readouterr()
        command = ["evaluate", "--model", str(path), "--data", str(tmp_path / "data.npz"), "--json"]
        assert run(command) == 0
        right = (found.argmax(axis=1) == labels).mean()
        assert json.loads(capsys.readouterr().out)["accuracy"] == pytest.approx(right, abs=0.011)
        assert run(["model", "info", str(path), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["name"] == f"run {i}"


def as_bytes(patches: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Round as the page does: halves up."""
    return np.floor(255 * patches.astype(np.float64) + 0.5).astype(np.uint8)


def test_a_file_read_and_written_again_is_the_same_model(run_module: Any, tmp_path: Path) -> None:
    again = f"""async ({{ load }}, file) => {{
        {BYTES}
        const {{ readModel, writeModel }} = await load("models/safetensors.js");
        return textOf(writeModel(readModel(bytesOf(file).buffer, "a.safetensors")));
    }}"""
    path, copy = WEIGHTS / "cnn.safetensors", tmp_path / "copy.safetensors"
    copy.write_bytes(base64.b64decode(run_module(again, as_text(path.read_bytes()))))
    before, after = read_model(path), read_model(copy)
    np.testing.assert_array_equal(before.network.parameters, after.network.parameters)
    for field in ("name", "normalizer", "temperature", "record", "digit_threshold", "errors"):
        assert getattr(before, field) == getattr(after, field)


def header_of(path: Path) -> dict[str, Any]:
    with safe_open(path, framework="numpy") as file:
        header: dict[str, Any] = json.loads(file.metadata()["digitus"])
    return header


def with_header(path: Path, **changes: Any) -> bytes:
    header = {k: v for k, v in (header_of(path) | changes).items() if v is not None}
    return save(load_file(path), metadata={"digitus": json.dumps(header)})


def with_arrays(path: Path, **changes: Any) -> bytes:
    arrays = load_file(path) | {name.replace("_", "."): a for name, a in changes.items()}
    kept = {name: array for name, array in arrays.items() if array is not None}
    return save(kept, metadata={"digitus": json.dumps(header_of(path))})


def with_entry(path: Path, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Change the table of arrays itself, which no library would write."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    table = json.loads(data[8 : 8 + length])
    change(table)
    text = json.dumps(table).encode()
    return struct.pack("<Q", len(text)) + text + data[8 + length :]


def overlapping(table: dict[str, Any]) -> None:
    start, end = table["layer2.bias"]["data_offsets"]
    table["layer2.bias"]["data_offsets"] = [start - 4, end - 4]


def reaching_beyond(table: dict[str, Any]) -> None:
    start, end = table["layer2.weight"]["data_offsets"]
    table["layer2.weight"] |= {"shape": [7, 10], "data_offsets": [start, end + 40]}


DENSE = [{"kind": "dense", "width": 10}]
LOSS = {"kind": "softmax_cross_entropy"}
SCORES = {"n": 9, "accuracy": 0.9, "ece": 0.1, "nll": 0.3}
UNUSABLE: list[dict[str, Any]] = [
    {"architecture": None},
    {"architecture": []},
    {"architecture": {"inputs": 784, "layers": [{"kind": "convolution"}]}},
    {"architecture": {"inputs": 784, "layers": DENSE, "loss": LOSS, "dtype": "int32"}},
    {"architecture": {"inputs": 784, "layers": [5], "loss": LOSS, "dtype": "float32"}},
    {"architecture": {"inputs": 1 << 60, "layers": DENSE, "loss": LOSS, "dtype": "float32"}},
    {"architecture": {"inputs": "x", "layers": DENSE, "loss": LOSS, "dtype": "float32"}},
    {"architecture": {"inputs": 784, "layers": [{"kind": "dense", "width": "9"}], "loss": LOSS}},
    {"normalizer": {"kind": "std", "mean": 0, "std": 0}},
    {"normalizer": 5},
    {"calibration": {}},
    {"calibration": {"temperature": 0}},
    {"calibration": {"temperature": 1, "digit_threshold": 1}},
    {"calibration": {"temperature": 1, "errors": {"n": 2, "confidence": [0.5], "kept": []}}},
    {"record": 5},
]
UNFIT_RECORDS: list[dict[str, Any]] = [
    {"scores": []},
    {"scores": {"test": {}}},
    {"scores": {"test": {**SCORES, "n": "9"}}},
    {"config": [1]},
    {"config": {"seed": 1, "validation": "all"}},
    {"config": {"seed": 1, "validation": 9, "split_seed": 0.5}},
    {"data": {"name": "mnist"}},
    {"versions": 3},
]


def bad_files(path: Path) -> list[tuple[bytes, str]]:
    """Files that both programs refuse, and what the page's sentence holds."""
    data = path.read_bytes()
    damaged, incomplete = "not a whole model file", "the header is incomplete"
    nan = load_file(path)["layer2.bias"].copy()
    nan[3] = np.nan
    layers = [{"kind": "relu"}] * 1000 + DENSE
    deep = {"inputs": 784, "layers": layers, "loss": LOSS, "dtype": "float32"}
    huge = np.full_like(load_file(path)["layer2.weight"], 3e38)
    overflow = "its weights overflow, so that answers cannot be computed"
    return [
        *((data[:length], damaged) for length in (0, 4, 8, 100, len(data) - 1)),
        (data + b"\0", damaged),
        (b"just a text file, and no model at all", damaged),
        (struct.pack("<Q", 1 << 40) + data[8:], "its header is too long"),
        (with_entry(path, overlapping), damaged),
        (with_entry(path, reaching_beyond), "it ends within layer2.weight"),
        (save({"a": np.zeros(3, np.float32)}), "a safetensors file of another program"),
        (with_header(path, format_version=3), "model format 3, this program reads 2; update"),
        *((with_header(path, **changes), incomplete) for changes in UNUSABLE),
        *(
            (with_header(path, record=record), f"'{next(iter(record))}' in the training record")
            for record in UNFIT_RECORDS
        ),
        (with_header(path, format_version=1, calibration=[1]), incomplete),
        (with_header(path, architecture=deep), "(more than 1000 layers)"),
        (save(load_file(path), metadata={"digitus": "[" * 100_000}), damaged),
        (with_arrays(path, layer2_bias=None), "layer2.bias: expected float32"),
        (
            with_arrays(path, layer2_weight=np.zeros((6, 10))),
            "layer2.weight: expected float32 of shape (6, 10), found float64 of shape (6, 10)",
        ),
        (with_arrays(path, layer2_bias=nan), "layer2.bias holds 1 values that are NaN"),
        (with_arrays(path, layer2_weight=huge), overflow),
        (with_header(path, normalizer={"kind": "std", "mean": 0, "std": 5e-324}), overflow),
        (
            with_header(path, calibration={"temperature": 5e-324}),
            "its temperature 5e-324 is too low to compute probabilities",
        ),
        ((WEIGHTS / "lines.safetensors").read_bytes(), "holds the sequence models"),
    ]


def test_what_python_refuses_is_refused_with_a_sentence(
    run_module: Any, saved: Path, tmp_path: Path
) -> None:
    cases = bad_files(saved)
    results = run_module(REFUSALS, [as_text(data) for data, _ in cases])
    for (data, wanted), result in zip(cases, results, strict=True):
        path = tmp_path / "bad.safetensors"
        path.write_bytes(data)
        with pytest.raises(ModelFileError):
            read_model(path)
        assert result.get("kind") == "DigitusError", (wanted, result)
        message = result["message"]
        assert message.startswith("m.safetensors: "), message
        assert wanted in message
        assert message.endswith(".")


def test_a_name_is_shown_without_signs_that_are_obeyed(run_module: Any, saved: Path) -> None:
    named = with_header(saved, name="a\u202eb\n\ud800\u00e9")
    [result] = run_module(REFUSALS, [as_text(named)])
    assert result == {"name": "a\ufffdb\ufffd\ufffd\u00e9"}


def test_an_answer_is_never_nan(run_module: Any) -> None:
    found = run_module(
        """async ({ load }) => {
            const { build } = await load("models/architecture.js");
            const { Model } = await load("models/model.js");
            const { Normalizer } = await load("models/normalizer.js");
            const { Recognizer } = await load("recognizer.js");
            const layers = [{ kind: "dense", width: 11 }];
            const answer = (loss, size) => {
                const network = build({ inputs: 784, layers, loss, dtype: "float32" });
                network.parameters.forEach((_, i, all) => (all[i] = i % 2 ? size : -size));
                const model = new Model({ name: "a", network, normalizer: new Normalizer("std") });
                const patch = new Float32Array(784).fill(1);
                const found = new Recognizer(model).predictPatch(patch);
                return [...found.probabilities, found.pDigit, found.confidence];
            };
            const losses = ["softmax_cross_entropy", "sigmoid_binary_cross_entropy"];
            return losses.flatMap((kind) => [1e30, 3e38].map((size) => answer({ kind }, size)));
        }"""
    )
    for numbers in found:
        assert all(0 <= number <= 1 for number in numbers), numbers
        assert sum(numbers[:10]) == pytest.approx(1)


def test_a_network_for_other_images_is_refused(run_module: Any, saved: Path) -> None:
    arrays = {"layer0.weight": np.zeros((4, 10), np.float32), "layer0.bias": np.zeros(10, "f4")}
    architecture = {"inputs": 4, "layers": DENSE, "loss": LOSS, "dtype": "float32"}
    header = header_of(saved) | {"architecture": architecture}
    save_file(arrays, saved, metadata={"digitus": json.dumps(header)})
    [result] = run_module(REFUSALS, [as_text(saved.read_bytes())])
    assert "expected a network from 784 pixels to 10 digits, found 4 inputs" in result["message"]


def test_format_1_keeps_loading(run_module: Any, saved: Path) -> None:
    old = with_header(
        saved,
        format_version=1,
        calibration={"temperature": 1.5, "digit_from": 0.25, "errors": None},
        record={"plan": {"seed": 3, "validation": 0, "split_seed": None}},
    )
    model = run_module(
        f"""async ({{ load }}, file) => {{
            {BYTES}
            const {{ readModel }} = await load("models/safetensors.js");
            const model = readModel(bytesOf(file).buffer, "old.safetensors");
            return [model.digitThreshold, model.temperature, model.record.config.seed];
        }}""",
        as_text(old),
    )
    assert model == [0.25, 1.5, 3]
