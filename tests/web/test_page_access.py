"""The page for everyone: axe-core in every room and theme, the keyboard, contrast, motion."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

import digitus.models
from digitus.palette import CANVAS_COLORS, PALETTES

WEIGHTS = Path(digitus.models.__file__).parent / "weights"
ROOMS = ("Draw", "Inside", "Learn")
RESOURCES = {
    "models": [{"name": "mlp", "url": "weights/mlp.safetensors"}],
    "mnist": {"problem": "MNIST's images are not here."},
}
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def open_page(new_page: Callable[..., Any], static_address: str) -> Callable[..., Any]:
    """A function that opens the page with one model and waits until it is ready."""

    def make(**options: Any) -> Any:
        page = new_page(**options)
        page.route("**/resources.json", lambda route: route.fulfill(json=RESOURCES))
        page.route("**/weights/*", lambda route: route.fulfill(path=WEIGHTS / "mlp.safetensors"))
        page.goto(f"{static_address}/index.html")
        page.wait_for_selector("html[data-ready]")
        return page

    return make


def violations(page: Any, within: str | None = None) -> list[str]:
    """Return what axe-core finds on the page, or within an element: its rule, and where."""
    found = Axe().run(page, context=within, options=AXE_OPTIONS).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]


def draw_a_one(page: Any) -> None:
    """Draw a vertical line."""
    box = page.locator(".draw .paper-canvas").bounding_box()
    x, y, side = box["x"], box["y"], box["width"]
    page.mouse.move(x + side / 2, y + side / 5)
    page.mouse.down()
    page.mouse.move(x + side / 2, y + side * 4 / 5, steps=3)
    page.mouse.up()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_room(open_page: Callable[..., Any], theme: str) -> None:
    page = open_page(color_scheme=theme, reduced_motion="reduce", **PHONE)
    found = violations(page)  # with an empty canvas
    draw_a_one(page)
    page.evaluate("import('/ui/messages.js').then(({ say }) => say('One clear sentence.'))")
    page.locator(".message").wait_for()
    for room in ROOMS:
        page.get_by_role("tab", name=room).click()
        page.get_by_role("tabpanel").wait_for()
        found += [f"{room}: {one}" for one in violations(page)]
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_learn_with_two_runs(
    open_learn: Callable[..., Any], theme: str
) -> None:
    page = open_learn(
        "#learn?experiment=ten-units",
        color_scheme=theme,
        reduced_motion="reduce",
        viewport={"width": 1440, "height": 900},
    )
    page.get_by_role("button", name="Epoch").click()
    page.wait_for_function(
        "document.querySelectorAll('#position > span[data-images=\"1000\"]').length === 2"
    )
    page.locator(".start[data-running=false]").wait_for()
    tops = page.locator(".run-head p:first-of-type").evaluate_all(
        "(lines) => lines.map((line) => line.getBoundingClientRect().top)"
    )
    assert len(tops) == 2
    assert tops[0] == tops[1]  # the button that closes run B does not push its head down
    page.locator("#speed").fill("0")
    page.get_by_role("button", name="Image", exact=True).click()
    page.locator(".learn-walk:visible").nth(1).wait_for()
    found = {"two runs": violations(page)}
    page.locator(".run-column.of-b .confusion td.strong").first.click()
    page.get_by_role("dialog", name=re.compile("read as")).wait_for()
    found["images of a cell"] = violations(page, "dialog[open]")
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Branch").click()
    page.get_by_role("dialog").wait_for()
    found["branch dialog"] = violations(page, "dialog[open]")
    page.get_by_role("button", name="Cancel").click()
    regions = page.get_by_role("region").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    assert "Run A: confusion matrix" in regions
    assert "Run B: confusion matrix" in regions
    assert found == {part: [] for part in found}


def test_axe_is_at_work(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.locator(".draw-tools [type=range]").evaluate(
        "(slider) => slider.removeAttribute('aria-label')"
    )
    page.locator(".draw-tools [type=range]").evaluate("(slider) => slider.removeAttribute('title')")
    assert any(one.startswith("label: ") for one in violations(page))


def test_tab_key_goes_through_the_room_in_the_order_of_reading(
    open_page: Callable[..., Any],
) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    draw_a_one(page)
    page.get_by_role("tab", name="Inside").focus()
    page.keyboard.press("Home")
    names: list[str] = []
    while True:
        name = page.evaluate(
            """() => {
                const { activeElement: at } = document;
                if (at === document.body) return null;
                const style = getComputedStyle(at);
                const ring = at.matches(".paper-canvas")
                    ? getComputedStyle(at.parentElement, "::after").borderTopWidth
                    : style.outlineStyle === "none" ? "0px" : style.outlineWidth;
                if (parseFloat(ring) < 2) return `no visible focus: ${at.outerHTML}`;
                const label = at.labels?.[0]?.textContent;
                return at.getAttribute("aria-label") ?? label ?? at.textContent;
            }"""
        )
        if name is None or name in names:
            break
        names.append(name)
        page.keyboard.press("Tab")
    assert names == [
        "Draw",
        "Canvas",
        "Undo",
        "Clear",
        "Width of the pen",
        "Open an image",
        "Model",
        "Open a file…",
    ]


def test_arrow_keys_choose_the_room_and_the_link_names_it(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.get_by_role("tab", name="Draw").focus()
    for key, room in (("ArrowRight", "inside"), ("ArrowRight", "learn"), ("End", "learn")):
        page.keyboard.press(key)
        assert page.url.split("#")[1].split("?")[0] == room
    page.keyboard.press("Home")
    assert page.get_by_role("tab", name="Draw").get_attribute("aria-selected") == "true"
    assert page.get_by_role("tabpanel").get_attribute("id") == "room-draw"


def test_bars_do_not_move_where_motion_is_unwanted(open_page: Callable[..., Any]) -> None:
    page = open_page(reduced_motion="reduce")
    draw_a_one(page)
    moving = page.evaluate(
        "getComputedStyle(document.querySelector('.draw .chosen .bar')).transitionDuration"
    )
    assert moving == "0s"


def test_targets_are_large_enough_for_a_finger(open_page: Callable[..., Any]) -> None:
    page = open_page(**PHONE)
    small = page.evaluate(
        """[...document.querySelectorAll("header button, .draw :is(button, select, [type=range])")]
            .filter((one) => one.checkVisibility())
            .map((one) => [one.outerHTML, one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 40 || box.width < 40)
            .map(([text, box]) => `${box.width} x ${box.height}: ${text}`)"""
    )
    assert small == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colors_are_those_of_the_palette(open_page: Callable[..., Any], theme: str) -> None:
    page = open_page(color_scheme=theme)
    names = [name.replace("_", "-") for name in vars(PALETTES[theme])]
    shown = page.evaluate(
        """(names) => {
            const style = getComputedStyle(document.documentElement);
            return names.map((name) => style.getPropertyValue(`--${name}`).trim());
        }""",
        names,
    )
    assert shown == list(vars(PALETTES[theme]).values())
    paper = page.evaluate(
        """() => {
            const style = getComputedStyle(document.querySelector(".draw .paper"));
            return [style.backgroundColor, style.color];
        }"""
    )
    wanted = CANVAS_COLORS["white" if theme == "light" else "black"]
    assert paper == [
        f"rgb({', '.join(str(byte) for byte in bytes.fromhex(c[1:]))})" for c in wanted
    ]
