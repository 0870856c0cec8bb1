"""Damaged TIFF files leave our sentence alone on stderr, whatever libtiff has to say."""

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def torn(tmp_path):
    """A folder of TIFF files with a damaged LZW stream; libtiff prints a line for each."""
    file = io.BytesIO()
    image = Image.fromarray((np.arange(2400) % 251).astype(np.uint8).reshape(40, 60))
    image.save(file, "TIFF", compression="tiff_lzw")
    data = bytearray(file.getvalue())
    data[40:400] = bytes(360)
    for i in range(5):
        (tmp_path / f"{i}.tif").write_bytes(data)
    return tmp_path


@pytest.mark.parametrize("words", [["predict"], ["read", "--jobs", "2"]], ids=" ".join)
def test_a_damaged_stream_is_one_line_for_each_file(torn, words):
    command = [sys.executable, "-c", "from digitus.cli import main; main()", *words, str(torn)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 5
    assert all(line.startswith(f"digitus: {torn}") for line in lines)
