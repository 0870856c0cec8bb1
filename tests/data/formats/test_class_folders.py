import numpy as np
import pytest
from PIL import Image

from digitus.data.formats.class_folders import read_class_folder, read_folders
from digitus.errors import DataError


def _save(path, *, level=0, size=(28, 28), mode="L"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, level).convert(mode).save(path)
    return path


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".jpeg", ".JPG", ".bmp"])
def test_the_folders_name_is_the_label(tmp_path, suffix):
    _save(tmp_path / "7" / f"a{suffix}", level=200)
    samples = read_class_folder(tmp_path)
    assert samples.labels.tolist() == [7]
    assert (samples.pixels == 200).all()


def test_the_counts_of_each_class_are_those_of_the_files(tmp_path):
    for digit, count in ((0, 2), (3, 1), (9, 4)):
        for number in range(count):
            _save(tmp_path / str(digit) / f"{number}.png")
    assert read_class_folder(tmp_path).counts().tolist() == [2, 0, 0, 1, 0, 0, 0, 0, 0, 4]


def test_images_are_ordered_by_digit_and_name(tmp_path):
    for level, name in enumerate(["0/b.png", "0/c.png", "1/a.png"]):
        _save(tmp_path / name, level=level)
    assert read_class_folder(tmp_path).pixels[:, 0].tolist() == [0, 1, 2]


@pytest.mark.parametrize("mode", ["RGB", "P", "RGBA", "LA", "1"])
def test_images_of_other_modes_become_grey(tmp_path, mode):
    _save(tmp_path / "1" / "a.png", level=255, mode=mode)
    assert (read_class_folder(tmp_path).pixels == 255).all()


def test_hidden_files_and_those_of_file_managers_are_ignored(tmp_path):
    _save(tmp_path / "1" / "a.png")
    (tmp_path / ".cache").mkdir()
    (tmp_path / "1" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "1" / "Thumbs.db").write_bytes(b"x")
    (tmp_path / "README.txt").write_text("about these images")
    assert len(read_class_folder(tmp_path)) == 1


def test_json_beside_the_images_is_ignored(tmp_path):
    _save(tmp_path / "1" / "a.png")
    (tmp_path / "1" / "a.json").write_text("{}")
    (tmp_path / "1" / "without-image.json").write_text("{}")
    assert len(read_class_folder(tmp_path)) == 1


@pytest.mark.parametrize("names", [("train", "test"), ("training", "testing")])
def test_train_and_test_folders_give_both_parts(tmp_path, names):
    _save(tmp_path / names[0] / "1" / "a.png", level=1)
    _save(tmp_path / names[1] / "2" / "a.png", level=2)
    data = read_folders(tmp_path)
    assert (data.train.labels.tolist(), data.test.labels.tolist()) == ([1], [2])


def test_a_train_folder_alone_gives_no_test_part(tmp_path):
    _save(tmp_path / "train" / "1" / "a.png")
    assert read_folders(tmp_path).test is None


@pytest.mark.parametrize("name", ["eight", "10", "-1", "00"])
def test_a_folder_not_named_by_a_digit_is_refused(tmp_path, name):
    _save(tmp_path / name / "a.png")
    with pytest.raises(DataError, match=f"expected folders named 0 to 9 only, found '{name}'"):
        read_class_folder(tmp_path)


def test_an_image_of_another_size_is_named_with_its_size(tmp_path):
    _save(tmp_path / "1" / "big.png", size=(100, 50))
    with pytest.raises(DataError, match=r"big\.png: .*28 x 28 .*found 100 x 50;.*digitus predict"):
        read_class_folder(tmp_path)


@pytest.mark.parametrize("error", [TypeError, KeyError, IndexError, AttributeError, MemoryError])
def test_whatever_a_decoder_raises_names_the_image(tmp_path, monkeypatch, error):
    def fail(image):
        raise error("damage")

    _save(tmp_path / "1" / "bad.png")
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", fail)
    with pytest.raises(DataError, match=r"bad\.png: expected an image, found a damaged"):
        read_class_folder(tmp_path)


@pytest.mark.parametrize("keep", [0, 4, 40, 50])
def test_a_damaged_image_is_named(tmp_path, keep):
    path = _save(tmp_path / "1" / "bad.png", level=9)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"bad\.png: expected an image, found a damaged"):
        read_class_folder(tmp_path)


def test_a_file_that_is_not_an_image_is_named(tmp_path):
    _save(tmp_path / "1" / "a.png")
    (tmp_path / "1" / "notes.txt").write_text("x")
    with pytest.raises(DataError, match=r"notes\.txt: expected images only"):
        read_class_folder(tmp_path)


def test_transparent_images_are_refused(tmp_path):
    (tmp_path / "1").mkdir()
    Image.new("RGBA", (28, 28), (0, 0, 0, 0)).save(tmp_path / "1" / "a.png")
    with pytest.raises(DataError, match="found transparent pixels"):
        read_class_folder(tmp_path)


def test_sixteen_bits_are_refused_instead_of_clipped(tmp_path):
    (tmp_path / "1").mkdir()
    Image.fromarray(np.full((28, 28), 40000, np.uint16)).save(tmp_path / "1" / "a.png")
    with pytest.raises(DataError, match="expected 8 bits"):
        read_class_folder(tmp_path)


@pytest.mark.parametrize("folder", [None, "1"])
def test_a_folder_without_images_is_refused(tmp_path, folder):
    if folder:
        (tmp_path / folder).mkdir()
    with pytest.raises(DataError, match="found no image"):
        read_class_folder(tmp_path)
