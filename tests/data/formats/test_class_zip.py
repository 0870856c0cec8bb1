"""A ZIP of a class folder: the same rows as the folder, and one sentence for every other ZIP."""

import struct
import zipfile
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitus.data import load, load_rows
from digitus.data.corrections import Correction, CorrectionStore
from digitus.data.formats.class_folders import read_class_folder
from digitus.data.formats.class_zip import ZipLimits, read_class_zip
from digitus.errors import DataError


def png(level: int = 0, *, size: tuple[int, int] = (28, 28)) -> bytes:
    stream = BytesIO()
    Image.new("L", size, level).save(stream, format="PNG")
    return stream.getvalue()


@pytest.fixture
def write_zip(tmp_path):
    """A function that writes a ZIP of names and contents."""

    def write(files, name="drawings.zip", method=zipfile.ZIP_DEFLATED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as archive:
            for member, content in files.items():
                archive.writestr(member, content)
        return path

    return write


@pytest.mark.parametrize("top", ["", "drawings/"], ids=["bare", "one folder"])
def test_the_rows_are_those_of_the_folder(tmp_path, write_zip, write_class_folder, train_part, top):
    folder = write_class_folder(tmp_path / "folder", train_part)
    files = {
        top + path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.png"), reverse=True)
    }
    found, wanted = read_class_zip(write_zip(files)), read_class_folder(folder)
    np.testing.assert_array_equal(found.pixels, wanted.pixels)
    np.testing.assert_array_equal(found.labels, wanted.labels)


def test_names_with_backslashes_are_read(write_zip):
    assert read_class_zip(write_zip({"7\\a.png": png(9)})).labels.tolist() == [7]


def test_stored_files_are_read(write_zip):
    path = write_zip({"3/a.png": png(9)}, method=zipfile.ZIP_STORED)
    assert read_class_zip(path).pixels.max() == 9


def test_corrections_are_read_with_their_records_ignored(tmp_path, write_zip):
    store = CorrectionStore(tmp_path / "corrections")
    for label in (4, 2):
        store.add(np.full((28, 28), label / 10), Correction(label, None, None, "mlp", "drawing"))
    files = {p.relative_to(store.folder): p.read_bytes() for p in store.folder.rglob("*.*")}
    path = write_zip({str(name): content for name, content in files.items()})
    data = load(path)
    assert (data.name, data.test, data.train.labels.tolist()) == ("drawings", None, [2, 4])
    assert load_rows(path).counts().sum() == 2


def test_files_that_no_one_put_there_are_ignored(write_zip):
    others = ["README.txt", "__MACOSX/1/._a.png", "1/.DS_Store", "1/Thumbs.db", ".git/x/y", "2/"]
    path = write_zip({"1/a.png": png()} | dict.fromkeys(others, b"x"))
    assert len(read_class_zip(path)) == 1


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("eight/a.png", "expected folders named 0 to 9 only, found 'eight'"),
        ("1/deep/a.png", "expected images only .* found '1/deep/a.png'"),
        ("1/notes.txt", "expected images only .* found '1/notes.txt'"),
        ("/1/b.png", "expected names such as 7/a.png, found '/1/b.png'"),
        ("../1/b.png", "expected names such as 7/a.png, found"),
        ("C:\\1\\b.png", "expected names such as 7/a.png, found"),
    ],
)
def test_other_names_are_refused(write_zip, name, found):
    with pytest.raises(DataError, match=rf"drawings\.zip: {found}"):
        read_class_zip(write_zip({"1/a.png": png(), name: png()}))


def test_two_folders_of_digits_are_refused(write_zip):
    with pytest.raises(DataError, match="one folder that holds them, found 'ada' and 'bob'"):
        read_class_zip(write_zip({"ada/1/a.png": png(), "bob/1/a.png": png()}))


@pytest.mark.parametrize("files", [{}, {"README.txt": b"x"}, {"1/a.json": b"{}"}])
def test_a_zip_without_images_is_refused(write_zip, files):
    with pytest.raises(DataError, match="expected folders 0 to 9 with images, found no image"):
        read_class_zip(write_zip(files))


def test_an_image_of_another_size_is_named(write_zip):
    path = write_zip({"1/big.png": png(size=(30, 28))})
    with pytest.raises(DataError, match=r"drawings\.zip: 1/big\.png: .* found 30 x 28"):
        read_class_zip(path)


def test_an_image_that_is_text_is_named(write_zip):
    with pytest.raises(DataError, match=r"1/a\.png: expected an image, found a damaged"):
        read_class_zip(write_zip({"1/a.png": b"no image"}))


def test_an_encrypted_file_is_refused(write_zip):
    path = write_zip({"1/a.png": png()})
    content = bytearray(path.read_bytes())
    start = content.index(b"PK\x01\x02") + 8
    content[start : start + 2] = struct.pack("<H", 1)
    path.write_bytes(content)
    with pytest.raises(DataError, match="expected a ZIP without a password"):
        read_class_zip(path)


def test_an_unusual_compression_is_refused(write_zip):
    path = write_zip({"1/a.png": png()}, method=zipfile.ZIP_BZIP2)
    with pytest.raises(DataError, match=r"expected files stored or deflated, found .* 12"):
        read_class_zip(path)


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        (ZipLimits(file_bytes=100), "a ZIP of at most 0 MB"),
        (ZipLimits(members=1), "at most 1 files, found 2"),
        (ZipLimits(image_bytes=50), r"1/a\.png: expected a training image of at most 50 bytes"),
    ],
)
def test_too_large_a_zip_is_refused(write_zip, limits, found):
    with pytest.raises(DataError, match=found):
        read_class_zip(write_zip({"1/a.png": png(), "1/b.png": png()}), limits=limits)


def test_a_file_that_unpacks_to_very_much_is_refused_before_it_is_unpacked(write_zip, monkeypatch):
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("was unpacked"))
    path = write_zip({"1/a.png": png() + bytes(200_000)})
    with pytest.raises(DataError, match="expected a training image of at most"):
        read_class_zip(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"text" * 100])
def test_what_is_no_zip_is_refused(tmp_path, content):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.zip: expected a ZIP of digits' folders, found"):
        load(path)


def test_a_missing_zip_is_one_sentence(tmp_path):
    with pytest.raises(DataError, match="found"):
        load_rows(tmp_path / "gone.zip")


def refusal(path) -> str:
    """Return the sentence that refuses a ZIP; an empty one if it is read."""
    try:
        read_class_zip(path)
    except DataError as error:
        return str(error)
    return ""


@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=3))
def test_a_damaged_zip_is_read_or_refused_with_a_sentence(tmp_path_factory, changes):
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1/a.png", png(7))
        archive.writestr("2/a.png", png(8))
    content = bytearray(path.read_bytes())
    for share, value in changes:
        content[int(share * (len(content) - 1))] = value
    path.write_bytes(content)
    sentence = refusal(path)
    assert sentence == "" or "; " in sentence
