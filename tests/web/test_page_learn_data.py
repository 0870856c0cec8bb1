"""The room Learn: settings and links, own drawings, model files, and what goes wrong."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from digitus.cli.main import run
from digitus.data import DataSet, load
from digitus.data.normalization import Normalizer
from digitus.models.architecture import build, describe
from digitus.models.file import read_model, save_model
from digitus.models.model import Model

Page = Any
Open = Callable[..., Page]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def train_an_epoch(page: Page, images: int) -> None:
    """Train run A to the end of the epoch that ends after so many images."""
    page.get_by_role("button", name="Epoch").click()
    page.locator(f"#position > span[data-images='{images}']").first.wait_for()
    page.locator(".start[data-running=false]").wait_for()


def draw(page: Page, points: list[tuple[float, float]], clears: bool = True) -> None:
    """Draw a stroke into the small canvas; coordinates are shares of its side."""
    if clears:
        page.locator(".learn-sketch").get_by_role("button", name="Clear").click()
    canvas = page.locator(".learn .paper-canvas")
    box = canvas.bounding_box()
    x, y, side = box["x"], box["y"], box["width"]
    page.mouse.move(x + side * points[0][0], y + side * points[0][1])
    page.mouse.down()
    for across, down in points[1:]:
        page.mouse.move(x + side * across, y + side * down, steps=3)
    page.mouse.up()


def ink(canvas: Any) -> np.ndarray:
    """Return the pixels of a small image, 0 to 255."""
    values = canvas.evaluate(
        """(one) => {
            const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
            return [...data].filter((_, i) => i % 4 === 0);
        }"""
    )
    return np.array(values, dtype=float)


ONE = [(0.5, 0.2), (0.5, 0.8)]
SEVEN = [(0.3, 0.25), (0.7, 0.25), (0.45, 0.8)]


def add_drawings(page: Page) -> None:
    """Label a 1 and a 7."""
    for points, label in ((ONE, 1), (SEVEN, 7)):
        draw(page, points)
        page.get_by_role("button", name=f"Label the drawing {label}").click()


def test_own_drawings_are_trained_on_saved_and_read_by_python(
    open_learn: Open, tmp_path: Path
) -> None:
    page = open_learn("#learn?hidden=10&images=500", viewport={"width": 1280, "height": 900})
    add_drawings(page)
    assert page.locator(".own-list li").count() == 2
    assert "the next run trains on them" in page.locator(".learn-own").text_content()
    page.get_by_role("button", name="Train on them").click()
    page.locator("#position").get_by_text("epoch").wait_for()
    assert page.locator("#position > span[data-images='0']").count() == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as ZIP").click()
    archive = tmp_path / "drawings.zip"
    download.value.save_as(archive)
    found = load(archive)
    assert sorted(found.train.labels.tolist()) == [1, 7]
    assert found.train.pixels.max() > 200
    with ZipFile(archive) as opened:
        records = [json.loads(opened.read(n)) for n in opened.namelist() if n.endswith(".json")]
    assert [record["drawing"]["width"] for record in records] == [280, 280]

    page.get_by_role("button", name="Delete drawing 1").click()
    assert page.locator(".own-list li").count() == 1
    # Pupils' files, one of them broken, one given twice: what is new is counted, and a file named.
    broken = tmp_path / "broken.zip"
    broken.write_bytes(archive.read_bytes()[:100])
    again = tmp_path / "again.zip"
    again.write_bytes(archive.read_bytes())
    page.get_by_label("ZIP files of drawings").set_input_files([broken, archive, again])
    message = page.locator(".message")
    message.get_by_text("1 new, 3 already here.").wait_for()
    assert message.count() == 1
    assert "broken.zip" in message.text_content()
    assert sorted(page.locator(".own-list li").all_text_contents()) == ["1", "7"]


def test_each_labelled_drawing_is_kept_once_and_the_next_stroke_begins_anew(
    open_learn: Open,
) -> None:
    page = open_learn("#learn?hidden=10", viewport={"width": 1280, "height": 900})
    status = page.locator(".labelling [role=status]")
    draw(page, ONE)
    for label in (7, 1):  # the second one corrects the first
        page.get_by_role("button", name=f"Label the drawing {label}").click()
        assert status.text_content() == f"Kept as {label}: 1 drawing. Draw the next one."
    assert page.locator(".own-list li").text_content() == "1"
    for tab in ("Draw", "Learn"):
        page.get_by_role("tab", name=tab).click()
    draw(page, SEVEN, clears=False)
    assert status.text_content().startswith("Label it")
    page.get_by_role("button", name="Label the drawing 7").click()
    assert page.locator(".own-list li").all_text_contents() == ["1", "7"]
    seven = ink(page.locator(".own-list canvas").last)
    page.get_by_role("button", name="Undo the label").click()
    assert page.locator(".own-list li").all_text_contents() == ["1"]
    draw(page, SEVEN)  # cleared first: a 7 alone
    page.get_by_role("button", name="Label the drawing 7").click()
    alone = ink(page.locator(".own-list canvas").last)
    one = ink(page.locator(".own-list canvas").first)
    assert np.abs(seven - alone).mean() < 8 < 20 < np.abs(seven - one).mean()


def test_run_goes_on_with_own_drawings_from_its_weights(open_learn: Open) -> None:
    page = open_learn("#learn?hidden=10&images=500", viewport={"width": 1280, "height": 900})
    train_an_epoch(page, 500)
    before = page.locator(".weights-side p").text_content()
    add_drawings(page)
    page.locator("#speed").fill("0")
    page.get_by_role("button", name="Continue with them").click()
    page.locator("#position > span[data-images='1']").wait_for()
    assert page.locator(".weights-side p").text_content() == before


def test_the_saved_network_scores_in_python_what_the_page_showed(
    open_learn: Open, mnist: DataSet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open_learn("#learn?preset=s0&images=1000&hidden=20", n_test=1000)
    train_an_epoch(page, 1000)
    page.get_by_role("button", name="Test on").click()
    line = page.locator(".test-line")
    line.get_by_text("test images read correctly").wait_for()
    shown = float(re.search(r"([\d.]+) %", line.text_content())[1])
    with page.expect_download() as download:
        page.get_by_role("button", name="Save network").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "run-a-784-20-10.safetensors"
    model = read_model(path)
    assert model.name == "784-20-10 on 1,000 images"
    assert model.record["config"]["hidden"] == [20]
    answers = model.predict(mnist.test.pixels[:1000])
    accuracy = (answers == mnist.test.labels[:1000]).mean()
    assert shown == round(100 * accuracy, 2)
    data = tmp_path / "thousand.npz"
    rows = {"x_test": mnist.test.pixels[:1000], "y_test": mnist.test.labels[:1000]}
    np.savez(data, x_train=mnist.train.pixels[:20], y_train=mnist.train.labels[:20], **rows)
    capsys.readouterr()
    assert run(["evaluate", "--model", str(path), "--data", str(data), "--json"]) == 0
    evaluated = json.loads(capsys.readouterr().out)
    assert (evaluated["n"], f"{100 * evaluated['accuracy']:.2f}") == (1000, f"{shown:.2f}")

    # The file opens again: the same weights in a new run.
    weights = page.locator(".weights-side p").text_content()
    page.get_by_role("button", name="Restart").click()
    page.locator("#position > span[data-images='0']").wait_for()
    assert page.locator(".weights-side p").text_content() != weights
    page.locator(".learn").get_by_label("Model file").set_input_files(path)
    page.locator(".weights-side p").get_by_text(weights).wait_for()
    assert "784-20-10" in page.locator(".run-head").text_content()
    path.write_text("no model")
    page.locator(".learn").get_by_label("Model file").set_input_files(path)
    page.locator(".message").wait_for()
    assert page.locator(".weights-side p").text_content() == weights


DENSE = [
    {"kind": "dense", "width": 8},
    {"kind": "tanh"},
    {"kind": "dense", "width": 6},
    {"kind": "tanh"},
    {"kind": "dense", "width": 10},
]
SOFTMAX = {"kind": "softmax_cross_entropy", "label_smoothing": 0.0}
SIGMOID = {"kind": "sigmoid_binary_cross_entropy", "exclusive": True}


def architecture(
    layers: list[dict[str, Any]], loss: dict[str, Any] = SOFTMAX, dtype: str = "float32"
) -> dict[str, Any]:
    return {"inputs": 784, "layers": layers, "loss": loss, "dtype": dtype}


def test_only_networks_that_a_config_builds_are_trained_on(run_module: Callable[..., Any]) -> None:
    [first, bend, second, _, last] = DENSE
    relu, leaky = {"kind": "relu"}, {"kind": "leaky_relu", "slope": 0.3}
    dropout = {"kind": "dropout", "share": 0.4}
    trained = [
        architecture(DENSE),
        architecture(DENSE, SIGMOID, "float64"),
        architecture([last]),
        architecture([{"kind": "input_bias"}, *DENSE]),
        architecture([first, leaky, dropout, second, leaky, dropout, last]),
    ]
    others = [
        architecture([first, second, last]),  # no activation
        architecture([first, bend, second, last]),
        architecture([bend, first, second, bend, last]),
        architecture([first, bend, second, relu, last]),
        architecture([first, leaky, second, {**leaky, "slope": 0.2}, last]),
        architecture([first, bend, dropout, second, bend, last]),
        architecture([*DENSE, bend]),
        architecture([*DENSE[:-1], {"kind": "input_bias"}, last]),
        architecture(DENSE, {**SOFTMAX, "label_smoothing": 0.1}),
        architecture(DENSE, {**SIGMOID, "exclusive": False}),
        architecture([*DENSE[:-1], {"kind": "dense", "width": 11}]),
        architecture([{**first, "width": 513}, bend, last]),
        {**architecture(DENSE), "inputs": 783},
    ]
    found = run_module(
        """async ({ load }, descriptions) => {
            const { configOfModel } = await load("learn/setup/config_of_model.js");
            const { build, describe } = await load("models/architecture.js");
            const { Model } = await load("models/model.js");
            const { Normalizer } = await load("models/normalizer.js");
            const { DEFAULT_CONFIG, buildNetwork } = await load("training/config.js");
            const normalizer = new Normalizer("unit");
            return descriptions.map((one) => {
                const model = new Model({ name: "some", network: build(one), normalizer });
                try {
                    const network = buildNetwork(configOfModel(model, DEFAULT_CONFIG));
                    return { ...describe(network), dtype: one.dtype };
                } catch (error) {
                    return error.message;
                }
            });
        }""",
        trained + others,
    )
    assert found[: len(trained)] == trained
    assert len(found[len(trained) :]) == len(others)
    for sentence in found[len(trained) :]:
        assert sentence.startswith("some: the page trains networks of up to 4 hidden layers")


def test_an_opened_network_answers_as_its_file(
    open_learn: Open, mnist: DataSet, tmp_path: Path
) -> None:
    network = build(architecture(DENSE))
    network.parameters[...] = np.random.default_rng(3).normal(0, 0.2, network.parameters.size)
    model = Model("odd", network, Normalizer("zscore", mean=90.0, std=20.0))
    path = tmp_path / "odd.safetensors"
    save_model(model, path)
    page = open_learn("#learn?images=500", n_test=1000)
    page.locator(".learn").get_by_label("Model file").set_input_files(path)
    page.locator(".run-head").get_by_text("784-8-6-10").wait_for()

    def saved() -> Model:
        with page.expect_download() as download:
            page.get_by_role("button", name="Save network").click()
        download.value.save_as(path)
        return read_model(path)

    def assert_as_in_the_file() -> None:
        page.get_by_role("button", name="Test on").click()
        line = page.locator(".test-line")
        line.get_by_text("test images read correctly").wait_for()
        right = model.predict(mnist.test.pixels[:1000]) == mnist.test.labels[:1000]
        assert f"{100 * right.mean():.2f} %" in line.text_content()
        found = saved()
        assert found.normalizer == model.normalizer
        assert describe(found.network) == describe(network)
        assert np.array_equal(found.network.parameters, network.parameters)

    assert_as_in_the_file()
    train_an_epoch(page, 500)
    add_drawings(page)
    page.get_by_role("button", name="Continue with them").click()
    page.locator(".start[data-running=true]").wait_for()
    page.locator(".start").click()
    page.locator(".start[data-running=false]").wait_for()
    assert saved().normalizer == model.normalizer


def test_files_named_like_runs_stay_beside_the_runs(open_learn: Open, tmp_path: Path) -> None:
    paths = [tmp_path / "one.safetensors", tmp_path / "two.safetensors"]
    for path, name in zip(paths, ("run A", "run B"), strict=True):
        save_model(Model(name, build(architecture(DENSE)), Normalizer("unit")), path)
    page = open_learn("#draw", ready=False)
    for path in [*paths, paths[0]]:
        page.locator("#room-draw").get_by_label("Model file").set_input_files(path)
    names = ["run A (2)", "run B (2)", "run A (3)"]
    menu = page.get_by_role("combobox", name="Model")
    menu.locator("option").nth(2).wait_for(state="attached")
    assert menu.locator("option").all_text_contents() == names

    page.get_by_role("tab", name="Learn").click()
    page.locator(".start:enabled").wait_for()
    train_an_epoch(page, 1000)
    page.get_by_role("tab", name="Draw").click()
    assert menu.locator("option").all_text_contents() == [*names, "run A"]
    assert menu.input_value() == "run A (3)"
    assert "784-8-6-10" in page.locator(".model-note").text_content()


def test_settings_live_in_the_link_and_wrong_ones_do_not_start(open_learn: Open) -> None:
    page = open_learn("#learn?seed=123456", viewport={"width": 1280, "height": 900})
    assert page.get_by_label("Seed").input_value() == "123456"
    hidden = page.get_by_label("Hidden layers")
    hidden.focus()
    page.get_by_text("How many units each layer").wait_for()
    hidden.fill("12, 8")
    hidden.press("Tab")
    page.wait_for_function("location.hash === '#learn?hidden=12,8&seed=123456'")
    assert "784-12-8-10" in page.locator(".run-head").text_content()
    page.locator("#setting-rate").fill("fast")
    page.locator("#setting-rate").press("Tab")
    assert "expected a number above 0, up to 100" in page.locator("#problem-rate").text_content()
    assert page.locator("#setting-rate").get_attribute("aria-invalid") == "true"
    assert page.url.endswith("#learn?hidden=12,8&seed=123456")
    assert page.locator(".start").is_disabled()
    page.locator(".notice-line").get_by_text("correct Learning rate under Settings").wait_for()
    page.locator("#setting-rate").fill("0.1")
    page.locator("#setting-rate").press("Tab")
    page.locator(".start:enabled").wait_for()
    assert page.locator("#problem-rate").text_content() == ""

    train_an_epoch(page, 1000)
    page.get_by_label("Activation", exact=True).select_option("tanh")
    page.get_by_role("button", name="Compare as run B").click()
    page.wait_for_function("document.querySelectorAll('.run-head').length === 2")
    assert "b.activation=tanh" in page.url
    page.get_by_label("Preset").select_option("s0")
    page.wait_for_function("location.hash === '#learn?preset=s0'")
    page.get_by_role("link", name="Ten hidden units").click()
    page.locator(".watch:visible").wait_for()
    page.get_by_role("button", name="Leave the experiment").click()
    page.wait_for_function("location.hash === '#learn'")


def test_a_nonsense_link_gives_sentences_and_a_run(open_learn: Open) -> None:
    page = open_learn("#learn?hidden=many&rate=-1&color=red&experiment=none")
    messages = page.locator(".message").all_text_contents()
    assert any("color" in text for text in messages)
    assert any("rate" in text for text in messages)
    assert "784-30-10" in page.locator(".run-head").text_content()


def test_a_run_that_diverges_says_so_and_is_rewound(open_learn: Open) -> None:
    page = open_learn("#learn?hidden=64,64&activation=leaky_relu&rate=100")
    page.locator(".start").click()
    page.locator(".notice-line").get_by_text("The loss became infinite in step").wait_for()
    page.get_by_role("button", name="Rewind to before").click()
    page.locator(".notice-line").wait_for(state="hidden")
    assert page.locator(".message").count() == 0
    assert "as it was after" in page.locator(".learn-rewind output").text_content()


def test_own_drawings_work_without_mnist(new_page: Any, static_address: str) -> None:
    page = new_page(viewport={"width": 1280, "height": 900})
    resources = {"models": [], "mnist": {"problem": "MNIST is not here; go online once."}}
    page.route("**/resources.json", lambda route: route.fulfill(json=resources))
    page.goto(f"{static_address}/index.html#learn")
    page.locator(".notice-line").get_by_text("MNIST is not here; go online once.").wait_for()
    assert page.locator(".start").is_disabled()
    add_drawings(page)
    page.get_by_role("button", name="Train on them").click()
    page.locator(".message").get_by_text("Training needs at least 6").wait_for()
    for _ in range(2):
        add_drawings(page)
    page.get_by_role("button", name="Train on them").click()
    page.locator("#position").get_by_text("epoch").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_all_without_scrolling_sideways(open_learn: Open, theme: str) -> None:
    page = open_learn("#learn?experiment=ten-units", color_scheme=theme, **PHONE)
    page.locator("#speed").fill("0")
    page.get_by_role("button", name="Image", exact=True).click()
    page.locator("#position > span[data-images='1']").nth(1).wait_for()
    page.locator(".learn-settings > summary").click()
    for width in (390, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Run B").click()
    assert page.locator(".run-column:visible h2").first.text_content() == "Run B"
    small = page.evaluate(
        """[...document.querySelectorAll(".learn button, .learn select, .learn a, .learn summary")]
            .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 32)
            .map((one) => one.outerHTML)"""
    )
    assert small == []
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]] == []


def test_a_phone_shows_drawing_answer_and_start_at_once(open_learn: Open) -> None:
    page = open_learn("#learn?images=500", **PHONE)
    scroll = page.evaluate("scrollY")
    foot = page.locator(".learn-transport").bounding_box()["y"]
    for part in (".learn .paper-canvas", ".run-answer", ".label-buttons"):
        box = page.locator(part).bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] < foot
    draw(page, ONE)
    before = page.locator(".run-answer").text_content()
    page.locator(".start").tap()
    page.wait_for_function(
        "(text) => document.querySelector('.run-answer').textContent !== text", arg=before
    )
    assert page.evaluate("scrollY") == scroll
