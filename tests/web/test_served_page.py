"""The page as `digitus serve` serves it, in the real browser."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn

from digitus.data.samples import DataSet
from digitus.errors import DownloadError
from digitus.web.listening import listen, page_address
from digitus.web.page_models import page_models
from digitus.web.server import make_server

NO_MNIST = "MNIST is not on this machine and downloads are switched off; go online"


def not_there() -> DataSet:
    raise DownloadError(NO_MNIST)


@contextmanager
def served(load: Callable[[], DataSet]) -> Iterator[str]:
    """Run the server of `digitus serve` on a free port and yield its address."""
    listener = listen("127.0.0.1", 0)
    app = make_server(page_models(None), load)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield page_address(listener)
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Address of a server without MNIST."""
    with served(not_there) as found:
        yield found


def draw_a_one(page, canvas):
    """Draw a vertical line."""
    box = page.locator(canvas).bounding_box()
    x, y, side = box["x"], box["y"], box["width"]
    page.mouse.move(x + side / 2, y + side / 5)
    page.mouse.down()
    page.mouse.move(x + side / 2, y + side * 4 / 5, steps=3)
    page.mouse.up()


def test_drawing_looking_inside_and_training_obey_the_content_policy(new_page, mnist):
    page = new_page(viewport={"width": 1280, "height": 900})
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(
        """window.violations = [];
        document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
            window.violations.push(`${effectiveDirective} ${blockedURI}`));"""
    )
    with served(lambda: mnist) as address:
        answer = page.goto(address)
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        page.wait_for_selector("html[data-ready='true']")
        draw_a_one(page, ".draw .paper-canvas")
        page.locator(".draw .chosen").wait_for()
        page.get_by_role("tab", name="Inside").click()
        page.locator(".inside canvas:visible").first.wait_for()
        page.evaluate("location.hash = '#learn?images=1000&hidden=10'")
        page.locator(".start:enabled").wait_for()
        page.locator(".run-head").get_by_text("784-10-10").wait_for()
        page.get_by_role("button", name="Epoch").click()
        page.locator("#position > span[data-images='1000'][data-whole=true]").wait_for()
        assert "% sure" in page.locator(".run-answer").text_content()
        assert page.evaluate("window.violations") == []
    assert said == []


def test_an_inline_script_does_not_run(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}none")
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "document.title = 'run'";
                document.body.append(script);
            }"""
        )
    assert page.title() == "Digitus"
    context.close()


def test_the_page_is_told_why_there_are_no_images(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}none")
    told = page.evaluate(
        """() => import("/resources.js")
            .then(({ mnistImages }) => mnistImages("train"))
            .catch((error) => error.message)"""
    )
    assert told == NO_MNIST
    context.close()


def test_the_page_for_errors_is_styled_and_leads_back(browser, address):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}none")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert re.fullmatch(r"rgb\(242, 244, 247\)", background)
    page.get_by_role("link", name="Open the page").click()
    assert page.url == address
    context.close()
