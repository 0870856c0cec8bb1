"""`digitus read --from-parquet --reviewed`: the tables of an archive with what was confirmed."""

import csv
import io
from dataclasses import replace

import pytest

from digitus.imaging.opening.page_source import open_document
from digitus.reader.cluster.archive_pages import inspect
from digitus.reader.cluster.parts import Archive, page_rows
from digitus.reader.pipeline.reader import Reader
from digitus.review.store import ReviewStore
from digitus.web.work.archive_taking import ArchiveTaking, take_archive

ANN = "Ann"


@pytest.fixture
def out(tmp_path, draw_page):
    """Two parts of an archive, of a page each; the number of the second one is to be checked."""
    folder = tmp_path / "out"
    folder.mkdir()
    archive, reader = Archive(str(folder), "settings", "cnn", {"decimal": "point"}), Reader()
    for name in ("a", "b"):
        path = str(draw_page(tmp_path / f"{name}.png", "417", seed=7))
        with open(path, "ab") as file:  # another content, the same image
            file.write(name.encode())
        (page,) = inspect(path)
        reading = reader.read_page(open_document(path).page(1))
        (line,) = reading.lines
        number = replace(line.numbers[0], to_check=name == "b")
        reading = replace(reading, lines=(replace(line, numbers=(number,)),))
        archive.write_part([page], page_rows(page, reading, None))
    return folder


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_tables_have_what_was_confirmed_and_all_other_pages(digitus, out, data, tmp_path):
    store = ReviewStore.open(None, data)
    taken = take_archive(store, str(out))
    assert (taken.n_parts, taken.n_known, taken.n_to_check, taken.n_sure) == (2, 0, 1, 1)
    (batch,) = store.list_batches()
    (cell,) = store.cells(batch["id"], "to_check")["cells"]
    store.confirm(cell["id"], "419", cell["version"], ANN)
    store.close()
    target = tmp_path / "all.csv"
    result = digitus("read", "--from-parquet", out, "--reviewed", data, "--csv", target)
    assert result.code == 0
    found = [(one["source"], one["text"], one["confirmed"]) for one in rows_of(target)]
    assert found[1] == (str(tmp_path / "b.png"), "419", "yes")
    assert found[0][0] == str(tmp_path / "a.png")
    assert found[0][2] == "no"
    url = f"sqlite:///{data / 'review.db'}"
    again = tmp_path / "again.csv"
    assert digitus("read", "--from-parquet", out, "--reviewed", url, "--csv", again).code == 0
    assert again.read_bytes() == target.read_bytes()


def test_a_second_start_takes_what_is_new_alone(out, data):
    store = ReviewStore.open(None, data)
    calls = []
    assert (
        take_archive(store, str(out), stop=lambda: calls.append(0) or len(calls) > 1).n_parts == 1
    )
    told = []
    taking = ArchiveTaking(store, f"{out}/", told.append)
    taking.start()
    taking.stop()
    rest = take_archive(store, str(out))
    assert told[0].n_known == 1
    assert told[0].n_parts + rest.n_parts == 1
    assert store.list_batches()[0]["counts"]["pages"] == 2
    store.close()


def test_a_damaged_part_is_named_and_the_others_are_taken(out, data):
    (out / "part-damaged.parquet").write_bytes(b"no table")
    store = ReviewStore.open(None, data)
    taken = take_archive(store, str(out))
    store.close()
    assert taken.n_parts == 2
    (error,) = taken.errors
    assert "part-damaged.parquet: not a Parquet file" in error


def test_a_folder_and_a_database_without_the_archive_are_one_sentence(digitus, out, data, tmp_path):
    words = ["read", "--from-parquet", out, "--csv", tmp_path / "o.csv", "--reviewed"]
    result = digitus(*words, tmp_path)
    assert (result.code, len(result.complaints)) == (1, 1)
    assert "found no review.db" in result.err
    ReviewStore.open(None, data).close()
    result = digitus(*words, data)
    assert (result.code, len(result.complaints)) == (1, 1)
    assert "take it first with digitus serve --review-parquet" in result.err
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["a.png", "--reviewed", "d"], "--reviewed goes with --from-parquet"),
        (["--from-parquet", "o", "--reviewed", "d", "--csv", "-"], "--reviewed writes files"),
    ],
)
def test_options_that_do_not_go_with_reviewed_are_refused(digitus, words, reason):
    result = digitus("read", *words)
    assert result.code == 2
    assert reason in result.err


def test_a_folder_without_parts_ends_the_server_with_one_sentence(digitus, data, tmp_path):
    words = ["serve", "--no-open", "--port", 0, "--data-folder", data, "--review-parquet"]
    result = digitus(*words, tmp_path)
    assert (result.code, len(result.complaints)) == (1, 1)
    assert "no part of a Parquet result in this folder" in result.err
