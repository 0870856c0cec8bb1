"""The example images and the script that draws them."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from digitus.imaging.opening.image_file import open_grey
from digitus.imaging.preprocessing import preprocess

FOLDER = Path(__file__).parents[2] / "examples"
IMAGES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".png", ".jpg"))


@pytest.fixture(scope="module")
def redrawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    runpy.run_path(str(FOLDER / "make_images.py"))["main"](folder)
    return folder


def test_the_script_draws_exactly_the_images_of_the_folder(redrawn):
    assert sorted(path.name for path in redrawn.iterdir()) == [path.name for path in IMAGES]


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_an_image_is_drawn_the_same_every_time(redrawn, path):
    difference = open_grey(redrawn / path.name) - open_grey(path)
    assert np.abs(difference).mean() <= 0.001  # encoders of JPEG differ a little


def test_every_digit_is_shown():
    assert {path.name[0] for path in IMAGES} == set("0123456789")


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_no_image_is_blank(path):
    assert preprocess(path).patch is not None


def test_all_images_together_are_small():
    assert sum(path.stat().st_size for path in IMAGES) < 200_000
