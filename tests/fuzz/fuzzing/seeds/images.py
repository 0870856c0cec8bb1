"""Images and documents of every format that is read, with a digit or a few numbers."""

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from digitus.imaging import render_strokes
from digitus.synthesis.pen.digit_strokes import draw_digit, place


def _ink(text: str, *, digit_px: int, pen_px: float) -> np.ndarray:
    """Draw digits in a row, 0.0 paper to 1.0 ink."""
    rng = np.random.default_rng(len(text))
    step = digit_px + digit_px // 4
    strokes = [
        stroke
        for k, one in enumerate(text)
        for stroke in place(draw_digit(int(one), rng), size=digit_px, left=20 + step * k, top=20)
    ]
    width, height = 40 + step * len(text), 40 + digit_px
    return render_strokes(strokes, width=width, height=height, pen_px=pen_px)


@cache
def digit() -> Image.Image:
    """Return a grey image of one digit, dark on light."""
    return Image.fromarray((255 - 220 * _ink("7", digit_px=60, pen_px=7)).astype(np.uint8))


@cache
def page() -> Image.Image:
    """Return a grey page with one number."""
    return Image.fromarray((240 - 200 * _ink("4172", digit_px=44, pen_px=5)).astype(np.uint8))


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format=form, **options)
    return file.getvalue()


def _with_alpha(image: Image.Image) -> Image.Image:
    made = image.convert("RGBA")
    made.putalpha(image.point(lambda level: 255 - level // 2))
    return made


def _exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif.tobytes()


def _sixteen_bits(image: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(image).astype(np.uint16) * 257)


def png() -> list[bytes]:
    """Grey, color, palette, one bit, sixteen bits, transparent, animated, interlaced text."""
    grey = digit()
    return [
        _saved(grey, "PNG"),
        _saved(grey.convert("RGB"), "PNG", exif=_exif(6)),
        _saved(grey.quantize(8), "PNG", transparency=0),
        _saved(grey.convert("1"), "PNG", dpi=(300, 300)),
        _saved(_sixteen_bits(grey), "PNG"),
        _saved(_with_alpha(grey), "PNG"),
        _saved(grey, "PNG", save_all=True, append_images=[grey.rotate(90, expand=True)]),
        _saved(page(), "PNG"),
    ]


def jpeg() -> list[bytes]:
    """Grey, color, progressive, CMYK, turned by EXIF, with restart markers."""
    grey = digit()
    return [
        _saved(grey, "JPEG"),
        _saved(grey.convert("RGB"), "JPEG", subsampling=2, exif=_exif(8)),
        _saved(grey.convert("RGB"), "JPEG", progressive=True),
        _saved(grey.convert("CMYK"), "JPEG"),
        _saved(page(), "JPEG", restart_marker_blocks=4),
    ]


def tiff() -> list[bytes]:
    """Every compression that Pillow writes, tags of color, and one bit."""
    grey = digit()
    packed = ("raw", "tiff_lzw", "packbits", "tiff_adobe_deflate", "jpeg")
    made = [_saved(grey, "TIFF", compression=name) for name in packed]
    made += [_saved(grey.convert("1"), "TIFF", compression=name) for name in ("group3", "group4")]
    made.append(_saved(_with_alpha(grey), "TIFF", compression="tiff_lzw"))
    made.append(_saved(_sixteen_bits(grey), "TIFF"))
    made.append(_saved(page(), "TIFF", compression="tiff_lzw", dpi=(200, 200)))
    return made


def tiff_pages() -> list[bytes]:
    """Documents of three pages."""
    pages: Sequence[Image.Image] = (page(), digit(), page().convert("1"))
    return [
        _saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression=name)
        for name in ("raw", "tiff_lzw", "group4")
        if name != "group4"
    ] + [
        _saved(pages[2], "TIFF", save_all=True, append_images=[pages[2]] * 2, compression="group4")
    ]


def gif() -> list[bytes]:
    """One image, a transparent one, and an animation."""
    grey = digit()
    return [
        _saved(grey, "GIF"),
        _saved(grey.quantize(4), "GIF", transparency=1),
        _saved(grey, "GIF", save_all=True, append_images=[grey.rotate(5), grey], loop=0),
        _saved(page(), "GIF", interlace=1, comment=b"page"),
    ]


def webp() -> list[bytes]:
    """Lossy, lossless, transparent, animated."""
    grey = digit()
    return [
        _saved(grey, "WEBP", quality=60),
        _saved(grey, "WEBP", lossless=True),
        _saved(_with_alpha(grey), "WEBP", exif=_exif(3)),
        _saved(grey.convert("RGB"), "WEBP", save_all=True, append_images=[grey.convert("RGB")]),
    ]


def bmp() -> list[bytes]:
    """Eight bits, one bit, color, transparent."""
    grey = digit()
    return [
        _saved(grey, "BMP"),
        _saved(grey.convert("1"), "BMP"),
        _saved(grey.convert("RGB"), "BMP"),
        _saved(_with_alpha(grey), "BMP"),
    ]


def pdf() -> list[bytes]:
    """One page, two pages, and one of text and lines that needs no image."""
    return [
        _saved(page(), "PDF", resolution=120),
        _saved(page().convert("1"), "PDF", resolution=120),
        _saved(digit(), "PDF", save_all=True, append_images=[page()], resolution=100),
        _drawn_pdf(),
    ]


def _drawn_pdf() -> bytes:
    drawing = b"4 w 40 40 m 90 40 l 60 120 l S 120 40 m 120 120 l S BT /F1 24 Tf 20 9 Td (17) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 160] /Contents 4 0 R /Rotate 0 "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return content + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(content))
    )
