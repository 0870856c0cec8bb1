"""Uploaded images in the browser: the same answers as Python's, and a sentence for bad files."""

import base64
import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image

from digitus.imaging.strokes import render_strokes
from digitus.recognizer import Recognizer
from digitus.synthesis.pen.digit_strokes import draw_digit, place

EXAMPLES = Path(__file__).parents[2] / "examples"
N_IMAGES = 40

READ = """async ({ load }, files) => {
    const { preprocessFile } = await load("imaging/preprocessing.js");
    const read = async ({ name, base64 }) => {
        const text = atob(base64);
        const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
        try {
            const { patch, preview } = await preprocessFile(new File([bytes], name));
            const values = patch && JSON.stringify(Array.from(patch)); // quicker than many numbers
            return { patch: values, size: [preview.width, preview.height] };
        } catch (error) {
            return { error: error.message, kind: error.constructor.name };
        }
    };
    const results = [];
    for (const file of files) results.push(await read(file));
    return results;
}"""


def encoded(pixels: NDArray[Any], kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(file, kind, **options)
    return file.getvalue()


def photo_of(i: int) -> tuple[str, bytes]:
    """Draw a digit on paper of one of five kinds."""
    rng = np.random.default_rng([15, i])
    width, height = (int(side) for side in rng.integers(120, 700, 2))
    size = rng.uniform(0.4, 0.7) * min(width, height)
    strokes = place(
        draw_digit(i % 10, rng),
        size=size,
        left=rng.uniform(0.05, 0.9) * (width - size),
        top=rng.uniform(0.05, 0.9) * (height - size),
    )
    ink = render_strokes(strokes, width=width, height=height, pen_px=size * rng.uniform(0.05, 0.14))
    kind = ("dark on light", "light on dark", "uneven", "noisy", "jpeg")[i // 10 % 5]
    paper, pen = (rng.uniform(190, 255), rng.uniform(10, 90))
    if kind == "light on dark":
        paper, pen = pen, paper
    grey = paper + (pen - paper) * ink
    if kind in ("uneven", "jpeg"):
        across, down = np.linspace(0, 1, width), np.linspace(0, 1, height)[:, None]
        grey = grey * (1 - rng.uniform(0.2, 0.5) * (across + down * rng.random()) / 2)
    if kind in ("noisy", "jpeg"):
        grey = grey + rng.normal(0, 8, grey.shape)
    if kind == "jpeg":
        color = np.clip(grey, 0, 255)[:, :, None] * rng.uniform(0.85, 1, 3)
        return f"{i} {kind}.jpg", encoded(color, "JPEG", quality=80)
    return f"{i} {kind}.png", encoded(np.clip(grey, 0, 255))


@pytest.fixture
def read(run_module: Any) -> Callable[..., list[dict[str, Any]]]:
    """Let the page open files, each a name and bytes; return a patch or an error for each."""

    def call(*files: tuple[str, bytes]) -> list[dict[str, Any]]:
        arguments = [{"name": n, "base64": base64.b64encode(data).decode()} for n, data in files]
        results: list[dict[str, Any]] = run_module(READ, arguments)
        for result in results:
            if result.get("patch") is not None:
                result["patch"] = np.reshape(json.loads(result["patch"]), (28, 28)).astype(
                    np.float32
                )
        return results

    return call


def photo(i: int) -> NDArray[np.float32]:
    """Return a photo (rows, cols) as grey levels, of the kind `photo_of(i)` has."""
    return np.asarray(Image.open(io.BytesIO(photo_of(i)[1])).convert("L"), np.float32)


def test_images_are_answered_as_in_python(read: Any) -> None:
    files = [photo_of(i) for i in range(N_IMAGES)]
    files += [(path.name, path.read_bytes()) for path in sorted(EXAMPLES.glob("*.??g"))]
    recognizer, others, differences = Recognizer(), [], []
    for (name, data), result in zip(files, read(*files), strict=True):
        wanted = recognizer.predict(data)
        assert wanted.patch is not None
        found = recognizer.predict_patches(result["patch"][None])[0]
        differences.append(np.abs(result["patch"] - wanted.patch).mean())
        if (found.verdict, found.digit) != (wanted.verdict, wanted.digit):
            others.append(name)
    assert len(others) <= 1, others
    assert np.mean(np.array(differences) <= 0.02) >= 0.97


def test_inverting_an_image_does_not_change_its_patch(read: Any) -> None:
    shown = [photo(i) for i in range(0, N_IMAGES, 6)]
    patches = [result["patch"] for result in read(*(("a.png", encoded(grey)) for grey in shown))]
    inverted = read(*(("a.png", encoded(255 - grey)) for grey in shown))
    for patch, result in zip(patches, inverted, strict=True):
        assert np.abs(patch - result["patch"]).mean() <= 0.001


def test_the_orientation_of_a_photo_is_applied(read: Any) -> None:
    grey, exif = Image.fromarray(photo(7).astype(np.uint8)), Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be turned clockwise
    file = io.BytesIO()
    grey.rotate(90, expand=True).save(file, "JPEG", quality=95, exif=exif.tobytes())
    upright, turned = read(("a.png", encoded(np.asarray(grey))), ("b.jpg", file.getvalue()))
    assert turned["size"] == upright["size"]
    assert np.abs(turned["patch"] - upright["patch"]).mean() <= 0.01


@pytest.mark.parametrize("tone", [0, 255])
def test_transparent_paper_is_white_or_black_as_in_python(read: Any, tone: int) -> None:
    ink = 255 - photo(3)
    image = np.dstack([np.full((*ink.shape, 3), tone), ink])
    data = encoded(image)
    wanted = Recognizer().predict(data)
    [result] = read(("a.png", data))
    assert np.abs(result["patch"] - wanted.patch).mean() <= 0.02


def test_a_pen_that_luma_hardly_shows_is_seen(read: Any) -> None:
    share = (255 - photo(2))[:, :, None] / 255
    yellow = 255 - share * (0, 0, 180)
    data = encoded(yellow)
    wanted = Recognizer().predict(data)
    [result] = read(("a.png", data))
    assert np.abs(result["patch"] - wanted.patch).mean() <= 0.02


def test_a_photo_of_24_megapixels_is_read_while_the_page_answers(run_module: Any) -> None:
    small = Image.fromarray(photo(4).astype(np.uint8)).resize((600, 400))
    data = encoded(np.asarray(small.resize((6000, 4000), Image.Resampling.NEAREST)))
    found = run_module(
        """async ({ load }, base64) => {
            const { preprocessFile } = await load("imaging/preprocessing.js");
            const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
            let [ticks, isReading] = [0, true];
            const tick = () => isReading && (ticks++, setTimeout(tick));
            tick();
            const { patch, preview } = await preprocessFile(new File([bytes], "photo.png"));
            isReading = false;
            return { patch: Array.from(patch), ticks, size: [preview.width, preview.height] };
        }""",
        base64.b64encode(data).decode(),
    )
    assert found["ticks"] >= 10
    assert found["size"] == [512, 341]
    patch = np.reshape(found["patch"], (1, 28, 28))
    assert Recognizer().predict_patches(patch)[0].digit == Recognizer().predict(data).digit


def test_bare_paper_is_blank(read: Any) -> None:
    rng = np.random.default_rng(8)
    noisy = 230 + rng.normal(0, 6, (200, 300))
    slope = np.linspace(120, 240, 300)[None, :].repeat(200, axis=0)
    sheets = [np.full((40, 40), 255), np.zeros((28, 28)), noisy, slope]
    for result in read(*(("a.png", encoded(sheet)) for sheet in sheets)):
        assert result == {"patch": None, "size": result["size"]}


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds no pixels."""
    fields = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + fields
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", crc32(chunk))


def jpeg_header(width: int, height: int) -> bytes:
    """Return the beginning of a JPEG with a thumbnail's worth of other segments before its size."""
    other = b"\xff\xe1" + struct.pack(">H", 40_000) + bytes(39_998)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + bytes(3)
    return b"\xff\xd8" + other + frame


def webp_header(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + bytes(4) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sides


def test_a_bad_file_gives_one_sentence_that_names_it(read: Any) -> None:
    whole = photo_of(0)[1]
    digit = Image.fromarray(photo(1).astype(np.uint8))
    tiff, jpeg = io.BytesIO(), io.BytesIO()
    digit.save(tiff, "TIFF")
    digit.save(jpeg, "JPEG")
    cases = [
        ("notes.txt", b"A text file, and no image.", "not an image of a known kind"),
        ("empty.png", b"", "empty file"),
        ("half.png", whole[:60], "damaged or cut short"),
        ("garbage.png", whole[:50] + bytes(400), "damaged or cut short"),
        ("head.png", whole[:20], "damaged or cut short"),
        ("head.jpg", jpeg.getvalue()[:30], "damaged or cut short"),
        ("small.png", encoded(np.zeros((5, 90))), "90 x 5 pixels; at least 8 x 8 are wanted"),
        (
            "long.png",
            png_header(8, 6_000_000),
            "8 x 6000000 pixels, longer than this browser opens",
        ),
        ("huge.png", png_header(30_000, 30_000), "30000 x 30000 pixels; at most 50 million"),
        ("huge.jpg", jpeg_header(60_000, 900), "60000 x 900 pixels; at most 50 million"),
        ("huge.gif", b"GIF89a" + struct.pack("<HH", 9000, 9000), "9000 x 9000 pixels; at most"),
        ("huge.bmp", b"BM" + bytes(16) + struct.pack("<ii", 9000, -9000), "9000 x 9000 pixels;"),
        ("huge.webp", webp_header(9000, 9000), "9000 x 9000 pixels; at most 50 million"),
        ("page.pdf", b"%PDF-1.7 and so on", "a PDF, where an image was wanted"),
        ("scan.tif", tiff.getvalue(), "a file of the kind TIFF"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a file of the kind SVG"),
        ("photo.heic", bytes(4) + b"ftypheic" + bytes(90), "a HEIC photo"),
        ("", b"A pasted text", "the image: not an image of a known kind"),
    ]
    for (name, _, wanted), result in zip(
        cases, read(*((name, data) for name, data, _ in cases)), strict=True
    ):
        assert result.get("kind") == "DigitusError", (name, result)
        assert result["error"].startswith(f"{name or 'the image'}: ")
        assert wanted in result["error"]
        assert result["error"].endswith(".")
