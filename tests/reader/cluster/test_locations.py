"""Files and folders, here and behind URLs; ``memory://`` stands for every object store."""

from pathlib import Path
from uuid import uuid4

import pytest

from digitus.errors import ImageError
from digitus.reader.cluster.locations import (
    content_hash,
    delete_file,
    find_sources,
    join,
    list_files,
    local_copy,
    read_file,
    write_file,
)


@pytest.fixture(params=["disk", "memory"])
def folder(request, tmp_path):
    """An empty folder on this machine, or of a store."""
    return str(tmp_path) if request.param == "disk" else f"memory://{uuid4().hex}"


def write_all(folder, *names):
    for name in names:
        write_file(join(folder, name), name.encode())


def found(arguments):
    errors = []
    return list(find_sources(arguments, errors)), errors


def test_what_is_written_is_read_listed_and_deleted(folder):
    write_all(folder, "b.parquet", "a.parquet", "notes.txt")
    paths = [join(folder, name) for name in ("a.parquet", "b.parquet")]
    assert list_files(folder, ".parquet") == paths
    with read_file(paths[0]) as file:
        assert file.read() == b"a.parquet"
    delete_file(paths[0])
    delete_file(paths[0])  # a second time is no failure
    assert list_files(folder, ".parquet") == paths[1:]


def test_a_folder_that_does_not_exist_has_no_files(folder):
    assert list_files(join(folder, "nothing"), ".parquet") == []


def test_no_draft_stays_beside_what_was_written(folder):
    write_all(folder, "a.parquet")
    assert list_files(folder, "") == [join(folder, "a.parquet")]


def test_images_are_found_once_and_sorted_and_other_files_are_not(folder):
    write_all(folder, "b.png", "a.jpg", "notes.txt")
    sources, errors = found([join(folder, ""), join(folder, "b.png")])
    assert [source.rpartition("/")[2] for source in sources] == ["a.jpg", "b.png"]
    assert errors == []


def test_a_glob_of_a_url_finds_what_it_matches():
    folder = f"memory://{uuid4().hex}"
    write_all(folder, "a.tif", "b.png")
    assert [one.rpartition("/")[2] for one in found([f"{folder}/*.tif"])[0]] == ["a.tif"]


def test_a_place_without_images_is_an_error_that_names_it():
    folder = f"memory://{uuid4().hex}/"
    sources, (error,) = found([folder])
    assert sources == []
    assert folder in error.error


def test_equal_bytes_have_equal_hashes_wherever_they_lie(tmp_path):
    places = [str(tmp_path / "a.png"), f"memory://{uuid4().hex}/b.png"]
    for place in places:
        write_file(place, b"the same")
    assert len({content_hash(place) for place in places}) == 1


def test_a_copy_of_a_url_has_its_bytes_and_suffix_and_is_deleted():
    url = f"memory://{uuid4().hex}/a.tif"
    write_file(url, b"page")
    with local_copy(url) as path:
        assert path.endswith(".tif")
        assert Path(path).read_bytes() == b"page"
    assert not Path(path).exists()


def test_a_file_of_this_machine_is_not_copied(tmp_path):
    with local_copy(str(tmp_path / "a.png")) as path:
        assert path == str(tmp_path / "a.png")


@pytest.mark.parametrize("source", ["nowhere/a.png", "memory://nowhere/a.png"])
def test_a_missing_file_is_an_error_that_names_it(source):
    with pytest.raises(ImageError, match="cannot be read"):
        content_hash(source)


def test_an_unknown_kind_of_url_is_an_error_that_says_so():
    with pytest.raises(ImageError, match="unknown kind of URL"):
        content_hash("nowhere://a.png")
