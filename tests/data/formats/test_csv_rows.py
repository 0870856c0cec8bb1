import numpy as np
import pytest

from digitus.data.formats.csv_rows import read_csv, write_submission
from digitus.data.samples import Samples
from digitus.errors import DataError

MNIST_IN_CSV = ",".join(
    ["label", *(f"{row}x{col}" for row in range(1, 29) for col in range(1, 29))]
)
UNLABELLED = ",".join(f"pixel{k}" for k in range(784))


def _row(label: str = "3", **changed: str) -> str:
    cells = [label, *(["0"] * 784)]
    for column, text in changed.items():
        cells[int(column[1:])] = text
    return ",".join(cells)


@pytest.mark.parametrize("header", ["label,pixel", MNIST_IN_CSV, None])
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_table_with_labels_is_read_back(tmp_path, write_csv, train_part, header, name):
    samples = read_csv(write_csv(tmp_path / name, train_part, header=header))
    assert (samples.pixels == train_part.pixels).all()
    assert (samples.labels == train_part.labels).all()


@pytest.mark.parametrize("header", [UNLABELLED, None])
def test_a_table_without_labels_is_read_without_labels(tmp_path, write_csv, train_part, header):
    unlabelled = Samples(train_part.pixels, None, "made up")
    samples = read_csv(write_csv(tmp_path / "test.csv", unlabelled, header=header))
    assert samples.labels is None
    assert (samples.pixels == train_part.pixels).all()


@pytest.mark.parametrize(
    "content",
    [
        f"{_row()}\r\n{_row()}\r\n",
        f"{_row()}\n\n{_row()}\n\n",
        f"{_row()}\n{_row()}",
        f"\N{ZERO WIDTH NO-BREAK SPACE}{MNIST_IN_CSV}\n{_row()}\n{_row()}\n",
        f"\N{ZERO WIDTH NO-BREAK SPACE}{_row()}\n{_row()}\n",
        f"{_row('3.0')}\n{_row()}\n",
        f"{_row(' 3 ')}\n{_row()}\n",
        _row('"3"').replace(",0", ',"0"') + f"\n{_row()}\n",
    ],
    ids=["crlf", "blank lines", "no newline", "bom", "bom alone", "3.0", "spaces", "quotes"],
)
def test_quotes_line_ends_and_byte_order_marks_are_accepted(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content.encode())
    samples = read_csv(path)
    assert samples.labels.tolist() == [3, 3]
    assert not samples.pixels.any()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("header", [f"{MNIST_IN_CSV}\r", ""])
def test_line_ends_of_old_macs_and_utf_16_are_accepted(tmp_path, header, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(f"{header}{_row()}\r{_row('4')}\r".encode(encoding))
    assert read_csv(path).labels.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda text: text.encode().replace(b",0\n", b",\0\n"), "row 1, column 785: .*x00"),
        (lambda text: text.encode().replace(b"3,", b"3\r,", 1), "row 1: .* found 1"),
        (lambda text: text.encode().replace(b"3,", b"\xe9,", 1), "row 1, column 1: "),
        (lambda text: b"\xff\xfe" + text.encode(), "row 1: .* found 1"),
        (lambda text: text.encode("utf-16-le"), "row 1: .*found '3.x00'"),
        (lambda text: b"\0" * 5000, "row 1: .* found 1"),
        (lambda text: b"," * 70_000, "row 1: expected a line of at most 65,536 characters"),
        (lambda text: text.encode().replace(b"3,", b'"3,', 1), "row 1: .* found 1"),
        (lambda text: text.encode().replace(b",0\n", b",9" + b"9" * 5000 + b"\n"), "row 1, col"),
    ],
    ids=["nul", "cr", "latin", "bom", "no bom", "nuls", "commas", "quote", "long"],
)
def test_a_damaged_table_is_rejected(tmp_path, spoil, place):
    path = tmp_path / "bad.csv"
    path.write_bytes(spoil(f"{_row()}\n"))
    with pytest.raises(DataError, match=rf"bad\.csv, {place}"):
        read_csv(path)


def test_numbers_are_accepted_as_names_of_pixels(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(",".join(["label", *map(str, range(784))]) + f"\n{_row()}\n")
    assert len(read_csv(path)) == 1


@pytest.mark.parametrize("text", ["abc", "", "256", "-1", "1.5", "nan", "inf", "0x10"])
@pytest.mark.parametrize(
    ("header", "place"), [(f"{MNIST_IN_CSV}\n", "row 3, column 1x14"), ("", "row 2, column 15")]
)
def test_an_invalid_cell_is_named_by_row_and_column(tmp_path, header, place, text):
    path = tmp_path / "bad.csv"
    path.write_text(f"{header}{_row()}\n{_row(c14=text)}\n{_row()}\n")
    with pytest.raises(
        DataError,
        match=rf"bad\.csv, {place}: expected a whole number from 0 to 255, found '{text}'",
    ):
        read_csv(path)


@pytest.mark.parametrize("label", ["10", "-1", "five", "2.5", "nan", ""])
def test_a_label_outside_0_to_9_is_named_by_row_and_column(tmp_path, label):
    path = tmp_path / "bad.csv"
    path.write_text(f"{MNIST_IN_CSV}\n{_row()}\n{_row(label)}\n")
    with pytest.raises(DataError, match="row 3, column label: expected a whole number from 0 to 9"):
        read_csv(path)


def test_an_invalid_label_in_the_first_row_does_not_make_it_a_header(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(f"{_row('five')}\n{_row()}\n")
    with pytest.raises(DataError, match=r"row 1, column 1: .* found 'five'"):
        read_csv(path)


@pytest.mark.parametrize("wrong", [_row() + ",0", _row()[:-2], "3"])
def test_a_row_of_another_width_is_named(tmp_path, wrong):
    path = tmp_path / "bad.csv"
    path.write_text(f"{_row()}\n{wrong}\n")
    with pytest.raises(DataError, match=r"bad\.csv, row 2: expected 785 columns, found \d+"):
        read_csv(path)


def test_a_table_of_another_width_is_rejected(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("label,a,b\n1,2,3\n")
    with pytest.raises(DataError, match=r"row 1: expected 785 .* or 784 columns, found 3"):
        read_csv(path)


def test_a_table_with_semicolons_is_rejected(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(_row().replace(",", ";"))
    with pytest.raises(DataError, match="separate the columns by commas"):
        read_csv(path)


def test_labels_in_the_last_column_are_rejected(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(f"{UNLABELLED},class\n{_row()}\n")
    with pytest.raises(DataError, match="expected `label` as the name of the first column"):
        read_csv(path)


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_file_is_rejected(tmp_path, content):
    path = tmp_path / "bad.csv"
    path.write_text(content)
    with pytest.raises(DataError, match=r"bad\.csv: expected rows of pixels, found an empty file"):
        read_csv(path)


@pytest.mark.parametrize("rest", ["", "\n", "\n\n  \n"])
def test_a_header_without_rows_is_rejected(tmp_path, rest):
    path = tmp_path / "bad.csv"
    path.write_text(f"{MNIST_IN_CSV}{rest}")
    with pytest.raises(DataError, match="expected rows below the header, found none"):
        read_csv(path)


def test_an_image_with_the_suffix_csv_is_rejected(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(DataError, match=r"bad\.csv, row 1"):
        read_csv(path)


def test_a_truncated_gzip_table_is_rejected(tmp_path, write_csv, train_part):
    path = write_csv(tmp_path / "a.csv.gz", train_part)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match="expected a whole gzip file"):
        read_csv(path)


def test_a_submission_has_a_header_and_ids_from_1(tmp_path):
    path = tmp_path / "out.csv"
    write_submission(path, np.array([7, 0, 9]))
    assert path.read_text() == "ImageId,Label\n1,7\n2,0\n3,9\n"


@pytest.mark.mnist
def test_a_table_of_mnist_rows_equals_the_idx_source(tmp_path, write_csv, mnist):
    rows = mnist.train.rows(slice(200))
    samples = read_csv(write_csv(tmp_path / "train.csv", rows))
    assert (samples.pixels == rows.pixels).all()
    assert (samples.labels == rows.labels).all()
