"""``digitus predict``: images, folders, stdin and tables; failures do not stop the rest."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from digitus.models import save_model
from digitus.models.architecture import build, dense_chain
from digitus.models.file import read_model
from digitus.models.model import Model
from digitus.nn.activations import ReLU

KEYS = {
    "source",
    "verdict",
    "digit",
    "confidence",
    "best_guess",
    "p_digit",
    "runner_up",
    "probabilities",
}


@pytest.fixture
def images(tmp_path, draw_image):
    folder = tmp_path / "images"
    folder.mkdir()
    for digit in (3, 0, 7):
        draw_image(folder / f"{digit}.png", digit)
    (folder / "notes.txt").write_text("no image")
    return folder


@pytest.fixture
def predict(digitus, model_file):
    return lambda *words: digitus("predict", "--model", model_file, *words)


def test_the_json_of_a_digit_has_exactly_the_documented_keys(predict, images):
    answer = predict("--json", images / "3.png").json
    assert (set(answer), answer["errors"]) == ({"results", "errors"}, [])
    (entry,) = answer["results"]
    assert set(entry) == KEYS
    assert set(entry["runner_up"]) == {"digit", "probability"}


def test_the_json_of_a_digit_has_its_confidence_and_ten_probabilities(predict, images):
    (entry,) = predict("--json", images / "3.png").json["results"]
    assert entry["verdict"] == "digit"
    assert entry["digit"] == entry["best_guess"] == int(np.argmax(entry["probabilities"]))
    assert entry["confidence"] == entry["p_digit"] * max(entry["probabilities"])
    assert sum(entry["probabilities"]) == pytest.approx(1)


def test_a_blank_image_has_the_same_keys_and_no_digit(predict, draw_image, tmp_path):
    (entry,) = predict("--json", draw_image(tmp_path / "blank.png", None)).json["results"]
    assert (entry.pop("source"), entry.pop("verdict")) == (str(tmp_path / "blank.png"), "blank")
    assert entry == dict.fromkeys(KEYS - {"source", "verdict"})


def test_a_failed_input_is_an_error_of_the_json(predict, tmp_path):
    result = predict("--json", tmp_path / "nowhere.png")
    assert result.code == 1
    assert result.json["results"] == []
    (entry,) = result.json["errors"]
    assert entry["source"] == str(tmp_path / "nowhere.png")
    assert entry["error"].startswith(f"{entry['source']}: no such file")


def test_inputs_are_answered_in_order_despite_failures(predict, images):
    words = [images / "7.png", images / "notes.txt", images / "0.png", "nowhere.png"]
    result = predict("--json", *words)
    assert result.code == 1
    results, errors = result.json["results"], result.json["errors"]
    assert [entry["source"] for entry in results] == list(map(str, words[::2]))
    assert [entry["source"] for entry in errors] == list(map(str, words[1::2]))


def test_the_images_of_a_folder_are_read_in_order_of_their_names(predict, images):
    entries = predict("--json", images).json["results"]
    assert [entry["source"][-5:] for entry in entries] == ["0.png", "3.png", "7.png"]


@pytest.mark.parametrize(
    ("inside", "advice"),
    [("scan.PDF", "for its PDFs use `digitus read`"), ("7/a.png", "are not searched, name one")],
)
def test_a_folder_without_an_image_says_what_to_do_with_what_it_has(
    predict, tmp_path, inside, advice
):
    (tmp_path / inside).parent.mkdir(exist_ok=True)
    (tmp_path / inside).touch()
    result = predict(tmp_path)
    assert result.code == 1
    assert advice in result.err


def test_relative_paths_are_those_of_the_working_directory(predict, images, monkeypatch):
    monkeypatch.chdir(images.parent)
    near = predict("--json", "images/3.png").json["results"]
    monkeypatch.chdir("/")
    far = predict("--json", images / "3.png").json["results"]
    assert near[0]["probabilities"] == far[0]["probabilities"]


def test_the_table_on_stdout_is_plain_and_lists_every_image(predict, images):
    result = predict(images)
    assert (result.code, result.err) == (0, "")
    assert all(f"{digit}.png" in result.out for digit in (0, 3, 7))
    assert "\x1b" not in result.out


def test_show_prints_the_patch_as_text(predict, images):
    assert "█" in predict("--show", images / "3.png").out


@pytest.mark.parametrize("name", ["[bold].png", "a[/b].png", "[link=x]y.png"])
@pytest.mark.parametrize("show", [[], ["--show"]])
def test_brackets_in_a_file_name_are_printed_verbatim(
    predict, draw_image, tmp_path, monkeypatch, name, show
):
    folder = tmp_path / name.rpartition("/")[0]
    folder.mkdir(exist_ok=True)
    draw_image(tmp_path / name, 1)
    monkeypatch.chdir(tmp_path)
    assert name in predict(*show, name).out


def test_a_file_name_that_is_no_unicode_gives_valid_json(predict, draw_image, tmp_path):
    name = tmp_path / os.fsdecode(b"\xff.png")
    draw_image(name, 1)
    assert os.fsencode(predict("--json", name).json["results"][0]["source"]).endswith(b"\xff.png")


def test_an_image_is_read_from_a_pipe(start, model_file, draw_image, tmp_path):
    with draw_image(tmp_path / "3.png", 3).open("rb") as image:
        process = start("predict", "-", "--json", "--model", model_file, stdin=image)
        out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert [entry["source"] for entry in json.loads(out)["results"]] == ["stdin"]


def test_an_empty_pipe_is_an_error_of_one_line(start, model_file):
    process = start("predict", "-", "--model", model_file)
    _, err = process.communicate()
    assert process.returncode == 1
    assert err == "digitus: stdin: empty file; an image was wanted\n"


def _text(path):
    path.write_text("not an image")
    return path


def _empty(path):
    path.write_bytes(b"")
    return path


def _folder(path):
    path.mkdir()
    return path


def _pdf(path):
    path.write_bytes(b"%PDF-1.7\n")
    return path


def _half_a_jpeg(path):
    noise = np.random.default_rng(0).integers(0, 256, (60, 60), np.uint8)
    file = BytesIO()
    Image.fromarray(noise).save(file, "JPEG")
    path.write_bytes(file.getvalue()[: file.tell() // 2])
    return path


def _of_size(cols, rows):
    def make(path):
        Image.new("1", (cols, rows)).save(path)
        return path

    return make


def _truncated(path):
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    return path


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path, "no such file"),
        (_text, "not an image of a known kind"),
        (_empty, "empty file"),
        (_folder, "no image in this folder"),
        (_truncated, "x.png: "),
        (_pdf, "a PDF, where an image was wanted; use `digitus read`"),
        (_half_a_jpeg, "damaged or cut short"),
        (_of_size(1, 1), "1 x 1 pixels; at least 8 x 8 are wanted"),
        (_of_size(100_000, 1), "100000 x 1 pixels; at least 8 x 8 are wanted"),
        (_of_size(10_000, 6_000), "10000 x 6000 pixels; at most 50 million are read"),
        (lambda path: path.with_name("a" * 300), "name too long"),
        (lambda path: _text(path.with_name("digits.csv")), "--submission"),
        (lambda path: _text(path.with_name("digits.CSV.GZ")), "--submission"),
    ],
    ids=[
        *("missing", "text", "empty", "folder", "cut", "PDF", "half a JPEG", "one pixel", "line"),
        *("huge", "long", "table", "gzipped table"),
    ],
)
def test_an_unreadable_input_is_an_error_of_one_line_that_names_it(predict, tmp_path, make, words):
    path = make(tmp_path / "x.png")
    result = predict(path)
    assert (result.code, result.out) == (1, "")
    (line,) = result.err.splitlines()
    assert line.startswith(f"digitus: {path}: ")
    assert words in line


@pytest.mark.parametrize("address", ["https://example.org/a/7.png", "http://localhost/7.png"])
def test_a_web_address_is_an_error_that_says_to_download_it(predict, address):
    result = predict(address)
    assert (result.code, result.out) == (1, "")
    assert result.err == f"digitus: {address}: a web address; download it first and name the file\n"


def test_a_folder_with_damaged_images_is_read_and_the_damaged_ones_are_listed(predict, images):
    _text(images / "5.png")
    _half_a_jpeg(images / "6.jpg")
    _text(images / "._7.png")  # other programs' own, as is notes.txt
    result = predict(images)
    assert result.code == 1
    assert all(f"{digit}.png" in result.out for digit in (0, 3, 7))
    assert [complaint.split(": ")[1] for complaint in result.complaints] == [
        str(images / "5.png"),
        str(images / "6.jpg"),
    ]


def test_many_images_show_a_progress_bar_on_a_terminal(predict, images, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert predict("--json", *[images / "3.png"] * 20).err == ""
    result = predict("--json", *[images / "3.png"] * 21)
    assert "21/21" in result.err
    assert len(result.json["results"]) == 21


def test_many_images_show_no_progress_bar_without_a_terminal(predict, images):
    assert predict("--json", *[images / "3.png"] * 21).err == ""


def test_a_folder_without_permission_is_an_error_of_one_line(predict, tmp_path, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    result = predict(tmp_path)
    assert result.code == 1
    assert result.err == f"digitus: {tmp_path}: cannot be listed (Permission denied)\n"


# Models


def test_an_unknown_model_is_an_error_and_nothing_is_predicted(digitus, images):
    result = digitus("predict", "--model", "nonsense", images)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("digitus: nonsense: neither a shipped model")


def _another_programs(path, _):
    save_file({"layer0.weight": np.zeros((784, 10), np.float32)}, path)


def _garbage(path, _):
    path.write_bytes(b"\x00" * 100)


def _with_nan(path, model_file):
    model = read_model(model_file)
    save_model(model, path)
    content = bytearray(path.read_bytes())
    content[-4:] = np.float32(np.nan).tobytes()
    path.write_bytes(content)


def _of_another_task(path, _):
    network = build(dense_chain((20, 5, 3), ReLU()))
    save_model(Model("letters", network, read_model(_).normalizer), path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_another_programs, "another program"),
        (_garbage, "not a whole model file"),
        (_with_nan, "NaN"),
        (_of_another_task, "found 20 inputs and 3 outputs"),
        (lambda *_: None, "no such model file"),
    ],
    ids=["another program's", "garbage", "NaN", "another task", "missing"],
)
def test_an_unusable_model_file_is_an_error_of_one_line(
    digitus, images, model_file, tmp_path, make, words
):
    path = tmp_path / "bad.safetensors"
    make(path, model_file)
    result = digitus("predict", "--model", path, images)
    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1
    assert words in result.err


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_what_is_left_out_of_an_animation_is_said_on_stderr(predict, images, tmp_path, words):
    frames = [Image.open(images / f"{digit}.png") for digit in (3, 7)]
    path = tmp_path / "moving.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    result = predict(path, *words)
    assert result.code == 0
    assert result.err == f"{path}: it is an animation, of which the first frame alone is read\n"


def test_a_photo_from_a_pipe_is_read_like_its_file(predict, images, tmp_path):
    data, pipe = photo_of(images / "3.png"), tmp_path / "pipe"
    (tmp_path / "photo.png").write_bytes(data)
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as writer:
        written = writer.submit(pipe.write_bytes, data)
        piped = predict("--json", pipe).json["results"]
        assert written.result() == len(data)
    named = predict("--json", tmp_path / "photo.png").json["results"]
    assert [one | {"source": ""} for one in piped] == [one | {"source": ""} for one in named]


def photo_of(path):
    """Return the bytes of a photo: the image on a darker table, with noise."""
    table = np.random.default_rng(0).normal(90, 3, (500, 600))
    with Image.open(path) as image:
        sheet = np.asarray(image.convert("L").resize((300, 360)), float)
    table[70:430, 150:450] = sheet + np.random.default_rng(1).normal(-10, 3, sheet.shape)
    file = BytesIO()
    Image.fromarray(np.clip(table, 0, 255).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()
