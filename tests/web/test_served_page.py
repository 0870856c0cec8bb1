"""The page as `digitus serve` serves it, in the real browser."""

import re
from collections.abc import Iterator
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


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Address of a server without MNIST."""
    listener = listen("127.0.0.1", 0)
    app = make_server(page_models(None), not_there)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield page_address(listener)
    server.should_exit = True
    thread.join()


def test_the_page_starts_under_the_content_policy_without_a_complaint(new_page, address):
    page = new_page()
    page.goto(address)
    page.wait_for_selector("html[data-ready='true']")
    assert page.title() == "Digitus"


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
