"""The room Draw in a real browser: mouse, finger, pen, keyboard, images, models, bad input."""

import base64
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file, save

import digitus.models
from digitus.synthesis.pen.digit_strokes import draw_digit, place

WEIGHTS = Path(digitus.models.__file__).parent / "weights"
EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("cnn", "mlp")
CANVAS_PX = 280
LINE = [[(140.0, 50.0), (140.0, 140.0), (140.0, 230.0)]]
POINTS = 10  # of a stroke: each is sent to the browser and takes a frame there
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 1280, "height": 800}}
RESOURCES = {
    "models": [{"name": name, "url": f"weights/{name}.safetensors"} for name in NAMES],
    "mnist": {"problem": "MNIST's images are not here."},
}

RESET = """() => {
    for (const button of document.querySelectorAll(".message button, .image-close")) {
        if (button.checkVisibility()) button.click();
    }
    document.querySelector(".draw button[aria-label=Clear]").click();
    document.activeElement.blur();
    const wanted = [["select", "cnn", "change"], ["[type=range]", 24, "input"]];
    for (const [selector, value, kind] of wanted) {
        const field = document.querySelector(`.draw ${selector}`);
        field.value = value;
        field.dispatchEvent(new Event(kind));
    }
}"""


@pytest.fixture(scope="module")
def open_page(browser: Any, static_address: str) -> Iterator[Callable[..., Any]]:
    """A function that opens the page, ready, with both models.

    Its arguments are those of Playwright's ``new_context``. For the same arguments the same page
    comes back, with an empty canvas and the first model; ``anew`` loads it again.
    """
    pages: dict[str, Any] = {}
    problems: list[str] = []

    def make(*, anew: bool = False, **options: Any) -> Any:
        key = json.dumps(options, sort_keys=True)
        is_new = key not in pages
        if is_new:
            page = browser.new_context(**options).new_page()
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
            page.route("**/resources.json", lambda route: route.fulfill(json=RESOURCES))
            page.route("**/weights/*", lambda route: route.fulfill(path=WEIGHTS / file_of(route)))
            pages[key] = page
        page = pages[key]
        page.set_viewport_size(options["viewport"])
        if is_new or anew:
            page.goto("about:blank")
            page.goto(f"{static_address}/index.html")
            page.wait_for_selector("html[data-ready]")
        else:
            page.evaluate(RESET)
        return page

    yield make
    for page in pages.values():
        page.context.close()
    assert problems == []


@pytest.fixture
def paper(new_page: Callable[..., Any], static_address: str) -> Any:
    """A page with nothing but a `DrawingCanvas`, as ``paper``, 560 pixels wide."""
    page = new_page(viewport={"width": 560, "height": 620}, has_touch=True, device_scale_factor=2)
    page.goto(f"{static_address}/empty")
    page.evaluate(
        """async () => {
            for (const name of ["tokens", "base", "controls", "draw"]) {
                const link = document.createElement("link");
                const loaded = new Promise((resolve) => link.addEventListener("load", resolve));
                Object.assign(link, { rel: "stylesheet", href: `/styles/${name}.css` });
                document.head.append(link);
                await loaded;
            }
            const { DrawingCanvas } = await import("/draw/canvas.js");
            window.paper = new DrawingCanvas();
            window.changes = 0;
            paper.addEventListener("change", () => window.changes++);
            document.body.append(paper.element);
        }"""
    )
    page.wait_for_function("paper.canvas.width === 1120")
    return page


def file_of(route: Any) -> str:
    """Return the last part of an address."""
    return str(route.request.url.rsplit("/", 1)[1])


def strokes_of(digit: int, seed: int = 3) -> list[list[tuple[float, float]]]:
    """Return a digit as strokes on the canvas, in canvas pixels."""
    strokes = draw_digit(digit, np.random.default_rng(seed), freedom=0.3)
    placed = place(strokes, size=190, left=45, top=45)
    return [
        [(float(x), float(y)) for x, y in np.asarray(stroke)[some(len(stroke))]]
        for stroke in placed
    ]


def some(n: int) -> Any:
    """Return the indices of at most POINTS of n points, the first and the last among them."""
    return np.unique(np.linspace(0, n - 1, POINTS).round().astype(int))


def on_screen(page: Any, strokes: list[list[tuple[float, float]]]) -> list[list[Any]]:
    """Return strokes in pixels of the page."""
    box = page.locator(".draw .paper-canvas").bounding_box()
    scale = box["width"] / CANVAS_PX
    return [[(box["x"] + x * scale, box["y"] + y * scale) for x, y in stroke] for stroke in strokes]


def draw_with_mouse(page: Any, strokes: list[list[tuple[float, float]]]) -> None:
    """Draw strokes with the mouse."""
    for stroke in on_screen(page, strokes):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        for spot in stroke[1:]:
            page.mouse.move(*spot)
        page.mouse.up()


def draw_with_finger(page: Any, strokes: list[list[tuple[float, float]]]) -> None:
    """Draw strokes with a finger."""
    cdp = page.context.new_cdp_session(page)
    for stroke in on_screen(page, strokes):
        for at, (x, y) in enumerate(stroke):
            kind = "touchMove" if at else "touchStart"
            touch(cdp, kind, (x, y))
        touch(cdp, "touchEnd")


def touch(cdp: Any, kind: str, *spots: tuple[float, float]) -> None:
    """Send a touch with fingers at some places."""
    points = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(spots)]
    cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def pen(cdp: Any, kind: str, spot: tuple[float, float], force: float) -> None:
    """Send an event of a pen with a pressure."""
    cdp.send(
        "Input.dispatchMouseEvent",
        {
            "type": kind,
            "x": spot[0],
            "y": spot[1],
            "button": "left",
            "buttons": 0 if kind == "mouseReleased" else 1,
            "clickCount": 1,
            "force": force,
            "pointerType": "pen",
        },
    )


def digit(page: Any) -> str:
    """Return the answered digit as shown."""
    return str(page.locator(".draw .answer-digit").inner_text())


def headline(page: Any) -> str:
    """Return the answer in words as shown."""
    return str(page.locator(".draw .answer-headline").inner_text()).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def patch_shown(page: Any) -> Any:
    """Return the patch as shown, (28, 28), 0 to 255."""
    pixels = page.evaluate(
        """() => {
            const patch = document.querySelector(".draw .patch");
            return [...patch.getContext("2d").getImageData(0, 0, 28, 28).data];
        }"""
    )
    return np.array(pixels).reshape(28, 28, 4)[:, :, 0]


def strokes_in(page: Any) -> list[list[list[float]]]:
    """Return the strokes of the single canvas."""
    return list(page.evaluate("paper.drawing.strokes"))


def drop(page: Any, name: str, data: bytes, kind: str = "") -> None:
    """Drop a file onto the page's header."""
    page.evaluate(
        """([name, text, type]) => {
            const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([bytes], name, { type }));
            for (const kind of ["dragover", "drop"]) {
                const options = { dataTransfer, bubbles: true, cancelable: true };
                document.querySelector("header").dispatchEvent(new DragEvent(kind, options));
            }
        }""",
        [name, base64.b64encode(data).decode(), kind],
    )


def sentence(page: Any) -> str:
    """Wait for a message, close it, and return its sentence."""
    message = page.locator(".message p")
    message.wait_for()
    text = str(message.inner_text())
    page.get_by_role("button", name="Close the message").click()
    message.wait_for(state="detached")
    return text


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that says its size, and nothing else."""
    buffer = io.BytesIO()
    Image.new("L", (1, 1)).save(buffer, "PNG")
    data = bytearray(buffer.getvalue())
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return bytes(data)


# -- the canvas


def test_mouse_draws_a_stroke_and_a_click_a_dot(paper: Any) -> None:
    paper.mouse.move(100, 100)
    paper.mouse.down()
    paper.mouse.move(300, 200, steps=4)
    paper.mouse.move(700, 300)  # beyond the paper, which has captured the pointer
    paper.mouse.up()
    paper.mouse.click(400, 400)
    first, dot = strokes_in(paper)
    assert first[0] == [50, 50]
    assert first[-1] == [350, 150]
    assert dot == [[200, 200]]


def test_right_button_draws_nothing(paper: Any) -> None:
    paper.mouse.click(100, 100, button="right")
    assert strokes_in(paper) == []


def test_second_finger_is_ignored(paper: Any) -> None:
    cdp = paper.context.new_cdp_session(paper)
    touch(cdp, "touchStart", (100, 100))
    touch(cdp, "touchStart", (100, 100), (400, 400))
    touch(cdp, "touchMove", (200, 200), (500, 500))
    touch(cdp, "touchEnd")
    (stroke,) = strokes_in(paper)
    assert max(max(point) for point in stroke) <= 100


def test_pressure_of_a_pen_is_a_share_of_the_width(paper: Any) -> None:
    cdp = paper.context.new_cdp_session(paper)
    pen(cdp, "mousePressed", (100, 100), 0.5)
    pen(cdp, "mouseMoved", (200, 100), 0.75)
    pen(cdp, "mouseReleased", (200, 100), 0)
    assert strokes_in(paper) == [[[50, 50, 1], [100, 50, 1.25]]]


def test_pen_takes_the_place_of_a_palm(paper: Any) -> None:
    cdp = paper.context.new_cdp_session(paper)
    touch(cdp, "touchStart", (500, 500))
    pen(cdp, "mousePressed", (100, 100), 0.5)
    touch(cdp, "touchMove", (520, 500))
    pen(cdp, "mouseReleased", (100, 100), 0)
    touch(cdp, "touchEnd")
    assert strokes_in(paper) == [[[50, 50, 1]]]


def test_paper_has_a_pixel_for_each_of_the_screen_and_ink_where_one_drew(paper: Any) -> None:
    paper.mouse.click(140, 140)
    ink = """([x, y]) => [...paper.canvas.getContext("2d").getImageData(x, y, 1, 1).data]"""
    assert paper.evaluate(ink, [280, 280]) == [27, 33, 41, 255]
    assert paper.evaluate(ink, [280, 280 + 47])[3] == 255  # the pen is 24 of 280 wide
    assert paper.evaluate(ink, [280, 280 + 50])[3] == 0
    paper.emulate_media(color_scheme="dark")
    paper.wait_for_function(f"({ink})([280, 280])[0] === 244")


def test_undo_redo_and_clear_by_keys(paper: Any) -> None:
    for x in (100, 200):
        paper.mouse.click(x, 100)
    counts = []
    keys = ("Control+z", "Control+z", "Control+z", "Control+y", "Control+Shift+z")
    for key in (*keys, "Delete", "Control+z", "Backspace"):
        paper.keyboard.press(key)
        counts.append(len(strokes_in(paper)))
    assert counts == [1, 0, 0, 1, 2, 0, 2, 0]


def test_new_stroke_ends_what_can_be_redone(paper: Any) -> None:
    paper.mouse.click(100, 100)
    paper.keyboard.press("Control+z")
    paper.mouse.click(200, 200)
    paper.keyboard.press("Control+y")
    assert strokes_in(paper) == [[[100, 100]]]


def test_arrow_keys_draw(paper: Any) -> None:
    paper.keyboard.press("Tab")
    paper.keyboard.press("ArrowUp")
    paper.keyboard.press("Space")
    for key in ("ArrowRight", "Shift+ArrowDown"):
        paper.keyboard.press(key)
    paper.keyboard.down("ArrowLeft")
    paper.keyboard.down("ArrowDown")  # both together
    paper.keyboard.up("ArrowLeft")
    paper.keyboard.up("ArrowDown")
    paper.keyboard.press("Space")
    paper.keyboard.press("ArrowRight")
    path = [[140, 130], [150, 130], [150, 132], [140, 132], [130, 142]]
    assert strokes_in(paper) == [path]
    said = paper.evaluate("paper.status.textContent")
    assert said == "Pen lifted, 140 across, 142 down of 280"


def test_another_drawing_is_scaled_to_the_paper_and_can_be_undone(paper: Any) -> None:
    paper.mouse.click(100, 100)
    before = paper.evaluate("changes")
    paper.evaluate("paper.load({width: 28, height: 28, penPx: 2, strokes: [[[1, 2], [3, 4, 1]]]})")
    assert strokes_in(paper) == [[[10, 20], [30, 40, 1]]]
    assert paper.evaluate("[paper.penPx, changes]") == [20, before]
    paper.keyboard.press("Control+z")
    assert strokes_in(paper) == [[[50, 50]]]


def test_drawing_is_announced_once_a_frame(paper: Any) -> None:
    counts = paper.evaluate(
        """async () => {
            const frame = () => new Promise(requestAnimationFrame);
            const counts = [];
            paper.begin([10, 10]);
            for (let i = 0; i < 3; i++) {
                for (let k = 1; k < 9; k++) paper.extend([10 + 8 * i + k, 10]);
                await frame();
                await frame();
                counts.push(changes);
            }
            await frame();
            return [...counts, changes];
        }"""
    )
    assert counts == [1, 2, 3, 3]


def test_slow_answers_never_queue_up_and_quick_ones_come_at_once(run_module: Any) -> None:
    result = run_module(
        """async ({ load }) => {
            const { LiveAnswer } = await load("draw/live_answer.js");
            const seen = [];
            let state = 0;
            let busyMs = 0;
            const live = new LiveAnswer(() => {
                const end = performance.now() + busyMs;
                while (performance.now() < end);
                seen.push(state);
            });
            for (state = 1; state <= 3; state++) live.request();
            const quick = seen.splice(0);
            busyMs = 40;
            live.now();
            seen.length = 0;
            for (state = 10; state < 20; state++) live.request();
            const atOnce = seen.length;
            await new Promise((resolve) => setTimeout(resolve));
            await new Promise((resolve) => setTimeout(resolve));
            return [quick, atOnce, seen];
        }"""
    )
    assert result == [[1, 2, 3], 0, [20]]


# -- answers


@pytest.mark.parametrize("hand", ["mouse", "touch"])
def test_all_ten_digits_are_read(open_page: Any, hand: str) -> None:
    page = open_page(**(WIDE if hand == "mouse" else PHONE))
    draw = draw_with_mouse if hand == "mouse" else draw_with_finger
    answers = []
    for number in range(10):
        draw(page, strokes_of(number))
        answers.append(digit(page))
        page.get_by_role("button", name="Clear").click()
        assert headline(page) == "Empty canvas"
    assert answers == [str(number) for number in range(10)]


def test_answer_comes_while_one_draws_and_says_runner_up_bars_and_patch(open_page: Any) -> None:
    page = open_page(**WIDE)
    assert headline(page) == "Empty canvas"
    ((*most, last),) = on_screen(page, strokes_of(3))
    page.mouse.move(*most[0])
    page.mouse.down()
    for spot in most[1:]:
        page.mouse.move(*spot)
    page.wait_for_function("document.querySelector('.draw .answer-digit').textContent === '3'")
    page.mouse.move(*last)
    page.mouse.up()
    assert headline(page).endswith("% sure")
    assert page.locator(".draw .answer-more").inner_text().startswith("Otherwise ")
    texts = page.locator(".draw .bar-text").all_inner_texts()
    shares = [float(text.strip("<> %\N{NO-BREAK SPACE}")) for text in texts]
    exact = [share for share, text in zip(shares, texts, strict=True) if "<" not in text]
    assert sum(exact) == pytest.approx(100, abs=0.11)
    assert page.locator(".draw li.chosen .bar-name").inner_text() == "3"
    rows = patch_shown(page).sum(axis=1)
    assert rows[:4].sum() == rows[24:].sum() == 0  # as in MNIST: 20 rows of ink in 28
    assert rows[4:24].min() > 0


def test_scribble_is_no_digit_for_cnn_and_mlp_says_what_it_cannot(open_page: Any) -> None:
    page = open_page(**WIDE)
    angle = np.linspace(0, 16 * np.pi, 60)
    scribble = [(140 + 90 * np.sin(1.7 * a), 140 + 90 * np.cos(2.3 * a)) for a in angle]
    draw_with_mouse(page, [scribble])
    assert headline(page) == "That does not look like a digit"
    assert digit(page) == "–"
    assert page.locator(".draw .answer-more").inner_text().startswith("If it is one, a")
    page.locator("#draw-model").select_option("mlp")
    assert headline(page).endswith("sure")
    assert "declines nothing but blanks" in page.locator(".draw .model-note").inner_text()


def test_keyboard_alone_draws_a_digit(open_page: Any) -> None:
    page = open_page(anew=True, **WIDE)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    for _ in range(18):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert digit(page) == "1"
    said = page.locator(".draw-answer [role=status]")
    page.wait_for_function(
        "document.querySelector('.draw-answer [role=status]').textContent.startsWith('1. ')"
    )
    assert "sure. Otherwise a" in said.inner_text()


def test_buttons_undo_redo_clear_and_keep_the_focus(open_page: Any) -> None:
    page = open_page(anew=True, **WIDE)
    undo, redo, clear = (
        page.get_by_role("button", name=name) for name in ("Undo", "Redo", "Clear")
    )

    def enabled() -> list[bool]:
        return [button.is_enabled() for button in (undo, redo, clear)]

    assert enabled() == [False, False, False]
    draw_with_mouse(page, LINE)
    assert enabled() == [True, False, True]
    undo.click()
    assert enabled() == [False, True, False]
    assert headline(page) == "Empty canvas"
    assert page.evaluate("document.activeElement.className") == "paper-canvas"
    redo.click()
    assert digit(page) == "1"
    clear.click()
    page.locator("body").press("Control+z")
    assert digit(page) == "1"


def test_wider_pen_changes_the_patch(open_page: Any) -> None:
    page = open_page(**WIDE)
    draw_with_mouse(page, strokes_of(1))
    before = patch_shown(page).sum()
    page.get_by_label("Width of the pen").fill("48")
    assert patch_shown(page).sum() != before


# -- images


def example(name: str) -> bytes:
    """Return the bytes of an example image."""
    return (EXAMPLES / name).read_bytes()


def test_dropped_image_is_read_and_drawing_takes_its_place(open_page: Any) -> None:
    page = open_page(**WIDE)
    draw_with_mouse(page, strokes_of(1))
    drop(page, "5-chalk.png", example("5-chalk.png"), "image/png")
    shown = page.get_by_role("img", name="Opened image: 5-chalk.png")
    shown.wait_for()
    assert digit(page) == "5"
    page.locator("body").press("Control+z")  # as any other step
    assert digit(page) == "1"
    assert not shown.is_visible()
    drop(page, "4-pencil.jpg", example("4-pencil.jpg"), "image/jpeg")
    page.wait_for_function("document.querySelector('.draw .answer-digit').textContent === '4'")
    draw_with_mouse(page, strokes_of(7))
    assert digit(page) == "7"
    assert not shown.is_visible()


def test_image_is_put_away_by_its_button_and_by_clear(open_page: Any) -> None:
    page = open_page(**WIDE)
    draw_with_mouse(page, strokes_of(1))
    for name, after in (("Back to the drawing", "1"), ("Clear", "–")):
        drop(page, "7-red.jpg", example("7-red.jpg"))
        page.wait_for_function("document.querySelector('.draw .answer-digit').textContent === '7'")
        page.get_by_role("button", name=name).click()
        assert digit(page) == after
        assert not page.locator(".draw .image-view").is_visible()


def test_pasted_image_is_read(open_page: Any) -> None:
    page = open_page(**WIDE)
    page.evaluate(
        """(text) => {
            const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
            const options = { clipboardData, bubbles: true, cancelable: true };
            document.body.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        base64.b64encode(example("9-dark-on-light.png")).decode(),
    )
    page.wait_for_function("document.querySelector('.draw .answer-digit').textContent === '9'")


def test_paste_without_an_image_says_so(open_page: Any) -> None:
    page = open_page(**WIDE)
    page.evaluate(
        """() => document.body.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: new DataTransfer(), bubbles: true }))"""
    )
    assert sentence(page) == "The clipboard holds no image; copy one, then paste again."


def test_image_file_and_photograph_are_read(open_page: Any) -> None:
    page = open_page(**PHONE)
    for button, name in (("Open an image", "2-blue-on-cream.png"), ("Photograph", "7-red.jpg")):
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name=button).click()
        chooser.value.set_files(EXAMPLES / name)
        page.get_by_role("img", name=f"Opened image: {name}").wait_for()
        assert digit(page) == name[0]
    assert page.get_by_label("Photograph", exact=True).get_attribute("capture") == "environment"


def test_blank_image_is_called_empty(open_page: Any) -> None:
    page = open_page(**WIDE)
    buffer = io.BytesIO()
    Image.new("L", (60, 60), 240).save(buffer, "PNG")
    drop(page, "paper.png", buffer.getvalue(), "image/png")
    page.get_by_role("img", name="Opened image: paper.png").wait_for()
    assert headline(page) == "Empty image"


def test_bad_files_get_one_sentence_and_change_nothing(open_page: Any) -> None:
    page = open_page(**WIDE)
    draw_with_mouse(page, strokes_of(6))
    arrays = load_file(WEIGHTS / "mlp.safetensors")
    first = next(iter(arrays))
    arrays[first] = np.full_like(arrays[first], np.nan)
    good = (WEIGHTS / "mlp.safetensors").read_bytes()
    length = 8 + int.from_bytes(good[:8], "little")
    metadata = json.loads(good[8:length])["__metadata__"]
    bad = {
        "notes.txt": (b"twelve\n", "text/plain"),
        "torn.png": (example("5-chalk.png")[:300], "image/png"),
        "huge.png": (png_header(10_000, 5_001), "image/png"),
        "empty.png": (b"", "image/png"),
        "torn.safetensors": (good[:5000], ""),
        "text.safetensors": (b"twelve\n", ""),
        "nan.safetensors": (save(arrays, metadata), ""),
    }
    for name, (data, kind) in bad.items():
        drop(page, name, data, kind)
        told = sentence(page)
        assert told.startswith(name), told
        assert len(told) < 250, told
        assert digit(page) == "6"
        assert page.locator("#draw-model").input_value() == "cnn"
    page.locator("body").press("Control+z")
    assert headline(page) == "Empty canvas"


# -- models


def test_opened_model_is_used_and_a_name_is_not_taken_twice(open_page: Any, tmp_path: Path) -> None:
    page = open_page(anew=True, **WIDE)
    draw_with_mouse(page, strokes_of(4))
    page.locator("#draw-model").select_option("mlp")
    assert digit(page) == "4"
    mine = tmp_path / "mlp.safetensors"
    mine.write_bytes((WEIGHTS / "mlp.safetensors").read_bytes())
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file").click()
    chooser.value.set_files(mine)
    menu = page.locator("#draw-model")
    page.wait_for_function("document.querySelector('#draw-model').value === 'mlp (2)'")
    assert menu.locator("option").all_inner_texts() == ["cnn", "mlp", "mlp (2)"]
    assert digit(page) == "4"


def test_model_in_training_answers_anew(run_module: Any) -> None:
    result = run_module(
        """async ({ load }, bytes) => {
            const { Session } = await load("session.js");
            const { mountDraw } = await load("draw/draw.js");
            const { readModel } = await load("models/safetensors.js");
            const session = new Session();
            const { panel, visible } = mountDraw(session);
            document.body.append(panel);
            visible(true);
            const data = await (await fetch(`data:;base64,${bytes}`)).arrayBuffer();
            session.addModel(readModel(data, "mine.safetensors"));
            session.useModel([...session.models.keys()][0]);
            session.setDrawing(null, new Float32Array(784).fill(0.5));
            const text = () => panel.querySelector(".bars").textContent;
            const before = text();
            session.model.network.parameters.fill(0);
            session.modelChanged(session.model);
            await new Promise((resolve) => setTimeout(resolve));
            return [before, text()];
        }""",
        base64.b64encode((WEIGHTS / "mlp.safetensors").read_bytes()).decode(),
    )
    before, after = result
    assert before != after
    assert after.count("10.0 %") == 10


def test_drawing_of_another_room_is_one_step_to_undo(run_module: Any) -> None:
    result = run_module(
        """async ({ load }) => {
            const { Session } = await load("session.js");
            const { mountDraw } = await load("draw/draw.js");
            const session = new Session();
            const { panel, visible } = mountDraw(session);
            document.body.append(panel);
            const drawing = { width: 28, height: 28, penPx: 2, strokes: [[[14, 4]]] };
            const heights = () => session.drawing?.strokes.map((stroke) => stroke.length) ?? [];
            for (let y = 5; y < 24; y++) {
                drawing.strokes = [[...drawing.strokes[0], [14, y]]];
                session.setDrawing(drawing, new Float32Array(784).fill(0.5));
            }
            visible(true);
            const taken = heights();
            panel.querySelector("[aria-label=Undo]").click();
            return [taken, heights(), panel.querySelector("[aria-label=Undo]").disabled];
        }"""
    )
    assert result == [[20], [], True]


def test_page_without_a_model_says_so_and_takes_one(
    new_page: Callable[..., Any], static_address: str
) -> None:
    page = new_page(**WIDE)
    page.route("**/resources.json", lambda route: route.fulfill(json={"models": [], "mnist": {}}))
    page.goto(f"{static_address}/index.html")
    page.wait_for_selector("html[data-ready]")
    assert headline(page) == "No network"
    draw_with_mouse(page, LINE)
    drop(page, "mine.safetensors", (WEIGHTS / "mlp.safetensors").read_bytes())
    page.wait_for_function("document.querySelector('.draw .answer-digit').textContent === '1'")


def test_image_dropped_in_another_room_opens_this_one(open_page: Any) -> None:
    page = open_page(anew=True, **WIDE)
    page.get_by_role("tab", name="Learn").click()
    drop(page, "5-chalk.png", example("5-chalk.png"), "image/png")
    page.get_by_role("img", name="Opened image: 5-chalk.png").wait_for()
    assert digit(page) == "5"
    assert page.get_by_role("tab", name="Draw").get_attribute("aria-selected") == "true"


# -- sizes, times, memory


@pytest.mark.parametrize("size", [(360, 640), (390, 844), (820, 1180), (844, 390), (1440, 900)])
def test_nothing_is_wider_than_the_screen(open_page: Any, size: tuple[int, int]) -> None:
    page = open_page(**PHONE)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    widest = page.evaluate(
        """Math.max(document.documentElement.scrollWidth,
            ...[...document.querySelectorAll("body *:not(.visually-hidden)")]
                .map((one) => one.getBoundingClientRect().right))"""
    )
    assert widest <= size[0]


def test_answer_and_bars_are_on_the_first_screen_of_a_phone(open_page: Any) -> None:
    page = open_page(**PHONE)
    boxes = {
        name: page.locator(f".draw .{name}").bounding_box()
        for name in ("paper", "answer-card", "bars-card")
    }
    assert boxes["paper"]["width"] == 390 - 2 * 16
    assert boxes["answer-card"]["y"] + boxes["answer-card"]["height"] < 664  # Safari with its bars
    assert boxes["bars-card"]["y"] + boxes["bars-card"]["height"] <= 844


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_there_when_the_pen_has_been_lifted(open_page: Any, name: str) -> None:
    page = open_page(**WIDE)
    page.locator("#draw-model").select_option(name)
    page.evaluate(
        """() => {
            window.answers = [];
            const digit = document.querySelector(".draw .answer-digit");
            addEventListener("pointerup", () => answers.push(digit.textContent));
        }"""
    )
    numbers = (2, 3, 6, 7, 8)
    for number in numbers:
        draw_with_mouse(page, strokes_of(number))
        assert page.evaluate("answers.at(-1)") == str(number)  # in the same event, not later
        page.locator("body").press("Delete")


def test_memory_is_steady_over_a_thousand_drawings(open_page: Any) -> None:
    page = open_page(**WIDE)
    page.locator("#draw-model").select_option("mlp")
    cdp = page.context.new_cdp_session(page)
    draw = """(n) => {
        const canvas = document.querySelector(".draw .paper-canvas");
        const press = (key) => {
            for (const kind of ["keydown", "keyup"]) {
                canvas.dispatchEvent(new KeyboardEvent(kind, { key, bubbles: true }));
            }
        };
        const arrows = ["ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"];
        for (let i = 0; i < n; i++) {
            press(" ");
            for (let k = 0; k < 4; k++) press(arrows[(i + k) % 4]);
            press(" ");
            press("Delete");
        }
    }"""

    def heap_after(n: int) -> float:
        page.evaluate(draw, n)
        cdp.send("HeapProfiler.collectGarbage")
        return float(cdp.send("Runtime.getHeapUsage")["usedSize"])

    before = heap_after(100)
    after = heap_after(1000)
    assert after - before < 0.5e6  # bytes, of three million
