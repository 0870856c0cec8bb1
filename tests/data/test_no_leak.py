"""Training, validation and test rows are disjoint in every format, compared by their pixels."""

import numpy as np
import pytest
from scipy.io import savemat

from digitus.data.load import load
from digitus.data.samples import Samples, shared_rows, split
from digitus.errors import DataError


def _content(samples):
    return {row.tobytes() for row in samples.pixels}


@pytest.fixture
def idx(write_idx_folder, train_part, test_part, tmp_path):
    return write_idx_folder(tmp_path / "data", train_part, test_part)


@pytest.fixture
def idx_gz(write_idx_folder, train_part, test_part, tmp_path):
    return write_idx_folder(tmp_path / "data", train_part, test_part, suffix=".gz")


@pytest.fixture
def csv(write_csv, train_part, test_part, tmp_path):
    write_csv(tmp_path / "train.csv", train_part)
    write_csv(tmp_path / "test.csv", test_part)
    return tmp_path


@pytest.fixture
def mnist_in_csv(write_csv, train_part, test_part, tmp_path):
    write_csv(tmp_path / "mnist_train.csv.gz", train_part, header=None)
    write_csv(tmp_path / "mnist_test.csv.gz", test_part, header=None)
    return tmp_path


@pytest.fixture
def npz(train_part, test_part, tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez(
        path,
        x_train=train_part.pixels.reshape(-1, 28, 28),
        y_train=train_part.labels,
        x_test=test_part.pixels.reshape(-1, 28, 28),
        y_test=test_part.labels,
    )
    return path


@pytest.fixture
def class_folders(write_class_folder, train_part, test_part, tmp_path):
    write_class_folder(tmp_path / "train", train_part)
    write_class_folder(tmp_path / "test", test_part)
    return tmp_path


LOADERS = ["idx", "idx_gz", "csv", "mnist_in_csv", "npz", "class_folders"]


def _write_mat(path, number):
    """Write 70,000 images with their row number in the first three pixels."""
    data = np.zeros((784, 70_000), np.uint8)
    data[0], data[1], data[2] = number >> 16, number >> 8 & 255, number & 255
    savemat(path, {"data": data, "label": (number % 10).astype(np.float64)[np.newaxis]})
    return path


@pytest.fixture
def numbered_mat(tmp_path):
    return _write_mat(tmp_path / "mnist-original.mat", np.arange(70_000))


def _numbers(samples):
    return samples.pixels[:, :3].astype(np.int64) @ [1 << 16, 1 << 8, 1]


@pytest.mark.parametrize("loader", LOADERS)
def test_the_parts_of_every_format_share_no_row(request, loader, train_part, test_part):
    data = load(request.getfixturevalue(loader))
    assert _content(data.train) == _content(train_part)
    assert _content(data.test) == _content(test_part)
    assert shared_rows(data.train, data.test) == 0


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("options", [{}, {"seed": 3}, {"first": True}, {"first": True, "seed": 3}])
def test_training_validation_and_test_rows_of_each_loader_are_disjoint(request, loader, options):
    data = load(request.getfixturevalue(loader))
    parts = split(len(data.train), validation=10, **options)
    train, validation = (
        _content(data.train.rows(rows)) for rows in (parts.train, parts.validation)
    )
    assert not train & validation
    assert not (train | validation) & _content(data.test)
    assert len(train | validation) == len(data.train)


def test_a_mat_file_of_mnist_is_split_after_60000_rows(numbered_mat):
    data = load(numbered_mat)
    assert (_numbers(data.train) == np.arange(60_000)).all()
    assert (_numbers(data.test) == np.arange(60_000, 70_000)).all()


def test_the_labels_of_a_mat_file_stay_with_their_rows(numbered_mat):
    data = load(numbered_mat)
    assert (data.test.labels == _numbers(data.test) % 10).all()


def test_a_test_file_equal_to_the_training_file_is_rejected(write_csv, train_part, tmp_path):
    write_csv(tmp_path / "train.csv", train_part)
    write_csv(tmp_path / "test.csv", train_part.rows(slice(10)))
    with pytest.raises(DataError, match=r"test\.csv: .*found 10 of 10 in .*train\.csv; remove"):
        load(tmp_path)


class TestOneSharedImage:
    """A test part with a single image of the training part, in every format."""

    @pytest.fixture
    def test_part(self, train_part, test_part):
        """Add a training image with another label to the test images."""
        pixels = np.concatenate([test_part.pixels, train_part.pixels[7:8]])
        labels = np.append(test_part.labels, (train_part.labels[7] + 1) % 10)
        return Samples(pixels, labels, "one of training")

    @pytest.mark.parametrize("loader", LOADERS)
    def test_is_rejected_with_the_number_of_shared_rows(self, request, loader):
        source = request.getfixturevalue(loader)
        with pytest.raises(DataError, match=r"^[^\n]*found 1 of 16 in [^\n]*; remove [^\n]*$"):
            load(source)


def test_a_mat_file_whose_test_rows_repeat_training_rows_is_rejected(tmp_path):
    number = np.arange(70_000)
    number[[60_000, 69_999]] = 0, 59_999
    with pytest.raises(DataError, match="found 2 of 10000 in"):
        load(_write_mat(tmp_path / "repeated.mat", number))


def test_shared_rows_are_counted_by_content(train_part, test_part):
    mixed = Samples(
        np.concatenate([test_part.pixels, train_part.pixels[:4]]), None, "four of training"
    )
    assert shared_rows(train_part, mixed) == 4


@pytest.mark.mnist
def test_the_parts_of_mnist_share_no_row(mnist):
    assert shared_rows(mnist.train, mnist.test) == 0
