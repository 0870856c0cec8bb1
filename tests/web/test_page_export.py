"""The exported page runs from the disk without a network, and the folder from any host."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from digitus.data.samples import DataSet, Samples
from digitus.errors import WriteError
from digitus.web import page_export
from digitus.web.bundle import BundleError, in_order_of_imports
from digitus.web.page_export import (
    PAGE_ENTRY,
    PageContent,
    html_page,
    with_own_worker,
    without_server,
    write_folder,
    write_page,
)
from digitus.web.page_models import page_models
from digitus.web.static_files import read_text

LIMIT_BYTES = {"cnn and mlp": 2_000_000, "mlp": 1_000_000}
SLOW_MS = 30_000  # on a machine that does much besides
PHONE = {"viewport": {"width": 390, "height": 844}}

MAIN = """\
import { startWorker } from "./training/start_worker.js";
import { mnistImages, modelBytes, resourceList } from "./resources.js";
import { element } from "./ui/element.js";

/** Tell what came of models, images and worker. */
async function tell() {
    const { models } = await resourceList();
    const files = await Promise.all(models.map(modelBytes));
    const lengths = files.map((file) => file.byteLength);
    const parts = [mnistImages("train"), mnistImages("test")];
    const images = await Promise.all(parts).catch((error) => error.message);
    const worker = startWorker();
    worker.onmessage = ({ data }) => {
        const told = { lengths, images, fromWorker: data, end: "</script><!-- <script>" };
        document.body.append(element("pre", { id: "told" }, JSON.stringify(told)));
    };
    worker.postMessage([1, 2, 3]);
}

tell();
"""
WORKER = """\
import { total } from "./total.js";

onmessage = ({ data }) => postMessage(total(data));
"""
TOTAL = "export const total = (values) => values.reduce((a, b) => a + b, 0);\n"


def made_up(n: int, seed: int) -> Samples:
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 256, (n, 784)).astype(np.uint8)
    return Samples(pixels, random.integers(0, 10, n), "made up")


@pytest.fixture(scope="module")
def data() -> DataSet:
    return DataSet("made up", made_up(30, 1), made_up(10, 2))


@pytest.fixture
def small_page(monkeypatch):
    """The real resources and elements of the page, with a small page and worker around them."""
    files = {"main.js": MAIN, "training/worker.js": WORKER, "training/total.js": TOTAL}
    monkeypatch.setattr(page_export, "read_text", lambda path: files.get(path) or read_text(path))
    return files


@pytest.fixture
def told(new_page):
    """A function that opens a page from the disk, without a network, and returns what it tells."""

    def open_page(path: Path) -> dict:
        page, requests = new_page(offline=True), []
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        text = page.locator("#told").text_content()
        others = [url for url in requests if not url.startswith(("data:", "blob:"))]
        assert others == [path.as_uri()]
        return json.loads(text)

    return open_page


def arrays(samples: Samples, n: int) -> dict:
    def listed(values) -> dict:
        return {str(i): int(value) for i, value in enumerate(values)}

    return {"labels": listed(samples.labels[:n]), "pixels": listed(samples.pixels[:n].ravel())}


def test_models_images_and_worker_are_there_without_a_network(small_page, told, tmp_path, data):
    models = page_models(None)
    write_page(PageContent(models, data, 20), tmp_path / "page.html")
    assert told(tmp_path / "page.html") == {
        "lengths": [len(one.content) for one in models],
        "images": [arrays(data.train, 20), arrays(data.test, 2)],
        "fromWorker": 6,
        "end": "</script><!-- <script>",
    }


def test_a_page_without_images_says_how_to_pack_some(small_page, told, tmp_path):
    write_page(PageContent(page_models("mlp", alone=True)), tmp_path / "page.html")
    assert "export it with --images 10000" in told(tmp_path / "page.html")["images"]


def test_more_images_than_there_are_is_all_of_them(data):
    assert PageContent([], data, 60_000).counts() == {"train": 30, "test": 3}


def test_the_policy_allows_this_script_and_style_and_no_connection(small_page):
    page = html_page(PageContent(page_models("mlp", alone=True)))
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    sources = dict(part.split(" ", 1) for part in policy.split("; "))
    assert sources["default-src"] == sources["connect-src"] == "'none'"
    assert re.fullmatch(r"'sha256-\S+' 'sha256-\S+'", sources["script-src"])
    assert re.fullmatch(r"'sha256-\S+'", sources["style-src"])
    assert sources["worker-src"] == "blob:"


def test_a_changed_script_is_not_run(small_page, browser, tmp_path):
    page = html_page(PageContent(page_models("mlp", alone=True)))
    (tmp_path / "page.html").write_text(page.replace('"use strict";', '"use strict"; // changed'))
    context = browser.new_context(offline=True)
    opened = context.new_page()
    with opened.expect_console_message(lambda m: "Content Security Policy" in m.text):
        opened.goto((tmp_path / "page.html").as_uri())
    assert opened.locator("#told").count() == 0
    context.close()


def test_the_file_names_no_other_file(small_page):
    page = html_page(PageContent(page_models("mlp", alone=True)))
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"', page) == []


@pytest.mark.parametrize(
    "style", ['@import "other.css";', "a { background: url(a.png) }", "</style>"]
)
def test_a_style_that_names_other_files_is_refused(small_page, style):
    small_page["styles/base.css"] = style
    with pytest.raises(BundleError, match=r"styles/base\.css"):
        html_page(PageContent(page_models("mlp", alone=True)))


@pytest.mark.parametrize("line", ['<meta charset="utf-8">\n', "</body>\n"])
def test_a_page_of_another_form_is_refused(small_page, line):
    small_page["index.html"] = read_text("index.html").replace(line, "")
    with pytest.raises(BundleError, match=r"index\.html: expected"):
        html_page(PageContent(page_models("mlp", alone=True)))


def test_an_existing_file_stays_if_the_disk_is_full(small_page, tmp_path, full_disk):
    target = tmp_path / "page.html"
    target.write_text("before")
    with full_disk(), pytest.raises(WriteError):
        write_page(PageContent(page_models("mlp", alone=True)), target)
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert target.read_text() == "before"


def test_the_folder_holds_the_page_its_models_and_images(tmp_path, data):
    models = page_models(None)
    write_folder(PageContent(models, data, 20), tmp_path / "site")
    listed = json.loads((tmp_path / "site" / "resources.json").read_text())
    assert listed["mnist"]["train"] == {"n": 20, "url": "mnist/train.images"}
    contents = [(tmp_path / "site" / one["url"]).read_bytes() for one in listed["models"]]
    assert contents == [one.content for one in models]
    assert (tmp_path / "site" / "index.html").read_text() == read_text("index.html")


def test_the_images_of_the_folder_are_read_by_the_page(tmp_path, data, new_page, serve_folder):
    write_folder(PageContent(page_models("mlp", alone=True), data, 20), tmp_path / "site")
    page = new_page()
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto(f"{serve_folder(tmp_path / 'site')}/empty")
    found = page.evaluate(
        """async () => {
            const { mnistImages, resourceList } = await import("/resources.js");
            const { labels, pixels } = await mnistImages("train");
            return [(await resourceList()).models, [...labels], [...pixels]];
        }"""
    )
    assert found[0] == [{"name": "mlp", "url": "models/mlp.safetensors"}]
    assert found[1:] == [data.train.labels[:20].tolist(), data.train.pixels[:20].ravel().tolist()]


def test_an_earlier_folder_is_replaced_and_any_other_is_left_alone(tmp_path):
    content = PageContent(page_models("mlp", alone=True))
    write_folder(content, tmp_path / "site")
    write_folder(content, tmp_path / "site")
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("precious")
    for path in (other, tmp_path / "nope" / ".." / "other"):
        with pytest.raises(WriteError, match=r"other: expected a new or empty .*'thesis\.txt'"):
            write_folder(content, path)
    assert not (tmp_path / "nope").exists()
    assert [path.name for path in other.iterdir()] == ["thesis.txt"]


# The real page from here on.


@pytest.fixture(scope="module")
def exported(tmp_path_factory, mnist) -> dict[str, Path]:
    """The page with both models and with mlp alone, each with 500 images, as by default."""
    folder = tmp_path_factory.mktemp("page")
    contents = {"cnn and mlp": page_models(None), "mlp": page_models("mlp", alone=True)}
    for name, models in contents.items():
        write_page(PageContent(models, mnist, 500), folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in contents}


@pytest.mark.mnist
@pytest.mark.parametrize("models", LIMIT_BYTES)
def test_the_file_is_small_enough_to_be_sent_around(exported, models):
    assert exported[models].stat().st_size < LIMIT_BYTES[models]


@pytest.mark.mnist
def test_the_page_from_the_disk_reads_a_drawing_and_trains(exported, new_page):
    page, requests = new_page(offline=True, **PHONE), []
    page.on("request", lambda request: requests.append(request.url))
    address = exported["cnn and mlp"].as_uri()
    page.goto(address)
    page.wait_for_selector("html[data-ready='true']")

    box = page.locator("#room-draw canvas").first.bounding_box()
    x, top, height = box["x"] + box["width"] / 2, box["y"], box["height"]
    page.mouse.move(x, top + 0.15 * height)
    page.mouse.down()
    page.mouse.move(x, top + 0.85 * height, steps=12)
    page.mouse.up()
    expect(page.locator("#room-draw [role=status]")).to_have_text(re.compile("^1"), timeout=SLOW_MS)

    page.get_by_role("tab", name="Learn").click()
    page.locator("#room-learn").get_by_role("button", name="Start", exact=True).click()
    # 500 images are learned in no time: "Pause" may be gone before it is looked for.
    page.locator("#room-learn").get_by_text(
        re.compile(r"(epoch \d+ of \d+|finished \d+ epochs), [1-9]")
    ).wait_for()
    assert [url for url in requests if not url.startswith(("data:", "blob:", address))] == []


def test_room_that_needs_a_server_is_left_out_of_the_file():
    read = without_server(with_own_worker(read_text))
    modules = [one.path for one in in_order_of_imports((PAGE_ENTRY,), read)]
    assert [path for path in modules if path.startswith("read/")] == ["read/read.js"]
