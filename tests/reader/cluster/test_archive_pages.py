"""Pages of an archive: keys by content, and batches by pixels."""

import numpy as np
import pytest
from PIL import Image

from digitus.errors import ReadFailure
from digitus.reader.cluster.archive_pages import (
    ArchivePage,
    BatchParameters,
    batches_of,
    inspect,
)


def pages(*n_px):
    return [ArchivePage(f"{i}.png", f"{i}", 1, 1, n) for i, n in enumerate(n_px)]


def sizes(found, **limits):
    return [len(batch) for batch in batches_of(found, BatchParameters(**limits))]


def test_a_batch_ends_before_it_has_too_many_pixels_or_pages():
    assert sizes(pages(40, 40, 40, 10), max_px=100, max_pages=9) == [2, 2]
    assert sizes(pages(1, 1, 1, 1, 1), max_px=100, max_pages=2) == [2, 2, 1]


def test_a_page_with_more_pixels_than_a_batch_is_one_of_its_own():
    assert sizes(pages(10, 500, 10), max_px=100, max_pages=9) == [1, 1, 1]
    assert sizes([], max_px=100, max_pages=9) == []


def test_the_key_of_a_page_does_not_depend_on_its_path(tmp_path):
    image = Image.fromarray(np.full((20, 30), 255, np.uint8))
    for name in ("a.png", "b.png"):
        image.save(tmp_path / name)
    (one,), (other,) = (inspect(str(tmp_path / name)) for name in ("a.png", "b.png"))
    assert one.key == other.key
    assert one.n_px == 600


def test_each_page_of_a_file_has_a_key_of_its_own(tmp_path):
    frames = [Image.fromarray(np.full((20, 30), tone, np.uint8)) for tone in (255, 250, 245)]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
    found = inspect(str(tmp_path / "a.tif"))
    assert [(page.page, page.n_pages) for page in found] == [(1, 3), (2, 3), (3, 3)]
    assert len({page.key for page in found}) == 3


@pytest.mark.parametrize("content", [None, b"no image"])
def test_a_file_that_cannot_be_opened_is_named_with_its_reason(tmp_path, content):
    path = tmp_path / "a.png"
    if content is not None:
        path.write_bytes(content)
    found = inspect(str(path))
    assert isinstance(found, ReadFailure)
    assert found.source == str(path)
    assert str(path) in found.error
