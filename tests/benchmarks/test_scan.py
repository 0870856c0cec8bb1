"""The scan has the documented size, and its first reading is timed separately."""

import pytest
from PIL import Image


@pytest.fixture
def scan(script):
    return script("scan")


@pytest.mark.mnist
@pytest.mark.usefixtures("mnist")
def test_the_scan_is_a_grey_a4_page_with_400_digits(scan, tmp_path):
    digits = scan.make_scan(tmp_path / "scan.png")
    assert len(digits) == 400
    with Image.open(tmp_path / "scan.png") as image:
        assert (image.size, image.mode) == ((2480, 3508), "L")


def test_the_first_reading_is_timed_separately(scan, tmp_path, fake_reader):
    reader = fake_reader("12", "3")
    found = scan.read_scan(reader, tmp_path, 2)
    assert found["digits"] == "123"
    assert len(reader.images) == 3
    assert found["then_s"] >= 0


def test_without_repetition_only_the_first_time_is_printed(scan, tmp_path, fake_reader, capsys):
    found = scan.read_scan(fake_reader("1"), tmp_path, 0)
    assert found["then_s"] is None
    scan.show({**found, "wrong": 0, "digits": 1, "loading_s": 0.1, "resident_mb": 100.0})
    assert "then" not in capsys.readouterr().out
