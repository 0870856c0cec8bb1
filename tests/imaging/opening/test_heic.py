"""HEIC photos of phones: opened with pillow-heif, or refused with what to install."""

import io
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitus.errors import ImageError
from digitus.imaging.opening.image_file import open_grey
from digitus.imaging.opening.page_source import open_document


def drawing() -> Image.Image:
    image = Image.new("RGB", (160, 96), "white")
    ImageDraw.Draw(image).line([(20, 10), (20, 80)], fill="black", width=9)
    return image


@pytest.fixture
def photo() -> bytes:
    """A HEIC file whose left part shows a stem."""
    pillow_heif = pytest.importorskip("pillow_heif")
    made = io.BytesIO()
    pillow_heif.from_pillow(drawing()).save(made, quality=90)
    return made.getvalue()


def test_a_photo_is_opened_from_its_bytes(photo):
    grey = open_grey(photo)
    assert grey.shape == (96, 160)
    assert np.abs(grey - np.asarray(drawing().convert("L")) / 255).mean() < 0.01


def test_a_photo_is_a_document_of_one_page(photo, tmp_path):
    path = tmp_path / "IMG_1.HEIC"
    path.write_bytes(photo)
    document = open_document(path)
    assert document.n_pages == 1
    assert document.page(1).grey()[0].shape == (96, 160)


def test_a_photo_that_breaks_off_is_refused(photo):
    with pytest.raises(ImageError, match=r"damaged|not an image"):
        open_grey(photo[: len(photo) // 2])


def test_without_the_library_the_message_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    path = tmp_path / "a.heic"
    path.write_bytes(bytes(4) + b"ftypheic" + bytes(90))
    with pytest.raises(
        ImageError, match=r"a\.heic: a HEIC photo; .* pip install 'digitus\[heif\]'"
    ):
        open_grey(path)
