"""Signing in, in the real browser: the link, the page that asks for the token, both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from digitus.web.access.access import Access

TOKEN = "correct-horse-battery"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="module")
def address(serve_with):
    """Address of a server that asks for the token."""
    return serve_with(Access(TOKEN))


@pytest.fixture
def stranger(browser):
    """An empty tab of a phone without a cookie; errors on its console are kept in ``problems``.

    The status 401 of the page itself is one of them.
    """
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.problems = []
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
    yield page
    context.close()


def test_the_link_opens_the_page_on_a_phone_and_is_gone_from_its_address(new_page, address):
    page = new_page(**PHONE)
    page.goto(f"{address}?token={TOKEN}")
    page.wait_for_selector("html[data-ready='true']")
    assert page.url.partition("#")[0] == address
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Strict", -1)
    assert page.evaluate("document.cookie") == ""
    page.reload()
    page.wait_for_selector("html[data-ready='true']")
    assert page.evaluate("fetch('/api/models').then((answer) => answer.status)") == 200


def test_the_form_opens_the_page_that_was_asked_for(stranger, address):
    answer = stranger.goto(f"{address}index.html")
    assert answer.status == 401
    field = stranger.get_by_label("Token")
    assert field.evaluate("(field) => field === document.activeElement")
    field.fill("wrong")
    stranger.keyboard.press("Enter")
    stranger.get_by_text("The token is wrong").wait_for()
    assert stranger.get_by_label("Token").get_attribute("aria-invalid") == "true"
    stranger.get_by_label("Token").fill(TOKEN)
    stranger.get_by_role("button", name="Open the page").tap()
    stranger.wait_for_selector("html[data-ready='true']")
    assert stranger.url.partition("#")[0] == f"{address}index.html"
    # The browser names this origin, which is not refused.
    post = "fetch('/api/models', { method: 'POST' }).then((answer) => answer.status)"
    assert stranger.evaluate(post) == 405
    statuses = [one.partition("status of ")[2][:3] for one in stranger.problems]
    assert statuses == ["401", "401", "405"]


@pytest.mark.parametrize("page_host", ["127.0.0.1", "localhost"])
def test_a_link_on_another_page_opens_the_page(stranger, address, static_address, page_host):
    target = address if page_host == "localhost" else address.replace("127.0.0.1", "localhost")
    elsewhere = static_address.replace("127.0.0.1", page_host)
    for link in (f"{target}?token={TOKEN}", target):  # the second with the cookie of the first
        stranger.goto(f"{elsewhere}/empty")
        stranger.evaluate(
            """(link) => {
                const anchor = document.createElement("a");
                anchor.href = link;
                document.body.append(anchor);
                anchor.click();
            }""",
            link,
        )
        stranger.wait_for_selector("html[data-ready='true']")
        assert stranger.url.partition("#")[0] == target


def test_a_form_on_another_page_sends_no_file(stranger, address, static_address):
    stranger.goto(f"{address}?token={TOKEN}")
    stranger.goto(f"{static_address.replace('127.0.0.1', 'localhost')}/empty")
    with stranger.expect_response(f"{address}api/read") as sent:
        stranger.evaluate(
            """(target) => {
                const form = document.createElement("form");
                form.action = target;
                form.method = "post";
                form.enctype = "multipart/form-data";
                document.body.append(form);
                form.submit();
            }""",
            f"{address}api/read",
        )
    assert sent.value.status == 403


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_for_the_token_is_for_everyone(browser, address, theme):
    context = browser.new_context(color_scheme=theme, **PHONE)
    page = context.new_page()
    for link in (address, f"{address}?token=wrong"):
        page.goto(link)
        found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
        assert [one["id"] for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(242, 244, 247)", "dark": "rgb(13, 17, 23)"}[theme]
    small = page.locator("input:visible, button").evaluate_all(
        "(all) => all.filter((one) => one.getBoundingClientRect().height < 40).length"
    )
    assert small == 0
    context.close()
