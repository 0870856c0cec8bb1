"""The inside room: what it paints, writes out, checks and steps through."""

import re
from pathlib import Path

import numpy as np
import pytest

import digitus.web
from digitus.data.normalization import Normalizer
from digitus.models import Model, load_model, save_model
from digitus.models.architecture import build, describe
from digitus.models.inside import look_inside
from digitus.nn.inspection import input_gradient
from digitus.nn.optimizers import SGD
from digitus.palette import PALETTES

STATIC = Path(digitus.web.__file__).parent / "static"
STYLES = ("tokens", "base", "controls", "draw", "inside")
N_IMAGES = 12
RATE = 0.05

PAINTED = """
async () => {
    const { paintPatch, paintSigned, paintGradientOver, columnsFor } =
        await import("/ui/patch_image.js");
    const canvas = document.createElement("canvas");
    document.body.append(canvas);
    window.pixels = () => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const hex = (i) => [0, 1, 2].map((j) => data[4 * i + j].toString(16).padStart(2, "0"));
        return Array.from({ length: data.length / 4 }, (_, i) =>
            data[4 * i + 3] ? "#" + hex(i).join("") : "none");
    };
    const found = {};
    paintPatch(canvas, [0, 1, 2], { rows: 1, cols: 3 });
    found.ink = pixels();
    paintSigned(canvas, [1, 2, 3, 4, 5, -5], { rows: 3, cols: 1, n: 2, columns: 1, limit: 5 });
    found.size = [canvas.width, canvas.height];
    found.map = pixels();
    paintSigned(canvas, [9, 9, 0, -9, 9, 9], { rows: 2, cols: 1, offset: 2, stride: 1 });
    found.part = pixels();
    const gradient = new Float32Array(784);
    gradient[1] = 0.5;
    gradient[2] = -0.25;
    paintGradientOver(canvas, new Float32Array(784), gradient, 0.25);
    found.over = pixels().slice(0, 3);
    found.columns = [1, 10, 16, 24, 100, 128].map((n) => columnsFor(n));
    paintSigned(canvas, [-1, 0, 1], { rows: 1, cols: 3 });
    return found;
}
"""


@pytest.fixture
def empty_page(new_page, static_address):
    """A page without content, in the colors of the page."""
    page = new_page()
    page.goto(f"{static_address}/empty")
    page.add_style_tag(path=STATIC / "styles" / "tokens.css")
    return page


def test_values_are_painted_in_the_palettes_colors_and_follow_the_theme(empty_page):
    light, dark = PALETTES["light"], PALETTES["dark"]
    found = empty_page.evaluate(PAINTED)
    assert found["ink"] == [light.card, light.ink, light.ink]
    assert found["size"] == [1, 7]  # two images of three pixels, and the gap
    assert found["map"][2:5] == [light.accent, "none", found["map"][4]]
    assert found["map"][6] == light.contrast
    assert found["part"] == [light.card, light.contrast]
    assert found["over"] == [light.card, light.accent, light.contrast]
    assert found["columns"] == [1, 10, 16, 12, 10, 16]
    empty_page.emulate_media(color_scheme="dark")
    painted = [dark.contrast, dark.card, dark.accent]
    empty_page.wait_for_function("(painted) => pixels().join() === painted.join()", arg=painted)


# -- The room by itself


def ring(height_px=9, width_px=6):
    """Return a patch (784,) with a zero, of soft edges."""
    row, col = np.mgrid[:28, :28]
    radius = np.hypot((row - 13.5) / height_px, (col - 13.5) / width_px)
    return np.clip(1 - 3.5 * np.abs(radius - 0.95), 0, 1).astype(np.float32).ravel()


def bar(col=13):
    """Return a patch (784,) with a one."""
    patch = np.zeros((28, 28), np.float32)
    patch[4:24, col : col + 2] = 1
    patch[4:24, col + 2] = 0.4
    return patch.ravel()


def sigmoid_model():
    """Return a model with a bias for each pixel, tanh, dropout, leaky ReLU and sigmoid outputs."""
    layers = [
        {"kind": "input_bias"},
        {"kind": "dense", "width": 12},
        {"kind": "tanh"},
        {"kind": "dropout", "share": 0.5},
        {"kind": "dense", "width": 7},
        {"kind": "leaky_relu", "slope": 0.1},
        {"kind": "dense", "width": 10},
    ]
    loss = {"kind": "sigmoid_binary_cross_entropy", "exclusive": True}
    network = build({"inputs": 784, "layers": layers, "loss": loss, "dtype": "float32"})
    random = np.random.default_rng(5)
    network.parameters[...] = random.normal(0, 0.1, network.parameters.size)
    return Model("S0", network, Normalizer("zscore", mean=33.0, std=78.0))


def mnist_part(offset):
    """Return the bytes of rings (zeros) and bars (ones) as a part of MNIST."""
    labels = np.arange(N_IMAGES, dtype=np.uint8) % 2
    labels[3] = 7  # a bar all the same
    patches = [bar(9 + i // 2 + offset) if i % 2 else ring(10 - i % 3) for i in range(N_IMAGES)]
    pixels = np.rint(255 * np.array(patches)).astype(np.uint8)
    return labels.tobytes() + pixels.tobytes()


@pytest.fixture(scope="module")
def models():
    """The shipped models, and one with sigmoid outputs, by name."""
    return {"mlp": load_model("mlp"), "cnn": load_model("cnn"), "S0": sigmoid_model()}


MOUNT = """
async () => {
    const { Session } = await import("/session.js");
    const { mountInside } = await import("/inside/inside.js");
    const { readModel } = await import("/models/safetensors.js");
    const { modelBytes, resourceList } = await import("/resources.js");
    const main = document.createElement("main");
    const messages = document.createElement("div");
    messages.id = "messages";
    document.body.append(main, messages);
    window.session = new Session();
    window.room = mountInside(session);
    main.append(room.panel);
    for (const entry of (await resourceList()).models) {
        const model = readModel(await modelBytes(entry), `${entry.name}.safetensors`);
        model.name = entry.name;
        session.addModel(model);
    }
    session.useModel("mlp");
    room.visible(true);
    const inside = await import("/inside/look_inside.js");
    window.look = (name, patch, answer) => {
        const model = session.models.get(name);
        const network = inside.openNetwork(model);
        return inside.lookInside(model, network, Float32Array.from(patch), answer);
    };
}
"""


@pytest.fixture(scope="module")
def room(browser, static_address, models, tmp_path_factory):
    """The room in a page of its own, opened once; no error on its console."""
    folder, problems = tmp_path_factory.mktemp("models"), []
    for name, model in models.items():
        save_model(model, folder / f"{name}.safetensors")
    parts = {"test": mnist_part(0), "train": mnist_part(1)}
    resources = {
        "models": [{"name": name, "url": f"served/{name}"} for name in models],
        "mnist": {part: {"n": N_IMAGES, "url": f"served/{part}"} for part in parts},
    }
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)

    def serve(route):
        name = route.request.url.rsplit("/", 1)[1]
        file = folder / f"{name}.safetensors"
        route.fulfill(body=parts[name] if name in parts else file.read_bytes())

    page.route("**/resources.json", lambda route: route.fulfill(json=resources))
    page.route("**/served/*", serve)
    page.goto(f"{static_address}/empty")
    for name in STYLES:
        page.add_style_tag(path=STATIC / "styles" / f"{name}.css")
    page.evaluate(MOUNT)
    yield page
    context.close()
    assert problems == []


def show(page, name, patch):
    """Show a patch as if it were the drawing, with a model; wait until all is computed."""
    page.evaluate(
        """async ([name, patch]) => {
            session.useModel(name);
            session.setDrawing(null, Float32Array.from(patch));
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
        }""",
        [name, patch.tolist()],
    )
    page.wait_for_function("document.querySelector('#inside-count').textContent !== ''")


def twin(model):
    """Return the model's network in float64."""
    network = build(describe(model.network), dtype=np.float64)
    network.parameters[...] = model.network.parameters
    return network


def normalized(model, patch):
    return model.normalizer.apply(255 * patch.astype(np.float64)[None], np.empty((1, 784)))


def number(text):
    return float(text.replace("\N{MINUS SIGN}", "-"))


SIGNS = {"\N{MINUS SIGN}": "-", "\N{MULTIPLICATION SIGN}": "*", "\N{SUPERSCRIPT TWO}": "**2"}
SIGNS |= {"\N{SQUARE ROOT}": "sqrt", "e^": "exp", "\N{EN DASH}": "-"}
FUNCTIONS = {"max": max, "tanh": np.tanh, "sqrt": np.sqrt, "exp": np.exp, "log": np.log}
PRODUCT = r"(max|tanh|sqrt|exp|-log (?=\d)|[-\d.e()*/+, ])*"


def arithmetic(written):
    """Return both sides of the last equation of a line; None where not all stands in it."""
    for sign, symbol in SIGNS.items():
        written = written.replace(sign, symbol)
    *_, left, right = ["", "", *written.split(" = ")]
    left = left.split(": ")[-1].split(" so ")[-1]
    if not re.search(r"\d", left) or not re.fullmatch(PRODUCT, left):
        return None
    left = re.sub(r"log (\S+)", r"log(\1)", left)
    return eval(left, {"__builtins__": {}}, FUNCTIONS), float(right)


# -- What is computed

UNITS = """
async ([name, patch, answer]) => {
    const { writtenSum } = await import("/inside/written_sum.js");
    const { contributions } = await import("/inside/contributions.js");
    const inside = look(name, patch, answer);
    const last = inside.stages.length - 1;
    return {
        gradient: Array.from(inside.gradient),
        gradients: Array.from(inside.valueGradients[0]),
        logit: inside.stages[last].sums[answer],
        bias: inside.stages[last].layer.bias[answer],
        contributions: inside.stages.slice(0, -1).map(
            (_, i) => Array.from(contributions(inside, i))),
        stages: inside.stages.map((stage) => [0, 3, stage.mostActive()].map((index) => {
            const unit = stage.unit(index);
            const { terms, rest, nZero, bias } = writtenSum(unit);
            return {
                index, total: unit.total, activation: unit.activation, place: unit.place,
                after: unit.chain.length ? unit.chain.at(-1).value : unit.total,
                written: terms.reduce((sum, { product }) => sum + product, 0) + rest.sum + bias,
                sizes: terms.map(({ product }) => Math.abs(product)),
                n: [terms.length, rest.n, nZero, unit.weights.length],
            };
        })),
    };
}
"""


@pytest.mark.parametrize("name", ["mlp", "cnn", "S0"])
def test_every_unit_adds_up_as_in_python(room, models, name):
    model, patch = models[name], ring()
    found = room.evaluate(UNITS, [name, patch.tolist(), 0])
    inside = look_inside(model, patch.reshape(28, 28), 0)
    assert len(found["stages"]) == len(inside.stages)
    for units, stage in zip(found["stages"], inside.stages, strict=True):
        for shown in units:
            unit = stage.unit(shown["index"])
            close = {"rel": 1e-4, "abs": 2e-5}  # Python computes in float32
            assert shown["total"] == pytest.approx(unit.total, **close)
            assert shown["activation"] == pytest.approx(unit.activation, **close)
            assert shown["after"] == shown["activation"]
            assert shown["written"] == pytest.approx(shown["total"], rel=1e-9, abs=1e-9)
            assert shown["place"] == (
                dict(zip(("row", "col"), unit.place, strict=True)) if unit.place else None
            )
            assert shown["sizes"] == sorted(shown["sizes"], reverse=True)
            *parts, whole = shown["n"]
            assert sum(parts) == whole == unit.weights.size
            assert parts[2] == np.count_nonzero(unit.inputs == 0)


@pytest.mark.parametrize("name", ["mlp", "cnn", "S0"])
def test_the_gradient_of_the_answer_is_pythons(room, models, name):
    model, patch = models[name], ring()
    found = room.evaluate(UNITS, [name, patch.tolist(), 3])
    expected = input_gradient(twin(model), normalized(model, patch), 3)[0]
    np.testing.assert_allclose(found["gradients"], expected, rtol=1e-5, atol=1e-9)
    by_ink = look_inside(model, patch.reshape(28, 28), 3).gradient.ravel()
    np.testing.assert_allclose(found["gradient"], by_ink, atol=1e-4 * np.abs(by_ink).max())


@pytest.mark.parametrize("name", ["mlp", "cnn", "S0"])
def test_the_last_hidden_layer_adds_up_to_the_score(room, name):
    found = room.evaluate(UNITS, [name, ring().tolist(), 0])
    total = sum(found["contributions"][-1]) + found["bias"]
    assert total == pytest.approx(found["logit"], rel=1e-9)


CHECKS = """
async ([name, patch, target]) => {
    const { checkGradient } = await import("/engine/gradient_check.js");
    const { backpropagate, parametersOf } = await import("/inside/backpropagation.js");
    const { oneHot } = await import("/inside/look_inside.js");
    const { largest } = await import("/inside/ranking.js");
    const inside = look(name, patch, 0);
    const { network, x } = inside;
    const before = network.parameters.slice();
    const { gradient } = backpropagate(network, x, target);
    const targets = oneHot(target, network.nOutputs);
    const wrong = () => gradient.map((value) => 1.001 * value);
    const found = inside.stages.flatMap((stage) => {
        const { weights, bias } = parametersOf(network, stage, stage.mostActive());
        const [at] = largest(weights.map((i) => gradient[i]), 1);
        return [weights[at], bias].map((parameter) => ({
            right: checkGradient(network, x, targets, [parameter]),
            wrong: checkGradient(network, x, targets, [parameter], wrong).verdict,
        }));
    });
    return { found, isUnchanged: network.parameters.every((value, i) => value === before[i]) };
}
"""


@pytest.mark.parametrize("name", ["mlp", "cnn", "S0"])
def test_the_check_finds_gradients_right_and_wrong_ones_wrong(room, name):
    checks = room.evaluate(CHECKS, [name, ring().tolist(), 7])
    assert checks["isUnchanged"]
    checked = [found for found in checks["found"] if abs(found["right"]["computed"][0]) > 1e-4]
    assert len(checked) >= len(checks["found"]) - 2
    for found in checked:
        assert found["right"]["relativeError"] < 1e-6
        assert found["right"]["verdict"] == "agree"
        assert found["wrong"] == "differ"


WALKS = """
async ([name, patch, target, rate]) => {
    const { Walk } = await import("/inside/walk/walk.js");
    const inside = look(name, patch, 0);
    const own = session.models.get(name).network.parameters.slice();
    const walk = new Walk(inside, inside.network, target, rate);
    const shown = session.models.get(name).network.parameters;
    return {
        losses: [walk.pass.loss, walk.passAfter.loss],
        outputs: Array.from(walk.passAfter.values.at(-1)),
        parameters: [0, 1000, -1].map((i) => walk.after.parameters.at(i)),
        phases: walk.steps.map((step) => step.phase),
        rows: walk.steps.map((step) => step.rows.length),
        written: walk.steps.map((step) => step.written),
        isUnchanged: shown.every((value, i) => value === own[i]) &&
            inside.network.parameters.every((value, i) => value === own[i]),
    };
}
"""


@pytest.mark.parametrize("name", ["mlp", "cnn", "S0"])
def test_the_walk_takes_the_step_that_sgd_takes(room, models, name):
    model, patch, target = models[name], ring(), 7
    found = room.evaluate(WALKS, [name, patch.tolist(), target, RATE])
    network = twin(model)
    x, targets = normalized(model, patch), np.eye(network.n_outputs)[[target]]
    optimizer = SGD()
    optimizer.bind(network)
    losses = [network.loss_and_gradient(x, targets)]
    optimizer.step(RATE)
    losses.append(network.loss_and_gradient(x, targets))
    assert found["losses"] == pytest.approx(losses, rel=1e-8)
    np.testing.assert_allclose(found["outputs"], network.probabilities(x)[0], rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(found["parameters"], network.parameters[[0, 1000, -1]], rtol=1e-9)
    order = re.sub(r"(.)\1*", r"\1", "".join(phase[0] for phase in found["phases"]))
    assert order == "flbu"
    assert min(found["rows"]) > 0
    assert found["isUnchanged"]
    sums = [line for line in map(arithmetic, found["written"]) if line]
    assert len(sums) > 0.5 * len(found["written"])
    for computed, shown in sums:
        assert computed == pytest.approx(shown, rel=2e-2, abs=6e-3)


TABLES = """
async ([name, patch, target]) => {
    const { Walk } = await import("/inside/walk/walk.js");
    const inside = look(name, patch, 0);
    const { steps } = new Walk(inside, inside.network, target, 0.1);
    return steps.map(({ phase, rows, note }) => ({ phase, rows, note }));
}
"""


def test_tables_stand_in_the_order_that_their_note_says(room):
    tables = room.evaluate(TABLES, ["cnn", ring().tolist(), 7])
    noted = [table for table in tables if table["note"].startswith("The 8 of")]
    assert {table["phase"] for table in noted} == {"forward", "backward"}
    by_value = []
    for table in noted:
        names = [row["name"] for row in table["rows"] if row["name"] != "bias"]
        assert len(names) == 8
        if table["note"].endswith("with the largest activation."):
            by_value.append((names, [row["after"] for row in table["rows"]]))
        elif "strongest gradient after" in table["note"]:
            sizes = [abs(row["before"]) for row in table["rows"]]
            assert sizes == sorted(sizes, reverse=True)
        else:
            sizes = [abs(row["after"]) for row in table["rows"] if row["name"] != "bias"]
            assert sizes == sorted(sizes, reverse=True)
    # The units of a layer stay the same from its sums to its activations, the last of its steps.
    for (names, values), (later, _) in zip(by_value, [*by_value[1:], ([], [])], strict=True):
        if names != later:
            assert values == sorted(values, reverse=True)


# -- What is shown

CHOOSE = """
([stage, unit]) => {
    const stages = document.querySelectorAll(".inside-stage");
    stages[stage].querySelectorAll("button")[unit].click();
}
"""
SUM = """
() => [...document.querySelectorAll("#inside-sum tbody tr")].map((row) => ({
    kind: row.className, name: row.cells[0].textContent, text: row.cells[1].textContent,
    value: Number(row.dataset.value), n: Number(row.dataset.n),
}))
"""


@pytest.mark.parametrize(
    ("name", "stage", "unit"), [("mlp", 0, 9), ("mlp", 1, 3), ("cnn", 1, 5), ("S0", 2, 4)]
)
def test_the_sum_is_written_out_in_numbers_that_add_up(room, models, name, stage, unit):
    patch = ring()
    show(room, name, patch)
    room.evaluate(CHOOSE, [stage, unit])
    rows = room.evaluate(SUM)
    total = next(row for row in rows if row["kind"] == "total")
    terms = [row for row in rows if row["kind"] == "term"]
    parts = [row for row in rows if row["kind"] in ("term", "rest", "zeros", "bias")]
    for row in terms:
        left, right = map(number, row["name"].split(" \N{MULTIPLICATION SIGN} "))
        assert left * right == pytest.approx(number(row["text"]), abs=2e-3 + 1e-3 * abs(left))
    shown = sum(number(row["text"]) for row in parts)
    assert shown == pytest.approx(number(total["text"]), abs=5e-4 * len(parts))
    assert sum(row["value"] for row in parts) == pytest.approx(total["value"], rel=1e-9)
    python = look_inside(models[name], patch.reshape(28, 28), 0).stages[stage].unit(unit)
    assert total["value"] == pytest.approx(python.total, rel=1e-4, abs=2e-5)
    line = room.inner_text("#inside-line")
    assert f"= {total['text']}" in line


def test_the_button_checks_the_gradient_on_the_spot(room):
    show(room, "mlp", ring())
    room.select_option("#inside-target", "7")
    room.evaluate(CHOOSE, [1, 3])
    room.wait_for_function(
        "document.querySelector('#inside-parameter').textContent.includes('unit')"
    )
    room.click("#inside-check")
    shown = room.locator(".inside-check dd")
    computed, measured, error = (float(shown.nth(i).get_attribute("data-value")) for i in range(3))
    assert abs(computed) > 1e-4
    assert abs(computed - measured) <= 1e-6 * abs(computed)
    assert error < 1e-6
    assert "They agree" in room.inner_text(".inside-verdict-line")
    room.select_option("#inside-target", "8")
    room.wait_for_function("document.querySelector('.inside-check').childElementCount === 0")


def test_next_and_back_walk_through_a_step_and_leave_the_model_alone(room):
    show(room, "S0", ring())
    room.select_option("#inside-target", "4")
    own = "Array.from(session.model.network.parameters.subarray(0, 2000)).join()"
    parameters = room.evaluate(own)
    step, count = ".inside-step", "#inside-count"
    texts = [room.inner_text(step)]
    total = int(re.search(r"of (\d+)", room.inner_text(count)).group(1))
    for _ in range(total - 1):
        room.click("#inside-next")
        texts.append(room.inner_text(step))
    assert len(set(texts)) == total
    assert room.is_disabled("#inside-next")
    before, after = (
        float(
            room.locator(".inside-moves tbody tr")
            .first.locator("td")
            .nth(i)
            .get_attribute("data-value")
        )
        for i in range(2)
    )
    assert after < before
    room.focus("#inside-back")
    for text in texts[-2::-1]:
        room.keyboard.press("ArrowLeft")
        assert room.inner_text(step) == text
    assert room.is_disabled("#inside-back")
    for _ in range(total - 1):
        room.evaluate("document.querySelector('#inside-next').click()")
    room.click("#inside-again")
    for _ in range(total - 1):
        room.evaluate("document.querySelector('#inside-next').click()")
    again = room.locator(".inside-moves tbody tr").first.locator("td")
    assert float(again.nth(0).get_attribute("data-value")) == pytest.approx(after, rel=1e-12)
    assert float(again.nth(1).get_attribute("data-value")) < after
    assert room.evaluate(own) == parameters


def test_a_rate_that_is_no_number_gets_a_sentence(room):
    show(room, "mlp", ring())
    room.fill("#inside-rate", "fast")
    room.keyboard.press("Enter")
    assert "above 0" in room.inner_text("#messages")
    assert room.input_value("#inside-rate") == "0.1"
    room.click("#messages button")


def test_images_of_mnist_are_shown_by_their_number(room):
    room.evaluate("session.useModel('mlp')")
    room.get_by_role("button", name="MNIST").click()
    room.wait_for_selector(".inside-truth.right")
    assert room.inner_text(".inside-truth") == "\N{CHECK MARK} Right: the true label is 0"
    room.fill("#inside-number", "3")
    room.wait_for_selector(".inside-truth.wrong")
    assert room.inner_text(".inside-truth") == "\N{BALLOT X} Wrong: the true label is 7"
    assert room.inner_text(".inside-verdict") == "The answer is 1"
    room.wait_for_function("document.querySelector('#inside-target').value === '7'")
    for text, problem in [
        ("12", "There is no test image 12; the numbers go from 0 to 11."),
        ("-1", "There is no test image -1; the numbers go from 0 to 11."),
        ("two", "Type the number of an image, a whole number from 0 to 11, not \u201ctwo\u201d."),
        ("1.5", "Type the number of an image, a whole number from 0 to 11, not \u201c1.5\u201d."),
        ("", "Type the number of an image, a whole number from 0 to 11."),
    ]:
        room.fill("#inside-number", text)
        assert room.inner_text("#inside-number-problem") == problem
        assert room.get_attribute("#inside-number", "aria-invalid") == "true"
        room.wait_for_selector(".inside-stage", state="hidden")
    room.fill("#inside-number", "11")
    room.wait_for_selector(".inside-stage >> nth=0")
    assert room.is_hidden("#inside-number-problem")
    room.press("#inside-number", "ArrowDown")
    assert room.input_value("#inside-number") == "10"
    room.get_by_role("button", name="Training").click()
    room.wait_for_function("document.querySelector('#inside-number').value === '0'")
    room.click("#inside-random")
    assert 0 <= int(room.input_value("#inside-number")) < N_IMAGES
    room.get_by_role("button", name="Drawing").click()


def test_without_images_a_sentence_says_what_to_do(new_page, static_address):
    page = new_page()
    problem = "MNIST is not there; run `digitus data fetch`, then reload."
    resources = {"models": [], "mnist": {"problem": problem}}
    page.route("**/resources.json", lambda route: route.fulfill(json=resources))
    page.goto(f"{static_address}/empty")
    page.evaluate(MOUNT.replace('session.useModel("mlp");', ""))
    page.get_by_role("button", name="MNIST").click()
    page.wait_for_selector("#inside-number-problem")
    page.wait_for_function("document.querySelector('#inside-number-problem').textContent")
    assert page.inner_text("#inside-number-problem") == problem


def test_a_network_in_training_is_followed(room):
    show(room, "S0", ring())
    room.evaluate(CHOOSE, [0, 2])
    before = room.evaluate(SUM)
    room.evaluate(
        """() => {
            const { model } = session;
            model.network.parameters.subarray(784, 2000).fill(0.01);
            session.modelChanged(model);
        }"""
    )
    room.wait_for_function(
        "(text) => document.querySelector('#inside-sum .total td').textContent !== text",
        arg=next(row["text"] for row in before if row["kind"] == "total"),
    )


def test_networks_that_cannot_be_shown_get_a_sentence(room):
    show(room, "mlp", ring())
    hint = ".inside-hint"
    assert room.is_hidden(hint)
    room.evaluate(
        """() => {
            const { model } = session;
            window.kept = model.network.parameters.slice();
            model.network.parameters.fill(NaN);
            session.modelChanged(model);
        }"""
    )
    room.wait_for_selector(hint)
    assert "diverged" in room.inner_text(hint)
    assert room.is_hidden(".inside-strip")
    room.evaluate("session.model.network.parameters.set(kept), session.modelChanged(session.model)")
    room.wait_for_selector(hint, state="hidden")
    refusal = room.evaluate(
        """async () => {
            const { openNetwork } = await import("/inside/look_inside.js");
            try { openNetwork({ name: "letters", network: { nInputs: 256 } }); }
            catch (error) { return error.message; }
        }"""
    )
    expected = "letters: only networks of 784 pixels can be shown, not of 256; choose another."
    assert refusal == expected


# -- For everyone


def test_arrow_keys_choose_units_and_names_say_what_they_are(room):
    show(room, "mlp", ring())
    cells = room.locator(".inside-stage").first.locator("button")
    cells.nth(17).click()
    assert room.inner_text("#inside-unit-title") == "Unit 17 of hidden layer 1"
    room.keyboard.press("ArrowRight")
    assert room.inner_text("#inside-unit-title") == "Unit 18 of hidden layer 1"
    room.keyboard.press("ArrowDown")
    columns = 10
    assert room.inner_text("#inside-unit-title") == f"Unit {18 + columns} of hidden layer 1"
    room.keyboard.press("End")
    room.keyboard.press("ArrowRight")
    assert room.inner_text("#inside-unit-title") == "Unit 127 of hidden layer 1"
    assert room.evaluate("document.activeElement.tabIndex") == 0
    label = cells.nth(127).get_attribute("aria-label")
    assert re.fullmatch(r"Hidden layer 1, unit 127, activation [\d.]+", label)
    pressed = room.locator(".inside-stage button[aria-pressed=true]")
    assert pressed.count() == 1
    off = room.locator(".inside-cell.off").first.get_attribute("aria-label")
    assert off.endswith("activation 0")


TOO_WIDE = """
() => [...document.querySelectorAll("main *")]
    .filter((part) => part.getBoundingClientRect().right > innerWidth)
    .map((part) => `${part.tagName} ${part.className} ${part.textContent.slice(0, 40)}`)
"""


BEYOND = """
() => {
    const found = new Set();
    const texts = document.createTreeWalker(
        document.querySelector(".inside"), NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const isBeyond = (text, box, px) => text.right > box.right - px + 1 ||
        text.left < box.left + px - 1;
    while (texts.nextNode()) {
        const { parentElement: part, textContent } = texts.currentNode;
        range.selectNodeContents(texts.currentNode);
        const text = range.getBoundingClientRect();
        if (!text.width || part.closest(".visually-hidden, select")) continue;
        const card = part.closest(".card, nav");
        const { paddingLeft, borderLeftWidth } = getComputedStyle(card);
        const inset = parseFloat(paddingLeft) + parseFloat(borderLeftWidth);
        const isInline = getComputedStyle(part).display === "inline";
        if (isBeyond(text, card.getBoundingClientRect(), inset) ||
            (!isInline && isBeyond(text, part.getBoundingClientRect(), 0)))
            found.add(`${part.tagName} ${part.className} ${textContent.slice(0, 40)}`);
    }
    return [...found];
}
"""
SCALED = """
(factor) => {
    session.model.network.parameters.forEach((value, i, all) => { all[i] = factor * value; });
    session.modelChanged(session.model);
}
"""
CARD_WIDTHS = [360, 390, 820, 1280, 1440, 1920]


@pytest.mark.parametrize(("name", "factor", "stage"), [("mlp", 8, 1), ("cnn", 1, 1), ("cnn", 3, 2)])
def test_no_text_crosses_its_card_or_its_neighbor_even_if_numbers_are_long(
    room, name, factor, stage
):
    show(room, name, ring())
    room.evaluate(SCALED, factor)
    room.evaluate(CHOOSE, [stage, 3])
    room.wait_for_function("document.querySelector('#inside-sum .total')")
    shown = room.inner_text(".inside-outputs")
    assert "> 99.9 %" in shown or "100.0 %" in shown
    try:
        for width in CARD_WIDTHS:
            room.set_viewport_size({"width": width, "height": 900})
            is_below = "document.querySelector('.inside-strip #inside-sum') !== null"
            room.wait_for_function(f"({is_below}) === {str(width < 780).lower()}")
            assert room.evaluate(BEYOND) == [], width
    finally:
        room.evaluate(SCALED, 1 / factor)
        room.set_viewport_size({"width": 1440, "height": 900})


TOO_SMALL = """
() => [...document.querySelectorAll("button, select, input")].filter((control) => {
    const { width, height } = control.getBoundingClientRect();
    return width && !control.closest("table") && Math.min(width, height) < 24;
}).length
"""
ORDER = """
() => [...document.querySelector(".inside-strip").children].map(
    (card) => card.querySelector("h2").textContent)
"""
SIZES = [(360, 780), (820, 1180), (1200, 900), (1440, 900)]


@pytest.mark.parametrize("name", ["mlp", "cnn"])
def test_all_fits_on_every_screen_and_on_a_phone_the_unit_stands_below_its_layer(room, name):
    show(room, name, ring())
    room.evaluate(CHOOSE, [1, 3])
    for width, height in SIZES:
        room.set_viewport_size({"width": width, "height": height})
        is_below = "document.querySelector('.inside-strip #inside-sum') !== null"
        room.wait_for_function(f"({is_below}) === {str(width < 780).lower()}")
        assert room.evaluate(TOO_WIDE) == []
        assert room.evaluate("document.documentElement.scrollWidth") == width
        assert room.evaluate(TOO_SMALL) == 0
        assert room.evaluate(ORDER)[2].startswith(("Unit 3", "Filter 3")) == (width < 780)


def test_on_a_phone_a_unit_stays_under_the_finger_that_chose_it(room):
    room.set_viewport_size({"width": 390, "height": 844})
    show(room, "mlp", ring())
    room.evaluate("document.documentElement.style.overflowAnchor = 'none'")  # as in Safari
    try:
        room.evaluate(CHOOSE, [0, 5])
        room.wait_for_selector(".inside-gradient canvas[aria-label$='of unit 5']")
        cell = room.locator(".inside-stage").nth(1).locator("button").nth(20)
        cell.scroll_into_view_if_needed()
        before = cell.bounding_box()
        cell.click()
        assert room.inner_text("#inside-unit-title") == "Unit 20 of hidden layer 2"
        assert cell.bounding_box()["y"] == pytest.approx(before["y"], abs=2)
    finally:
        room.evaluate("document.documentElement.style.overflowAnchor = ''")
        room.set_viewport_size({"width": 1440, "height": 900})


IN_SIGHT = """
(title) => {
    const card = document.activeElement;
    const { top } = card.getBoundingClientRect();
    return card.querySelector("h2").textContent.startsWith(title) && top >= 0 &&
        top < innerHeight - 40;
}
"""


def test_on_a_phone_buttons_lead_to_the_parts_and_long_parts_are_closed(
    room, new_page, static_address
):
    phone = {"width": 390, "height": 844}
    room.set_viewport_size(phone)
    show(room, "mlp", ring())
    for text, title in [
        ("Output", "Output"),
        ("Image", "Image"),
        ("Layers", "Hidden layer 1"),
        ("Step", "One step"),
        ("Unit", "Unit"),
    ]:
        room.get_by_role("button", name=text, exact=True).click()
        room.wait_for_function(IN_SIGHT, arg=title)
    room.set_viewport_size({"width": 1440, "height": 900})
    assert room.is_hidden(".inside-jumps")
    opened = "() => [...document.querySelectorAll('details')].map((part) => part.open)"
    assert room.evaluate(opened) == [True, True]
    page = new_page(viewport=phone)
    page.route("**/resources.json", lambda route: route.fulfill(json={"models": [], "mnist": {}}))
    page.goto(f"{static_address}/empty")
    page.evaluate(MOUNT.replace('session.useModel("mlp");', ""))
    assert page.evaluate(opened) == [False, False]
    assert page.evaluate(
        """async () => {
            const { WalkView } = await import("/inside/walk/walk_view.js");
            const view = new WalkView();
            document.body.append(view.element);
            view.element.querySelector("summary").click();
            return view.fold.open;
        }"""
    )


def test_the_small_canvas_draws_into_the_session(room):
    show(room, "mlp", ring())
    box = room.locator(".inside-drawing canvas").bounding_box()
    x, top, bottom = box["x"] + box["width"] / 2, box["y"] + 30, box["y"] + box["height"] - 30
    room.mouse.move(x, top)
    room.mouse.down()
    room.mouse.move(x, bottom, steps=8)
    room.mouse.up()
    room.wait_for_function(
        "document.querySelector('.inside-verdict').textContent === 'The answer is 1'"
    )
    assert room.evaluate("session.drawing.strokes.length") == 1
    room.get_by_role("button", name="Clear the canvas").click()
    room.wait_for_selector(".inside-hint")
    assert room.evaluate("session.patch") is None
