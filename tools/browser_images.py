"""Take the images of the page in the browser for the README, light and dark, at twice the scale.

It needs Chromium, MNIST and the extra `web`. The pages of the room Read are those in examples/.

python tools/browser_images.py
"""

import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import numpy as np
import uvicorn
from PIL import Image, ImageColor
from playwright.sync_api import Page, sync_playwright

from digitus.data import load
from digitus.palette import OVERLAY_ON_LIGHT_PAPER, PALETTES, Theme
from digitus.review.store import ReviewStore
from digitus.synthesis.pen.digit_strokes import draw_digit, place
from digitus.web.limits import Limits
from digitus.web.listening import listen, page_address
from digitus.web.page_models import page_models
from digitus.web.server import make_server
from digitus.web.work.services import Services
from digitus.web.work.upload_folder import upload_folder

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
PAGES = ROOT / "examples" / "pages"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
DRAWN: dict[Theme, tuple[int, int]] = {"light": (2, 8), "dark": (9, 36)}
FREEDOM = 1.1
COLORS = 255
LEARN, SEEN = "learn", re.compile("epoch ([4-9]|10) ")
READ, READ_MS, ODD_ONE = "read", 120_000, 3
IMAGES_THERE = """() => [...document.querySelectorAll(".read img")].every(
    (one) => !one.checkVisibility() || one.naturalWidth > 0)"""


@contextmanager
def served() -> Iterator[str]:
    """Serve the page on a free port; what it reads is kept until the end."""
    listener = listen("127.0.0.1", 0)
    models = page_models(None)
    with TemporaryDirectory() as folder, upload_folder(Path(folder)) as uploads:
        store = ReviewStore.open(None, Path(folder))
        services = Services(models, None, Limits(), uploads, store)
        services.start()
        app = make_server(models, lambda: load("mnist"), services)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield page_address(listener)
        server.should_exit = True
        server.force_exit = True  # pages that follow a batch keep their connection
        thread.join()
        services.close()


def draw(page: Page, canvas: str, digit: int, seed: int) -> None:
    """Draw a digit with the mouse."""
    box = page.locator(canvas).first.bounding_box()
    if box is None:
        sys.exit(f"{canvas}: not on the page")
    strokes = draw_digit(digit, np.random.default_rng(seed), freedom=FREEDOM)
    size = box["width"]
    for stroke in place(strokes, size=0.7 * size, left=0.15 * size, top=0.15 * size):
        x, y = stroke[0][:2]
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.down()
        for x, y, *_ in stroke[1:]:
            page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.up()


def save_small(page: Page, name: str) -> None:
    """Save the screen with 255 colors, a fifth of the size without a visible difference."""
    target = IMAGES / name
    page.screenshot(path=target)
    with Image.open(target) as image:
        small = image.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    small.save(target, optimize=True)


def save_photo(page: Page, name: str, theme: Theme) -> None:
    """Save the screen with a photo on it: the colors of the theme stay exact beside the photo's."""
    target = IMAGES / name
    page.screenshot(path=target)
    exact = sorted({*asdict(PALETTES[theme]).values(), *asdict(OVERLAY_ON_LIGHT_PAPER).values()})
    with Image.open(target) as image:
        screen = image.convert("RGB")
    photo = screen.quantize(COLORS - len(exact), method=Image.Quantize.FASTOCTREE)
    palette = Image.new("P", (1, 1))
    colors = (photo.getpalette() or [])[: 3 * (COLORS - len(exact))]
    palette.putpalette([*colors, *(one for color in exact for one in ImageColor.getrgb(color))])
    screen.quantize(palette=palette, dither=Image.Dither.NONE).save(target, optimize=True)


def take(browser: Any, address: str, theme: Theme) -> None:
    """Take the rooms in a theme."""

    def opened(room: str, viewport: dict[str, int]) -> Page:
        context = browser.new_context(
            viewport=viewport, color_scheme=theme, device_scale_factor=2, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{address}#{room}")
        page.locator("html[data-ready=true]").wait_for()
        return page

    digit, seed = DRAWN[theme]
    page = opened("draw", PHONE)
    draw(page, "#room-draw .paper-canvas", digit, seed)
    page.locator("#room-draw").get_by_text("% sure").first.wait_for()
    save_small(page, f"browser-draw-{theme}.png")

    page.set_viewport_size(DESK)
    page.get_by_role("tab", name="Inside").click()
    page.locator("#inside-model").select_option("mlp")
    page.locator("#room-inside").get_by_text("Its sum, written out").first.wait_for()
    save_small(page, f"browser-inside-{theme}.png")

    page = opened(LEARN, DESK)
    draw(page, ".learn .paper-canvas", *DRAWN[theme])
    page.locator(".start").click()
    page.locator("#position > span").filter(has_text=SEEN).first.wait_for()
    page.locator(".start").click()
    page.locator(".start[data-running=false]").wait_for()
    page.locator("#position > span[data-whole=false]").wait_for(state="detached")
    save_small(page, f"browser-learn-{theme}.png")

    take_read(opened(READ, DESK), theme)


def take_read(page: Page, theme: Theme) -> None:
    """Take a page with what was read, and the digits that were read alike."""
    read_pages(page)
    save_photo(page, f"browser-read-{theme}.png", theme)
    page.get_by_role("group", name="View").get_by_role("button", name="Groups").click()
    page.get_by_role("button", name=re.compile("digits read as 1")).click()
    page.get_by_role("heading", name="Digits read as 1").wait_for()
    page.locator(".group-item").nth(ODD_ONE).click()
    page.wait_for_function(IMAGES_THERE)
    save_photo(page, f"browser-groups-{theme}.png", theme)


def read_pages(page: Page) -> None:
    """Read the example pages in a new batch, and mark a number to be checked."""
    page.get_by_label("Page files").set_input_files([PAGES / "scores.jpg", PAGES / "grid.jpg"])
    page.locator(".page.is-read").nth(1).wait_for(timeout=READ_MS)
    page.get_by_role("button", name="Rename the batch").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("Score sheets of round 3")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Score sheets of round 3").wait_for()
    page.locator(".page-table .number").filter(has_text="204").first.click()
    page.get_by_role("button", name="Mark to check").click()
    page.locator(".number.is-doubtful").first.wait_for()
    page.get_by_role("button", name="Whole page").first.click()
    page.mouse.move(0, 0)
    page.wait_for_function(IMAGES_THERE)


def main() -> None:
    """Take all images."""
    program = shutil.which("chromium") or sys.exit("Chromium is needed: apt-get install chromium")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        for theme in PALETTES:
            take(browser, address, theme)
        browser.close()


if __name__ == "__main__":
    main()
