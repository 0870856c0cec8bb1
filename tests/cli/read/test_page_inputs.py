"""The expected number of pages never decreases, and inputs are listed once."""

import click
import pytest
from PIL import Image

from digitus.cli.read.page_inputs import find_page_inputs
from digitus.reader.batch.journal import Journal
from digitus.reader.batch.journal_entries import Entry, Stamp
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
    journal.add(Entry(PageReading(source, 1, 60, 40), {}, 1, Stamp.of(source)))
    yield journal
    journal.close(keep=False)


def test_the_expected_number_of_pages_never_decreases_and_all_are_settled_at_the_end(
    folder, journal
):
    inputs = find_page_inputs([str(folder)], outputs=[])
    expected, done = [inputs.n_expected], 0
    for _ in inputs.tasks(journal):
        expected.append(inputs.n_expected)
        assert not inputs.is_complete(done)
        done += 1
    assert expected == sorted(expected) == [4, 4, 6, 6, 6]
    assert inputs.n_settled == 2  # the broken file, and the page in the journal
    assert inputs.is_complete(done)


def test_a_file_that_is_named_twice_is_listed_once(folder):
    page = str(folder / "0.png")
    assert find_page_inputs([page, page], outputs=[]).paths == [page]


def test_an_output_folder_within_a_folder_that_is_read_is_refused(folder):
    with pytest.raises(click.UsageError, match="choose another folder"):
        find_page_inputs([str(folder)], outputs=[None, folder / "boxes"])
