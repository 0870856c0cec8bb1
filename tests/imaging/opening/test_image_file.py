"""Opening whatever a user has for an image."""

import io
import struct
import subprocess
import sys
import warnings
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitus.errors import ImageError
from digitus.imaging.opening.image_file import open_grey
from digitus.imaging.opening.image_header import FORMATS

RAMP = np.arange(12 * 16, dtype=np.uint8).reshape(12, 16)
WANTED = RAMP / np.float32(255)


def encoded(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


PNG = encoded(Image.fromarray(RAMP))
JPEG = encoded(Image.fromarray(RAMP), "JPEG")


def png_chunk(kind, body):
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def png_that_claims(width, height):
    """A PNG with a size in its header and no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return PNG[:8] + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"")


def test_every_source_gives_the_same_page(tmp_path):
    path = tmp_path / "ramp.png"
    path.write_bytes(PNG)
    sources = [path, str(path), PNG, io.BytesIO(PNG), Image.open(path), Image.fromarray(RAMP), RAMP]
    for source in sources:
        np.testing.assert_allclose(open_grey(source), WANTED, atol=1e-6)


def test_a_page_is_float32():
    assert open_grey(PNG).dtype == np.float32


@pytest.mark.parametrize("kind", [*FORMATS, "MPO"])
def test_every_format_named_is_read(kind):
    grey = Image.new("L", (16, 12), 200)
    np.testing.assert_allclose(open_grey(encoded(grey, kind)), 200 / 255, atol=0.01)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "HSV"]
)
def test_every_mode_shows_white_as_white_and_black_as_black(mode):
    image = Image.new("RGB", (16, 12), "white")
    image.paste("black", (0, 0, 8, 12))
    if mode in ("PA", "RGBa", "LA"):
        image = image.convert({"PA": "P", "RGBa": "RGBA", "LA": "L"}[mode])
    page = open_grey(image.convert(mode))
    assert page[5].round(2).tolist() == [0.0] * 8 + [1.0] * 8


@pytest.mark.parametrize("mode", ["I", "I;16", "I;16B", "I;16L"])
def test_sixteen_bits_reach_from_black_to_white(mode):
    image = Image.new(mode, (8, 8), 65535)
    image.putpixel((0, 0), 0)
    page = open_grey(image)
    assert (page[0, 0], page[7, 7]) == (0, 1)


def test_a_sixteen_bit_file_and_its_array_agree():
    deep = (RAMP * np.uint16(257)).astype(np.uint16)
    np.testing.assert_allclose(open_grey(encoded(Image.fromarray(deep))), open_grey(deep))


@pytest.mark.parametrize("white", [1.0, 255.0])
def test_float_images_of_either_habit_are_read(white):
    image = Image.fromarray(np.full((8, 8), white, np.float32))
    assert (open_grey(image) == 1).all()


@pytest.mark.parametrize("value", [-1, 70_000])
def test_a_32_bit_image_on_no_known_scale_is_refused(value):
    with pytest.raises(ImageError, match="8 or 16 bits"):
        open_grey(Image.new("I", (8, 8), value))


def test_transparency_shows_white_paper():
    assert (open_grey(Image.new("RGBA", (8, 8), (0, 0, 0, 0))) == 1).all()


def test_a_transparent_color_of_a_palette_shows_white_paper():
    image = Image.new("P", (8, 8), 0)
    image.putpalette([0, 0, 0])
    assert (open_grey(encoded(image, transparency=b"\0")) == 1).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_exif_orientation_is_applied(orientation):
    stored = np.zeros((10, 20), np.uint8)
    stored[0, 0] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = open_grey(encoded(Image.fromarray(stored), exif=exif))
    corners = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0)}
    corners |= {5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}
    assert page[corners[orientation]] == 1
    assert page.shape == ((10, 20) if orientation < 5 else (20, 10))


@pytest.mark.parametrize(
    "array",
    [
        WANTED,
        WANTED.astype(np.float64),
        WANTED[:, :, None],
        np.repeat(WANTED[:, :, None], 3, axis=2),
        np.repeat(RAMP[:, :, None], 3, axis=2),
        np.dstack([RAMP] * 3 + [np.full_like(RAMP, 255)]),
        np.dstack([WANTED] * 3 + [np.ones_like(WANTED)]),
        RAMP * np.uint16(257),
        np.asfortranarray(RAMP),
    ],
    ids=lambda array: f"{array.dtype}-{array.shape}",
)
def test_every_kind_of_array_is_read(array):
    np.testing.assert_allclose(open_grey(array), WANTED, atol=1e-6)


def test_a_bool_array_is_black_and_white():
    assert open_grey(np.eye(8, dtype=bool)).tolist() == np.eye(8).tolist()


def test_floats_and_bytes_of_the_same_colors_agree():
    colors = np.random.default_rng(0).integers(0, 256, (9, 9, 4), np.uint8)
    np.testing.assert_allclose(open_grey(colors / 255), open_grey(colors), atol=0.006)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.full((8, 8), np.nan), "NaN"),
        (np.full((8, 8), np.inf), "infinity"),
        (np.full((8, 8), 255.0), r"0\.\.1; got 255\.\.255"),
        (np.full((8, 8), -0.5), r"got -0\.5"),
        (np.zeros((8, 8), np.int64), "int64"),
        (np.zeros((8, 8), object), "object"),
        (np.zeros((8, 8, 2)), r"\(8, 8, 2\)"),
        (np.zeros(784), r"\(784,\)"),
    ],
)
def test_a_wrong_array_is_a_value_error_that_says_what_came(array, message):
    with pytest.raises(ValueError, match=message):
        open_grey(array)


def test_a_source_of_another_type_is_a_type_error():
    with pytest.raises(TypeError, match="got list"):
        open_grey([[0, 1], [1, 0]])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty file"),
        (b"not an image", "not an image"),
        (b"%PDF-1.7 ...", "a PDF, where an image was wanted"),
        (encoded(Image.new("L", (1, 1))), "1 x 1 pixels; at least 8 x 8"),
        (encoded(Image.new("L", (100_000, 1))), "100000 x 1 pixels; at least 8 x 8"),
        (PNG[:-30], "damaged or cut short"),
        (JPEG[:-30], "damaged or cut short"),
        (encoded(Image.new("L", (7, 100))), "7 x 100 pixels; at least 8 x 8"),
        (png_that_claims(10_000, 6_000), "10000 x 6000 pixels; at most 50 million"),
        (png_that_claims(12_000, 9_000), "at most 50 million"),
        (png_that_claims(60_000, 60_000), "at most 50 million"),
    ],
)
def test_a_bad_file_is_one_sentence_that_names_it(tmp_path, data, message):
    path = tmp_path / "bad.png"
    path.write_bytes(data)
    with pytest.raises(ImageError, match=f"bad.png: .*{message}") as caught:
        open_grey(path)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ImageError, match=r"none\.png: no such file"):
        open_grey(tmp_path / "none.png")


@pytest.mark.parametrize("address", ["https://host/5.png", "http://host/5.png"])
def test_a_web_address_is_to_be_downloaded_first(address):
    with pytest.raises(ImageError, match="download it first"):
        open_grey(address)


@pytest.mark.parametrize("side", [100, 300])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_large_page_is_shrunk_on_demand(side, kind, mode):
    if (kind, mode) != ("JPEG", "RGBA"):
        data = encoded(Image.linear_gradient("L").resize((800, 600)).convert(mode), kind)
        page = open_grey(data, long_side_px=side)
        assert page.shape == (side * 3 // 4, side)
        small = np.linspace(0, 1, len(page))
        np.testing.assert_allclose(page[:, side // 2], small, atol=0.03)


def drawn_on_nothing(color):
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    image.paste(color, (5, 5, 15, 15))
    return image


@pytest.mark.parametrize(("color", "paper"), [("white", 0), ("yellow", 0), ("black", 1)])
def test_transparent_paper_shows_the_ink(color, paper):
    image = drawn_on_nothing(color)
    for source in (image, np.asarray(image) / 255):
        page = open_grey(source)
        assert page[0, 0] == paper
        assert abs(page[10, 10] - paper) > 0.8


def test_a_pen_that_luma_hardly_shows_is_seen():
    image = Image.new("RGB", (20, 20), "white")
    image.paste("yellow", (5, 5, 15, 15))
    for source in (image, np.asarray(image) / 255):
        assert np.ptp(open_grey(source)) == 1


def test_a_folder_is_not_an_image(tmp_path):
    with pytest.raises(ImageError, match="a folder"):
        open_grey(tmp_path)


@pytest.mark.parametrize("shape", [(7, 20), (20, 7), (0, 0), (8_000, 8_000)])
def test_an_array_of_a_wrong_size_is_refused(shape):
    with pytest.raises(ImageError, match="pixels"):
        open_grey(np.broadcast_to(np.uint8(0), shape))


@given(st.data())
def test_a_damaged_file_gives_a_page_or_an_image_error(data):
    original = data.draw(st.sampled_from([PNG, JPEG]))
    damaged = bytearray(original[: data.draw(st.integers(1, len(original)))])
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=4)):
        damaged[place] = data.draw(st.integers(0, 255))
    with suppress(ImageError):  # every other exception fails the test
        assert open_grey(bytes(damaged)).ndim == 2


def test_a_file_opened_as_text_is_an_image_error(tmp_path):
    (tmp_path / "a.txt").write_text("text")
    with (tmp_path / "a.txt").open() as file, pytest.raises(ImageError, match="mode 'rb'"):
        open_grey(file)


def test_opening_an_image_leaves_the_filters_of_warnings_alone():
    before = list(warnings.filters)
    seen = []

    class Watching(io.BytesIO):
        def read(self, *size):
            seen.append(list(warnings.filters))
            return super().read(*size)

    open_grey(Watching(PNG))
    assert seen
    assert all(filters == before for filters in seen)
    assert warnings.filters == before


def test_a_large_transparent_image_takes_little_more_memory_than_its_pixels(tmp_path):
    path = tmp_path / "large.png"
    Image.new("RGBA", (7000, 7000), (0, 0, 0, 0)).save(path)
    code = (
        "import resource, sys; from digitus.imaging.opening.image_file import open_grey;"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; before = peak();"
        "open_grey(sys.argv[1], long_side_px=512); print(peak() - before)"
    )
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 320 * 1024  # KiB: 187 MiB of pixels, a band of them, the small image
