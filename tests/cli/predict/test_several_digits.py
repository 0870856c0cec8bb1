"""``digitus predict`` on images of several digits: not answered, and what `read` makes of them."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from digitus.synthesis.lines.digit_strings import as_image, write_string
from digitus.synthesis.pen.writers import PenWriter


@pytest.fixture
def image(tmp_path):
    rng = np.random.default_rng(3)
    pixels, _ = as_image(write_string("46", PenWriter(rng, 60, pen=0.1), rng, gap=0.4))
    path = tmp_path / "46.png"
    Image.fromarray(pixels).save(path)
    return path


def test_the_json_has_the_verdict_and_what_read_makes_of_it(digitus, image):
    result = digitus("predict", image, "--json")
    assert result.code == 0
    (entry,) = result.json["results"]
    assert (entry["verdict"], entry["digit"]) == ("several_digits", None)
    (page,) = entry["reading"]["pages"]
    assert page["source"] == str(image)
    assert [line["text"] for line in page["lines"]] == ["46"]


def test_the_json_of_one_digit_has_no_reading(digitus, draw_image, tmp_path):
    (entry,) = digitus("predict", draw_image(tmp_path / "3.png", 3), "--json").json["results"]
    assert "reading" not in entry


def test_the_table_says_what_to_do(digitus, image, draw_image, tmp_path):
    out = digitus("predict", draw_image(tmp_path / "3.png", 3), image).out
    assert "several" in out
    assert "To check: 1 of 2; 1 with more than one digit; use `digitus read`.\n" in out


def test_the_gallery_shows_the_patch_without_a_confidence(digitus, image):
    out = digitus("predict", image, "--show").out
    assert "several" in out
    assert "%" not in out


def test_explain_says_what_would_help_and_writes_the_figure(digitus, image, tmp_path):
    result = digitus("predict", image, "--explain", tmp_path / "why")
    assert result.out.endswith(f"{image}: more than one digit; use `digitus read`\n")
    assert (tmp_path / "why" / "46.png").is_file()


def test_several_digits_from_a_pipe_are_read(start, image):
    with image.open("rb") as stdin:
        process = start("predict", "-", "--json", stdin=stdin)
        out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    (entry,) = json.loads(out)["results"]
    assert entry["reading"]["pages"][0]["source"] == "stdin"


def test_explain_names_a_sheet_that_was_cut_out(digitus, tmp_path):
    from digitus.synthesis.digit_images.on_a_table import digit_on_table

    rng = np.random.default_rng([0, 3])
    photo = digit_on_table(PenWriter(rng, 180, pen=0.09)(8, rng), "tilted", rng)
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "PNG")
    path = tmp_path / "photo.png"
    path.write_bytes(file.getvalue())
    out = digitus("predict", path, "--explain", tmp_path / "why").out
    assert "; the sheet was cut out of the photo and squared up\n" in out
    assert f"{path}: reads 8" in out
