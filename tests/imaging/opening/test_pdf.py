"""PDFs: every page drawn; broken, encrypted and unreadable ones are one sentence."""

import io
import sys

import numpy as np
import pytest
from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.opening.page_source import PAGE_PX, pages_of


def pdf_of(*pages):
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=100.0)
    return file.getvalue()


WHITE, BLACK = Image.new("L", (200, 100), 255), Image.new("L", (100, 200), 0)

ENCRYPTED = b"""%%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>> endobj
4 0 obj <</Filter/Standard/V 1/R 2/P -4/O <%s>/U <%s>>> endobj
trailer <</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>
""" % (b"41" * 32, b"42" * 32)


def test_a_pdf_gives_each_page_at_300_dpi():
    sheets = list(pages_of(pdf_of(WHITE, BLACK)))
    pages = [sheet.grey()[0] for sheet in sheets]
    assert [sheet.page for sheet in sheets] == [1, 2]
    assert [page.shape for page in pages] == [(300, 600), (600, 300)]
    assert [round(float(page.mean()), 2) for page in pages] == [1, 0]


def test_a_huge_pdf_page_is_drawn_at_the_working_size():
    (sheet,) = pages_of(pdf_of(Image.new("L", (4000, 400), 255)))
    assert sheet.grey()[0].shape == (PAGE_PX // 10, PAGE_PX)


def test_a_pdf_is_known_by_its_content_not_its_name(tmp_path):
    path = tmp_path / "scan.png"
    path.write_bytes(pdf_of(WHITE))
    (sheet,) = pages_of(path)
    assert np.all(sheet.grey()[0] > 0.99)


def test_an_encrypted_pdf_is_one_sentence():
    with pytest.raises(ImageError, match="encrypted; save a copy without a password"):
        list(pages_of(ENCRYPTED))


def test_a_broken_pdf_is_one_sentence():
    with pytest.raises(ImageError, match="a broken PDF"):
        list(pages_of(pdf_of(WHITE)[:300]))


def test_without_the_library_the_sentence_tells_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(ImageError, match=r"pip install 'digitus\[pdf\]'"):
        list(pages_of(pdf_of(WHITE)))
