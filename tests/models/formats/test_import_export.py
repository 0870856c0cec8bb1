import pickle

import numpy as np
import pytest

from digitus.data.normalization import Normalizer
from digitus.errors import ModelFileError
from digitus.models.file import save_model
from digitus.models.formats.import_export import FORMATS, export_model, import_model

TARGETS = {"theta": ".", "npy": ".", "npz": "m.npz"}


@pytest.fixture
def fitting(make_model):
    """Give a model that fits a format."""

    def fit(form, **options):
        sigmoid = {"activation": "sigmoid", "output": "sigmoid"} if form == "theta" else {}
        return make_model(**sigmoid, **options)

    return fit


@pytest.mark.parametrize("form", TARGETS)
def test_what_was_exported_is_recognized_and_gives_the_same_digits(fitting, tmp_path, pixels, form):
    model = fitting(form)
    export_model(model, form, tmp_path / TARGETS[form])
    imported = import_model(tmp_path / TARGETS[form])
    np.testing.assert_array_equal(imported.predict(pixels), model.predict(pixels))


@pytest.mark.parametrize(("form", "file"), [("theta", "Theta2.txt"), ("npy", "W1.npy")])
def test_one_file_of_a_folder_stands_for_the_folder(fitting, tmp_path, form, file):
    export_model(fitting(form), form, tmp_path)
    assert import_model(tmp_path / file).record == {"imported_from": form}


@pytest.mark.parametrize("suffix", [".pkl", ".pickle", ".PKL"])
def test_pickles_are_recognized(make_model, tmp_path, suffix):
    dense = make_model().network.dense_layers()
    path = tmp_path / f"net{suffix}"
    path.write_bytes(pickle.dumps([{"W": one.weight, "b": one.bias} for one in dense]))
    assert import_model(path).record == {"imported_from": "pickle"}


def test_our_own_files_are_recognized(make_model, tmp_path):
    save_model(make_model(), tmp_path / "m.safetensors")
    assert import_model(tmp_path / "m.safetensors").name == "made"


def test_an_imported_model_can_be_saved_and_read_as_ours(fitting, tmp_path, pixels):
    export_model(fitting("theta"), "theta", tmp_path)
    imported = import_model(tmp_path)
    save_model(imported, tmp_path / "m.safetensors")
    again = import_model(tmp_path / "m.safetensors")
    assert again.logits(pixels).tobytes() == imported.logits(pixels).tobytes()


def test_the_activation_of_a_file_that_names_none_can_be_chosen(fitting, tmp_path):
    export_model(fitting("npz"), "npz", tmp_path / "m.npz")
    model = import_model(tmp_path / "m.npz", activation="leaky_relu")
    assert model.network.layers[1].kind == "leaky_relu"


def test_the_activation_of_theta_files_cannot_be_chosen(fitting, tmp_path):
    export_model(fitting("theta"), "theta", tmp_path)
    with pytest.raises(ModelFileError, match="its activation is known; do not choose one"):
        import_model(tmp_path, activation="relu")


def test_the_normalizer_can_be_chosen(fitting, tmp_path):
    export_model(fitting("npz"), "npz", tmp_path / "m.npz")
    normalizer = Normalizer("zscore", 33.3, 78.6)
    assert import_model(tmp_path / "m.npz", normalizer=normalizer).normalizer == normalizer


def test_a_folder_with_a_file_missing_is_known_by_the_other(fitting, tmp_path):
    export_model(fitting("theta"), "theta", tmp_path)
    (tmp_path / "Theta1.txt").unlink()
    with pytest.raises(ModelFileError, match=r"Theta1\.txt: expected a text file .* found no file"):
        import_model(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("folder", None, "found a folder with nothing"),
        ("gone", None, "found nothing"),
        ("model.pt", b"", r"found a file \.pt"),
        ("model", b"", "found a file without an ending"),
    ],
)
def test_an_unknown_source_lists_what_can_be_read(tmp_path, name, content, found):
    if name == "folder":
        (tmp_path / name).mkdir()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelFileError, match=rf"expected a folder with Theta1\.txt .*; {found}"):
        import_model(tmp_path / name)


def test_a_folder_of_other_things_names_some_of_them(tmp_path):
    (tmp_path / "notes.md").write_text("")
    with pytest.raises(ModelFileError, match=r"found a folder with notes\.md"):
        import_model(tmp_path)


@pytest.mark.parametrize("form", FORMATS)
def test_broken_weights_are_never_exported(fitting, tmp_path, form):
    model = fitting(form)
    model.network.parameters[0] = np.nan
    with pytest.raises(ModelFileError, match=r"layer0\.weight holds 1 values that are NaN"):
        export_model(model, form, tmp_path / "out")


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_says_what_it_wrote(fitting, tmp_path, form):
    target = tmp_path / "out"
    assert export_model(fitting(form), form, target).startswith(f"{target}: written")


def test_the_onnx_export_says_the_largest_difference(make_model, tmp_path):
    said = export_model(make_model(), "onnx", tmp_path / "m.onnx")
    assert "largest difference from our own output" in said


def test_a_calibration_that_is_left_out_is_said(make_model, tmp_path):
    said = export_model(make_model(temperature=1.25), "npz", tmp_path / "m.npz")
    assert said.endswith("it cannot hold the calibration (temperature 1.25)")


def test_an_unknown_format_is_the_callers_mistake(make_model, tmp_path):
    with pytest.raises(ValueError, match="must be one of theta, npy, npz, onnx, not 'pt'"):
        export_model(make_model(), "pt", tmp_path)


@pytest.mark.mnist
def test_exported_formats_agree_on_1000_mnist_images(make_model, tmp_path, mnist):
    rows, model = mnist.test.pixels[:1000], make_model((784, 10, 10))
    digits = []
    for form in ("npy", "npz"):
        target = tmp_path / TARGETS[form]
        export_model(model, form, target)
        digits.append(import_model(target).predict(rows))
    assert all((found == model.predict(rows)).all() for found in digits)
