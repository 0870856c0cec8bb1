"""Every source gives its pages, one at a time; what cannot be read is one sentence."""

import io
import os
import pickle
import struct
import subprocess
import sys
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from digitus.errors import ImageError, ReadFailure
from digitus.imaging.opening import reduced
from digitus.imaging.opening.page_source import PAGE_PX, find_inputs, open_document, pages_of

RAMP = np.linspace(0, 255, 60 * 80).astype(np.uint8).reshape(60, 80)


def encoded(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_that_claims(width, height):
    """A PNG with a size in its header and no pixels."""

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def greys(source):
    return [sheet.grey()[0] for sheet in pages_of(source)]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_every_kind_of_image_gives_one_page(kind):
    (page,) = greys(encoded(Image.fromarray(RAMP), kind))
    np.testing.assert_allclose(page, RAMP / 255, atol=0.05)


def test_path_bytes_file_image_and_array_give_the_same_page(tmp_path):
    data, path = encoded(Image.fromarray(RAMP)), tmp_path / "ramp.png"
    path.write_bytes(data)
    sources = [path, str(path), data, io.BytesIO(data), Image.open(io.BytesIO(data)), RAMP]
    for source in sources:
        (page,) = greys(source)
        np.testing.assert_allclose(page, RAMP / 255, atol=1e-6)


def test_a_multi_page_tiff_gives_each_page_in_order():
    frames = [Image.new("L", (40 + 10 * i, 30), 50 * i) for i in range(4)]
    data = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    sheets = list(pages_of(data))
    assert [sheet.page for sheet in sheets] == [1, 2, 3, 4]
    assert [sheet.grey()[0].shape for sheet in sheets] == [(30, 40), (30, 50), (30, 60), (30, 70)]
    assert [round(255 * float(sheet.grey()[0].mean())) for sheet in sheets] == [0, 50, 100, 150]


def tiff_of(n_pages, *, size=(40, 30), **options):
    frames = [Image.new("L", size, 200) for _ in range(n_pages)]
    return encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:], **options)


@pytest.mark.parametrize(
    ("mode", "start"),
    [("L", b"II*\0"), ("L", b"II+\0"), ("I;16B", b"MM\0*")],
    ids=["low-byte-first", "BigTIFF", "high-byte-first"],
)
def test_every_layout_of_a_tiff_gives_all_pages(mode, start):
    frames = [Image.new(mode, (40, 30), tone) for tone in (0, 50, 100)]
    options = {"big_tiff": True} if b"+" in start else {}
    data = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:], **options)
    assert data[:4] == start
    white = 255 if mode == "L" else 65535
    assert [round(white * float(page.mean())) for page in greys(data)] == [0, 50, 100]


def test_a_page_of_a_tiff_is_opened_without_reading_those_before_it(tmp_path, monkeypatch):
    path = tmp_path / "many.tif"
    path.write_bytes(tiff_of(40))
    document = open_document(path)
    directories_read = []
    set_up = TiffImageFile._setup

    def counting(image):
        directories_read.append(image.tag_v2.offset)
        set_up(image)

    monkeypatch.setattr(TiffImageFile, "_setup", counting)
    document.page(40).grey()
    assert len(directories_read) == 1


def test_pages_before_the_place_where_a_tiff_breaks_off_are_read(tmp_path):
    path = tmp_path / "broken.tif"
    path.write_bytes(tiff_of(3)[:-200])
    document = open_document(path)
    found = []
    for page in document:
        try:
            found.append(page.grey()[0].shape)
        except ImageError as error:
            found.append(str(error))
    assert found[:2] == [(30, 40)] * 2
    assert found[-1].startswith(f"{path}: ")


def test_a_tiff_whose_pages_form_a_circle_ends(tmp_path):
    data = bytearray(tiff_of(2))
    (first,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, first)
    struct.pack_into("<I", data, first + 2 + 12 * count, first)
    document = open_document(bytes(data))
    assert document.n_pages == 2
    with pytest.raises(ImageError, match="the image: the file breaks off after page 1"):
        document.page(2).grey()


def test_whatever_a_decoder_raises_belongs_to_its_page():
    data = bytearray(tiff_of(2))
    width = struct.pack("<HHI", 256, 4, 1)
    second = data.find(width, data.find(width) + 1)
    assert second > 0
    struct.pack_into("<H", data, second, 65000)  # Pillow raises a TypeError: no dimensions
    one, two = pages_of(bytes(data))
    assert one.grey()[0].shape == (30, 40)
    with pytest.raises(ImageError, match="the image: "):
        two.grey()


def test_pages_come_in_any_order_and_in_another_process(tmp_path):
    frames = [Image.new("L", (40, 30), 50 * i) for i in range(3)]
    frames[0].save(tmp_path / "a.tif", save_all=True, append_images=frames[1:])
    sheets = pickle.loads(pickle.dumps(list(pages_of(tmp_path / "a.tif"))))
    assert [round(255 * float(sheet.grey()[0].mean())) for sheet in sheets[::-1]] == [100, 50, 0]


def test_only_the_first_frame_of_an_animation_is_a_page():
    frames = [Image.new("L", (40, 30), 80 * i) for i in range(3)]
    assert len(greys(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))) == 1


def test_a_page_is_upright_by_its_exif():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    (page,) = greys(encoded(Image.fromarray(RAMP), "JPEG", exif=exif))
    np.testing.assert_allclose(page, np.rot90(RAMP, -1) / 255, atol=0.05)


def test_a_big_page_is_shrunk_and_tells_how_much():
    big = np.full((1000, 2 * PAGE_PX), 255, np.uint8)
    for kind in ("PNG", "JPEG", "TIFF"):
        (sheet,) = pages_of(encoded(Image.fromarray(big), kind))
        page, reduction = sheet.grey()
        assert page.shape == (500, PAGE_PX)
        assert reduction == pytest.approx(2)


def test_a_big_bilevel_scan_keeps_its_ink_and_its_exif():
    scan = np.full((1000, 3 * PAGE_PX), 255, np.uint8)
    scan[:100] = 0
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    data = encoded(Image.fromarray(scan).convert("1"), "TIFF", compression="group4", exif=exif)
    (page,) = greys(data)
    assert page.shape == (334, PAGE_PX)
    assert page[:295].mean() == 1
    assert page[-30:].mean() == 0


@pytest.mark.parametrize("on_disk", [True, False])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_what_is_too_large_for_pillow_is_decoded_grey(kind, on_disk, tmp_path, monkeypatch):
    monkeypatch.setattr(reduced, "LIMITS", replace(reduced.LIMITS, grey_bytes=1_000_000))
    colors = np.full((200, 2 * PAGE_PX, 3), (255, 255, 0), np.uint8)
    colors[:100] = 0
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.fromarray(colors), kind, exif=exif)
    (tmp_path / "a").write_bytes(data)
    (sheet,) = pages_of(tmp_path / "a" if on_disk else data)
    page, reduction = sheet.grey()
    assert page.shape == (PAGE_PX, 100)
    assert reduction == pytest.approx(2)
    assert float(page[:, :45].mean()) == pytest.approx(0.886, abs=0.01)
    assert float(page[:, -45:].mean()) == 0  # the first row lies at the right


def test_what_cannot_be_read_in_parts_is_one_sentence(monkeypatch):
    monkeypatch.setattr(reduced, "LIMITS", replace(reduced.LIMITS, bytes=100_000))
    data = encoded(Image.fromarray(np.full((400, 400), 255, np.uint8)), "JPEG", progressive=True)
    (sheet,) = pages_of(data)
    with pytest.raises(ImageError, match=r"400 x 400 pixels of a kind that is not read in parts"):
        sheet.grey()


@pytest.mark.parametrize(("subsampling", "is_read"), [("4:2:0", True), ("4:4:4", False)])
def test_a_progressive_jpeg_needs_as_much_as_its_coefficients(monkeypatch, subsampling, is_read):
    monkeypatch.setattr(reduced, "LIMITS", replace(reduced.LIMITS, bytes=400 * 400 * 9))
    page = Image.fromarray(np.full((400, 400, 3), 255, np.uint8))
    (sheet,) = pages_of(encoded(page, "JPEG", progressive=True, subsampling=subsampling))
    if is_read:
        assert float(sheet.grey()[0].mean()) == pytest.approx(1)
    else:
        with pytest.raises(ImageError, match="not read in parts"):
            sheet.grey()


def test_a_jpeg_2000_that_is_too_large_is_decoded_at_half_its_size(monkeypatch):
    monkeypatch.setattr(reduced, "LIMITS", replace(reduced.LIMITS, bytes=60 * 80 * 6 - 1))
    (sheet,) = pages_of(encoded(Image.fromarray(RAMP), "JPEG2000"))
    page, reduction = sheet.grey()
    assert (page.shape, reduction) == ((30, 40), 2)
    np.testing.assert_allclose(page, RAMP.reshape(30, 2, 40, 2).mean((1, 3)) / 255, atol=0.05)


def test_an_image_with_transparency_may_take_what_an_a4_scan_takes(monkeypatch):
    monkeypatch.setattr(reduced, "LIMITS", replace(reduced.LIMITS, grey_bytes=1))
    clear = Image.new("RGBA", (2 * PAGE_PX, 20), (0, 0, 0, 0))
    (sheet,) = pages_of(encoded(clear))
    page, reduction = sheet.grey()
    assert (page.shape, reduction) == ((10, PAGE_PX), 2)
    assert float(page.min()) == 1  # clear is paper


def test_five_hundred_megapixels_are_refused_before_decoding():
    (sheet,) = pages_of(png_that_claims(25_000, 20_000))
    with pytest.raises(ImageError, match="25000 x 20000 pixels; at most 200 million"):
        sheet.grey()


def test_two_hundred_megapixels_pass_pillows_own_limit():
    (sheet,) = pages_of(png_that_claims(20_000, 10_000))
    with pytest.raises(ImageError, match="damaged"):  # not "too many pixels"
        sheet.grey()
    assert Image.MAX_IMAGE_PIXELS is not None


@pytest.mark.parametrize("size", [(1000, 1), (1, 1000), (7, 7)])
def test_a_strip_of_a_pixel_is_refused(size):
    (sheet,) = pages_of(encoded(Image.new("L", size)))
    with pytest.raises(ImageError, match="at least 8 x 8 are wanted"):
        sheet.grey()


def test_a_broken_page_leaves_the_others_readable():
    noise = np.random.default_rng(0).integers(0, 255, (300, 300)).astype(np.uint8)
    frames = [Image.fromarray(noise)] * 3
    data = encoded(
        frames[0], "TIFF", save_all=True, append_images=frames[1:], compression="packbits"
    )
    start = len(data) // 2 - 20_000
    sheets = list(pages_of(data[:start] + bytes(40_000) + data[start + 40_000 :]))
    assert len(sheets) == 3
    np.testing.assert_allclose(sheets[0].grey()[0], noise / 255, atol=1e-6)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty file"),
        (b"no image at all", "not an image of a known kind"),
        (encoded(Image.fromarray(RAMP))[:60], "damaged or cut short"),
        (b"%PDF-1.4 and nothing more", "a broken PDF"),
    ],
)
def test_a_bad_source_is_one_sentence_that_names_it(data, sentence, tmp_path):
    path = tmp_path / "bad.png"
    path.write_bytes(data)
    with pytest.raises(ImageError, match=sentence) as caught:
        greys(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(ImageError, match="no such file"):
        greys(tmp_path / "none.png")


def test_an_array_of_another_shape_is_the_callers_mistake():
    with pytest.raises(ValueError, match="shape"):
        greys(np.zeros((20, 20, 2), np.uint8))


def test_decoding_a_big_scan_stays_within_its_memory(tmp_path):
    path = tmp_path / "big.tif"
    Image.new("1", (10_000, 12_000), 1).save(path, compression="group4")
    code = (
        "import resource, sys; from digitus.imaging.opening.page_source import pages_of;"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; before = peak();"
        "[sheet.grey() for sheet in pages_of(sys.argv[1])]; print(peak() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 320 * 1024  # KiB: 120 MB of pixels, and what is made of them


def test_a_folder_gives_its_images_and_pdfs_sorted_and_those_of_its_folders(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("z.PDF", "a.png", "b/c.jpg", "notes.txt", ".d.png", ".hidden/e.png"):
        (tmp_path / name).write_bytes(b"")
    found = [name[len(str(tmp_path)) + 1 :] for name in find_inputs([tmp_path])]
    assert found == ["a.png", "z.PDF", "b/c.jpg"]


def test_a_named_file_stays_whatever_it_is(tmp_path):
    named = str(tmp_path / "notes.txt")
    assert find_inputs([named]) == [named]


def test_one_folder_that_cannot_be_looked_into_costs_that_folder_alone(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    for name in ("a.png", "closed/b.png"):
        (tmp_path / name).write_bytes(b"")
    look = os.scandir

    def scandir(folder):
        if os.fspath(folder) == str(tmp_path / "closed"):
            raise PermissionError(13, "Permission denied", os.fspath(folder))
        return look(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    errors: list[ReadFailure] = []
    assert find_inputs([tmp_path], errors=errors) == [str(tmp_path / "a.png")]
    assert [error.source for error in errors] == [str(tmp_path / "closed")]
    assert "cannot be searched (Permission denied)" in errors[0].error
    with pytest.raises(ImageError, match="cannot be searched"):
        find_inputs([tmp_path])
    errors.clear()
    assert find_inputs([tmp_path / "closed"], errors=errors) == []
    assert len(errors) == 1


def test_a_folder_without_images_is_one_sentence(tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"")
    with pytest.raises(ImageError, match="no image and no PDF in this folder"):
        find_inputs([tmp_path])


def test_a_pipe_in_a_folder_is_left_out(tmp_path):
    os.mkfifo(tmp_path / "scan.png")
    (tmp_path / "a.png").write_bytes(b"")
    assert find_inputs([tmp_path]) == [str(tmp_path / "a.png")]


@pytest.mark.parametrize("mode", ["RGB", "P", "L", "RGBA", "I;16"])
def test_a_page_has_colors_in_the_size_of_its_grey(mode):
    red = Image.new("RGB", (80, 60), (200, 30, 40))
    image = Image.fromarray(RAMP.astype(np.uint16) * 257) if mode == "I;16" else red.convert(mode)
    page = open_document(encoded(image)).page(1)
    color, (grey, _) = page.color(), page.grey()
    assert color.dtype == np.uint8
    assert color.shape == (*grey.shape, 3)
    if mode in ("RGB", "P"):
        assert np.abs(color[30, 40].astype(int) - (200, 30, 40)).max() < 25
    else:
        np.testing.assert_allclose(color[..., 0] / 255, grey, atol=0.005)


def test_a_large_page_in_color_is_shrunk_as_its_grey_is():
    image = Image.new("RGB", (2 * PAGE_PX, 500), (10, 200, 90))
    page = open_document(encoded(image)).page(1)
    assert page.color().shape[:2] == page.grey()[0].shape
