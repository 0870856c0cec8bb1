import numpy as np
import pytest

from digitus.data import load, load_rows
from digitus.data.samples import Samples
from digitus.errors import DataError


def test_a_csv_file_has_a_training_part_only(tmp_path, write_csv, train_part):
    data = load(write_csv(tmp_path / "mine.csv.gz", train_part))
    assert (data.name, len(data.train), data.test) == ("mine", 40, None)


def test_the_same_rows_have_the_same_hash_in_every_format(
    tmp_path, write_csv, write_idx_folder, train_part, test_part
):
    by_csv = load(write_csv(tmp_path / "mine.csv", train_part))
    by_idx = load(write_idx_folder(tmp_path / "idx", train_part, test_part))
    assert by_csv.sha256 == by_idx.sha256


def test_idx_files_with_a_dot_in_the_name_are_found(
    tmp_path, write_idx_folder, train_part, test_part
):
    folder = write_idx_folder(tmp_path / "idx", train_part, test_part)
    for path in folder.iterdir():
        path.rename(folder / path.name.replace("-idx", ".idx"))
    data = load(folder)
    assert (len(data.train), len(data.test)) == (40, 15)


def test_an_idx_folder_may_have_training_files_only(
    tmp_path, write_idx_folder, train_part, test_part
):
    folder = write_idx_folder(tmp_path / "idx", train_part, test_part)
    for path in folder.glob("t10k*"):
        path.unlink()
    assert load(folder).test is None


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
def test_a_missing_file_of_a_pair_is_named(tmp_path, write_idx_folder, train_part, test_part, name):
    folder = write_idx_folder(tmp_path / "idx", train_part, test_part)
    (folder / name).unlink()
    with pytest.raises(DataError, match=f"{name}: expected a file, found none"):
        load(folder)


def test_a_test_table_without_labels_is_no_test_part(tmp_path, write_csv, train_part, test_part):
    write_csv(tmp_path / "train.csv", train_part)
    write_csv(tmp_path / "test.csv", Samples(test_part.pixels, None, ""), header=None)
    assert load(tmp_path).test is None


def test_a_training_table_without_labels_is_rejected(tmp_path, write_csv, test_part):
    path = write_csv(tmp_path / "test.csv", Samples(test_part.pixels, None, ""), header=None)
    with pytest.raises(DataError, match=r"test\.csv: expected labels, .*`digitus predict`"):
        load(path)


def test_a_class_folder_has_a_training_part(tmp_path, write_class_folder, train_part):
    data = load(write_class_folder(tmp_path / "digits", train_part))
    assert (data.train.counts() == train_part.counts()).all()


def test_a_missing_path_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere: expected .*found nothing; check the path"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize("read", [load, load_rows])
def test_a_file_of_an_unknown_kind_is_named(tmp_path, read):
    path = tmp_path / "notes.txt"
    path.write_text("x")
    with pytest.raises(DataError, match=r"notes\.txt: expected .*found 'notes.txt'"):
        read(path)


def test_rows_to_predict_need_no_labels(tmp_path, write_csv, test_part):
    path = write_csv(tmp_path / "test.csv", Samples(test_part.pixels, None, ""), header=None)
    rows = load_rows(path)
    assert rows.labels is None
    assert (rows.pixels == test_part.pixels).all()


def test_rows_of_an_idx_file_can_be_predicted(tmp_path, write_idx, test_part):
    path = write_idx(tmp_path / "t10k-images-idx3-ubyte.gz", test_part.pixels.reshape(-1, 28, 28))
    assert (load_rows(path).pixels == test_part.pixels).all()


def test_load_rows_joins_both_parts_of_an_archive(tmp_path, train_part, test_part):
    path = tmp_path / "a.npz"
    np.savez(
        path,
        x_train=train_part.pixels,
        y_train=train_part.labels,
        x_test=test_part.pixels,
        y_test=test_part.labels,
    )
    rows = load_rows(path)
    assert len(rows) == len(rows.labels) == 55


def test_rows_of_a_class_folder_keep_their_labels(tmp_path, write_class_folder, train_part):
    rows = load_rows(write_class_folder(tmp_path / "digits", train_part))
    assert (rows.counts() == train_part.counts()).all()
