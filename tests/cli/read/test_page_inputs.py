"""How many pages there are is known at the start, and the count never jumps back."""

import pytest
from PIL import Image

from digitus.cli.read.page_inputs import find_sources
from digitus.reader.batch.journal import Journal
from digitus.reader.batch.journal_entries import Entry, stamp_of
from digitus.reader.results.reading import PageReading


@pytest.fixture
def folder(tmp_path):
    """A page, a broken file, a TIFF of three pages, and a page that was read before."""
    page = Image.new("L", (60, 40), 220)
    page.save(tmp_path / "0.png")
    (tmp_path / "1.png").write_bytes(b"no image")
    page.save(tmp_path / "2.tif", save_all=True, append_images=[page, page])
    page.save(tmp_path / "3.png")
    return tmp_path


@pytest.fixture
def journal(folder):
    source = str(folder / "3.png")
    journal = Journal(None, {})
    journal.add(Entry(PageReading(source, 1, 60, 40), {}, 1, stamp_of(source)))
    yield journal
    journal.close(keep=False)


def test_the_pages_expected_never_grow_fewer_and_in_the_end_all_are_settled(folder, journal):
    sources = find_sources([str(folder)], outputs=[])
    expected, done = [sources.n_expected], 0
    for _ in sources.tasks(journal):
        expected.append(sources.n_expected)
        assert not sources.are_all_given(done)
        done += 1
    assert expected == sorted(expected) == [4, 4, 6, 6, 6]
    assert sources.n_settled == 2  # the broken file, and the page in the journal
    assert sources.are_all_given(done)
