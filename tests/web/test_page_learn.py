"""The room Learn: runs train, pause, rewind, branch, and stand side by side."""

import re
from collections.abc import Callable
from typing import Any

Page = Any
Open = Callable[..., Page]

EXPERIMENTS = ("rate", "zeros", "deep", "by-heart", "ten-units", "off-center")


def wait_for_images(page: Page, images: int, run: str = "A") -> None:
    """Wait until a run stands still after a number of images and everything is drawn."""
    page.wait_for_function(
        """([images, run]) => {
            const line = document.querySelectorAll("#position > span")["AB".indexOf(run)];
            const isRunning = document.querySelector(".start").dataset.running === "true";
            return !isRunning && line?.dataset.images === String(images)
                && line.dataset.whole === "true";
        }""",
        arg=[images, run],
    )


def train_beyond(page: Page, images: int) -> None:
    """Start, and pause once each run has seen so many images, or has ended."""
    press(page, " ")
    page.wait_for_function(
        """(images) => {
            const lines = [...document.querySelectorAll("#position > span")];
            if (!lines.every((line) => Number(line.dataset.images) >= images)) return false;
            const start = document.querySelector(".start");
            if (start.dataset.running === "true") start.click();
            return true;
        }""",
        arg=images,
    )
    page.locator(".start[data-running=false]").wait_for()
    page.wait_for_function("!document.querySelector('#position > span[data-whole=false]')")


def press(page: Page, key: str) -> None:
    """Press a key that belongs to no control."""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(key)


def draw_a_one(page: Page) -> None:
    """Draw a vertical line into the small canvas."""
    canvas = page.locator(".learn .paper-canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y, side = box["x"], box["y"], box["width"]
    page.mouse.move(x + side * 0.5, y + side * 0.2)
    page.mouse.down()
    page.mouse.move(x + side * 0.5, y + side * 0.8, steps=4)
    page.mouse.up()


def shown(page: Page) -> dict[str, Any]:
    """Return what the page shows of run A: curves, weights, confusion, mistakes, the answer."""
    return page.evaluate(
        """() => ({
            curves: [...document.querySelectorAll(".chart")].map((one) => one.ariaLabel),
            weights: document.querySelector(".weights-all").toDataURL(),
            confusion: document.querySelector(".confusion").textContent,
            mistakes: document.querySelector(".mistakes").textContent,
            answer: document.querySelector(".run-answer").textContent,
        })"""
    )


def rewind_to(page: Page, images: int) -> None:
    """Drag the slider back until the page says that it is as it was after so many images."""
    slider = page.locator("#rewind")
    for moment in range(int(slider.get_attribute("max")), -1, -1):
        slider.fill(str(moment))
        page.evaluate("new Promise(requestAnimationFrame)")
        page.locator(".learn-rewind[aria-busy=false]").wait_for()
        text = page.locator(".learn-rewind output").text_content()
        if images == int(re.sub(r"\D", "", text)):
            return
    raise AssertionError(f"no snapshot after {images} images")


def accuracy(page: Page, name: str) -> float:
    """Return the latest accuracy of a line such as "A validation" or "training"."""
    label = page.locator(".chart").first.get_attribute("aria-label")
    found = re.search(rf"{name} from .*? % to (?:> |< )?(\S+) %", label)
    assert found, label
    return float(found[1])


def test_step_epoch_start_and_pause_train_as_far_as_they_say(open_learn: Open) -> None:
    page = open_learn("#learn?images=960&seed=3")
    press(page, "s")
    wait_for_images(page, 32)
    page.get_by_role("button", name="Epoch").click()
    wait_for_images(page, 960)
    table = page.locator(".chart-table").first
    table.locator("summary").click()
    table.locator("tbody tr").first.wait_for()
    last = table.locator("tbody tr").last.locator("th, td").all_text_contents()
    assert last[0] == "1"
    assert last[1] == f"{accuracy(page, 'validation'):.1f} %"
    page.locator(".chart").first.press("ArrowLeft")
    assert f"epoch 1: validation {last[1]}" in page.locator(".chart-readout").first.text_content()
    page.locator("#speed").fill("0")
    assert page.locator(".speed-words").text_content() == "one image a second, number by number"
    press(page, " ")
    page.locator(".start[data-running=true]").wait_for()
    page.locator(".learn-walk").wait_for()
    assert "products" in page.locator(".learn-walk .formula").first.text_content()
    assert page.locator(".walk-digits tbody tr").count() == 10
    page.locator("#speed").fill("10")
    press(page, " ")
    page.locator(".start[data-running=false]").wait_for()
    assert accuracy(page, "validation") > 50
    press(page, "r")
    wait_for_images(page, 0)
    assert page.locator(".start").text_content() == "Start"


def test_rewind_brings_all_back_and_going_on_gives_the_same_again(open_learn: Open) -> None:
    page = open_learn("#learn?hidden=20&dropout=0.2&rate=0.05")
    draw_a_one(page)
    press(page, "e")
    wait_for_images(page, 1000)
    first = shown(page)
    press(page, "e")
    wait_for_images(page, 2000)
    second = shown(page)
    for name in ("curves", "weights", "confusion", "answer"):
        assert first[name] != second[name]
    rewind_to(page, 1000)
    page.wait_for_function(
        "(label) => document.querySelector('.chart').getAttribute('aria-label') === label",
        arg=first["curves"][0],
    )
    assert shown(page) == first
    assert page.locator(".chart .line.ahead").count() == 4  # what lies ahead stays visible
    rewind_to(page, 0)
    page.wait_for_function(
        "document.querySelector('.chart').ariaLabel.includes('training not known yet')"
    )
    assert page.locator(".chart-labels .train").first.text_content().strip().endswith("–")
    rewind_to(page, 1000)
    press(page, "e")
    wait_for_images(page, 2000)
    again = shown(page)
    # Points of the training curves lie where the page asked for them, which time decides.
    for of in (second, again):
        of["curves"] = [label.split("; training")[0] for label in of["curves"]]
    assert again == second


def test_a_branch_goes_on_from_the_same_weights_with_one_thing_changed(open_learn: Open) -> None:
    page = open_learn("#learn?hidden=20")
    press(page, "e")
    wait_for_images(page, 1000)
    press(page, "e")
    wait_for_images(page, 2000)
    rewind_to(page, 1000)
    page.get_by_role("button", name="Branch").click()
    page.get_by_label("Setting", exact=True).select_option("rate")
    assert page.locator("#branch-value").input_value() == "0.01"  # not that of run A
    page.locator("#branch-value").fill("much")
    page.get_by_role("button", name="Start run B").click()
    assert (
        "Learning rate: expected a number above 0"
        in page.locator(".branch-dialog .problem").text_content()
    )
    page.locator("#branch-value").fill("0.001")
    page.get_by_role("button", name="Start run B").click()
    wait_for_images(page, 1000, "B")
    page.wait_for_function("document.querySelectorAll('.chart .line.b').length >= 2")
    same = page.evaluate(
        "new Set([...document.querySelectorAll('.weights-all')].map((c) => c.toDataURL())).size"
    )
    assert page.locator(".run-head p").nth(2).text_content() == (
        "As A, from its weights after 1,000 images, but learning rate: 0.001"
    )
    assert same == 1  # B begins with the weights of A
    assert "b.rate=0.001" in page.url
    page.get_by_role("button", name="Copy link").click()
    page.locator(".link-dialog").get_by_text("begins it at the first weights").wait_for()
    assert (
        page.locator("#link-end").input_value()
        == "#learn?hidden=20&b.hidden=20&b.rate=0.001&b.seed=0"
    )
    page.locator(".link-dialog").get_by_role("button", name="Close").click()
    press(page, "e")
    wait_for_images(page, 2000, "A")
    wait_for_images(page, 2000, "B")
    assert accuracy(page, "A training") != accuracy(page, "B training")
    page.get_by_role("button", name="Close run B").click()
    assert page.locator(".run-column:visible").count() == 1


def test_the_answer_to_the_drawing_follows_the_training(open_learn: Open) -> None:
    page = open_learn("#learn?images=1000")
    draw_a_one(page)
    before = page.locator(".run-answer").first.text_content()
    for images in (1000, 2000, 3000):
        press(page, "e")
        wait_for_images(page, images)
    assert page.locator(".run-answer").first.text_content() != before
    assert page.locator(".answer-now").first.text_content() == "1"
    page.get_by_role("tab", name="Draw").click()  # the other rooms use the network in training
    assert page.get_by_role("combobox", name="Model").locator("option").all_text_contents() == [
        "run A"
    ]


def test_each_experiment_opens_from_its_link_and_shows_what_it_says(open_learn: Open) -> None:
    page = open_learn("#learn?experiment=rate", n_train=2400)
    seen = {}
    for experiment in EXPERIMENTS:
        page.evaluate("(id) => (location.hash = `#learn?experiment=${id}`)", experiment)
        page.locator(
            f".experiment[href$='#learn?experiment={experiment}'][aria-current=true]"
        ).wait_for()
        assert page.locator(".watch").text_content().startswith("Look at: ")
        assert not page.locator(".outcome > p").is_visible()
        page.wait_for_function("document.querySelectorAll('#position > span').length === 2")
        page.wait_for_function(f"location.hash === '#learn?experiment={experiment}'")
        if experiment == "by-heart":
            train_beyond(page, 20_000)
        else:
            for images in [2000, 4000, 6000] if experiment == "off-center" else [2000]:
                press(page, "e")
                for run in "AB":
                    wait_for_images(page, images, run)
        page.wait_for_function("document.querySelectorAll('.chart .line.b').length === 4")
        seen[experiment] = {
            "accuracy": {
                f"{run} {part}": accuracy(page, f"{run} {part}")
                for run in "AB"
                for part in ("training", "validation")
            },
            "words": page.locator(".learn-signals > p").all_text_contents(),
            "units": page.locator(".learn-weights > p").all_text_contents(),
            "different units of B": page.evaluate(
                """() => {
                    const one = document.querySelectorAll(".weights-one")[1];
                    const field = document.querySelectorAll(".learn-weights input")[1];
                    const images = ["2", "3", "9"].map((unit) => {
                        field.value = unit;
                        field.dispatchEvent(new Event("input"));
                        return one.toDataURL();
                    });
                    return new Set(images).size;
                }"""
            ),
        }
    of = {experiment: seen[experiment]["accuracy"] for experiment in EXPERIMENTS}
    assert of["rate"]["A validation"] > 60 > 40 > of["rate"]["B validation"]
    assert "dead" in seen["rate"]["words"][1]
    assert seen["zeros"]["different units of B"] == 1 < seen["rate"]["different units of B"]
    assert "vanishing gradient" in seen["deep"]["words"][0]
    assert "similar size" in seen["deep"]["words"][1]
    assert "copies of one unit" in seen["zeros"]["words"][1]
    assert "learns" not in seen["zeros"]["words"][1]
    assert of["by-heart"]["A training"] > 98 > 85 > of["by-heart"]["A validation"]
    assert [text.split(":")[0] for text in seen["ten-units"]["units"]] == ["10 units", "100 units"]
    assert of["off-center"]["B validation"] > of["off-center"]["A validation"] + 5


def test_a_finished_run_trains_for_as_many_epochs_more_and_stops_again(open_learn: Open) -> None:
    page = open_learn("#learn?images=480&epochs=2")
    start = page.locator(".start")
    status = page.locator(".learn-transport [role=status]")
    for epochs in (2, 4):
        press(page, " ")
        wait_for_images(page, 480 * epochs)
        assert start.text_content() == "2 more epochs"
        assert status.text_content() == f"Finished {epochs} epochs."
        assert f"finished {epochs} epochs" in page.locator("#position").text_content()
    press(page, "s")
    wait_for_images(page, 1952)
    assert "epoch 5 of 6" in page.locator("#position").text_content()
    assert start.text_content() == "Resume"
    assert status.text_content() == ""
    press(page, " ")
    wait_for_images(page, 2880)
    assert start.text_content() == "2 more epochs"


def test_an_experiment_keeps_its_outcome_and_runs_without_own_drawings(open_learn: Open) -> None:
    page = open_learn("#learn?experiment=zeros", n_train=1200)
    assert page.locator(".watch .problem").text_content() == (
        "This copy holds 1,000 images to train on; the experiment needs 5,000: "
        "export it with --images 10000."
    )
    outcome = page.locator(".outcome")
    assert "is-ready" not in outcome.get_attribute("class")
    draw_a_one(page)
    page.get_by_role("button", name="Label the drawing 1").click()
    press(page, "r")
    page.locator("#position > span").get_by_text("1,000 training images").nth(1).wait_for()
    assert "runs without them" in page.locator(".learn-own").text_content()
    press(page, "e")
    wait_for_images(page, 1000, "A")
    wait_for_images(page, 1000, "B")
    page.locator(".outcome.is-ready").wait_for()
    assert not page.locator(".outcome > p").is_visible()
    page.locator(".outcome summary").click()
    assert "they stay equal" in page.locator(".outcome > p").inner_text()
    page.get_by_role("link", name="Ten hidden units").click()
    page.wait_for_function("!document.querySelector('.outcome').open")


def test_memory_is_steady_over_fifty_epochs(open_learn: Open) -> None:
    page = open_learn("#learn?epochs=60&images=1000")
    devtools = page.context.new_cdp_session(page)

    def used() -> tuple[float, int]:
        devtools.send("HeapProfiler.collectGarbage")
        devtools.send("Performance.enable")
        found = {
            one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]
        }
        return found["JSHeapUsedSize"] / 2**20, found["Nodes"]

    for images in (1000, 2000, 3000):
        press(page, "e")
        wait_for_images(page, images)
    megabytes, nodes = used()
    press(page, " ")
    wait_for_images(page, 60_000)
    more_megabytes, more_nodes = used()
    assert more_megabytes - megabytes < 4
    assert more_nodes - nodes < 1000
