import json
import struct
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from digitus.data.normalization import KINDS, Normalizer
from digitus.errors import ModelFileError, WriteError
from digitus.models.architecture import describe
from digitus.models.file import FORMAT_VERSION, read_model, save_model

NETWORKS = st.fixed_dictionaries(
    {
        "widths": st.lists(st.integers(1, 20), max_size=3).map(lambda h: (784, *h, 10)),
        "activation": st.sampled_from(["relu", "leaky_relu", "tanh", "sigmoid"]),
        "output": st.sampled_from(["softmax", "sigmoid"]),
        "dtype": st.sampled_from([np.float32, np.float64]),
        "seed": st.integers(0, 9),
        "temperature": st.floats(0.1, 10),
        "normalizer": st.builds(
            Normalizer, st.sampled_from(KINDS), st.floats(0, 255), st.floats(1, 255)
        ),
    }
)


@given(network=NETWORKS)
@settings(max_examples=25)
def test_a_saved_model_predicts_the_same_to_the_bit(make_model, folder, pixels, network):
    model, path = make_model(**network), folder() / "m.safetensors"
    save_model(model, path)
    ours, theirs = model.probabilities(pixels[:20]), read_model(path).probabilities(pixels[:20])
    assert ours.tobytes() == theirs.tobytes()


@pytest.fixture
def saved(make_model, tmp_path):
    path = tmp_path / "m.safetensors"
    save_model(make_model(temperature=1.5, record={"seed": 3}), path)
    return path


def _change_header(path, **changes):
    """Rewrite the file with other entries in its header; None drops one."""
    with safe_open(path, framework="numpy") as file:
        header = json.loads(file.metadata()["digitus"]) | changes
    arrays = load_file(path)
    header = {key: value for key, value in header.items() if value is not None}
    save_file(arrays, path, metadata={"digitus": json.dumps(header)})


def test_the_header_tells_everything_that_a_prediction_needs(saved):
    with safe_open(saved, framework="numpy") as file:
        header = json.loads(file.metadata()["digitus"])
    assert header == {
        "format_version": FORMAT_VERSION,
        "name": "made",
        "architecture": describe(read_model(saved).network),
        "normalizer": {"kind": "unit", "mean": 0.0, "std": 1.0},
        "calibration": {"temperature": 1.5, "digit_threshold": 0.0, "errors": None},
        "record": {"seed": 3},
    }


def test_the_file_holds_no_pickle(saved):
    content = saved.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    assert json.loads(content[8 : 8 + length])["layer0.weight"]["dtype"] == "F32"


def test_name_and_record_come_back(saved):
    model = read_model(saved)
    assert (model.name, model.record, model.temperature) == ("made", {"seed": 3}, 1.5)


def test_a_missing_file_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(ModelFileError, match=r"m\.safetensors: no such model file; .*train"):
        read_model(tmp_path / "m.safetensors")


@pytest.mark.parametrize("length", [0, 4, 8, 100, -1])
def test_a_truncated_file_is_not_a_whole_model_file(saved, length):
    saved.write_bytes(saved.read_bytes()[:length])
    with pytest.raises(ModelFileError, match="not a whole model file"):
        read_model(saved)


def test_another_programs_safetensors_are_told_from_ours(tmp_path):
    path = tmp_path / "m.safetensors"
    save_file({"a": np.zeros(3)}, path)
    with pytest.raises(ModelFileError, match="a safetensors file of another program"):
        read_model(path)


@pytest.mark.parametrize("kind", ["BF16", "F8_E4M3"])
def test_numbers_that_numpy_lacks_are_refused(tmp_path, kind):
    size = {"BF16": 4, "F8_E4M3": 2}[kind]
    header = json.dumps({"a": {"dtype": kind, "shape": [2], "data_offsets": [0, size]}}).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(size))
    with pytest.raises(ModelFileError, match=r"not a whole model file|of another program"):
        read_model(path)


def test_format_1_keeps_loading(saved):
    _change_header(
        saved,
        format_version=1,
        calibration={"temperature": 1.5, "digit_from": 0.25, "errors": None},
        record={"plan": {"seed": 3, "validation": 0, "split_seed": None}},
    )
    model = read_model(saved)
    assert model.digit_threshold == 0.25
    assert model.record == {"config": {"seed": 3, "validation": 0, "split_seed": None}}


def test_a_newer_format_asks_for_an_update(saved):
    _change_header(saved, format_version=FORMAT_VERSION + 1)
    with pytest.raises(ModelFileError, match="model format 3, this program reads 2; update"):
        read_model(saved)


DENSE = [{"kind": "dense", "width": 10}]
LOSS = {"kind": "softmax_cross_entropy"}


@pytest.mark.parametrize(
    "changes",
    [
        {"architecture": None},
        {"architecture": []},
        {"architecture": {"inputs": 784, "layers": [{"kind": "convolution"}]}},
        {"architecture": {"inputs": 784, "layers": DENSE, "loss": LOSS, "dtype": "int32"}},
        {"architecture": {"inputs": 784, "layers": [5], "loss": LOSS, "dtype": "float32"}},
        {"architecture": {"inputs": 1 << 60, "layers": DENSE, "loss": LOSS, "dtype": "float32"}},
        {"architecture": {"inputs": 1 << 50, "layers": DENSE, "loss": LOSS, "dtype": "float32"}},
        {"architecture": {"inputs": "x", "layers": DENSE, "loss": LOSS, "dtype": "float32"}},
        {"normalizer": {"kind": "std", "mean": 0, "std": 0}},
        {"normalizer": 5},
        {"calibration": {}},
        {"calibration": {"temperature": 0}},
        {"calibration": {"temperature": float("nan")}},
        {"record": 5},
    ],
    ids=str,
)
def test_a_header_that_cannot_be_used_is_refused(saved, changes):
    _change_header(saved, **changes)
    with pytest.raises(ModelFileError, match="the header is incomplete"):
        read_model(saved)


SCORES = {"n": 9, "accuracy": 0.9, "ece": 0.1, "nll": 0.3}
BAD_RECORDS = [
    {"scores": []},
    {"scores": None},
    {"scores": {"test": {}}},
    {"scores": {"test": {**SCORES, "n": "9"}}},
    {"scores": {"test": {**SCORES, "nll": float("nan")}}},
    {"scores": {"test": {**SCORES, "ece": 10**400}}},
    {"config": [1]},
    {"config": {}},
    {"config": {"seed": 1, "validation": "all"}},
    {"config": {"seed": 1, "validation": 9, "split_seed": 0.5}},
    {"data": None},
    {"data": {"name": "mnist"}},
    {"versions": 3},
    {"calibration": None},
    {"calibration": [1]},
    {"calibration": {"negatives": "9"}},
]


@pytest.mark.parametrize("record", BAD_RECORDS, ids=lambda record: str(record)[:60])
def test_a_record_of_another_form_is_refused_by_the_name_of_its_entry(saved, record):
    _change_header(saved, record=record)
    with pytest.raises(ModelFileError, match=f"'{next(iter(record))}' in the training record"):
        read_model(saved)


def test_a_record_that_could_not_be_read_back_is_not_written(make_model, tmp_path):
    with pytest.raises(ModelFileError, match="'config' in the training record"):
        save_model(make_model(record={"config": [1]}), tmp_path / "m.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_a_record_may_hold_more_than_ours(make_model, tmp_path):
    record = {"scores": {"test": {**SCORES, "f1": None}}, "imported_from": "theta", "note": [1]}
    save_model(make_model(record=record), tmp_path / "m.safetensors")
    assert read_model(tmp_path / "m.safetensors").record == record


def test_a_header_nested_without_end_is_refused(saved):
    arrays = load_file(saved)
    save_file(arrays, saved, metadata={"digitus": "[" * 100_000})
    with pytest.raises(ModelFileError, match="not a whole model file"):
        read_model(saved)


@pytest.mark.parametrize(
    ("weight", "found"),
    [
        (np.zeros((784, 11), np.float32), r"float32 of shape \(784, 11\)"),
        (np.zeros((784, 12)), r"float64 of shape \(784, 12\)"),
        (None, "nothing"),
    ],
)
def test_arrays_that_do_not_fit_the_header_are_refused(saved, weight, found):
    with safe_open(saved, framework="numpy") as file:
        metadata = file.metadata()
    arrays = load_file(saved)
    arrays["layer0.weight"] = weight
    save_file({k: v for k, v in arrays.items() if v is not None}, saved, metadata=metadata)
    with pytest.raises(
        ModelFileError,
        match=rf"layer0.weight: expected float32 of shape \(784, 12\), found {found}",
    ):
        read_model(saved)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_broken_weights_are_never_written(make_model, saved, value):
    model, before = make_model(), saved.read_bytes()
    model.network.parameters[7] = value
    with pytest.raises(ModelFileError, match=r"layer0\.weight holds 1 values that are NaN"):
        save_model(model, saved)
    assert saved.read_bytes() == before


def test_broken_weights_are_never_read(saved):
    with safe_open(saved, framework="numpy") as file:
        metadata = file.metadata()
    arrays = load_file(saved)
    arrays["layer2.bias"][3] = np.nan
    save_file(arrays, saved, metadata=metadata)
    with pytest.raises(ModelFileError, match=r"layer2\.bias holds 1 values that are NaN"):
        read_model(saved)


def test_a_full_disk_leaves_the_old_model_as_it_was(make_model, saved, full_disk):
    before = saved.read_bytes()
    with full_disk(), pytest.raises(WriteError, match=r"m\.safetensors: cannot be written"):
        save_model(make_model(seed=1), saved)
    assert saved.read_bytes() == before


def test_a_full_disk_leaves_no_draft_behind(make_model, tmp_path, full_disk):
    with full_disk(), pytest.raises(WriteError):
        save_model(make_model(), tmp_path / "m.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_write_error(make_model, tmp_path):
    (tmp_path / "nowhere").touch()
    with pytest.raises(WriteError, match="cannot be made"):
        save_model(make_model(), tmp_path / "nowhere" / "m.safetensors")


@pytest.mark.parametrize("change", [{"record": "ab"}, {"calibration": [1]}, {"calibration": None}])
def test_a_damaged_header_of_format_1_is_one_sentence(saved, change):
    _change_header(saved, format_version=1, **change)
    with pytest.raises(ModelFileError, match="the header is incomplete"):
        read_model(saved)


def test_the_sequence_models_are_not_taken_for_another_program(tmp_path):
    path = files("digitus.models") / "weights" / "lines.safetensors"
    with pytest.raises(ModelFileError, match="holds the sequence models"):
        read_model(str(path))


@pytest.mark.parametrize("size", [3e38, 1e30])
@pytest.mark.parametrize("use", ["read", "write"])
def test_finite_weights_that_overflow_are_refused(make_model, saved, size, use):
    model = make_model()
    model.network.parameters[...] = size
    arrays = {name: values for name, values, _ in model.network.named_parameters()}
    with safe_open(saved, framework="numpy") as file:
        save_file(arrays, saved, metadata=file.metadata())
    with pytest.raises(ModelFileError, match="its weights overflow, so that answers cannot be"):
        read_model(saved) if use == "read" else save_model(model, saved)


@pytest.mark.parametrize("depth", [70, 900, 50_000])
def test_a_record_that_is_nested_deeply_is_refused(saved, depth):
    with safe_open(saved, framework="numpy") as file:
        text = file.metadata()["digitus"]
    nested = text.replace('"record": {', f'"record": {{"a": {"[" * depth}{"]" * depth}, ', 1)
    assert nested != text
    save_file(load_file(saved), saved, metadata={"digitus": nested})
    with pytest.raises(ModelFileError, match="not a whole model file"):
        read_model(saved)
