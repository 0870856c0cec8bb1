"""File names that are not UTF-8, folders without permission, and too long or empty stdin."""

import csv
import json
import os
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from PIL import Image

from digitus.imaging.opening import image_file as load


def test_a_name_that_is_not_utf_8_is_written_with_a_replacement_character(digitus, scans, tmp_path):
    odd = os.fsdecode(b"bad\xff.png")
    os.rename(scans / "0.png", scans / odd)
    words = ["--csv", tmp_path / "o.csv", "--xlsx", tmp_path / "o.xlsx", "--json"]
    words += ["--overlay", tmp_path / "seen"]
    result = digitus("read", scans / odd, *words)
    assert result.code == 0
    shown = str(scans / "bad\ufffd.png")
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as file:
        assert [row["source"] for row in csv.DictReader(file)] == [shown]
    assert openpyxl.load_workbook(tmp_path / "o.xlsx")["Numbers"]["A2"].value == shown
    assert [page["source"] for page in result.json["pages"]] == [shown]
    assert os.listdir(tmp_path / "seen") == ["bad\ufffd.png"]


def test_a_broken_file_whose_name_is_not_utf_8_is_an_error_in_json(digitus, tmp_path):
    odd = os.fsdecode(b"bad\xff.png")
    (tmp_path / odd).write_bytes(b"no image")
    (error,) = digitus("read", tmp_path / odd, "--json").json["errors"]
    assert error["source"] == str(tmp_path / "bad\ufffd.png")
    assert json.dumps(error, ensure_ascii=False).encode("utf-8")


def test_a_folder_without_permission_is_one_error_and_the_rest_is_read(digitus, scans, monkeypatch):
    closed = scans / "closed"
    closed.mkdir()
    look = os.scandir

    def scandir(folder):
        if os.fspath(folder) == str(closed):
            raise PermissionError(13, "Permission denied", str(closed))
        return look(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    result = digitus("read", scans, "--json")
    assert result.code == 1
    assert len(result.json["pages"]) == 3
    assert [error["source"] for error in result.json["errors"]] == [str(closed)]


def test_too_long_stdin_is_one_error(digitus, monkeypatch):
    monkeypatch.setattr(load, "IMAGE_LIMITS", replace(load.IMAGE_LIMITS, bytes=2**20))
    stdin = BytesIO(bytes(3 * 2**20))
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stdin})())
    result = digitus("read", "-")
    assert result.complaints == [
        "digitus: stdin: over 1 MB; reduce the image, or save it as PNG or JPEG"
    ]
    assert stdin.tell() == 2**20 + 1  # no more was read


def test_missing_stdin_is_one_error(digitus, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    result = digitus("read", "-")
    assert (result.code, len(result.complaints)) == (1, 1)
    assert result.complaints[0].startswith("digitus: stdin: empty file")


@pytest.mark.parametrize("command", ["predict", "read"])
def test_stdin_that_is_no_image_is_named_stdin(digitus, monkeypatch, command):
    stdin = BytesIO(b"no image at all")
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stdin})())
    result = digitus(command, "-")
    assert result.code == 1
    assert [text.partition(" of ")[0] for text in result.complaints] == [
        "digitus: stdin: not an image"
    ]


def test_what_is_left_out_of_an_animation_is_a_warning(digitus, draw_page, tmp_path):
    pages = [Image.open(draw_page(tmp_path / f"{n}.png", n)) for n in ("417", "38")]
    path = tmp_path / "moving.gif"
    pages[0].save(path, save_all=True, append_images=pages[1:])
    warning = "it is an animation, of which the first frame alone is read"
    assert digitus("read", path).err == f"{path}: {warning}\n"
    assert digitus("read", path, "--json").json["pages"][0]["warnings"] == [warning]
