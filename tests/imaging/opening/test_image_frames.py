"""What is left out of a file with several frames is said in one remark."""

import io

import pytest
from PIL import Image

from digitus.imaging.opening.image_file import remark_on
from digitus.imaging.opening.page_source import open_document

ANIMATION = "it is an animation, of which the first frame alone is read"


def frames(kind, n):
    first, *others = (Image.new("L", (40, 30), 80 * i) for i in range(n))
    file = io.BytesIO()
    first.save(file, kind, save_all=True, append_images=others)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_has_a_remark(kind, tmp_path):
    path = tmp_path / "moving"
    path.write_bytes(frames(kind, 3))
    with Image.open(path) as image:
        for source in (path, path.read_bytes(), image):
            document = open_document(source)
            assert (document.n_pages, document.remark) == (1, ANIMATION)
            assert document.page(1).remark == ANIMATION
    assert remark_on(path) == remark_on(str(path)) == ANIMATION


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF", "MPO"])
def test_a_still_image_has_none(kind):
    assert open_document(frames(kind, 1)).remark == remark_on(frames(kind, 1)) == ""


def test_pages_of_a_tiff_are_left_out_by_predict_alone():
    pages = frames("TIFF", 3)
    assert remark_on(pages) == (
        "it has 3 pages, of which the first alone is read; use `digitus read`"
    )
    assert open_document(pages).remark == ""


def test_the_preview_of_a_photo_is_no_frame():
    assert remark_on(frames("MPO", 2)) == ""


def test_a_damaged_second_frame_leaves_the_first_one_readable():
    data = frames("GIF", 2)
    second = data.rindex(b",")  # the descriptor of the last frame
    (page,) = open_document(data[: second + 4])
    assert page.grey()[0].shape == (30, 40)
